#include "admin/sweeps.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <chrono>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

json::array view(std::vector<model::FieldProblem> const& findings) {
    json::array out;
    for (model::FieldProblem const& finding : findings) {
        out.push_back(json::object{{"about", finding.field}, {"finding", finding.reason}});
    }
    return out;
}

std::optional<int> digits(std::string_view text) {
    int number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = error == std::errc() && end == text.data() + text.size() && number >= 0;
    return whole ? std::optional(number) : std::nullopt;
}

// The beginning of a day in UTC, written 2026-11-01.
std::optional<model::TimePoint> day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    auto const year = digits(text.substr(0, 4));
    auto const month = digits(text.substr(5, 2));
    auto const number = digits(text.substr(8, 2));
    if (!year || !month || !number) {
        return std::nullopt;
    }
    std::chrono::year_month_day const date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*number))};
    if (!date.ok()) {
        return std::nullopt;
    }
    auto const since = std::chrono::sys_days(date).time_since_epoch();
    return model::from_unix_us(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

void add_time(json::object& out, char const* name, std::optional<model::TimePoint> at) {
    if (at) {
        out[name] = model::to_rfc3339(*at);
    }
}

json::object view(sweep::Shown const& shown) {
    json::array missing;
    for (model::Event const& event : shown.missing) {
        // No title: the record may be only a pointer, and a person's name is not needed to count.
        missing.push_back(
            json::object{{"id", event.id},
                         {"type", event.type},
                         {"subject", event.subject},
                         {"occurred_at", model::to_rfc3339(model::from_unix_us(event.occurred_unix_ms * 1000))}});
    }
    return {{"listed", shown.listed},
            {"missing", std::move(missing)},
            {"taken", shown.taken},
            {"event", shown.event},
            {"cursor", shown.cursor}};
}

}  // namespace

void add_sweep(Api& api, std::string const& connection, json::object& out) {
    auto const memory = api.sweeper == nullptr ? std::nullopt : api.sweeper->memory(connection);
    if (!memory) {
        return;
    }
    json::object& sweep = out["sweep"].emplace_object();
    add_time(sweep, "ended_at", memory->ended_at);
    sweep["listed"] = memory->listed;
    sweep["missing"] = memory->missing;
    add_time(sweep, "missed_at", memory->missed_at);
    sweep["trouble"] = memory->trouble;
    add_time(sweep, "diagnosed_at", memory->diagnosed_at);
    sweep["cause"] = memory->cause;
    sweep["findings"] = view(memory->findings);
}

http::Response sweep_connection(Api& api, Call const& call) {
    std::string const& name = call.captured.at("name");
    if (!api.config.connections.contains(name)) {
        return http::problem(404, "No connection of that name. `crosswalk connections list` shows them.");
    }
    auto const from = day(call.body_text("from"));
    if (!from) {
        return http::problem(400, "The body is JSON with \"from\", a day such as \"2026-11-01\".");
    }
    if (api.sweeper == nullptr) {
        return http::problem(503, "This host does not sweep.");
    }
    sweep::Wish const wish{*from, call.body_text("event"), call.body_text("cursor"), call.body_flag("backfill")};
    auto const shown = api.sweeper->ask(name, wish);
    if (!shown) {
        return http::problem(shown.error());
    }
    json::object out = view(*shown);
    if (!shown->missing.empty()) {
        auto const why = api.sweeper->diagnose(name);
        out["findings"] =
            why ? view(*why) : json::array{json::object{{"about", name}, {"finding", why.error().detail}}};
    }
    if (wish.backfill) {
        api.logger.info("A sweep was asked for.", {{"connection", name}, {"taken", shown->taken}});
    }
    return json_ok(json::serialize(out));
}

}  // namespace crosswalk::admin
