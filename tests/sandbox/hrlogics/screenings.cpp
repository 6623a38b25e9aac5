#include "sandbox/fields.hpp"
#include "sandbox/hrlogics/calls.hpp"

#include <algorithm>

namespace crosswalk::sandbox::hrlogics {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_max = 100;

}  // namespace

Answer list_changes(Call const& call) {
    std::string const since = call.request.parameter("since").value_or("");
    auto const page = parse_number(call.request.parameter("page").value_or("1"));
    auto const per_page = parse_number(call.request.parameter("per_page").value_or("100"));
    std::vector<Detail> details;
    if (!is_time(since)) {
        details.push_back({"since", since.empty() ? "required" : "must be an RFC 3339 time"});
    }
    if (!page || *page < 1) {
        details.push_back({"page", "must be a number from 1"});
    }
    if (!per_page || *per_page < 1 || *per_page > page_max) {
        details.push_back({"per_page", "must be from 1 to 100"});
    }
    if (!details.empty()) {
        return validation_failed(400, details);
    }
    json::array rows;
    std::int64_t fitting = 0;
    for (json::object const& change : call.state.changes) {
        if (text_of(change, "changed_at") < since) {
            continue;
        }
        if (fitting >= (*page - 1) * *per_page && fitting < *page * *per_page) {
            rows.push_back(change);
        }
        ++fitting;
    }
    json::object meta{{"page", *page}, {"per_page", *per_page}, {"next_page", nullptr}};
    if (fitting > *page * *per_page) {
        meta["next_page"] = *page + 1;
    }
    return json_answer(200, {{"data", std::move(rows)}, {"meta", std::move(meta)}});
}

Answer register_callback(Call const& call) {
    State& state = call.state;
    if (!state.settings.may_register) {
        return error_of_status(403);
    }
    auto const wanted = call.request.json_object();
    if (!wanted) {
        return validation_failed(400, {{"body", "must be a JSON object"}});
    }
    Fields fields(*wanted);
    std::string const url = fields.text("url").value_or("");
    std::string const secret = fields.text("secret").value_or("");
    auto const events = fields.texts("events");
    std::vector<Detail> details;
    if (!is_loopback_url(url)) {
        details.push_back({"url", "must be http on loopback"});
    }
    if (secret.size() < 16) {
        details.push_back({"secret", "must have 16 characters or more"});
    }
    if (!events || *events != std::vector<std::string>{"screening.completed"}) {
        details.push_back({"events", "must be screening.completed"});
    }
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        details.push_back({"body", complaint});
    }
    if (!details.empty()) {
        return validation_failed(422, details);
    }
    // One callback per address: PUT again replaces it.
    auto found = std::find_if(state.callbacks.begin(), state.callbacks.end(),
                              [&](Callback const& one) { return one.url == url; });
    if (found == state.callbacks.end()) {
        state.callbacks.push_back({.id = "cb_" + std::to_string(state.next_callback++), .url = url});
        found = std::prev(state.callbacks.end());
    }
    found->secret = secret;
    return json_answer(200, {{"data", {{"id", found->id}, {"url", url}, {"events", {"screening.completed"}}}}});
}

Answer remove_callback(Call const& call) {
    if (!call.state.settings.may_register) {
        return error_of_status(403);
    }
    bool const removed =
        std::erase_if(call.state.callbacks, [&](Callback const& one) { return one.id == call.ids.front(); }) != 0;
    return removed ? Answer{.status = 204} : not_found();
}

}  // namespace crosswalk::sandbox::hrlogics
