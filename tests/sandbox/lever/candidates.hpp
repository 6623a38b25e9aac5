// Making candidates, and what happens to them: hired, archived, deleted, anonymised.
//
// Shape    made from the control side's short fields (README.md); everything else takes a sensible value.
// Errors   `complaint` says what cannot be understood; the state is unchanged then.
// Threads  the state's lock is held.
#pragma once

#include "sandbox/lever/state.hpp"

#include <boost/json.hpp>

#include <string>

namespace crosswalk::sandbox::lever {

struct Created {
    Candidate* candidate = nullptr;
    std::string complaint = {};
};
[[nodiscard]] Created create_candidate(State& state, boost::json::object const& wanted);

// What is wrong with the fields that all candidates of a stream share; empty if a name is all they lack. A posting
// given as an object is made here, once, and its id put in its place.
[[nodiscard]] std::string check_shared_fields(State& state, boost::json::object& shared);

// Adds a posting made from text, state, categories, confidential, distribution_channels, tags, hiring_manager.
struct CreatedPosting {
    std::string id = {};
    std::string complaint = {};
};
[[nodiscard]] CreatedPosting create_posting(State& state, boost::json::object const& wanted);

// What a webhook about the candidate carries.
struct Announcement {
    boost::json::object ids;
    std::string origin;
};
[[nodiscard]] Announcement announce(Candidate const& candidate);

// `stale_reads` reads of the opportunity will still show it as it was.
Announcement archive(State& state, Candidate& candidate, std::string const& reason, std::int64_t stale_reads);
Announcement unarchive(Candidate& candidate);

// Takes the person's data away, as a data-protection request does; the records stay.
void anonymise(State& state, Candidate& candidate);

}  // namespace crosswalk::sandbox::lever
