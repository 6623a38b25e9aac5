#include "sweep.hpp"

#include "applications.hpp"
#include "hire.hpp"
#include "poll.hpp"
#include "rows.hpp"
#include "values.hpp"
#include "webhook.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;

namespace {

constexpr std::string_view listed_schema = "greenhouse.application_ref/1";

// A prospect has a webhook of its own, which this connector does not read.
bool is_prospect(json::value const& application) {
    json::value const* found = find(application, "/prospect");
    return found != nullptr && found->is_bool() && found->get_bool();
}

// The page at the cursor, else the first of what lies at or after the window's begin.
Read page_of(Call& call, Api& api, connector::SweepRequest const& request, std::string const& path,
             std::string const& first) {
    std::string const query = request.cursor.empty()
                                  ? first + connector::url_encode("gte|" + utc_time(request.from_unix_ms))
                                  : std::string(request.cursor);
    Read page = api.need(call, path, query, path.substr(1));
    if (!page.data.is_array()) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse's answer is not a list.");
    }
    return page;
}

bool is_inside(connector::SweepRequest const& request, std::int64_t at) {
    return at >= request.from_unix_ms && at < request.to_unix_ms;
}

void emit(Call& call, connector::SweepRequest const& request, std::string id, std::string const& application,
          std::string const& candidate, std::int64_t at) {
    connector::Event event;
    event.id = std::move(id);
    event.type = request.event;
    event.subject = "candidate:" + candidate;
    event.title = event.subject;
    event.occurred_unix_ms = at;
    event.record = {std::string(listed_schema), application, json::object{{"application", application}}};
    call.emit(event);
}

std::string list_applications(Call& call, Api& api, connector::SweepRequest const& request) {
    Read page = page_of(call, api, request, "/applications", "per_page=500&created_at=");
    for (json::value const& one : page.data.get_array()) {
        std::string const id = id_at(one, "/id");
        std::string const candidate = id_at(one, "/candidate_id");
        std::int64_t const at = unix_ms_of(text_at(one, "/created_at")).value_or(0);
        if (!id.empty() && !candidate.empty() && is_inside(request, at) && !is_prospect(one)) {
            emit(call, request, created_id(id), id, candidate, at);
        }
    }
    return std::move(page.next);
}

// As many offers as one question for their applications may name.
std::string list_hires(Call& call, Api& api, connector::SweepRequest const& request) {
    Read page = page_of(call, api, request, "/offers", "per_page=50&current_only=true&resolved_at=");
    json::array accepted;
    for (json::value const& offer : page.data.get_array()) {
        bool const usable = !id_at(offer, "/application_id").empty() && !id_at(offer, "/candidate_id").empty();
        if (usable && lower(text_at(offer, "/status")) == "accepted" &&
            is_inside(request, unix_ms_of(text_at(offer, "/resolved_at")).value_or(0))) {
            accepted.push_back(offer);
        }
    }
    if (!accepted.empty()) {
        std::string ids;
        for (std::string const& id : ids_in(accepted, "/application_id")) {
            ids += (ids.empty() ? "" : ",") + id;
        }
        // Without them nobody could say who is hired, so this is no mere warning.
        Read const applications = api.need(call, "/applications", "per_page=50&ids=" + ids, "applications");
        Rows hired;
        for (json::value const& one : applications.data.is_array() ? applications.data.get_array() : json::array{}) {
            if (lower(text_at(one, "/status")) == "hired") {
                hired.emplace(id_at(one, "/id"), one);
            }
        }
        for (json::value const& offer : accepted) {
            std::string const application = id_at(offer, "/application_id");
            if (hired.contains(application)) {
                emit(call, request, hire_id(call, application, offer), application, id_at(offer, "/candidate_id"),
                     unix_ms_of(text_at(offer, "/resolved_at")).value_or(0));
            }
        }
    }
    return std::move(page.next);
}

// Rows with these ids as webhooks print them inside a job, in the order of the ids.
json::array named_rows(Call& call, Api& api, std::string const& path, std::vector<std::string> const& ids,
                       std::initializer_list<std::string_view> keys) {
    Rows const rows = rows_of(call, api, path, {ids.begin(), ids.end()});
    json::array out;
    for (std::string const& id : ids) {
        json::value const one = greenhouse::row(rows, id);
        if (!one.is_object()) {
            continue;
        }
        json::object& named = out.emplace_back(json::object()).get_object();
        for (std::string_view const key : keys) {
            if (json::value const* found = find(one, "/" + std::string(key)); found != nullptr) {
                named[key] = *found;
            }
        }
    }
    return out;
}

std::vector<std::string> ids_of(json::value const* list) {
    std::vector<std::string> ids;
    if (list != nullptr && list->is_array()) {
        for (json::value const& one : list->get_array()) {
            ids.push_back(id_at(one, ""));
        }
    }
    std::erase(ids, std::string());
    return ids;
}

// v3's job in the webhook's words: with its department and its offices inside.
json::object job_of(Call& call, Api& api, json::value const& job) {
    json::object out;
    for (std::string_view const key :
         {"id", "name", "requisition_id", "confidential", "opened_at", "closed_at", "custom_fields"}) {
        if (json::value const* found = find(job, "/" + std::string(key)); found != nullptr) {
            out[key] = *found;
        }
    }
    std::vector<std::string> department{id_at(job, "/department_id")};
    std::erase(department, std::string());
    out["departments"] = named_rows(call, api, "/departments", department, {"id", "name", "external_id"});
    out["offices"] =
        named_rows(call, api, "/offices", ids_of(find(job, "/office_ids")), {"id", "name", "location", "external_id"});
    return out;
}

// The opening that was filled; null when it may not be read or there is none.
json::value opening_of(Call& call, Api& api, std::string const& application) {
    Read const answer = api.read(call, "/openings", "application_ids=" + application);
    if (answer.kind == Read::Kind::forbidden) {
        call.warn("openings", "The credential lacks " + api.permission("openings") + ".");
    }
    json::value const* id = answer.data.is_array() ? find(answer.data, "/0/opening_id") : nullptr;
    return id == nullptr ? json::value(nullptr) : json::value{{"opening_id", *id}};
}

// payload.application of the webhook hire_candidate, as far as Harvest tells it.
json::object hired_application(Call& call, Api& api, json::value const& row, json::value offer) {
    std::string const id = id_at(row, "/id");
    std::string const candidate = id_at(row, "/candidate_id");
    json::object out{{"id", *find(row, "/id")}, {"offer", std::move(offer)}};
    if (json::value const* fields = find(row, "/custom_fields"); fields != nullptr) {
        out["custom_fields"] = *fields;
    }
    out["candidate"] = greenhouse::row(rows_of(call, api, "/candidates", {candidate}), candidate);
    if (std::string const job = id_at(row, "/job_id"); !job.empty()) {
        if (json::value const found = greenhouse::row(rows_of(call, api, "/jobs", {job}), job); found.is_object()) {
            out["jobs"] = json::array{job_of(call, api, found)};
        }
    }
    if (json::value opening = opening_of(call, api, id); opening.is_object()) {
        out["opening"] = std::move(opening);
    }
    return out;
}

void fetch_hire_of(Call& call, Api& api, json::value const& row) {
    Read const answer =
        api.need(call, "/offers", "application_ids=" + id_at(row, "/id") + "&current_only=true", "offers");
    json::value const* offer = answer.data.is_array() ? find(answer.data, "/0") : nullptr;
    json::value accepted = offer == nullptr ? json::value(nullptr) : accepted_offer(*offer);
    if (accepted.is_null()) {
        call.note(CW_NOTE_REASON, "Greenhouse shows no accepted offer any more: the hire was taken back.");
        return;
    }
    json::value const application(hired_application(call, api, row, std::move(accepted)));
    if (auto const event = hire_event(call, api, application)) {
        call.emit(*event);
    }
}

void check_reading(Call& call, Api& api, std::string_view resource, std::string_view of_what) {
    if (api.read(call, "/" + std::string(resource), "per_page=1").kind == Read::Kind::forbidden) {
        call.warn(resource, "The credential lost " + api.permission(resource) + ", without which no " +
                                std::string(of_what) + " can be read. Grant it again.");
    }
}

}  // namespace

bool sweep(Call& call, Api& api, connector::SweepRequest const& request) {
    bool const hires = request.event == hired_trigger;
    if (!api.is_v3() || (!hires && request.event != created_trigger)) {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse lists new applications and hires, over Harvest v3.");
    }
    std::string const next = hires ? list_hires(call, api, request) : list_applications(call, api, request);
    call.set_cursor(next);
    return !next.empty();
}

void fetch_swept(Call& call, Api& api, connector::Event const& listed) {
    std::string const id(text_at(json::value(listed.record.data), "/application"));
    if (!is_id(id)) {
        throw Failure(CW_ERR_INVALID, "The listed event names no application.");
    }
    json::value const row = application_row(call, api, id);
    if (!row.is_object()) {
        call.note(CW_NOTE_REASON, "Greenhouse shows no such application any more: it was deleted.");
        return;
    }
    if (listed.type == hired_trigger) {
        fetch_hire_of(call, api, row);
        return;
    }
    connector::Event event = application_event(whole_application(call, api, row));
    event.id = created_id(id);
    event.type = created_trigger;
    event.occurred_unix_ms = listed.occurred_unix_ms;
    call.emit(event);
}

void diagnose(Call& call, Api& api, json::array const& triggers) {
    auto const asked = [&](std::string_view trigger) {
        return std::any_of(triggers.begin(), triggers.end(),
                           [&](json::value const& one) { return one.is_string() && one.get_string() == trigger; });
    };
    if (!api.settings().has_secret_key) {
        call.warn(
            "/webhook/secret_key",
            "No secret key is configured here, so Greenhouse's webhooks are refused. Enter the key of the webhook.");
    }
    check_reading(call, api, "applications", asked(hired_trigger) ? "hire" : "application");
    if (asked(hired_trigger)) {
        check_reading(call, api, "offers", "hire's offer");
    }
    call.warn(
        "webhooks",
        "Greenhouse's API does not show its webhooks. Look under Configure > Dev Center > Web Hooks: is there one "
        "for this event, with this connection's address and the secret key that is configured here? \"Disabled?\" "
        "must be No: Greenhouse stores a webhook as disabled when its first ping was not answered.");
}

}  // namespace crosswalk::greenhouse
