// One running hook: what it may use, until when, and what it gave so far.
//
// Shape    a Call is filled by host services while its hook runs. Connectors never see its address: a cw_call is a
//          number (slot and generation) that the instance's CallTable looks up, so that one used too late or on another
//          thread is noticed without reading freed memory.
// Threads  a Call belongs to the thread of its hook. A CallTable and a Turn are safe from any thread.
// Limits   64 hooks of one instance at a time; 1,000 events or records and 16 MiB of output a call.
#pragma once

#include "model/error.hpp"
#include "model/record.hpp"
#include <crosswalk/connector.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace crosswalk::plugin_host {

enum class Phase : std::uint8_t {
    init,
    activate,
    verify,
    parse,
    poll,
    map,
    push,
    look_up,
    probe,
    oauth,
    subscribe,
    find,
    sweep,
    fetch,
    diagnose
};
inline constexpr std::size_t phase_count = 15;

// Host services that not every phase may use. config_get, clocks, log and fail are for all; the clocks and
// sha256_hex carry no cw_call, so that map's purity in respect of them is checked by conformance tests only.
enum class Service : std::uint8_t {
    note,
    warn,
    sleep,
    secret,
    crypto,
    http,
    kv,
    emit_event,
    emit_record,
    set_cursor,
    files,
    links,
    keep_secret
};

// "push", "http_send": the words of connector.h.
[[nodiscard]] std::string_view name(Phase phase) noexcept;
[[nodiscard]] std::string_view name(Service service) noexcept;

// The phase rules of connector.h.
[[nodiscard]] bool may_use(Phase phase, Service service) noexcept;

struct Failure {
    cw_status status = CW_ERR_INTERNAL;
    std::int64_t retry_after_ms = -1;
    std::string message;
    std::vector<model::FieldProblem> fields = {};
};

inline constexpr std::size_t outputs_max = 1000;
inline constexpr std::size_t output_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t word_bytes_max = 512;  // an id, a type, a subject, a schema or a key
inline constexpr std::size_t title_bytes_max = 1024;
inline constexpr std::size_t cursor_bytes_max = 64 * 1024;
inline constexpr std::size_t note_bytes_max = 2000;
inline constexpr std::size_t warnings_max = 100;
// Of one instance, lent and not given back yet; CW_ERR_NO_MEMORY above it.
inline constexpr std::size_t lent_max = 10'000;

struct Call {
    Phase phase;
    std::vector<model::Event> events = {};
    std::vector<model::Record> records = {};
    std::optional<std::string> cursor = std::nullopt;
    std::array<std::string, CW_NOTE_UNLINKED + 1> notes = {};  // by CW_NOTE_*
    std::vector<model::FieldProblem> warnings = {};
    std::optional<Failure> failure = std::nullopt;
    std::string refused = {};  // the first output that was refused, and why: such a call must not count as done
    std::size_t output_bytes = 0;
    std::int64_t rate_wait_ms = 0;  // a request did not leave because its turn was further away than the deadline
};

class CallTable {
public:
    // A running call; its handle dies with it.
    class Ticket {
    public:
        Ticket(Ticket&& other) noexcept : table_(other.table_), slot_(other.slot_) { other.table_ = nullptr; }
        Ticket(Ticket const&) = delete;
        Ticket& operator=(Ticket const&) = delete;
        Ticket& operator=(Ticket&&) = delete;
        ~Ticket();
        [[nodiscard]] cw_call* handle() const noexcept;

    private:
        friend class CallTable;
        Ticket(CallTable* table, std::size_t slot) noexcept : table_(table), slot_(slot) {}
        CallTable* table_;
        std::size_t slot_;
    };

    // Waits for a free place when all are taken. cancelled after cancel_all; unavailable: none came free in time.
    [[nodiscard]] model::Result<Ticket> open(Call& call, std::chrono::steady_clock::time_point deadline);

    // The call, if the handle is alive and this is its thread; nullptr otherwise.
    [[nodiscard]] Call* owned(cw_call const* handle) noexcept;
    // nullopt for a handle that is dead.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline(cw_call const* handle) const noexcept;
    // True for a handle that is dead: whoever asks should stop.
    [[nodiscard]] bool cancelled(cw_call const* handle) const noexcept;
    // The flag behind cancelled(), for a live handle of this thread.
    [[nodiscard]] std::atomic<bool> const& cancel_flag(cw_call const* handle) const noexcept;
    // Waits in real time; false when the call was cancelled first.
    [[nodiscard]] bool wait(cw_call const* handle, std::chrono::milliseconds duration);

    // Cancels every running call and refuses all later ones. `told` hears of each running call.
    void cancel_all(std::function<void(cw_call*)> const& told) noexcept;
    [[nodiscard]] bool stopping() const noexcept { return stopping_.load(); }

private:
    static constexpr std::size_t slots_max = 64;
    struct Slot {
        std::atomic<bool> taken{false};
        std::atomic<std::uint64_t> handle{0};  // 0: no live call
        std::atomic<std::uint64_t> generation{0};
        std::atomic<std::thread::id> owner{};
        std::atomic<std::chrono::steady_clock::rep> deadline{0};
        std::atomic<bool> cancelled{false};
        Call* call = nullptr;  // read by the owner's thread only
    };
    [[nodiscard]] Slot const* find(cw_call const* handle) const noexcept;
    [[nodiscard]] std::optional<std::size_t> take_slot() noexcept;
    [[nodiscard]] std::optional<std::size_t> await_slot(std::chrono::steady_clock::time_point deadline);

    std::array<Slot, slots_max> slots_;
    std::atomic<bool> stopping_{false};
    std::atomic<int> waiting_{0};  // for a free slot
    std::mutex mutex_;             // orders cancel_all, and a slot that comes free, with the waits
    std::condition_variable cancelled_changed_;
    std::condition_variable freed_;
};

// Hooks that the ABI wants one at a time wait here.
class Turn {
public:
    // deadline_exceeded or cancelled: the turn was not taken.
    [[nodiscard]] model::Result<void> take(std::chrono::nanoseconds wait_max, CallTable const& calls);
    void give_back() noexcept;
    // Makes those who wait look at calls.stopping() again.
    void wake() noexcept;

private:
    std::mutex mutex_;  // guards taken_
    std::condition_variable changed_;
    bool taken_ = false;
};

}  // namespace crosswalk::plugin_host
