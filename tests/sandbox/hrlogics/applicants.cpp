#include "sandbox/fields.hpp"
#include "sandbox/hrlogics/calls.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::hrlogics {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> required{"external_id", "source", "first_name",
                                                   "last_name",   "email",  "applied_at"};

bool is_email(std::string_view text) noexcept {
    auto const at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find(' ') == std::string_view::npos;
}

// "<ats>:opp:<id>", or ":app:" for one survey per application.
bool is_external_id(std::string_view text) noexcept {
    auto const kind = std::max(text.find(":opp:") + 1, text.find(":app:") + 1);
    return kind > 1 && kind != std::string_view::npos && kind + 4 < text.size();
}

// One object inside the applicant, of texts with these names.
void check_inner(Fields& fields, std::string_view name, std::vector<std::string_view> const& names,
                 std::vector<Detail>& details) {
    auto const* const inner = fields.object(name);
    if (inner == nullptr) {
        return;
    }
    Fields inside(*inner);
    for (std::string_view const one : names) {
        (void)inside.text(one);
    }
    if (auto const complaint = inside.complaint(); !complaint.empty()) {
        details.push_back({std::string(name), complaint});
    }
}

std::vector<Detail> check(json::object const& wanted) {
    Fields fields(wanted);
    std::vector<Detail> details;
    std::map<std::string_view, std::string> texts;
    for (std::string_view const name : required) {
        texts[name] = fields.text(name).value_or("");
        if (texts[name].empty()) {
            details.push_back({std::string(name), "required"});
        }
    }
    (void)fields.text("external_application_id");
    (void)fields.text("phone");
    check_inner(fields, "job", {"external_id", "title", "department", "location"}, details);
    check_inner(fields, "address", {"state", "postal_code"}, details);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        details.push_back({"body", complaint});
    }
    if (details.empty() && !is_email(texts["email"])) {
        details.push_back({"email", "is no address"});
    }
    if (details.empty() && !is_external_id(texts["external_id"])) {
        details.push_back({"external_id", "must be <ats>:opp:<id>"});
    }
    if (details.empty() && !is_time(texts["applied_at"])) {
        details.push_back({"applied_at", "must be an RFC 3339 time"});
    }
    return details;
}

json::object print(json::object const& applicant) {
    json::object printed = applicant;
    for (std::string_view const name : {"first_name", "last_name", "email"}) {
        printed.erase(name);
    }
    return printed;
}

Answer create(State& state, json::object const& wanted) {
    if (auto const details = check(wanted); !details.empty()) {
        return validation_failed(422, details);
    }
    std::string const external_id = text_of(wanted, "external_id");
    if (json::object const* existing = state.find_external(external_id); existing != nullptr) {
        return duplicate(text_of(*existing, "id"));
    }
    std::string const id = "hrl_" + std::to_string(state.next_applicant++);
    json::object& applicant = state.applicants.emplace_back();
    applicant = {{"id", id},
                 {"external_id", external_id},
                 {"survey_status", "sent"},
                 {"survey_url", "https://survey.hrlogics.example/s/" + state.ids.hex(12)},
                 {"eligibility_status", nullptr},
                 {"created_at", timestamp()},
                 {"first_name", text_of(wanted, "first_name")},
                 {"last_name", text_of(wanted, "last_name")},
                 {"email", text_of(wanted, "email")}};
    return json_answer(201, {{"data", print(applicant)}});
}

}  // namespace

bool is_time(std::string_view text) noexcept {
    constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
    bool const fits =
        text.size() > shape.size() && std::equal(shape.begin(), shape.end(), text.begin(), [](char expected, char c) {
            return expected == 'd' ? c >= '0' && c <= '9' : c == expected;
        });
    std::string_view const rest = fits ? text.substr(shape.size()) : std::string_view{};
    return rest == "Z" || (rest.starts_with('.') && rest.find_first_not_of("0123456789", 1) == rest.size() - 1 &&
                           rest.size() > 2 && rest.ends_with('Z'));
}

Answer create_applicant(Call const& call) {
    State& state = call.state;
    auto const wanted = call.request.json_object();
    if (!wanted) {
        return validation_failed(400, {{"body", "must be a JSON object"}});
    }
    std::string const key(call.request.header("Idempotency-Key"));
    if (key.empty() || key != text_of(*wanted, "external_application_id")) {
        return validation_failed(400, {{"Idempotency-Key", "must be the external_application_id"}});
    }
    auto const seen = state.idempotency.find(key);
    if (state.settings.idempotency_honoured && seen != state.idempotency.end()) {
        return seen->second.request_body == call.request.body
                   ? seen->second.answer
                   : validation_failed(400, {{"Idempotency-Key", "was used for another request"}});
    }
    Answer answer = create(state, *wanted);
    if (answer.status == 201 && state.idempotency.size() < State::remembered_max) {
        state.idempotency.insert_or_assign(key, Remembered{call.request.body, answer});
    }
    return answer;
}

Answer get_applicant(Call const& call) {
    json::object const* found = call.state.find_applicant(call.ids.front());
    return found == nullptr ? not_found() : json_answer(200, {{"data", print(*found)}});
}

Answer find_applicants(Call const& call) {
    auto const external_id = call.request.parameter("external_id");
    if (!external_id || external_id->empty()) {
        return validation_failed(400, {{"external_id", "required"}});
    }
    json::array data;
    if (json::object const* found = call.state.find_external(*external_id); found != nullptr) {
        data.push_back(print(*found));
    }
    return json_answer(200, {{"data", std::move(data)}});
}

Answer resend_survey(Call const& call) {
    json::object* const found = call.state.find_applicant(call.ids.front());
    if (found == nullptr) {
        return not_found();
    }
    (*found)["survey_status"] = "sent";
    return json_answer(202, {{"data", print(*found)}});
}

}  // namespace crosswalk::sandbox::hrlogics
