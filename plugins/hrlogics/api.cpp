#include "api.hpp"

#include <algorithm>

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Failure;
using connector::FieldProblem;
using connector::HttpRequest;
using connector::HttpResponse;

namespace {

constexpr std::size_t answer_bytes_max = 10 * 1024 * 1024;
constexpr std::size_t details_max = 50;
constexpr std::size_t reason_bytes_max = 200;

// The host says of these that the request did not leave.
bool stayed_here(cw_status status) noexcept {
    return status == CW_ERR_TRANSIENT || status == CW_ERR_RATE_LIMITED || status == CW_ERR_AUTH ||
           status == CW_ERR_CONFIG || status == CW_ERR_DENIED;
}

// Nothing can have been applied by a read, so whatever kept its answer away is worth another try, unless only an
// operator can mend it.
cw_status read_status(cw_status status) noexcept {
    switch (status) {
        case CW_ERR_AUTH:
        case CW_ERR_CONFIG:
        case CW_ERR_RATE_LIMITED:
            return status;
        case CW_ERR_DENIED:
        case CW_ERR_TOO_LARGE:
            return CW_ERR_CONFIG;
        default:
            return CW_ERR_TRANSIENT;
    }
}

// True when the text holds one of the texts that were sent: reasons end up in notes and mails.
bool repeats(std::string_view text, json::value const& sent) {
    if (json::string const* own = sent.if_string(); own != nullptr) {
        return own->size() >= 2 && text.find(std::string_view(*own)) != std::string_view::npos;
    }
    if (json::object const* object = sent.if_object(); object != nullptr) {
        return std::any_of(object->begin(), object->end(),
                           [&](auto const& member) { return repeats(text, member.value()); });
    }
    return false;
}

std::string printable(std::string_view text, json::value const& sent) {
    if (repeats(text, sent)) {
        return {};
    }
    std::string out(text.substr(0, reason_bytes_max));
    while (!out.empty() && out.size() < text.size() &&
           (static_cast<unsigned char>(text[out.size()]) & 0xC0U) == 0x80U) {
        out.pop_back();  // not in the middle of a character
    }
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return out;
}

}  // namespace

std::optional<json::value> parsed(HttpResponse const& response) {
    if (response.body.size() > answer_bytes_max) {
        return std::nullopt;
    }
    json::error_code error;
    json::value value = json::parse(response.body, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

HttpRequest Api::request(std::string method, std::string_view path, PathValues const& values) const {
    HttpRequest request;
    request.method = std::move(method);
    request.url = settings_.url(path, values);
    request.headers = {{"Accept", "application/json"}};
    request.auth = settings_.oauth ? connector::Auth::oauth : connector::Auth::bearer;
    if (!settings_.oauth) {
        request.auth_secret = api_token_pointer;
    }
    return request;
}

std::optional<json::value> Api::read(Call& call, std::string_view path, PathValues const& values) const {
    HttpResponse response;
    try {
        response = call.http(request("GET", path, values));
    } catch (Failure const& failure) {
        throw Failure(read_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
    if (response.status == 404) {
        return std::nullopt;
    }
    if (!is_success(response.status)) {
        throw refusal(path, response);
    }
    std::optional<json::value> answer = parsed(response);
    if (!answer) {
        throw Failure(CW_ERR_TRANSIENT, "HRLogics' answer to /paths/" + std::string(path) + " is not JSON.");
    }
    return answer;
}

std::optional<HttpResponse> Api::write(Call& call, std::string method, std::string_view path, PathValues const& values,
                                       json::value const& body, std::string_view idempotency_key) const {
    HttpRequest sent = request(std::move(method), path, values);
    if (!body.is_null()) {
        sent.headers.emplace_back("Content-Type", "application/json");
        sent.body = json::serialize(body);
    }
    if (!idempotency_key.empty()) {
        sent.headers.emplace_back("Idempotency-Key", idempotency_key);
    }
    sent.idempotent = sent.method != "POST";
    try {
        HttpResponse response = call.http(sent);
        if (std::string_view const id = response.header("x-request-id"); !id.empty() && id.size() <= 128) {
            call.note(CW_NOTE_REMOTE_REQ, id);
        }
        return response;
    } catch (Failure const& failure) {
        if (!stayed_here(failure.status())) {
            return std::nullopt;
        }
        throw Failure(read_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
}

Failure Api::refusal(std::string_view path, HttpResponse const& response, json::value const& sent) const {
    std::string const number = std::to_string(response.status);
    std::string const setting = "/paths/" + std::string(path);
    switch (response.status) {
        case 401:
            return {CW_ERR_AUTH,
                    settings_.oauth
                        ? "HRLogics refuses a fresh access token (401): its client was revoked. Make a new one and put "
                          "it into /auth."
                        : "HRLogics refuses the API token (401): it is missing, expired or revoked. Make a new one "
                          "and put it into /auth/api_token."};
        case 403:
            return {CW_ERR_INVALID,
                    "HRLogics forbids this (403): the credential lacks the right. Grant it in "
                    "HRLogics, then replay the event."};
        case 404:
            return {CW_ERR_CONFIG, "HRLogics found nothing (404): check /base_url and " + setting + "."};
        case 429:
            return {CW_ERR_RATE_LIMITED, "HRLogics asks to slow down (429).", {}, response.retry_after};
        default:
            break;
    }
    if (is_undecided(response.status)) {
        return {CW_ERR_TRANSIENT, "HRLogics is out of order (" + number + ").", {}, response.retry_after};
    }
    if (response.status < 400) {
        return {CW_ERR_CONFIG, "HRLogics answers " + setting + " with the unexpected status " + number +
                                   ". Check /base_url and that path."};
    }
    std::vector<FieldProblem> fields;
    std::optional<json::value> const body = parsed(response);
    json::value const* list = body ? connector::find(*body, settings_.pointer("answer", "details")) : nullptr;
    std::string names;
    if (list != nullptr && list->is_array()) {
        for (json::value const& detail : list->get_array()) {
            std::string name = printable(connector::text_at(detail, settings_.pointer("detail", "field")), sent);
            if (name.empty() || fields.size() == details_max) {
                continue;
            }
            std::string reason = printable(connector::text_at(detail, settings_.pointer("detail", "reason")), sent);
            names += (names.empty() ? ": " : ", ") + name;
            fields.push_back({std::move(name), reason.empty() ? "HRLogics refused it" : std::move(reason)});
        }
    }
    return {CW_ERR_INVALID,
            "HRLogics refuses the data (" + number + ")" + names + ". Correct it at the source, then replay the event.",
            std::move(fields)};
}

json::value const* Api::data(json::value const& answer) const {
    json::value const* found = connector::find(answer, settings_.pointer("answer", "data"));
    return found != nullptr && found->is_object() ? found : nullptr;
}

std::string Api::stored(json::value const& applicant, std::string_view field) const {
    return id_at(applicant, settings_.pointer("stored", field));
}

}  // namespace crosswalk::hrlogics
