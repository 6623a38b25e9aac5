#include "sandbox/hireguide/hireguide.hpp"

#include "sandbox/hireguide/calls.hpp"
#include "sandbox/hireguide/controls.hpp"

#include <chrono>

namespace crosswalk::sandbox::hireguide {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_max = 100;
constexpr std::string_view cursor_mark = "after_";

std::vector<Endpoint<Call>> const& table() {
    static std::vector<Endpoint<Call>> const endpoints{
        {"GET", "/v1/workspaces/:workspace", get_workspace},
        {"GET", "/v1/positions", list_positions, {"cursor", "page_size"}},
        {"POST", "/v1/positions", create_position},
        {"PUT", "/v1/positions/:id/ats", link_position},
        {"PATCH", "/v1/positions/:id", change_position},
        {"POST", "/v1/positions/:id/candidates:upsert", upsert_candidates},
        {"GET", "/v1/positions/:id/candidates", search_candidates, {"query", "cursor", "page_size"}},
        {"PUT", "/v1/positions/:id/sync-status", put_sync_status},
        {"GET", "/v1/interviews/:id", get_interview},
        {"GET", "/v1/interviews/:id/export.pdf", get_export},
        {"POST", "/v1/interviews/:id/export-result", put_export_result},
        {"DELETE", "/v1/integrations/:ats", disconnect},
    };
    return endpoints;
}

// The headers that the contract asks for.
std::vector<Detail> check_headers(Request const& request, Endpoint<Call> const& endpoint) {
    std::vector<Detail> details;
    std::string const wanted = endpoint.path.ends_with(".pdf") ? "application/pdf" : "application/json";
    if (request.header("Accept").find(wanted) == std::string_view::npos) {
        details.push_back({"Accept", "must be " + wanted});
    }
    bool const has_body = request.method != "GET" && request.method != "DELETE";
    if (has_body && request.media_type() != "application/json") {
        details.push_back({"Content-Type", "must be application/json"});
    }
    if (!has_body && !request.body.empty()) {
        details.push_back({"body", "is not expected"});
    }
    if (auto const unknown = unknown_parameter(endpoint, request); !unknown.empty()) {
        details.push_back({unknown, "is not a known query parameter"});
    }
    return details;
}

}  // namespace

Answer answer_page(Request const& request, std::vector<json::object> const& all) {
    auto const size = parse_number(request.parameter("page_size").value_or("100"));
    std::string const cursor = request.parameter("cursor").value_or("");
    std::int64_t start = cursor.empty() ? 0 : -1;
    if (cursor.starts_with(cursor_mark)) {
        start = parse_number(cursor.substr(cursor_mark.size())).value_or(-1);
    }
    std::vector<Detail> details;
    if (!size || *size < 1 || *size > page_max) {
        details.push_back({"page_size", "must be from 1 to 100"});
    }
    if (start < 0) {
        details.push_back({"cursor", "is not known"});
    }
    if (!details.empty()) {
        return invalid(400, details);
    }
    json::array data;
    auto next = static_cast<std::size_t>(start);
    for (; next < all.size() && std::cmp_less(data.size(), *size); ++next) {
        data.push_back(all[next]);
    }
    json::value next_cursor;
    if (next < all.size()) {
        next_cursor = json::string(std::string(cursor_mark) + std::to_string(next));
    }
    return json_answer(200, {{"data", std::move(data)}, {"meta", {{"next_cursor", std::move(next_cursor)}}}});
}

Answer get_workspace(Call const& call) {
    if (call.ids[0] != workspace) {
        return no_such("workspace");
    }
    return json_answer(200, {{"data", {{"id", call.ids[0]}, {"addons", {{"ats_integration", true}}}}}});
}

Hireguide::Hireguide() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Hireguide::~Hireguide() {
    callbacks_.sender().stop();
}

void Hireguide::start() {
    callbacks_.sender().start();
}

void Hireguide::stop() {
    callbacks_.sender().stop();
}

void Hireguide::reset() {
    callbacks_.clear();
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Answer Hireguide::call(Request const& request) {
    std::lock_guard const lock(state_.mutex);
    Settings const& settings = state_.settings;
    if (request.header("Authorization") != "Bearer " + settings.token) {
        return error_of_status(401);
    }
    if (!state_.bucket.take(std::chrono::steady_clock::now(), settings.rate_per_s, settings.burst)) {
        Answer answer = error_of_status(429);
        answer.headers.push_back({"Retry-After", "1"});
        return answer;
    }
    if (!settings.addon) {
        return hireguide::error(403, "addon_disabled", "ATS integration add-on is not enabled for this workspace");
    }
    auto found = find_endpoint<Call>(table(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return no_such("endpoint");
    }
    if (auto const details = check_headers(request, *found.endpoint); !details.empty()) {
        return invalid(400, details);
    }
    return found.endpoint->answer({.state = state_, .request = request, .ids = std::move(found.arguments)});
}

Answer Hireguide::control(Request const& request) {
    auto found = find_endpoint<ControlCall>(controls(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return control_refusal(found.path_known ? 405 : 404, "no such control call");
    }
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        return control_refusal(400, unknown + " is not a known query parameter");
    }
    json::object body;
    if (!request.body.empty()) {
        auto parsed = request.json_object();
        if (!parsed) {
            return control_refusal(400, "the body must be a JSON object");
        }
        body = std::move(*parsed);
    }
    return found.endpoint->answer({.state = state_,
                                   .callbacks = callbacks_,
                                   .request = request,
                                   .body = body,
                                   .ids = std::move(found.arguments)});
}

Answer Hireguide::error(int status) const {
    return error_of_status(status);
}

json::object Hireguide::metrics() {
    json::object printed;
    {
        std::lock_guard const lock(state_.mutex);
        printed = {{"positions", state_.positions.size()},
                   {"candidates", state_.candidates.size()},
                   {"interviews", state_.interviews.size()}};
    }
    printed["deliveries"] = callbacks_.sender().counts();
    return printed;
}

}  // namespace crosswalk::sandbox::hireguide
