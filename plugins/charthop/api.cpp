#include "api.hpp"

#include <chrono>
#include <cstdio>
#include <set>

namespace crosswalk::charthop {
namespace {

constexpr std::size_t answer_bytes_max = 10U * 1024U * 1024U;
constexpr int pages_max = 1000;
// How long a snapshot takes is not documented.
constexpr std::chrono::seconds snapshot_wait{15};

// Nothing can have been applied by a read, so whatever kept its answer away is worth another try, unless only an
// operator can mend it.
cw_status read_status(cw_status status) noexcept {
    switch (status) {
        case CW_ERR_AUTH:
        case CW_ERR_CONFIG:
        case CW_ERR_RATE_LIMITED:
        case CW_ERR_CANCELLED:
            return status;
        case CW_ERR_DENIED:
        case CW_ERR_TOO_LARGE:
            return CW_ERR_CONFIG;
        default:
            return CW_ERR_TRANSIENT;
    }
}

// The host says of these that the request did not leave.
bool stayed_here(cw_status status) noexcept {
    return status == CW_ERR_TRANSIENT || status == CW_ERR_RATE_LIMITED || status == CW_ERR_AUTH ||
           status == CW_ERR_CONFIG || status == CW_ERR_DENIED;
}

Failure building() {
    return {CW_ERR_TRANSIENT, "ChartHop is building a snapshot (202) and answers later.", {}, snapshot_wait};
}

Failure refusal(connector::HttpResponse const& response, json::object const& sent) {
    switch (response.status) {
        case 401:
            return {
                CW_ERR_AUTH,
                "ChartHop does not authorize this (401): the app's token is missing, expired or revoked, or the app "
                "lacks the right. Make a new token for the app and put it into /api_token, or give the app the "
                "access level Org Editor or Owner."};
        case 403:
            return {
                CW_ERR_AUTH,
                "ChartHop denies permission (403): give the app the access level Org Editor or Owner, and check the "
                "addresses that the app allows."};
        case 404:
            return {
                CW_ERR_CONFIG,
                "ChartHop found nothing (404): check /org, the organization's id or slug, and that the feature is on "
                "for this organization."};
        case 429:
            return {CW_ERR_RATE_LIMITED, "ChartHop asks to slow down (429).", {}, response.retry_after};
        default:
            break;
    }
    std::string const number = std::to_string(response.status);
    if (response.status < 200 || response.status >= 500 || response.status == 408) {
        return {CW_ERR_TRANSIENT, "ChartHop is out of order (" + number + ").", {}, response.retry_after};
    }
    if (response.status < 400) {
        return {CW_ERR_CONFIG, "ChartHop sends the request elsewhere (" + number + "): check /base_url."};
    }
    std::vector<connector::FieldProblem> fields;
    for (auto const& entry : sent) {
        fields.push_back({std::string(entry.key()), "was among what ChartHop refused"});
    }
    return {
        CW_ERR_INVALID,
        "ChartHop refused the request (" + number +
            "). Check the codes and values that were sent against the organization's fields, then replay the event.",
        std::move(fields)};
}

std::optional<json::value> parsed(std::string const& body) {
    json::error_code error;
    json::value value = json::parse(body, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

}  // namespace

std::string Api::url(std::string_view version, std::string const& path, Parameters const& parameters) const {
    std::string out = settings_->base_url + "/" + std::string(version) + "/org/" +
                      connector::url_encode(settings_->org) + (path.empty() ? "" : "/" + path);
    char separator = '?';
    for (auto const& [name, value] : parameters) {
        out += separator + name + "=" + connector::url_encode(value);
        separator = '&';
    }
    return out;
}

json::value Api::read(std::string_view version, std::string const& path, Parameters const& parameters,
                      bool may_be_missing, bool& missing) const {
    connector::HttpRequest request;
    request.url = url(version, path, parameters);
    request.headers = {{"Accept", "application/json"}};
    request.auth = connector::Auth::bearer;
    request.auth_secret = token_pointer;
    connector::HttpResponse response;
    try {
        response = call_->http(request);
    } catch (Failure const& failure) {
        throw Failure(read_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
    missing = response.status == 404;
    if (missing && may_be_missing) {
        return nullptr;
    }
    if (response.status == 202) {
        throw building();
    }
    if (response.status < 200 || response.status > 299) {
        throw refusal(response, {});
    }
    if (response.body.size() > answer_bytes_max) {
        throw Failure(CW_ERR_CONFIG, "ChartHop's answer is larger than 10 MiB: make /page_size smaller.");
    }
    std::optional<json::value> body = parsed(response.body);
    if (!body) {
        // A proxy's page is the usual reason, and it goes away.
        throw Failure(CW_ERR_TRANSIENT, "ChartHop's answer is not JSON.");
    }
    return std::move(*body);
}

std::optional<Row> Api::get(std::string_view version, std::string const& path, Parameters const& parameters) const {
    bool missing = false;
    json::value const body = read(version, path, parameters, true, missing);
    return missing ? std::nullopt : std::optional(Row(body));
}

Page Api::page(std::string_view version, std::string const& path, Parameters parameters,
               std::string const& from) const {
    parameters.emplace_back("limit", std::to_string(settings_->page_size));
    if (!from.empty()) {
        parameters.emplace_back("from", from);
    }
    bool missing = false;
    json::value const body = read(version, path, parameters, false, missing);
    json::value const* data = connector::find(body, "/data");
    if (data == nullptr || !data->is_array()) {
        throw Failure(CW_ERR_TRANSIENT, "ChartHop's answer is not a list.");
    }
    Page out;
    for (json::value const& one : data->get_array()) {
        out.rows.emplace_back(one);
    }
    if (json::value const* access = connector::find(body, "/access"); access != nullptr && access->is_array()) {
        out.access = access->get_array();
    }
    // An empty page ends a list even if it names another one.
    out.next = out.rows.empty() ? std::string() : id_text(connector::find(body, "/next"));
    return out;
}

void Api::each(std::string_view version, std::string const& path, Parameters const& parameters,
               std::function<bool(Row const&)> const& each) const {
    std::set<std::string> seen;
    std::string from;
    for (int turn = 0; turn < pages_max; ++turn) {
        Page const page = this->page(version, path, parameters, from);
        for (Row const& row : page.rows) {
            if (!each(row)) {
                return;
            }
        }
        if (page.next.empty() || page.next == from || !seen.insert(page.next).second) {
            return;
        }
        from = page.next;
    }
    throw Failure(CW_ERR_CONFIG, "ChartHop's list has more than 1,000 pages: make /page_size larger.");
}

Written Api::write(std::string_view method, std::string_view version, std::string const& path, json::object const& body,
                   Parameters const& parameters) const {
    connector::HttpRequest request;
    request.method = method;
    request.url = url(version, path, parameters);
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    request.body = json::serialize(body);
    request.auth = connector::Auth::bearer;
    request.auth_secret = token_pointer;
    request.idempotent = false;
    connector::HttpResponse response;
    try {
        response = call_->http(request);
    } catch (Failure const& failure) {
        if (!stayed_here(failure.status())) {
            return {};
        }
        throw Failure(read_status(failure.status()), failure.message(), {}, failure.retry_after());
    }
    if (response.status == 202) {
        return {Written::Kind::building, {}};
    }
    if (response.status >= 500 || response.status == 408 || response.status < 200) {
        return {};
    }
    if (response.status == 404 && method == "PATCH") {
        throw Failure(CW_ERR_INVALID, "The job is no longer in ChartHop. Replay the event to look for it anew.");
    }
    if (response.status > 299) {
        throw refusal(response, body);
    }
    std::optional<json::value> const answer =
        response.body.size() > answer_bytes_max ? std::nullopt : parsed(response.body);
    return {Written::Kind::done, answer ? Row(*answer) : Row()};
}

std::string Api::today() const {
    std::chrono::sys_time<std::chrono::milliseconds> const now{std::chrono::milliseconds(call_->unix_ms())};
    std::chrono::year_month_day const day{std::chrono::floor<std::chrono::days>(now)};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()));
    return text;
}

}  // namespace crosswalk::charthop
