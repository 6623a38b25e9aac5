#include "requisitions.hpp"

#include "events.hpp"
#include "jobs.hpp"
#include "mapping.hpp"

#include <algorithm>

namespace crosswalk::charthop {

using connector::Disposition;
using connector::text_at;
using connector::Verdict;

namespace {

constexpr std::size_t pages_max = 1000;
constexpr std::size_t found_max = 50;
constexpr std::size_t searched_max = 2000;

json::object describe_person(People const& people, std::string const& value) {
    json::object out;
    if (std::optional<Person> const person = people.meant_by(value)) {
        for (auto const& [name, text] : {std::pair{"email", person->email}, {"name", person->name}}) {
            if (!text.empty()) {
                out[name] = text;
            }
        }
    }
    return out;
}

// A job under our own names, whatever its codes are; people by their addresses. What the canonical mapping takes.
json::object describe(Api const& api, People const& people, Row const& job, bool is_linked) {
    Settings const& settings = api.settings();
    json::object out{{"id", job_id(job)}};
    auto const put = [&](char const* name, std::string value) {
        if (!value.empty()) {
            out[name] = value;
        }
    };
    for (char const* name : {"title", "code", "status", "employment", "confidential"}) {
        put(name, job.text(settings.job_field(name)));
    }
    for (char const* name : {"department", "team", "location"}) {
        put(name, job.name(settings.job_field(name)));
    }
    for (char const* name : {"manager", "recruiter"}) {
        if (json::object person = describe_person(people, job.text(settings.job_field(name))); !person.empty()) {
            out[name] = std::move(person);
        }
    }
    if (json::value const* pay = job.find(settings.job_field("pay"))) {
        out["pay"] = *pay;
    }
    std::string const planned = job.text(settings.job_field("planned_start"));
    put("start_date", planned.empty() ? job.text(settings.job_field("start")) : planned);
    if (!out.contains("location") && !is_linked && settings.requisitions.remote_location_as_default) {
        out["default_location"] = settings.remote_location;
    }
    json::object custom;
    for (std::string const& code : settings.custom_fields) {
        json::value const* value = job.find(code);
        if (value != nullptr && (value->is_string() || value->is_number() || value->is_bool())) {
            custom[code] = *value;
        }
    }
    if (!custom.empty()) {
        out["custom"] = std::move(custom);
    }
    return out;
}

// A job whose code the other system got from us has it in ChartHop too, once there is a requisition for it.
void write_code_back(Api const& api, Row const& job) {
    std::string_view const field = api.settings().job_field("code");
    std::string const id = job_id(job);
    bool const is_ours = api.settings().requisitions.source_of_truth == Source::charthop;
    if (!is_ours || field.empty() || !job.text(field).empty()) {
        return;
    }
    try {
        (void)api.write("PATCH", "v2", "job/" + connector::url_encode(id), {{field, generated_code(id)}},
                        {{"date", api.today()}});
    } catch (Failure const& failure) {
        // Nothing depends on it: a hire finds the job by the generated code as well.
        api.call().log(CW_LOG_WARN, "A requisition code could not be written back.",
                       {{"job_id", id}, {"detail", failure.message()}});
    }
}

struct Emitted {
    std::string event_id;
    std::string type;
    bool closes = true;  // may it close a requisition?
};

// Why the job is none that goes out; empty: it did.
std::string emit_job(Api const& api, People const& people, Row const& job, Emitted how, std::string const& run) {
    Call& call = api.call();
    Settings const& settings = api.settings();
    std::string const id = job_id(job);
    if (!is_open(settings, job)) {
        return "The job is filled in ChartHop; only changes to open jobs go out.";
    }
    bool const is_linked = !call.linked(job_ref(call, id)).empty();
    if (is_closed(settings, job) && !(is_linked && how.closes)) {
        return "The job is closed in ChartHop; only changes to open jobs go out.";
    }
    if (is_linked) {
        write_code_back(api, job);
    }
    json::object record = describe(api, people, job, is_linked);
    if (how.event_id.empty()) {
        how.event_id = "job:" + id + ":" + call.sha256_hex(json::serialize(record));
        if (!run.empty()) {
            how.event_id += ":" + run;
        }
    }
    std::string const title(text_at(record, "/title"));
    call.emit(connector::Event{
        how.event_id, how.type, "job:" + id, title.empty() ? id : title, 0, {job_schema, id, std::move(record)}});
    return {};
}

// Where a list goes on, and the pages already asked for, by the beginning of a hash: a cursor that comes again ends it.
struct Position {
    std::string from;
    json::array seen;
};

Position position_of(std::string_view cursor) {
    if (cursor.empty()) {
        return {};
    }
    json::error_code error;
    json::value const value = json::parse(cursor, error);
    json::value const* seen = error ? nullptr : connector::find(value, "/seen");
    if (seen == nullptr || !seen->is_array()) {
        throw Failure(CW_ERR_CURSOR, "The position in ChartHop's list of jobs cannot be read.");
    }
    return {std::string(text_at(value, "/from")), seen->get_array()};
}

}  // namespace

Verdict verify(Call& call, Settings const& settings, connector::WebhookRequest const& request) {
    Row const body = body_of(request);
    if (!is_of_interest(settings, body)) {
        return {Disposition::ignore, {}, {}};
    }
    if (job_in(body).empty() && body.text("id").empty()) {
        throw Failure(CW_ERR_INVALID, "The webhook names neither a job nor an event.");
    }
    return {Disposition::accept, changed_trigger, change_id(call, body, request.body())};
}

void parse(Api const& api, PersonCache& cache, connector::WebhookRequest const& request) {
    Row const body = body_of(request);
    std::string job = job_in(body);
    if (job.empty()) {
        std::optional<Row> const event = api.get("v1", "event/" + connector::url_encode(body.text("id")));
        job = event ? job_in(*event) : std::string();
    }
    emit_change(api, cache, body, job, change_id(api.call(), body, request.body()));
}

void emit_change(Api const& api, PersonCache& cache, Row const& event, std::string const& id, std::string event_id) {
    std::optional<Row> const job = id.empty() ? std::nullopt : read_job(api, id);
    if (!job) {
        api.call().note(CW_NOTE_REASON,
                        id.empty() ? "The event is about no job." : "The job is no longer in ChartHop.");
        return;
    }
    Emitted how{std::move(event_id), changed_trigger, touches_status(api.settings(), event)};
    if (std::string const why = emit_job(api, People(api, cache), *job, std::move(how), {}); !why.empty()) {
        api.call().note(CW_NOTE_REASON, why);
    }
}

bool poll(Api const& api, PersonCache& cache, connector::PollRequest const& request) {
    Settings const& settings = api.settings();
    Call& call = api.call();
    Position at = position_of(request.cursor);
    People const people(api, cache);
    Page const page =
        api.page("v2", "job", {{"q", settings.query("open_jobs")}, {"fields", job_fields(settings)}}, at.from);
    for (Row const& job : page.rows) {
        if (!job_id(job).empty()) {
            (void)emit_job(api, people, job, {{}, listed_trigger}, request.full ? std::string(request.run) : "");
        }
    }
    json::string const mark(call.sha256_hex(page.next).substr(0, 12));
    bool const again = page.next == at.from || std::find(at.seen.begin(), at.seen.end(), mark) != at.seen.end();
    if (page.next.empty() || again) {
        if (again && !page.next.empty()) {
            call.log(CW_LOG_WARN, "ChartHop's list of jobs comes back to a page it gave before; it ends there.");
        }
        call.set_cursor({});
        return false;
    }
    if (at.seen.size() >= pages_max) {
        throw Failure(CW_ERR_CONFIG, "ChartHop's list of jobs has more than 1,000 pages: make /page_size larger.");
    }
    at.seen.push_back(mark);
    call.set_cursor(json::serialize(json::object{{"from", page.next}, {"seen", at.seen}}));
    return true;
}

void find_requisitions(Api const& api, PersonCache& cache, json::value const& query) {
    Settings const& settings = api.settings();
    People const people(api, cache);
    auto const emit = [&](Row const& job) {
        json::value const record(describe(api, people, job, true));
        api.call().emit(map_job(api.call(), settings, record));
    };
    if (std::string const id(text_at(query, "/id")); !id.empty()) {
        if (std::optional<Row> const job = read_job(api, id)) {
            emit(*job);
        }
        return;
    }
    std::string const wanted = folded(text_at(query, "/text"));
    std::size_t found = 0;
    std::size_t searched = 0;
    api.each("v2", "job", {{"q", settings.query("open_jobs")}, {"fields", job_fields(settings)}}, [&](Row const& job) {
        for (char const* name : {"title", "code"}) {
            if (folded(job.text(settings.job_field(name))).find(wanted) != std::string::npos) {
                emit(job);
                ++found;
                break;
            }
        }
        return found < found_max && ++searched < searched_max;
    });
}

}  // namespace crosswalk::charthop
