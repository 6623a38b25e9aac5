// The admin listener's handler: a JSON API over the rooms, health and metrics.
//
// Shape    /livez /readyz /version /metrics without a token (they hold no personal data); /api/v1/… with
//          `Authorization: Bearer <token>`. The table of endpoints is routes.cpp; docs/openapi.yaml describes it.
// Errors   RFC 9457 problem bodies. 401 says how to send the token.
// Threads  handle() is safe from any thread; constant after construction. Owner  borrows everything in Api.
// Privacy  event views hold personal data; they are shown to holders of the token and never logged.
#pragma once

#include "access/desk.hpp"
#include "admin/replay_desk.hpp"
#include "config/config.hpp"
#include "http/server.hpp"
#include "model/clock.hpp"
#include "model/secret.hpp"
#include "plugin_host/connector.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "sweep/sweeper.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::admin {

// A connector as it stands after loading.
struct LoadedConnector {
    std::string name;
    std::vector<plugin_host::ConnectorInfo> infos;  // empty: not loaded
    std::string error;                              // why it is not loaded; empty: it is, or it is disabled
    bool enabled = true;
    // What the connector says to these settings of a connection; failed_precondition and invalid_argument are about
    // them. Absent: it is not loaded.
    std::function<model::Result<void>(std::string const& connection, boost::json::value settings)> judge = {};
};

// How a connection stands as a destination of deliveries.
struct Destination {
    std::string state = "closed";                      // of its breaker: "closed", "open", "half-open"
    std::optional<model::TimePoint> since = {};        // of the outage
    std::optional<model::TimePoint> next_probe = {};   // open
    std::optional<model::TimePoint> waits_until = {};  // as the vendor asked
};

struct Api {
    config::Config const& config;
    model::Secret token;  // empty: only a loopback listener of a demo has none
    std::string version;
    store::Store& store;
    store::Inbox& inbox;
    store::Outbox& outbox;
    store::State& state;
    store::History& history;
    telemetry::Metrics& metrics;
    telemetry::Logger& logger;
    model::Clock const& clock;
    std::vector<LoadedConnector> const& connectors;
    std::function<plugin_host::Connector*(std::string_view connection)> find_connector;
    std::map<std::string, std::string> const& connection_errors;  // connection → why it could not be started
    std::function<void()> wake;                                   // something may be due now
    std::function<bool()> draining;
    // Runs of routes that ask for their events; see schedule/scheduler.hpp.
    std::function<model::Result<store::Run>(std::string_view route, bool full)> request_run = {};
    std::function<std::optional<model::TimePoint>(std::string_view route)> next_run = {};
    // Absent in tests that need none.
    std::function<Destination(std::string_view connection)> destination = {};
    access::Desk* access = nullptr;
    ReplayDesk* replays = nullptr;
    // Attachments: the ids of all, and an end to some, which returns how many there were. Absent: none are kept.
    std::function<std::vector<std::string>()> files = {};
    std::function<model::Result<std::size_t>(std::vector<std::string> const&)> erase_files = {};
    sweep::Sweeper* sweeper = nullptr;
};

// One request with what its pattern captured: "/api/v1/events/{id}" gives "id".
struct Call {
    http::Request const& request;
    std::map<std::string, std::string> captured;

    // The captured number; nothing when it is none.
    [[nodiscard]] std::optional<std::int64_t> number(std::string const& name) const;
    // A member of the JSON body; empty when there is none of that type.
    [[nodiscard]] std::string body_text(std::string_view name) const;
    [[nodiscard]] bool body_flag(std::string_view name) const;
};

struct Endpoint {
    std::string_view method;
    std::string_view pattern;
    bool needs_token;
    http::Response (*handle)(Api&, Call const&);
};
// Every endpoint; one line each.
[[nodiscard]] std::vector<Endpoint> const& endpoints();

class Handler {
public:
    explicit Handler(Api api) : api_(std::move(api)) {}
    [[nodiscard]] http::Response handle(http::Request const& request);

private:
    [[nodiscard]] bool may_enter(http::Request const& request) const;
    Api api_;
};

// 200 with a JSON body.
[[nodiscard]] http::Response json_ok(std::string body);

}  // namespace crosswalk::admin
