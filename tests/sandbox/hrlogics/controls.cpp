#include "sandbox/hrlogics/controls.hpp"

#include "sandbox/fields.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::hrlogics {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr std::int64_t wait_ms_max = 120'000;
constexpr std::array<std::string_view, 5> survey_states{"queued", "sent", "opened", "bounced", "expired"};

json::object print(Callback const& callback) {
    return {{"id", callback.id}, {"url", callback.url}, {"secret", callback.secret}};
}

Answer list_applicants(ControlCall const& call) {
    auto const external_id = call.request.parameter("external_id");
    json::array printed;
    for (json::object const& applicant : call.state.applicants) {
        if (!external_id || text_of(applicant, "external_id") == *external_id) {
            printed.push_back(applicant);
        }
    }
    return json_answer(200, {{"count", printed.size()}, {"applicants", std::move(printed)}});
}

// The survey reaches a state that decides nothing.
Answer set_survey(ControlCall const& call) {
    json::object* const applicant = call.state.find_applicant(call.ids.front());
    Fields fields(call.body);
    auto const state = fields.text("state");
    if (applicant == nullptr) {
        return control_refusal(404, "no such applicant");
    }
    if (!fields.complaint().empty() || !state ||
        std::find(survey_states.begin(), survey_states.end(), *state) == survey_states.end()) {
        return control_refusal(400, "state must be queued, sent, opened, bounced or expired");
    }
    (*applicant)["survey_status"] = *state;
    return json_answer(200, *applicant);
}

// HRLogics decides. With `submitted` false the survey is not done: a vendor's mistake that must not become a tag.
Answer complete_survey(ControlCall const& call) {
    json::object* const applicant = call.state.find_applicant(call.ids.front());
    Fields fields(call.body);
    auto const status = fields.text("status");
    bool const submitted = fields.flag("submitted").value_or(true);
    bool const send = fields.flag("send").value_or(true);
    if (applicant == nullptr) {
        return control_refusal(404, "no such applicant");
    }
    if (auto const complaint = fields.complaint(); !complaint.empty() || !status) {
        return control_refusal(400, complaint.empty() ? "status is required" : complaint);
    }
    std::string const now = timestamp();
    std::string const id = text_of(*applicant, "id");
    std::string const external_id = text_of(*applicant, "external_id");
    (*applicant)["eligibility_status"] = *status;
    json::object data{{"applicant_id", id}, {"external_id", external_id}, {"program", "WOTC"}, {"status", *status}};
    if (submitted) {
        (*applicant)["survey_status"] = "completed";
        (*applicant)["survey_submitted_at"] = now;
        data["survey_submitted_at"] = now;
    }
    call.state.changes.push_back(
        {{"applicant_id", id}, {"external_id", external_id}, {"status", *status}, {"changed_at", now}});
    json::array deliveries;
    if (send) {
        for (std::string const& delivery : announce(call.state, data)) {
            deliveries.emplace_back(delivery);
        }
    }
    return json_answer(200, {{"applicant", *applicant}, {"deliveries", std::move(deliveries)}});
}

Answer list_callbacks(ControlCall const& call) {
    json::array printed;
    for (Callback const& callback : call.state.callbacks) {
        printed.push_back(print(callback));
    }
    return json_answer(200, {{"callbacks", std::move(printed)}});
}

Answer add_callback(ControlCall const& call) {
    Fields fields(call.body);
    Callback callback{.id = "cb_" + std::to_string(call.state.next_callback++),
                      .url = fields.text("url").value_or(""),
                      .secret = fields.text("secret").value_or("")};
    if (!fields.complaint().empty() || !is_loopback_url(callback.url)) {
        return control_refusal(400, "url must be http on loopback, secret a text");
    }
    call.state.callbacks.push_back(callback);
    return json_answer(201, print(callback));
}

// "Regenerate signature token".
Answer rotate(ControlCall const& call) {
    Fields fields(call.body);
    auto const secret = fields.text("secret");
    std::int64_t const grace_s = std::clamp<std::int64_t>(fields.integer("grace_s").value_or(0), 0, 1'000'000);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    for (Callback& callback : call.state.callbacks) {
        callback.previous_secret = callback.secret;
        callback.previous_until_ms = now_ms() + grace_s * 1000;
        callback.secret = secret.value_or("whsec_" + call.state.ids.hex(32));
    }
    return list_callbacks(call);
}

Answer list_deliveries(ControlCall const& call) {
    auto const last = parse_number(call.request.parameter("last").value_or("1000")).value_or(0);
    if (last < 1) {
        return control_refusal(400, "last must be a positive number");
    }
    json::array listed =
        call.state.sender.list({}, call.request.parameter("applicant").value_or(""),
                               call.request.parameter("state").value_or(""), static_cast<std::size_t>(last));
    return json_answer(200, {{"counts", call.state.sender.counts()}, {"deliveries", std::move(listed)}});
}

Answer get_delivery(ControlCall const& call) {
    auto const wanted = parse_number(call.request.parameter("wait_ms").value_or("0")).value_or(0);
    milliseconds const patience(std::clamp<std::int64_t>(wanted, 0, wait_ms_max));
    // Nobody else could call while this one waits.
    call.state.mutex.unlock();
    auto const shown = call.state.sender.show(call.ids.front(), patience);
    call.state.mutex.lock();
    return shown ? json_answer(200, *shown) : control_refusal(404, "no such delivery");
}

Answer rerun_delivery(ControlCall const& call) {
    std::string const delivery = rerun(call.state, call.ids.front());
    return delivery.empty() ? control_refusal(404, "no such delivery") : json_answer(202, {{"delivery", delivery}});
}

Answer revoke_tokens(ControlCall const& call) {
    call.state.tokens.clear();
    return {.status = 204};
}

Answer change_settings(ControlCall const& call) {
    Fields fields(call.body);
    Settings settings = call.state.settings;
    settings.api_token = fields.text("api_token").value_or(settings.api_token);
    settings.may_register = fields.flag("may_register").value_or(settings.may_register);
    settings.idempotency_honoured = fields.flag("idempotency_honoured").value_or(settings.idempotency_honoured);
    settings.token_ttl_ms = fields.integer("token_ttl_ms").value_or(settings.token_ttl_ms);
    settings.rate_per_s = fields.number("rate_per_s").value_or(settings.rate_per_s);
    settings.burst = fields.number("burst").value_or(settings.burst);
    RetryPolicy& policy = settings.policy;
    policy.tries =
        static_cast<int>(std::clamp<std::int64_t>(fields.integer("tries").value_or(policy.tries), 1, 1'000'000));
    policy.gap = milliseconds(
        std::clamp<std::int64_t>(fields.integer("retry_gap_ms").value_or(policy.gap.count()), 0, wait_ms_max));
    policy.timeout = milliseconds(
        std::clamp<std::int64_t>(fields.integer("timeout_ms").value_or(policy.timeout.count()), 1, wait_ms_max));
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    call.state.settings = settings;
    call.state.bucket = TokenBucket();
    return json_answer(200, {{"changed", true}});
}

}  // namespace

std::vector<Endpoint<ControlCall>> const& controls() {
    static std::vector<Endpoint<ControlCall>> const endpoints{
        {"GET", "/applicants", list_applicants, {"external_id"}},
        {"POST", "/applicants/:id/survey", set_survey},
        {"POST", "/applicants/:id/complete", complete_survey},
        {"GET", "/callbacks", list_callbacks},
        {"POST", "/callbacks", add_callback},
        {"POST", "/callbacks/rotate", rotate},
        {"GET", "/deliveries", list_deliveries, {"applicant", "state", "last"}},
        {"GET", "/deliveries/:id", get_delivery, {"wait_ms"}},
        {"POST", "/deliveries/:id/rerun", rerun_delivery},
        {"POST", "/tokens/revoke", revoke_tokens},
        {"POST", "/settings", change_settings},
    };
    return endpoints;
}

}  // namespace crosswalk::sandbox::hrlogics
