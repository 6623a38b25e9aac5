#include "sandbox/fields.hpp"
#include "sandbox/hireguide/calls.hpp"

#include <algorithm>

namespace crosswalk::sandbox::hireguide {
namespace {

namespace json = boost::json;

constexpr std::size_t upsert_max = 100;

// What is wrong with one candidate; empty if it may be kept.
std::vector<Detail> check(json::object const& sent) {
    std::vector<Detail> details;
    Fields fields(sent);
    for (char const* name : {"external_id", "first_name", "updated_at"}) {
        if (auto const text = fields.text(name); !text || text->empty()) {
            details.push_back({name, "is required"});
        } else if (std::string_view(name) == "updated_at" && !is_timestamp(*text)) {
            details.push_back({name, "must be RFC 3339 in UTC"});
        }
    }
    for (char const* name : {"last_name", "phone", "stage"}) {
        (void)fields.text(name);
    }
    if (auto const email = fields.text("email"); email && email->find('@') == std::string::npos) {
        details.push_back({"email", "is no address"});
    }
    (void)fields.flag("archived");
    if (!fields.flag("synced_with_ats").value_or(false)) {
        details.push_back({"synced_with_ats", "must be true"});
    }
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        details.push_back({"candidate", complaint});
    }
    return details;
}

json::object upsert(State& state, std::string const& position, json::object sent) {
    std::string const external_id = text_of(sent, "external_id");
    if (auto const details = check(sent); !details.empty()) {
        return {{"external_id", external_id},
                {"result", "error"},
                {"error", error_object("validation_failed", "The candidate is invalid", details)}};
    }
    std::string updated_at = text_of(sent, "updated_at");
    sent.erase("updated_at");
    auto const known = std::find_if(state.candidates.begin(), state.candidates.end(), [&](Candidate const& at) {
        return at.position == position && text_of(at.sent, "external_id") == external_id;
    });
    if (known == state.candidates.end()) {
        Candidate const& made = state.candidates.emplace_back(Candidate{
            "cand_" + std::to_string(state.next_candidate++), position, std::move(sent), std::move(updated_at)});
        return {{"external_id", external_id}, {"id", made.id}, {"result", "created"}};
    }
    bool const same = known->sent == sent;
    known->sent = std::move(sent);
    known->updated_at = std::move(updated_at);
    return {{"external_id", external_id}, {"id", known->id}, {"result", same ? "unchanged" : "updated"}};
}

}  // namespace

Answer upsert_candidates(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return invalid(400, {{"body", "must be a JSON object"}});
    }
    json::object const* const position = call.state.find_position(call.ids[0]);
    if (position == nullptr) {
        return no_such("position");
    }
    Fields fields(*body);
    auto const* const candidates = fields.array("candidates");
    if (auto const complaint = fields.complaint(); !complaint.empty() || candidates == nullptr) {
        return invalid(422, {{"candidates", complaint.empty() ? "is required" : complaint}});
    }
    bool const objects =
        std::all_of(candidates->begin(), candidates->end(), [](json::value const& one) { return one.is_object(); });
    if (candidates->empty() || candidates->size() > upsert_max || !objects) {
        return invalid(422, {{"candidates", "must be from 1 to 100 objects"}});
    }
    if (position->at("ats_job").is_null()) {
        return error(409, "not_connected", "The position is not connected with a job");
    }
    if (call.state.candidates.size() + candidates->size() > State::candidates_max) {
        return error_of_status(503);
    }
    json::array results;
    for (json::value const& one : *candidates) {
        results.push_back(upsert(call.state, call.ids[0], one.get_object()));
    }
    return json_answer(200, {{"data", std::move(results)}});
}

Answer search_candidates(Call const& call) {
    if (call.state.find_position(call.ids[0]) == nullptr) {
        return no_such("position");
    }
    std::string const part = call.request.parameter("query").value_or("");
    std::vector<json::object> found;
    for (Candidate const& candidate : call.state.candidates) {
        json::value const* const archived = candidate.sent.if_contains("archived");
        bool const gone = archived != nullptr && archived->is_bool() && archived->get_bool();
        if (candidate.position == call.ids[0] && !gone && is_named(candidate, part)) {
            found.push_back(print(candidate));
        }
    }
    return answer_page(call.request, found);
}

}  // namespace crosswalk::sandbox::hireguide
