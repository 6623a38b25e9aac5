// Applicants in HRLogics: made once per opportunity (or application), and linked with what they are at the source.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::hrlogics {

[[nodiscard]] connector::Outcome create_applicant(connector::Call& call, Api const& api,
                                                  connector::PushRequest const& request);

// Was the applicant created? Links it when it was.
[[nodiscard]] connector::Outcome look_up_applicant(connector::Call& call, Api const& api,
                                                   connector::PushRequest const& request);

}  // namespace crosswalk::hrlogics
