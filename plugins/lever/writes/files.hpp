// A file on its way into Lever: found where the record says, checked, wrapped for upload.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <cstdint>
#include <string>

namespace crosswalk::lever {

// Its content is either in `id`, a file that the host keeps and sends by itself, or in `content`.
struct File {
    std::string name;
    std::string content_type;
    std::string id = {};
    std::string content = {};
    std::int64_t size = 0;
};

// From the record's `bytes` (the id of a file), else its `content_base64`, else downloaded from its `url`.
// Failure(CW_ERR_INVALID) names what Lever would not take: a format that it does not know, more than 30 MB, nothing.
[[nodiscard]] File load_file(connector::Call& call, Api& api, json::value const& record);

// The upload as multipart/form-data with the one part `file`. `seed` makes the boundary: something that no file holds.
[[nodiscard]] Ask upload_of(connector::Call const& call, File const& file, std::string path, std::string_view seed);

}  // namespace crosswalk::lever
