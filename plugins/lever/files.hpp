// A file on its way into Lever: taken from the record, checked, wrapped for upload.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>
#include <crosswalk/files.hpp>

#include <string>
#include <string_view>

namespace crosswalk::lever {

struct File {
    std::string name;
    std::string content_type;
    std::string bytes;
};

// From the record's `content_base64`, else downloaded from its `url`. Failure(CW_ERR_INVALID) names what Lever would
// not take: a format that it does not know, more than 30 MB, nothing at all.
[[nodiscard]] File load_file(connector::Call& call, Api& api, json::value const& record);

}  // namespace crosswalk::lever
