// The public listener's handler: verify a webhook, store it, only then acknowledge it.
//
// Shape    POST /hooks/{connection} and POST /hooks/{connection}/{key}.
//          200 stored, seen before, or of no use · 400 not parseable · 401 bad signature · 404 unknown address ·
//          405 not POST · 409 the route is stopped · 410 the connection is removed · 429 the inbox is full ·
//          503 the store or the connector is out.
// Threads  handle() is safe from any thread; constant after construction.
// Owner    everything referenced outlives the Webhooks.
// Privacy  answers never repeat what was sent.
#pragma once

#include "http/server.hpp"
#include "model/clock.hpp"
#include "model/secret.hpp"
#include "plugin_host/connector.hpp"
#include "store/inbox.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crosswalk::ingest {

// What the routes say to an event: taken (running or paused), stopped, or wanted by nobody.
enum class Gate : unsigned char { open, stopped, unwanted };

struct Source {
    std::string connection;
    plugin_host::Connector* connector = nullptr;  // absent: it could not be loaded
    model::Secret path_key = {};                  // not empty: the address has it as its last segment
};

struct WebhookOptions {
    std::size_t inbox_pending_max = 1'000'000;
    std::chrono::milliseconds verify_time_max{1000};
};

class Webhooks {
public:
    using AskGate = std::function<Gate(std::string_view connection, std::string_view event_type)>;
    using OnStored = std::function<void(std::string const& connection)>;

    Webhooks(std::vector<Source> sources, WebhookOptions options, AskGate gate, OnStored on_stored, store::Inbox& inbox,
             store::State& state, model::Clock const& clock, telemetry::Logger& logger, telemetry::Metrics& metrics);

    // A webhook that is stored is answered by the store's writer, after the commit; everything else at once.
    void handle(http::Request const& request, http::Answer const& answer);

private:
    struct Counters {
        telemetry::Counter& accepted;
        telemetry::Counter& duplicate;
        telemetry::Counter& ignored;
        telemetry::Counter& tested;
        telemetry::Counter& refused;      // 4xx
        telemetry::Counter& unavailable;  // 429 and 5xx
    };
    // Nothing: it is answered later.
    using Now = std::optional<http::Response>;
    [[nodiscard]] Now receive(Source const& source, http::Request const& request, http::Answer const& answer);
    [[nodiscard]] http::Response answer_test(Source const& source, std::string const& event_type);
    [[nodiscard]] Now take(Source const& source, http::Request const& request, plugin_host::WebhookVerdict verdict,
                           http::Answer const& answer);
    [[nodiscard]] http::Response report(Source const& source, model::Result<store::Verdict> const& stored);
    // Of the events that a webhook stands for, their names with blanks between, the first that a running route takes;
    // else one whose routes are stopped, else the first.
    struct Choice {
        std::string event_type;
        Gate gate = Gate::unwanted;
    };
    [[nodiscard]] Choice choose(std::string_view connection, std::string_view event_types) const;
    [[nodiscard]] http::Response refuse(int status, std::string_view detail);
    // Refused now; the sender may come again after so many seconds.
    [[nodiscard]] http::Response put_off(int status, std::string_view detail, char const* seconds);

    std::unordered_map<std::string, Source> sources_;
    WebhookOptions const options_;
    AskGate const gate_;
    OnStored const on_stored_;
    store::Inbox& inbox_;
    store::State& state_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    Counters counters_;
};

}  // namespace crosswalk::ingest
