#include "sandbox/charthop/charthop.hpp"

#include "sandbox/charthop/calls.hpp"

#include <algorithm>
#include <chrono>

namespace crosswalk::sandbox::charthop {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_default = 200;
constexpr std::int64_t page_max = 10'000;

// The query parameters are the document's to judge.
std::vector<Endpoint<Call>> const& table() {
    static std::vector<Endpoint<Call>> const endpoints{
        {"GET", "/v1/org/:org", get_org},
        {"GET", "/v1/org/:org/field", list_fields},
        {"GET", "/v1/org/:org/field/built-in", list_fields},
        {"GET", "/v1/org/:org/event", list_events},
        {"GET", "/v1/org/:org/event/:id", get_event},
        {"GET", "/v1/org/:org/change", list_changes},
        {"GET", "/v1/org/:org/change/:id", get_change},
        {"DELETE", "/v1/org/:org/change/:id", delete_change},
        {"POST", "/v1/org/:org/change/sync/:type", create_hire},
        {"GET", "/v2/org/:org/job", list_jobs},
        {"POST", "/v2/org/:org/job", create_job},
        {"GET", "/v2/org/:org/job/:id", get_job},
        {"PATCH", "/v2/org/:org/job/:id", change_job},
        {"GET", "/v2/org/:org/person", list_people},
        {"POST", "/v2/org/:org/person", create_person},
        {"GET", "/v2/org/:org/person/:id", get_person},
        {"GET", "/v2/org/:org/group/:type", list_groups},
        {"POST", "/v2/org/:org/group/:type", create_group},
    };
    return endpoints;
}

// "department.name": "Sales" as {"department": {"name": "Sales"}}. A code that also stands alone stays flat.
json::object nested(json::object const& flat) {
    json::object out;
    for (auto const& [code, value] : flat) {
        std::size_t const dot = code.find('.');
        std::string const outer(code.substr(0, dot));
        if (dot == json::string_view::npos) {
            out.emplace(code, value);
        } else {
            json::value& inner = out[outer];
            if (!inner.is_object()) {
                inner = json::object{{"id", inner}};
            }
            inner.get_object()[code.substr(dot + 1)] = value;
        }
    }
    return out;
}

json::object shaped(State const& state, json::object const& row) {
    return state.settings.rows == Rows::nested ? nested(row) : row;
}

}  // namespace

Answer refusal(int status, std::string_view message) {
    return json_answer(status, {{"code", status}, {"message", json::string_view(message.data(), message.size())}});
}

int created(State const& state) {
    return state.settings.era_2026 ? 201 : 200;
}

Answer answer_page(Call const& call, std::vector<json::object> const& rows, std::string_view id) {
    std::int64_t const limit = parse_number(call.request.parameter("limit").value_or("")).value_or(page_default);
    if (limit < 1 || limit > page_max) {
        return refusal(400, "limit is out of range");
    }
    std::string const from = call.request.parameter("from").value_or("");
    json::object out;
    json::array data;
    for (json::object const& row : rows) {
        if (text_of(row, id) < from) {
            continue;
        }
        if (std::cmp_equal(data.size(), limit)) {
            out["next"] = text_of(row, id);
            break;
        }
        data.push_back(shaped(call.state, row));
    }
    out["data"] = std::move(data);
    if (std::string const asked = call.request.parameter("returnAccess").value_or(""); !asked.empty()) {
        json::array allowed{json::object{{"action", "read"}}};
        for (char const* action : {"create", "update"}) {
            if (call.state.settings.may_write && asked.find(action) != std::string::npos) {
                allowed.push_back(json::object{{"action", action}});
            }
        }
        out["access"] = json::array{json::object{{"allowed", std::move(allowed)}}};
    }
    return json_answer(200, out);
}

Answer answer_row(Call const& call, int status, json::object const& row) {
    json::object const body = shaped(call.state, row);
    return call.state.settings.rows == Rows::wrapped ? json_answer(status, {{"data", body}})
                                                     : json_answer(status, body);
}

std::optional<bool> fits(json::object const& row, std::string const& filter, bool is_open) {
    if (filter.empty()) {
        return true;
    }
    std::size_t const colon = filter.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    std::string const code = filter.substr(0, colon);
    std::string value = filter.substr(colon + 1);
    if (code == "open") {
        return value == (is_open ? "open" : "filled");
    }
    bool const known = code == "req" || code == "title" || code == "contact.homeEmail" || code == "contact.workEmail";
    if (!known || value.size() < 2 || !value.starts_with('"') || !value.ends_with('"')) {
        return std::nullopt;
    }
    value = value.substr(1, value.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < value.size(); ++i) {
        i += value[i] == '\\' && i + 1 < value.size() ? 1 : 0;
        plain += value[i];
    }
    // Not exact, so that a caller has to compare again.
    return lower(text_of(row, code)).find(lower(plain)) != std::string::npos;
}

Answer get_org(Call const& call) {
    return json_answer(200, call.state.org);
}

Answer list_fields(Call const& call) {
    std::vector<json::object> rows;
    for (auto const& [name, field] : call.state.fields) {
        rows.push_back(field);
    }
    std::sort(rows.begin(), rows.end(),
              [](json::object const& a, json::object const& b) { return text_of(a, "id") < text_of(b, "id"); });
    return answer_page(call, rows, "id");
}

// From a moment on, the oldest first; the next page begins at the moment of the first event that is not on this one.
Answer list_events(Call const& call) {
    std::string const code = call.request.parameter("code").value_or("");
    std::string const entity = call.request.parameter("entityType").value_or("");
    std::int64_t const from = parse_number(call.request.parameter("from").value_or("")).value_or(0);
    auto const limit =
        static_cast<std::size_t>(parse_number(call.request.parameter("limit").value_or("")).value_or(page_default));
    json::object page;
    json::array& data = page["data"].emplace_array();
    for (json::object const& event : call.state.events) {
        bool const fits = (code.empty() || text_of(event, "code") == code) &&
                          (entity.empty() || text_of(event, "entityType") == entity) &&
                          event.at("at").as_int64() >= from;
        if (fits && data.size() == limit) {
            page["next"] = std::to_string(event.at("at").as_int64());
            break;
        }
        if (fits) {
            data.push_back(event);
        }
    }
    return json_answer(200, std::move(page));
}

Answer get_event(Call const& call) {
    for (json::object const& event : call.state.events) {
        if (text_of(event, "id") == call.ids[1]) {
            return json_answer(200, event);
        }
    }
    return refusal(500, "event not found");
}

void ChartHop::reset() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
    hook_ = {};
    sender_.clear();
}

void ChartHop::send(std::vector<json::object> const& news) {
    for (json::object const& envelope : news) {
        if (!hook_.url.empty()) {
            sender_.schedule(sender_.open({.webhook = "events",
                                           .event = text_of(envelope, "code"),
                                           .url = hook_.url,
                                           .subject = text_of(envelope, "jobId"),
                                           .body = json::serialize(envelope),
                                           .headers = {{"Content-Type", "application/json"}}},
                                          hook_.policy));
        }
    }
}

Answer ChartHop::call(Request const& request) {
    std::lock_guard const lock(state_.mutex);
    std::vector<json::object> news;
    Answer answer = play(request, news);
    if (state_.contract.knows(request)) {
        if (auto const why = state_.contract.answer_complaint(request, answer); !why.empty()) {
            answer = refusal(500, "the sandbox's own answer does not fit the document: " + why);
        }
    }
    send(news);
    return answer;
}

Answer ChartHop::play(Request const& request, std::vector<json::object>& news) {
    Settings& settings = state_.settings;
    if (request.header("Authorization") != "Bearer " + settings.token) {
        return refusal(401, "Not authorized");
    }
    if (!state_.bucket.take(std::chrono::steady_clock::now(), settings.rate_per_s, settings.burst)) {
        Answer answer = refusal(429, "Too many requests");
        answer.headers.push_back({"Retry-After", "1"});
        return answer;
    }
    auto found = find_endpoint<Call>(table(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return refusal(404, "not found");
    }
    if (found.arguments.front() != text_of(state_.org, "slug") &&
        found.arguments.front() != text_of(state_.org, "id")) {
        return refusal(404, "org not found");
    }
    bool const writes = request.method != "GET";
    if (writes && !settings.may_write) {
        return refusal(401, "Not authorized");
    }
    if (auto const why = state_.contract.request_complaint(request); !why.empty()) {
        return refusal(400, why);
    }
    std::string const thing = request.path.size() > 3 ? request.path[3] : "";
    Call const call{.state = state_, .request = request, .ids = std::move(found.arguments), .news = news};
    if (settings.building > 0 && (thing == "job" || thing == "person" || thing == "group")) {
        --settings.building;
        if (writes && settings.building_applies) {
            (void)found.endpoint->answer(call);
        }
        return {.status = 202};
    }
    return found.endpoint->answer(call);
}

Answer ChartHop::control(Request const& request) {
    auto found = find_endpoint<ControlCall>(controls(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return control_refusal(found.path_known ? 405 : 404, "no such control call");
    }
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        return control_refusal(400, unknown + " is not a known query parameter");
    }
    auto const body = request.body.empty() ? json::object{} : request.json_object();
    if (!body) {
        return control_refusal(400, "the body must be a JSON object");
    }
    std::lock_guard const lock(state_.mutex);
    std::vector<json::object> news;
    Answer answer = found.endpoint->answer({.state = state_,
                                            .hook = hook_,
                                            .sender = sender_,
                                            .request = request,
                                            .body = *body,
                                            .ids = std::move(found.arguments),
                                            .news = news});
    send(news);
    return answer;
}

Answer ChartHop::error(int status) const {
    return refusal(status, status == 401 ? "Not authorized" : "Something went wrong");
}

json::object ChartHop::metrics() {
    std::lock_guard const lock(state_.mutex);
    return {{"jobs", state_.jobs.size()}, {"people", state_.people.size()}, {"changes", state_.changes.size()}};
}

}  // namespace crosswalk::sandbox::charthop
