#include "api.hpp"

#include "values.hpp"

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

constexpr int pages_max = 500;
constexpr milliseconds window_v3 = std::chrono::seconds(30);
constexpr milliseconds window_v1 = std::chrono::seconds(10);
constexpr milliseconds wait_longest = std::chrono::hours(1);

// What Greenhouse asks for: Retry-After, else the end of the window, else a whole window.
milliseconds wait_after(Call const& call, HttpResponse const& response, Version api) {
    milliseconds const window = api == Version::v3 ? window_v3 : window_v1;
    if (response.retry_after) {
        return std::min(*response.retry_after, wait_longest);
    }
    std::string_view const reset = response.header("x-ratelimit-reset");
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(reset.data(), reset.data() + reset.size(), seconds);
    if (reset.empty() || error != std::errc{} || end != reset.data() + reset.size() || seconds > 253'402'300'799) {
        return window;
    }
    return std::clamp(milliseconds(seconds * 1000 - call.unix_ms()), milliseconds(1000), window);
}

[[noreturn]] void refuse_credential(Settings const& settings, int status) {
    std::string const said = "(" + std::to_string(status) + ")";
    if (settings.api == Version::v3 && settings.grant == Grant::consent) {
        throw Failure(CW_ERR_AUTH, "Greenhouse refuses the access token " + said +
                                       ": the consent was withdrawn, or nobody used it for a day. Consent again.");
    }
    if (settings.api == Version::v1) {
        throw Failure(CW_ERR_AUTH,
                      "Greenhouse refuses the API key " + said +
                          ": the key was deleted or mistyped, or Harvest v1 is switched off. Greenhouse announced the "
                          "removal of v1 for 31 August 2026. Make OAuth client credentials and set api to v3.");
    }
    throw Failure(CW_ERR_AUTH, "Greenhouse refuses a fresh access token " + said +
                                   ": the OAuth client was revoked. Make new client credentials.");
}

[[noreturn]] void fail_read(HttpResponse const& response) {
    std::string const status = "(" + std::to_string(response.status) + ").";
    if (response.status >= 500 || response.status == 408) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse is not available " + status);
    }
    throw Failure(CW_ERR_INVALID, "Greenhouse refuses the request " + status);
}

json::value parsed(HttpResponse const& response) {
    json::error_code error;
    json::value answer = json::parse(response.body, error);
    if (error) {
        throw Failure(CW_ERR_TRANSIENT,
                      "Greenhouse's answer is not JSON: something stands between Greenhouse and this host.");
    }
    return answer;
}

// The query of the link with rel="next"; empty when there is none.
std::string_view next_query(std::string_view link) {
    while (!link.empty()) {
        std::size_t const open = link.find('<');
        std::size_t const close = link.find('>');
        if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
            return {};
        }
        std::string_view const target = link.substr(open + 1, close - open - 1);
        link.remove_prefix(close + 1);
        std::string_view const parameters = link.substr(0, link.find('<'));
        if (parameters.find("rel=\"next\"") != std::string_view::npos) {
            std::size_t const mark = target.find('?');
            return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
        }
    }
    return {};
}

// v3 refuses a cursor in company, so it goes alone.
std::string cursor_alone(std::string_view query) {
    while (!query.empty()) {
        std::string_view const pair = query.substr(0, query.find('&'));
        if (pair.starts_with("cursor=")) {
            return std::string(pair);
        }
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
    }
    return {};
}

// Of one user or a list of them, the one with that address; a filter that was not understood returns others.
json::value const* user_with(json::value const& users, std::string const& address) {
    if (json::array const* list = users.if_array(); list != nullptr) {
        for (json::value const& user : *list) {
            if (user.is_object() && user_with(user, address) != nullptr) {
                return &user;
            }
        }
        return nullptr;
    }
    bool found = lower(connector::text_at(users, "/primary_email")) == address ||
                 lower(connector::text_at(users, "/primary_email_address")) == address;
    if (json::value const* all = find(users, "/emails"); all != nullptr && all->is_array()) {
        for (json::value const& one : all->get_array()) {
            found = found || (one.is_string() && lower(one.get_string()) == address);
        }
    }
    return found ? &users : nullptr;
}

}  // namespace

std::string Api::permission(std::string_view resource, std::string_view verb) const {
    std::string const name(resource);
    return is_v3() ? "the scope harvest:" + name + ":" + std::string(verb)
                   : "the permission for the endpoint '" + name + "' (" + (verb == "create" ? "POST" : "GET") + ")";
}

std::string Api::url(std::string const& path, std::string const& query) const {
    return settings_.base_url + (is_v3() ? "/v3" : "/v1") + path + (query.empty() ? "" : "?" + query);
}

HttpResponse Api::send(Call& call, HttpRequest request) {
    request.headers.emplace_back("Accept", "application/json");
    if (!is_v3()) {
        request.auth = connector::Auth::basic;
        request.auth_secret = api_key_pointer;
    }
    bool const by_consent = is_v3() && settings_.grant == Grant::consent;
    if (by_consent) {
        request.auth = connector::Auth::oauth;  // the host has the token, and another one when this is refused
    }
    for (bool again = is_v3() && !by_consent;; again = false) {
        HttpRequest signed_request = request;
        std::string token;
        if (is_v3() && !by_consent) {
            token = token_.get(call);
            signed_request.headers.emplace_back("Authorization", "Bearer " + token);
        }
        HttpResponse response;
        try {
            response = call.http(signed_request);
        } catch (Failure const& failure) {
            // The host has no token that Greenhouse takes.
            if (by_consent && failure.status() == CW_ERR_AUTH) {
                refuse_credential(settings_, 401);
            }
            throw;
        }
        if (response.status == 401) {
            token_.discard(token);
            if (again) {
                continue;
            }
        }
        if (response.status == 401 || (response.status == 410 && !is_v3())) {
            refuse_credential(settings_, response.status);
        }
        if (response.status == 429) {
            throw Failure(CW_ERR_RATE_LIMITED, "Greenhouse's rate limit is used up (429).", {},
                          wait_after(call, response, settings_.api));
        }
        return response;
    }
}

Read Api::read(Call& call, std::string const& path, std::string const& query) {
    HttpRequest request;
    request.url = url(path, query);
    HttpResponse response;
    try {
        response = send(call, std::move(request));
    } catch (Failure const& failure) {
        // A read changes nothing, whatever became of it.
        if (failure.status() == CW_ERR_INTERNAL) {
            throw Failure(CW_ERR_TRANSIENT, failure.message());
        }
        throw;
    }
    if (response.status == 404) {
        return {Read::Kind::missing, nullptr, {}};
    }
    if (response.status == 403) {
        return {Read::Kind::forbidden, nullptr, {}};
    }
    if (response.status < 200 || response.status > 299) {
        fail_read(response);
    }
    std::string_view const next = next_query(response.header("link"));
    return {Read::Kind::found, parsed(response), is_v3() ? cursor_alone(next) : std::string(next)};
}

Read Api::need(Call& call, std::string const& path, std::string const& query, std::string_view resource) {
    Read answer = read(call, path, query);
    if (answer.kind == Read::Kind::forbidden) {
        throw Failure(CW_ERR_INVALID, "Greenhouse does not let this credential read " + std::string(resource) +
                                          " (403): it lacks " + permission(resource) + ". Grant it, then replay.");
    }
    return answer;
}

void Api::each(Call& call, std::string const& path, std::string const& query, std::string_view resource,
               std::function<bool(json::value const&)> const& take) {
    std::string at = query;
    for (int page = 0; page < pages_max; ++page) {
        Read const answer = need(call, path, at, resource);
        if (answer.kind == Read::Kind::missing) {
            return;
        }
        if (!answer.data.is_array()) {
            throw Failure(CW_ERR_TRANSIENT, "Greenhouse's answer is not a list of " + std::string(resource) + ".");
        }
        for (json::value const& one : answer.data.get_array()) {
            if (!take(one)) {
                return;
            }
        }
        if (answer.next.empty()) {
            return;
        }
        if (answer.next == at) {
            break;
        }
        at = answer.next;
    }
    throw Failure(CW_ERR_TRANSIENT, "Greenhouse's list of " + std::string(resource) + " has no end.");
}

HttpResponse Api::post(Call& call, std::string const& path, json::object const& body, std::string const& user_id) {
    HttpRequest request;
    request.method = "POST";
    request.url = url(path, {});
    request.headers.emplace_back("Content-Type", "application/json");
    if (!is_v3()) {
        request.headers.emplace_back("On-Behalf-Of", user_id);
    }
    request.body = json::serialize(body);
    request.idempotent = false;
    return send(call, std::move(request));
}

std::string Api::note_author(Call& call) {
    {
        std::lock_guard const lock(mutex_);
        if (!note_author_.empty()) {
            return note_author_;
        }
    }
    std::string const address = connector::url_encode(settings_.user_email);
    Read const answer = need(call, "/users", (is_v3() ? "primary_email=" : "email=") + address, "users");
    json::value const* user = user_with(answer.data, lower(settings_.user_email));
    std::string id = user == nullptr ? std::string() : id_at(*user, "/id");
    auto const is_true = [user](std::string_view pointer) {
        json::value const* found = find(*user, pointer);
        return found != nullptr && found->is_bool() && found->get_bool();
    };
    if (id.empty()) {
        throw Failure(CW_ERR_INVALID,
                      "No Greenhouse user has the address of user_email as primary address, so no note can be written. "
                      "Correct it, or remove it to write no notes.",
                      {{"/user_email", "belongs to no Greenhouse user"}});
    }
    if (is_true("/deactivated") || is_true("/disabled")) {
        throw Failure(CW_ERR_INVALID, "The Greenhouse user of user_email is deactivated, so no note can be written.",
                      {{"/user_email", "belongs to a deactivated Greenhouse user"}});
    }
    std::lock_guard const lock(mutex_);
    note_author_ = id;
    return id;
}

bool Api::seems_retired(Call& call) {
    return !is_v3() && read(call, "/users", "per_page=1").kind == Read::Kind::missing;
}

}  // namespace crosswalk::greenhouse
