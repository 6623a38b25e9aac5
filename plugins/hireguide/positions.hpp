// Positions in Hireguide and the jobs of the ATS that they stand for.
//
// Shape    the settings name the positions; the host's links say which one in Hireguide stands for which job. A
//          position without an id is looked for by its job and made only when it is not there. One that was removed in
//          Hireguide is remembered in the state "removed/<name>" and not made again.
// Errors   as Api; a position that is gone is an answer, not a Failure.
// Threads  safe from any thread; only one call at a time makes or connects positions.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace crosswalk::hireguide {

class Positions {
public:
    // The position whose job is one of these refs; nullptr when none is.
    struct Match {
        Position const* position = nullptr;
        json::object job;  // the ref that fits
    };
    [[nodiscard]] static Match find(Settings const& settings, json::value const* refs);

    // The id of the position in Hireguide, made and connected with its job where that was not done yet. `effect` says
    // what happened: "created", "updated" (connected) or nothing. nullopt: it was removed there; the reason is noted.
    [[nodiscard]] std::optional<std::string> ensure(Api const& api, Match const& match, std::string const& job_name,
                                                    std::string& effect);

    // action update_position, a hireguide.position/1.
    [[nodiscard]] connector::Outcome update(Api const& api, connector::PushRequest const& request);

    // Forgets the link with a position that Hireguide no longer has, and notes why.
    static void forget(Api const& api, Match const& match, std::string const& id);

    // Tells Hireguide that a sync of "jobs" or "candidates" ran, at most once a minute. Failures are only logged: what
    // was synced is synced.
    void tell_sync(Api const& api, std::string const& id, std::string const& model);

private:
    [[nodiscard]] std::string make(Api const& api, Position const& position, std::string& effect) const;

    std::mutex linking_;
    std::mutex mutex_;
    std::map<std::string, std::int64_t> told_;  // guarded by mutex_: position/model → steady ms of the last one
};

}  // namespace crosswalk::hireguide
