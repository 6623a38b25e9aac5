#include "admin/runs.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_max = 100;  // each run's counts are a query of their own
constexpr std::int64_t page_usual = 20;

json::object view(store::Run const& run) {
    json::object out{{"run", run.id},
                     {"route", run.route},
                     {"cause", store::name(run.cause)},
                     {"full", run.full},
                     {"state", store::name(run.state)},
                     {"reason", run.reason},
                     {"turns", run.turns},
                     {"events", run.events},
                     {"queued_at", model::to_rfc3339(run.queued_at)}};
    auto const add = [&](char const* key, std::optional<model::TimePoint> const& time) {
        if (time) {
            out[key] = model::to_rfc3339(*time);
        }
    };
    add("started_at", run.started_at);
    add("last_turn_at", run.beat_at);
    add("ended_at", run.ended_at);
    return out;
}

model::Result<json::object> with_counts(Api& api, store::Run const& run) {
    auto const counts = store::Runs(api.store).counts(run.id);
    if (!counts) {
        return counts.error();
    }
    json::object out = view(run);
    out["counts"] =
        json::object{{"created", counts->created}, {"updated", counts->updated}, {"unchanged", counts->unchanged},
                     {"skipped", counts->skipped}, {"failed", counts->failed},   {"waiting", counts->waiting}};
    return out;
}

std::int64_t number_query(http::Request const& request, std::string_view name, std::int64_t otherwise) {
    auto const text = request.query(name);
    std::int64_t value = otherwise;
    if (text) {
        auto const [stop, error] = std::from_chars(text->data(), text->data() + text->size(), value);
        return error == std::errc() && stop == text->data() + text->size() ? value : otherwise;
    }
    return value;
}

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

// "every 30m" or "daily 06:00 Europe/Berlin", as the file says it.
std::string schedule_words(model::Schedule const& schedule) {
    if (schedule.every.count() == 0) {
        std::int64_t const minutes = schedule.daily_at.count();
        return "daily " + two_digits(minutes / 60) + ":" + two_digits(minutes % 60) + " " + schedule.zone;
    }
    struct Unit {
        std::int64_t ms;
        char const* name;
    };
    constexpr Unit units[] = {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}};
    auto const* const unit = std::find_if(std::begin(units), std::end(units),
                                          [&](Unit const& one) { return schedule.every.count() % one.ms == 0; });
    return "every " + std::to_string(schedule.every.count() / unit->ms) + unit->name;
}

http::Response no_route() {
    return http::problem(404, "No route of that name. `crosswalk routes list` shows them.");
}

}  // namespace

http::Response list_runs(Api& api, Call const& call) {
    std::string const& route = call.captured.at("name");
    if (!api.config.routes.contains(route)) {
        return no_route();
    }
    std::int64_t const limit = std::clamp<std::int64_t>(number_query(call.request, "limit", page_usual), 1, page_max);
    auto const runs =
        store::Runs(api.store).list(route, number_query(call.request, "before", 0), static_cast<std::size_t>(limit));
    if (!runs) {
        return http::problem(runs.error());
    }
    json::array views;
    for (store::Run const& run : *runs) {
        auto counted = with_counts(api, run);
        if (!counted) {
            return http::problem(counted.error());
        }
        views.push_back(std::move(*counted));
    }
    json::object out{{"runs", std::move(views)}};
    if (static_cast<std::int64_t>(runs->size()) == limit) {
        out["next_before"] = runs->back().id;
    }
    return json_ok(json::serialize(out));
}

http::Response start_run(Api& api, Call const& call) {
    std::string const& route = call.captured.at("name");
    if (!api.config.routes.contains(route)) {
        return no_route();
    }
    auto const run = api.request_run(route, call.body_flag("full"));
    if (!run) {
        // The route is there; what cannot be had is a run of it.
        bool const is_sent = run.error().code == model::ErrorCode::not_found;
        return is_sent ? http::problem(409, run.error().detail) : http::problem(run.error());
    }
    api.logger.info("A run is asked for.", {{"route", route}, {"run", run->id}, {"full", run->full}});
    http::Response response = json_ok(json::serialize(view(*run)));
    response.status = 202;
    return response;
}

http::Response show_run(Api& api, Call const& call) {
    auto const id = call.number("id");
    if (!id) {
        return http::problem(400, "The id in the address is not a number.");
    }
    auto const run = store::Runs(api.store).read(*id);
    if (!run) {
        return http::problem(run.error());
    }
    auto const counted = with_counts(api, *run);
    return counted ? json_ok(json::serialize(*counted)) : http::problem(counted.error());
}

void add_runs(Api& api, model::Route const& route, json::object& entry) {
    if (route.schedule) {
        entry["schedule"] = schedule_words(*route.schedule);
        if (!route.schedule->off_because.empty()) {
            entry["schedule_off"] = route.schedule->off_because;
        }
    }
    if (auto const next = api.next_run ? api.next_run(route.name) : std::nullopt) {
        entry["next_run_at"] = model::to_rfc3339(*next);
    }
    auto const past = store::Runs(api.store).of_route(route.name);
    if (!past || !past->last) {
        return;
    }
    if (auto counted = with_counts(api, *past->last)) {
        entry["last_run"] = std::move(*counted);
    }
    if (past->last_done_at) {
        entry["last_success_at"] = model::to_rfc3339(*past->last_done_at);
    }
}

}  // namespace crosswalk::admin
