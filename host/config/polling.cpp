// What a route says of asking for its events by itself, and the switches that turn it off.
#include "config/files.hpp"

#include <algorithm>

namespace crosswalk::config {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_period = std::chrono::minutes(1);

// A map, or a list of maps.
std::vector<Node const*> one_or_more(Section const& section, std::string_view key) {
    Node const* const node = section.find(key);
    if (node == nullptr || node->kind == Node::Kind::list) {
        return section.entries(key);
    }
    return {node};
}

// "06:00" or "6:00", as minutes since midnight.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
    std::size_t const colon = text.find(':');
    auto const is_number = [](std::string_view part) {
        return !part.empty() && part.size() <= 2 &&
               std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (colon == std::string_view::npos || !is_number(text.substr(0, colon)) || text.size() != colon + 3 ||
        !is_number(text.substr(colon + 1))) {
        return std::nullopt;
    }
    int const hours = std::stoi(std::string(text.substr(0, colon)));
    int const minutes = std::stoi(std::string(text.substr(colon + 1)));
    if (hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    return std::chrono::minutes(hours * 60 + minutes);
}

void read_daily(Section const& section, model::Schedule& schedule) {
    if (auto const text = section.text("daily")) {
        auto const at = parse_time_of_day(*text);
        if (!at) {
            section.reading().problems.add(section.find("daily")->position,
                                           "'daily' must be a time of day such as \"06:00\"");
        }
        schedule.daily_at = at.value_or(std::chrono::minutes(0));
    }
    schedule.zone = section.needed_text("zone").value_or("");
}

std::optional<model::Schedule> read_schedule(Section const& from) {
    Node const* const node = from.find("schedule");
    if (node == nullptr) {
        return std::nullopt;
    }
    Section const section(*node, {"every", "daily", "zone", "when"}, from.reading());
    model::Schedule schedule;
    bool const is_daily = node->find("daily") != nullptr;
    bool const is_every = node->find("every") != nullptr;
    if (is_daily == is_every && node->kind == Node::Kind::map) {
        from.reading().problems.add(node->position,
                                    "a schedule is either 'every' (30m) or 'daily' (\"06:00\") with 'zone'");
    }
    if (is_every) {
        schedule.every = section.duration("every", shortest_period).value_or(shortest_period);
    }
    if (is_daily) {
        read_daily(section, schedule);
    } else if (Node const* const zone = section.find("zone")) {
        from.reading().problems.add(zone->position, "'zone' belongs to 'daily'; remove it");
    }
    schedule.when = read_switches(section);
    return schedule;
}

std::vector<model::Signal> read_run_on(Section const& from) {
    std::vector<model::Signal> signals;
    for (Node const* const entry : one_or_more(from, "run_on")) {
        Section const section(*entry, {"connection", "event"}, from.reading());
        model::Signal signal{section.needed_text("connection").value_or(""), section.needed_text("event").value_or("")};
        if (std::find(signals.begin(), signals.end(), signal) != signals.end()) {
            from.reading().problems.add(entry->position, "this signal is named twice; remove one");
        } else {
            signals.push_back(std::move(signal));
        }
    }
    return signals;
}

}  // namespace

std::string entry_pointer(Route const& route, std::string const& pointer, std::size_t index) {
    std::string const inside = pointer + '/' + std::to_string(index);
    return route.positions.contains(inside) ? inside : pointer;
}

std::vector<model::Switch> read_switches(Section const& section) {
    std::vector<model::Switch> switches;
    for (Node const* const entry : one_or_more(section, "when")) {
        Section const inner(*entry, {"connection", "setting"}, section.reading());
        model::Switch read{inner.needed_text("connection").value_or(""), inner.needed_text("setting").value_or("")};
        if (std::string const why = why_not_pointer(read.setting); !read.setting.empty() && !why.empty()) {
            section.reading().problems.add(inner.find("setting")->position, why);
        }
        switches.push_back(std::move(read));
    }
    return switches;
}

void read_polling(Section const& from, Route& read) {
    if (Node const* const select = from.find("select")) {
        if (select->kind != Node::Kind::map) {
            from.reading().problems.add(select->position, "'select' must be a map of keys and values");
        } else {
            read.select = to_json(*select);
            collect_plain(*select, "", read.select_plain);
        }
    }
    read.route.schedule = read_schedule(from);
    read.route.full_every = from.duration("full_every", shortest_period);
    read.route.run_on = read_run_on(from);
}

}  // namespace crosswalk::config
