// Does the connection work? Reads what every flow reads; changes nothing.
#pragma once

#include "api.hpp"

namespace crosswalk::charthop {

// Failure when organization or token are wrong; a warning for each right, field and location that is missing.
void probe(Api const& api);

}  // namespace crosswalk::charthop
