#include "upsert.hpp"

#include "jobs.hpp"
#include "pay.hpp"
#include "traces.hpp"

namespace crosswalk::charthop {

using connector::find;
using connector::Outcome;
using connector::text_at;

namespace {

Outcome skip(Call& call, std::string_view reason) {
    call.note(CW_NOTE_REASON, reason);
    return Outcome::skipped;
}

std::string identity(json::value const& record) {
    json::value const* ref = find(record, "/ref");
    return ref == nullptr ? std::string(text_at(record, "/code")) : json::serialize(*ref);
}

// The body of a create or of a change, from what the requisition says and what the job already holds.
class Body {
public:
    Body(Api const& api, People const& people, json::value const& record, Row const& job)
        : api_(&api), people_(&people), record_(&record), job_(&job), is_new_(job.empty()) {}

    json::object build() {
        for (char const* name : {"title", "code"}) {
            text(name, text_at(*record_, "/" + std::string(name)), false);
        }
        text("employment", text_at(*record_, "/employment"), true);
        text("planned_start", text_at(*record_, "/start_date"), false);
        status();
        confidential();
        pay();
        for (auto const& [name, type] :
             {std::pair{"department", "DEPARTMENT"}, {"team", "TEAM"}, {"location", "LOCATION"}}) {
            group(name, type);
        }
        person("manager");
        person("recruiter");
        extra();
        return std::move(body_);
    }

private:
    [[nodiscard]] std::string_view code(std::string_view name) const { return api_->settings().job_field(name); }

    void text(std::string_view name, std::string_view value, bool any_case) {
        std::string_view const field = code(name);
        std::string const now = job_->text(field);
        if (!field.empty() && !value.empty() && (any_case ? folded(now) != folded(value) : now != value)) {
            body_[field] = value;
        }
    }

    void status() {
        Settings const& settings = api_->settings();
        std::string_view const wanted =
            is_new_ ? settings.translate("status_in", "open") : text_at(*record_, "/status");
        std::string_view const pending = settings.translate("status_in", "filled");
        bool const reopens = !is_new_ && folded(job_->text(code("status"))) == folded(pending) &&
                             folded(wanted) == folded(settings.translate("status_in", "open"));
        // A job is Pending because of its new hire; the requisition may still seek more people.
        if (reopens && hires_on(*api_, *job_, {}).others) {
            return;
        }
        text("status", wanted, true);
    }

    // Not confidential only takes back what confidential means; other levels are ChartHop's own.
    void confidential() {
        json::value const* given = find(*record_, "/confidential");
        std::string_view const field = code("confidential");
        if (given == nullptr || !given->is_bool() || field.empty()) {
            return;
        }
        json::object const& words = api_->settings().contract.at("confidential").as_object();
        std::string_view const yes = words.at("yes").as_string();
        bool const now = folded(job_->text(field)) == folded(yes);
        if (given->get_bool() != now) {
            body_[field] = given->get_bool() ? yes : std::string_view(words.at("no").as_string());
        }
    }

    void pay() {
        Settings const& settings = api_->settings();
        std::string_view const field = code("pay");
        std::optional<Pay> const wanted =
            canonical_pay(find(*record_, "/pay/amount"), text_at(*record_, "/pay/interval"));
        std::optional<Pay> const now = read_pay(settings, job_->find(field));
        if (wanted && !field.empty() && !(now && now->same_as(*wanted))) {
            body_[field] = write_pay(settings, *wanted);
        }
    }

    void group(std::string const& name, std::string const& type) {
        Settings const& settings = api_->settings();
        std::string_view const field = code(name);
        std::string wanted(text_at(*record_, "/" + name));
        if (wanted.empty() && is_new_ && name == "location" && settings.requisitions.remote_location_as_default) {
            wanted = settings.remote_location;
        }
        if (field.empty() || wanted.empty() || folded(job_->name(field)) == folded(wanted)) {
            return;
        }
        std::optional<std::string> const id = group_id(*api_, type, wanted);
        if (!id) {
            api_->call().warn(name, "ChartHop has no " + name + " of this name; it was left out.");
        } else if (job_->text(field) != *id) {
            body_[field] = settings.group_ids ? *id : wanted;
        }
    }

    void person(std::string const& name) {
        std::string_view const field = code(name);
        std::string_view const email = text_at(*record_, "/" + name);
        std::string const now = job_->text(field);
        if (field.empty() || email.empty() || folded(now) == folded(email)) {
            return;
        }
        std::optional<Person> const wanted = people_->with_email(email);
        if (!wanted) {
            api_->call().warn(name, "Nobody in ChartHop has the same e-mail address; it was left out.");
            return;
        }
        std::optional<Person> const holds = now == wanted->id ? wanted : people_->meant_by(now);
        if (!holds || holds->id != wanted->id) {
            body_[field] = api_->settings().people_emails ? std::string(email) : wanted->id;
        }
    }

    // Fields that a route added, under ChartHop's codes.
    void extra() {
        json::value const* added = find(*record_, "/extra");
        if (added == nullptr || !added->is_object()) {
            return;
        }
        for (auto const& [field, value] : added->get_object()) {
            json::value const* now = job_->find(field);
            if (now == nullptr || *now != value) {
                body_[field] = value;
            }
        }
    }

    Api const* api_;
    People const* people_;
    json::value const* record_;
    Row const* job_;
    bool is_new_;
    json::object body_;
};

void keep_link(Call& call, std::string const& id, json::value const& record) {
    call.note(CW_NOTE_TARGET_KEY, id);
    if (json::value const* ref = find(record, "/ref"); ref != nullptr && ref->is_object()) {
        call.link(job_kind, id, ref->get_object());
    }
}

Outcome change_job(Api const& api, std::string const& id, json::object const& body) {
    if (body.empty()) {
        return Outcome::unchanged;
    }
    Written const written = api.write("PATCH", "v2", "job/" + connector::url_encode(id), body, {{"date", api.today()}});
    if (written.kind == Written::Kind::building) {
        throw Failure(CW_ERR_TRANSIENT,
                      "ChartHop is building a snapshot (202); the job is read again before it is changed.", {},
                      std::chrono::seconds(15));
    }
    if (written.kind == Written::Kind::unknown) {
        return not_known_yet(api.call());
    }
    api.call().note(CW_NOTE_EFFECT, "updated");
    return Outcome::delivered;
}

Outcome create_job(Api const& api, People const& people, json::value const& record, std::string_view push) {
    Traces const traces(api.call(), "job", identity(record));
    Trace const earlier = traces.read();
    if (traces.is_settling(earlier)) {
        api.call().note(CW_NOTE_REASON, "ChartHop has not shown the job yet that was sent a moment ago.");
        return Outcome::retry;
    }
    if (!earlier.push.empty() && earlier.id.empty() && text_at(record, "/code").empty() &&
        text_at(record, "/manager").empty()) {
        throw Failure(
            CW_ERR_INVALID,
            "It is not known whether an earlier attempt made the job, and a requisition without code and hiring "
            "manager cannot be found again. Give it a code at the source and put the same code into the job, if "
            "ChartHop has it; then replay the event.");
    }
    json::object const body = Body(api, people, record, Row()).build();
    traces.write({std::string(push), api.call().unix_ms(), {}, false});
    Written written;
    try {
        written = api.write("POST", "v2", "job", body, {{"date", api.today()}});
    } catch (Failure const&) {
        traces.write({});
        throw;
    }
    std::string const id = job_id(written.row);
    if (written.kind == Written::Kind::building) {
        throw Failure(CW_ERR_TRANSIENT, "ChartHop is building a snapshot (202) and says later what became of the job.",
                      {}, std::chrono::seconds(60));
    }
    if (id.empty()) {
        return not_known_yet(api.call());
    }
    traces.write({std::string(push), api.call().unix_ms(), id, true});
    keep_link(api.call(), id, record);
    api.call().note(CW_NOTE_EFFECT, "created");
    return Outcome::delivered;
}

}  // namespace

Outcome upsert_job(Api const& api, PersonCache& cache, connector::PushRequest const& request) {
    Call& call = api.call();
    Settings const& settings = api.settings();
    if (!settings.requisitions.reverse_sync) {
        return skip(call,
                    "Reverse Sync is off in the settings of this ChartHop connection, so requisitions do not become "
                    "jobs.");
    }
    People const people(api, cache);
    json::value const record(request.data);
    json::value const* ref = find(record, "/ref");
    std::string const code(text_at(record, "/code"));
    std::optional<Row> job = job_of(api, ref, code);
    if (!job) {
        job = job_like(api, people, std::string(text_at(record, "/title")), std::string(text_at(record, "/manager")),
                       code, ref == nullptr ? std::string_view() : text_at(*ref, "/system"));
    }
    if (!job) {
        json::value const* open = find(record, "/open");
        if (open == nullptr || !open->is_bool() || !open->get_bool()) {
            return skip(call, "The requisition is not open and ChartHop has no job for it, so none was made.");
        }
        return create_job(api, people, record, request.idempotency_key);
    }
    std::string const id = job_id(*job);
    keep_link(call, id, record);
    if (!is_open(settings, *job)) {
        return skip(call, "The job is filled in ChartHop, so the requisition no longer changes it.");
    }
    return change_job(api, id, Body(api, people, record, *job).build());
}

Outcome look_up_job(Api const& api, connector::PushRequest const& request) {
    json::value const record(request.data);
    Traces const traces(api.call(), "job", identity(record));
    // A push finds what an earlier one made by link, code, or title and manager, but must not look too early.
    return traces.is_settling(traces.read()) ? not_known_yet(api.call()) : Outcome::retry;
}

Outcome update_job_metrics(Api const& api, connector::PushRequest const& request) {
    Settings const& settings = api.settings();
    json::value const record(request.data);
    if (settings.metrics.empty()) {
        return skip(api.call(),
                    "No field is set for candidate metrics: name job fields under /metrics in the settings of "
                    "this ChartHop connection.");
    }
    std::optional<Row> const job = job_of(api, find(record, "/requisition"), std::string(text_at(record, "/code")));
    if (!job) {
        return skip(api.call(), "The requisition has no job in ChartHop, so its metrics have no place.");
    }
    json::object body;
    for (auto const& [name, field] : settings.metrics) {
        json::value const* value = find(record, "/counts/" + std::string(name));
        std::string_view const code = field.get_string();
        if (value != nullptr && job->text(code) != id_text(value)) {
            body[code] = *value;
        }
    }
    api.call().note(CW_NOTE_TARGET_KEY, job_id(*job));
    return change_job(api, job_id(*job), body);
}

}  // namespace crosswalk::charthop
