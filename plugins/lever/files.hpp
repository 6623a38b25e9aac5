// A file on its way into Lever: taken from the record, checked, wrapped for upload.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::lever {

struct File {
    std::string name;
    std::string content_type;
    std::string bytes;
};

// From the record's base64 `bytes`, else downloaded from its `url`. Failure(CW_ERR_INVALID) names what Lever would not
// take: a format that it does not know, more than 30 MB, nothing at all.
[[nodiscard]] File load_file(connector::Call& call, Api& api, json::value const& record);

// multipart/form-data with the one part `file`. The boundary is made from `seed` and does not occur in the bytes.
struct Form {
    std::string content_type;
    std::string body;
};
[[nodiscard]] Form form_of(File const& file, std::string_view seed);

// nullopt when the text is not base64 (RFC 4648 section 4, padded).
[[nodiscard]] std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace crosswalk::lever
