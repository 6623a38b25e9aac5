#include "sweep.hpp"

#include "events.hpp"
#include "requisitions.hpp"

#include <array>

namespace crosswalk::charthop {

using connector::text_at;

namespace {

constexpr char listed_schema[] = "charthop.event_ref/1";
constexpr std::array entities{std::string_view("CHANGE"), std::string_view("JOB")};

struct Place {
    std::string_view entity = entities.front();
    std::string from;
};

Place place_of(connector::SweepRequest const& request) {
    if (request.cursor.empty()) {
        return {entities.front(), std::to_string(request.from_unix_ms)};
    }
    json::error_code error;
    json::value const value = json::parse(request.cursor, error);
    for (std::string_view const entity : entities) {
        if (!error && text_at(value, "/entity") == entity) {
            return {entity, std::string(text_at(value, "/from"))};
        }
    }
    throw Failure(CW_ERR_CURSOR, "The position in ChartHop's list of events cannot be read.");
}

}  // namespace

bool sweep(Api const& api, connector::SweepRequest const& request) {
    Call& call = api.call();
    if (request.event != changed_trigger) {
        throw Failure(CW_ERR_UNSUPPORTED, "ChartHop lists changes of jobs.");
    }
    // Without the switch its webhooks are of no use, so none is missing.
    if (!api.settings().requisitions.sync_on_change) {
        call.set_cursor({});
        return false;
    }
    Place const at = place_of(request);
    Page const page = api.page("v1", "event", {{"entityType", std::string(at.entity)}}, at.from);
    for (Row const& row : page.rows) {
        auto const when = happened_at(row);
        std::string const job = job_in(row);
        bool const inside = when && *when >= request.from_unix_ms && *when < request.to_unix_ms;
        if (!inside || job.empty() || row.text("id").empty() || !is_of_interest(api.settings(), row)) {
            continue;
        }
        connector::Event event;
        event.id = change_id(call, row, {});
        event.type = changed_trigger;
        event.subject = "job:" + job;
        event.title = event.subject;
        event.occurred_unix_ms = *when;
        event.record = {listed_schema, job, json::object{{"event", row.text("id")}, {"job", job}}};
        call.emit(event);
    }
    bool const goes_on = !page.next.empty() && page.next != at.from;
    bool const is_last = !goes_on && at.entity == entities.back();
    call.set_cursor(
        is_last ? std::string()
                : json::serialize(json::object{{"entity", goes_on ? at.entity : entities.back()},
                                               {"from", goes_on ? page.next : std::to_string(request.from_unix_ms)}}));
    return !is_last;
}

void fetch_swept(Api const& api, PersonCache& cache, connector::Event const& listed) {
    json::value const record(listed.record.data);
    std::string const id(text_at(record, "/event"));
    std::string const job(text_at(record, "/job"));
    if (id.empty() || job.empty()) {
        throw Failure(CW_ERR_INVALID, "The listed event names no job.");
    }
    // The list has no payloads, and whether a job may close depends on what changed.
    std::optional<Row> const event = api.get("v1", "event/" + connector::url_encode(id));
    emit_change(api, cache, event.value_or(Row()), job, listed.id);
}

void diagnose(Api const& api) {
    Call& call = api.call();
    if (!api.settings().requisitions.sync_on_change) {
        call.warn("/requisitions/sync_on_change", "Sync On Change is off, so ChartHop's webhooks are passed over.");
        return;
    }
    try {
        (void)api.page("v1", "event", {{"entityType", std::string(entities.front())}}, std::to_string(call.unix_ms()));
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_TRANSIENT || failure.status() == CW_ERR_RATE_LIMITED) {
            throw;
        }
        call.warn("events", "The app may not read ChartHop's events any more: " + std::string(failure.message()));
    }
    call.warn("webhooks",
              "ChartHop's API does not show where an app's events go. Look at the app: its event address must be this "
              "connection's, with the key that `crosswalk connections list` shows, and its events change.* and job.*.");
}

}  // namespace crosswalk::charthop
