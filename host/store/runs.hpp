// Runs: one execution of a route that asks for its events, and the cursor that it leaves to the next.
//
// Shape    queued → running → done | failed; a running one may go back to queued and goes on at its cursor. A route has
//          at most one that is queued or running. Its turns are stored by Inbox::accept_poll.
// Cursor   of a route, one; it holds for the selection (connection, event and what of it) that it was made with.
// Counts   come from the deliveries of the run's events, so they go on settling after the run is done.
// Errors   as Store; not_found: no such run. Threads  safe from any thread. Owner  borrows the Store.
// Limits   a list has at most 500 runs.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "store/outbox.hpp"
#include "store/store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

using RunId = std::int64_t;

enum class RunCause : std::uint8_t { first = 0, schedule = 1, person = 2, signal = 3 };
enum class RunState : std::uint8_t { queued = 0, running = 1, done = 2, failed = 3 };
// "first", "schedule", "person", "signal"; "queued", "running", "done", "failed".
[[nodiscard]] std::string_view name(RunCause cause) noexcept;
[[nodiscard]] std::string_view name(RunState state) noexcept;

struct Run {
    RunId id = 0;
    std::string route = {};
    RunCause cause = RunCause::person;
    bool full = false;  // every record, changed or not
    RunState state = RunState::queued;
    model::TimePoint queued_at = {};
    std::optional<model::TimePoint> started_at = {};
    std::optional<model::TimePoint> beat_at = {};  // end of its last turn
    std::optional<model::TimePoint> ended_at = {};
    std::int64_t turns = 0;
    std::int64_t events = 0;  // new ones; what was seen before is not counted
    std::string reason = {};  // why it waits or failed
};

// What became of a run's events. Their sum is the events, but for those that start several deliveries.
struct RunCounts {
    std::int64_t created = 0;
    std::int64_t updated = 0;  // also where the target did not say which of the two
    std::int64_t unchanged = 0;
    std::int64_t skipped = 0;  // duplicates, business rules, filtered out
    std::int64_t failed = 0;
    std::int64_t waiting = 0;
};

// What a schedule must know of a route's past.
struct RouteRuns {
    std::optional<Run> last = {};       // the newest, in any state
    std::optional<Run> last_full = {};  // the newest full one
    std::optional<model::TimePoint> last_done_at = {};
};

class Runs {
public:
    explicit Runs(Store& store) noexcept : store_(store) {}

    // A queued run. already_exists: one of this route is queued or running.
    [[nodiscard]] model::Result<Run> open(std::string const& route, RunCause cause, bool full);
    // Makes it running. A full run that begins for the first time begins without a cursor; a cursor of another
    // selection is forgotten. failed_precondition: it is not queued.
    [[nodiscard]] model::Result<Run> begin(RunId id, std::string const& selection);
    // The cursor that the route's next turn begins with; empty when there is none for this selection.
    // corruption: it cannot be read any more.
    [[nodiscard]] model::Result<std::string> cursor(std::string const& route, std::string const& selection);
    // The cursor is lost: the run is a full one from here and begins again.
    [[nodiscard]] model::Result<void> start_over(RunId id, std::string const& reason);
    // Back to queued: it goes on later, at its cursor.
    [[nodiscard]] model::Result<void> suspend(RunId id, std::string const& reason,
                                              std::vector<NewDelivery> notices = {});
    // Says why it takes long; nothing else changes.
    [[nodiscard]] model::Result<void> note(RunId id, std::string const& reason);
    // failed, with the words; `notices` commit with it. Nothing happens when it ended before.
    [[nodiscard]] model::Result<void> fail(RunId id, std::string const& reason, std::vector<NewDelivery> notices = {});

    // All that are queued or running, in the order of their ids.
    [[nodiscard]] model::Result<std::vector<Run>> unfinished();
    [[nodiscard]] model::Result<Run> read(RunId id);
    // Newest first; ids below `before` when it is not 0.
    [[nodiscard]] model::Result<std::vector<Run>> list(std::string const& route, RunId before, std::size_t limit);
    [[nodiscard]] model::Result<RouteRuns> of_route(std::string const& route);
    [[nodiscard]] model::Result<RunCounts> counts(RunId id);
    // How many there are in each state, "queued" … "failed".
    [[nodiscard]] model::Result<std::map<std::string, std::int64_t>> by_state();

    // Forgets ended runs without events that are older than `age`, but never what of_route() tells of.
    [[nodiscard]] model::Result<std::size_t> purge(std::chrono::hours age);

private:
    Store& store_;
};

}  // namespace crosswalk::store
