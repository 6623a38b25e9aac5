// A hire, put together from what Lever holds about one opportunity: the record lever.hire/1.
//
//     opportunity   as Lever prints it      contact      the person; may be absent
//     application   the one of the hire     posting      without its advertising text
//     offer         signed, else newest     offerFields  its fields: identifier → value
//     requisition   when readable           manager      the user whom the offer names
//     archiveReason                         triggeredAt  ms, of the webhook
//     unread        [{object, reason}]: optional objects that the key may not read
#pragma once

#include "api.hpp"
#include "webhook.hpp"
#include <crosswalk/connector.hpp>

#include <optional>

namespace crosswalk::lever {

inline constexpr std::string_view hire_schema = "lever.hire/1";
inline constexpr std::string_view canonical_hire = "crosswalk.hire/1";

// nullopt, with the reason noted, when there is no hire to carry: deleted, anonymised, confidential, or not hired.
// Failure(CW_ERR_TRANSIENT) while Lever may not show the hire yet.
[[nodiscard]] std::optional<json::object> fetch_hire(connector::Call& call, Api& api, Delivery const& delivery);

// lever.hire/1 → crosswalk.hire/1, by the table mapping/hire.json. Warns about values that could not be used.
[[nodiscard]] connector::Record map_hire(connector::Call& call, Settings const& settings, json::object hire);

}  // namespace crosswalk::lever
