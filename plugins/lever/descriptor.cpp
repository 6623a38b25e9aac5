#include "descriptor.hpp"

#include "lever_data.hpp"

#include <cstdint>

namespace crosswalk::lever {
namespace {

constexpr char select_posting[] =
    R"({"type":"object","additionalProperties":false,"properties":{"posting":{"type":"string","minLength":1,)"
    R"("title":"Posting","description":"Id of the Lever posting; without it all of them"}}})";

constexpr cw_trigger trigger(std::uint32_t flags, char const* event, char const* title, char const* schema,
                             char const* canonical, char const* select = nullptr) {
    return {sizeof(cw_trigger), flags, event, title, schema, canonical, select};
}
constexpr cw_action action(char const* name, char const* title, char const* canonical, char const* schema) {
    return {sizeof(cw_action), 0, name, title, canonical, schema};
}

constexpr cw_trigger hired = trigger(CW_TRIGGER_WEBHOOK | CW_TRIGGER_SWEEP, "candidate.hired", "Candidate Hired",
                                     "lever.hire/1", "crosswalk.hire/1");
constexpr cw_trigger created = trigger(CW_TRIGGER_WEBHOOK | CW_TRIGGER_SWEEP, "application.created",
                                       "Application Created", "lever.application/1", "crosswalk.application/1");
constexpr cw_trigger changed = trigger(CW_TRIGGER_POLL, "application.changed", "Applications that are new or changed",
                                       "lever.application/1", "crosswalk.application/1", select_posting);
constexpr cw_trigger posting = trigger(CW_TRIGGER_POLL, "posting.changed", "Postings that are new or changed",
                                       "lever.posting/1", "crosswalk.posting/1", select_posting);
constexpr cw_trigger requisition =
    trigger(CW_TRIGGER_POLL, "requisition.listed", "Requisitions", "lever.requisition/1", "crosswalk.requisition/1");
constexpr cw_trigger metrics = trigger(CW_TRIGGER_POLL, "requisition.metrics", "How many candidates requisitions have",
                                       "lever.requisition_metrics/1", "crosswalk.requisition_metrics/1");
constexpr cw_trigger const* triggers[] = {&hired, &created, &changed, &posting, &requisition, &metrics, nullptr};

constexpr cw_action add_note = action("add_note", "Write a note on the candidate", "crosswalk.note/1", "lever.note/1");
constexpr cw_action add_tag = action("add_tag", "Tag the candidate", "crosswalk.tag/1", "lever.tag/1");
constexpr cw_action remove_tag = action("remove_tag", "Take a tag off the candidate", "crosswalk.tag/1", "lever.tag/1");
constexpr cw_action attach_file =
    action("attach_file", "Attach a file to the candidate", "crosswalk.attachment/1", "lever.file/1");
constexpr cw_action upsert_requisition = action("upsert_requisition", "Create or change a requisition",
                                                "crosswalk.requisition/1", "lever.requisition_update/1");
constexpr cw_action update_posting =
    action("update_posting", "Change a posting", "crosswalk.posting/1", "lever.posting_update/1");
constexpr cw_action const* actions[] = {&add_note,           &add_tag,        &remove_tag, &attach_file,
                                        &upsert_requisition, &update_posting, nullptr};

constexpr char const* secrets[] = {"/auth/api_key",
                                   "/auth/access_token",
                                   "/auth/client_secret",
                                   "/webhooks/*/signature_token",
                                   "/webhooks/*/previous_signature_token",
                                   nullptr};
constexpr char const* egress[] = {"api.lever.co",
                                  "*.lever.co",
                                  "api.sandbox.lever.co",
                                  "sandbox-lever.auth0.com",
                                  "setting:/base_url",
                                  "setting:/auth/token_url",
                                  nullptr};

constexpr std::uint32_t caps = CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH |
                               CW_CAP_PARALLEL | CW_CAP_OAUTH | CW_CAP_SUBSCRIBE | CW_CAP_FIND | CW_CAP_SWEEP;

constexpr cw_descriptor described{
    sizeof(cw_descriptor), caps,     "lever", "Lever", "Crosswalk", "0.1.0", "https://help.lever.co",
    settings_schema,       triggers, actions, secrets, egress,      10,      20};

}  // namespace

cw_descriptor const& descriptor() noexcept {
    return described;
}

}  // namespace crosswalk::lever
