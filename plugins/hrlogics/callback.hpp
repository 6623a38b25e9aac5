// The signed callback of HRLogics: is it genuine, and what does it say?
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::hrlogics {

inline constexpr std::string_view completed_event = "screening.completed";
inline constexpr std::string_view decided_event = "screening.decided";
// What the callback is called by HRLogics.
inline constexpr std::string_view callback_type = "screening.completed";

// One state of one screening, from a callback or from a row of the changes.
struct Screening {
    std::string applicant_id;
    std::string external_id;
    std::string program;
    std::string status;
    std::string changed_at;  // RFC 3339, as HRLogics writes it
    std::string survey_submitted_at;

    // Without these two it says nothing.
    [[nodiscard]] bool names_applicant_and_status() const { return !applicant_id.empty() && !folded(status).empty(); }
};

// Reads the fields of a group of the contract, "callback" or "change"; what is absent stays empty.
[[nodiscard]] Screening read_screening(Settings const& settings, std::string_view group, json::value const& from);

// Checks timestamp and signature over the exact bytes before it reads them.
[[nodiscard]] connector::Verdict verify(connector::Call& call, Settings const& settings,
                                        connector::WebhookRequest const& request);

}  // namespace crosswalk::hrlogics
