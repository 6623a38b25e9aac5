// Checks for text that a connector hands over: nothing of it is believed before it passed here.
//
// Errors   the checks answer yes or no and never throw.
// Threads  safe from any thread.
// Source   RFC 3629 for UTF-8 (no overlong forms, no surrogates), RFC 8259 for JSON.
#pragma once

#include <crosswalk/connector.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::plugin_host {

// Nesting beyond this makes a text "no JSON object" for us.
inline constexpr std::size_t json_depth_max = 64;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// One JSON object in UTF-8 and nothing after it. A number that no double holds (1e999) is none: read as infinity, it
// could not be written as JSON again.
[[nodiscard]] bool is_json_object(std::string_view text) noexcept;

// The bytes of a borrowed string; nothing when it claims bytes without an address.
[[nodiscard]] std::optional<std::string_view> bytes_of(cw_str text) noexcept;

// The other way round: a string as connector.h has it, which lives as long as `text`.
[[nodiscard]] constexpr cw_str borrow(std::string_view text) noexcept {
    return cw_str{text.data(), text.size()};
}

// Text for people: at most `bytes_max` bytes, cut between two characters. Text that is not UTF-8 becomes a sentence
// that says so, because a log line or a note with broken bytes helps nobody.
[[nodiscard]] std::string readable(std::string_view text, std::size_t bytes_max);

// The terminated text at `text` if it is UTF-8 and at most `bytes_max` bytes long.
[[nodiscard]] std::optional<std::string> bounded_text(char const* text, std::size_t bytes_max);

}  // namespace crosswalk::plugin_host
