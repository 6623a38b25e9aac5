// HTTP/1.1 messages on a Channel: heads and bodies, read strictly.
//
// Why      Poco 1.11's reader skips header lines that it cannot read, joins folded ones, reads a bad chunk size as the
//          end and has no limit for a whole head. Two parties that read one message in two ways is how requests are
//          smuggled, so here whatever RFC 9112 calls invalid is malformed.
// Limits   every reader has one; nothing is kept above it.
// Source   RFC 9112 sections 2 to 7.
#pragma once

#include "http/channel.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::http {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

// The first header of that name; nothing when there is none.
[[nodiscard]] std::optional<std::string_view> find_header(Headers const& headers, std::string_view name) noexcept;
// Does a comma-separated header, such as Connection, hold this token? Letters are compared without case.
[[nodiscard]] bool has_token(Headers const& headers, std::string_view name, std::string_view token) noexcept;
[[nodiscard]] bool is_token(std::string_view text) noexcept;
// No control characters but tab: safe to write into a head.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

struct RequestHead {
    std::string method;
    std::string target;
    int major = 1;
    int minor = 1;
    Headers headers;
};

struct ResponseHead {
    int status = 0;
    int minor = 1;
    Headers headers;
};

// Waits until a whole head is buffered and gives its size, the empty line included. Empty lines before it are dropped.
[[nodiscard]] Transfer await_head(Channel& channel, std::size_t bytes_max, std::size_t& head_bytes);

// False when the head is not valid.
[[nodiscard]] bool parse_request(std::string_view head, RequestHead& request);
[[nodiscard]] bool parse_response(std::string_view head, ResponseHead& response);

// How a message's body ends.
struct Framing {
    enum class Kind : unsigned char { sized, chunked, unstated, ambiguous, unsupported } kind = Kind::unstated;
    std::uint64_t size = 0;  // with sized
};
[[nodiscard]] Framing framing_of(Headers const& headers, int minor) noexcept;

// Bodies are appended. `closed` means the far end left before the end; too_large stops at the limit.
[[nodiscard]] Transfer read_sized(Channel& channel, std::uint64_t size, std::string& body);
[[nodiscard]] Transfer read_chunked(Channel& channel, std::size_t bytes_max, std::string& body);
[[nodiscard]] Transfer read_until_close(Channel& channel, std::size_t bytes_max, std::string& body);

}  // namespace crosswalk::http
