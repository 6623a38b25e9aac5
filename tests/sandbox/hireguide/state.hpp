// What the played Hireguide holds: one workspace with positions, their candidates, interviews, and its settings.
//
// Shape    positions are kept as they are printed; candidates as they were sent, with an id.
// Threads  everything here is guarded by `mutex`, which the caller of a function that takes a State& holds.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/token_bucket.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace crosswalk::sandbox::hireguide {

struct Candidate {
    std::string id;
    std::string position;
    boost::json::object sent;  // without updated_at
    std::string updated_at;
};

struct Interview {
    std::string id;
    std::string candidate;
    bool scores_submitted = false;
    std::string pdf = {};              // of the last export
    boost::json::array results = {};   // what export-result was told, oldest first
    boost::json::object printed = {};  // scores and highlights
};

struct Settings {
    std::string token = "hireguide-sandbox-token";
    bool addon = true;  // the ATS integration
    double rate_per_s = 0;
    double burst = 20;
};

struct State {
    static constexpr std::size_t candidates_max = 100'000;

    std::mutex mutex;
    Settings settings;
    TokenBucket bucket;
    std::deque<boost::json::object> positions;
    std::deque<Candidate> candidates;
    std::deque<Interview> interviews;
    boost::json::object sync_status;  // by position: the entries of sync_status.json
    std::int64_t next_position = 22;
    std::int64_t next_candidate = 88;
    std::int64_t next_interview = 55;

    [[nodiscard]] boost::json::object* find_position(std::string_view id);
    [[nodiscard]] Candidate* find_candidate(std::string_view id);
    [[nodiscard]] Interview* find_interview(std::string_view id);
    boost::json::object& add_position(std::string const& role);

    // Back to the sample position and the standard settings.
    void reset();
};

inline constexpr std::string_view workspace = "ws_1";

[[nodiscard]] std::string text_of(boost::json::object const& record, std::string_view name);
// "Nora Okafor"
[[nodiscard]] std::string name_of(Candidate const& candidate);
// True when part of the candidate's name is `part`, in any case; an empty part fits everybody.
[[nodiscard]] bool is_named(Candidate const& candidate, std::string const& part);
// {"id", "display_name", "synced_with_ats"}
[[nodiscard]] boost::json::object print(Candidate const& candidate);
// "2026-11-21T21:40:00Z"
[[nodiscard]] std::string timestamp();
[[nodiscard]] bool is_timestamp(std::string const& text);

}  // namespace crosswalk::sandbox::hireguide
