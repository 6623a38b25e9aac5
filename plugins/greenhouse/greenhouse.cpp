#include "greenhouse.hpp"

#include "applications.hpp"
#include "attach.hpp"
#include "consent.hpp"
#include "greenhouse_data.hpp"
#include "hire.hpp"
#include "mapping.hpp"
#include "poll.hpp"
#include "probe.hpp"
#include "push.hpp"
#include "sweep.hpp"
#include "values.hpp"
#include "webhook.hpp"

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;

void Greenhouse::init(Call& call) {
    api_ = std::make_unique<Api>(read_settings(call.config()));
}

connector::Verdict Greenhouse::verify_webhook(Call& call, connector::WebhookRequest const& request) {
    return verify(call, api_->settings(), request);
}

void Greenhouse::parse_webhook(Call& call, connector::WebhookRequest const& request) {
    auto const [is_hire, application] = read_delivery(request.body());
    if (!is_hire) {
        // There is one of each application; whichever delivery brings it, it is the same event.
        connector::Event event = application_event(application_of_webhook(application));
        event.id = created_id(event.record.key);
        event.type = created_trigger;
        event.occurred_unix_ms = unix_ms_of(connector::text_at(application, "/applied_at")).value_or(0);
        call.emit(event);
        return;
    }
    if (auto const event = hire_event(call, *api_, application)) {
        call.emit(*event);
    }
}

void Greenhouse::map(Call& call, connector::MapRequest const& request) {
    bool const in = request.direction == connector::Direction::in;
    if (in && request.schema == hire_schema && request.to_schema == canonical_hire) {
        call.emit(map_in(call, api_->settings(), request.data));
    } else if (in && request.schema == application_schema && request.to_schema == canonical_application) {
        call.emit(map_application(call, request.data));
    } else if (in && request.schema == posting_schema && request.to_schema == canonical_posting) {
        call.emit(map_posting(call, request.data));
    } else if (!in && request.to_schema == note_schema) {
        call.emit(map_note(call, request.data));
    } else if (!in && request.to_schema == attachment_schema) {
        call.emit(map_attachment(call, request.data));
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse's connector does not map between these schemas.");
    }
}

bool Greenhouse::poll(Call& call, connector::PollRequest const& request) {
    return greenhouse::poll(call, *api_, request);
}

void Greenhouse::find(Call& call, std::string_view schema, json::object const& query) {
    if (schema != canonical_posting) {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse's connector finds jobs, as crosswalk.posting/1.");
    }
    find_postings(call, *api_, query);
}

connector::Outcome Greenhouse::push(Call& call, connector::PushRequest const& request) {
    return request.action == attach_action ? attach(call, *api_, request) : greenhouse::push(call, *api_, request);
}

connector::Outcome Greenhouse::look_up(Call& call, connector::PushRequest const& request) {
    return request.action == attach_action ? look_up_attachment(call, *api_, request)
                                           : greenhouse::look_up(call, *api_, request);
}

bool Greenhouse::sweep(Call& call, connector::SweepRequest const& request) {
    return greenhouse::sweep(call, *api_, request);
}

void Greenhouse::fetch_swept(Call& call, connector::Event const& listed) {
    greenhouse::fetch_swept(call, *api_, listed);
}

void Greenhouse::diagnose(Call& call, std::string_view, json::array const& triggers) {
    greenhouse::diagnose(call, *api_, triggers);
}

void Greenhouse::probe(Call& call) {
    greenhouse::probe(call, *api_);
}

json::object Greenhouse::oauth(Call&) {
    return describe_oauth(api_->settings());
}

namespace {

constexpr cw_trigger hired{sizeof(cw_trigger),
                           CW_TRIGGER_WEBHOOK | CW_TRIGGER_SWEEP,
                           "candidate.hired",
                           "Candidate has been hired",
                           "greenhouse.hire/1",
                           "crosswalk.hire/1",
                           nullptr};
constexpr cw_trigger created{sizeof(cw_trigger),
                             CW_TRIGGER_WEBHOOK | CW_TRIGGER_SWEEP,
                             "application.created",
                             "Candidate has submitted an application",
                             "greenhouse.application/1",
                             "crosswalk.application/1",
                             nullptr};
constexpr char of_a_job[] = R"({"type": "object", "additionalProperties": false, "properties": {
    "job": {"type": ["string", "integer"], "title": "Job", "description": "Its number in Greenhouse; all jobs without"}}})";
constexpr cw_trigger changed{sizeof(cw_trigger),
                             CW_TRIGGER_POLL,
                             "application.changed",
                             "An application changed",
                             "greenhouse.application/1",
                             "crosswalk.application/1",
                             of_a_job};
constexpr cw_trigger posting_changed{sizeof(cw_trigger),     CW_TRIGGER_POLL,       "posting.changed", "A job changed",
                                     "greenhouse.posting/1", "crosswalk.posting/1", of_a_job};
constexpr cw_trigger const* triggers[] = {&hired, &created, &changed, &posting_changed, nullptr};

constexpr cw_action add_note{sizeof(cw_action),  0,
                             "add_note",         "Write a note in the candidate's activity feed",
                             "crosswalk.note/1", "greenhouse.note/1"};
constexpr cw_action attach_file{sizeof(cw_action),
                                0,
                                "attach_file",
                                "Attach a file to a candidate or an application",
                                "crosswalk.attachment/1",
                                "greenhouse.attachment/1"};
constexpr cw_action const* actions[] = {&add_note, &attach_file, nullptr};

constexpr char const* secrets[] = {"/auth/client_secret", "/auth/api_key", "/webhook/secret_key",
                                   "/webhook/previous_secret_key", nullptr};
// Document links lead to a store of files; this is the one of the vendor's own examples.
constexpr char const* egress[] = {"harvest.greenhouse.io",
                                  "auth.greenhouse.io",
                                  "prod-heroku.s3.amazonaws.com",
                                  "setting:/base_url",
                                  "setting:/token_url",
                                  "setting:/documents/base_url",
                                  nullptr};

// Greenhouse states its limit with each answer: 50 in 10 s for v1, 75 in 30 s in the documentation of v3.
constexpr cw_descriptor descriptor{sizeof(cw_descriptor),
                                   CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH |
                                       CW_CAP_PARALLEL | CW_CAP_FIND | CW_CAP_OAUTH | CW_CAP_SWEEP,
                                   "greenhouse",
                                   "Greenhouse Recruiting",
                                   "Crosswalk",
                                   "0.1.0",
                                   "https://support.greenhouse.io",
                                   settings_schema,
                                   triggers,
                                   actions,
                                   secrets,
                                   egress,
                                   2,
                                   30};

}  // namespace
}  // namespace crosswalk::greenhouse

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::greenhouse::Greenhouse>(crosswalk::greenhouse::descriptor);
}
