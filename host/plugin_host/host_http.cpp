// http_send: the host makes the request, so that deadlines, rate, egress and credentials are the host's business.
#include "http/url.hpp"
#include "plugin_host/host_services.hpp"
#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::size_t url_bytes_max = 8 * 1024;
constexpr std::size_t header_bytes_max = 16 * 1024;
constexpr std::size_t headers_max = 100;
constexpr std::size_t body_bytes_max = 32 * 1024 * 1024;
// A vendor that asks for more than this is asked again after it; the delivery itself keeps the vendor's own figure.
constexpr std::chrono::minutes hold_max{15};

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

// No line breaks: one header must not become two.
bool is_header_value(std::string_view text) noexcept {
    return text.size() <= header_bytes_max && std::none_of(text.begin(), text.end(), [](char c) {
               return (static_cast<unsigned char>(c) < 0x20U && c != '\t') || c == 0x7F;
           });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// Headers that frame the message belong to whoever writes it.
bool belongs_to_host(std::string_view header) noexcept {
    static constexpr std::array<std::string_view, 4> framing{"host", "content-length", "transfer-encoding",
                                                             "connection"};
    return std::any_of(framing.begin(), framing.end(),
                       [header](std::string_view name) { return equal_ignoring_case(header, name); });
}

std::string base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    int const written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(std::max(written, 0)));
    return out;
}

// Wipes the values of Authorization headers, which hold the secret in clear.
class Wipe {
public:
    explicit Wipe(http::ClientRequest& request) noexcept : request_(request) {}
    Wipe(Wipe const&) = delete;
    Wipe& operator=(Wipe const&) = delete;
    ~Wipe() {
        for (auto& [header, value] : request_.headers) {
            if (equal_ignoring_case(header, "authorization")) {
                OPENSSL_cleanse(value.data(), value.size());
            }
        }
    }

private:
    http::ClientRequest& request_;
};

}  // namespace

// The response and the C view of it; the view points into the strings, so both stay together.
struct HostServices::LentResponse final : Lent {
    explicit LentResponse(http::ClientResponse answer) : response(std::move(answer)) {
        for (auto const& [header, value] : response.headers) {
            pairs.push_back({cw_str{header.data(), header.size()}, cw_str{value.data(), value.size()}});
        }
        raw.struct_size = sizeof raw;
        raw.status = response.status;
        raw.headers = pairs.data();
        raw.header_count = pairs.size();
        raw.body = cw_str{response.body.data(), response.body.size()};
        raw.retry_after_ms = response.retry_after ? response.retry_after->count() : -1;
        raw.owner = this;
    }
    http::ClientResponse response;
    std::vector<cw_pair> pairs;
    cw_http_response raw{};
};

Result<std::vector<std::string>> egress_hosts(std::vector<std::string> const& egress,
                                              boost::json::value const& settings) {
    static constexpr std::string_view by_setting = "setting:";
    std::vector<std::string> hosts;
    for (std::string const& entry : egress) {
        if (entry.substr(0, by_setting.size()) != by_setting) {
            hosts.push_back(entry);
            continue;
        }
        std::string const pointer = entry.substr(by_setting.size());
        boost::json::error_code error;
        boost::json::value const* found = settings.find_pointer(pointer, error);
        if (error || found == nullptr || found->is_null()) {
            continue;  // not set: the connector's fixed hosts are all there is
        }
        auto url = http::parse_url(found->is_string() ? std::string_view(found->get_string()) : std::string_view());
        if (!url) {
            return Error{ErrorCode::invalid_argument, "The setting " + pointer + ": " + url.error().detail};
        }
        hosts.push_back(std::move(url->host));
    }
    return hosts;
}

cw_status HostServices::add_headers(cw_http_request const& from, http::ClientRequest& to) {
    if (from.header_count > headers_max || (from.header_count != 0 && from.headers == nullptr)) {
        return CW_ERR_INVALID;
    }
    for (std::size_t i = 0; i < from.header_count; ++i) {
        auto const header = bytes_of(from.headers[i].name);
        auto const value = bytes_of(from.headers[i].value);
        if (!header || !value || !is_token(*header) || !is_header_value(*value) || belongs_to_host(*header)) {
            return CW_ERR_INVALID;
        }
        to.headers.emplace_back(*header, *value);
    }
    return CW_OK;
}

cw_status HostServices::add_authorization(cw_http_request const& from, http::ClientRequest& to) {
    if (from.auth == CW_AUTH_NONE) {
        return CW_OK;
    }
    auto const pointer = bytes_of(from.auth_secret);
    if (!pointer || (from.auth != CW_AUTH_BEARER && from.auth != CW_AUTH_BASIC)) {
        return CW_ERR_INVALID;
    }
    auto const keyed = vault_.find(*pointer);
    if (!keyed) {
        // Nobody can send a request without its credential: for http_send that is a matter of the settings.
        cw_status const status = secret_status(keyed.error(), *pointer);
        return status == CW_ERR_NOT_FOUND ? CW_ERR_CONFIG : status;
    }
    // Revealed to go into the one header that carries it; wiped after the request.
    std::string_view const secret = (*keyed)->secret().reveal();
    if (!is_header_value(secret)) {
        return CW_ERR_CONFIG;
    }
    if (from.auth == CW_AUTH_BEARER) {
        to.headers.emplace_back("Authorization", "Bearer ");
        to.headers.back().second.append(secret);
        return CW_OK;
    }
    std::string user(secret);
    user += ':';
    to.headers.emplace_back("Authorization", "Basic " + base64(user));
    OPENSSL_cleanse(user.data(), user.size());
    return CW_OK;
}

cw_status HostServices::wait_for_rate(cw_call const* handle, std::chrono::steady_clock::time_point deadline) {
    Result<std::chrono::milliseconds> const wait = rate_.acquire(deadline);
    if (!wait) {
        return CW_ERR_RATE_LIMITED;  // the token would come too late; nothing was sent
    }
    // Cancelled while waiting: nothing was sent either, and saying so spares a look-up after the restart.
    return wait->count() == 0 || calls_.wait(handle, *wait) ? CW_OK : CW_ERR_TRANSIENT;
}

cw_status HostServices::lend_response(http::ClientResponse response, cw_http_response const** out) {
    auto lent = std::make_unique<LentResponse>(std::move(response));
    cw_http_response const* const raw = &lent->raw;
    cw_status const status = lend(std::move(lent), raw);
    if (status == CW_OK) {
        *out = raw;
    }
    return status;
}

cw_status HostServices::http_send(Call& call, cw_call const* handle, cw_http_request const& request,
                                  cw_http_response const** out) {
    auto const method = bytes_of(request.method);
    auto const url = bytes_of(request.url);
    auto const body = bytes_of(request.body);
    if (!method || !url || !body || !is_token(*method) || method->size() > 16 || url->size() > url_bytes_max ||
        !is_header_value(*url) || (request.flags & ~CW_HTTP_IDEMPOTENT) != 0) {
        return CW_ERR_INVALID;
    }
    if (body->size() > body_bytes_max) {
        return CW_ERR_INVALID;  // TOO_LARGE speaks of an answer, after the request was applied
    }
    if (auto const allowed = egress_.check(*url); !allowed) {
        if (!egress_logged_.exchange(true)) {
            report(telemetry::Level::error, "A connector's request was refused.", call.phase, allowed.error().detail);
        }
        return allowed.error().code == ErrorCode::permission_denied ? CW_ERR_DENIED : CW_ERR_INVALID;
    }
    http::ClientRequest outgoing;
    Wipe const wipe(outgoing);
    outgoing.headers.reserve(request.header_count + 1);
    if (cw_status const status = add_headers(request, outgoing); status != CW_OK) {
        return status;
    }
    if (cw_status const status = add_authorization(request, outgoing); status != CW_OK) {
        return status;
    }
    auto const deadline = *calls_.deadline(handle);
    // Nothing leaves once the call is over, so that "may have been applied" stays rare.
    if (calls_.cancelled(handle) || clock().steady_now() >= deadline) {
        return CW_ERR_TRANSIENT;
    }
    if (cw_status const status = wait_for_rate(handle, deadline); status != CW_OK) {
        return status;
    }
    outgoing.method = *method;
    outgoing.url = *url;
    outgoing.body = *body;
    outgoing.idempotent = (request.flags & CW_HTTP_IDEMPOTENT) != 0;
    outgoing.deadline = deadline;
    outgoing.cancelled = &calls_.cancel_flag(handle);
    Result<http::ClientResponse> answer = services_.http.send(outgoing);
    if (!answer) {
        return http_status(answer.error().code, outgoing.idempotent);
    }
    if (answer->status == 429 && answer->retry_after) {
        rate_.hold_until(clock().steady_now() + std::min<std::chrono::milliseconds>(*answer->retry_after, hold_max));
    }
    return lend_response(std::move(*answer), out);
}

}  // namespace crosswalk::plugin_host
