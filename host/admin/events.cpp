#include "admin/events.hpp"

#include "admin/views.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr std::size_t page_max = 500;
constexpr std::size_t reason_bytes_max = 1000;

std::int64_t number_query(http::Request const& request, std::string_view name, std::int64_t otherwise) {
    auto const text = request.query(name);
    if (!text) {
        return otherwise;
    }
    std::int64_t value = otherwise;
    auto const [stop, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    return error == std::errc() && stop == text->data() + text->size() ? value : otherwise;
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
    auto const replayed = api.inbox.replay(*id);
    if (!replayed) {
        return http::problem(replayed.error());
    }
    api.logger.info("An event is replayed.", {{"event_id", *id}, {"new_event_id", *replayed}});
    api.wake();
    return json_ok(json::serialize(json::object{{"event", *replayed}, {"replay_of", *id}}));
}

http::Response retry_delivery(Api& api, Call const& call) {
    auto const id = call.number("id");
    if (!id) {
        return no_number();
    }
    if (auto const retried = api.outbox.retry_now(*id, call.body_flag("force")); !retried) {
        return http::problem(retried.error());
    }
    api.logger.info("A delivery is tried again.", {{"delivery_id", *id}});
    api.wake();
    return json_ok(R"({"status":"pending"})");
}

http::Response discard_delivery(Api& api, Call const& call) {
    auto const id = call.number("id");
    if (!id) {
        return no_number();
    }
    std::string const reason = call.body_text("reason");
    if (reason.empty() || reason.size() > reason_bytes_max) {
        return http::problem(400, "Say why it is discarded: {\"reason\":\"…\"}, at most 1,000 bytes.");
    }
    if (auto const discarded = api.outbox.discard(*id, reason); !discarded) {
        return http::problem(discarded.error());
    }
    api.logger.info("A delivery is discarded.", {{"delivery_id", *id}});
    return json_ok(R"({"status":"discarded"})");
}

http::Response list_dead(Api& api, Call const&) {
    auto const causes = api.history.dead_by_cause();
    if (!causes) {
        return http::problem(causes.error());
    }
    json::array out;
    for (auto const& [cause, count] : *causes) {
        out.push_back(json::object{{"cause", cause}, {"count", count}});
    }
    return json_ok(json::serialize(json::object{{"causes", std::move(out)}}));
}

http::Response conservation(Api& api, Call const&) {
    auto const counted = api.history.conservation();
    return counted ? json_ok(json::serialize(view(*counted))) : http::problem(counted.error());
}

}  // namespace crosswalk::admin
