#include "sandbox/webhook_sender.hpp"

#include <algorithm>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr char const* name(SendState state) noexcept {
    switch (state) {
        case SendState::received:
            return "received";
        case SendState::failed:
            return "failed";
        case SendState::pending:
            break;
    }
    return "pending";
}

milliseconds gap_after(int tries, RetryPolicy const& policy) noexcept {
    if (!policy.gaps.empty()) {
        return policy.gaps[std::min(static_cast<std::size_t>(tries), policy.gaps.size()) - 1];
    }
    milliseconds gap = policy.gap;
    for (int i = 1; i < tries && gap < policy.gap_max; ++i) {
        gap *= 2;
    }
    return std::min(gap, policy.gap_max);
}

}  // namespace

void WebhookSender::start() {
    {
        std::lock_guard const lock(mutex_);
        if (running_) {
            return;
        }
        running_ = true;
    }
    for (int i = 0; i < workers; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

void WebhookSender::stop() {
    {
        std::lock_guard const lock(mutex_);
        running_ = false;
        changed_.notify_all();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void WebhookSender::clear() {
    std::lock_guard const lock(mutex_);
    deliveries_.clear();
    order_.clear();
    due_.clear();
    tries_ = 0;
    changed_.notify_all();
}

std::string WebhookSender::open(Outgoing outgoing, RetryPolicy const& policy) {
    std::string id = ids_.uuid();
    std::lock_guard const lock(mutex_);
    deliveries_.emplace(id, Delivery{.outgoing = std::move(outgoing), .policy = policy});
    order_.push_back(id);
    if (order_.size() > deliveries_max) {
        deliveries_.erase(order_.front());
        order_.pop_front();
    }
    return id;
}

void WebhookSender::schedule(std::string const& id) {
    std::lock_guard const lock(mutex_);
    due_.emplace(std::chrono::steady_clock::now(), id);
    changed_.notify_all();
}

SendState WebhookSender::pursue(std::string const& id, WebhookClient& client, StopSignal& stopping) {
    while (auto const gap = try_once(id, client)) {
        if (stopping.wait_for(*gap)) {
            break;
        }
    }
    std::lock_guard const lock(mutex_);
    auto const found = deliveries_.find(id);
    return found == deliveries_.end() ? SendState::failed : found->second.state;
}

std::optional<Outgoing> WebhookSender::find(std::string const& id) {
    std::lock_guard const lock(mutex_);
    auto const found = deliveries_.find(id);
    return found == deliveries_.end() ? std::nullopt : std::optional(found->second.outgoing);
}

std::optional<json::object> WebhookSender::show(std::string const& id, milliseconds patience) {
    std::unique_lock lock(mutex_);
    auto const settled = [&] {
        auto const found = deliveries_.find(id);
        return !running_ || found == deliveries_.end() || found->second.state != SendState::pending;
    };
    changed_.wait_for(lock, patience, settled);
    auto const found = deliveries_.find(id);
    return found == deliveries_.end() ? std::nullopt : std::optional(print(id, found->second));
}

json::array WebhookSender::list(std::string const& event, std::string const& subject, std::string const& state,
                                std::size_t last) {
    std::lock_guard const lock(mutex_);
    json::array printed;
    for (auto id = order_.rbegin(); id != order_.rend() && printed.size() < last; ++id) {
        Delivery const& delivery = deliveries_.at(*id);
        if ((event.empty() || event == delivery.outgoing.event) &&
            (subject.empty() || subject == delivery.outgoing.subject) &&
            (state.empty() || state == name(delivery.state))) {
            printed.push_back(print(*id, delivery));
        }
    }
    std::reverse(printed.begin(), printed.end());
    return printed;
}

json::object WebhookSender::counts() {
    std::lock_guard const lock(mutex_);
    std::map<SendState, std::int64_t> states;
    for (auto const& [id, delivery] : deliveries_) {
        ++states[delivery.state];
    }
    return {{"pending", states[SendState::pending]},
            {"received", states[SendState::received]},
            {"failed", states[SendState::failed]},
            {"tries", tries_}};
}

void WebhookSender::work() {
    WebhookClient client;
    std::unique_lock lock(mutex_);
    while (running_) {
        if (due_.empty()) {
            changed_.wait(lock);
            continue;
        }
        auto const first = due_.begin();
        if (first->first > std::chrono::steady_clock::now()) {
            auto const until = first->first;
            changed_.wait_until(lock, until);
            continue;
        }
        std::string const id = first->second;
        due_.erase(first);
        lock.unlock();
        auto const gap = try_once(id, client);
        lock.lock();
        if (gap) {
            due_.emplace(std::chrono::steady_clock::now() + *gap, id);
            changed_.notify_one();
        }
    }
}

std::optional<milliseconds> WebhookSender::try_once(std::string const& id, WebhookClient& client) {
    Outgoing outgoing;
    milliseconds timeout{0};
    {
        std::lock_guard const lock(mutex_);
        auto const found = deliveries_.find(id);
        if (found == deliveries_.end()) {
            return std::nullopt;
        }
        outgoing = found->second.outgoing;
        timeout = found->second.policy.timeout;
    }
    for (Pair& header : outgoing.headers) {
        if (header.name == outgoing.fresh_header) {
            header.value = ids_.uuid();
        }
    }
    Attempt attempt{.at_ms = now_ms(), .outcome = {}};
    auto const began = std::chrono::steady_clock::now();
    attempt.outcome = client.post(outgoing.url, outgoing.headers, outgoing.body, timeout);
    auto const took = std::chrono::steady_clock::now() - began;
    attempt.duration_ms = std::chrono::duration_cast<milliseconds>(took).count();
    return record(id, std::move(attempt));
}

std::optional<milliseconds> WebhookSender::record(std::string const& id, Attempt attempt) {
    std::lock_guard const lock(mutex_);
    ++tries_;
    auto const found = deliveries_.find(id);
    if (found == deliveries_.end()) {
        return std::nullopt;
    }
    Delivery& delivery = found->second;
    ++delivery.tries;
    if (is_received(attempt.outcome.status, delivery.policy)) {
        delivery.state = SendState::received;
    } else if (delivery.tries >= delivery.policy.tries) {
        delivery.state = SendState::failed;
    }
    delivery.attempts.push_back(std::move(attempt));
    if (delivery.attempts.size() > attempts_kept) {
        delivery.attempts.pop_front();
    }
    changed_.notify_all();
    return delivery.state == SendState::pending ? std::optional(gap_after(delivery.tries, delivery.policy))
                                                : std::nullopt;
}

bool WebhookSender::is_received(int status, RetryPolicy const& policy) noexcept {
    return policy.only_200 ? status == 200 : status >= 200 && status < 300;
}

json::object WebhookSender::print(std::string const& id, Delivery const& delivery) {
    json::array attempts;
    for (Attempt const& attempt : delivery.attempts) {
        json::object printed{
            {"at", attempt.at_ms}, {"duration_ms", attempt.duration_ms}, {"status", attempt.outcome.status}};
        if (!attempt.outcome.error.empty()) {
            printed["error"] = attempt.outcome.error;
        }
        attempts.push_back(std::move(printed));
    }
    json::error_code error;
    json::value body = json::parse(delivery.outgoing.body, error);
    return {{"id", id},
            {"webhook", delivery.outgoing.webhook},
            {"event", delivery.outgoing.event},
            {"url", delivery.outgoing.url},
            {"subject", delivery.outgoing.subject},
            {"state", name(delivery.state)},
            {"tries", delivery.tries},
            {"attempts", std::move(attempts)},
            {"body", std::move(body)}};
}

}  // namespace crosswalk::sandbox
