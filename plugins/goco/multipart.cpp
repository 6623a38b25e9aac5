#include "multipart.hpp"

#include <crosswalk/connector.hpp>

#include <algorithm>
#include <cstdint>

namespace crosswalk::goco {
namespace {

std::string quoted(std::string_view text) {
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

std::string safe_type(std::string_view type) {
    bool const plain = std::all_of(type.begin(), type.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    bool const has_slash = type.find('/') != std::string_view::npos;
    return plain && has_slash ? std::string(type) : "application/octet-stream";
}

// 0 to 63, or -1 for a character that is none of base64's.
int sextet(char c) {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t const at = digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

void Multipart::add_text(std::string_view name, std::string_view value) {
    parts_.push_back({"Content-Disposition: form-data; name=" + quoted(name), std::string(value)});
}

void Multipart::add_file(std::string_view name, std::string_view file_name, std::string_view content_type,
                         std::string_view content) {
    parts_.push_back({"Content-Disposition: form-data; name=" + quoted(name) + "; filename=" + quoted(file_name) +
                          "\r\nContent-Type: " + safe_type(content_type),
                      std::string(content)});
}

std::string Multipart::boundary() const {
    for (std::uint64_t number = 0;; ++number) {
        std::string candidate = "crosswalk-form-" + std::to_string(number);
        bool const taken = std::any_of(parts_.begin(), parts_.end(), [&](Part const& part) {
            return part.content.find(candidate) != std::string::npos || part.head.find(candidate) != std::string::npos;
        });
        if (!taken) {
            return candidate;
        }
    }
}

std::string Multipart::content_type() const {
    return "multipart/form-data; boundary=" + boundary();
}

std::string Multipart::bytes() const {
    std::string const line = "--" + boundary();
    std::string out;
    for (Part const& part : parts_) {
        out += line + "\r\n" + part.head + "\r\n\r\n" + part.content + "\r\n";
    }
    return out + line + "--\r\n";
}

std::string decode_base64(std::string_view text) {
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string_view const digits = text.substr(0, text.size() - padding);
    std::string out;
    out.reserve(digits.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    bool valid = text.size() % 4 == 0;
    for (char const c : digits) {
        int const value = sextet(c);
        valid = valid && value >= 0;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value & 63);
        if (++count == 4) {
            out += {static_cast<char>(bits >> 16U), static_cast<char>(bits >> 8U), static_cast<char>(bits)};
            bits = 0;
            count = 0;
        }
    }
    if (!valid) {
        throw connector::Failure(CW_ERR_INVALID, "The content of the document is not base64.");
    }
    if (count == 3) {
        out += {static_cast<char>(bits >> 10U), static_cast<char>(bits >> 2U)};
    } else if (count == 2) {
        out += static_cast<char>(bits >> 4U);
    }
    return out;
}

}  // namespace crosswalk::goco
