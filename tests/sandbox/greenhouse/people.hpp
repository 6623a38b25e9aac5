// Making people as the control side orders them, and what recruiters do with them.
//
// Errors   invalid_argument: the order is not understood, or names what is not there; nothing is made then, though
//          custom fields that it was the first to name may stay defined.
//          failed_precondition: the step makes no sense from here.
// Threads  the state's lock is held.
#pragma once

#include "model/error.hpp"
#include "sandbox/greenhouse/state.hpp"

#include <boost/json.hpp>

#include <cstdint>

namespace crosswalk::sandbox::greenhouse {

struct Made {
    std::int64_t candidate = 0;
    std::int64_t application = 0;
    std::int64_t job = 0;                   // 0: a prospect without one
    std::int64_t offer = 0;                 // 0: none was ordered
    std::vector<std::int64_t> attachments;  // in the order of the documents
};

// A candidate with one application and, if ordered, an offer and documents; README.md tells the fields.
[[nodiscard]] model::Result<Made> make_candidate(State& state, boost::json::object const& order);

// A new version of the application's offer; the one before becomes Deprecated. Answers the new offer's id.
[[nodiscard]] model::Result<std::int64_t> make_offer(State& state, std::int64_t application,
                                                     boost::json::object const& order);

[[nodiscard]] model::Result<std::int64_t> make_job(State& state, boost::json::object const& order);

// Marks the application hired, accepts its offer, closes its opening.
[[nodiscard]] model::Result<void> hire(State& state, std::int64_t application);
[[nodiscard]] model::Result<void> unhire(State& state, std::int64_t application);

// Removes the person and all that hangs on them.
void remove_candidate(State& state, std::int64_t candidate);

}  // namespace crosswalk::sandbox::greenhouse
