// The endpoints that are played, one function each; charthop.cpp has the table. The state's lock is held.
#pragma once

#include "sandbox/charthop/state.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/exchange.hpp"

#include <functional>
#include <vector>

namespace crosswalk::sandbox::charthop {

// Envelopes of webhooks that a call causes are added to `news`.
struct Call {
    State& state;
    Request const& request;
    Arguments ids;  // begins with the organization, already checked
    std::vector<boost::json::object>& news;
};

[[nodiscard]] Answer get_org(Call const& call);
[[nodiscard]] Answer list_fields(Call const& call);
[[nodiscard]] Answer list_events(Call const& call);
[[nodiscard]] Answer get_event(Call const& call);

// jobs.cpp
[[nodiscard]] Answer list_jobs(Call const& call);
[[nodiscard]] Answer get_job(Call const& call);
[[nodiscard]] Answer create_job(Call const& call);
[[nodiscard]] Answer change_job(Call const& call);
[[nodiscard]] Answer list_groups(Call const& call);
[[nodiscard]] Answer create_group(Call const& call);

// people.cpp
[[nodiscard]] Answer list_people(Call const& call);
[[nodiscard]] Answer get_person(Call const& call);
[[nodiscard]] Answer create_person(Call const& call);
[[nodiscard]] Answer list_changes(Call const& call);
[[nodiscard]] Answer get_change(Call const& call);
[[nodiscard]] Answer create_hire(Call const& call);
[[nodiscard]] Answer delete_change(Call const& call);

// ChartHop's error body.
[[nodiscard]] Answer refusal(int status, std::string_view message);

// {"data", "next"?, "access"?}: what fits, from `from` on, `limit` rows.
[[nodiscard]] Answer answer_page(Call const& call, std::vector<boost::json::object> const& rows, std::string_view id);
// One row as the settings say: flat, nested, or wrapped in "data".
[[nodiscard]] Answer answer_row(Call const& call, int status, boost::json::object const& row);
// 200, or 201 since 2026.
[[nodiscard]] int created(State const& state);

// A job as it is printed, with the codes that were asked for: what it holds, names of groups, whether it is open.
[[nodiscard]] boost::json::object print_job(State const& state, boost::json::object const& job,
                                            std::string const& fields);
// What is wrong with a job's new values; empty if they may be written.
[[nodiscard]] std::string job_complaint(State& state, boost::json::object const& values, bool is_new);
// Writes them; groups become ids.
void write_job(State const& state, boost::json::object& job, boost::json::object const& values);

// Does a row fit a filter such as req:"ENG-104" or open:open? Nothing when the filter cannot be read.
[[nodiscard]] std::optional<bool> fits(boost::json::object const& row, std::string const& filter, bool is_open);

}  // namespace crosswalk::sandbox::charthop
