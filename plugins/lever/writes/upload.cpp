#include "writes/files.hpp"
#include <crosswalk/files.hpp>

#include <algorithm>
#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::HttpResponse;
using connector::text_at;

namespace {

constexpr std::int64_t file_bytes_max = 30'000'000;
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

// Where the content is; answers the record's field that names it.
std::string find_content(Call& call, Api& api, json::value const& record, File& file) {
    if (std::string_view const id = text_at(record, "/bytes"); !id.empty()) {
        std::optional<std::int64_t> const size = call.file_size(id);
        if (!size) {
            refuse("bytes", "names a file that this host no longer keeps");
        }
        file.id = id;
        file.size = *size;
        return "bytes";
    }
    if (std::string_view const text = text_at(record, "/content_base64"); !text.empty()) {
        std::optional<std::string> decoded = connector::decode_base64(text);
        if (!decoded) {
            refuse("content_base64", "is not base64");
        }
        file.content = std::move(*decoded);
        file.size = static_cast<std::int64_t>(file.content.size());
        return "content_base64";
    }
    file.content = downloaded(call, api, std::string(text_at(record, "/url")));
    file.size = static_cast<std::int64_t>(file.content.size());
    return "url";
}

// As browsers write it.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"') {
            out += "%22";
        } else if (c == '\r' || c == '\n') {
            out += c == '\r' ? "%0D" : "%0A";
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace

File load_file(Call& call, Api& api, json::value const& record) {
    File file{std::string(text_at(record, "/file_name")), std::string(text_at(record, "/content_type"))};
    check_name(file.name);
    check_content_type(file.content_type);
    std::string const field = find_content(call, api, record, file);
    if (file.size == 0) {
        refuse(field, "is empty");
    }
    if (file.size > file_bytes_max) {
        refuse(field, "is more than 30 MB");
    }
    return file;
}

Ask upload_of(Call const& call, File const& file, std::string path, std::string_view seed) {
    // A digest of what no file can know stands in no file by accident, so the content need not be searched for it.
    std::string const boundary = "crosswalk-" + call.sha256_hex(seed).substr(0, 32);
    Ask ask;
    ask.method = "POST";
    ask.path = std::move(path);
    ask.body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=" + quoted(file.name) +
               "\r\nContent-Type: " + file.content_type + "\r\n\r\n";
    ask.content_type = "multipart/form-data; boundary=" + boundary;
    std::string const tail = "\r\n--" + boundary + "--\r\n";
    if (file.id.empty()) {
        ask.body += file.content;
        ask.body += tail;
    } else {
        ask.body_file = file.id;
        ask.body_tail = tail;
    }
    return ask;
}

}  // namespace crosswalk::lever
