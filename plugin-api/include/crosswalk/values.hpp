// What every connector needs before it makes a call: views of the ABI's strings, Failure, and JSON from outside.
//
// Shape    header-only, compiled into the connector; nothing of it crosses the boundary.
// Errors   a hook throws Failure to say which status, which words and which fields.
#ifndef CROSSWALK_VALUES_HPP
#define CROSSWALK_VALUES_HPP

#include <crosswalk/connector.h>

#include <boost/json.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::connector {

namespace json = boost::json;

[[nodiscard]] inline std::string_view view(cw_str text) noexcept {
    return text.len == 0 ? std::string_view{} : std::string_view{text.ptr, text.len};
}
[[nodiscard]] inline cw_str borrow(std::string_view text) noexcept {
    return cw_str{text.data(), text.size()};
}

// One field that kept a record from being accepted. `reason` holds no value of the field.
struct FieldProblem {
    std::string field;
    std::string reason;
};

// Why a hook cannot do its work. `message` is for people: what is wrong and what to do about it; it must
// hold neither secrets nor personal values.
class Failure : public std::exception {
public:
    Failure(cw_status status, std::string message, std::vector<FieldProblem> fields = {},
            std::optional<std::chrono::milliseconds> retry_after = std::nullopt)
        : status_(status), message_(std::move(message)), fields_(std::move(fields)), retry_after_(retry_after) {}

    [[nodiscard]] char const* what() const noexcept override { return message_.c_str(); }
    [[nodiscard]] cw_status status() const noexcept { return status_; }
    [[nodiscard]] std::string const& message() const noexcept { return message_; }
    [[nodiscard]] std::vector<FieldProblem> const& fields() const noexcept { return fields_; }
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }

private:
    cw_status status_;
    std::string message_;
    std::vector<FieldProblem> fields_;
    std::optional<std::chrono::milliseconds> retry_after_;
};

// Parses JSON that came from outside. Failure(CW_ERR_INVALID) names `what` when it is not JSON.
[[nodiscard]] inline json::value parse_json(std::string_view text, std::string_view what) {
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) {
        throw Failure(CW_ERR_INVALID, std::string(what) + " is not valid JSON: " + error.message());
    }
    return value;
}

// The value at a JSON Pointer, or nullptr when nothing stands there or null does: both mean "absent".
[[nodiscard]] inline json::value const* find(json::value const& root, std::string_view pointer) {
    json::error_code error;
    json::value const* found = root.find_pointer(pointer, error);
    return (error || found == nullptr || found->is_null()) ? nullptr : found;
}
// The text at a JSON Pointer; empty when it is absent or no string.
[[nodiscard]] inline std::string_view text_at(json::value const& root, std::string_view pointer) {
    json::value const* found = find(root, pointer);
    return (found != nullptr && found->is_string()) ? std::string_view(found->get_string()) : std::string_view{};
}

// Percent-encodes one query value or path segment (RFC 3986 unreserved characters stay).
[[nodiscard]] inline std::string url_encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' || byte == '~';
        if (plain) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 15U]);
        }
    }
    return out;
}

// What stands for the names of a path template. The first of a name counts.
using PathValues = std::vector<std::pair<std::string_view, std::string>>;

// A path template with each {name} replaced by its value, percent-encoded; by nothing where there is none.
[[nodiscard]] inline std::string fill_path(std::string_view path, PathValues const& values) {
    std::string out;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{')) {
        auto const close = path.find('}', open);
        if (close == std::string_view::npos) {
            break;
        }
        out.append(path.substr(0, open));
        auto const name = path.substr(open + 1, close - open - 1);
        for (auto const& [known, value] : values) {
            if (known == name) {
                out.append(url_encode(value));
                break;
            }
        }
        path.remove_prefix(close + 1);
    }
    return out.append(path);
}

}  // namespace crosswalk::connector

#endif
