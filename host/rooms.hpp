// All rooms of a running host, built and connected: what Host hides.
//
// Shape    host.cpp builds the inside (store, connections, pipeline, dispatcher, scheduler) and ends it in reverse;
//          doors.cpp what the outside reaches (listeners, access, gates, gauges) and what goes on by itself; sweeps.cpp
//          what looks for events that did not come.
// Threads  start and stop from one thread; the rest is called by the rooms' own threads.
#pragma once

#include "access/callback.hpp"
#include "accounts.hpp"
#include "caretaker.hpp"
#include "deliver/dispatcher.hpp"
#include "deliver/feedback.hpp"
#include "host.hpp"
#include "http/client.hpp"
#include "http/rate_limiter.hpp"
#include "http/server.hpp"
#include "ingest/webhooks.hpp"
#include "kept.hpp"
#include "map/mapper.hpp"
#include "notify/mailer.hpp"
#include "pipeline.hpp"
#include "platform/notify.hpp"
#include "platform/process.hpp"
#include "replay_desk.hpp"
#include "route/router.hpp"
#include "schedule/scheduler.hpp"
#include "spool/spool.hpp"
#include "store/dead_letters.hpp"
#include "store/arrivals.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "sweep/sweeper.hpp"
#include "telemetry/metrics.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk {

class Host::Rooms {
public:
    Rooms(config::Config config, Libraries libraries, model::SecretSource const& secrets, model::Clock const& clock,
          telemetry::Logger& logger);

    model::Result<void> start();
    void stop() noexcept;
    [[nodiscard]] std::uint16_t hooks_port() const noexcept { return hooks_ ? hooks_->port() : std::uint16_t{0}; }
    [[nodiscard]] std::uint16_t admin_port() const noexcept { return admin_ ? admin_->port() : std::uint16_t{0}; }

private:
    model::Result<void> open_store(model::Secret const& key);
    model::Result<void> open_spool(model::Secret const& key_text);
    void make_connections();
    model::Result<void> make_connection(config::Connection const& connection);
    model::Result<void> make_followers();
    model::Result<void> make_scheduler();
    void stop_runs() noexcept;
    [[nodiscard]] std::vector<model::Route> polled_routes() const;
    model::Result<void> make_listeners();
    model::Result<http::ServerOptions> listener(std::string name, config::Listen const& listen);
    model::Result<void> make_desk();
    [[nodiscard]] std::vector<std::string> wanted_webhooks(std::string const& connection) const;
    model::Result<void> make_sweeper();
    [[nodiscard]] model::Result<sweep::Source> sweep_source(config::Connection const& connection,
                                                            plugin_host::Connector& connector);
    [[nodiscard]] std::vector<std::string> delivery_keys(std::string const& connection,
                                                         model::Event const& listed) const;
    void tell_of_missing(std::string const& connection, std::int64_t missing,
                         std::vector<model::FieldProblem> const& why);
    void tell_of_pause(std::string const& connection, std::string const& reason);
    [[nodiscard]] ingest::Gate gate(std::string_view connection, std::string_view event_type);
    [[nodiscard]] plugin_host::Connector* find(std::string_view connection) const;
    void register_gauges();
    void make_caretaker();
    void forget();

    // constant after construction
    config::Config const config_;
    Libraries const libraries_;
    model::SecretSource const& secrets_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    route::Router const router_;
    std::map<std::string, map::Mapper> mappers_;
    std::atomic<bool> draining_{false};

    // made by start, in this order; destroyed in reverse
    telemetry::Metrics metrics_;
    http::Client client_;
    http::RateLimiters rates_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Inbox> inbox_;
    std::unique_ptr<store::Outbox> outbox_;
    std::unique_ptr<store::State> state_;
    std::unique_ptr<store::History> history_;
    std::unique_ptr<store::DeadLetters> dead_letters_;
    std::unique_ptr<store::Runs> runs_;
    std::unique_ptr<spool::Spool> spool_;
    std::unique_ptr<SpooledFiles> files_;
    std::unique_ptr<StoredLinks> links_;
    std::unique_ptr<Accounts> accounts_;
    std::map<std::string, std::unique_ptr<StoredKeyValues>> key_values_;
    std::map<std::string, std::unique_ptr<plugin_host::Connector>, std::less<>> connectors_;
    std::map<std::string, std::string> connection_errors_;
    std::unique_ptr<notify::Mailer> mailer_;
    std::unique_ptr<deliver::FollowUps> follow_ups_;
    std::unique_ptr<deliver::Dispatcher> dispatcher_;
    std::unique_ptr<Pipeline> pipeline_;
    std::unique_ptr<ReplayDesk> replay_desk_;
    std::unique_ptr<schedule::Scheduler> scheduler_;
    std::unique_ptr<store::Arrivals> arrivals_;
    std::unique_ptr<sweep::Sweeper> sweeper_;
    std::unique_ptr<ingest::Webhooks> webhooks_;
    std::unique_ptr<admin::Handler> api_;
    std::unique_ptr<http::Server> hooks_;
    std::unique_ptr<http::Server> admin_;
    std::unique_ptr<Caretaker> caretaker_;
};

}  // namespace crosswalk
