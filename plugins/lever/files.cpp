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

}  // namespace

File load_file(Call& call, Api& api, json::value const& record) {
    File file{std::string(text_at(record, "/file_name")), std::string(text_at(record, "/content_type")), {}};
    check_name(file.name);
    check_content_type(file.content_type);
    if (std::string_view const bytes = text_at(record, "/content_base64"); !bytes.empty()) {
        std::optional<std::string> decoded = connector::decode_base64(bytes);
        if (!decoded) {
            refuse("content_base64", "is not base64");
        }
        file.bytes = std::move(*decoded);
    } else {
        file.bytes = downloaded(call, api, std::string(text_at(record, "/url")));
    }
    if (file.bytes.empty()) {
        refuse("content_base64", "is empty");
    }
    if (file.bytes.size() > file_bytes_max) {
        refuse("content_base64", "is more than 30 MB");
    }
    return file;
}

}  // namespace crosswalk::lever
