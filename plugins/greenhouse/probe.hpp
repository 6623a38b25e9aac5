// The connection test: does the credential work, and what does it lack?
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::greenhouse {

// Reads only. Each missing permission and each weakness is a warning; Failure when nothing works, or when user_email
// belongs to nobody.
void probe(connector::Call& call, Api& api);

}  // namespace crosswalk::greenhouse
