#include "sweep/memory.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <exception>

namespace crosswalk::sweep {
namespace {

namespace json = boost::json;

// Fewer gaps say nothing about what is usual.
constexpr int gaps_least = 5;
constexpr std::chrono::hours silence_least{24};
constexpr int silence_factor = 3;

json::value time_value(std::optional<model::TimePoint> at) {
    return at ? json::value(model::to_unix_us(*at)) : json::value(nullptr);
}

std::optional<model::TimePoint> time_of(json::value const& value) {
    return value.is_null() ? std::nullopt : std::optional(model::from_unix_us(value.as_int64()));
}

json::object place_value(Place const& place) {
    json::array rest;
    for (std::string const& event : place.rest) {
        rest.emplace_back(event);
    }
    return {{"event", place.event},
            {"rest", std::move(rest)},
            {"from", model::to_unix_us(place.from)},
            {"to", model::to_unix_us(place.to)},
            {"cursor", place.cursor},
            {"pages", place.pages},
            {"listed", place.listed},
            {"missing", place.missing},
            {"page_missing", place.page_missing}};
}

Place place_of(json::value const& from) {
    Place place;
    place.event = from.at("event").as_string();
    for (json::value const& event : from.at("rest").as_array()) {
        place.rest.emplace_back(event.as_string());
    }
    place.from = model::from_unix_us(from.at("from").as_int64());
    place.to = model::from_unix_us(from.at("to").as_int64());
    place.cursor = from.at("cursor").as_string();
    place.pages = from.at("pages").as_int64();
    place.listed = from.at("listed").as_int64();
    place.missing = from.at("missing").as_int64();
    place.page_missing = from.at("page_missing").as_int64();
    return place;
}

Memory memory_of(json::value const& from) {
    Memory memory;
    for (auto const& [event, stretch] : from.at("stretches").as_object()) {
        memory.stretches[event] = {model::from_unix_us(stretch.at("since").as_int64()), time_of(stretch.at("to"))};
    }
    memory.place = place_of(from.at("place"));
    memory.ended_at = time_of(from.at("ended_at"));
    memory.listed = from.at("listed").as_int64();
    memory.missing = from.at("missing").as_int64();
    memory.missed_at = time_of(from.at("missed_at"));
    memory.trouble = from.at("trouble").as_string();
    memory.diagnosed_at = time_of(from.at("diagnosed_at"));
    memory.cause = from.at("cause").as_string();
    for (json::value const& finding : from.at("findings").as_array()) {
        memory.findings.push_back({std::string(finding.at(0).as_string()), std::string(finding.at(1).as_string())});
    }
    memory.heard_at = time_of(from.at("heard_at"));
    memory.usual_gap = std::chrono::microseconds(from.at("usual_gap_us").as_int64());
    memory.gaps = static_cast<int>(from.at("gaps").as_int64());
    return memory;
}

}  // namespace

std::string written(Memory const& memory) {
    json::object stretches;
    for (auto const& [event, stretch] : memory.stretches) {
        stretches[event] = json::object{{"since", model::to_unix_us(stretch.since)}, {"to", time_value(stretch.to)}};
    }
    json::array findings;
    for (model::FieldProblem const& finding : memory.findings) {
        findings.push_back(json::array{finding.field, finding.reason});
    }
    return json::serialize(json::object{{"stretches", std::move(stretches)},
                                        {"place", place_value(memory.place)},
                                        {"ended_at", time_value(memory.ended_at)},
                                        {"listed", memory.listed},
                                        {"missing", memory.missing},
                                        {"missed_at", time_value(memory.missed_at)},
                                        {"trouble", memory.trouble},
                                        {"diagnosed_at", time_value(memory.diagnosed_at)},
                                        {"cause", memory.cause},
                                        {"findings", std::move(findings)},
                                        {"heard_at", time_value(memory.heard_at)},
                                        {"usual_gap_us", memory.usual_gap.count()},
                                        {"gaps", memory.gaps}});
}

Memory read_memory(std::string const& text) {
    try {
        return memory_of(json::parse(text));
    } catch (std::exception const&) {
        return {};
    }
}

bool hear(Memory& memory, std::optional<model::TimePoint> last_event_at, model::TimePoint now) {
    if (!last_event_at) {
        return false;
    }
    if (memory.heard_at && *last_event_at > *memory.heard_at) {
        // The longest gap counts, and slowly less: a quiet summer is forgotten by winter.
        memory.usual_gap = std::max(memory.usual_gap * 9 / 10, *last_event_at - *memory.heard_at);
        memory.gaps = std::min(memory.gaps + 1, gaps_least);
    }
    memory.heard_at = last_event_at;
    auto const silence = now - *last_event_at;
    return memory.gaps >= gaps_least && silence > silence_least && silence > memory.usual_gap * silence_factor;
}

}  // namespace crosswalk::sweep
