#include "sandbox/hrlogics/hrlogics.hpp"

#include "sandbox/hrlogics/calls.hpp"
#include "sandbox/hrlogics/controls.hpp"

#include <chrono>

namespace crosswalk::sandbox::hrlogics {
namespace {

namespace json = boost::json;

Answer get_account(Call const&) {
    return json_answer(200, {{"data", {{"id", "acct_1"}, {"name", "Acme Demo"}}}});
}

std::vector<Endpoint<Call>> const& table() {
    static std::vector<Endpoint<Call>> const endpoints{
        {"GET", "/v1/account", get_account},
        {"POST", "/v1/applicants", create_applicant},
        {"GET", "/v1/applicants", find_applicants, {"external_id"}},
        {"GET", "/v1/applicants/:id", get_applicant},
        {"POST", "/v1/applicants/:id/survey/resend", resend_survey},
        {"GET", "/v1/screenings/changes", list_changes, {"since", "page", "per_page"}},
        {"PUT", "/v1/callbacks", register_callback},
        {"DELETE", "/v1/callbacks/:id", remove_callback},
    };
    return endpoints;
}

// The headers that the contract asks for.
std::vector<Detail> check_headers(Request const& request) {
    std::vector<Detail> details;
    if (request.header("Accept").find("application/json") == std::string_view::npos) {
        details.push_back({"Accept", "must be application/json"});
    }
    if (!request.body.empty() && request.media_type() != "application/json") {
        details.push_back({"Content-Type", "must be application/json"});
    }
    if (!request.body.empty() && request.method != "POST" && request.method != "PUT") {
        details.push_back({"body", "is not expected"});
    }
    return details;
}

}  // namespace

Hrlogics::Hrlogics() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

void Hrlogics::reset() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Answer Hrlogics::call(Request const& request) {
    std::lock_guard const lock(state_.mutex);
    if (request.path.size() == 1 && request.path.front() == "token") {
        return request_token(state_, request);
    }
    if (!is_authorized(state_, request)) {
        return error_of_status(401);
    }
    Settings const& settings = state_.settings;
    if (!state_.bucket.take(std::chrono::steady_clock::now(), settings.rate_per_s, settings.burst)) {
        return rate_limited();
    }
    auto found = find_endpoint<Call>(table(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return not_found();
    }
    auto details = check_headers(request);
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        details.push_back({unknown, "is not a known query parameter"});
    }
    if (!details.empty()) {
        return validation_failed(400, details);
    }
    return found.endpoint->answer({.state = state_, .request = request, .ids = std::move(found.arguments)});
}

Answer Hrlogics::control(Request const& request) {
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
    std::lock_guard const lock(state_.mutex);
    return found.endpoint->answer(
        {.state = state_, .request = request, .body = body, .ids = std::move(found.arguments)});
}

Answer Hrlogics::error(int status) const {
    return error_of_status(status);
}

json::object Hrlogics::metrics() {
    std::lock_guard const lock(state_.mutex);
    return {{"applicants", state_.applicants.size()}, {"callbacks", state_.sender.counts()}};
}

}  // namespace crosswalk::sandbox::hrlogics
