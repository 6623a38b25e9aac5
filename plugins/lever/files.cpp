#include "files.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::HttpResponse;
using connector::text_at;

namespace {

constexpr std::size_t file_bytes_max = 30'000'000;
constexpr std::array<std::string_view, 7> formats = {"docx", "doc", "js", "jpg", "png", "pdf", "txt"};

[[noreturn]] void refuse(std::string const& field, std::string const& why) {
    throw Failure(CW_ERR_INVALID, "Lever would not take the file: " + field + " " + why + ".", {{field, why}});
}

void check_name(std::string const& name) {
    std::size_t const dot = name.rfind('.');
    std::string format = dot == std::string::npos ? std::string() : name.substr(dot + 1);
    std::transform(format.begin(), format.end(), format.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
        refuse("file_name", "must end in docx, doc, js, jpg, png, pdf or txt");
    }
}

void check_content_type(std::string_view type) {
    if (type.empty() || std::any_of(type.begin(), type.end(), [](char c) { return c < ' ' || c > '~'; })) {
        refuse("content_type", "is no media type");
    }
}

std::string downloaded(Call& call, Api& api, std::string const& url) {
    HttpResponse response;
    try {
        response = api.download(call, url);
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_DENIED) {
            refuse("url", "leads to a host that this connection may not talk to");
        }
        if (failure.status() == CW_ERR_TOO_LARGE) {
            refuse("url", "leads to a file of more than 30 MB");
        }
        // Nothing was sent to Lever yet.
        throw Failure(CW_ERR_TRANSIENT, "The file could not be fetched.");
    }
    if (response.status >= 500 || response.status == 429) {
        throw Failure(CW_ERR_TRANSIENT, "The file cannot be fetched now (" + std::to_string(response.status) + ").");
    }
    if (response.status != 200) {
        refuse("url", "no longer leads to a file (" + std::to_string(response.status) + ")");
    }
    return std::move(response.body);
}

// RFC 7578 names the file in UTF-8; quotes and line ends are escaped as browsers do.
std::string quoted(std::string_view name) {
    std::string out = "\"";
    for (char const c : name) {
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

int digit_of(char c) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t const at = digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::optional<std::string> base64_decoded(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const c : text) {
        int const digit = digit_of(c);
        if (digit < 0) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>((bits >> held) & 0xFFU));
        }
    }
    // What is left over belongs to the padding and must be zero, or two texts would mean the same bytes.
    return (bits & ((1U << held) - 1U)) == 0 ? std::optional(std::move(out)) : std::nullopt;
}

File load_file(Call& call, Api& api, json::value const& record) {
    File file{std::string(text_at(record, "/file_name")), std::string(text_at(record, "/content_type")), {}};
    check_name(file.name);
    check_content_type(file.content_type);
    if (std::string_view const bytes = text_at(record, "/bytes"); !bytes.empty()) {
        std::optional<std::string> decoded = base64_decoded(bytes);
        if (!decoded) {
            refuse("bytes", "is not base64");
        }
        file.bytes = std::move(*decoded);
    } else {
        file.bytes = downloaded(call, api, std::string(text_at(record, "/url")));
    }
    if (file.bytes.empty()) {
        refuse("bytes", "is empty");
    }
    if (file.bytes.size() > file_bytes_max) {
        refuse("bytes", "is more than 30 MB");
    }
    return file;
}

Form form_of(File const& file, std::string_view seed) {
    std::string boundary = "crosswalk-" + std::string(seed);
    while (file.bytes.find(boundary) != std::string::npos) {
        boundary += 'x';
    }
    Form form{"multipart/form-data; boundary=" + boundary, {}};
    form.body.reserve(file.bytes.size() + 400);
    form.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=" + quoted(file.name) +
                 "\r\nContent-Type: " + file.content_type + "\r\n\r\n";
    form.body += file.bytes;
    form.body += "\r\n--" + boundary + "--\r\n";
    return form;
}

}  // namespace crosswalk::lever
