// Notes are one list; v1 shows it as a candidate's activity feed.

#include "sandbox/fields.hpp"
#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/errors.hpp"
#include "sandbox/greenhouse/print.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

// How a note is asked for and how v3 prints it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> visibilities{
    {{"public", "publicly_visible"}, {"private", "privately_visible"}, {"admin_only", "admin_only_visible"}}};

struct NoteOrder {
    std::int64_t candidate = 0;
    std::int64_t user = 0;
    std::string body;
    std::string visibility;  // as asked for
};

struct Problem {
    std::string field;
    std::string message;
};

std::optional<Problem> check(State const& state, NoteOrder const& order) {
    auto const* const user = find(state.users, order.user);
    if (user == nullptr || flag_of(user->v3, "deactivated")) {
        return Problem{"user_id", "must be the id of an active user"};
    }
    if (order.body.empty()) {
        return Problem{"body", "can't be blank"};
    }
    bool const known = std::any_of(visibilities.begin(), visibilities.end(),
                                   [&](auto const& pair) { return pair.first == order.visibility; });
    if (!known) {
        return Problem{"visibility", "Must be one of: admin_only, private, public"};
    }
    return std::nullopt;
}

Record const& add_note(State& state, NoteOrder const& order) {
    std::string printed;
    for (auto const& [asked, shown] : visibilities) {
        printed = asked == order.visibility ? shown : printed;
    }
    std::int64_t const id = state.add(state.notes, {.v3 = {{"candidate_id", order.candidate},
                                                           {"application_id", nullptr},
                                                           {"body", order.body},
                                                           {"subject", nullptr},
                                                           {"type", "NOTE"},
                                                           {"user_id", order.user},
                                                           {"email_from", nullptr},
                                                           {"email_to", nullptr},
                                                           {"email_cc", nullptr},
                                                           {"visibility", printed},
                                                           {"import_hash", nullptr}}});
    return state.notes.at(id);
}

}  // namespace

Answer v1_create_note(Call const& call) {
    auto const candidate = parse_number(call.ids.front());
    if (!candidate || find(call.state.candidates, *candidate) == nullptr) {
        return error_of_status(Api::v1, 404);
    }
    auto const body = call.request.json_object();
    if (!body || call.request.media_type() != "application/json") {
        return validation_error("body", "must be a JSON object");
    }
    Fields fields(*body);
    NoteOrder const order{.candidate = *candidate,
                          .user = fields.integer("user_id").value_or(0),
                          .body = fields.text("body").value_or(""),
                          .visibility = fields.text("visibility").value_or("")};
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return validation_error(complaint.substr(0, complaint.find(' ')), complaint);
    }
    if (auto const problem = check(call.state, order)) {
        return validation_error(problem->field, problem->message);
    }
    if (call.state.notes.size() >= State::records_max) {
        return error_of_status(Api::v1, 500);
    }
    return json_answer(201, v1_note(call.state, add_note(call.state, order)));
}

Answer v1_activity_feed(Call const& call) {
    auto const candidate = parse_number(call.ids.front());
    if (!candidate || find(call.state.candidates, *candidate) == nullptr) {
        return error_of_status(Api::v1, 404);
    }
    json::array notes;
    for (auto const& [id, note] : call.state.notes) {
        if (number_of(note.v3, "candidate_id") == *candidate) {
            notes.push_back(v1_note(call.state, note));
        }
    }
    return json_answer(
        200, json::object{{"notes", std::move(notes)}, {"emails", json::array()}, {"activities", json::array()}});
}

Answer v3_create_note(Call const& call) {
    auto const body = call.request.json_object();
    if (!body || call.request.media_type() != "application/json") {
        return unprocessable("body", "must be a JSON object");
    }
    Fields fields(*body);
    NoteOrder const order{.candidate = fields.integer("candidate_id").value_or(0),
                          .user = fields.integer("user_id").value_or(0),
                          .body = fields.text("body").value_or(""),
                          .visibility = fields.text("visibility").value_or("")};
    std::string const type = fields.text("note_type").value_or("");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return unprocessable(complaint.substr(0, complaint.find(' ')), complaint);
    }
    if (find(call.state.candidates, order.candidate) == nullptr) {
        return unprocessable("candidate_id", "must be the id of a candidate");
    }
    if (auto const problem = check(call.state, order)) {
        return unprocessable(problem->field, problem->message);
    }
    if (type != "NOTE") {
        return unprocessable("note_type", "must be NOTE");
    }
    if (call.state.notes.size() >= State::records_max) {
        return error_of_status(Api::v3, 500);
    }
    return json_answer(201, add_note(call.state, order).v3);
}

}  // namespace crosswalk::sandbox::greenhouse
