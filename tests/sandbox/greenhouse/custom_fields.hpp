// Custom fields: kept as v3 prints them, key -> {name, type, value}, and turned into what v1 and the webhooks print.
//
// Shape    money is kept as {amount, unit} and {unit, min_value, max_value} with numbers.
// Source   greenhouse.md, sections 4.6 and 5; samples/webhooks/custom_field_types.json.
// Threads  the state's lock is held.
#pragma once

#include "model/error.hpp"
#include "sandbox/greenhouse/state.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace crosswalk::sandbox::greenhouse {

// The custom fields of one record: every field defined for `field_type`, unset ones too, with the values given by key.
// A key that nobody has defined becomes a definition of the type that its value looks like.
// invalid_argument: a single_select or multi_select value is not among the options.
[[nodiscard]] model::Result<boost::json::object> fill_custom_fields(State& state, std::string_view field_type,
                                                                    boost::json::object const& values);

// Adds a definition with its options; answers its id.
std::int64_t define_custom_field(State& state, boost::json::object definition, std::vector<std::string> const& options);

// v1 prints every record's fields twice: by the present name with bare values, and by the key.
[[nodiscard]] boost::json::object v1_by_name(boost::json::object const& keyed);
[[nodiscard]] boost::json::object v1_by_key(boost::json::object const& keyed);

[[nodiscard]] boost::json::object webhook_fields(boost::json::object const& keyed);

}  // namespace crosswalk::sandbox::greenhouse
