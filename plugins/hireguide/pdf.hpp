// The PDF of an export: checked, and handed to the host as a file.
#pragma once

#include "api.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::hireguide {

struct Pdf {
    std::string name;    // without path parts and control characters
    std::string sha256;  // and so the id of the file
    std::int64_t size = 0;
};

// From `content_base64` of the callback's `file`, else downloaded from Hireguide when `download_url` is an address
// there. Failure(CW_ERR_INVALID) says in words what is wrong: another type or content, another size or digest than
// stated, more than max_pdf_bytes, an address elsewhere. Nothing is kept then, unless only a downloaded file shows it.
[[nodiscard]] Pdf take_pdf(Api const& api, std::string const& interview_id, json::object const& file);

// The last part of a path, without control characters, ending in ".pdf", at most 200 bytes long.
[[nodiscard]] std::string clean_name(std::string_view name);

}  // namespace crosswalk::hireguide
