// Webhooks at the vendors as desired state: what running routes want is what vendors are told to send.
//
// Shape    one thread, which looks at a connection at start, after a change of its access and every hour; a failure
//          is tried again after a minute, then two, up to an hour. ensure() does the same now.
// Errors   a vendor that refuses is a status that people see, never an end of the host.
// Threads  safe from any thread; one look at a connection at a time. start and stop from one thread.
// Owner    borrows everything it is made with. The last status is in the store and outlives a restart.
#pragma once

#include "model/clock.hpp"
#include "plugin_host/connector.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::access {

// One connection whose connector can make webhooks at its vendor.
struct Subscriber {
    plugin_host::Connector& connector;
    model::Secret url;  // where the vendor sends; secret where its last segment is a key
    // The webhook events that running routes take or wait for.
    std::function<std::vector<std::string>()> wanted_events;
    std::string by_hand = {};  // why the host leaves the vendor's webhooks alone, in words; empty: it makes them
};

// none: no running route wants any. by_hand: a person makes them. missing: the vendor no longer has ours.
enum class WebhookState : unsigned char { none, made, by_hand, missing, failed };
[[nodiscard]] std::string_view name(WebhookState state) noexcept;

struct WebhookStatus {
    WebhookState state = WebhookState::none;
    model::TimePoint at{};
    std::string reason = {};
    std::vector<std::string> events = {};
    std::vector<model::FieldProblem> warnings = {};  // what a person must still do
};

class Subscriptions {
public:
    Subscriptions(std::map<std::string, Subscriber> subscribers, store::State& state, model::Clock const& clock,
                  telemetry::Logger& logger);
    Subscriptions(Subscriptions const&) = delete;
    Subscriptions& operator=(Subscriptions const&) = delete;
    ~Subscriptions();

    void start();
    // Joins; a look that is under way ends first, or when its connector is cancelled.
    void stop() noexcept;

    // Looks at this connection, or at all, soon.
    void look_soon(std::string const& connection) noexcept;
    void look_soon() noexcept;
    // Makes the vendor's webhooks what routes want. unsupported: this connector makes none.
    [[nodiscard]] model::Result<WebhookStatus> ensure(std::string const& connection);
    // Removes what the host made at the vendor. Fine where there is nothing to remove.
    [[nodiscard]] model::Result<void> remove(std::string const& connection);
    // The last one; nothing before the first look.
    [[nodiscard]] std::optional<WebhookStatus> status(std::string const& connection);

    // Looks at what is due and returns when the next one is; what the thread does. For tests.
    model::TimePoint look();

private:
    struct Pace {
        model::TimePoint due{};
        int failures = 0;
    };
    // One look at a connection at a time, with no lock held meanwhile.
    class Turn;

    [[nodiscard]] WebhookStatus judge(Subscriber const& subscriber, std::string const& connection);
    void keep(std::string const& connection, WebhookStatus const& status);
    void run();

    // constant after construction
    std::map<std::string, Subscriber> const subscribers_;
    store::State& state_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::map<std::string, Pace> paces_;
    std::map<std::string, bool> busy_;
    bool woken_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace crosswalk::access
