#include "admin/events.hpp"

#include "admin/views.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr std::size_t page_max = 500;

std::int64_t number_query(http::Request const& request, std::string_view name, std::int64_t otherwise) {
    auto const text = request.query(name);
    if (!text) {
        return otherwise;
    }
    std::int64_t value = otherwise;
    auto const [stop, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    return error == std::errc() && stop == text->data() + text->size() ? value : otherwise;
}

// A replay has keys of its own, so that a target knows only by its own records what it has taken before.
std::string why_not_again(store::EventView const& event) {
    for (store::DeliveryView const& delivery : event.deliveries) {
        bool const done =
            delivery.state == store::DeliveryState::delivered || delivery.state == store::DeliveryState::unchanged;
        bool const open = delivery.state < store::DeliveryState::delivered;
        if (delivery.delivery.kind != store::DeliveryKind::delivery || (!done && !open)) {
            continue;
        }
        return "Delivery " + std::to_string(delivery.delivery.id) + " of event " + std::to_string(event.summary.id) +
               " is " + std::string(store::name(delivery.state)) + (open ? ": wait for its end. " : ". ") +
               "Force runs the event again all the same: a target that does not find the record it has then makes it "
               "twice.";
    }
    return {};
}

http::Response no_number() {
    return http::problem(400, "The id in the address is not a number.");
}

}  // namespace

http::Response list_events(Api& api, Call const& call) {
    store::EventFilter filter;
    filter.text = call.request.query("text").value_or("");
    filter.state = call.request.query("state").value_or("");
    filter.connection = call.request.query("connection").value_or("");
    filter.route = call.request.query("route").value_or("");
    filter.before = number_query(call.request, "before", 0);
    filter.limit = static_cast<std::size_t>(
        std::clamp<std::int64_t>(number_query(call.request, "limit", 50), 1, static_cast<std::int64_t>(page_max)));
    auto const found = api.history.list(filter);
    if (!found) {
        return http::problem(found.error());
    }
    json::array events;
    for (store::EventSummary const& summary : *found) {
        events.push_back(view(summary));
    }
    json::object out{{"events", std::move(events)}};
    if (found->size() == filter.limit) {
        out["next_before"] = found->back().id;
    }
    return json_ok(json::serialize(out));
}

http::Response show_event(Api& api, Call const& call) {
    auto const id = call.number("id");
    if (!id) {
        return no_number();
    }
    auto const found = api.history.show(*id);
    return found ? json_ok(json::serialize(view(*found))) : http::problem(found.error());
}

http::Response replay_event(Api& api, Call const& call) {
    auto const id = call.number("id");
    if (!id) {
        return no_number();
    }
    auto const event = api.history.show(*id);
    if (!event) {
        return http::problem(event.error());
    }
    if (std::string const why = why_not_again(*event); !why.empty() && !call.body_flag("force")) {
        return http::problem(409, why);
    }
    auto const replayed = api.inbox.replay(*id);
    if (!replayed) {
        return http::problem(replayed.error());
    }
    api.logger.info("An event is replayed.", {{"event_id", *id}, {"new_event_id", *replayed}});
    api.wake();
    return json_ok(json::serialize(json::object{{"event", *replayed}, {"replay_of", *id}}));
}

http::Response conservation(Api& api, Call const&) {
    auto const counted = api.history.conservation();
    return counted ? json_ok(json::serialize(view(*counted))) : http::problem(counted.error());
}

}  // namespace crosswalk::admin
