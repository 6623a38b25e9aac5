#include "plugin_host/worker_link.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Result;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// A worker that was let go exits at once; one that does not is killed.
constexpr milliseconds leave_time_max{1000};

}  // namespace

Result<std::unique_ptr<WorkerLink>> WorkerLink::start(std::filesystem::path const& executable, milliseconds grace) {
    auto child = platform::ChildProcess::start(executable);
    if (!child) {
        return child.error();
    }
    return std::make_unique<WorkerLink>(std::move(*child), grace);
}

WorkerLink::WorkerLink(std::unique_ptr<platform::ChildProcess> child, milliseconds grace)
    : child_(std::move(child)), grace_(grace), reader_([this] { read(); }) {}

WorkerLink::~WorkerLink() {
    close();
}

bool WorkerLink::send(FrameType type, std::uint64_t call, std::string_view fields, Steady::time_point until) {
    std::optional<std::string> bytes = to_bytes(type, call, fields);
    if (!bytes) {
        return false;
    }
    bool sent = false;
    {
        std::lock_guard const lock(send_mutex_);
        sent = child_->channel().send(*bytes, until);
    }
    if (!sent) {
        kill("it took no more input");
    }
    if (type == FrameType::response) {
        // A response may hold a secret.
        OPENSSL_cleanse(bytes->data(), bytes->size());
    }
    return sent;
}

bool WorkerLink::respond(std::uint64_t call, std::optional<std::string> fields) {
    if (!fields) {
        kill("it broke the protocol");
        return false;
    }
    if (fields->size() > frame_bytes_max - frame_header_bytes) {
        // Only an answer of a vendor can be that large, and then its request was applied.
        *fields = Fields().put(CW_ERR_INTERNAL).take();
    }
    bool const sent = send(FrameType::response, call, *fields, Steady::now() + grace_);
    OPENSSL_cleanse(fields->data(), fields->size());
    return sent;
}

Reply WorkerLink::exchange(FrameType type, cw_call const* handle, std::string_view fields, milliseconds time_max,
                           Answer const& answer) {
    Pending pending{handle};
    auto const until = Steady::now() + std::clamp(time_max, milliseconds(0), milliseconds(std::chrono::hours(24)));
    std::uint64_t call = 0;
    {
        std::lock_guard const lock(mutex_);
        if (ended_) {
            return {};
        }
        call = ++last_call_;
        pending_[call] = &pending;
    }
    Reply reply;
    // A frame that was not sent whole is never read by the worker.
    if (fields.size() <= frame_bytes_max - frame_header_bytes && send(type, call, fields, until + grace_)) {
        reply = converse(call, pending, until, answer);
    }
    std::lock_guard const lock(mutex_);
    pending_.erase(call);
    return reply;
}

Reply WorkerLink::converse(std::uint64_t call, Pending& pending, Steady::time_point until, Answer const& answer) {
    while (std::optional<Frame> frame = next(call, pending, until)) {
        if (frame->type == FrameType::result) {
            return {Fate::answered, std::move(frame->fields)};
        }
        if (!respond(call, answer(frame->fields))) {
            break;
        }
    }
    std::lock_guard const lock(mutex_);
    return {overran_ ? Fate::overran : Fate::lost, {}};
}

std::optional<Frame> WorkerLink::next(std::uint64_t call, Pending& pending, Steady::time_point until) {
    auto const something = [&] { return pending.frame.has_value() || ended_; };
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, until, something)) {
        lock.unlock();
        (void)send(FrameType::cancel, call, {}, Steady::now() + grace_);
        lock.lock();
        if (!changed_.wait_until(lock, std::max(until, Steady::now() - grace_) + grace_, something)) {
            overran_ = true;
            lock.unlock();
            kill("a call did not return after its deadline");
            return std::nullopt;
        }
    }
    // What arrived before the end still counts.
    return std::exchange(pending.frame, std::nullopt);
}

void WorkerLink::cancel(cw_call const* handle) noexcept {
    std::uint64_t call = 0;
    {
        std::lock_guard const lock(mutex_);
        auto const found = std::find_if(pending_.begin(), pending_.end(),
                                        [handle](auto const& entry) { return entry.second->handle == handle; });
        call = found == pending_.end() || ended_ ? 0 : found->first;
    }
    if (call != 0) {
        (void)send(FrameType::cancel, call, {}, Steady::now() + grace_);
    }
}

void WorkerLink::on_log(std::function<void(std::string_view)> listener) {
    std::lock_guard const lock(listeners_mutex_);
    log_listener_ = std::move(listener);
}

void WorkerLink::on_end(std::function<void()> listener) {
    std::lock_guard const lock(listeners_mutex_);
    end_listener_ = std::move(listener);
}

bool WorkerLink::ended() const {
    std::lock_guard const lock(mutex_);
    return ended_;
}

bool WorkerLink::crashed() const {
    std::lock_guard const lock(mutex_);
    return crashed_;
}

std::string WorkerLink::how_it_ended() const {
    std::lock_guard const lock(mutex_);
    return why_;
}

void WorkerLink::kill(std::string const& why) {
    {
        std::lock_guard const lock(mutex_);
        if (why_.empty() && !ended_) {
            why_ = why;
        }
    }
    child_->kill();
}

void WorkerLink::close() {
    {
        std::lock_guard const lock(mutex_);
        let_go_ = true;
    }
    child_->channel().shut_down();
    if (reader_.joinable()) {
        reader_.join();
    }
}

// ---- the reader's thread ----------------------------------------------------------------------------------------

void WorkerLink::read() {
    while (std::optional<Frame> frame = receive()) {
        if (!deliver(std::move(*frame))) {
            kill("it broke the protocol");
            break;
        }
    }
    child_->channel().shut_down();
    std::string const ending = child_->end(leave_time_max);
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
        crashed_ = !let_go_;
        if (why_.empty()) {
            why_ = ending;
        }
    }
    changed_.notify_all();
    std::lock_guard const lock(listeners_mutex_);
    if (end_listener_) {
        end_listener_();
    }
}

std::optional<Frame> WorkerLink::receive() {
    std::string header(frame_header_bytes, '\0');
    if (!child_->channel().receive(header.data(), header.size())) {
        return std::nullopt;
    }
    std::optional<FrameHeader> const parsed = parse_frame_header(header);
    if (!parsed) {
        kill("it broke the protocol");
        return std::nullopt;
    }
    Frame frame{parsed->type, parsed->call, std::string(parsed->bytes, '\0')};
    if (!child_->channel().receive(frame.fields.data(), frame.fields.size())) {
        return std::nullopt;
    }
    return frame;
}

bool WorkerLink::deliver(Frame frame) {
    if (frame.type == FrameType::log) {
        std::lock_guard const lock(listeners_mutex_);
        if (log_listener_) {
            log_listener_(frame.fields);
        }
        return true;
    }
    if (frame.type != FrameType::result && frame.type != FrameType::request) {
        return false;
    }
    std::lock_guard const lock(mutex_);
    auto const found = pending_.find(frame.call);
    // One frame at a time and only for a call that is open: this bounds what a worker can make us keep.
    if (found == pending_.end() || found->second->frame) {
        return false;
    }
    found->second->frame = std::move(frame);
    changed_.notify_all();
    return true;
}

}  // namespace crosswalk::plugin_host
