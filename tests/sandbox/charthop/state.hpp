// What the played ChartHop holds: one organization with its jobs, people, changes, groups, fields and events.
//
// Shape    rows are kept flat, under ChartHop's codes; groups stand in them as ids. Ids grow, so that they order lists.
// Threads  everything here is guarded by `mutex`, which the caller of a function that takes a State& holds.
#pragma once

#include "sandbox/charthop/contract.hpp"
#include "sandbox/token_bucket.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace crosswalk::sandbox::charthop {

enum class Rows { flat, nested, wrapped };

struct Settings {
    std::string token = "charthop-sandbox-token";
    bool may_write = true;
    Rows rows = Rows::flat;
    bool era_2026 = false;          // creates answer 201
    std::int64_t building = 0;      // so many calls on jobs, people and groups still answer 202
    bool building_applies = false;  // writes that answer 202 take effect
    double rate_per_s = 0;          // no limit
    double burst = 20;
};

struct State {
    static constexpr std::size_t events_max = 10'000;

    std::mutex mutex;
    Contract contract;
    Settings settings;
    TokenBucket bucket;
    boost::json::object org;
    std::map<std::string, boost::json::object> jobs;
    std::map<std::string, boost::json::object> people;
    std::map<std::string, boost::json::object> changes;
    std::map<std::string, std::map<std::string, boost::json::object>> groups;  // by type, then id
    std::map<std::string, boost::json::object> fields;                         // by folded name
    std::deque<boost::json::object> events;
    std::int64_t last_id = 0;

    State();

    [[nodiscard]] std::string next_id();
    void reset();

    // The id of a group by id or name; empty when there is none.
    [[nodiscard]] std::string find_group(std::string const& type, std::string const& text) const;
    // Whether a person field may hold this: the id of a person or job, or somebody's address.
    [[nodiscard]] bool knows_person(std::string const& text) const;

    // Notes an event and returns the envelope of its webhook; `user` is who did it.
    boost::json::object add_event(std::string const& code, std::string const& user, boost::json::object const& change,
                                  boost::json::array const& changed);
};

inline constexpr char app_user[] = "588f7ee98f138b19220041ff";
inline constexpr char person_user[] = "588f7ee98f138b19220041a8";

// The sample organization, jobs, people, groups and fields (seed.cpp).
void seed(State& state);

[[nodiscard]] std::string text_of(boost::json::object const& row, std::string_view code);
// Today and now, in UTC.
[[nodiscard]] std::string today();
[[nodiscard]] std::string timestamp();

}  // namespace crosswalk::sandbox::charthop
