// The events that Lever tells of by webhook: fetched, named and emitted, whoever pointed at them.
//
// Ids      an event is named for what happened, not for what told of it: a webhook, a second webhook about the same
//          thing and a sweep make one and the same event. "hire:<opportunity>:<archivedAt>" and
//          "application:<application>".
#pragma once

#include "api.hpp"
#include "webhook.hpp"
#include <crosswalk/connector.hpp>

#include <string>
#include <string_view>

namespace crosswalk::lever {

// Empty when Lever does not print what the id is made of.
[[nodiscard]] std::string hire_id(json::value const& opportunity);
[[nodiscard]] std::string application_id(json::value const& application);

// Fetches the opportunity that the delivery points at and emits its event; none, with the reason noted, when there is
// nothing to carry. `otherwise` is its id where Lever prints nothing to make one of.
void emit_event(connector::Call& call, Api& api, std::string_view trigger, Delivery const& delivery,
                std::string const& otherwise);

}  // namespace crosswalk::lever
