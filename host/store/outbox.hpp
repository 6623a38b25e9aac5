// The outbox: deliveries decided on but not yet confirmed by the target, and the ledger of their attempts.
//
// Shape    one row per delivery; in a lane (connection, subject) they go out in the order of their ids.
//          pending → in_flight → delivered | duplicate | unchanged | skipped | dead, or back to pending (retry),
//          or unknown (must be looked up first). dead can be made pending again or discarded with a reason; what is
//          dead has a cause (cause.hpp).
// Effects  lease_due writes the effect row of an attempt and commits it *before* the delivery is handed out. A
//          delivery found in_flight when the store opens becomes unknown: a crash never repeats a push blindly.
// Keys     no delivery is handed out while another one with the same (connection, target_key) is in flight or
//          unknown; an empty key excludes nobody. A delivery of a paused connection or route stays pending.
// Errors   as Store. Threads  safe from any thread. Owner  borrows the Store.
// Source   transactional outbox; idempotency keys after the IETF Idempotency-Key draft.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "model/record.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::store {

using DeliveryId = std::int64_t;

enum class DeliveryKind : std::uint8_t {
    delivery = 0,  // what a route exists for
    feedback = 1,  // written back to the source
    notice = 2,    // an e-mail to people
};

enum class DeliveryState : std::uint8_t {
    pending = 0,
    in_flight = 1,
    unknown = 2,
    delivered = 10,  // this one and those after it are final
    duplicate = 11,
    unchanged = 12,
    skipped = 13,
    dead = 14,
    discarded = 15,
};
[[nodiscard]] constexpr bool is_final(DeliveryState state) noexcept {
    return state >= DeliveryState::delivered;
}
// Where an outcome that needs no further work leaves a delivery; nothing for the others.
[[nodiscard]] std::optional<DeliveryState> final_state(model::Outcome outcome) noexcept;
// "pending" … "discarded"; parse_delivery_state is its inverse.
[[nodiscard]] std::string_view name(DeliveryState state) noexcept;
[[nodiscard]] std::optional<DeliveryState> parse_delivery_state(std::string_view text) noexcept;

// Where one field of the record came from, in words: "/personal_email of the hire" or "constant".
struct FieldSource {
    std::string field;
    std::string source;
};

struct NewDelivery {
    DeliveryKind kind = DeliveryKind::delivery;
    std::string route;
    std::string connection;  // the target
    std::string action;
    std::string subject;          // with connection: the lane
    std::string idempotency_key;  // unique for ever; a second delivery with the same key is not added, so
                                  // who replays an item puts the new inbox id into it
    model::Record record;         // as the target's connector wants it; record.key is the target key
    std::vector<FieldSource> sources = {};
    std::vector<model::FieldProblem> warnings = {};
    DeliveryId about = 0;  // feedback and notice: the delivery they speak of
    // Decided without asking the target (missing required fields, filtered): the row starts in its final state.
    std::optional<model::AttemptReport> decided = std::nullopt;
};

struct Delivery {
    DeliveryId id = 0;
    std::int64_t inbox_id = 0;
    std::int32_t event_ordinal = 0;  // which event of the inbox item
    DeliveryKind kind = DeliveryKind::delivery;
    std::string route;
    std::string connection;
    std::string action;
    std::string subject;
    std::string idempotency_key;
    model::Record record;
    std::vector<model::FieldProblem> warnings;
    DeliveryId about = 0;
    int attempt = 0;       // number of the attempt that is going out; look-ups and uncounted ones left out
    bool look_up = false;  // its last attempt is unknown: look up before pushing
    int look_ups = 0;      // look-ups already made since the last push
};

// How much may go out through one exit, a (connection, route) pair, at this moment.
struct Allowance {
    std::size_t shared = std::numeric_limits<std::size_t>::max();  // to the connection, by all of its routes together
    bool own = false;  // one delivery of this route even when nothing is left of `shared`
};
// Asked on the writer thread, so it may not call the store. Empty: everything may go out.
using AllowanceOf = std::function<Allowance(std::string const& connection, std::string const& route)>;

// For whoever makes deliveries: those that nothing stands before are leased with the commit that makes them, which saves
// a lease of their own. Empty: none is.
struct LeaseAtOnce {
    AllowanceOf allowance = {};
    // [writer] After the commit; `more` are due that were not leased. It may not wait.
    std::function<void(std::vector<Delivery> leased, bool more)> take = {};
};

// What to do with a delivery after an attempt.
struct Settlement {
    DeliveryState state = DeliveryState::pending;  // a final state, pending (retry) or unknown (look up again)
    model::TimePoint due;                          // with pending and unknown
    model::AttemptReport report;
    std::vector<NewDelivery> follow_ups = {};  // feedback and notices, committed with the settlement
    bool counts = true;                        // false: the attempt or look-up is not one of those that are limited
    bool more = false;  // set when it is stored: some delivery became due or will, this one or another
};

class Outbox {
public:
    explicit Outbox(Store& store) noexcept : store_(store) {}

    // Takes up to `limit` deliveries due at `now`, at most one per lane and per target key and no more than `allowance`
    // says, marks them in flight and writes their effect rows, in one commit. Exits take turns and give their oldest
    // first, so a long queue of one route delays no other. One whose content is damaged becomes a dead letter. Empty
    // means that nothing may go out now.
    [[nodiscard]] model::Result<std::vector<Delivery>> lease_due(model::TimePoint now, std::size_t limit,
                                                                 AllowanceOf const& allowance = {});
    // When the next delivery that `allowance` lets out becomes due; nothing when none waits for time alone.
    [[nodiscard]] model::Result<std::optional<model::TimePoint>> next_due(AllowanceOf const& allowance = {});
    // Is anything waiting that is not behind another of its lane, whether it is due and allowed or not?
    [[nodiscard]] model::Result<bool> has_ready();

    // Ends the attempt. failed_precondition: the delivery is not in flight.
    [[nodiscard]] model::Result<void> settle(DeliveryId id, Settlement settlement);
    // The same for a caller that does not wait: `done` is called once, mostly on the writer thread, so it must not wait
    // either. Until then the Outbox must live.
    void settle(DeliveryId id, std::shared_ptr<Settlement> settlement,
                std::function<void(model::Result<void> const&)> done);
    // Puts a leased delivery back as it was, its effect row removed: it never left the host (shutdown, pause).
    [[nodiscard]] model::Result<void> release(DeliveryId id, model::TimePoint due);

    // Is the end of a push to this connection that went out at `at` or before not known yet? Until it is settled, what
    // it made there may be heard of from elsewhere first.
    [[nodiscard]] model::Result<bool> is_on_its_way(std::string const& connection, model::TimePoint at);

    // Makes a dead or discarded delivery pending again with attempts at zero, one that ended otherwise when `force`.
    // When its last attempt ended unknown it becomes unknown instead: it is looked up before it is pushed again, unless
    // `force`: somebody has looked.
    // failed_precondition: it is in another state, runs again as another event, or its record is purged.
    [[nodiscard]] model::Result<void> retry_now(DeliveryId id, bool force);
    // Gives a dead delivery up for good. failed_precondition: it is not dead.
    [[nodiscard]] model::Result<void> discard(DeliveryId id, std::string const& reason);

private:
    Store& store_;
};

}  // namespace crosswalk::store
