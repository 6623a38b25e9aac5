#include "sandbox/hireguide/controls.hpp"

#include "sandbox/fields.hpp"

#include <algorithm>

namespace crosswalk::sandbox::hireguide {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr std::int64_t wait_ms_max = 120'000;

Answer list_positions(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    json::array printed;
    for (json::object position : call.state.positions) {
        if (auto const* const status = call.state.sync_status.if_contains(text_of(position, "id")); status != nullptr) {
            position["sync_status"] = *status;
        }
        printed.push_back(std::move(position));
    }
    return json_answer(200, {{"positions", std::move(printed)}});
}

Answer add_position(ControlCall const& call) {
    Fields fields(call.body);
    auto const role = fields.text("role");
    auto const name = fields.text("name");
    if (auto const complaint = fields.complaint(); !complaint.empty() || !role) {
        return control_refusal(400, complaint.empty() ? "role is needed" : complaint);
    }
    std::lock_guard const lock(call.state.mutex);
    json::object& position = call.state.add_position(*role);
    position["name"] = name.value_or(*role);
    return json_answer(201, position);
}

Answer rename_position(ControlCall const& call) {
    Fields fields(call.body);
    auto const name = fields.text("name");
    std::lock_guard const lock(call.state.mutex);
    json::object* const position = call.state.find_position(call.ids.front());
    if (position == nullptr || !name || !fields.complaint().empty()) {
        return control_refusal(position == nullptr ? 404 : 400, "a position and its name are needed");
    }
    (*position)["name"] = *name;
    return json_answer(200, *position);
}

Answer remove_position(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const removed = std::erase_if(call.state.positions,
                                       [&](json::object const& at) { return text_of(at, "id") == call.ids.front(); });
    std::erase_if(call.state.candidates, [&](Candidate const& at) { return at.position == call.ids.front(); });
    return removed != 0 ? Answer{.status = 204} : control_refusal(404, "no such position");
}

// All of them, with everything that was sent: also those whom the search leaves out.
Answer list_candidates(ControlCall const& call) {
    auto const position = call.request.parameter("position");
    auto const part = call.request.parameter("query").value_or("");
    std::lock_guard const lock(call.state.mutex);
    json::array printed;
    for (Candidate const& candidate : call.state.candidates) {
        if ((!position || candidate.position == *position) && is_named(candidate, part)) {
            json::object one = candidate.sent;
            one["id"] = candidate.id;
            one["position_id"] = candidate.position;
            one["updated_at"] = candidate.updated_at;
            one["display_name"] = print(candidate).at("display_name");
            printed.push_back(std::move(one));
        }
    }
    return json_answer(200, {{"count", printed.size()}, {"candidates", std::move(printed)}});
}

Answer change_settings(ControlCall const& call) {
    Fields fields(call.body);
    std::lock_guard const lock(call.state.mutex);
    Settings settings = call.state.settings;
    settings.token = fields.text("token").value_or(settings.token);
    settings.addon = fields.flag("addon").value_or(settings.addon);
    settings.rate_per_s = fields.number("rate_per_s").value_or(settings.rate_per_s);
    settings.burst = fields.number("burst").value_or(settings.burst);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    call.state.settings = settings;
    call.state.bucket = TokenBucket();
    return json_answer(200, {{"changed", true}});
}

Answer set_callback(ControlCall const& call) {
    Fields fields(call.body);
    Callback callback = call.callbacks.settings();
    callback.url = fields.text("url").value_or(callback.url);
    callback.secret = fields.text("secret").value_or(callback.secret);
    callback.second_secret = fields.text("second_secret").value_or("");
    callback.policy.tries =
        static_cast<int>(std::clamp<std::int64_t>(fields.integer("tries").value_or(callback.policy.tries), 1, 100'000));
    auto const read = [&](char const* name, milliseconds& into) {
        into = milliseconds(std::clamp<std::int64_t>(fields.integer(name).value_or(into.count()), 1, wait_ms_max));
    };
    read("retry_gap_ms", callback.policy.gap);
    read("retry_gap_max_ms", callback.policy.gap_max);
    read("timeout_ms", callback.policy.timeout);
    if (auto const complaint = fields.complaint(); !complaint.empty() || !is_loopback_url(callback.url)) {
        return control_refusal(400, complaint.empty() ? "url must be http on loopback" : complaint);
    }
    call.callbacks.set(std::move(callback));
    return json_answer(200, {{"changed", true}});
}

Answer sync_now(ControlCall const& call) {
    Fields fields(call.body);
    auto const position = fields.text("position");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    json::object data;
    if (position) {
        data["position_id"] = *position;
    }
    return answer_sent(call.callbacks.send("sync.requested", data));
}

Answer ping(ControlCall const& call) {
    return answer_sent(call.callbacks.send("ping", {}));
}

Answer list_deliveries(ControlCall const& call) {
    auto& sender = call.callbacks.sender();
    return json_answer(200, {{"counts", sender.counts()},
                             {"deliveries", sender.list(call.request.parameter("event").value_or(""),
                                                        call.request.parameter("interview").value_or(""),
                                                        call.request.parameter("state").value_or(""), 1000)}});
}

Answer get_delivery(ControlCall const& call) {
    auto const wanted = parse_number(call.request.parameter("wait_ms").value_or("0")).value_or(0);
    auto const shown =
        call.callbacks.sender().show(call.ids.front(), milliseconds(std::clamp<std::int64_t>(wanted, 0, wait_ms_max)));
    return shown ? json_answer(200, *shown) : control_refusal(404, "no such delivery");
}

}  // namespace

Answer answer_sent(std::optional<std::string> const& delivery) {
    return delivery ? json_answer(202, {{"delivery", *delivery}}) : control_refusal(400, "no callback is set up");
}

std::vector<Endpoint<ControlCall>> const& controls() {
    static std::vector<Endpoint<ControlCall>> const endpoints{
        {"GET", "/positions", list_positions},
        {"POST", "/positions", add_position},
        {"POST", "/positions/:id", rename_position},
        {"DELETE", "/positions/:id", remove_position},
        {"GET", "/candidates", list_candidates, {"position", "query"}},
        {"POST", "/settings", change_settings},
        {"POST", "/callback", set_callback},
        {"POST", "/sync_now", sync_now},
        {"POST", "/ping", ping},
        {"POST", "/interviews", control_add_interview},
        {"GET", "/interviews/:id", control_get_interview},
        {"POST", "/interviews/:id/scores", control_submit_scores},
        {"POST", "/interviews/:id/export", control_export},
        {"GET", "/deliveries", list_deliveries, {"event", "interview", "state"}},
        {"GET", "/deliveries/:id", get_delivery, {"wait_ms"}},
    };
    return endpoints;
}

}  // namespace crosswalk::sandbox::hireguide
