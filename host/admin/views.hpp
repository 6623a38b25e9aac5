// JSON views of what the store holds: one function per shape of the admin API.
#pragma once

#include "store/history.hpp"

#include <boost/json/object.hpp>

namespace crosswalk::admin {

[[nodiscard]] boost::json::object view(store::EventSummary const& summary);
[[nodiscard]] boost::json::object view(store::DeliveryView const& delivery);
[[nodiscard]] boost::json::object view(store::EventView const& event);
[[nodiscard]] boost::json::object view(store::Conservation const& conservation);

}  // namespace crosswalk::admin
