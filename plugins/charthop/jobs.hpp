// ChartHop's jobs: reading them, and finding the one that a requisition of another system means.
//
// Rule     a job without a requisition code goes by generated_code() outside ChartHop. The code holds the job's id, so
//          a hire that names it finds the job at once; it is written into the job when the other system has a
//          requisition for it, which a link shows.
// Threads  free functions on one hook call.
#pragma once

#include "directory.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::charthop {

inline constexpr std::string_view job_kind = "job";

[[nodiscard]] std::string generated_code(std::string_view job_id);
[[nodiscard]] std::string job_id(Row const& job);
// The fields that we ask for, comma-separated.
[[nodiscard]] std::string job_fields(Settings const& settings);

[[nodiscard]] std::optional<Row> read_job(Api const& api, std::string const& id);
// Nobody holds it.
[[nodiscard]] bool is_open(Settings const& settings, Row const& job);
// Its recruiting status says closed.
[[nodiscard]] bool is_closed(Settings const& settings, Row const& job);

// Linked with the requisition, else of that code. `ref` may be null, `code` empty. Failure(CW_ERR_INVALID) when several
// jobs have the code.
[[nodiscard]] std::optional<Row> job_of(Api const& api, json::value const* ref, std::string const& code);
// The open job of that title and manager that has no other code and is linked with no requisition of that system.
[[nodiscard]] std::optional<Row> job_like(Api const& api, People const& people, std::string const& title,
                                          std::string const& manager_email, std::string const& code,
                                          std::string_view system);

// Is a new hire on the job, apart from `person`? A HIRE that waits for approval or conflicts is one, too.
struct Hires {
    bool ours = false;
    bool others = false;
};
[[nodiscard]] Hires hires_on(Api const& api, Row const& job, std::string const& person);

// A reference to a job here, as canonical records carry it.
[[nodiscard]] json::object job_ref(Call const& call, std::string_view id);

}  // namespace crosswalk::charthop
