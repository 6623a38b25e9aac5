// Structured logs: one JSON object a line, "message" a fixed sentence, facts as keys.
//
// Shape    {"time":"…","level":"warn","message":"Delivery failed.","connector":"lever","attempt":3}
// Errors   logging never fails a caller; a line that cannot be written is counted in lost().
// Threads  safe from any thread; a line is written whole.
// Owner    the sink outlives the Logger.
// Privacy  field values of type model::Secret do not compile; keys in the redacted set (name, email, phone, title,
//          token, authorization, body and the like) are written as "[redacted]" whatever they hold.
#pragma once

#include "model/clock.hpp"

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>

namespace crosswalk::telemetry {

enum class Level : std::uint8_t { debug = 1, info = 2, warn = 3, error = 4 };

// "debug" … "error"; parse_level falls back to info for any other text.
[[nodiscard]] std::string_view name(Level level) noexcept;
[[nodiscard]] Level parse_level(std::string_view text) noexcept;

using Value = std::variant<std::string_view, std::int64_t, double, bool>;
struct Field {
    std::string_view key;
    Value value;

    Field(std::string_view k, std::string_view v) : key(k), value(v) {}
    Field(std::string_view k, char const* v) : key(k), value(std::string_view(v)) {}
    Field(std::string_view k, std::string const& v) : key(k), value(std::string_view(v)) {}
    Field(std::string_view k, bool v) : key(k), value(v) {}
    Field(std::string_view k, double v) : key(k), value(v) {}
    template <std::integral T>
    Field(std::string_view k, T v) : key(k), value(static_cast<std::int64_t>(v)) {}
};

class Logger {
public:
    Logger(std::ostream& sink, model::Clock const& clock, Level threshold = Level::info) noexcept
        : sink_(sink), clock_(clock), threshold_(threshold) {}
    Logger(Logger const&) = delete;
    Logger& operator=(Logger const&) = delete;

    [[nodiscard]] bool enabled(Level level) const noexcept { return level >= threshold_; }
    void log(Level level, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;
    // `fields_json` is a JSON object that came from a connector; it is redacted by the same keys.
    void log_json(Level level, std::string_view message, std::initializer_list<Field> fields,
                  std::string_view fields_json) noexcept;
    void debug(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
        log(Level::debug, message, fields);
    }
    void info(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
        log(Level::info, message, fields);
    }
    void warn(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
        log(Level::warn, message, fields);
    }
    void error(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
        log(Level::error, message, fields);
    }
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

private:
    void write(std::string line) noexcept;

    std::ostream& sink_;
    model::Clock const& clock_;
    Level const threshold_;
    std::atomic<std::uint64_t> lost_{0};
    std::mutex mutex_;  // guards sink_
};

// Is a value under this key personal or secret, so that it must not be logged?
[[nodiscard]] bool is_redacted(std::string_view key) noexcept;

}  // namespace crosswalk::telemetry
