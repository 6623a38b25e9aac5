// Harvest v3: bearer tokens that act for a user, lists only, a cursor that stands alone, scopes on the credential.
//
// Order    path 404, token 401, rate 429, scope and user 403, parameters and body 422.

#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/errors.hpp"
#include "sandbox/greenhouse/times.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::int64_t per_page_max = 500;
constexpr std::int64_t per_page_default = 100;
constexpr std::size_t listed_max = 50;  // ids and fields in one question

enum class Kind { ids, text, flag, time, date, application_status, email, current, service_users };

struct Filter {
    std::string_view parameter;
    std::string_view member;
    Kind kind;
};

struct Resource {
    std::string_view name;
    Records State::*records;
    std::vector<Filter> filters;
};

std::vector<Resource> const& resources() {
    static std::vector<Resource> const all{
        {"candidates",
         &State::candidates,
         {{"email", "email_addresses", Kind::email},
          {"tag", "tags", Kind::text},
          {"private", "private", Kind::flag},
          {"last_activity_at", "last_activity_at", Kind::time}}},
        {"applications",
         &State::applications,
         {{"candidate_ids", "candidate_id", Kind::ids},
          {"job_ids", "job_id", Kind::ids},
          {"stage_ids", "stage_id", Kind::ids},
          {"status", "status", Kind::application_status},
          {"prospect", "prospect", Kind::flag},
          {"last_activity_at", "last_activity_at", Kind::time}}},
        {"offers",
         &State::offers,
         {{"application_ids", "application_id", Kind::ids},
          {"candidate_ids", "candidate_id", Kind::ids},
          {"job_ids", "job_id", Kind::ids},
          {"status", "status", Kind::text},
          {"current_only", "", Kind::current},
          {"resolved_at", "resolved_at", Kind::time},
          {"starts_on", "starts_on", Kind::date},
          {"sent_on", "sent_on", Kind::date}}},
        {"openings",
         &State::openings,
         {{"job_ids", "job_id", Kind::ids},
          {"application_ids", "application_id", Kind::ids},
          {"open", "open", Kind::flag}}},
        {"jobs", &State::jobs, {{"status", "status", Kind::text}, {"confidential", "confidential", Kind::flag}}},
        {"departments", &State::departments, {}},
        {"offices", &State::offices, {}},
        {"attachments",
         &State::attachments,
         {{"application_ids", "application_id", Kind::ids},
          {"candidate_ids", "candidate_id", Kind::ids},
          {"type", "type", Kind::text}}},
        {"notes",
         &State::notes,
         {{"candidate_ids", "candidate_id", Kind::ids},
          {"application_ids", "application_id", Kind::ids},
          {"user_ids", "user_id", Kind::ids},
          {"type", "type", Kind::text},
          {"visibility", "visibility", Kind::text}}},
        {"custom_fields",
         &State::custom_fields,
         {{"field_type", "field_type", Kind::text}, {"active", "active", Kind::flag}}},
        {"custom_field_options", &State::custom_field_options, {{"custom_field_ids", "custom_field_id", Kind::ids}}},
        {"users",
         &State::users,
         {{"primary_email", "primary_email", Kind::text},
          {"deactivated", "deactivated", Kind::flag},
          {"site_admin", "site_admin", Kind::flag},
          {"show_service_accounts", "", Kind::service_users}}},
    };
    return all;
}

// What every list takes.
constexpr std::array<Filter, 3> shared_filters{
    {{"ids", "id", Kind::ids}, {"created_at", "created_at", Kind::time}, {"updated_at", "updated_at", Kind::time}}};

Resource const* find_resource(std::string_view name) {
    auto const& all = resources();
    auto const found =
        std::find_if(all.begin(), all.end(), [&](Resource const& resource) { return resource.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Filter const* find_filter(Resource const& resource, std::string_view parameter) {
    auto const named = [&](Filter const& filter) { return filter.parameter == parameter; };
    auto const shared = std::find_if(shared_filters.begin(), shared_filters.end(), named);
    if (shared != shared_filters.end()) {
        return &*shared;
    }
    auto const own = std::find_if(resource.filters.begin(), resource.filters.end(), named);
    return own == resource.filters.end() ? nullptr : &*own;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> pieces;
    while (true) {
        auto const end = text.find(at);
        pieces.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return pieces;
        }
        text.remove_prefix(end + 1);
    }
}

// "gte|2026-01-01T00:00:00Z", and the two-sided "gte|…|lte|…".
bool is_range(std::string const& value) {
    auto const pieces = split(value, '|');
    if (pieces.size() != 2 && pieces.size() != 4) {
        return false;
    }
    for (std::size_t i = 0; i < pieces.size(); i += 2) {
        bool const known = pieces[i] == "gte" || pieces[i] == "lte" || pieces[i] == "gt" || pieces[i] == "lt";
        if (!known || !parse_time(pieces[i + 1])) {
            return false;
        }
    }
    return true;
}

bool is_in_range(std::string const& value, json::value const& time) {
    auto const at = time.is_string() ? parse_time(time.get_string().c_str()) : std::nullopt;
    if (!at) {
        return false;
    }
    auto const pieces = split(value, '|');
    for (std::size_t i = 0; i < pieces.size(); i += 2) {
        auto const edge = *parse_time(pieces[i + 1]);
        bool const below = pieces[i].starts_with('l');
        bool const fits = (*at == edge && pieces[i].size() == 3) || (below ? *at < edge : *at > edge);
        if (!fits) {
            return false;
        }
    }
    return true;
}

bool is_id_list(std::string const& value) {
    auto const pieces = split(value, ',');
    return pieces.size() <= listed_max &&
           std::all_of(pieces.begin(), pieces.end(), [](auto const& piece) { return parse_number(piece).has_value(); });
}

// What is wrong with a filter's value; empty when nothing is.
std::string complaint_about(Filter const& filter, std::string const& value) {
    static constexpr std::array<std::string_view, 4> statuses{"active", "hired", "rejected", "converted"};
    switch (filter.kind) {
        case Kind::ids:
            return is_id_list(value) ? "" : "must be at most 50 ids with commas between";
        case Kind::flag:
        case Kind::current:
        case Kind::service_users:
            return value == "true" || value == "false" ? "" : "must be true or false";
        case Kind::time:
        case Kind::date:
            return is_range(value) ? "" : "must be gte, lte, gt or lt, a bar, and a time";
        case Kind::application_status:
            return std::find(statuses.begin(), statuses.end(), value) != statuses.end()
                       ? ""
                       : "must be active, hired, rejected or converted";
        case Kind::text:
        case Kind::email:
            break;
    }
    return value.empty() ? "must not be empty" : "";
}

bool holds_text(json::value const& value, std::string const& wanted) {
    if (auto const* const list = value.if_array(); list != nullptr) {
        return std::any_of(list->begin(), list->end(), [&](json::value const& one) {
            return one.is_object() ? holds_text(value_of(one.get_object(), "value"), wanted) : holds_text(one, wanted);
        });
    }
    return value.is_string() && lower(value.get_string().c_str()) == lower(wanted);
}

bool fits(State const& state, Filter const& filter, std::string const& value, Record const& record) {
    json::value const held = value_of(record.v3, filter.member);
    switch (filter.kind) {
        case Kind::ids: {
            auto const ids = split(value, ',');
            return held.is_int64() && std::find(ids.begin(), ids.end(), std::to_string(held.get_int64())) != ids.end();
        }
        case Kind::flag:
            return held == json::value(value == "true");
        case Kind::time:
        case Kind::date:
            return is_in_range(value, held);
        case Kind::application_status:
            return holds_text(held, value == "active" ? "in_process" : value);
        case Kind::current:
            return value == "false" || current_offer(state, number_of(record.v3, "application_id")) == &record;
        case Kind::text:
        case Kind::email:
            return holds_text(held, value);
        case Kind::service_users:
            break;
    }
    return true;
}

// What keeps a list from being answered: a parameter that is not known, or not what it should be.
std::optional<Answer> check_query(Resource const& resource, Request const& request) {
    for (Pair const& pair : request.query) {
        if (pair.name == "per_page") {
            auto const size = parse_number(pair.value);
            if (!size || *size < 1) {
                return unprocessable("per_page", "`" + pair.value + "` is not a positive number");
            }
            if (*size > per_page_max) {
                return unprocessable("per_page", "`" + pair.value + "` number is greater than: 500");
            }
            continue;
        }
        if (pair.name == "fields") {
            if (split(pair.value, ',').size() > listed_max) {
                return unprocessable("fields", "must be at most 50 names");
            }
            continue;
        }
        auto const* const filter = find_filter(resource, pair.name);
        auto const complaint = filter == nullptr ? "is not a known parameter" : complaint_about(*filter, pair.value);
        if (!complaint.empty()) {
            return unprocessable(pair.name, complaint);
        }
    }
    if (request.has_parameter("created_at") && request.has_parameter("updated_at")) {
        return unprocessable(json::value("created_at and updated_at cannot be combined."));
    }
    return std::nullopt;
}

bool is_kept(State const& state, Resource const& resource, Request const& request, Record const& record) {
    if (flag_of(record.beside, "service") && request.parameter("show_service_accounts") != "true") {
        return false;
    }
    return std::all_of(request.query.begin(), request.query.end(), [&](Pair const& pair) {
        auto const* const filter = find_filter(resource, pair.name);
        return filter == nullptr || fits(state, *filter, pair.value, record);
    });
}

json::object print(State const& state, Resource const& resource, Request const& request, Record const& record) {
    json::object printed = record.v3;
    if (resource.name == "attachments") {
        printed["url"] = state.link_to(number_of(record.v3, "id"));
    }
    auto const fields = request.parameter("fields");
    if (!fields) {
        return printed;
    }
    json::object chosen;
    for (std::string const& field : split(*fields, ',')) {
        if (printed.contains(field)) {
            chosen[field] = printed.at(field);
        }
    }
    return chosen;
}

std::string remember_cursor(State& state, Cursor cursor) {
    std::string token = "eyJ" + state.ids.hex(24);
    state.cursors.emplace(token, std::move(cursor));
    state.cursor_order.push_back(token);
    if (state.cursor_order.size() > State::cursors_max) {
        state.cursors.erase(state.cursor_order.front());
        state.cursor_order.pop_front();
    }
    return token;
}

// Newest first, from below `below`.
Answer answer_list(State& state, Resource const& resource, Request const& request, std::int64_t below) {
    if (auto refusal = check_query(resource, request)) {
        return *refusal;
    }
    auto const size =
        static_cast<std::size_t>(parse_number(request.parameter("per_page").value_or("")).value_or(per_page_default));
    Records const& records = state.*resource.records;
    json::array printed;
    std::int64_t last = 0;
    bool more = false;
    for (auto record = std::make_reverse_iterator(records.lower_bound(below)); record != records.rend() && !more;
         ++record) {
        if (!is_kept(state, resource, request, record->second)) {
            continue;
        }
        more = printed.size() == size;
        if (!more) {
            printed.push_back(print(state, resource, request, record->second));
            last = record->first;
        }
    }
    Answer answer = json_answer(200, printed);
    if (more) {
        std::string const cursor = remember_cursor(state, {std::string(resource.name), request.query, last});
        answer.headers.push_back({"Link", "<" + address_of(state, request) + "?cursor=" + cursor + ">; rel=\"next\""});
    }
    return answer;
}

Answer list(State& state, Resource const& resource, Request const& request) {
    auto const token = request.parameter("cursor");
    if (!token) {
        return answer_list(state, resource, request, std::numeric_limits<std::int64_t>::max());
    }
    if (request.query.size() > 1) {
        return unprocessable(json::value("When passing a cursor, do not include other query params."));
    }
    auto const known = state.cursors.find(*token);
    if (known == state.cursors.end() || known->second.resource != resource.name) {
        return unprocessable("cursor", "is not valid");
    }
    Request question = request;
    question.query = known->second.query;
    return answer_list(state, resource, question, known->second.below);
}

Token const* find_token(State const& state, Request const& request) {
    std::string_view const header = request.header("Authorization");
    if (!header.starts_with("Bearer ")) {
        return nullptr;
    }
    auto const found = state.tokens.find(header.substr(7));
    return found == state.tokens.end() || found->second.expires_at_ms <= now_ms() ? nullptr : &found->second;
}

bool is_site_admin(State const& state, Token const& token) {
    auto const* const user = find(state.users, token.user);
    return user != nullptr && flag_of(user->v3, "site_admin") && !flag_of(user->v3, "deactivated");
}

std::string scope_of(Resource const& resource, std::string_view verb) {
    return "harvest:" + std::string(resource.name) + ":" + std::string(verb);
}

Answer answer(State& state, Resource const& resource, Request const& request, Credential const& credential,
              Token const& token) {
    bool const writing = request.method == "POST";
    if (!is_permitted(credential, scope_of(resource, writing ? "create" : "list"))) {
        return error_of_status(Api::v3, 403);
    }
    if (writing) {
        if (!request.query.empty()) {
            return unprocessable(request.query.front().name, "is not a known parameter");
        }
        Call const call{.state = state, .request = request};
        return resource.name == "notes" ? v3_create_note(call) : v3_create_attachment(call);
    }
    if (!request.body.empty()) {
        return unprocessable("body", "is not expected");
    }
    if (!is_site_admin(state, token)) {
        return state.settings.lists_empty_without_admin ? json_answer(200, json::array())
                                                        : error_of_status(Api::v3, 403);
    }
    return list(state, resource, request);
}

}  // namespace

std::set<std::string> v3_permissions() {
    std::set<std::string> permissions{"harvest:notes:create", "harvest:attachments:create"};
    for (Resource const& resource : resources()) {
        permissions.insert(scope_of(resource, "list"));
    }
    return permissions;
}

// Every answer carries the window, errors too; routing comes before everything else.
Answer call_v3(State& state, Request const& request, std::span<std::string const> path) {
    auto const* const resource = path.size() == 1 ? find_resource(path.front()) : nullptr;
    bool const is_written = resource != nullptr && (resource->name == "notes" || resource->name == "attachments");
    bool const routed = resource != nullptr && (request.method == "GET" || (request.method == "POST" && is_written));
    auto const* const token = routed ? find_token(state, request) : nullptr;
    auto const found = token == nullptr ? state.credentials.end() : state.credentials.find(token->credential);
    bool const known = found != state.credentials.end();
    RateWindow& window = known ? found->second.window : state.anonymous_window;
    RateLimit const& rate = state.settings.v3_rate;
    std::int64_t const now = now_ms();
    bool const in_time = window.take(now, rate);
    Answer answered;
    if (!routed) {
        answered = error_of_status(Api::v3, 404);
    } else if (!known) {
        answered = error_of_status(Api::v3, 401);
    } else if (!in_time) {
        answered = error_of_status(Api::v3, 429);
        answered.headers.push_back({"Retry-After", std::to_string(window.retry_after_s(now))});
    } else {
        answered = answer(state, *resource, request, found->second, *token);
    }
    if (rate.limit > 0) {
        answered.headers.push_back({"X-RateLimit-Limit", std::to_string(rate.limit)});
        answered.headers.push_back({"X-RateLimit-Remaining", std::to_string(window.remaining(rate))});
        answered.headers.push_back({"X-RateLimit-Reset", std::to_string(window.reset_s())});
    }
    return answered;
}

}  // namespace crosswalk::sandbox::greenhouse
