// One request and its response on one connection.
#pragma once

#include "http/channel.hpp"
#include "http/client.hpp"
#include "http/url.hpp"

#include <cstddef>
#include <string>

namespace crosswalk::http {

// Head and body as they are sent. Headers that describe the connection or the body's length are the client's own;
// the request's are left out. invalid_argument: the method or a header is not valid.
[[nodiscard]] model::Result<std::string> compose(ClientRequest const& request, Url const& url,
                                                 std::string const& user_agent);

struct Reply {
    Transfer how = Transfer::broken;  // done: the response is whole
    bool begun = false;               // a response had started to arrive
    bool reusable = false;            // the connection is good for another request
    ClientResponse response;          // without retry_after
};

[[nodiscard]] Reply exchange(Channel& channel, std::string const& message, bool head_request,
                             std::size_t body_bytes_max);

}  // namespace crosswalk::http
