#include "sweep.hpp"

#include "applications.hpp"
#include "poll.hpp"
#include "values.hpp"
#include "webhook.hpp"

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

}  // namespace

bool sweep(Call& call, Api& api, connector::SweepRequest const& request) {
    if (!api.is_v3() || request.event != created_trigger) {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse lists new applications, over Harvest v3.");
    }
    std::string const query =
        request.cursor.empty()
            ? "per_page=500&created_at=" + connector::url_encode("gte|" + utc_time(request.from_unix_ms))
            : std::string(request.cursor);
    Read const page = api.need(call, "/applications", query, "applications");
    json::array const* rows = page.data.if_array();
    if (rows == nullptr) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse's answer is not a list.");
    }
    for (json::value const& one : *rows) {
        std::string const id = id_at(one, "/id");
        std::string const candidate = id_at(one, "/candidate_id");
        std::int64_t const at = unix_ms_of(text_at(one, "/created_at")).value_or(0);
        bool const inside = at >= request.from_unix_ms && at < request.to_unix_ms;
        if (id.empty() || candidate.empty() || !inside || is_prospect(one)) {
            continue;
        }
        connector::Event event;
        event.id = created_id(id);
        event.type = request.event;
        event.subject = "candidate:" + candidate;
        event.title = event.subject;
        event.occurred_unix_ms = at;
        event.record = {std::string(listed_schema), id, json::object{{"application", id}}};
        call.emit(event);
    }
    call.set_cursor(page.next);
    return !page.next.empty();
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
    connector::Event event = application_event(whole_application(call, api, row));
    event.id = created_id(id);
    event.type = created_trigger;
    event.occurred_unix_ms = listed.occurred_unix_ms;
    call.emit(event);
}

void diagnose(Call& call, Settings const& settings) {
    if (!settings.has_secret_key) {
        call.warn(
            "/webhook/secret_key",
            "No secret key is configured here, so Greenhouse's webhooks are refused. Enter the key of the webhook.");
    }
    call.warn(
        "webhooks",
        "Greenhouse's API does not show its webhooks. Look under Configure > Dev Center > Web Hooks: is there one "
        "for this event, with this connection's address and the secret key that is configured here? \"Disabled?\" "
        "must be No: Greenhouse stores a webhook as disabled when its first ping was not answered.");
}

}  // namespace crosswalk::greenhouse
