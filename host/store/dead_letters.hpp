// Dead letters: what was given up, for people who find out why and put it right.
//
// Shape    a letter is a dead delivery ("d23") or a dead item of the inbox ("e17": it was never parsed or mapped). Both
//          carry a cause (cause.hpp), by which they are counted and found.
//          dead → pending (Outbox::retry_now, send_revised) | discarded (with a reason, or because it runs again as
//          another event). A discarded delivery can be made pending as a dead one can.
// Order    pages are newest first for readers (deliveries, then items) and oldest first for a replay, so that what
//          goes back into a lane goes in the order it came.
// Once     every change looks at the letter's state in its own transaction: the same call twice changes it once.
// Limits   a page has at most 500 letters.
// Errors   as Store. Threads  safe from any thread. Owner  borrows the Store.
// Privacy  reasons, causes, names of routes and connections; no record. Records are History's.
#pragma once

#include "model/clock.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

struct LetterId {
    bool is_item = false;
    std::int64_t number = 0;  // DeliveryId or InboxId
    bool operator==(LetterId const&) const = default;
};
// "d23" and "e17". A bare number is a delivery; nothing for any other text.
[[nodiscard]] std::string to_string(LetterId id);
[[nodiscard]] std::optional<LetterId> parse_letter(std::string_view text) noexcept;

// What has one cause in common.
struct DeadCause {
    std::string cause;
    std::int64_t deliveries = 0;  // feedback and notices included
    std::int64_t items = 0;
    model::TimePoint oldest;
    model::TimePoint newest;
    std::vector<std::string> routes;       // at most 20, sorted
    std::vector<std::string> connections;  // of deliveries the target, of items the source; at most 20, sorted
    std::string reason;                    // of the newest
};

// Empty members match everything.
struct DeadFilter {
    std::string cause = {};  // whole, or its part before ":"
    std::string route = {};
    std::string connection = {};
    std::optional<model::TimePoint> since = std::nullopt;  // when it died
    std::optional<model::TimePoint> until = std::nullopt;  // before this moment
};

struct DeadLetter {
    LetterId id;
    DeliveryKind kind = DeliveryKind::delivery;
    bool is_dead = false;  // still
    std::string state;     // name(DeliveryState); of an item "received", "dispatched", "filtered", "dead", "discarded"
    std::string cause;     // empty: it never died
    std::string reason;    // of a discarded one why it was discarded
    std::string died_of;   // of a discarded one why it had died
    std::string route;     // of an item only when it was polled for one
    std::string connection;    // of a delivery the target, of an item the source
    std::string action;        // or the item's event type
    InboxId event = 0;         // the number people know it by
    model::TimePoint died_at;  // while it is dead or discarded
    InboxId replayed_as = 0;   // runs again as this event
    bool is_edited = false;
    bool maybe_applied = false;  // the last attempt's outcome is not known
};

// A delivery's record made anew.
struct Revision {
    model::Record record;
    std::vector<FieldSource> sources;
    std::vector<model::FieldProblem> warnings;
    std::string edits;            // JSON; what a person set or took away, all of it
    std::string idempotency_key;  // the delivery's own while the record is the same; a new one otherwise
};

class DeadLetters {
public:
    explicit DeadLetters(Store& store) noexcept : store_(store) {}

    // Most letters first, at most 500.
    [[nodiscard]] model::Result<std::vector<DeadCause>> causes();
    // Newest first, below `before`.
    [[nodiscard]] model::Result<std::vector<DeadLetter>> list(DeadFilter const& filter, std::optional<LetterId> before,
                                                              std::size_t limit);
    // Oldest first, above `after`.
    [[nodiscard]] model::Result<std::vector<LetterId>> select(DeadFilter const& filter, std::optional<LetterId> after,
                                                              std::size_t limit);
    // How many there are above `after`.
    [[nodiscard]] model::Result<std::int64_t> count(DeadFilter const& filter, std::optional<LetterId> after);
    // Any delivery or item, dead or not. not_found: there is none.
    [[nodiscard]] model::Result<DeadLetter> find(LetterId id);
    // failed_precondition: it may not be replayed: it is open, runs again already, or ended well and `force` is not
    // set.
    [[nodiscard]] model::Result<void> may_replay(LetterId id, bool force);
    // JSON of what a person changed in the delivery's record; empty: nothing.
    [[nodiscard]] model::Result<std::string> edits(DeliveryId id);

    // Gives a dead or discarded delivery another record; it stays as dead as it was.
    // failed_precondition: another state, or its last attempt may have been applied: that must be looked up first, with
    // the record that was sent.
    [[nodiscard]] model::Result<void> revise(DeliveryId id, Revision revision);
    // The same, and makes it pending in the same commit. With `force` also what ended in another final state.
    [[nodiscard]] model::Result<void> send_revised(DeliveryId id, Revision revision, bool force);

    // Runs the letter's item again from what was received: a new item, for the delivery's route alone when the letter
    // is a delivery. The letter is discarded with words that say so. With `force` also a delivery that ended otherwise.
    // failed_precondition: another state, purged, or its last attempt may have been applied.
    [[nodiscard]] model::Result<InboxId> replay_raw(LetterId id, bool force);
    // Gives a dead letter up for good, with the reason as given.
    [[nodiscard]] model::Result<void> discard(LetterId id, std::string const& reason);

private:
    Store& store_;
};

}  // namespace crosswalk::store
