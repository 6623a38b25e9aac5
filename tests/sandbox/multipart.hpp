// A strict reader of multipart/form-data (RFC 7578): the boundary must be named, every part must say its name, lines
// end in CRLF, and the closing boundary must be there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox {

struct Part {
    std::string name;
    std::string file_name;     // empty: a plain field
    std::string content_type;  // empty: not said
    std::string content;
};

// Nothing when the body is not well formed or has more than sixteen parts.
[[nodiscard]] std::optional<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body);

}  // namespace crosswalk::sandbox
