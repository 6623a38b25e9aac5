// When is a route due next? Pure: the same question has the same answer.
//
// Interval   the start of the last run plus `every`, up to a twentieth early, so that routes of one period do not all
//            start at once; how early depends on the route's name and the number of its run, nothing else.
// Daily      the next time that the clocks of its zone show `daily_at`. A time that daylight saving skips is the moment
//            after the gap; one that comes twice is the first of the two.
// Missed     a time that passed is answered as it was, in the past, once: the next answer counts from the run's start.
// Errors     not_found: the zone is not known here.
// Threads    safe from any thread.
// Source     Hinnant's date library over the system's time zone database.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/route.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::schedule {

// The start of run number `number` of the route, when the one before it started at `last`.
[[nodiscard]] model::Result<model::TimePoint> next_start(model::Schedule const& schedule, std::string_view route,
                                                         std::int64_t number, model::TimePoint last);

// Is it time to read every record again, at `now`, when the last full run started at `last_full`? An eighth of the
// period may be missing, so that a short day or an early start does not put it off by a whole run.
[[nodiscard]] bool is_full_due(std::chrono::milliseconds full_every, model::TimePoint last_full,
                               model::TimePoint now) noexcept;

// The names of all zones and of their aliases, sorted.
[[nodiscard]] std::vector<std::string> known_zones();

}  // namespace crosswalk::schedule
