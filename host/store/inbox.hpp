// The inbox: what a vendor handed over, kept as it came until its deliveries are decided on.
//
// Shape    one row per webhook or polled event, in order of arrival; `id` is the number people see.
//          pending → dispatched | filtered | dead. An ended item can run again as a new one (replay); a dead one can
//          be discarded (dead_letters.hpp).
// Errors   as Store. Threads  safe from any thread. Owner  borrows the Store.
// Source   transactional inbox; dedupe per (connection, dedupe key) for the configured window.
#pragma once

#include "model/clock.hpp"
#include "model/record.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::vault {
class Key;
}

namespace crosswalk::store {

using InboxId = std::int64_t;

// Where an item's run stands: it never came by itself, a sweep found it at the source.
inline constexpr RunId from_sweep = -1;

// A webhook as it was received; enough to run the parse hook again at any time.
struct RawRequest {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

struct Accepted {
    std::string connection;
    std::string event_type;
    std::string dedupe_key;                  // empty: never a duplicate
    RawRequest raw = {};                     // webhook
    std::optional<model::Event> event = {};  // polled or listed by a sweep: the event itself; raw is empty then
    bool swept = false;                      // a sweep found that it never came; never shares a key with a webhook
};

// What one turn of a run brought: a page.
struct PollTurn {
    RunId run = 0;
    std::string selection = {};  // that the cursor holds for
    std::vector<Accepted> events = {};
    std::optional<std::string> cursor = {};  // the new one; nothing: the old one stays
    bool last = false;                       // the run is done with it
};

struct Verdict {
    InboxId id = 0;  // of the new row, or of the first one with this key
    bool duplicate = false;
};

struct InboxItem {
    InboxId id = 0;
    std::string connection;
    std::string event_type;
    model::TimePoint received_at;
    int attempts = 0;  // failed attempts to dispatch it
    InboxId replay_of = 0;
    std::string route = {};  // polled for this route alone; empty: for all
    RunId run = 0;           // that brought it; from_sweep: no run did, a sweep found it
    RawRequest raw;
    std::optional<model::Event> event;
    bool overtakes = false;  // of what is due: others that are due may have been there first; see overtaken()
    // Of what is due: why its payload cannot be read, ever; raw and event are empty then.
    std::optional<model::Error> damage = {};
    std::shared_ptr<vault::Key const> payload_key = {};  // shared with copies of this; null: the payload is gone
};

// One event found in an item, in canonical form, with the deliveries it starts.
struct DispatchedEvent {
    model::Event event;                   // record is the canonical one
    std::vector<NewDelivery> deliveries;  // empty: no route wanted it
};

// What became of an item.
struct Dispatch {
    InboxId id = 0;
    std::vector<DispatchedEvent> events = {};
    std::string why = {};              // it starts no delivery
    InboxItem const* item = nullptr;   // as due() gave it, so that it need not be read again; null: it is read
};

class Inbox {
public:
    explicit Inbox(Store& store) noexcept : store_(store) {}

    // Durable when it returns. A key already seen on this connection within the window is a duplicate, not an error.
    [[nodiscard]] model::Result<Verdict> accept(Accepted item);
    // The same for a caller that does not wait: `done` is called once, mostly on the writer thread, so it must not wait
    // either. Until then the Inbox must live.
    void accept(Accepted item, std::function<void(model::Result<Verdict> const&)> done);
    // A turn's events, its new cursor and the run's progress, in one transaction. A key is seen once per route.
    // Verdicts are in the order of the events. failed_precondition: the run is not running.
    [[nodiscard]] model::Result<std::vector<Verdict>> accept_poll(PollTurn turn);

    // Up to `limit` pending items of a connection that are due at `now`, and no more when these have 16 MiB. Webhooks,
    // what runs brought and what sweeps found take turns, each oldest first, so a long backlog of one delays no other;
    // but nothing overtakes an older webhook, because nobody knows yet whom it is about. Taking does not mark: each
    // connection has one reader, which ends or keeps every item it took before it asks again. One whose payload is
    // damaged is among them and says so: it must not hold up the others.
    [[nodiscard]] model::Result<std::vector<InboxItem>> due(std::string const& connection, model::TimePoint now,
                                                            std::size_t limit);
    // Up to 1000 items that a run or a sweep brought before `item` about the same subject and that are due at `now`,
    // oldest first: they come before it wherever it overtook them. Nothing where the connection has no such backlog.
    [[nodiscard]] model::Result<std::vector<InboxItem>> overtaken(InboxItem const& item, std::string const& subject,
                                                                  model::TimePoint now);
    // When the connection's next item becomes due; nothing when none is pending.
    [[nodiscard]] model::Result<std::optional<model::TimePoint>> next_due(std::string const& connection);
    // How many items of all connections are pending; counted once at open, kept in memory afterwards.
    [[nodiscard]] model::Result<std::int64_t> pending();
    // The store holds as many bytes as it may: whoever brings events should come again later. It is a few commits late.
    [[nodiscard]] bool is_full() const;
    [[nodiscard]] model::Result<InboxItem> read(InboxId id);

    // Ends the item: its events and deliveries and the item's new state commit together. No events, or events without
    // deliveries only: filtered, with `why` in words. Nothing happens when the item is no longer pending.
    [[nodiscard]] model::Result<void> dispatch(InboxId id, std::vector<DispatchedEvent> events, std::string why);
    // The same of several items, all or none of them. Deliveries that may go out now are leased with the same commit.
    [[nodiscard]] model::Result<void> dispatch(std::vector<Dispatch> const& items, LeaseAtOnce const& at_once = {});
    // The same for a caller that goes on meanwhile: `done` is called once, mostly on the writer thread, so it must not
    // wait. Until then the Inbox, `items` and `at_once` must live.
    void dispatch(std::vector<Dispatch> const& items, LeaseAtOnce const& at_once,
                  std::function<void(model::Result<void> const&)> done);
    // Keeps the item pending until `due`, counting the attempt. `notices` (a mail about the cause) commit with it.
    [[nodiscard]] model::Result<void> retry_at(InboxId id, model::TimePoint due, model::Error const& error,
                                               std::vector<NewDelivery> notices = {});
    // Dead letter: the item cannot be parsed or mapped. `deliveries` (feedback, notices) commit with it.
    [[nodiscard]] model::Result<void> bury(InboxId id, model::Error const& error, std::vector<NewDelivery> deliveries);
    // Runs an ended item again as a new pending item that points to the original; its dedupe key stays with the first.
    // not_found: no such item. failed_precondition: its payload is purged, or it is still pending.
    [[nodiscard]] model::Result<InboxId> replay(InboxId id);

private:
    Store& store_;
};

}  // namespace crosswalk::store
