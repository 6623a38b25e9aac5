// Small facts about texts that HRLogics' contract and the canonical model state.
#pragma once

#include <crosswalk/connector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::hrlogics {

namespace json = boost::json;

// "pre-qualified", "Pre_Qualified" and " PRE  QUALIFIED " as "pre qualified": how the contract compares statuses.
[[nodiscard]] std::string folded(std::string_view status);

// local@domain and nothing around it.
[[nodiscard]] bool is_email(std::string_view text) noexcept;

// Milliseconds of an RFC 3339 time; nullopt when it is none.
[[nodiscard]] std::optional<std::int64_t> unix_ms_of(std::string_view time);
// "2026-11-21T21:30:00Z"
[[nodiscard]] std::string time_of(std::int64_t unix_ms);

// The id at a JSON Pointer, which may be written as text or as a whole number; empty when there is none, or when it is
// longer than any id of a vendor.
[[nodiscard]] std::string id_at(json::value const& root, std::string_view pointer);

// Writes a value at a JSON Pointer and makes the objects on the way to it; false when something else stands there.
[[nodiscard]] bool set_at(json::object& root, std::string_view pointer, json::value value);

}  // namespace crosswalk::hrlogics
