#include "sandbox/fields.hpp"
#include "sandbox/lever/candidates.hpp"
#include "sandbox/lever/controls.hpp"

#include <algorithm>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr std::int64_t wait_ms_max = 120'000;
constexpr std::int64_t stream_count_max = 100'000;

json::object print(Hook const& hook) {
    return {{"id", hook.id},
            {"url", hook.url},
            {"event", hook.event},
            {"signature_token", hook.signature_token},
            {"origins", json::value_from(hook.origins)},
            {"by_api", hook.by_api}};
}

// Reads tries, gap, gap_max and timeout over what `policy` already says.
void read_policy(Fields& fields, RetryPolicy& policy) {
    policy.tries =
        static_cast<int>(std::clamp<std::int64_t>(fields.integer("tries").value_or(policy.tries), 1, 1'000'000));
    policy.gap = milliseconds(
        std::clamp<std::int64_t>(fields.integer("retry_gap_ms").value_or(policy.gap.count()), 0, wait_ms_max));
    policy.gap_max = milliseconds(
        std::clamp<std::int64_t>(fields.integer("retry_gap_max_ms").value_or(policy.gap_max.count()), 0, wait_ms_max));
    policy.timeout = milliseconds(
        std::clamp<std::int64_t>(fields.integer("timeout_ms").value_or(policy.timeout.count()), 1, wait_ms_max));
}

}  // namespace

milliseconds patience(Request const& request) {
    auto const wanted = parse_number(request.parameter("wait_ms").value_or("0")).value_or(0);
    return milliseconds(std::clamp<std::int64_t>(wanted, 0, wait_ms_max));
}

Answer control_list_webhooks(ControlCall const& call) {
    json::array printed;
    for (Hook const& hook : call.hooks.all()) {
        printed.push_back(print(hook));
    }
    return json_answer(200, {{"webhooks", std::move(printed)}});
}

Answer control_add_webhook(ControlCall const& call) {
    Fields fields(call.body);
    Hook hook{.url = fields.text("url").value_or(""),
              .event = fields.text("event").value_or(""),
              .signature_token = fields.text("signature_token").value_or(""),
              .origins = fields.texts("origins").value_or(std::vector<std::string>()),
              .with_event_id = fields.flag("event_id").value_or(true)};
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    if (std::find(events.begin(), events.end(), hook.event) == events.end()) {
        return control_refusal(400, "event is not one of Lever's");
    }
    if (!is_loopback_url(hook.url)) {
        return control_refusal(400, "url must be http on loopback");
    }
    return json_answer(201, print(call.hooks.add(std::move(hook))));
}

Answer control_verify_webhooks(ControlCall const& call) {
    Fields fields(call.body);
    auto const id = fields.text("id");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    WebhookClient client;
    StopSignal never;
    json::array printed;
    for (Hook const& hook : call.hooks.all()) {
        if (id && *id != hook.id) {
            continue;
        }
        std::string const delivery = call.hooks.open_verification(hook);
        bool const verified = call.hooks.sender().pursue(delivery, client, never) == SendState::received;
        json::object result{{"webhook", hook.id}, {"event", hook.event}, {"verified", verified}};
        if (auto const shown = call.hooks.sender().show(delivery, milliseconds(0))) {
            result["delivery"] = *shown;
            result["status"] = shown->at("attempts").as_array().at(0).at("status");
        }
        printed.push_back(std::move(result));
    }
    return printed.empty() ? control_refusal(404, "no such webhook")
                           : json_answer(200, {{"results", std::move(printed)}});
}

Answer control_rerun(ControlCall const& call) {
    Fields fields(call.body);
    bool const fresh_token = fields.flag("fresh_token").value_or(false);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    auto const delivery = call.hooks.rerun(call.ids.front(), fresh_token);
    return delivery ? json_answer(202, {{"delivery", *delivery}}) : control_refusal(404, "no such delivery");
}

Answer control_list_deliveries(ControlCall const& call) {
    Request const& request = call.request;
    auto const last = parse_number(request.parameter("last").value_or("1000")).value_or(0);
    if (last < 1) {
        return control_refusal(400, "last must be a positive number");
    }
    auto& sender = call.hooks.sender();
    json::array listed =
        sender.list(request.parameter("event").value_or(""), request.parameter("opportunity").value_or(""),
                    request.parameter("state").value_or(""), static_cast<std::size_t>(last));
    return json_answer(200, {{"counts", sender.counts()}, {"deliveries", std::move(listed)}});
}

Answer control_get_delivery(ControlCall const& call) {
    auto const shown = call.hooks.sender().show(call.ids.front(), patience(call.request));
    return shown ? json_answer(200, *shown) : control_refusal(404, "no such delivery");
}

Answer control_start_stream(ControlCall const& call) {
    Fields fields(call.body);
    StreamOrder order{
        .event = fields.text("event").value_or("candidateHired"),
        .count = fields.integer("count").value_or(0),
        .concurrency = fields.integer("concurrency").value_or(4),
        .name_prefix = fields.text("name_prefix").value_or("Stream"),
        .gap = milliseconds(std::clamp<std::int64_t>(fields.integer("gap_ms").value_or(0), 0, wait_ms_max)),
        .policy = call.hooks.policy()};
    read_policy(fields, order.policy);
    if (auto const* const candidate = fields.object("candidate"); candidate != nullptr) {
        order.candidate = *candidate;
    }
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    if (order.count < 1 || order.count > stream_count_max || order.concurrency < 1 ||
        order.concurrency > Streams::concurrency_max || order.name_prefix.empty()) {
        return control_refusal(400, "count must be from 1 to 100000, concurrency from 1 to 64, name_prefix not empty");
    }
    if (order.event != "candidateHired" && order.event != "applicationCreated") {
        return control_refusal(400, "event must be candidateHired or applicationCreated");
    }
    if (text_of(order.candidate, "application_type") == "none" && order.event == "applicationCreated") {
        return control_refusal(400, "a candidate without an application cannot be announced as one");
    }
    {
        // Checked now, so that the stream's own threads cannot meet a candidate that cannot be made.
        std::lock_guard const lock(call.state.mutex);
        if (auto const complaint = check_shared_fields(call.state, order.candidate); !complaint.empty()) {
            return control_refusal(400, complaint);
        }
    }
    std::int64_t const count = order.count;
    auto const id = call.streams.start(std::move(order));
    return id ? json_answer(202, {{"id", *id}, {"count", count}})
              : control_refusal(429, "too many streams are remembered");
}

Answer control_get_stream(ControlCall const& call) {
    bool const with_opportunities = call.request.parameter("opportunities").value_or("false") == "true";
    auto const shown = call.streams.show(call.ids.front(), patience(call.request), with_opportunities);
    return shown ? json_answer(200, *shown) : control_refusal(404, "no such stream");
}

Answer control_webhook_settings(ControlCall const& call) {
    Fields fields(call.body);
    RetryPolicy policy = call.hooks.policy();
    read_policy(fields, policy);
    auto const double_data = fields.flag("double_data");
    auto const off = fields.texts("switch_off");
    auto const on = fields.texts("switch_on");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    call.hooks.set_policy(policy);
    for (std::string const& event : off.value_or(std::vector<std::string>())) {
        call.hooks.switch_event(event, false);
    }
    for (std::string const& event : on.value_or(std::vector<std::string>())) {
        call.hooks.switch_event(event, true);
    }
    if (double_data) {
        std::lock_guard const lock(call.state.mutex);
        call.state.settings.webhooks_double_data = *double_data;
    }
    return json_answer(200, {{"tries", policy.tries},
                             {"retry_gap_ms", policy.gap.count()},
                             {"retry_gap_max_ms", policy.gap_max.count()},
                             {"timeout_ms", policy.timeout.count()}});
}

}  // namespace crosswalk::sandbox::lever
