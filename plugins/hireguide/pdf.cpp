#include "pdf.hpp"

#include <crosswalk/files.hpp>

#include <algorithm>

namespace crosswalk::hireguide {
namespace {

constexpr std::string_view pdf_type = "application/pdf";
constexpr std::string_view pdf_head = "%PDF-";
constexpr std::string_view extension = ".pdf";
constexpr std::size_t name_bytes_max = 200;

[[noreturn]] void refuse(std::string_view field, std::string const& why) {
    throw Failure(CW_ERR_INVALID, "The export is refused: " + why, {{std::string(field), why}});
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                            [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_pdf_type(std::string_view type) {
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) {
        type.remove_suffix(1);
    }
    return std::equal(type.begin(), type.end(), pdf_type.begin(), pdf_type.end(),
                      [](char a, char b) { return lower(a) == b; });
}

// Scheme, host and port.
std::string_view origin_of(std::string_view url) {
    return url.substr(0, url.find('/', url.find("://") + 3));
}

// Only Hireguide itself gets the token. Whatever the address says beyond that, the contract's own path is asked.
bool is_at_hireguide(std::string_view url, std::string_view base_url) {
    if (url.starts_with('/')) {
        return !url.starts_with("//");
    }
    std::string_view const origin = origin_of(base_url);
    return url.find("://") != std::string_view::npos && url.find('@') == std::string_view::npos &&
           origin_of(url) == origin;
}

void check_content(Pdf const& stated, std::string_view head, std::int64_t size, std::string_view sha256) {
    if (size != stated.size) {
        refuse("size", "the file does not have the size that Hireguide stated.");
    }
    if (!head.starts_with(pdf_head)) {
        refuse("content_type", "the file is no PDF.");
    }
    if (sha256 != stated.sha256) {
        refuse("sha256", "the file's SHA-256 is not the one that Hireguide stated.");
    }
}

void take_content(Call& call, Pdf const& stated, std::string_view base64) {
    // Four characters carry three bytes; a longer text is not worth decoding.
    if (base64.size() / 4 * 3 > static_cast<std::size_t>(stated.size) + 3) {
        refuse("size", "the file does not have the size that Hireguide stated.");
    }
    auto const bytes = connector::decode_base64(base64);
    if (!bytes) {
        refuse("content_base64", "the content is not base64.");
    }
    check_content(stated, *bytes, static_cast<std::int64_t>(bytes->size()), call.sha256_hex(*bytes));
    (void)call.put_file(*bytes);
}

void take_download(Api const& api, Pdf const& stated, std::string const& interview_id) {
    connector::HttpResponse const response = api.download("export", {{"id", interview_id}});
    if (response.body_file.empty()) {
        throw Failure(CW_ERR_TRANSIENT, "Hireguide gave no PDF.");
    }
    std::string const head = api.call().read_file(response.body_file, 0, static_cast<std::int64_t>(pdf_head.size()));
    check_content(stated, head, response.body_file_size, response.body_file);
}

// A file that is too large for the host, gone or forbidden stays so.
Failure final_failure(Failure const& failure) {
    switch (failure.status()) {
        case CW_ERR_TOO_LARGE:
            return {CW_ERR_INVALID, "The export is refused: the file is larger than this host keeps.", {}};
        case CW_ERR_NOT_FOUND:
            return {CW_ERR_INVALID, "The export is refused: Hireguide no longer has the PDF.", {}};
        default:
            return failure;
    }
}

}  // namespace

std::string clean_name(std::string_view name) {
    if (std::size_t const slash = name.find_last_of("/\\"); slash != std::string_view::npos) {
        name.remove_prefix(slash + 1);
    }
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        auto const byte = static_cast<unsigned char>(name[i]);
        bool const c1 = byte == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0;
        if (c1) {
            ++i;  // U+0080 to U+009F are control characters as well
        } else if (byte >= 0x20 && byte != 0x7F) {
            out.push_back(name[i]);
        }
    }
    bool const has_extension =
        out.size() >= extension.size() &&
        std::equal(extension.begin(), extension.end(), out.end() - static_cast<std::ptrdiff_t>(extension.size()),
                   [](char a, char b) { return a == lower(b); });
    if (has_extension) {
        out.resize(out.size() - extension.size());
    }
    std::size_t end = std::min(out.size(), name_bytes_max - extension.size());
    while (end > 0 && end < out.size() && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    out.resize(end);
    std::size_t const first = out.find_first_not_of(" .");
    out = first == std::string::npos ? "interview" : out.substr(first, out.find_last_not_of(" .") - first + 1);
    return out.append(extension);
}

Pdf take_pdf(Api const& api, std::string const& interview_id, json::object const& file) {
    Settings const& settings = api.settings();
    Pdf pdf{clean_name(settings.text(file, "name")), std::string(settings.text(file, "sha256")), 0};
    if (!is_pdf_type(settings.text(file, "content_type"))) {
        refuse("content_type", "only application/pdf is taken.");
    }
    if (json::value const* size = settings.field(file, "size"); size != nullptr && size->is_int64()) {
        pdf.size = size->get_int64();
    }
    if (pdf.size <= 0 || !is_sha256(pdf.sha256)) {
        refuse("file", "its size or SHA-256 is missing.");
    }
    if (pdf.size > settings.max_pdf_bytes) {
        refuse("size", "the file is larger than max_pdf_bytes allows.");
    }
    std::string_view const base64 = settings.text(file, "content_base64");
    std::string_view const url = settings.text(file, "download_url");
    if (base64.empty() && !is_at_hireguide(url, settings.base_url)) {
        refuse("download_url",
               url.empty() ? "the file has neither content nor address." : "the file's address is not at Hireguide.");
    }
    try {
        base64.empty() ? take_download(api, pdf, interview_id) : take_content(api.call(), pdf, base64);
    } catch (Failure const& failure) {
        throw final_failure(failure);
    }
    return pdf;
}

}  // namespace crosswalk::hireguide
