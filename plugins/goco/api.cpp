#include "api.hpp"

#include <algorithm>

namespace crosswalk::goco {
namespace {

constexpr std::size_t details_max = 50;
constexpr std::size_t reason_bytes_max = 200;

std::string path_setting(std::string_view path) {
    return "/paths/" + std::string(path);
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
        case CW_ERR_INVALID:
        case CW_ERR_NOT_FOUND:
        case CW_ERR_UNSUPPORTED:
        case CW_ERR_TOO_LARGE:
            return CW_ERR_CONFIG;
        default:
            return CW_ERR_TRANSIENT;
    }
}

// The host says of these that the request did not leave.
bool stayed_here(cw_status status) noexcept {
    switch (status) {
        case CW_ERR_TRANSIENT:
        case CW_ERR_RATE_LIMITED:
        case CW_ERR_AUTH:
        case CW_ERR_CONFIG:
        case CW_ERR_DENIED:
            return true;
        default:
            return false;
    }
}

// A vendor's reason without control characters and without what we sent. Cut at a code point.
std::string scrubbed(std::string_view reason, std::vector<std::string> const& personal) {
    std::string out(reason.substr(0, 4 * reason_bytes_max));
    for (std::string const& secret : personal) {
        for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + 3)) {
            out.replace(at, secret.size(), "...");
        }
    }
    if (out.size() > reason_bytes_max) {
        std::size_t end = reason_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        out.resize(end);
    }
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return out;
}

std::optional<json::value> parsed(std::string const& body) {
    json::error_code error;
    json::value value = json::parse(body, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

std::optional<std::uint64_t> count_at(json::value const& root, std::string_view pointer) {
    json::value const* found = connector::find(root, pointer);
    if (found == nullptr) {
        return std::nullopt;
    }
    json::error_code error;
    auto const count = found->to_number<std::uint64_t>(error);
    return error ? std::nullopt : std::optional(count);
}

Failure odd_answer(std::string_view path, std::string_view what) {
    return {CW_ERR_CONFIG, "GoCo's answer to " + path_setting(path) + " " + std::string(what) +
                               ". Check that path, /envelope and /base_url against GoCo's documentation."};
}

// A proxy's error page is the usual reason for this, and it goes away.
json::value parsed_or_throw(std::string_view path, std::string const& body) {
    std::optional<json::value> value = parsed(body);
    if (!value) {
        throw Failure(CW_ERR_TRANSIENT, "GoCo's answer to " + path_setting(path) + " is not JSON.");
    }
    return std::move(*value);
}

}  // namespace

std::string id_text(json::value const* id) {
    if (id == nullptr) {
        return {};
    }
    if (id->is_string()) {
        return std::string(id->get_string());
    }
    return id->is_int64() || id->is_uint64() ? json::serialize(*id) : std::string{};
}

json::value const* Api::field(json::object const& row, std::string_view contract) const {
    json::value const* found = row.if_contains(settings_->wire(contract));
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string_view Api::text(json::object const& row, std::string_view contract) const {
    json::value const* found = field(row, contract);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view{};
}

connector::HttpResponse Api::read(std::string_view path, PathValues const& values) const {
    connector::HttpRequest request;
    request.url = settings_->url(path, values);
    request.headers = {{"Accept", "application/json"}};
    request.auth = connector::Auth::bearer;
    request.auth_secret = "/api_key";
    connector::HttpResponse response;
    try {
        response = call_->http(request);
    } catch (Failure const& failure) {
        throw Failure(read_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
    if (response.body.size() > answer_bytes_max) {
        throw odd_answer(path, "is larger than 10 MiB (a smaller /page_size may help)");
    }
    return response;
}

json::value Api::get(std::string_view path, PathValues const& values) const {
    std::optional<json::value> found = get_if_there(path, values);
    if (!found) {
        throw refusal(path, connector::HttpResponse{404, {}, {}, {}});
    }
    return std::move(*found);
}

std::optional<json::value> Api::get_if_there(std::string_view path, PathValues const& values) const {
    connector::HttpResponse const response = read(path, values);
    if (response.status == 404) {
        return std::nullopt;
    }
    if (!is_success(response.status)) {
        throw refusal(path, response);
    }
    json::value const body = parsed_or_throw(path, response.body);
    json::value const* data = connector::find(body, settings_->envelope.find("data")->second);
    if (data == nullptr || !data->is_object()) {
        throw odd_answer(path, "is not an object in the expected envelope");
    }
    return *data;
}

void Api::list(std::string_view path, PathValues const& values,
               std::function<bool(json::object const&)> const& each) const {
    std::uint64_t offset = 0;
    std::string last_page;
    for (int page = 0; page < pages_max; ++page) {
        PathValues all = values;
        all.emplace_back("limit", std::to_string(settings_->page_size));
        all.emplace_back("offset", std::to_string(offset));
        connector::HttpResponse response = read(path, all);
        if (!is_success(response.status)) {
            throw refusal(path, response);
        }
        json::value const body = parsed_or_throw(path, response.body);
        json::value const* rows = connector::find(body, settings_->envelope.find("data")->second);
        if (rows == nullptr || !rows->is_array()) {
            throw odd_answer(path, "is not a list in the expected envelope");
        }
        std::uint64_t const length = rows->get_array().size();
        if (length != 0 && response.body == last_page) {
            throw odd_answer(path, "repeats the same page for ever");
        }
        for (json::value const& row : rows->get_array()) {
            if (!row.is_object()) {
                throw odd_answer(path, "holds rows that are no objects");
            }
            if (!each(row.get_object())) {
                return;
            }
        }
        offset += length;
        // A server may cap the page below what was asked for; its own limit then tells what a short page is.
        std::uint64_t const asked = static_cast<std::uint64_t>(settings_->page_size);
        std::uint64_t const cap = count_at(body, settings_->envelope.find("limit")->second).value_or(asked);
        std::optional<std::uint64_t> const total = count_at(body, settings_->envelope.find("total")->second);
        if (length == 0 || (total ? offset >= *total : length < std::min(asked, cap))) {
            return;
        }
        last_page = std::move(response.body);
    }
    throw odd_answer(path, "does not end after 1,000 pages");
}

std::optional<connector::HttpResponse> Api::post(std::string_view path, PathValues const& values, Body body,
                                                 std::string_view idempotency_key) const {
    connector::HttpRequest request;
    request.method = "POST";
    request.url = settings_->url(path, values);
    request.headers = {{"Accept", "application/json"},
                       {"Content-Type", std::move(body.content_type)},
                       {"Idempotency-Key", std::string(idempotency_key)}};
    request.body = std::move(body.bytes);
    request.body_file = std::move(body.file);
    request.body_tail = std::move(body.tail);
    request.auth = connector::Auth::bearer;
    request.auth_secret = "/api_key";
    request.idempotent = false;
    try {
        connector::HttpResponse response = call_->http(request);
        if (std::string_view const id = response.header("x-request-id"); !id.empty() && id.size() <= 128) {
            call_->note(CW_NOTE_REMOTE_REQ, id);
        }
        return response;
    } catch (Failure const& failure) {
        if (!stayed_here(failure.status())) {
            return std::nullopt;
        }
        throw Failure(read_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
}

std::optional<json::value> Api::data_of(connector::HttpResponse const& response) const {
    if (response.body.size() > answer_bytes_max) {
        return std::nullopt;
    }
    std::optional<json::value> const body = parsed(response.body);
    json::value const* data = body ? connector::find(*body, settings_->envelope.find("data")->second) : nullptr;
    return data == nullptr ? std::nullopt : std::optional(*data);
}

std::vector<FieldProblem> Api::details(connector::HttpResponse const& response,
                                       std::vector<std::string> const& personal) const {
    std::vector<FieldProblem> out;
    std::optional<json::value> const body =
        response.body.size() <= answer_bytes_max ? parsed(response.body) : std::nullopt;
    json::value const* list = body ? connector::find(*body, settings_->envelope.find("details")->second) : nullptr;
    if (list == nullptr || !list->is_array()) {
        return out;
    }
    for (json::value const& entry : list->get_array()) {
        if (out.size() == details_max) {
            break;
        }
        if (entry.is_object()) {
            std::string const name = scrubbed(text(entry.get_object(), "field"), personal);
            std::string reason = scrubbed(text(entry.get_object(), "reason"), personal);
            out.push_back({settings_->contract(name), reason.empty() ? "GoCo refused it" : std::move(reason)});
        }
    }
    return out;
}

Failure Api::refusal(std::string_view path, connector::HttpResponse const& response,
                     std::vector<std::string> const& personal) const {
    switch (response.status) {
        case 401:
            return {
                CW_ERR_AUTH,
                "GoCo refused the API key (401 unauthorized): it is missing, revoked or was made anew. Make a key in "
                "GoCo Marketplace > API Credentials and put it into /api_key."};
        case 403:
            return {
                CW_ERR_AUTH,
                "GoCo forbids this (403 forbidden): the API key must belong to a Full Access Admin of the company in "
                "GoCo."};
        case 404:
            return {CW_ERR_CONFIG,
                    "GoCo found nothing (404 not found): check /company, the company's url name in GoCo, "
                    "and " +
                        path_setting(path) + "."};
        case 429:
            return {CW_ERR_RATE_LIMITED, "GoCo asks to slow down (429 rate limited).", {}, response.retry_after};
        default:
            break;
    }
    std::string const number = std::to_string(response.status);
    if (response.status >= 500 || response.status == 408) {
        return {CW_ERR_TRANSIENT, "GoCo is out of order (" + number + ").", {}, response.retry_after};
    }
    if (response.status < 400) {
        return odd_answer(path, "has the unexpected status " + number);
    }
    std::vector<FieldProblem> fields = details(response, personal);
    std::string names;
    for (FieldProblem const& problem : fields) {
        names += (names.empty() ? ": " : ", ") + problem.field;
    }
    return {CW_ERR_INVALID,
            "GoCo refused the data (" + number + ")" + names + ". Correct it at the source and replay the event.",
            std::move(fields)};
}

}  // namespace crosswalk::goco
