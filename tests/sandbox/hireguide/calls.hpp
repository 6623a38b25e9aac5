// The endpoints I1 to I12 of the contract, one function each; hireguide.cpp has the table. The state's lock is held.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/hireguide/errors.hpp"
#include "sandbox/hireguide/state.hpp"

#include <vector>

namespace crosswalk::sandbox::hireguide {

struct Call {
    State& state;
    Request const& request;
    Arguments ids;
};

[[nodiscard]] Answer get_workspace(Call const& call);

// positions.cpp
[[nodiscard]] Answer list_positions(Call const& call);
[[nodiscard]] Answer create_position(Call const& call);
[[nodiscard]] Answer link_position(Call const& call);
[[nodiscard]] Answer change_position(Call const& call);
[[nodiscard]] Answer put_sync_status(Call const& call);
[[nodiscard]] Answer disconnect(Call const& call);

// candidates.cpp
[[nodiscard]] Answer upsert_candidates(Call const& call);
[[nodiscard]] Answer search_candidates(Call const& call);

// interviews.cpp
[[nodiscard]] Answer get_interview(Call const& call);
[[nodiscard]] Answer get_export(Call const& call);
[[nodiscard]] Answer put_export_result(Call const& call);

// {"data": […], "meta": {"next_cursor"}}
[[nodiscard]] Answer answer_page(Request const& request, std::vector<boost::json::object> const& all);

}  // namespace crosswalk::sandbox::hireguide
