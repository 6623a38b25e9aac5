#include "lever.hpp"

#include "access/probe.hpp"
#include "applications/application.hpp"
#include "hires/hire.hpp"
#include "lever_data.hpp"
#include "people.hpp"
#include "postings/posting.hpp"
#include "webhook.hpp"
#include "writes/push.hpp"

#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;

namespace {

json::value parsed(std::string_view body, json::storage_ptr memory) {
    json::error_code error;
    json::value value = json::parse(body, error, std::move(memory));
    if (error) {
        throw Failure(CW_ERR_INVALID, "The webhook is not JSON: " + error.message() + ".");
    }
    return value;
}

}  // namespace

void Lever::init(Call& call) {
    api_ = std::make_unique<Api>(read_settings(call.config()));
}

connector::Verdict Lever::verify_webhook(Call& call, connector::WebhookRequest const& request) {
    // The vendor waits for this one: a delivery fits into the stack and nothing of it is copied.
    std::array<unsigned char, 4096> room;
    json::monotonic_resource memory(room.data(), room.size());
    json::value const body = parsed(request.body(), &memory);
    return verify(call, api_->settings(), read_delivery(body));
}

void Lever::parse_webhook(Call& call, connector::WebhookRequest const& request) {
    json::value const body = parsed(request.body(), {});
    Delivery const delivery = read_delivery(body);
    WebhookEvent const* known = event_named(delivery.event);
    if (known == nullptr || !is_id(delivery.opportunity_id)) {
        throw Failure(CW_ERR_INVALID, "The stored webhook is none that this connector accepts.");
    }
    bool const is_hire = known->trigger == "candidate.hired";
    std::optional<json::object> record =
        is_hire ? fetch_hire(call, *api_, delivery) : fetch_application(call, *api_, delivery);
    if (!record) {
        return;
    }
    connector::Event event = opportunity_event(is_hire ? hire_schema : application_schema, std::move(*record));
    event.id = dedupe_key(call, delivery);
    event.type = known->trigger;
    event.occurred_unix_ms = delivery.triggered_at;
    call.emit(event);
}

bool Lever::poll(Call& call, connector::PollRequest const& request) {
    if (request.event == "application.changed") {
        return poll_applications(call, *api_, request);
    }
    if (request.event == "posting.changed") {
        return poll_postings(call, *api_, request);
    }
    throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector does not poll for this.");
}

void Lever::find(Call& call, std::string_view schema, json::object const& query) {
    if (schema == canonical_posting) {
        find_postings(call, *api_, query);
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector cannot search for this kind of record.");
    }
}

void Lever::map(Call& call, connector::MapRequest const& request) {
    if (request.direction == connector::Direction::out) {
        call.emit(map_out(call, request));
    } else if (request.schema == hire_schema && request.to_schema == canonical_hire) {
        call.emit(map_hire(call, api_->settings(), request.data));
    } else if (request.schema == application_schema && request.to_schema == canonical_application) {
        call.emit(map_application(call, api_->settings(), request.data));
    } else if (request.schema == posting_schema && request.to_schema == canonical_posting) {
        call.emit(map_posting(call, request.data));
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector does not map this kind of record.");
    }
}

connector::Outcome Lever::push(Call& call, connector::PushRequest const& request) {
    return lever::push(call, *api_, request);
}

connector::Outcome Lever::look_up(Call& call, connector::PushRequest const& request) {
    return lever::look_up(call, *api_, request);
}

void Lever::probe(Call& call) {
    lever::probe(call, *api_);
}

namespace {

constexpr cw_trigger hired{sizeof(cw_trigger),
                           CW_TRIGGER_WEBHOOK,
                           "candidate.hired",
                           "Candidate Hired",
                           "lever.hire/1",
                           "crosswalk.hire/1",
                           nullptr};
constexpr cw_trigger created{sizeof(cw_trigger),
                             CW_TRIGGER_WEBHOOK,
                             "application.created",
                             "Application Created",
                             "lever.application/1",
                             "crosswalk.application/1",
                             nullptr};
constexpr char select_posting[] =
    R"({"type":"object","additionalProperties":false,"properties":{"posting":{"type":"string","minLength":1,)"
    R"("title":"Posting","description":"Id of the Lever posting; without it all of them"}}})";
constexpr cw_trigger changed{
    sizeof(cw_trigger),    CW_TRIGGER_POLL,           "application.changed", "Applications that are new or changed",
    "lever.application/1", "crosswalk.application/1", select_posting};
constexpr cw_trigger posting_changed{
    sizeof(cw_trigger), CW_TRIGGER_POLL,       "posting.changed", "Postings that are new or changed",
    "lever.posting/1",  "crosswalk.posting/1", select_posting};
constexpr cw_trigger const* triggers[] = {&hired, &created, &changed, &posting_changed, nullptr};

constexpr cw_action add_note{sizeof(cw_action), 0, "add_note", "Write a note on the candidate", "crosswalk.note/1",
                             "lever.note/1"};
constexpr cw_action add_tag{sizeof(cw_action), 0, "add_tag", "Tag the candidate", "crosswalk.tag/1", "lever.tag/1"};
constexpr cw_action remove_tag{sizeof(cw_action), 0, "remove_tag", "Take a tag off the candidate", "crosswalk.tag/1",
                               "lever.tag/1"};
constexpr cw_action attach_file{
    sizeof(cw_action), 0, "attach_file", "Attach a file to the candidate", "crosswalk.attachment/1", "lever.file/1"};
constexpr cw_action const* actions[] = {&add_note, &add_tag, &remove_tag, &attach_file, nullptr};

constexpr char const* secrets[] = {"/auth/api_key", "/auth/access_token", "/webhooks/*/signature_token",
                                   "/webhooks/*/previous_signature_token", nullptr};
constexpr char const* egress[] = {"api.lever.co", "*.lever.co", "api.sandbox.lever.co", "setting:/base_url", nullptr};

constexpr cw_descriptor descriptor{
    sizeof(cw_descriptor),
    CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH | CW_CAP_PARALLEL | CW_CAP_FIND,
    "lever",
    "Lever",
    "Crosswalk",
    "0.1.0",
    "https://help.lever.co",
    settings_schema,
    triggers,
    actions,
    secrets,
    egress,
    10,
    20};

}  // namespace
}  // namespace crosswalk::lever

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::lever::Lever>(crosswalk::lever::descriptor);
}
