// One HTTP exchange as the played vendors see it: a request taken apart, an answer not yet sent.
//
// Shape    `path` holds decoded segments from where the reader stands ("/lever/v1/users" is {"v1","users"} to Lever);
//          `target` is the whole path as it came, for the journal and for faults.
// Threads  plain values.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox {

struct Pair {
    std::string name;
    std::string value;
};

struct Request {
    std::string method;
    std::string target;
    std::vector<std::string> path = {};
    std::vector<Pair> query = {};
    std::vector<Pair> headers = {};
    std::string body = {};

    // The header's value, its name compared without case; empty when it was not sent.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;

    // "application/json" of "Application/JSON; charset=utf-8".
    [[nodiscard]] std::string media_type() const;

    [[nodiscard]] bool has_parameter(std::string_view name) const noexcept;
    // The first value of a query parameter.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;

    // The body as a JSON object; nothing when it is not one.
    [[nodiscard]] std::optional<boost::json::object> json_object() const;
};

struct Answer {
    int status = 200;
    std::string body = {};
    std::string content_type = "application/json";
    std::vector<Pair> headers = {};
};

[[nodiscard]] Answer json_answer(int status, boost::json::value const& body);

// What the control side says to a request that it cannot make sense of: {"error": why}.
[[nodiscard]] Answer control_refusal(int status, std::string_view why);

// "a/b%20c" as {"a", "b c"}; nothing when a percent sign is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::vector<std::string>> split_path(std::string_view path);
[[nodiscard]] std::optional<std::vector<Pair>> split_query(std::string_view query);

// ASCII letters only, as protocols compare them.
[[nodiscard]] std::string lower(std::string_view text);

// A decimal number and nothing else.
[[nodiscard]] std::optional<std::int64_t> parse_number(std::string_view text) noexcept;

// UTC milliseconds since 1970, as both vendors and the control side count time.
[[nodiscard]] std::int64_t now_ms() noexcept;

}  // namespace crosswalk::sandbox
