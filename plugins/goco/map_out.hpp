// Canonical records to GoCo's, by the tables in mapping/. Pure.
//
// Errors   Failure(CW_ERR_INVALID) with the fields that keep the record from being sent.
#pragma once

#include "settings.hpp"

namespace crosswalk::goco {

// crosswalk.hire/1 → goco.employee/1. Departments, locations, titles and managers stay names here: push finds their
// ids. The record's key is the folded name, so that the host never runs two creates of one name at once.
void map_employee(Call& call, Settings const& settings, json::object const& hire);

// crosswalk.attachment/1 → goco.document/1.
void map_document(Call& call, Settings const& settings, json::object const& attachment);

}  // namespace crosswalk::goco
