#include "plugin_host/worker/calls.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace crosswalk::plugin_host::worker {
namespace {

using Steady = std::chrono::steady_clock;

std::uint64_t number(cw_call const* handle) noexcept {
    return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(handle));
}
cw_call* handle_of(std::uint64_t call) noexcept {
    return reinterpret_cast<cw_call*>(static_cast<std::uintptr_t>(call));
}

}  // namespace

cw_call* Calls::begin(std::uint64_t call, std::chrono::milliseconds time_left) {
    std::lock_guard const lock(mutex_);
    running_[call] = Running{std::this_thread::get_id(), Steady::now() + time_left};
    return handle_of(call);
}

void Calls::end(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    running_.erase(number(handle));
}

bool Calls::owned(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(number(handle));
    return found != running_.end() && found->second.thread == std::this_thread::get_id();
}

std::chrono::milliseconds Calls::time_left(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(number(handle));
    if (found == running_.end()) {
        return std::chrono::milliseconds(0);
    }
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(found->second.deadline - Steady::now());
    return std::max(left, std::chrono::milliseconds(0));
}

bool Calls::cancelled(cw_call const* handle) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(number(handle));
    return found == running_.end() || found->second.cancelled;
}

std::optional<std::string> Calls::ask(cw_call const* handle, Fields const& request) {
    std::uint64_t const call = number(handle);
    if (!send(FrameType::request, call, request.bytes())) {
        return std::nullopt;
    }
    std::unique_lock lock(mutex_);
    Running& running = running_.at(call);
    responded_.wait(lock, [&running] { return running.response.has_value(); });
    return std::exchange(running.response, std::nullopt);
}

void Calls::respond(std::uint64_t call, std::string fields) {
    {
        std::lock_guard const lock(mutex_);
        if (auto const found = running_.find(call); found != running_.end()) {
            found->second.response = std::move(fields);
        }
    }
    responded_.notify_all();
}

cw_call* Calls::cancel(std::uint64_t call) {
    std::lock_guard const lock(mutex_);
    auto const found = running_.find(call);
    if (found == running_.end()) {
        return nullptr;
    }
    found->second.cancelled = true;
    return handle_of(call);
}

bool Calls::send(FrameType type, std::uint64_t call, std::string_view fields) {
    auto const bytes = to_bytes(type, call, fields);
    if (!bytes) {
        return false;
    }
    std::lock_guard const lock(send_mutex_);
    // The host always reads; one that does not within a day is no host any more.
    if (!channel_.send(*bytes, Steady::now() + std::chrono::hours(24))) {
        platform::end_now(EXIT_FAILURE);
    }
    return true;
}

}  // namespace crosswalk::plugin_host::worker
