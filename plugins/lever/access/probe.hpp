// The connection test: one cheap read of each thing that the connector needs.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

// Warns about each missing right by name. Failure(CW_ERR_AUTH) when the credential itself is refused. Rights to write
// cannot be tested without writing; Lever grants reading with each of them, so the reads stand for both.
void probe(connector::Call& call, Api& api);

}  // namespace crosswalk::lever
