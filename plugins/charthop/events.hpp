// ChartHop's events, as a webhook brings them and as its API lists them.
//
// Shape    {id, code, entityType, type, userId, jobId, fields, at, payload}; codes and types in any spelling.
// Threads  pure.
#pragma once

#include "rows.hpp"
#include "settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::charthop {

// Failure(CW_ERR_INVALID) when it is no object.
[[nodiscard]] Row body_of(connector::WebhookRequest const& request);

// A change of a job, or one that does not say what it is; not what the app did itself, and only with Sync On Change.
[[nodiscard]] bool is_of_interest(Settings const& settings, Row const& event);

// The job that it is about; empty when it does not say.
[[nodiscard]] std::string job_in(Row const& event);

// What the event is known by, whoever tells of it; of a custom payload without an id the hash of its bytes.
[[nodiscard]] std::string change_id(Call const& call, Row const& event, std::string_view bytes);

// Was the recruiting status among what changed? True when it does not say what changed.
[[nodiscard]] bool touches_status(Settings const& settings, Row const& event);

// `at`: milliseconds, also as text, or a time in UTC. nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> happened_at(Row const& event);

}  // namespace crosswalk::charthop
