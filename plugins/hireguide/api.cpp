#include "api.hpp"

#include <algorithm>

namespace crosswalk::hireguide {
namespace {

constexpr std::size_t answer_bytes_max = 10U * 1024U * 1024U;
constexpr int pages_max = 1000;
constexpr std::size_t details_max = 50;

bool is_success(int status) noexcept {
    return status >= 200 && status < 300;
}

// A call that may be repeated is worth another try whatever kept its answer away, unless only an operator can mend it.
cw_status repeatable_status(cw_status status) noexcept {
    switch (status) {
        case CW_ERR_AUTH:
        case CW_ERR_CONFIG:
        case CW_ERR_RATE_LIMITED:
        case CW_ERR_TOO_LARGE:
            return status;
        case CW_ERR_DENIED:
        case CW_ERR_INVALID:
        case CW_ERR_UNSUPPORTED:
            return CW_ERR_CONFIG;
        default:
            return CW_ERR_TRANSIENT;
    }
}

json::value parsed(std::string const& body) {
    json::error_code error;
    json::value value = body.size() <= answer_bytes_max ? json::parse(body, error) : json::value(nullptr);
    return error ? json::value(nullptr) : value;
}

Failure odd_answer(std::string_view path, std::string_view what) {
    return {CW_ERR_CONFIG, "Hireguide's answer to /paths/" + std::string(path) + " " + std::string(what) +
                               ". Check that path and /base_url."};
}

// Names of fields only: reasons may repeat what was sent.
std::vector<FieldProblem> refused_fields(json::value const& body) {
    std::vector<FieldProblem> out;
    json::value const* details = connector::find(body, "/error/details");
    if (details == nullptr || !details->is_array()) {
        return out;
    }
    for (json::value const& entry : details->get_array()) {
        std::string_view const field = connector::text_at(entry, "/field");
        bool const plain = !field.empty() && field.size() <= 64 && std::all_of(field.begin(), field.end(), [](char c) {
            return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
        });
        if (plain && out.size() < details_max) {
            out.push_back({std::string(field), "Hireguide refused it"});
        }
    }
    return out;
}

}  // namespace

connector::HttpResponse Api::exchange(connector::HttpRequest request, std::string_view path,
                                      PathValues const& values) const {
    request.url = settings_->url(path, values);
    request.headers.emplace_back("Accept", request.to_file ? "application/pdf" : "application/json");
    request.auth = connector::Auth::bearer;
    request.auth_secret = token_pointer;
    connector::HttpResponse response;
    try {
        response = call_->http(request);
    } catch (Failure const& failure) {
        throw Failure(repeatable_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
    if (!is_success(response.status)) {
        throw refusal(response, path);
    }
    return response;
}

json::value Api::document(connector::HttpResponse const& response, std::string_view path) const {
    if (response.body.empty()) {
        return nullptr;
    }
    json::value value = parsed(response.body);
    if (!value.is_object()) {
        throw Failure(CW_ERR_TRANSIENT, "Hireguide's answer to /paths/" + std::string(path) + " is not a JSON object.");
    }
    return value;
}

json::value Api::get(std::string_view path, PathValues const& values) const {
    json::value const body = document(exchange({}, path, values), path);
    json::value const* data = connector::find(body, "/data");
    return data == nullptr ? json::value(nullptr) : *data;
}

void Api::list(std::string_view path, std::function<bool(json::object const&)> const& each) const {
    std::string cursor;
    for (int page = 0; page < pages_max; ++page) {
        json::value const body = document(exchange({}, path, {{"cursor", cursor}}), path);
        json::value const* rows = connector::find(body, "/data");
        if (rows == nullptr || !rows->is_array()) {
            throw odd_answer(path, "is no list");
        }
        for (json::value const& row : rows->get_array()) {
            if (row.is_object() && !each(row.get_object())) {
                return;
            }
        }
        std::string const next(connector::text_at(body, "/meta/next_cursor"));
        if (next.empty()) {
            return;
        }
        if (next == cursor) {
            throw odd_answer(path, "gives the same page again and again");
        }
        cursor = next;
    }
    throw odd_answer(path, "has more than 1,000 pages");
}

json::value Api::send(std::string const& method, std::string_view path, PathValues const& values,
                      json::object const& body, bool repeatable) const {
    connector::HttpRequest request;
    request.method = method;
    request.idempotent = repeatable;
    if (method != "DELETE") {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = json::serialize(body);
    }
    json::value const answer = document(exchange(std::move(request), path, values), path);
    json::value const* data = connector::find(answer, "/data");
    return data == nullptr ? json::value(nullptr) : *data;
}

connector::HttpResponse Api::download(std::string_view path, PathValues const& values) const {
    connector::HttpRequest request;
    request.to_file = true;
    return exchange(std::move(request), path, values);
}

Failure Api::refusal(connector::HttpResponse const& response, std::string_view path) const {
    std::string const number = std::to_string(response.status);
    json::value const body = parsed(response.body);
    switch (response.status) {
        case 401:
            return {CW_ERR_AUTH,
                    "Hireguide refused the API token (401): it is missing, revoked or was made anew. Put a token of a "
                    "workspace owner into /api_token."};
        case 403:
            if (connector::text_at(body, "/error/code") == "addon_disabled") {
                return {CW_ERR_CONFIG,
                        "The ATS integration is switched off in this Hireguide workspace (403 addon_disabled): ask "
                        "Hireguide support to switch the ATS integration on."};
            }
            return {CW_ERR_INVALID, "Hireguide forbids this (403): the API token must belong to a workspace owner."};
        case 404:
            return {CW_ERR_NOT_FOUND, "Hireguide found nothing at /paths/" + std::string(path) +
                                          " (404): check /workspace_id and /paths."};
        case 429:
            return {CW_ERR_RATE_LIMITED, "Hireguide asks to slow down (429).", {}, response.retry_after};
        default:
            break;
    }
    if (response.status >= 500 || response.status == 408) {
        return {CW_ERR_TRANSIENT, "Hireguide is out of order (" + number + ").", {}, response.retry_after};
    }
    if (response.status < 400) {
        return odd_answer(path, "has the unexpected status " + number);
    }
    std::vector<FieldProblem> fields = refused_fields(body);
    std::string names;
    for (FieldProblem const& problem : fields) {
        names += (names.empty() ? ": " : ", ") + problem.field;
    }
    return {CW_ERR_INVALID, "Hireguide refused the data (" + number + ")" + names + ".", std::move(fields)};
}

}  // namespace crosswalk::hireguide
