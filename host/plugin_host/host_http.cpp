// http_send: the host makes the request, so that deadlines, rate, egress and credentials are the host's business.
#include "http/url.hpp"
#include "plugin_host/digest.hpp"
#include "plugin_host/host_services.hpp"
#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
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

std::string bearer(std::string_view secret) {
    std::string value("Bearer ");
    value.append(secret);
    return value;
}

bool is_idempotent(http::ClientRequest const& request) noexcept {
    return request.idempotent || request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
}

}  // namespace

// Wipes its secrets at the end; a download that nobody took over goes with it.
struct HostServices::Outgoing {
    Outgoing() = default;
    Outgoing(Outgoing const&) = delete;
    Outgoing& operator=(Outgoing const&) = delete;
    ~Outgoing() {
        for (auto& [header, value] : request.headers) {
            if (equal_ignoring_case(header, "authorization")) {
                OPENSSL_cleanse(value.data(), value.size());
            }
        }
    }
    // The one header that carries the credential; a second call replaces it.
    void authorize(std::string value) {
        if (!authorization) {
            authorization = request.headers.size();
            request.headers.emplace_back("Authorization", std::string());
        }
        std::string& header = request.headers[*authorization].second;
        OPENSSL_cleanse(header.data(), header.size());
        header = std::move(value);
    }

    http::ClientRequest request;
    std::unique_ptr<http::FileSource> source;   // of request.body_file
    std::unique_ptr<Files::Incoming> incoming;  // of request.to_file
    std::optional<std::size_t> authorization;   // index into the headers
    model::Secret token;                        // with CW_AUTH_OAUTH
    std::string credential;                     // the digest of a secret; tells only whether two are the same
};

// The response and the C view of it; the view points into the strings, so both stay together.
struct HostServices::LentResponse final : Lent {
    LentResponse(http::ClientResponse answer, std::string file_id)
        : response(std::move(answer)), file(std::move(file_id)) {
        for (auto const& [header, value] : response.headers) {
            pairs.push_back({borrow(header), borrow(value)});
        }
        raw.struct_size = sizeof raw;
        raw.status = response.status;
        raw.headers = pairs.data();
        raw.header_count = pairs.size();
        raw.body = borrow(response.body);
        raw.retry_after_ms = response.retry_after ? response.retry_after->count() : -1;
        raw.owner = this;
        raw.body_file = borrow(file);
        raw.body_file_size = file.empty() ? 0 : response.file_size;
    }
    http::ClientResponse response;
    std::string file;
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

cw_status HostServices::add_authorization(cw_http_request const& from, Outgoing& to) {
    switch (from.auth) {
        case CW_AUTH_NONE:
            return CW_OK;
        case CW_AUTH_BEARER:
        case CW_AUTH_BASIC:
            return add_secret(from, to);
        case CW_AUTH_OAUTH:
            return services_.access_tokens == nullptr ? CW_ERR_UNSUPPORTED
                                                      : add_token(services_.access_tokens->current(), to);
        default:
            return CW_ERR_INVALID;
    }
}

cw_status HostServices::add_secret(cw_http_request const& from, Outgoing& to) {
    auto const pointer = bytes_of(from.auth_secret);
    if (!pointer) {
        return CW_ERR_INVALID;
    }
    auto const keyed = vault_.find(*pointer);
    if (!keyed) {
        // Nobody can send a request without its credential: for http_send that is a matter of the settings.
        cw_status const status = secret_status(keyed.error(), *pointer);
        return status == CW_ERR_NOT_FOUND ? CW_ERR_CONFIG : status;
    }
    // Revealed to go into the one header that carries it; wiped after the request.
    std::string_view const secret = keyed->current->secret().reveal();
    if (!is_header_value(secret)) {
        return CW_ERR_CONFIG;
    }
    to.credential = sha256_hex(secret);
    if (from.auth == CW_AUTH_BEARER) {
        to.authorize(bearer(secret));
        return CW_OK;
    }
    std::string user(secret);
    user += ':';
    to.authorize("Basic " + base64(user));
    OPENSSL_cleanse(user.data(), user.size());
    return CW_OK;
}

// Whatever is wrong with the token, nothing was sent, or nothing but what the vendor answered with 401.
cw_status HostServices::add_token(Result<model::Secret> token, Outgoing& to) {
    // Revealed to go into the one header that carries it; wiped after the request.
    if (token && is_header_value(token->reveal())) {
        to.authorize(bearer(token->reveal()));
        to.token = std::move(*token);
        return CW_OK;
    }
    if (may_log_line()) {
        services_.logger.warn("A connection's access token could not be had.",
                              {{"connector", connector_},
                               {"connection", services_.connection},
                               {"error", token ? std::string("it fits into no header") : token.error().detail}});
    }
    switch (token ? ErrorCode::failed_precondition : token.error().code) {
        case ErrorCode::unauthenticated:
            return CW_ERR_AUTH;
        case ErrorCode::failed_precondition:
        case ErrorCode::invalid_argument:
            return CW_ERR_CONFIG;
        case ErrorCode::unsupported:
            return CW_ERR_UNSUPPORTED;
        default:
            return CW_ERR_TRANSIENT;
    }
}

cw_status HostServices::add_files(cw_http_request const& from, Outgoing& to) {
    auto const file = bytes_of(from.body_file);
    auto const tail = bytes_of(from.body_tail);
    if (!file || !tail || tail->size() > body_bytes_max - to.request.body.size()) {
        return CW_ERR_INVALID;
    }
    to.request.body_tail = *tail;
    if (!file->empty()) {
        auto found = found_file(*file);
        if (!found) {
            return stored_status(found.error().code);
        }
        to.source = std::move(*found);
        to.request.body_file = to.source.get();
    }
    if ((from.flags & CW_HTTP_TO_FILE) != 0) {
        if (services_.files == nullptr) {
            return CW_ERR_UNSUPPORTED;
        }
        auto incoming = services_.files->incoming();
        if (!incoming) {
            return stored_status(incoming.error().code);
        }
        to.incoming = std::move(*incoming);
        to.request.to_file = to.incoming.get();
        to.request.file_bytes_max = services_.files->bytes_max();
    }
    return CW_OK;
}

// Vendors count by credential, so connections with the same one share a bucket; a request that names none counts for
// its connection alone, and so does OAuth, where every connection has a consent of its own.
std::shared_ptr<http::RateLimiter> HostServices::limiter_of(Outgoing const& outgoing) {
    auto const url = http::parse_url(outgoing.request.url);
    std::string const who = outgoing.credential.empty() ? "of " + services_.connection : outgoing.credential;
    http::RateLimiters& rates = services_.rates == nullptr ? own_rates_ : *services_.rates;
    return rates.at(connector_ + '\n' + (url ? url->authority : std::string()) + '\n' + who, requests_per_second_,
                    requests_burst_);
}

Result<void> HostServices::wait_for_rate(cw_call const* handle, http::RateLimiter& rate,
                                         std::chrono::steady_clock::time_point deadline) {
    while (true) {
        auto const round = rate.round();
        Result<std::chrono::milliseconds> const wait = rate.acquire(deadline);
        if (!wait) {
            return Error{ErrorCode::rate_limited,
                         "The token would come after the deadline; nothing was sent.",
                         {},
                         wait.error().retry_after_ms};
        }
        if (wait->count() == 0) {
            return {};
        }
        // Cancelled while waiting: nothing was sent either, and saying so spares a look-up after the restart.
        if (!calls_.wait(handle, *wait)) {
            rate.give_back();
            return Error{ErrorCode::unavailable, "The call was cancelled before anything was sent."};
        }
        if (rate.round() == round) {
            return {};
        }
        rate.give_back();  // meanwhile the vendor asked everybody to wait; the deadline ends this loop
    }
}

Result<http::ClientResponse> HostServices::send_once(cw_call const* handle, Outgoing& outgoing) {
    auto const deadline = *calls_.deadline(handle);
    // Nothing leaves once the call is over, so that "may have been applied" stays rare.
    if (calls_.cancelled(handle) || clock().steady_now() >= deadline) {
        return Error{ErrorCode::unavailable, "The call ended before anything was sent."};
    }
    auto const rate = limiter_of(outgoing);
    if (auto const waited = wait_for_rate(handle, *rate, deadline); !waited) {
        return waited.error();
    }
    outgoing.request.deadline = deadline;
    outgoing.request.cancelled = &calls_.cancel_flag(handle);
    Result<http::ClientResponse> answer = services_.http.send(outgoing.request);
    if (!answer) {
        rate->unanswered();
        return answer;
    }
    bool const obeyed =
        rate->learn(http::rate_advice(answer->status, answer->headers, answer->retry_after, clock().now()));
    if (!obeyed && may_log_line()) {
        services_.logger.warn("A vendor asked for a longer pause than is obeyed.",
                              {{"connector", connector_},
                               {"connection", services_.connection},
                               {"obeyed_s", std::chrono::seconds(http::RateLimiter::hold_max).count()}});
    }
    return answer;
}

cw_status HostServices::lend_response(http::ClientResponse response, Outgoing& outgoing, cw_http_response const** out) {
    std::string file;
    if (outgoing.incoming && response.status / 100 == 2) {
        Result<std::string> kept = outgoing.incoming->keep();
        if (!kept) {
            // The vendor did what was asked; only what it sent could not be kept.
            return is_idempotent(outgoing.request) ? stored_status(kept.error().code) : CW_ERR_INTERNAL;
        }
        file = std::move(*kept);
    }
    auto lent = std::make_unique<LentResponse>(std::move(response), std::move(file));
    cw_http_response const* const raw = &lent->raw;
    cw_status const status = lend(std::move(lent), raw);
    if (status == CW_OK) {
        *out = raw;
    }
    return status;
}

// Checks everything that can be known before a credential is fetched.
cw_status HostServices::begin_request(Call& call, cw_http_request const& from, Outgoing& to) {
    auto const method = bytes_of(from.method);
    auto const url = bytes_of(from.url);
    auto const body = bytes_of(from.body);
    if (!method || !url || !body || !is_token(*method) || method->size() > 16 || url->size() > url_bytes_max ||
        !is_header_value(*url) || (from.flags & ~(CW_HTTP_IDEMPOTENT | CW_HTTP_TO_FILE)) != 0) {
        return CW_ERR_INVALID;
    }
    if (body->size() > body_bytes_max) {
        return CW_ERR_INVALID;  // TOO_LARGE speaks of an answer, after the request was applied
    }
    bool const files = (from.flags & CW_HTTP_TO_FILE) != 0 || from.body_file.len != 0;
    if (files && !may_use(call.phase, Service::files)) {
        return refuse_phase(call, Service::files);
    }
    if (auto const allowed = egress_.check(*url); !allowed) {
        if (!egress_logged_.exchange(true)) {
            report(telemetry::Level::error, "A connector's request was refused.", call.phase, allowed.error().detail);
        }
        return allowed.error().code == ErrorCode::permission_denied ? CW_ERR_DENIED : CW_ERR_INVALID;
    }
    to.request.method = *method;
    to.request.url = *url;
    to.request.body = *body;
    to.request.idempotent = (from.flags & CW_HTTP_IDEMPOTENT) != 0;
    to.request.headers.reserve(from.header_count + 1);
    return add_headers(from, to.request);
}

cw_status HostServices::http_send(Call& call, cw_call const* handle, cw_http_request const& request,
                                  cw_http_response const** out) {
    Outgoing outgoing;
    cw_status status = begin_request(call, request, outgoing);
    status = status == CW_OK ? add_files(request, outgoing) : status;
    status = status == CW_OK ? add_authorization(request, outgoing) : status;
    if (status != CW_OK) {
        return status;
    }
    Result<http::ClientResponse> answer = send_once(handle, outgoing);
    if (answer && answer->status == 401 && request.auth == CW_AUTH_OAUTH) {
        // A 401 applied nothing, so even a create may be sent again with a token that is good.
        status = add_token(services_.access_tokens->instead_of(outgoing.token), outgoing);
        if (status != CW_OK) {
            return status;
        }
        answer = send_once(handle, outgoing);
    }
    if (!answer) {
        call.rate_wait_ms = std::max(call.rate_wait_ms, answer.error().retry_after_ms);
        return http_status(answer.error().code, outgoing.request.idempotent);
    }
    return lend_response(std::move(*answer), outgoing, out);
}

}  // namespace crosswalk::plugin_host
