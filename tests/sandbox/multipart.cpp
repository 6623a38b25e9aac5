#include "sandbox/multipart.hpp"

#include "sandbox/exchange.hpp"

namespace crosswalk::sandbox {
namespace {

constexpr std::size_t parts_max = 16;

// The value of `name` in `form-data; name="file"; filename="a \"b\".pdf"`.
std::optional<std::string> attribute(std::string_view header, std::string_view name) {
    std::string const wanted = "; " + std::string(name) + "=";
    auto const at = header.find(wanted);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    header.remove_prefix(at + wanted.size());
    if (!header.starts_with('"')) {
        return std::string(header.substr(0, header.find(';')));
    }
    std::string value;
    for (std::size_t i = 1; i < header.size(); ++i) {
        if (header[i] == '"') {
            return value;
        }
        if (header[i] == '\\' && i + 1 < header.size()) {
            ++i;
        }
        value += header[i];
    }
    return std::nullopt;
}

// Takes one header line off the front; false at the empty line that ends the headers. Nothing on a broken line.
std::optional<bool> read_header(std::string_view& rest, Part& part) {
    auto const end = rest.find("\r\n");
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view const line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (line.empty()) {
        return false;
    }
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string const name = lower(line.substr(0, colon));
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (name == "content-disposition") {
        auto const field = attribute(value, "name");
        if (!value.starts_with("form-data") || !field || field->empty()) {
            return std::nullopt;
        }
        part.name = *field;
        part.file_name = attribute(value, "filename").value_or("");
    } else if (name == "content-type") {
        part.content_type = value;
    }
    return true;
}

}  // namespace

std::optional<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body) {
    auto const boundary = attribute(content_type, "boundary");
    if (!lower(content_type).starts_with("multipart/form-data") || !boundary || boundary->empty()) {
        return std::nullopt;
    }
    std::string const opening = "--" + *boundary;
    std::string const delimiter = "\r\n" + opening;
    if (!body.starts_with(opening)) {
        return std::nullopt;
    }
    body.remove_prefix(opening.size());
    std::vector<Part> parts;
    while (body.starts_with("\r\n")) {
        body.remove_prefix(2);
        Part part;
        std::optional<bool> more = true;
        while (more && *more) {
            more = read_header(body, part);
        }
        auto const end = body.find(delimiter);
        if (!more || part.name.empty() || end == std::string_view::npos || parts.size() == parts_max) {
            return std::nullopt;
        }
        part.content = body.substr(0, end);
        parts.push_back(std::move(part));
        body.remove_prefix(end + delimiter.size());
    }
    if (body != "--" && body != "--\r\n") {
        return std::nullopt;
    }
    return parts;
}

}  // namespace crosswalk::sandbox
