#include "api.hpp"

#include <algorithm>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::HttpRequest;
using connector::HttpResponse;
using std::chrono::milliseconds;

namespace {

constexpr int redirects_max = 4;
constexpr int waits_max = 6;
constexpr milliseconds wait_first{500};
constexpr milliseconds wait_longest{16'000};

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 307 || status == 308;
}

// Lever states no wait: doubling steps, of which a random part between half and the whole is waited.
milliseconds backoff(Call const& call, HttpResponse const& response, int wait) {
    if (response.retry_after) {
        return *response.retry_after;
    }
    milliseconds const step = std::min(wait_longest, wait_first * (1 << wait));
    auto mix = static_cast<std::uint64_t>(call.steady_ms()) + reinterpret_cast<std::uintptr_t>(&response) +
               static_cast<std::uint64_t>(wait);
    mix = (mix ^ (mix >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mix = (mix ^ (mix >> 27U)) * 0x94d049bb133111ebULL;
    auto const half = static_cast<std::uint64_t>(step.count() / 2);
    return milliseconds(static_cast<std::int64_t>(half + (mix >> 11U) % (half + 1)));
}

// A token of the other environment is answered with 403 and words about a signing key.
bool is_wrong_environment(HttpResponse const& response) {
    return response.status == 403 && response.body.find("signing key") != std::string::npos;
}

[[noreturn]] void refuse_credential(HttpResponse const& response) {
    throw Failure(CW_ERR_AUTH,
                  response.status == 401
                      ? "Lever refuses the credential (401): it was deleted, revoked or has run out. Authorize again."
                      : "Lever does not know this credential here (403): it belongs to the other environment. Set "
                        "environment to where the credential was made.");
}

[[noreturn]] void fail_read(HttpResponse const& response) {
    std::string const status = std::to_string(response.status);
    if (response.status >= 500 || response.status == 408) {
        throw Failure(CW_ERR_TRANSIENT, "Lever is not available (" + status + ").");
    }
    std::string const code = error_code(response);
    throw Failure(CW_ERR_INVALID, "Lever refuses the request (" + status + (code.empty() ? "" : " " + code) + ").");
}

json::value parsed(HttpResponse const& response) {
    json::error_code error;
    json::value answer = json::parse(response.body, error);
    if (error) {
        throw Failure(CW_ERR_TRANSIENT, "Lever's answer is not JSON: something stands between Lever and this host.");
    }
    return answer;
}

std::string_view authority_of(std::string_view url) {
    std::size_t const scheme = url.find("://");
    return scheme == std::string_view::npos ? std::string_view{} : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

}  // namespace

Failure forbidden_read(std::string_view what, std::string_view right) {
    return {CW_ERR_INVALID, "Lever does not let this key read the " + std::string(what) +
                                " (403). Either it is confidential and the key was made without access to confidential "
                                "data, or the key lacks the right '" +
                                std::string(right) + "'. Make a key that has both, then replay."};
}

json::value unwrapped(json::value answer) {
    if (json::object* object = answer.if_object(); object != nullptr) {
        if (json::value* data = object->if_contains("data"); data != nullptr) {
            return std::move(*data);
        }
    }
    return answer;
}

std::string error_code(HttpResponse const& response) {
    json::error_code error;
    json::value const body = json::parse(response.body, error);
    std::string_view const code = error ? std::string_view{} : connector::text_at(body, "/code");
    return is_id(code) ? std::string(code) : std::string();
}

std::string Api::base() const {
    std::lock_guard const lock(mutex_);
    return base_;
}

// The credential goes to Lever over TLS and to the configured address, nowhere else.
bool Api::is_ours(std::string_view url) const {
    std::string_view const authority = authority_of(url);
    if (authority == authority_of(settings_.base_url)) {
        return true;
    }
    return authority.starts_with("https://") && authority.find_first_of("@:", 8) == std::string_view::npos &&
           authority.ends_with(".lever.co");
}

// Where a moved request goes. A move for good (301, 308) that keeps the path moves all later requests as well.
std::string Api::follow(std::string const& from, Ask const& ask, HttpResponse const& moved) {
    std::string to(moved.header("location"));
    if (to.starts_with('/') && !to.starts_with("//")) {
        to = std::string(authority_of(from)) + to;
    }
    if (!is_ours(to)) {
        throw Failure(CW_ERR_INVALID,
                      "Lever's answer points to an address that is not Lever's; the credential was not sent there.");
    }
    if ((moved.status == 301 || moved.status == 308) && to.ends_with(ask.path)) {
        std::lock_guard const lock(mutex_);
        base_ = to.substr(0, to.size() - ask.path.size());
    }
    return to;
}

HttpResponse Api::send(Call& call, Ask const& ask) {
    HttpRequest request;
    request.method = ask.method;
    request.url = base() + ask.path;
    request.headers.emplace_back("Accept", "application/json");
    if (!ask.content_type.empty()) {
        request.headers.emplace_back("Content-Type", ask.content_type);
    }
    request.body = ask.body;
    request.auth = settings_.auth;
    request.auth_secret = settings_.auth_secret;
    request.idempotent = ask.method == "GET";
    request.body_file = ask.body_file;
    request.body_tail = ask.body_tail;
    request.to_file = ask.to_file;
    int redirects = 0;
    int waits = 0;
    for (;;) {
        HttpResponse response = call.http(request);
        if (is_redirect(response.status)) {
            if (++redirects > redirects_max) {
                throw Failure(CW_ERR_TRANSIENT, "Lever sends the request round in circles.");
            }
            request.url = follow(request.url, ask, response);
            continue;
        }
        if (response.status == 401 || is_wrong_environment(response)) {
            refuse_credential(response);
        }
        if (response.status != 429) {
            return response;
        }
        milliseconds const wait = backoff(call, response, waits);
        std::optional<milliseconds> const left = call.time_left();
        if (++waits > waits_max || (left && wait >= *left)) {
            throw Failure(CW_ERR_RATE_LIMITED, "Lever's rate limit is used up (429).", {}, wait);
        }
        call.sleep(wait);
    }
}

Read Api::read(Call& call, std::string const& path) {
    HttpResponse response;
    try {
        response = send(call, {.path = path});
    } catch (Failure const& failure) {
        // A read changes nothing, whatever became of it.
        if (failure.status() == CW_ERR_INTERNAL) {
            throw Failure(CW_ERR_TRANSIENT, failure.message());
        }
        throw;
    }
    if (response.status == 404) {
        return {Read::Kind::missing, nullptr};
    }
    if (response.status == 403) {
        return {Read::Kind::forbidden, nullptr};
    }
    if (response.status < 200 || response.status > 299) {
        fail_read(response);
    }
    return {Read::Kind::found, parsed(response)};
}

json::value Api::need(Call& call, std::string const& path, std::string_view what, std::string_view right) {
    Read answer = read(call, path);
    if (answer.kind == Read::Kind::forbidden) {
        throw forbidden_read(what, right);
    }
    return unwrapped(std::move(answer.data));
}

HttpResponse Api::write(Call& call, Ask const& ask) {
    return send(call, ask);
}

HttpResponse Api::fetch(Call& call, std::string const& path) {
    return send(call, {.path = path, .to_file = true});
}

std::string Api::as_user(std::string path) const {
    return settings_.perform_as.empty() ? std::move(path) : std::move(path) + "?perform_as=" + settings_.perform_as;
}

HttpResponse Api::download(Call& call, std::string const& url) {
    HttpRequest request;
    request.url = url;
    if (is_ours(url)) {
        request.auth = settings_.auth;
        request.auth_secret = settings_.auth_secret;
    }
    return call.http(request);
}

}  // namespace crosswalk::lever
