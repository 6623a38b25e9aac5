#include "telemetry/log.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace crosswalk::telemetry {
namespace {

constexpr std::size_t line_bytes_max = 16 * 1024;
constexpr std::string_view redacted = "[redacted]";

// Sorted. Keys are compared in lower case; a key that ends in one of these words after '_' counts too.
constexpr std::array<std::string_view, 28> personal_keys{
    "address", "amount",   "api_key",    "authorization", "body",    "cookie",         "dedupe_key",
    "email",   "emails",   "first_name", "full_name",     "key",     "last_name",      "name",
    "note",    "password", "phone",      "phones",        "payload", "personal_email", "personal_phone",
    "record",  "salary",   "secret",     "signature",     "text",    "title",          "token"};

void append_value(std::string& line, Value const& value) {
    if (auto const* text = std::get_if<std::string_view>(&value)) {
        line += boost::json::serialize(boost::json::string_view(text->data(), text->size()));
    } else if (auto const* number = std::get_if<std::int64_t>(&value)) {
        line += std::to_string(*number);
    } else if (auto const* real = std::get_if<double>(&value)) {
        line += boost::json::serialize(boost::json::value(*real));
    } else {
        line += std::get<bool>(value) ? "true" : "false";
    }
}

void append_field(std::string& line, std::string_view key, Value const& value) {
    line += ',';
    line += boost::json::serialize(boost::json::string_view(key.data(), key.size()));
    line += ':';
    append_value(line, is_redacted(key) ? Value(redacted) : value);
}

void redact(boost::json::value& value) {
    if (value.is_object()) {
        for (auto& member : value.get_object()) {
            if (is_redacted(member.key())) {
                member.value() = redacted.data();
            } else {
                redact(member.value());
            }
        }
    } else if (value.is_array()) {
        for (auto& element : value.get_array()) {
            redact(element);
        }
    }
}

}  // namespace

std::string_view name(Level level) noexcept {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
        case Level::info:
            break;
    }
    return "info";
}

Level parse_level(std::string_view text) noexcept {
    for (Level const level : {Level::debug, Level::warn, Level::error}) {
        if (text == name(level)) {
            return level;
        }
    }
    return Level::info;
}

bool is_redacted(std::string_view key) noexcept {
    std::array<char, 64> lower{};
    if (key.size() > lower.size()) {
        return false;
    }
    std::transform(key.begin(), key.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::string_view const folded(lower.data(), key.size());
    return std::find(personal_keys.begin(), personal_keys.end(), folded) != personal_keys.end();
}

void Logger::log(Level level, std::string_view message, std::initializer_list<Field> fields) noexcept {
    log_json(level, message, fields, {});
}

void Logger::log_json(Level level, std::string_view message, std::initializer_list<Field> fields,
                      std::string_view fields_json) noexcept {
    if (!enabled(level)) {
        return;
    }
    try {
        std::string line = "{\"time\":\"" + model::to_rfc3339(clock_.now()) + "\",\"level\":\"";
        line += name(level);
        line += "\",\"message\":";
        append_value(line, message);
        for (Field const& field : fields) {
            append_field(line, field.key, field.value);
        }
        if (!fields_json.empty()) {
            boost::json::error_code error;
            boost::json::value extra = boost::json::parse(fields_json, error);
            if (!error && extra.is_object() && !extra.get_object().empty()) {
                redact(extra);
                std::string const text = boost::json::serialize(extra);
                line += ",\"fields\":" + text;
            }
        }
        line += "}\n";
        if (line.size() > line_bytes_max) {
            line = "{\"time\":\"" + model::to_rfc3339(clock_.now()) +
                   "\",\"level\":\"warn\",\"message\":\"A log line was too long and was left out.\",\"bytes\":" +
                   std::to_string(line.size()) + "}\n";
        }
        write(std::move(line));
    } catch (...) {
        lost_.fetch_add(1, std::memory_order_relaxed);
    }
}

void Logger::write(std::string line) noexcept {
    try {
        std::lock_guard const lock(mutex_);
        sink_.write(line.data(), static_cast<std::streamsize>(line.size()));
        sink_.flush();
        if (sink_.good()) {
            return;
        }
        sink_.clear();
    } catch (...) {
        // Counted below, like a sink that refuses.
    }
    lost_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace crosswalk::telemetry
