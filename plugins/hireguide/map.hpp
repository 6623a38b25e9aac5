// Between Hireguide's records and the canonical ones; mapping/records.json holds the field tables. Pure.
#pragma once

#include "settings.hpp"

namespace crosswalk::hireguide {

// application → hireguide.candidate/1:
//   {"application": ref, "jobs": [ref], "job_name", "deleted": true when it is, "candidate": {contract fields}}
// Failure(CW_ERR_INVALID) names what is missing.
[[nodiscard]] connector::Record candidate_of(Settings const& settings, json::object const& application);
// posting → hireguide.position/1: {"jobs": [ref], "details": {contract fields}}
[[nodiscard]] connector::Record position_of(Settings const& settings, json::object const& posting);
// note with `about` → hireguide.report/1: {"interview_id", "sha256", "status", "message", "ats_file_id"}
[[nodiscard]] connector::Record report_of(json::object const& note);
// hireguide.export/1 → attachment
[[nodiscard]] connector::Record attachment_of(Call const& call, json::object const& exported);

// An export's key says which PDF of which interview it is: "int_55/794abaa4…".
[[nodiscard]] std::string export_key(std::string_view interview_id, std::string_view sha256);

}  // namespace crosswalk::hireguide
