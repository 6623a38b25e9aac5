// Files on their way through a connector: the base64 that they travel in, and the form that they are uploaded with.
//
// Shape    header-only, like connector.hpp; for C++ connectors that carry attachments.
// Errors   none are thrown; decode_base64 gives nothing for what is not base64.
// Threads  functions are safe from any thread; a Form is a value.
// Source   RFC 4648 section 4 for base64, padded; RFC 7578 for the form, with names escaped as browsers do.
#ifndef CROSSWALK_FILES_HPP
#define CROSSWALK_FILES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::connector {

namespace detail {
inline constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

[[nodiscard]] inline std::string encode_base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::size_t const count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = (bits << 8U) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out.push_back(k <= count ? detail::base64_digits[(bits >> (18U - 6U * k)) & 63U] : '=');
        }
    }
    return out;
}

// Nothing when the text is not base64: wrong characters, wrong length, or bits in the padding, so that no two texts
// mean the same bytes.
[[nodiscard]] inline std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
        text.remove_suffix(1);
    }
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const c : text) {
        std::size_t const digit = detail::base64_digits.find(c);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>((bits >> held) & 0xFFU));
        }
    }
    return (bits & ((1U << held) - 1U)) == 0 ? std::optional(std::move(out)) : std::nullopt;
}

// A multipart/form-data body. content_type(), body() and pieces() agree on a boundary that occurs in no part.
class Form {
public:
    // The body in the order of HttpRequest's body, body_file and body_tail; without a kept file all of it is `body`.
    struct Pieces {
        std::string body;
        std::string file;  // id
        std::string tail;
    };

    void add_text(std::string_view name, std::string_view value) {
        parts_.push_back({"Content-Disposition: form-data; name=" + quoted(name), std::string(value)});
    }
    // A content type that could break the header is sent as application/octet-stream.
    void add_file(std::string_view name, std::string_view file_name, std::string_view content_type, std::string bytes) {
        parts_.push_back({"Content-Disposition: form-data; name=" + quoted(name) + "; filename=" + quoted(file_name) +
                              "\r\nContent-Type: " + safe_type(content_type),
                          std::move(bytes)});
    }

    // A file that the host keeps, by its id; it never passes through the connector. At most one of a form.
    void add_kept_file(std::string_view name, std::string_view file_name, std::string_view content_type,
                       std::string_view id) {
        add_file(name, file_name, content_type, {});
        parts_.back().file = id;
    }

    [[nodiscard]] std::string content_type() const { return "multipart/form-data; boundary=" + boundary(); }
    // Of a form without a kept file.
    [[nodiscard]] std::string body() const { return pieces().body; }
    [[nodiscard]] Pieces pieces() const {
        std::string const line = "--" + boundary();
        std::size_t size = line.size() + 4;
        for (Part const& part : parts_) {
            size += line.size() + part.head.size() + part.content.size() + 8;
        }
        Pieces out;
        out.body.reserve(size);
        std::string* at = &out.body;
        for (Part const& part : parts_) {
            at->append(line).append("\r\n").append(part.head).append("\r\n\r\n").append(part.content);
            if (!part.file.empty()) {
                out.file = part.file;
                at = &out.tail;
            }
            at->append("\r\n");
        }
        at->append(line).append("--\r\n");
        return out;
    }

private:
    struct Part {
        std::string head;
        std::string content;
        std::string file = {};  // id; `content` is empty then
    };

    [[nodiscard]] std::string boundary() const {
        // No file can hold its own digest, so a boundary made with it occurs in no kept file.
        std::string prefix = "crosswalk-form-";
        for (Part const& part : parts_) {
            prefix += part.file.substr(0, 32);
            prefix += part.file.empty() ? "" : "-";
        }
        for (std::uint64_t number = 0;; ++number) {
            std::string candidate = prefix + std::to_string(number);
            bool const taken = std::any_of(parts_.begin(), parts_.end(), [&](Part const& part) {
                return part.content.find(candidate) != std::string::npos ||
                       part.head.find(candidate) != std::string::npos;
            });
            if (!taken) {
                return candidate;
            }
        }
    }
    static std::string quoted(std::string_view text) {
        std::string out = "\"";
        for (char const c : text) {
            switch (c) {
                case '"':
                    out += "%22";
                    break;
                case '\r':
                    out += "%0D";
                    break;
                case '\n':
                    out += "%0A";
                    break;
                default:
                    out += c;
            }
        }
        return out + '"';
    }
    static std::string safe_type(std::string_view type) {
        bool const plain = std::all_of(type.begin(), type.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
        bool const has_slash = type.find('/') != std::string_view::npos;
        return plain && has_slash ? std::string(type) : "application/octet-stream";
    }

    std::vector<Part> parts_;
};

}  // namespace crosswalk::connector

#endif
