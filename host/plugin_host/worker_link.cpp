#include "plugin_host/worker_link.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Result;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// A worker that was let go, or that closed a lane, exits at once; one that does not is killed.
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
    : child_(std::move(child)), grace_(grace), watcher_([this] { watch(); }) {}

WorkerLink::~WorkerLink() {
    close();
}

WorkerLink::Seat* WorkerLink::take_seat(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    if (ended_) {
        return nullptr;
    }
    auto const idle = std::find_if(seats_.begin(), seats_.end(), [](auto const& seat) { return seat->call == 0; });
    Seat* const seat = idle != seats_.end() ? idle->get() : open_seat();
    if (seat != nullptr) {
        seat->call = ++last_call_;
        seat->handle = handle;
    }
    return seat;
}

// Call with mutex_ held. The worker always reads its control stream, so this does not wait for a hook.
WorkerLink::Seat* WorkerLink::open_seat() {
    if (seats_.size() == lanes_max) {
        return nullptr;
    }
    auto ends = platform::Channel::pair();
    if (!ends) {
        return nullptr;
    }
    Fields none;
    std::lock_guard const lock(control_mutex_);
    if (!child_->channel().send(*none.frame(FrameType::lane, 0), *ends->second, Steady::now() + grace_)) {
        return nullptr;
    }
    return seats_.emplace_back(std::make_unique<Seat>(std::move(ends->first))).get();
}

void WorkerLink::give_back(Seat& seat) {
    std::lock_guard const lock(mutex_);
    seat.call = 0;
    seat.handle = nullptr;
}

Reply WorkerLink::exchange(FrameType type, cw_call const* handle, Fields fields, milliseconds time_max,
                           Answer const& answer) {
    auto const until = Steady::now() + std::clamp(time_max, milliseconds(0), milliseconds(std::chrono::hours(24)));
    Seat* const seat = take_seat(handle);
    if (seat == nullptr) {
        return {};
    }
    Reply reply;
    if (seat->lane.send(type, seat->call, fields, until + grace_)) {
        reply = converse(*seat, until, answer);
    } else if (fields.frame(type, seat->call)) {
        // A frame that was not sent whole is never read by the worker, and nothing can follow it.
        kill(Steady::now() < until + grace_ ? "" : "it took no more input");
    }
    give_back(*seat);
    return reply;
}

Reply WorkerLink::converse(Seat& seat, Steady::time_point until, Answer const& answer) {
    Frame frame;
    while (true) {
        if (auto const fate = next(seat, frame, until)) {
            return {*fate, {}};
        }
        if (frame.type == FrameType::result) {
            return {Fate::answered, std::move(frame.fields)};
        }
        if (!respond(seat, answer(frame.fields))) {
            return {await_end(), {}};
        }
    }
}

bool WorkerLink::respond(Seat& seat, std::optional<Fields> fields) {
    if (!fields) {
        kill("it broke the protocol");
        return false;
    }
    if (!fields->frame(FrameType::response, seat.call)) {
        // Only an answer of a vendor can be that large, and then its request was applied.
        fields->wipe();
        fields = std::move(Fields().put(std::int64_t{CW_ERR_INTERNAL}));
    }
    auto const until = Steady::now() + grace_;
    bool const sent = seat.lane.send(FrameType::response, seat.call, *fields, until);
    if (!sent) {
        kill(Steady::now() < until ? "" : "it took no more input");
    }
    // A response may hold a secret.
    fields->wipe();
    return sent;
}

std::optional<Fate> WorkerLink::next(Seat& seat, Frame& to, Steady::time_point until) {
    auto heard = seat.lane.hear(to, until);
    if (heard == Lane::Heard::nothing_yet) {
        tell_cancelled(seat.call);
        heard = seat.lane.hear(to, std::max(until, Steady::now() - grace_) + grace_);
    }
    if (heard == Lane::Heard::nothing_yet) {
        kill("a call did not return after its deadline");
        (void)await_end();
        return Fate::overran;
    }
    bool const ours = heard == Lane::Heard::frame && to.call == seat.call &&
                      (to.type == FrameType::result || to.type == FrameType::request);
    if (ours) {
        return std::nullopt;
    }
    if (heard != Lane::Heard::ended) {
        kill("it broke the protocol");
    }
    return await_end();
}

Fate WorkerLink::await_end() {
    // Who closed a lane is on its way out, or is helped out by the watching thread's caller: one that stays is killed.
    std::unique_lock lock(mutex_);
    if (!end_known_.wait_for(lock, leave_time_max, [this] { return ended_; })) {
        lock.unlock();
        kill("it closed a lane");
        lock.lock();
        end_known_.wait(lock, [this] { return ended_; });
    }
    return Fate::lost;
}

void WorkerLink::tell_cancelled(std::uint64_t call) noexcept {
    Fields none;
    std::lock_guard const lock(control_mutex_);
    (void)child_->channel().send(*none.frame(FrameType::cancel, call), Steady::now() + grace_);
}

void WorkerLink::cancel(cw_call const* handle) noexcept {
    std::uint64_t call = 0;
    {
        std::lock_guard const lock(mutex_);
        auto const found = std::find_if(seats_.begin(), seats_.end(), [handle](auto const& seat) {
            return seat->call != 0 && seat->handle == handle;
        });
        call = found == seats_.end() || ended_ ? 0 : (*found)->call;
    }
    if (call != 0) {
        tell_cancelled(call);
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
    if (watcher_.joinable()) {
        watcher_.join();
    }
}

// ---- the watching thread ----------------------------------------------------------------------------------------

void WorkerLink::watch() {
    while (hear_log()) {
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
    end_known_.notify_all();
    std::lock_guard const lock(listeners_mutex_);
    if (end_listener_) {
        end_listener_();
    }
}

bool WorkerLink::hear_log() {
    std::string header(frame_header_bytes, '\0');
    if (!child_->channel().receive(header.data(), header.size())) {
        return false;
    }
    std::optional<FrameHeader> const parsed = parse_frame_header(header);
    if (!parsed || parsed->type != FrameType::log) {
        kill("it broke the protocol");
        return false;
    }
    std::string fields(parsed->bytes, '\0');
    if (!child_->channel().receive(fields.data(), fields.size())) {
        return false;
    }
    std::lock_guard const lock(listeners_mutex_);
    if (log_listener_) {
        log_listener_(fields);
    }
    return true;
}

}  // namespace crosswalk::plugin_host
