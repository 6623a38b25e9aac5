// The control side of played requisitions; their endpoints are in calls.hpp.
//
// Strict   a PUT replaces the whole object: what it leaves out is gone. An unknown field, a custom field that is not
//          defined, a code that another requisition has, a way back to draft: 400.
#pragma once

#include "sandbox/lever/controls.hpp"

namespace crosswalk::sandbox::lever {

[[nodiscard]] Answer control_add_requisition(ControlCall const& call);
// Puts members over what is there, unchecked: what somebody changes by hand in Lever.
[[nodiscard]] Answer control_change_requisition(ControlCall const& call);
[[nodiscard]] Answer control_list_requisitions(ControlCall const& call);
[[nodiscard]] Answer control_add_requisition_field(ControlCall const& call);

}  // namespace crosswalk::sandbox::lever
