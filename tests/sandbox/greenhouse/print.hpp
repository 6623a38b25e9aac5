// The records as v1 prints them: parents and children inside one another. Webhooks are in events.hpp.
//
// Source   samples/rest_v1/.
// Threads  the state's lock is held.
#pragma once

#include "sandbox/greenhouse/state.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <vector>

namespace crosswalk::sandbox::greenhouse {

using Printer = boost::json::object (*)(State const& state, Record const& record);

[[nodiscard]] boost::json::object v1_candidate(State const& state, Record const& candidate);
[[nodiscard]] boost::json::object v1_application(State const& state, Record const& application);
[[nodiscard]] boost::json::object v1_offer(State const& state, Record const& offer);
[[nodiscard]] boost::json::object v1_job(State const& state, Record const& job);
[[nodiscard]] boost::json::object v1_opening(State const& state, Record const& opening);
[[nodiscard]] boost::json::object v1_department(State const& state, Record const& department);
[[nodiscard]] boost::json::object v1_office(State const& state, Record const& office);
[[nodiscard]] boost::json::object v1_user(State const& state, Record const& user);
[[nodiscard]] boost::json::object v1_custom_field(State const& state, Record const& custom_field);
[[nodiscard]] boost::json::object v1_note(State const& state, Record const& note);

// "active" of v3's "in_process"; "unresolved" of an offer's "Created"; others in lower case.
[[nodiscard]] std::string v1_status(std::string_view v3_status);

// Where the person came from, by the source's id.
[[nodiscard]] boost::json::value source_of(boost::json::object const& application);

// The ids of what belongs together.
[[nodiscard]] std::vector<std::int64_t> applications_of(State const& state, std::int64_t candidate);
[[nodiscard]] std::vector<std::int64_t> jobs_of(boost::json::object const& application);
[[nodiscard]] std::vector<std::int64_t> attachments_of_candidate(State const& state, std::int64_t candidate);
[[nodiscard]] std::vector<std::int64_t> ids_in(boost::json::object const& record, std::string_view list);

}  // namespace crosswalk::sandbox::greenhouse
