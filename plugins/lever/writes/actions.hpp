// The actions on one opportunity, each with its push and its look-up.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

// notes.cpp: a note ends in a marker made from the delivery's key, by which it is found again.
[[nodiscard]] connector::Outcome push_note(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_note(connector::Call& call, Api& api, connector::PushRequest const& request);

// tags.cpp: exact, case-sensitive text. What a tag replaces is taken off after the tag was put on, so that there is no
// moment without either.
[[nodiscard]] connector::Outcome push_tag(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_tag(connector::Call& call, Api& api, connector::PushRequest const& request);

// files.cpp: known by name and size, and by their content where Lever lets it be read back.
[[nodiscard]] connector::Outcome push_file(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_file(connector::Call& call, Api& api, connector::PushRequest const& request);

}  // namespace crosswalk::lever
