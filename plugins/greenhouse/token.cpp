#include "token.hpp"

#include "values.hpp"
#include <crosswalk/files.hpp>

#include <algorithm>
#include <charconv>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::HttpRequest;
using connector::HttpResponse;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds lifetime_usual = std::chrono::hours(1);
constexpr milliseconds renew_before = std::chrono::minutes(1);
// Token requests are counted in a window of their own.
constexpr milliseconds window = std::chrono::seconds(60);

std::optional<std::int64_t> seconds_in(json::value const& value) {
    if (value.is_int64()) {
        return value.get_int64();
    }
    std::int64_t seconds = 0;
    std::string_view const text = value.is_string() ? std::string_view(value.get_string()) : std::string_view{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    bool const whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(seconds) : std::nullopt;
}

// An answer's body may repeat the client id, so none of it is passed on.
[[noreturn]] void refuse(HttpResponse const& response) {
    std::string const status = " (" + std::to_string(response.status) + ").";
    if (response.status == 429) {
        throw Failure(CW_ERR_RATE_LIMITED, "Greenhouse gives no more tokens for now" + status, {},
                      response.retry_after.value_or(window));
    }
    if (response.status >= 500 || response.status == 408) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse gives no tokens at the moment" + status);
    }
    if (response.status == 401) {
        throw Failure(CW_ERR_AUTH, "Greenhouse does not know this OAuth client" + status +
                                       " It was deleted, or client_id and client_secret do not belong together.");
    }
    throw Failure(CW_ERR_AUTH, "Greenhouse refuses the request for a token" + status +
                                   " Check client_id, which is copied whole from Greenhouse, and user_id.");
}

}  // namespace

milliseconds lifetime_of(json::value const& answer, std::int64_t now_unix_ms) {
    std::optional<std::int64_t> seconds;
    for (std::string_view const field : {"/expires_in", "/expires"}) {
        if (json::value const* found = find(answer, field); found != nullptr && !seconds) {
            seconds = seconds_in(*found);
        }
    }
    milliseconds lifetime = lifetime_usual;
    if (seconds) {
        lifetime = std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, 24 * 3600));
    } else if (auto const at = unix_ms_of(connector::text_at(answer, "/expires_at"))) {
        lifetime = milliseconds(*at - now_unix_ms);
    }
    return std::clamp(lifetime, milliseconds(0), lifetime_usual * 24);
}

HttpRequest Token::exchange() const {
    HttpRequest request;
    request.method = "POST";
    request.url = settings_.base_url + "/auth/token";
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    request.auth = connector::Auth::basic;
    request.auth_secret = api_key_pointer;
    request.body = R"({"sub":)" + settings_.user_id + "}";
    return request;
}

HttpRequest Token::grant(Call& call) const {
    std::optional<std::string> const secret = call.secret(client_secret_pointer);
    if (!secret) {
        throw Failure(CW_ERR_CONFIG, "The secret behind /auth/client_secret is not there.");
    }
    HttpRequest request;
    request.method = "POST";
    request.url = settings_.token_url;
    request.headers = {{"Accept", "application/json"},
                       {"Content-Type", "application/x-www-form-urlencoded"},
                       {"Authorization", "Basic " + connector::encode_base64(settings_.client_id + ":" + *secret)}};
    request.body = "grant_type=client_credentials&sub=" + settings_.user_id;
    return request;
}

HttpResponse Token::ask(Call& call) const {
    HttpRequest request = settings_.grant == Grant::exchange ? exchange() : grant(call);
    // A second token does no harm, so the host may ask again by itself.
    request.idempotent = true;
    try {
        return call.http(request);
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_INTERNAL || failure.status() == CW_ERR_DEADLINE) {
            throw Failure(CW_ERR_TRANSIENT, "Greenhouse gave no token.");
        }
        throw;
    }
}

std::string Token::get(Call& call) {
    {
        std::lock_guard const lock(mutex_);
        if (!token_.empty() && call.steady_ms() < good_until_ms_) {
            return token_;
        }
    }
    std::int64_t const asked_ms = call.steady_ms();
    HttpResponse const response = ask(call);
    if (response.status < 200 || response.status > 299) {
        refuse(response);
    }
    json::error_code error;
    json::value const answer = json::parse(response.body, error);
    std::string token(error ? std::string_view{} : connector::text_at(answer, "/access_token"));
    if (token.empty()) {
        throw Failure(CW_ERR_TRANSIENT, "The answer to the request for a token holds none.");
    }
    milliseconds const lifetime = lifetime_of(answer, call.unix_ms());
    std::lock_guard const lock(mutex_);
    token_ = token;
    good_until_ms_ = asked_ms + (lifetime - std::min(renew_before, lifetime / 2)).count();
    return token;
}

void Token::discard(std::string_view refused) {
    std::lock_guard const lock(mutex_);
    // Another thread may have renewed it meanwhile.
    if (token_ == refused) {
        token_.clear();
    }
}

}  // namespace crosswalk::greenhouse
