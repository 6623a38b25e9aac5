#include "sandbox/fields.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> states{"published", "internal", "closed", "draft", "pending", "rejected"};

// What is wrong with a partial posting; empty if nothing is.
std::string complaint_about(json::object const& body) {
    Fields fields(body);
    auto const state = fields.text("state");
    for (char const* const text : {"text", "workplaceType", "salaryDescriptionHtml"}) {
        (void)fields.text(text);
    }
    for (char const* const list : {"distributionChannels", "tags", "requisitionCodes"}) {
        (void)fields.texts(list);
    }
    auto const* const categories = fields.object("categories");
    (void)fields.object("content");
    auto const* const salary = fields.object("salaryRange");
    if (auto complaint = fields.complaint(); !complaint.empty()) {
        return complaint;
    }
    if (state && std::find(states.begin(), states.end(), *state) == states.end()) {
        return "state does not know " + *state;
    }
    if (salary != nullptr && salary->size() != 4) {
        return "salaryRange needs min, max, currency and interval";
    }
    if (categories == nullptr) {
        return {};
    }
    Fields inner(*categories);
    for (char const* const text : {"team", "department", "location", "commitment", "level"}) {
        (void)inner.text(text);
    }
    (void)inner.texts("allLocations");
    return inner.complaint();
}

}  // namespace

Answer update_posting(Call const& call) {
    auto* const posting = call.state.postings.find(call.ids.front());
    if (posting == nullptr) {
        return not_found("postings", call.ids.front());
    }
    if (auto refusal = check_perform_as(call, true)) {
        return *refusal;
    }
    auto const body = call.request.json_object();
    std::string const complaint = body ? complaint_about(*body) : "the body must be a JSON object";
    if (!complaint.empty()) {
        return bad_request(complaint);
    }
    for (auto const& member : *body) {
        (*posting)[member.key()] = member.value();
    }
    (*posting)["updatedAt"] = now_ms();
    return json_answer(200, {{"data", *posting}});
}

}  // namespace crosswalk::sandbox::lever
