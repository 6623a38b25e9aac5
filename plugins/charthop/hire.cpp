#include "hire.hpp"

#include "jobs.hpp"
#include "pay.hpp"
#include "traces.hpp"

namespace crosswalk::charthop {

using connector::find;
using connector::Outcome;
using connector::text_at;

namespace {

constexpr std::string_view no_job =
    "The job of this hire does not exist in ChartHop, so the new hire was not processed. Create the job there with the "
    "requisition's code, then replay the event.";
constexpr std::string_view no_requisition =
    "The hire names no requisition, so its job in ChartHop cannot be told and the new hire was not processed. Link the "
    "requisition at the source, then replay the event.";
constexpr std::string_view no_email =
    "The candidate has no e-mail address, so ChartHop cannot be asked whether the person exists, and the new hire was "
    "not "
    "processed. Add the address at the source, then replay the event.";
constexpr std::string_view person_exists =
    "The person already exists in ChartHop (current or former), so the new hire was not processed: internal transfers "
    "and re-hires are not supported.";
constexpr std::string_view earlier_hire =
    "The job already has a new hire in ChartHop, and only the first one counts, so this one was not processed. Remove "
    "the "
    "earlier new hire in ChartHop, then replay the event.";
constexpr std::string_view no_start =
    "The hire has no start date: the offer was not created or not signed before the candidate was marked as hired, so "
    "the "
    "new hire was not processed. Complete the offer, then replay the event.";

Outcome skip(Call& call, std::string_view reason) {
    call.note(CW_NOTE_REASON, reason);
    return Outcome::skipped;
}

// Who was hired for what: the same in every webhook about it.
std::string identity(json::value const& hire) {
    json::value const* application = find(hire, "/application");
    json::value const* whom = application != nullptr ? application : find(hire, "/candidate");
    return whom == nullptr ? std::string(text_at(hire, "/email")) : json::serialize(*whom);
}

class NewHire {
public:
    NewHire(Api const& api, PersonCache& cache, connector::PushRequest const& request)
        : api_(&api),
          call_(&api.call()),
          people_(api, cache),
          hire_(request.data),
          push_(request.idempotency_key),
          traces_(api.call(), "hire", identity(hire_)),
          trace_(traces_.read()) {}

    Outcome run() {
        json::value const* requisition = find(hire_, "/requisition");
        std::string const code(text_at(hire_, "/requisition_code"));
        if (requisition == nullptr && code.empty()) {
            return skip(*call_, no_requisition);
        }
        std::optional<Row> const job = job_of(*api_, requisition, code);
        if (!job) {
            return skip(*call_, no_job);
        }
        std::string const email(text_at(hire_, "/email"));
        if (email.empty()) {
            return skip(*call_, no_email);
        }
        std::string person;
        if (std::optional<Person> const known = people_.with_email(email)) {
            // Sent, and not there before: ours, even if the answer with the id was lost.
            bool const ours =
                !known->id.empty() && !trace_.push.empty() && (trace_.id.empty() || trace_.id == known->id);
            if (!ours) {
                return skip(*call_, person_exists);
            }
            person = known->id;
        } else if (traces_.is_settling(trace_)) {
            return wait();
        }
        Hires const hires = hires_on(*api_, *job, person);
        bool const by_this_push = hires.ours && (!trace_.done || trace_.push == push_);
        if (hires.others || (hires.ours && !by_this_push)) {
            return skip(*call_, earlier_hire);
        }
        if (text_at(hire_, "/start_date").empty()) {
            return skip(*call_, no_start);
        }
        return process(*job, person, hires.ours);
    }

private:
    Outcome wait() {
        call_->note(CW_NOTE_REASON, "ChartHop has not shown the person yet who was sent a moment ago.");
        return Outcome::retry;
    }

    Outcome process(Row const& job, std::string person, bool hired) {
        if (person.empty()) {
            std::optional<Outcome> const stopped = make_person(person);
            if (stopped) {
                return *stopped;
            }
        }
        remember(person, false);
        if (!hired && !make_hire(job_id(job), person)) {
            return not_known_yet(*call_);
        }
        update_job(job);
        remember(person, true);
        call_->note(CW_NOTE_TARGET_KEY, person);
        call_->note(CW_NOTE_EFFECT, "created");
        if (json::value const* candidate = find(hire_, "/candidate"); candidate != nullptr && candidate->is_object()) {
            call_->link("person", person, candidate->get_object());
        }
        return Outcome::delivered;
    }

    void remember(std::string const& person, bool done) {
        trace_ = {push_, call_->unix_ms(), person, done};
        traces_.write(trace_);
    }

    // What the push is to return when it must stop here.
    std::optional<Outcome> make_person(std::string& id) {
        remember({}, false);
        Written written;
        try {
            written = api_->write("POST", "v2", "person", person_body());
        } catch (Failure const&) {
            // Refused, so nothing was made: who is there later is not ours.
            trace_ = {};
            traces_.write(trace_);
            throw;
        }
        id = written.row.id("personId");
        if (written.kind == Written::Kind::building) {
            throw Failure(CW_ERR_TRANSIENT,
                          "ChartHop is building a snapshot (202) and says later what became of the person.", {},
                          std::chrono::seconds(60));
        }
        return id.empty() ? std::optional(not_known_yet(*call_)) : std::nullopt;
    }

    json::object person_body() const {
        Settings const& settings = api_->settings();
        json::object body;
        for (char const* name : {"first_name", "last_name", "home_email", "phone", "start_date"}) {
            std::string_view const from = name == std::string_view("home_email") ? "email" : name;
            std::string_view const code = settings.person_field(name);
            if (std::string_view const value = text_at(hire_, "/" + std::string(from));
                !value.empty() && !code.empty()) {
                body[code] = value;
            }
        }
        json::value const* address = find(hire_, "/address");
        if (std::string_view const code = settings.person_field("address"); address != nullptr && !code.empty()) {
            // ChartHop demands a country with an address.
            if (text_at(*address, "/country").empty()) {
                call_->warn("address", "It has no country, which ChartHop demands; it was left out.");
            } else {
                body[code] = *address;
            }
        }
        if (json::value const* extra = find(hire_, "/extra"); extra != nullptr && extra->is_object()) {
            for (auto const& [code, value] : extra->get_object()) {
                body[code] = value;
            }
        }
        return body;
    }

    // False: it cannot be told whether the HIRE was made.
    bool make_hire(std::string const& job, std::string const& person) {
        Written const written = api_->write("POST", "v1", "change/sync/HIRE",
                                            {{"jobId", job},
                                             {"personId", person},
                                             {"type", "HIRE"},
                                             {"date", json::string(text_at(hire_, "/start_date"))},
                                             {"note", json::string(text_at(hire_, "/note"))}});
        if (written.kind == Written::Kind::building) {
            throw Failure(CW_ERR_TRANSIENT,
                          "ChartHop is building a snapshot (202) and says later what became of the hire.", {},
                          std::chrono::seconds(60));
        }
        std::string const status = folded(written.row.text("status"));
        if (written.kind == Written::Kind::done && !status.empty() && status != "active") {
            call_->warn("hire", "ChartHop made the hire, but its status is not ACTIVE: look at it in ChartHop.");
        }
        return written.kind == Written::Kind::done;
    }

    void update_job(Row const& job) {
        Settings const& settings = api_->settings();
        std::string_view const status = settings.job_field("status");
        std::string_view const pending = settings.translate("status_in", "filled");
        if (!status.empty() && folded(job.text(status)) != folded(pending)) {
            write_field(job, status, json::string(pending), "recruiting status");
        }
        std::string_view const pay_code = settings.job_field("pay");
        std::optional<Pay> const pay =
            settings.hire_pay && !pay_code.empty()
                ? canonical_pay(find(hire_, "/salary/amount"), text_at(hire_, "/salary/interval"))
                : std::nullopt;
        std::optional<Pay> const now = read_pay(settings, job.find(pay_code));
        if (pay && !(now && now->same_as(*pay))) {
            write_field(job, pay_code, write_pay(settings, *pay), "pay");
        }
    }

    // Each by itself: a salary that ChartHop does not take must not keep the status from changing.
    void write_field(Row const& job, std::string_view code, json::value value, std::string const& what) {
        try {
            Written const written = api_->write("PATCH", "v2", "job/" + connector::url_encode(job_id(job)),
                                                {{code, std::move(value)}}, {{"date", api_->today()}});
            if (written.kind != Written::Kind::done) {
                throw Failure(CW_ERR_TRANSIENT, "ChartHop did not confirm the job's " + what + ".");
            }
        } catch (Failure const& failure) {
            if (failure.status() == CW_ERR_TRANSIENT || failure.status() == CW_ERR_RATE_LIMITED) {
                throw;
            }
            // Person and hire are there; this must not hold the rest back for ever.
            call_->warn("job",
                        "The new hire was made, but the job's " + what + " was not changed: " + failure.message());
        }
    }

    Api const* api_;
    Call* call_;
    People people_;
    json::value hire_;
    std::string push_;
    Traces traces_;
    Trace trace_;
};

}  // namespace

Outcome create_new_hire(Api const& api, PersonCache& cache, connector::PushRequest const& request) {
    return NewHire(api, cache, request).run();
}

Outcome look_up_new_hire(Api const& api, connector::PushRequest const& request) {
    Traces const traces(api.call(), "hire", identity(request.data));
    Trace const trace = traces.read();
    if (trace.done && trace.push == request.idempotency_key) {
        api.call().note(CW_NOTE_TARGET_KEY, trace.id);
        return Outcome::delivered;
    }
    // A push looks at everything anew before it writes, but must not look too early.
    return traces.is_settling(trace) ? not_known_yet(api.call()) : Outcome::retry;
}

}  // namespace crosswalk::charthop
