#include "conformance/profiles/signed_callback.hpp"

#include "sandbox/greenhouse/signature.hpp"

#include <chrono>

namespace crosswalk::conformance {

std::string callback_signature(std::string_view secret, Inbound const& request) {
    return "v1=" + sandbox::greenhouse::hmac_hex(secret, request.headers[timestamp_header].second + "." + request.body);
}

Inbound signed_callback(std::string_view secret, json::object const& body) {
    using namespace std::chrono;
    Inbound request{json::serialize(body),
                    {{"content-type", "application/json"},
                     {"x-integration-event-id", std::string(body.at("id").as_string())},
                     {"x-integration-timestamp",
                      std::to_string(duration_cast<seconds>(system_clock::now().time_since_epoch()).count())},
                     {"x-integration-signature", ""}}};
    request.headers[signature_header].second = callback_signature(secret, request);
    return request;
}

std::vector<Forgery> callback_forgeries() {
    return {{"one byte more", [](Inbound& request) { request.body += ' '; }},
            {"no signature", [](Inbound& request) { request.headers.pop_back(); }},
            {"another time", [](Inbound& request) { request.headers[timestamp_header].second.back() ^= 1; }},
            {"another secret", [](Inbound& request) {
                 request.headers[signature_header].second = callback_signature("another", request);
             }}};
}

}  // namespace crosswalk::conformance
