#include "plugin_host/call.hpp"

#include <array>
#include <type_traits>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;

constexpr unsigned slot_bits = 8;

constexpr std::uint32_t bit(Service service) noexcept {
    return 1U << static_cast<unsigned>(service);
}

constexpr std::uint32_t talk = bit(Service::note) | bit(Service::warn);
constexpr std::uint32_t secrets = bit(Service::secret) | bit(Service::crypto);
constexpr std::uint32_t outside = talk | secrets | bit(Service::sleep) | bit(Service::http) | bit(Service::kv);
constexpr std::uint32_t keeping = bit(Service::files) | bit(Service::keep_secret);
constexpr std::uint32_t working = outside | keeping | bit(Service::links);

// Indexed by Phase.
constexpr std::array<std::uint32_t, phase_count> allowed{
    talk | secrets | bit(Service::kv),                              // init: settings are read, nothing is asked outside
    outside | keeping,                                              // activate
    bit(Service::note) | secrets,                                   // verify: runs before the vendor has its answer
    working | bit(Service::emit_event),                             // parse
    working | bit(Service::emit_event) | bit(Service::set_cursor),  // poll
    talk | bit(Service::emit_record),                               // map: pure
    working,                                                        // push
    working,                                                        // look_up
    outside,                                                        // probe: leaves nothing behind
    talk | bit(Service::emit_record),                               // oauth: says what the settings mean
    outside | keeping,                                              // subscribe: the vendor may hand out a secret
    outside | bit(Service::emit_record),                            // find: leaves nothing behind
    outside | bit(Service::emit_event) | bit(Service::set_cursor),  // sweep: lists, leaves nothing behind
    working | bit(Service::emit_event),                             // fetch: as parse
    outside,                                                        // diagnose: leaves nothing behind
};

std::uint64_t number(cw_call const* handle) noexcept {
    return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(handle));
}

}  // namespace

std::string_view name(Phase phase) noexcept {
    static constexpr std::array<std::string_view, phase_count> names{"init",
                                                                     "activate",
                                                                     "webhook_verify",
                                                                     "webhook_parse",
                                                                     "poll",
                                                                     "map",
                                                                     "push",
                                                                     "look_up",
                                                                     "probe",
                                                                     "cw.oauth/1",
                                                                     "cw.subscriptions/1",
                                                                     "cw.find/1",
                                                                     "cw.sweep/1.list",
                                                                     "cw.sweep/1.fetch",
                                                                     "cw.sweep/1.diagnose"};
    return names[static_cast<std::size_t>(phase)];
}

std::string_view name(Service service) noexcept {
    static constexpr std::array<std::string_view, 13> names{
        "note",       "warn",        "sleep_ms",   "secret_get", "cw.crypto/1", "http_send",   "kv",
        "emit_event", "emit_record", "set_cursor", "cw.files/1", "cw.links/1",  "cw.secrets/1"};
    return names[static_cast<std::size_t>(service)];
}

bool may_use(Phase phase, Service service) noexcept {
    return (allowed[static_cast<std::size_t>(phase)] & bit(service)) != 0;
}

CallTable::Ticket::~Ticket() {
    if (table_ != nullptr) {
        Slot& slot = table_->slots_[slot_];
        slot.handle.store(0);
        slot.taken.store(false);
        if (table_->waiting_.load() > 0) {
            { std::lock_guard const lock(table_->mutex_); }
            table_->freed_.notify_one();
        }
    }
}

cw_call* CallTable::Ticket::handle() const noexcept {
    return reinterpret_cast<cw_call*>(static_cast<std::uintptr_t>(table_->slots_[slot_].handle.load()));
}

std::optional<std::size_t> CallTable::take_slot() noexcept {
    for (std::size_t i = 0; i < slots_max; ++i) {
        if (!slots_[i].taken.load(std::memory_order_relaxed) && !slots_[i].taken.exchange(true)) {
            return i;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> CallTable::await_slot(std::chrono::steady_clock::time_point deadline) {
    std::optional<std::size_t> taken;
    std::unique_lock lock(mutex_);
    // Counted before it looks again: whoever frees a slot after that look sees that somebody waits.
    waiting_.fetch_add(1);
    freed_.wait_until(lock, deadline, [&] {
        taken = take_slot();
        return taken || stopping_.load();
    });
    waiting_.fetch_sub(1);
    return taken;
}

model::Result<CallTable::Ticket> CallTable::open(Call& call, std::chrono::steady_clock::time_point deadline) {
    auto taken = take_slot();
    if (!taken) {
        taken = await_slot(deadline);
    }
    if (!taken) {
        return stopping_.load() ? Error{ErrorCode::cancelled, "The host is shutting this connection down."}
                                : Error{ErrorCode::unavailable, "The connector is already busy with " +
                                                                    std::to_string(slots_max) + " calls; try again."};
    }
    Slot& slot = slots_[*taken];
    slot.call = &call;
    slot.owner.store(std::this_thread::get_id());
    slot.deadline.store(deadline.time_since_epoch().count());
    slot.cancelled.store(false);
    slot.handle.store((++slot.generation << slot_bits) | *taken);
    Ticket ticket(this, *taken);
    // Asked only now: a cancel_all that missed this slot has set stopping_ before.
    if (stopping_.load()) {
        return Error{ErrorCode::cancelled, "The host is shutting this connection down."};
    }
    return ticket;
}

CallTable::Slot const* CallTable::find(cw_call const* handle) const noexcept {
    std::uint64_t const wanted = number(handle);
    std::uint64_t const index = wanted & ((1U << slot_bits) - 1U);
    if (wanted == 0 || index >= slots_max || slots_[index].handle.load() != wanted) {
        return nullptr;
    }
    return &slots_[index];
}

Call* CallTable::owned(cw_call const* handle) noexcept {
    Slot const* slot = find(handle);
    return slot != nullptr && slot->owner.load() == std::this_thread::get_id() ? slot->call : nullptr;
}

std::optional<std::chrono::steady_clock::time_point> CallTable::deadline(cw_call const* handle) const noexcept {
    Slot const* slot = find(handle);
    if (slot == nullptr) {
        return std::nullopt;
    }
    return std::chrono::steady_clock::time_point(std::chrono::steady_clock::duration(slot->deadline.load()));
}

bool CallTable::cancelled(cw_call const* handle) const noexcept {
    Slot const* slot = find(handle);
    return slot == nullptr || slot->cancelled.load();
}

std::atomic<bool> const& CallTable::cancel_flag(cw_call const* handle) const noexcept {
    Slot const* slot = find(handle);
    return slot == nullptr ? stopping_ : slot->cancelled;
}

bool CallTable::wait(cw_call const* handle, std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    return !cancelled_changed_.wait_for(lock, duration, [this, handle] { return cancelled(handle); });
}

void CallTable::cancel_all(std::function<void(cw_call*)> const& told) noexcept {
    // Who runs now is told, also when the wake-up below ends its call first: the ABI allows a cancel just after a hook.
    std::array<std::uint64_t, slots_max> running{};
    {
        std::lock_guard const lock(mutex_);
        stopping_.store(true);
        for (std::size_t i = 0; i < slots_max; ++i) {
            slots_[i].cancelled.store(true);
            running[i] = slots_[i].handle.load();
        }
    }
    cancelled_changed_.notify_all();
    freed_.notify_all();
    for (std::uint64_t const handle : running) {
        if (handle != 0) {
            told(reinterpret_cast<cw_call*>(static_cast<std::uintptr_t>(handle)));
        }
    }
}

model::Result<void> Turn::take(std::chrono::nanoseconds wait_max, CallTable const& calls) {
    std::unique_lock lock(mutex_);
    bool const free = changed_.wait_for(lock, wait_max, [&] { return !taken_ || calls.stopping(); });
    if (calls.stopping()) {
        return Error{ErrorCode::cancelled, "The host is shutting this connection down."};
    }
    if (!free) {
        return Error{ErrorCode::deadline_exceeded,
                     "The connector takes one call at a time and was busy until the deadline."};
    }
    taken_ = true;
    return {};
}

void Turn::give_back() noexcept {
    {
        std::lock_guard const lock(mutex_);
        taken_ = false;
    }
    changed_.notify_one();
}

void Turn::wake() noexcept {
    // The lock orders this with a waiter that has just looked at stopping() and is about to sleep.
    { std::lock_guard const lock(mutex_); }
    changed_.notify_all();
}

}  // namespace crosswalk::plugin_host
