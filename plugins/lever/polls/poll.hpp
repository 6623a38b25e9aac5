// What is common to the polls: where a run stands, one page of a list, ids of events.
//
// Shape    a run is a sequence of turns, each one page. The cursor says which list is read, from where, and since when;
//          between runs only since when. A run that was cut off goes on at the page where it was.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace crosswalk::lever {

// Lever's clock and ours differ, and a change may become visible late: each run looks back over the end of the last.
inline constexpr std::chrono::milliseconds poll_overlap = std::chrono::minutes(2);

struct Progress {
    std::string list;          // which list is being read; empty between runs
    std::string offset;        // the next page of it; empty: the first
    std::int64_t since = 0;    // ms; changes from then on. 0: everything
    std::int64_t started = 0;  // ms; when this run began, that is the next one's `since`
    std::int64_t reached = 0;  // ms; how far lists that are read by windows of time have been read

    // At the start of a run `list` is `first`. Failure(CW_ERR_CURSOR) for a text that is no cursor of ours.
    [[nodiscard]] static Progress read(std::string_view cursor, std::string_view first, std::int64_t now_ms);
    [[nodiscard]] std::string text() const;
    // What the next run begins with.
    [[nodiscard]] std::string done() const;
    // The earliest change that this run wants; 0: everything.
    [[nodiscard]] std::int64_t from() const noexcept { return since == 0 ? 0 : since - poll_overlap.count(); }
};

// The id that the route selects under "posting" or the like; empty when it selects none. Failure(CW_ERR_CONFIG) when it
// is no id.
[[nodiscard]] std::string selected(connector::PollRequest const& request, std::string_view name);

// A page that shows confidential records too where settings and rights allow it; a warning says when rights do not.
[[nodiscard]] Page open_page(connector::Call& call, Api& api, std::string const& path, std::string_view offset,
                             std::string_view what, std::string_view right);

// All pages of it, one record after another until `take` says false. Failure(CW_ERR_TRANSIENT) when there is no end.
void each_open(connector::Call& call, Api& api, std::string const& path, std::string_view what, std::string_view right,
               std::function<bool(json::value&)> const& take);

// "<thing>:<state>", and the run behind it in a full run, so that a full run delivers everything anew.
[[nodiscard]] std::string event_id(connector::PollRequest const& request, std::string_view thing,
                                   std::string_view state);

// The state of a thing that has no time of change: how often its content was seen to change, and a hash of it. The
// number tells a state from an equal one before the last. Remembered in the connector's own store.
[[nodiscard]] std::string content_state(connector::Call& call, std::string_view thing, json::value const& content);

}  // namespace crosswalk::lever
