// A hire, put together from the signed webhook and from what Harvest holds: the record greenhouse.hire/1.
//
//     candidate     as the webhook prints it, without its attachments
//     application   {id, url, status, source, opening, custom_fields}
//     job           the one of the hire            offer    as the webhook prints it, else Harvest's in that shape
//     documents     [{file_name, type, content_type, size, bytes} or {problem}]
//     read_at       when it was put together       unread   [{object, reason}]: what the credential may not read
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <optional>

namespace crosswalk::greenhouse {

inline constexpr std::string_view hire_schema = "greenhouse.hire/1";

// `application` is the webhook's. nullopt, with the reason noted, when the hire was taken back.
// Failure(CW_ERR_TRANSIENT) while Greenhouse may not show the hire yet.
[[nodiscard]] std::optional<json::object> fetch_hire(connector::Call& call, Api& api, json::value const& application);

// The same as the event candidate.hired.
[[nodiscard]] std::optional<connector::Event> hire_event(connector::Call& call, Api& api,
                                                         json::value const& application);

// What a hire is known by, whoever tells of it: application, offer, and the second of its acceptance.
[[nodiscard]] std::string hire_id(connector::Call const& call, std::string const& application,
                                  json::value const& offer);

// Harvest's offer in the webhook's words; null unless it was accepted.
[[nodiscard]] json::value accepted_offer(json::value const& offer);

}  // namespace crosswalk::greenhouse
