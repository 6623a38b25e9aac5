// One request and its response on one connection.
#pragma once

#include "http/channel.hpp"
#include "http/client.hpp"
#include "http/url.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace crosswalk::http {

// A request as it is sent, as often as needed: `lead`, then the file, then `tail`.
struct Message {
    std::string lead;  // head and the body's first part
    FileSource* file = nullptr;
    std::string_view tail = {};  // of the ClientRequest
};

// Headers that describe the connection or the body's length are the client's own; the request's are left out.
// invalid_argument: the method or a header is not valid.
[[nodiscard]] model::Result<Message> compose(ClientRequest const& request, Url const& url,
                                             std::string const& user_agent);

// Where a response's body goes.
struct Destination {
    bool head_request = false;  // there is none
    std::size_t body_bytes_max = 0;
    FileSink* file = nullptr;  // of a 2xx; absent: never
    std::int64_t file_bytes_max = 0;
};

struct Reply {
    Transfer how = Transfer::broken;  // done: the response is whole
    bool begun = false;               // a response had started to arrive
    bool reusable = false;            // the connection is good for another request
    std::string disk_trouble = {};    // the source or the sink failed; `how` is broken
    ClientResponse response;          // without retry_after
};

[[nodiscard]] Reply exchange(Channel& channel, Message const& message, Destination const& to);

}  // namespace crosswalk::http
