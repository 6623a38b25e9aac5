#include "access/subscriptions.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace crosswalk::access {
namespace {

namespace json = boost::json;
using model::Error;
using model::ErrorCode;
using model::Result;

// No connection is called so: names begin with a letter or a digit.
constexpr char place[] = "@webhooks";
constexpr std::chrono::hours every{1};
constexpr std::chrono::minutes first_pause{1};
constexpr std::chrono::seconds time_max{20};
constexpr std::chrono::seconds wait_max{60};

constexpr std::array<std::string_view, 5> names{"none", "made", "by_hand", "missing", "failed"};

json::array texts(std::vector<std::string> const& from) {
    json::array out;
    for (std::string const& text : from) {
        out.emplace_back(text);
    }
    return out;
}

std::string written(WebhookStatus const& status) {
    json::array warnings;
    for (model::FieldProblem const& warning : status.warnings) {
        warnings.push_back(json::array{warning.field, warning.reason});
    }
    return json::serialize(json::object{{"state", static_cast<int>(status.state)},
                                        {"at_us", model::to_unix_us(status.at)},
                                        {"reason", status.reason},
                                        {"events", texts(status.events)},
                                        {"warnings", std::move(warnings)}});
}

std::optional<WebhookStatus> read(std::string const& text) {
    try {
        json::value const from = json::parse(text);
        auto const state = static_cast<std::size_t>(from.at("state").as_int64());
        WebhookStatus status{static_cast<WebhookState>(std::min(state, names.size() - 1)),
                             model::from_unix_us(from.at("at_us").as_int64()),
                             std::string(from.at("reason").as_string())};
        for (json::value const& event : from.at("events").as_array()) {
            status.events.emplace_back(event.as_string());
        }
        for (json::value const& warning : from.at("warnings").as_array()) {
            status.warnings.push_back({std::string(warning.at(0).as_string()), std::string(warning.at(1).as_string())});
        }
        return status;
    } catch (std::exception const&) {
        return std::nullopt;  // of another release: the next look writes it anew
    }
}

std::chrono::minutes pause_after(int failures) {
    std::chrono::minutes pause = first_pause;
    for (int i = 1; i < failures && pause < every; ++i) {
        pause *= 2;
    }
    return std::min(pause, std::chrono::minutes(every));
}

}  // namespace

std::string_view name(WebhookState state) noexcept {
    return names[static_cast<std::size_t>(state)];
}

class Subscriptions::Turn {
public:
    Turn(Subscriptions& owner, std::string const& connection) : owner_(owner), connection_(connection) {
        std::unique_lock lock(owner_.mutex_);
        owner_.changed_.wait(lock, [this] { return !owner_.busy_[connection_]; });
        owner_.busy_[connection_] = true;
    }
    Turn(Turn const&) = delete;
    Turn& operator=(Turn const&) = delete;
    ~Turn() {
        {
            std::lock_guard const lock(owner_.mutex_);
            owner_.busy_[connection_] = false;
        }
        owner_.changed_.notify_all();
    }

private:
    Subscriptions& owner_;
    std::string const connection_;
};

Subscriptions::Subscriptions(std::map<std::string, Subscriber> subscribers, store::State& state,
                             model::Clock const& clock, telemetry::Logger& logger)
    : subscribers_(std::move(subscribers)), state_(state), clock_(clock), logger_(logger) {
    for (auto const& [connection, subscriber] : subscribers_) {
        paces_[connection] = {};
    }
}

Subscriptions::~Subscriptions() {
    stop();
}

void Subscriptions::start() {
    if (!subscribers_.empty()) {
        thread_ = std::thread([this] { run(); });
    }
}

void Subscriptions::stop() noexcept {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Subscriptions::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        woken_ = false;
        lock.unlock();
        model::TimePoint const next = look();
        lock.lock();
        auto const pause =
            std::clamp<std::chrono::microseconds>(next - clock_.now(), std::chrono::milliseconds(100), wait_max);
        changed_.wait_for(lock, pause, [this] { return stopping_ || woken_; });
    }
}

void Subscriptions::look_soon(std::string const& connection) noexcept {
    {
        std::lock_guard const lock(mutex_);
        if (auto const found = paces_.find(connection); found != paces_.end()) {
            found->second = {};
        }
        woken_ = true;
    }
    changed_.notify_all();
}

void Subscriptions::look_soon() noexcept {
    {
        std::lock_guard const lock(mutex_);
        for (auto& [connection, pace] : paces_) {
            pace = {};
        }
        woken_ = true;
    }
    changed_.notify_all();
}

model::TimePoint Subscriptions::look() {
    std::vector<std::string> due;
    {
        std::lock_guard const lock(mutex_);
        for (auto const& [connection, pace] : paces_) {
            if (!stopping_ && pace.due <= clock_.now()) {
                due.push_back(connection);
            }
        }
    }
    for (std::string const& connection : due) {
        auto const state = state_.connection(connection);
        if (state && state->paused) {
            // Its access is refused, or it is removed: looked at again when that changes.
            std::lock_guard const lock(mutex_);
            paces_[connection].due = clock_.now() + every;
            continue;
        }
        (void)ensure(connection);  // its status says how it went
    }
    std::lock_guard const lock(mutex_);
    model::TimePoint next = clock_.now() + every;
    for (auto const& [connection, pace] : paces_) {
        next = std::min(next, pace.due);
    }
    return next;
}

Result<WebhookStatus> Subscriptions::ensure(std::string const& connection) {
    auto const found = subscribers_.find(connection);
    if (found == subscribers_.end()) {
        return Error{ErrorCode::unsupported, "The connector of \"" + connection +
                                                 "\" makes no webhooks at its vendor; make them there by hand."};
    }
    Turn const turn(*this, connection);
    WebhookStatus const status = judge(found->second, connection);
    keep(connection, status);
    std::lock_guard const lock(mutex_);
    Pace& pace = paces_[connection];
    bool const failed = status.state == WebhookState::failed || status.state == WebhookState::missing;
    pace.failures = failed ? pace.failures + 1 : 0;
    pace.due = clock_.now() + (failed ? std::chrono::microseconds(pause_after(pace.failures)) : every);
    return status;
}

WebhookStatus Subscriptions::judge(Subscriber const& subscriber, std::string const& connection) {
    WebhookStatus status;
    status.at = clock_.now();
    status.events = subscriber.wanted_events();
    if (!subscriber.by_hand.empty()) {
        status.state = WebhookState::by_hand;
        status.reason = subscriber.by_hand;
        return status;
    }
    Error why;
    if (status.events.empty()) {
        auto const before = this->status(connection);
        status.reason = "No running route takes a webhook of this connection.";
        if (!before || before->state == WebhookState::none) {
            return status;
        }
        auto const removed = subscriber.connector.unsubscribe(time_max);
        if (removed) {
            return status;
        }
        why = removed.error();
    } else {
        // Revealed because the vendor must know where to send.
        auto const made = subscriber.connector.subscribe(std::string(subscriber.url.reveal()), status.events, time_max);
        if (made) {
            status.state = WebhookState::made;
            status.warnings = made->warnings;
            return status;
        }
        why = made.error();
    }
    status.reason = why.detail;
    status.state = why.code == ErrorCode::unsupported ? WebhookState::by_hand
                   : why.code == ErrorCode::not_found ? WebhookState::missing
                                                      : WebhookState::failed;
    if (status.state != WebhookState::by_hand) {
        logger_.warn("The webhooks at a vendor are not what the routes want.",
                     {{"connection", connection}, {"error_code", model::name(why.code)}, {"detail", why.detail}});
    }
    return status;
}

Result<void> Subscriptions::remove(std::string const& connection) {
    auto const found = subscribers_.find(connection);
    if (found == subscribers_.end() || !found->second.by_hand.empty()) {
        return {};
    }
    Turn const turn(*this, connection);
    if (auto removed = found->second.connector.unsubscribe(time_max); !removed) {
        return removed.error().code == ErrorCode::unsupported ? Result<void>() : removed;
    }
    keep(connection, {WebhookState::none, clock_.now(), "The webhooks at the vendor are removed."});
    return {};
}

void Subscriptions::keep(std::string const& connection, WebhookStatus const& status) {
    if (auto const kept = state_.put(place, connection, written(status), std::nullopt); !kept) {
        logger_.warn("The status of a connection's webhooks was not stored.",
                     {{"connection", connection}, {"detail", kept.error().detail}});
    }
}

std::optional<WebhookStatus> Subscriptions::status(std::string const& connection) {
    auto const kept = state_.get(place, connection);
    return kept ? read(kept->value) : std::nullopt;
}

}  // namespace crosswalk::access
