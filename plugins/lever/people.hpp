// The person of an opportunity. Lever says it in three places, which count in this order: the opportunity, its contact,
// its application. The functions take a record that holds these three as members.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <string>
#include <string_view>

namespace crosswalk::lever {

// The full name, white space folded; empty when Lever has none.
[[nodiscard]] std::string name_of(json::value const& record);

// Puts first_name and last_name. A name of one word is a first name only: the missing last name is for people to add.
void put_name(NameSplit split, json::value const& record, json::object& out);

// The first mobile number, else the first of any kind that rings; empty when there is none.
[[nodiscard]] std::string best_phone(json::value const& record);

// A canonical person: names, all addresses and all numbers of the first place that has any.
[[nodiscard]] json::object person_of(NameSplit split, json::value const& record);

// The record as an event about its opportunity, titled with the name. The caller adds id, type and time.
[[nodiscard]] connector::Event opportunity_event(std::string_view schema, json::object record);

}  // namespace crosswalk::lever
