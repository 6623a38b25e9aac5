// What people are told about a delivery: the note written back to the source, and the e-mail.
//
// Shape    pure apart from the connector's map hook: a settled delivery in, follow-up deliveries out. They commit with
//          the settlement, so that no outcome is ever without its note.
// Threads  safe from any thread; constant after construction. Owner  borrows routes and targets.
// Privacy  the texts go to people who may see the candidate; none of them is logged.
#pragma once

#include "model/outcome.hpp"
#include "model/record.hpp"
#include "model/route.hpp"
#include "plugin_host/connector.hpp"
#include "store/outbox.hpp"
#include "telemetry/log.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::deliver {

// Finds the connector of a connection; nullptr when it is not loaded.
using FindConnector = std::function<plugin_host::Connector*(std::string_view connection)>;
// Finds a route by name; nullptr when the configuration no longer has it.
using FindRoute = std::function<model::Route const*(std::string_view route)>;

// What the follow-ups must know of the delivery they speak of.
struct Subject {
    std::string route;
    std::string connection;  // the target
    std::string action;
    std::string subject;
    std::string idempotency_key;
    store::DeliveryId id = 0;  // 0 while it is not stored yet
};

class FollowUps {
public:
    // `workspace_emails` get a mail when the route names nobody; both empty: no mail.
    FollowUps(FindRoute routes, FindConnector connectors, std::vector<std::string> workspace_emails,
              telemetry::Logger& logger);

    // May compose() make anything of this? Asked first, because reading the event back costs more than a push.
    [[nodiscard]] bool wanted(Subject const& about, model::AttemptReport const& report) const;
    // Feedback and notices for a delivery that ended with `report`; `gave_up` when its attempts ran out.
    [[nodiscard]] std::vector<store::NewDelivery> compose(Subject const& about, model::Event const& event,
                                                          model::AttemptReport const& report) const;
    // The mail that tells of a failure; empty when nobody is to be told or nothing failed.
    [[nodiscard]] std::vector<store::NewDelivery> compose_notice(Subject const& about, std::string const& title,
                                                                 model::AttemptReport const& report) const;
    // The mail that tells of a paused connection; empty when nobody is to be told.
    [[nodiscard]] std::vector<store::NewDelivery> compose_pause(Subject const& about, std::string const& reason) const;
    // The mail that tells of a run that failed; empty when nobody is to be told.
    [[nodiscard]] std::vector<store::NewDelivery> compose_run_failure(Subject const& about,
                                                                      std::string const& reason) const;
    // The mail that tells of events that the source should have sent; empty when nobody is to be told.
    [[nodiscard]] std::vector<store::NewDelivery> compose_missing(Subject const& about, std::int64_t missing,
                                                                  std::vector<model::FieldProblem> const& why) const;

private:
    [[nodiscard]] std::vector<store::NewDelivery> notes(Subject const& about, model::Route const& route,
                                                        model::Event const& event,
                                                        model::AttemptReport const& report) const;
    [[nodiscard]] std::vector<std::string> const& recipients(model::Route const& route) const;

    FindRoute const routes_;
    FindConnector const connectors_;
    std::vector<std::string> const workspace_emails_;
    telemetry::Logger& logger_;
};

// The words of the note, as the source's users read them. `target` and `source` are product names.
[[nodiscard]] std::string note_text(model::Route const& route, std::string_view target,
                                    model::AttemptReport const& report);

// The connection name under which notices sit in the outbox.
inline constexpr std::string_view notice_connection = "@notify";

}  // namespace crosswalk::deliver
