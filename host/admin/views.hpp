// JSON views of what the store holds: one function per shape of the admin API.
#pragma once

#include "store/history.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::admin {

[[nodiscard]] boost::json::object view(store::EventSummary const& summary);
[[nodiscard]] boost::json::object view(store::DeliveryView const& delivery);
[[nodiscard]] boost::json::object view(store::EventView const& event);
[[nodiscard]] boost::json::object view(store::Conservation const& conservation);
[[nodiscard]] boost::json::array view(std::vector<model::FieldProblem> const& problems);
[[nodiscard]] boost::json::array view(std::vector<store::FieldSource> const& sources);
// "delivery", "feedback", "notice".
[[nodiscard]] std::string_view kind_name(store::DeliveryKind kind) noexcept;
// The JSON of a record; text that is none stays text.
[[nodiscard]] boost::json::value parsed(std::string const& text);

}  // namespace crosswalk::admin
