#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/errors.hpp"
#include "sandbox/greenhouse/signature.hpp"

namespace crosswalk::sandbox::greenhouse {

// The link is all the right there is. A credential sent along is refused: the file host is not Greenhouse's, and no key
// has any business there.
Answer call_files(State& state, Request const& request, std::span<std::string const> path) {
    std::int64_t const id = path.size() == 2 ? parse_number(path.front()).value_or(0) : 0;
    auto const expires = request.parameter("Expires");
    auto const signature = request.parameter("Signature");
    if (id == 0 || request.method != "GET") {
        return file_refusal(404, "NoSuchKey", "The specified key does not exist.");
    }
    if (!request.header("Authorization").empty()) {
        return file_refusal(400, "InvalidArgument", "Only one auth mechanism allowed");
    }
    if (!expires || !signature || hmac_hex(state.link_secret, path.front() + "." + *expires) != *signature) {
        return file_refusal(403, "SignatureDoesNotMatch", "The request signature does not match.");
    }
    if (parse_number(*expires).value_or(0) <= now_ms()) {
        return file_refusal(403, "AccessDenied", "Request has expired");
    }
    auto const document = state.documents.find(id);
    if (document == state.documents.end()) {
        return file_refusal(404, "NoSuchKey", "The specified key does not exist.");
    }
    return {.status = 200, .body = document->second.content, .content_type = document->second.content_type};
}

}  // namespace crosswalk::sandbox::greenhouse
