#include "jobs.hpp"

#include <array>

namespace crosswalk::charthop {

using connector::text_at;

namespace {

constexpr std::string_view code_prefix = "CH-";
constexpr std::array job_field_names = {"title",         "code",    "status",    "open",         "state",
                                        "employment",    "manager", "recruiter", "confidential", "pay",
                                        "planned_start", "start",   "holder",    "upcoming"};
constexpr std::array group_field_names = {"department", "team", "location"};

std::optional<Row> only_one(std::optional<Row> const& found, std::size_t count, std::string_view what) {
    if (count > 1) {
        throw Failure(CW_ERR_INVALID, "ChartHop has more than one job of the same " + std::string(what) +
                                          ". Give each its own requisition code, then replay the event.");
    }
    return found;
}

std::optional<Row> job_with_code(Api const& api, std::string const& code) {
    std::optional<Row> found;
    std::size_t count = 0;
    std::string_view const field = api.settings().job_field("code");
    api.each("v2", "job", {{"q", api.settings().query("job_by_code", code)}, {"fields", job_fields(api.settings())}},
             [&](Row const& row) {
                 // The filter is not exact by contract.
                 if (folded(row.text(field)) == folded(code)) {
                     found = row;
                     ++count;
                 }
                 return count < 2;
             });
    return only_one(found, count, "requisition code");
}

bool has_other_link(Call& call, std::string const& id, std::string_view system) {
    for (json::value const& ref : call.linked(job_ref(call, id))) {
        if (text_at(ref, "/system") == system && text_at(ref, "/kind") == "requisition") {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string generated_code(std::string_view id) {
    return std::string(code_prefix) + std::string(id);
}

std::string job_id(Row const& job) {
    return job.id("jobId");
}

std::string job_fields(Settings const& settings) {
    std::string out = "jobId";
    for (char const* name : job_field_names) {
        if (std::string_view const code = settings.job_field(name); !code.empty()) {
            out.append(",").append(code);
        }
    }
    for (char const* name : group_field_names) {
        if (std::string_view const code = settings.job_field(name); !code.empty()) {
            out.append(",").append(code).append(".name");
        }
    }
    for (std::string const& code : settings.custom_fields) {
        out.append(",").append(code);
    }
    for (auto const& entry : settings.metrics) {
        if (entry.value().is_string()) {
            out.append(",").append(entry.value().get_string());
        }
    }
    return out;
}

std::optional<Row> read_job(Api const& api, std::string const& id) {
    std::optional<Row> row =
        api.get("v2", "job/" + connector::url_encode(id), {{"fields", job_fields(api.settings())}});
    return row && job_id(*row) == id ? row : std::nullopt;
}

bool is_open(Settings const& settings, Row const& job) {
    if (!job.text(settings.job_field("holder")).empty()) {
        return false;
    }
    std::string const state = folded(job.text(settings.job_field("state")));
    if (!state.empty()) {
        return state == "open";
    }
    json::value const* open = job.find(settings.job_field("open"));
    return open == nullptr || (open->is_bool() ? open->get_bool() : folded(id_text(open)) == "open");
}

bool is_closed(Settings const& settings, Row const& job) {
    return settings.translate("status_out", job.text(settings.job_field("status"))) == "closed";
}

std::optional<Row> job_of(Api const& api, json::value const* ref, std::string const& code) {
    if (ref != nullptr && ref->is_object()) {
        std::string const linked = api.call().linked_here(ref->get_object(), job_kind);
        std::optional<Row> job = linked.empty() ? std::nullopt : read_job(api, linked);
        if (job) {
            return job;
        }
    }
    if (code.empty()) {
        return std::nullopt;
    }
    if (code.starts_with(code_prefix)) {
        if (std::optional<Row> job = read_job(api, code.substr(code_prefix.size()))) {
            return job;
        }
    }
    return job_with_code(api, code);
}

std::optional<Row> job_like(Api const& api, People const& people, std::string const& title,
                            std::string const& manager_email, std::string const& code, std::string_view system) {
    std::optional<Person> const manager = people.with_email(manager_email);
    if (!manager || folded(title).empty()) {
        return std::nullopt;
    }
    Settings const& settings = api.settings();
    std::optional<Row> found;
    std::size_t count = 0;
    auto const is_manager = [&](Row const& row) {
        std::string const value = row.text(settings.job_field("manager"));
        std::optional<Person> const other = value == manager->id ? manager : people.meant_by(value);
        return other && (other->id.empty() ? folded(other->email) == folded(manager_email) : other->id == manager->id);
    };
    api.each("v2", "job", {{"q", settings.query("job_by_title", title)}, {"fields", job_fields(settings)}},
             [&](Row const& row) {
                 std::string const other_code = folded(row.text(settings.job_field("code")));
                 if (folded(row.text(settings.job_field("title"))) == folded(title) && is_open(settings, row) &&
                     (other_code.empty() || other_code == folded(code)) && is_manager(row) &&
                     !has_other_link(api.call(), job_id(row), system)) {
                     found = row;
                     ++count;
                 }
                 return count < 2;
             });
    return only_one(found, count, "title and manager");
}

Hires hires_on(Api const& api, Row const& job, std::string const& person) {
    Settings const& settings = api.settings();
    Hires out;
    auto const count = [&](std::string const& whom) {
        (!person.empty() && whom == person ? out.ours : out.others) = true;
    };
    if (std::string const holder = job.text(settings.job_field("holder")); !holder.empty() && holder != person) {
        out.others = true;
    }
    std::string const upcoming(settings.job_field("upcoming"));
    if (folded(job.text(upcoming + ".type")) == "hire") {
        count(job.text(upcoming + ".personId"));
    }
    std::string const id = job_id(job);
    api.each("v1", "change", {{"jobId", id}, {"type", "HIRE"}}, [&](Row const& change) {
        std::string const status = folded(change.text("status"));
        if (change.text("jobId") == id && folded(change.text("type")) == "hire" && status != "struck" &&
            status != "inactive") {
            count(change.text("personId"));
        }
        return !out.others;
    });
    return out;
}

json::object job_ref(Call const& call, std::string_view id) {
    return {{"system", json::string_view(call.connection())},
            {"kind", json::string_view(job_kind)},
            {"id", json::string_view(id)}};
}

}  // namespace crosswalk::charthop
