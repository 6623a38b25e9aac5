#include "sandbox/goco/goco.hpp"

#include "sandbox/goco/calls.hpp"
#include "sandbox/goco/controls.hpp"

#include <algorithm>
#include <chrono>

namespace crosswalk::sandbox::goco {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_max = 100;
constexpr std::int64_t page_default = 50;

std::vector<Endpoint<Call>> const& table() {
    static std::vector<std::string_view> const page{"limit", "offset"};
    static std::vector<Endpoint<Call>> const endpoints{
        {"GET", "/companies/:company", get_company},
        {"GET",
         "/companies/:company/employees",
         search_employees,
         {"limit", "offset", "first_name", "last_name", "name", "email", "external_id"}},
        {"POST", "/companies/:company/employees", create_employee},
        {"GET", "/companies/:company/employees/:id", get_employee},
        {"POST", "/companies/:company/employees/:id/documents", upload_document},
        {"GET", "/companies/:company/departments", list_departments, page},
        {"GET", "/companies/:company/locations", list_locations, page},
        {"GET", "/companies/:company/job_titles", list_job_titles, page},
    };
    return endpoints;
}

// "crosswalk/1.0": a product and its version.
bool names_product(std::string_view agent) {
    auto const slash = agent.find('/');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < agent.size() && agent[slash + 1] != ' ' &&
           agent.substr(0, slash).find(' ') == std::string_view::npos;
}

// The headers that the contract asks for.
std::vector<Detail> check_headers(Request const& request, Endpoint<Call> const& endpoint) {
    std::vector<Detail> details;
    if (request.header("Accept").find("application/json") == std::string_view::npos) {
        details.push_back({"Accept", "must be application/json"});
    }
    if (!names_product(request.header("User-Agent"))) {
        details.push_back({"User-Agent", "must be product/version"});
    }
    if (request.method == "POST") {
        std::string const expected = endpoint.path.ends_with("/documents") ? "multipart/form-data" : "application/json";
        if (request.media_type() != expected) {
            details.push_back({"Content-Type", "must be " + expected});
        }
    } else if (!request.body.empty()) {
        details.push_back({"body", "is not expected"});
    }
    return details;
}

Answer list(Call const& call, std::deque<json::object> const& records) {
    return answer_page(call.request, {records.begin(), records.end()});
}

}  // namespace

Answer answer_page(Request const& request, std::vector<std::reference_wrapper<json::object const>> const& all) {
    auto const limit = parse_number(request.parameter("limit").value_or(std::to_string(page_default)));
    auto const offset = parse_number(request.parameter("offset").value_or("0"));
    std::vector<Detail> details;
    if (!limit || *limit < 1 || *limit > page_max) {
        details.push_back({"limit", "must be from 1 to 100"});
    }
    if (!offset || *offset < 0) {
        details.push_back({"offset", "must be a number from 0"});
    }
    if (!details.empty()) {
        return validation_failed(400, details);
    }
    json::array data;
    for (auto i = static_cast<std::size_t>(*offset); i < all.size() && std::cmp_less(data.size(), *limit); ++i) {
        data.push_back(all[i].get());
    }
    return json_answer(
        200, {{"data", std::move(data)}, {"meta", {{"limit", *limit}, {"offset", *offset}, {"total", all.size()}}}});
}

Answer get_company(Call const& call) {
    return json_answer(200, {{"data", call.state.company}});
}

Answer list_departments(Call const& call) {
    return list(call, call.state.departments);
}

Answer list_locations(Call const& call) {
    return list(call, call.state.locations);
}

Answer list_job_titles(Call const& call) {
    return list(call, call.state.job_titles);
}

Goco::Goco() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

void Goco::reset() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Answer Goco::call(Request const& request) {
    std::lock_guard const lock(state_.mutex);
    Settings const& settings = state_.settings;
    if (request.header("Authorization") != "Bearer " + settings.api_key) {
        return unauthorized();
    }
    if (!state_.bucket.take(std::chrono::steady_clock::now(), settings.rate_per_s, settings.burst)) {
        return rate_limited();
    }
    if (!settings.full_access) {
        return forbidden();
    }
    auto found = find_endpoint<Call>(table(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return not_found("No such endpoint");
    }
    if (found.arguments.front() != text_of(state_.company, "url_name")) {
        return not_found("No company with that url name");
    }
    auto details = check_headers(request, *found.endpoint);
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        details.push_back({unknown, "is not a known query parameter"});
    }
    if (!details.empty()) {
        return validation_failed(400, details);
    }
    return found.endpoint->answer({.state = state_, .request = request, .ids = std::move(found.arguments)});
}

Answer Goco::control(Request const& request) {
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
    return found.endpoint->answer({.state = state_, .request = request, .body = body});
}

Answer Goco::error(int status) const {
    return error_of_status(status);
}

json::object Goco::metrics() {
    std::lock_guard const lock(state_.mutex);
    return {{"employees", state_.employees.size()}, {"documents", state_.documents.size()}};
}

}  // namespace crosswalk::sandbox::goco
