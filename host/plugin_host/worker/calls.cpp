#include "plugin_host/worker/calls.hpp"

#include "platform/child_process.hpp"

#include <algorithm>
#include <cstdlib>

namespace crosswalk::plugin_host::worker {
namespace {

using Steady = std::chrono::steady_clock;

thread_local RunningCall* of_this_thread = nullptr;

std::uint64_t number_of(cw_call const* handle) noexcept {
    return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(handle));
}
cw_call* handle_of(std::uint64_t number) noexcept {
    return reinterpret_cast<cw_call*>(static_cast<std::uintptr_t>(number));
}

}  // namespace

RunningCall::RunningCall(Calls& calls, Lane& lane, FrameType hook, std::uint64_t number,
                         std::chrono::milliseconds time_left)
    : calls_(calls), lane_(lane), hook_(hook), number_(number), deadline_(Steady::now() + time_left) {
    calls_.begin(*this);
    of_this_thread = this;
}

RunningCall::~RunningCall() {
    of_this_thread = nullptr;
    calls_.end(*this);
}

RunningCall* RunningCall::owned(cw_call const* handle) noexcept {
    return of_this_thread != nullptr && of_this_thread->number_ == number_of(handle) ? of_this_thread : nullptr;
}

cw_call* RunningCall::handle() const noexcept {
    return handle_of(number_);
}

Phase RunningCall::phase() const noexcept {
    switch (hook_) {
        case FrameType::init:
            return Phase::init;
        case FrameType::activate:
            return Phase::activate;
        case FrameType::verify:
            return Phase::verify;
        case FrameType::parse:
            return Phase::parse;
        case FrameType::poll:
            return Phase::poll;
        case FrameType::map:
            return Phase::map;
        case FrameType::push:
            return Phase::push;
        case FrameType::look_up:
            return Phase::look_up;
        case FrameType::oauth:
            return Phase::oauth;
        case FrameType::subscribe:
        case FrameType::unsubscribe:
            return Phase::subscribe;
        case FrameType::find:
            return Phase::find;
        case FrameType::sweep:
            return Phase::sweep;
        case FrameType::fetch:
            return Phase::fetch;
        case FrameType::diagnose:
            return Phase::diagnose;
        default:
            return Phase::probe;  // which may give nothing
    }
}

std::optional<std::string> RunningCall::ask(Fields const& request) {
    Fields whole;
    whole.put(deferred_.bytes()).append(request);
    if (!whole.frame(FrameType::request, number_)) {
        return std::nullopt;
    }
    deferred_ = Fields();
    // The host always reads; one that does not within a day is no host any more.
    Frame frame;
    if (!lane_.send(FrameType::request, number_, whole, Steady::now() + std::chrono::hours(24)) ||
        lane_.hear(frame, Steady::time_point::max()) != Lane::Heard::frame || frame.type != FrameType::response) {
        platform::end_now(EXIT_FAILURE);
    }
    return std::move(frame.fields);
}

bool RunningCall::defer(Fields const& request) {
    if (deferred_.bytes().size() + request.bytes().size() > deferred_bytes_max) {
        return false;
    }
    deferred_.put(request.bytes());
    return true;
}

void Calls::begin(RunningCall& call) {
    std::lock_guard const lock(mutex_);
    running_[call.number_] = &call;
    auto const early = std::find(not_running_.begin(), not_running_.end(), call.number_);
    if (early != not_running_.end()) {
        not_running_.erase(early);
        call.came_cancelled_ = true;
        call.cancelled_ = true;
    }
}

void Calls::end(RunningCall const& call) {
    std::lock_guard const lock(mutex_);
    running_.erase(call.number_);
}

std::chrono::milliseconds Calls::time_left(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(number_of(handle));
    if (found == running_.end()) {
        return std::chrono::milliseconds(0);
    }
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(found->second->deadline_ - Steady::now());
    return std::max(left, std::chrono::milliseconds(0));
}

bool Calls::cancelled(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(number_of(handle));
    return found == running_.end() || found->second->cancelled_;
}

cw_call* Calls::cancel(std::uint64_t number) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(number);
    if (found == running_.end()) {
        // Control and lanes are streams of their own, so a cancel may arrive before its call.
        not_running_.push_back(number);
        if (not_running_.size() > lanes_max) {
            not_running_.pop_front();
        }
        return nullptr;
    }
    found->second->cancelled_ = true;
    return handle_of(number);
}

}  // namespace crosswalk::plugin_host::worker
