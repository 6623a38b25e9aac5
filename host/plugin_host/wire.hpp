// What the host and a worker process say to each other: frames, and fields in a frame.
//
// Shape    frame: u32 bytes that follow, u16 type, u16 flags (0), u64 call, then fields; field: u32 bytes, then they.
//          Little-endian. A number is a field of eight bytes. Fields come in a fixed order; a reader takes a missing
//          one for empty or 0 and skips what it does not know, so both sides may grow.
// Streams  one for control: the host opens lanes (the far end rides with the frame) and cancels calls, the worker logs
//          lines outside of calls, and its end is the end of both. Each lane carries one call at a time.
// Order    on a lane the host opens a call with a hook's frame; the worker answers with requests (each gets one
//          response) and ends it with one result. Nobody sends before the other has.
// Deferred what a hook gives and the host will surely take (events, records, notes) waits in the worker and rides with
//          the call's next request or its result, so that a hook costs one round trip. It is lost with the worker, like
//          the result that it belongs to.
// Errors   a Reader never reads beyond its bytes; what does not fit makes it bad for good.
// Limits   36 MiB a frame: what http_send takes at most, with its headers. 256 headers. 66 lanes. 256 KiB deferred.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::plugin_host {

inline constexpr std::int64_t wire_protocol = 3;
inline constexpr std::size_t frame_header_bytes = 16;
inline constexpr std::size_t frame_bytes_max = 36 * 1024 * 1024;
inline constexpr std::size_t wire_headers_max = 256;
// As many calls as an instance has at once, and one more for what is no call of the connector's.
inline constexpr std::size_t lanes_max = 66;
inline constexpr std::size_t deferred_bytes_max = 256 * 1024;

enum class FrameType : std::uint16_t {
    // From the host.
    open = 1,
    create = 2,
    init = 3,
    activate = 4,
    verify = 5,
    parse = 6,
    poll = 7,
    map = 8,
    push = 9,
    look_up = 10,
    probe = 11,
    extension = 12,
    deactivate = 13,
    destroy = 14,
    cancel = 15,  // control
    response = 16,
    oauth = 17,
    subscribe = 18,
    unsubscribe = 19,
    find = 20,
    sweep = 21,
    fetch = 22,
    diagnose = 23,
    lane = 24,  // control; the lane's far end comes with it
    // From the worker.
    result = 32,
    request = 33,
    log = 34,  // control: outside of any call, gets no response
};

// What a request asks for: the host services that need a call.
enum class Ask : std::int64_t {
    log = 1,
    sleep = 2,
    fail = 3,
    note = 4,
    warn = 5,
    secret_get = 6,
    http_send = 7,
    kv_get = 8,
    kv_put = 9,
    kv_delete = 10,
    emit_event = 11,
    emit_record = 12,
    set_cursor = 13,
    hmac_verify = 14,
    file_put = 15,
    file_size = 16,
    file_read = 17,
    link_put = 18,
    link_find = 19,
    link_remove = 20,
    secret_put = 21,
    secret_remove = 22,
};

// Host extensions that need somebody behind them; `create` tells for each whether there is, in this order.
inline constexpr char const* host_extensions[] = {"cw.files/1", "cw.links/1", "cw.secrets/1"};

struct FrameHeader {
    std::uint32_t bytes = 0;  // of the fields
    FrameType type = FrameType::result;
    std::uint64_t call = 0;
};

struct Frame {
    FrameType type = FrameType::result;
    std::uint64_t call = 0;
    std::string fields;
};

// Fields in the making, with room in front for the header of the frame that they become.
class Fields {
public:
    Fields();
    Fields& put(std::string_view bytes);
    Fields& put(std::int64_t number);
    Fields& append(Fields const& more);
    [[nodiscard]] std::string_view bytes() const noexcept;
    // The whole frame; valid until the next put. nullopt: it would be larger than a frame may be.
    [[nodiscard]] std::optional<std::string_view> frame(FrameType type, std::uint64_t call);
    // For fields that held a secret.
    void wipe() noexcept;

private:
    std::string bytes_;  // the header's room, then the fields
};

class Reader {
public:
    explicit Reader(std::string_view fields) noexcept : rest_(fields) {}
    // Views into the fields that were given.
    [[nodiscard]] std::string_view text() noexcept;
    [[nodiscard]] std::int64_t number() noexcept;
    // A number of things that follow; more than `most` is bad.
    [[nodiscard]] std::size_t count(std::size_t most) noexcept;
    [[nodiscard]] bool good() const noexcept { return good_; }
    // Nothing follows, or nothing that could be read.
    [[nodiscard]] bool done() const noexcept { return rest_.empty() || !good_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

// nullopt: no frame of ours, or one that is too large.
[[nodiscard]] std::optional<FrameHeader> parse_frame_header(std::string_view sixteen_bytes) noexcept;

}  // namespace crosswalk::plugin_host
