#include "applications.hpp"

#include "values.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Record;
using connector::text_at;

namespace {

constexpr std::size_t ways_max = 50;
constexpr std::array email_types = {std::string_view("personal"), std::string_view("work")};
constexpr std::array phone_types = {std::string_view("home"), std::string_view("work"), std::string_view("mobile")};

void copy(json::value const& from, std::string_view pointer, json::object& to, std::string_view key) {
    if (json::value const* found = find(from, pointer); found != nullptr && !found->is_null()) {
        to[key] = *found;
    }
}

void put_text(json::object& out, std::string_view key, std::string_view text) {
    if (text = trimmed(text); !text.empty()) {
        out[key] = text;
    }
}

void put_named(json::object& out, std::string_view key, std::string_view name) {
    if (name = trimmed(name); !name.empty()) {
        out[key] = json::object{{"name", name}};
    }
}

void put_time(json::object& out, std::string_view key, std::string_view text) {
    if (unix_ms_of(text)) {
        out[key] = text;
    }
}

json::object person_part(json::value const& candidate) {
    json::object out;
    for (std::string_view const key : {"id", "first_name", "last_name", "email_addresses", "phone_numbers"}) {
        copy(candidate, "/" + std::string(key), out, key);
    }
    return out;
}

// Values of Greenhouse's {value, type} lists; types that the canonical words lack are "other".
template <std::size_t count>
json::array ways(json::value const* list, std::array<std::string_view, count> const& types) {
    json::array out;
    if (list == nullptr || !list->is_array()) {
        return out;
    }
    for (json::value const& one : list->get_array()) {
        std::string_view const value = trimmed(text_at(one, "/value"));
        if (!value.empty() && out.size() < ways_max) {
            std::string_view const type = text_at(one, "/type");
            bool const known = std::find(types.begin(), types.end(), type) != types.end();
            out.push_back(json::object{{"value", value}, {"type", known ? type : "other"}});
        }
    }
    return out;
}

json::object person_of(json::value const& candidate) {
    json::object out;
    put_text(out, "first_name", text_at(candidate, "/first_name"));
    put_text(out, "last_name", text_at(candidate, "/last_name"));
    if (json::array emails = ways(find(candidate, "/email_addresses"), email_types); !emails.empty()) {
        out["emails"] = std::move(emails);
    }
    if (json::array phones = ways(find(candidate, "/phone_numbers"), phone_types); !phones.empty()) {
        out["phones"] = std::move(phones);
    }
    return out;
}

// v3 says in_process for what v1 and webhooks call active.
std::string_view status_word(std::string_view status) {
    if (status == "active" || status == "in_process") {
        return "active";
    }
    return status == "hired" || status == "rejected" ? status : "other";
}

std::string_view posting_word(std::string_view status) {
    if (status == "open") {
        return "published";
    }
    return status == "draft" || status == "closed" ? status : "other";
}

json::object ref(Call const& call, std::string_view kind, std::string const& id) {
    return {{"system", call.connection()}, {"kind", kind}, {"id", id}};
}

}  // namespace

json::object application_of_webhook(json::value const& application) {
    json::object out;
    for (std::string_view const key : {"id", "status", "applied_at", "rejected_at", "prospect"}) {
        copy(application, "/" + std::string(key), out, key);
    }
    copy(application, "/last_activity_at", out, "updated_at");
    copy(application, "/source/name", out, "source");
    copy(application, "/source/public_name", out, "source");  // other events print this one
    copy(application, "/current_stage/name", out, "stage");
    if (json::value const* candidate = find(application, "/candidate"); candidate != nullptr) {
        out["candidate"] = person_part(*candidate);
    }
    if (json::value const* job = find(application, "/jobs/0"); job != nullptr) {
        json::object& about = out["job"].emplace_object();
        for (std::string_view const key : {"id", "name", "status", "requisition_id"}) {
            copy(*job, "/" + std::string(key), about, key);
        }
        copy(*job, "/departments/0/name", about, "department");
        copy(*job, "/offices/0/name", about, "location");
        copy(*job, "/job_post_id", out, "job_post_id");
    }
    return out;
}

json::object application_of_harvest(json::value const& application, json::value const& candidate,
                                    json::value const& job) {
    json::object out;
    for (std::string_view const key : {"id", "status", "rejected_at", "updated_at", "prospect", "job_post_id"}) {
        copy(application, "/" + std::string(key), out, key);
    }
    copy(application, "/created_at", out, "applied_at");
    copy(application, "/stage_name", out, "stage");
    out["candidate"] = candidate.is_object() ? person_part(candidate) : json::object();
    copy(application, "/candidate_id", out["candidate"].get_object(), "id");
    if (job.is_object()) {
        out["job"] = job;
    } else {
        json::object about;
        copy(application, "/job_id", about, "id");
        if (!about.empty()) {
            out["job"] = std::move(about);
        }
    }
    return out;
}

json::object posting_of_harvest(json::value const& job, json::value const& department, json::value const& office) {
    json::object out;
    for (std::string_view const key : {"id", "name", "status", "requisition_id", "created_at", "updated_at"}) {
        copy(job, "/" + std::string(key), out, key);
    }
    copy(department, "/name", out, "department");
    copy(office, "/name", out, "location");
    return out;
}

connector::Event application_event(json::object application) {
    json::value const record(std::move(application));
    connector::Event event;
    event.subject = "candidate:" + id_at(record, "/candidate/id");
    std::string_view const first = trimmed(text_at(record, "/candidate/first_name"));
    std::string_view const last = trimmed(text_at(record, "/candidate/last_name"));
    event.title = std::string(first) + (first.empty() || last.empty() ? "" : " ") + std::string(last);
    if (event.title.empty()) {
        event.title = event.subject;
    }
    event.record = {std::string(application_schema), id_at(record, "/id"), record.get_object()};
    return event;
}

Record map_application(Call const& call, json::object object) {
    json::value const record(std::move(object));
    std::string const id = id_at(record, "/id");
    std::string const candidate = id_at(record, "/candidate/id");
    if (id.empty() || candidate.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Greenhouse application with its candidate.",
                      {{"candidate", "has no id"}});
    }
    std::string const status = lower(text_at(record, "/status"));
    json::object out{{"kind", "application"},
                     {"ref", ref(call, "application", id)},
                     {"candidate", ref(call, "candidate", candidate)},
                     {"status", status_word(status)}};
    put_text(out, "status_raw", status);
    if (json::object person = person_of(record.at("candidate")); !person.empty()) {
        out["person"] = std::move(person);
    }
    if (std::string const job = id_at(record, "/job/id"); !job.empty()) {
        out["job"] = ref(call, "job", job);
    }
    if (std::string const posting = id_at(record, "/job_post_id"); !posting.empty()) {
        out["posting"] = ref(call, "posting", posting);
    }
    put_text(out, "job_title", text_at(record, "/job/name"));
    put_named(out, "department", text_at(record, "/job/department"));
    put_named(out, "location", text_at(record, "/job/location"));
    put_named(out, "stage", text_at(record, "/stage"));
    put_text(out, "source", text_at(record, "/source"));
    for (std::string_view const key : {"applied_at", "rejected_at", "updated_at"}) {
        put_time(out, key, text_at(record, "/" + std::string(key)));
    }
    if (json::value const* prospect = find(record, "/prospect"); prospect != nullptr && prospect->is_bool()) {
        out["is_prospect"] = *prospect;
    }
    return {std::string(canonical_application), id, std::move(out)};
}

Record map_posting(Call const& call, json::object object) {
    json::value const record(std::move(object));
    std::string const id = id_at(record, "/id");
    std::string_view const title = trimmed(text_at(record, "/name"));
    if (id.empty() || title.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Greenhouse job with a name.", {{"title", "is missing"}});
    }
    std::string const status = lower(text_at(record, "/status"));
    json::object out{{"kind", "posting"},
                     {"ref", ref(call, "job", id)},
                     {"title", title},
                     {"requisition", ref(call, "job", id)},
                     {"status", posting_word(status)}};
    put_text(out, "status_raw", status);
    put_named(out, "department", text_at(record, "/department"));
    put_named(out, "location", text_at(record, "/location"));
    for (std::string_view const key : {"created_at", "updated_at"}) {
        put_time(out, key, text_at(record, "/" + std::string(key)));
    }
    if (std::string_view const code = trimmed(text_at(record, "/requisition_id")); !code.empty()) {
        out["custom"] = json::object{{"requisition_code", code}};
    }
    return {std::string(canonical_posting), id, std::move(out)};
}

}  // namespace crosswalk::greenhouse
