// Custom fields of requisitions: what a customer defined in Lever decides what may be written.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

// Puts the wanted values over `custom`, converted to the types that Lever defines. "cost_center.city" is a member of an
// object. A key that Lever does not define and a value of the wrong type are left out with a warning.
void merge_custom_fields(connector::Call& call, Api& api, json::object const& wanted, json::object& custom);

}  // namespace crosswalk::lever
