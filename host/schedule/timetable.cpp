#include "schedule/timetable.hpp"

#include <algorithm>
#include <date/tz.h>
#include <exception>

namespace crosswalk::schedule {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t jitter_steps = 1000;
constexpr std::int64_t jitter_part = 20;  // of the period: a twentieth

// FNV-1a: the same on every machine, so that a test and an operator can work out when a route starts.
std::uint64_t spread(std::string_view route, std::int64_t number) noexcept {
    std::uint64_t hash = 14695981039346656037U;
    auto const add = [&](unsigned char byte) { hash = (hash ^ byte) * 1099511628211U; };
    for (char const c : route) {
        add(static_cast<unsigned char>(c));
    }
    for (int shift = 0; shift < 64; shift += 8) {
        add(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> static_cast<unsigned>(shift)));
    }
    return hash ^ (hash >> 32U);
}

microseconds early_by(microseconds every, std::string_view route, std::int64_t number) noexcept {
    auto const step = static_cast<std::int64_t>(spread(route, number) % static_cast<std::uint64_t>(jitter_steps));
    return every / jitter_part * step / jitter_steps;
}

// The moment at which the zone's clocks show that time on that day.
model::TimePoint moment(date::time_zone const& zone, date::local_days day, std::chrono::minutes at) {
    date::local_time<microseconds> const wall = day + at;
    date::local_info const info = zone.get_info(wall);
    if (info.result == date::local_info::nonexistent) {
        return std::chrono::time_point_cast<microseconds>(info.second.begin);
    }
    return model::TimePoint(wall.time_since_epoch() - info.first.offset);
}

model::TimePoint next_daily(date::time_zone const& zone, std::chrono::minutes at, model::TimePoint last) {
    auto day = date::floor<date::days>(zone.to_local(last));
    // At most three days: the one before a skipped one, the skipped one, the next.
    for (int i = 0; i < 3; ++i, day += date::days(1)) {
        if (auto const candidate = moment(zone, day, at); candidate > last) {
            return candidate;
        }
    }
    return moment(zone, day, at);
}

}  // namespace

model::Result<model::TimePoint> next_start(model::Schedule const& schedule, std::string_view route, std::int64_t number,
                                           model::TimePoint last) {
    if (schedule.every.count() > 0) {
        return last + schedule.every - early_by(schedule.every, route, number);
    }
    try {
        return next_daily(*date::locate_zone(schedule.zone), schedule.daily_at, last);
    } catch (std::exception const&) {
        return model::Error{model::ErrorCode::not_found, "This machine knows no time zone " + schedule.zone + "."};
    }
}

bool is_full_due(std::chrono::milliseconds full_every, model::TimePoint last_full, model::TimePoint now) noexcept {
    return now - last_full >= full_every - full_every / 8;
}

std::vector<std::string> known_zones() {
    std::vector<std::string> names;
    try {
        date::tzdb const& database = date::get_tzdb();
        for (date::time_zone const& zone : database.zones) {
            names.push_back(zone.name());
        }
    } catch (std::exception const&) {
        return {};  // without a database nothing can be said of a name
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace crosswalk::schedule
