#include "sandbox/fields.hpp"
#include "sandbox/greenhouse/controls.hpp"

#include <Poco/Base64Encoder.h>

#include <algorithm>
#include <sstream>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr std::int64_t wait_ms_max = 120'000;
constexpr std::size_t gaps_max = 100;

std::string basic(std::string const& user, std::string const& password) {
    std::ostringstream encoded;
    Poco::Base64Encoder encoder(encoded);
    encoder.rdbuf()->setLineLength(0);
    encoder << user << ':' << password;
    encoder.close();
    return "Basic " + encoded.str();
}

json::object print(Hook const& hook) {
    return {{"id", hook.id},   {"name", hook.name},     {"event", hook.event},
            {"url", hook.url}, {"active", hook.active}, {"secret_key", hook.secret_key}};
}

// Reads what was sent over what the hook already is; the complaint, or nothing.
std::string read_hook(json::object const& body, Hook& hook, bool& with_ping) {
    Fields fields(body);
    hook.name = fields.text("name").value_or(hook.name);
    hook.event = fields.text("event").value_or(hook.event);
    hook.url = fields.text("url").value_or(hook.url);
    hook.secret_key = fields.text("secret_key").value_or(hook.secret_key);
    auto const user = fields.text("user");
    auto const password = fields.text("password");
    auto const* const headers = fields.object("headers");
    with_ping = fields.flag("ping").value_or(true);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return complaint;
    }
    if (user || password) {
        hook.authorization = basic(user.value_or(""), password.value_or(""));
    }
    if (headers != nullptr) {
        hook.headers.clear();
        for (auto const& [name, value] : *headers) {
            std::string const header(name.data(), name.size());
            if (!value.is_string() || is_reserved_header(header)) {
                return header + " is reserved, or not a text";
            }
            hook.headers.push_back({header, value.get_string().c_str()});
        }
    }
    if (!is_event(hook.event)) {
        return "event is not one of Greenhouse's";
    }
    return is_loopback_url(hook.url) ? "" : "url must be http on loopback";
}

// The ping is sent with no lock held, since the receiver may be this very process.
Answer answer_with_ping(ControlCall const& call, Hook const& hook, int status, bool with_ping) {
    if (!with_ping) {
        return json_answer(status, print(hook));
    }
    WebhookClient client;
    std::string const delivery = call.hooks.ping(hook, client);
    json::object printed = print(call.hooks.find(hook.id).value_or(hook));
    if (auto const shown = call.hooks.sender().show(delivery, milliseconds(0))) {
        printed["ping"] = *shown;
    }
    return json_answer(status, printed);
}

}  // namespace

Answer control_add_webhook(ControlCall const& call) {
    Hook hook{.name = "Crosswalk"};
    bool with_ping = true;
    if (auto const complaint = read_hook(call.body, hook, with_ping); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    return answer_with_ping(call, call.hooks.put(std::move(hook)), 201, with_ping);
}

Answer control_change_webhook(ControlCall const& call) {
    auto hook = call.hooks.find(call.ids.front());
    if (!hook) {
        return control_refusal(404, "no such webhook");
    }
    bool with_ping = true;
    hook->active = true;
    if (auto const complaint = read_hook(call.body, *hook, with_ping); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    return answer_with_ping(call, call.hooks.put(std::move(*hook)), 200, with_ping);
}

Answer control_remove_webhook(ControlCall const& call) {
    return call.hooks.remove(call.ids.front()) ? Answer{.status = 204} : control_refusal(404, "no such webhook");
}

Answer control_list_webhooks(ControlCall const& call) {
    json::array printed;
    for (Hook const& hook : call.hooks.all()) {
        printed.push_back(print(hook));
    }
    return json_answer(200, {{"webhooks", std::move(printed)}});
}

Answer control_ping_webhook(ControlCall const& call) {
    auto const hook = call.hooks.find(call.ids.front());
    return hook ? answer_with_ping(call, *hook, 200, true) : control_refusal(404, "no such webhook");
}

Answer control_webhook_settings(ControlCall const& call) {
    Fields fields(call.body);
    RetryPolicy policy = call.hooks.policy();
    bool const fresh = fields.flag("fresh_event_ids").value_or(call.hooks.fresh_event_ids());
    policy.tries = static_cast<int>(std::clamp<std::int64_t>(fields.integer("tries").value_or(policy.tries), 1, 1000));
    policy.timeout = milliseconds(
        std::clamp<std::int64_t>(fields.integer("timeout_ms").value_or(policy.timeout.count()), 1, wait_ms_max));
    auto const* const gaps = fields.array("retry_gaps_ms");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    if (gaps != nullptr) {
        policy.gaps.clear();
        for (json::value const& gap : *gaps) {
            policy.gaps.emplace_back(gap.is_int64() ? gap.get_int64() : -1);
        }
    }
    bool const sensible =
        !policy.gaps.empty() && policy.gaps.size() <= gaps_max &&
        std::all_of(policy.gaps.begin(), policy.gaps.end(), [](milliseconds gap) { return gap >= milliseconds(0); });
    if (!sensible) {
        return control_refusal(400, "retry_gaps_ms must be a list of numbers from 0");
    }
    call.hooks.set_policy(policy, fresh);
    return json_answer(200, {{"tries", policy.tries}, {"timeout_ms", policy.timeout.count()}});
}

Answer control_rerun(ControlCall const& call) {
    Fields fields(call.body);
    bool const fresh = fields.flag("fresh_event_id").value_or(false);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    auto const delivery = call.hooks.rerun(call.ids.front(), fresh);
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
        sender.list(request.parameter("event").value_or(""), request.parameter("candidate").value_or(""),
                    request.parameter("state").value_or(""), static_cast<std::size_t>(last));
    return json_answer(200, {{"counts", sender.counts()}, {"deliveries", std::move(listed)}});
}

Answer control_get_delivery(ControlCall const& call) {
    auto const wanted = parse_number(call.request.parameter("wait_ms").value_or("0")).value_or(0);
    auto const shown =
        call.hooks.sender().show(call.ids.front(), milliseconds(std::clamp<std::int64_t>(wanted, 0, wait_ms_max)));
    return shown ? json_answer(200, *shown) : control_refusal(404, "no such delivery");
}

}  // namespace crosswalk::sandbox::greenhouse
