// An http or https URL, taken apart once, so that the egress list and the client can never read it differently.
#pragma once

#include "model/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::http {

struct Url {
    bool secure = true;
    std::string host;  // lower case, without brackets
    std::uint16_t port = 443;
    std::string authority;  // as the Host header names it
    std::string target;     // path and query as given; "/" at least

    // 127.0.0.0/8, ::1 or localhost.
    [[nodiscard]] bool is_loopback() const;
};

// invalid_argument: not such a URL; credentials in a URL are refused. The text never repeats path or query.
[[nodiscard]] model::Result<Url> parse_url(std::string_view text);

}  // namespace crosswalk::http
