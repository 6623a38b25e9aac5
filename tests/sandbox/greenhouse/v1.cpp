// Harvest v1: Basic with the key as user, rights per endpoint, page numbers in Link, On-Behalf-Of on every write.
//
// Order    retired, credential 401, rate 429, path 404, right 403, body with GET 403, On-Behalf-Of and parameters 422.

#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/errors.hpp"
#include "sandbox/greenhouse/print.hpp"
#include "sandbox/greenhouse/times.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::int64_t per_page_max = 500;
constexpr std::int64_t per_page_default = 100;
constexpr std::size_t ids_max = 50;

using Keep = std::function<bool(Record const&)>;

// "created_after" and its like: the parameter, the member it bounds, and the side.
struct Bound {
    std::string_view parameter;
    std::string_view member;
    bool after;
};
constexpr std::array<Bound, 5> bounds{{{"created_before", "created_at", false},
                                       {"created_after", "created_at", true},
                                       {"updated_before", "updated_at", false},
                                       {"updated_after", "updated_at", true},
                                       {"last_activity_after", "last_activity_at", true}}};

std::optional<Answer> check_bounds(Request const& request) {
    for (Bound const& bound : bounds) {
        auto const value = request.parameter(bound.parameter);
        if (value && !parse_time(*value)) {
            return validation_error(bound.parameter, "must be an ISO-8601 timestamp");
        }
    }
    return std::nullopt;
}

bool is_within_bounds(Request const& request, Record const& record) {
    return std::all_of(bounds.begin(), bounds.end(), [&](Bound const& bound) {
        auto const value = request.parameter(bound.parameter);
        if (!value) {
            return true;
        }
        auto const edge = parse_time(*value).value_or(0);
        auto const time = parse_time(text_of(record.v3, bound.member)).value_or(0);
        return bound.after ? time > edge : time < edge;
    });
}

struct Page {
    std::int64_t number = 1;
    std::int64_t size = per_page_default;
};

std::optional<Answer> read_page(Request const& request, Page& page) {
    auto const number = parse_number(request.parameter("page").value_or("1"));
    auto const size = parse_number(request.parameter("per_page").value_or(std::to_string(per_page_default)));
    if (!number || *number < 1) {
        return validation_error("page", "must be a positive number");
    }
    if (!size || *size < 1 || *size > per_page_max) {
        return validation_error("per_page", "must be from 1 to 500");
    }
    page = {*number, *size};
    return std::nullopt;
}

// The address of another page of the same question.
std::string page_link(State const& state, Request const& request, std::int64_t number, char const* relation) {
    std::string link = "<" + address_of(state, request) + "?page=" + std::to_string(number);
    for (Pair const& pair : request.query) {
        if (pair.name != "page") {
            link += "&" + pair.name + "=" + pair.value;
        }
    }
    return link + ">; rel=\"" + relation + "\"";
}

// One page has no Link at all.
std::string links(State const& state, Request const& request, Page const& page, std::int64_t pages) {
    std::string text;
    auto const add = [&](std::int64_t number, char const* relation) {
        text += (text.empty() ? "" : ",") + page_link(state, request, number, relation);
    };
    if (page.number < pages) {
        add(page.number + 1, "next");
    }
    if (page.number > 1 && page.number <= pages) {
        add(page.number - 1, "prev");
    }
    if (pages > 1 && request.parameter("skip_count") != "true") {
        add(pages, "last");
    }
    return text;
}

Answer answer_list(Call const& call, Records const& records, Printer print, Keep const& keep) {
    Page page;
    if (auto refusal = read_page(call.request, page)) {
        return *refusal;
    }
    if (auto refusal = check_bounds(call.request)) {
        return *refusal;
    }
    json::array printed;
    std::int64_t kept = 0;
    for (auto const& [id, record] : records) {
        if (!is_within_bounds(call.request, record) || !keep(record)) {
            continue;
        }
        bool const on_page = kept / page.size == page.number - 1;
        ++kept;
        if (on_page) {
            printed.push_back(print(call.state, record));
        }
    }
    Answer answer = json_answer(200, printed);
    auto const header = links(call.state, call.request, page, (kept + page.size - 1) / page.size);
    if (!header.empty()) {
        answer.headers.push_back({"Link", header});
    }
    return answer;
}

bool keep_all(Record const& /*record*/) {
    return true;
}

Record const* named(Call const& call, Records const& records) {
    return find(records, parse_number(call.ids.front()).value_or(0));
}

template <Records State::*records, Printer print>
Answer get_one(Call const& call) {
    auto const* const record = named(call, call.state.*records);
    return record == nullptr ? error_of_status(Api::v1, 404) : json_answer(200, print(call.state, *record));
}

template <Records State::*records, Printer print>
Answer list_all(Call const& call) {
    return answer_list(call, call.state.*records, print, keep_all);
}

bool has_address(json::object const& candidate, std::string const& email) {
    json::array const& addresses = candidate.at("email_addresses").as_array();
    return std::any_of(addresses.begin(), addresses.end(), [&](json::value const& address) {
        return lower(text_of(address.as_object(), "value")) == lower(email);
    });
}

bool has_job(State const& state, json::object const& candidate, std::int64_t job) {
    auto const applications = applications_of(state, number_of(candidate, "id"));
    return std::any_of(applications.begin(), applications.end(), [&](std::int64_t const application) {
        auto const jobs = jobs_of(state.applications.at(application).v3);
        return std::find(jobs.begin(), jobs.end(), job) != jobs.end();
    });
}

// "1,2,3"; nothing when it is anything else, or more than fifty.
std::optional<std::vector<std::int64_t>> read_ids(std::string_view text) {
    std::vector<std::int64_t> ids;
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto const id = parse_number(text.substr(0, comma));
        if (!id || ids.size() == ids_max) {
            return std::nullopt;
        }
        ids.push_back(*id);
        text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    }
    return ids;
}

Answer list_candidates(Call const& call) {
    auto const email = call.request.parameter("email");
    auto const job = call.request.parameter("job_id");
    auto const listed = call.request.parameter("candidate_ids");
    auto const ids = listed ? read_ids(*listed) : std::nullopt;
    if (listed && !ids) {
        return validation_error("candidate_ids", "must be at most 50 ids with commas between");
    }
    return answer_list(call, call.state.candidates, v1_candidate, [&](Record const& record) {
        return (!email || has_address(record.v3, *email)) &&
               (!job || has_job(call.state, record.v3, parse_number(*job).value_or(0))) &&
               (!ids || std::find(ids->begin(), ids->end(), number_of(record.v3, "id")) != ids->end());
    });
}

// A status that is not one of the vendor's finds nobody; that is not an error.
Answer list_applications(Call const& call) {
    auto const status = call.request.parameter("status");
    auto const job = call.request.parameter("job_id");
    return answer_list(call, call.state.applications, v1_application, [&](Record const& record) {
        auto const jobs = jobs_of(record.v3);
        return (!status || v1_status(text_of(record.v3, "status")) == *status) &&
               (!job || std::find(jobs.begin(), jobs.end(), parse_number(*job).value_or(0)) != jobs.end());
    });
}

Answer list_offers(Call const& call) {
    auto const status = call.request.parameter("status");
    return answer_list(call, call.state.offers, v1_offer, [&](Record const& record) {
        return !status || v1_status(text_of(record.v3, "status")) == *status;
    });
}

Answer list_offers_of_application(Call const& call) {
    auto const* const application = named(call, call.state.applications);
    if (application == nullptr) {
        return error_of_status(Api::v1, 404);
    }
    return answer_list(call, call.state.offers, v1_offer, [&](Record const& record) {
        return number_of(record.v3, "application_id") == number_of(application->v3, "id");
    });
}

Answer get_current_offer(Call const& call) {
    auto const* const offer = current_offer(std::as_const(call.state), parse_number(call.ids.front()).value_or(0));
    return offer == nullptr ? error_of_status(Api::v1, 404) : json_answer(200, v1_offer(call.state, *offer));
}

Answer list_openings_of_job(Call const& call) {
    auto const* const job = named(call, call.state.jobs);
    if (job == nullptr) {
        return error_of_status(Api::v1, 404);
    }
    return answer_list(call, call.state.openings, v1_opening, [&](Record const& record) {
        return number_of(record.v3, "job_id") == number_of(job->v3, "id");
    });
}

// Primary and secondary addresses both find the one user. The service user is v3's and shows nowhere here.
Answer list_users(Call const& call) {
    auto const email = call.request.parameter("email");
    auto const has_email = [&](json::object const& user) {
        json::array const& emails = user.at("emails").as_array();
        return std::any_of(emails.begin(), emails.end(),
                           [&](json::value const& known) { return lower(known.as_string().c_str()) == lower(*email); });
    };
    auto const keep = [&](Record const& record) {
        return !flag_of(record.beside, "service") && (!email || has_email(record.v3));
    };
    if (email && call.state.settings.user_by_email_bare) {
        for (auto const& [id, user] : call.state.users) {
            if (keep(user)) {
                return json_answer(200, v1_user(call.state, user));
            }
        }
        return error_of_status(Api::v1, 404);
    }
    return answer_list(call, call.state.users, v1_user, keep);
}

Answer list_custom_fields(Call const& call) {
    static constexpr std::array<std::string_view, 8> types{
        "offer",   "candidate",          "application",       "job",
        "opening", "rejection_question", "referral_question", "user_attribute"};
    if (std::find(types.begin(), types.end(), call.ids.front()) == types.end()) {
        return error_of_status(Api::v1, 404);
    }
    return answer_list(call, call.state.custom_fields, v1_custom_field,
                       [&](Record const& record) { return text_of(record.v3, "field_type") == call.ids.front(); });
}

std::vector<Endpoint<Call>> const& table() {
    static std::vector<std::string_view> const page{"per_page", "page", "skip_count"};
    static auto const with_page = [](std::vector<std::string_view> names) {
        names.insert(names.end(), page.begin(), page.end());
        return names;
    };
    static std::vector<Endpoint<Call>> const endpoints{
        {"GET", "/candidates", list_candidates,
         with_page({"created_before", "created_after", "updated_before", "updated_after", "job_id", "email",
                    "candidate_ids"})},
        {"GET", "/candidates/:id", get_one<&State::candidates, v1_candidate>},
        {"GET", "/candidates/:id/activity_feed", v1_activity_feed},
        {"POST", "/candidates/:id/activity_feed/notes", v1_create_note},
        {"GET", "/applications", list_applications,
         with_page({"created_before", "created_after", "last_activity_after", "job_id", "status"})},
        {"GET", "/applications/:id", get_one<&State::applications, v1_application>},
        {"GET", "/applications/:id/offers", list_offers_of_application, page},
        {"GET", "/applications/:id/offers/current_offer", get_current_offer},
        {"GET", "/offers", list_offers,
         with_page({"created_before", "created_after", "updated_before", "updated_after", "status"})},
        {"GET", "/offers/:id", get_one<&State::offers, v1_offer>},
        {"GET", "/jobs", list_all<&State::jobs, v1_job>,
         with_page({"created_before", "created_after", "updated_before", "updated_after"})},
        {"GET", "/jobs/:id", get_one<&State::jobs, v1_job>},
        {"GET", "/jobs/:id/openings", list_openings_of_job, page},
        {"GET", "/departments", list_all<&State::departments, v1_department>, page},
        {"GET", "/departments/:id", get_one<&State::departments, v1_department>},
        {"GET", "/offices", list_all<&State::offices, v1_office>, page},
        {"GET", "/offices/:id", get_one<&State::offices, v1_office>},
        {"GET", "/users", list_users,
         with_page({"email", "created_before", "created_after", "updated_before", "updated_after"})},
        {"GET", "/users/:id", get_one<&State::users, v1_user>},
        {"GET", "/custom_fields/:type", list_custom_fields, page},
    };
    return endpoints;
}

std::string permission_of(Endpoint<Call> const& endpoint) {
    return std::string(endpoint.method) + " " + std::string(endpoint.path);
}

// The refusal when a write does not say for whom it is made.
std::optional<Answer> check_on_behalf_of(State const& state, Request const& request) {
    if (request.method == "GET") {
        return std::nullopt;
    }
    auto const header = request.header("On-Behalf-Of");
    auto const* const user = find(state.users, parse_number(header).value_or(0));
    if (user == nullptr) {
        return validation_error("On-Behalf-Of",
                                header.empty() ? "On-Behalf-Of header is required" : "must be the id of a user");
    }
    return flag_of(user->v3, "deactivated") ? std::optional(error_of_status(Api::v1, 403)) : std::nullopt;
}

Answer answer(State& state, Request const& request, std::span<std::string const> path, Credential const& credential) {
    auto found = find_endpoint<Call>(table(), request.method, path);
    if (found.endpoint == nullptr) {
        return error_of_status(Api::v1, 404);
    }
    bool const body_with_get = request.method == "GET" && !request.body.empty();
    if (!is_permitted(credential, permission_of(*found.endpoint)) || body_with_get) {
        return error_of_status(Api::v1, 403);
    }
    if (auto refusal = check_on_behalf_of(state, request)) {
        return *refusal;
    }
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        return validation_error(unknown, "is not a known parameter");
    }
    return found.endpoint->answer({.state = state, .request = request, .ids = std::move(found.arguments)});
}

}  // namespace

std::set<std::string> v1_permissions() {
    std::set<std::string> permissions;
    for (Endpoint<Call> const& endpoint : table()) {
        permissions.insert(permission_of(endpoint));
    }
    return permissions;
}

Answer call_v1(State& state, Request const& request, std::span<std::string const> path) {
    if (state.settings.v1_retired_status != 0) {
        return error_of_status(Api::v1, static_cast<int>(state.settings.v1_retired_status));
    }
    auto const basic = read_basic(request);
    auto const found = basic ? state.credentials.find(basic->name) : state.credentials.end();
    bool const known = found != state.credentials.end() && !found->second.client && basic->value.empty();
    RateWindow& window = known ? found->second.window : state.anonymous_window;
    RateLimit const& rate = state.settings.v1_rate;
    std::int64_t const now = now_ms();
    bool const in_time = window.take(now, rate);
    Answer answered;
    if (!known) {
        answered = error_of_status(Api::v1, 401);
    } else if (!in_time) {
        answered = error_of_status(Api::v1, 429);
        answered.headers.push_back({"X-RateLimit-Reset", std::to_string(window.reset_s())});
        answered.headers.push_back({"Retry-After", std::to_string(window.retry_after_s(now))});
    } else {
        answered = answer(state, request, path, found->second);
    }
    if (rate.limit > 0) {
        answered.headers.push_back({"X-RateLimit-Limit", std::to_string(rate.limit)});
        answered.headers.push_back({"X-RateLimit-Remaining", std::to_string(window.remaining(rate))});
    }
    return answered;
}

}  // namespace crosswalk::sandbox::greenhouse
