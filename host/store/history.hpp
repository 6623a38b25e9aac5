// What happened, for people and for checks: read-only, paged, newest first.
//
// Limits   a page has at most 500 rows; no call holds a read transaction after it returns.
// Errors   as Store. Threads  safe from any thread. Owner  borrows the Store.
// Search   titles are encrypted: looking for a text decrypts one after the other, from the newest.
// Privacy  what is about a person who was erased reads as empty texts. Titles, records and bodies are personal: show
// them to authorised people, log none of them.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::store {

struct EventFilter {
    std::string text = {};   // part of the title, any case
    std::string state = {};  // received, filtered, dead, or a delivery state of one of its deliveries
    std::string connection = {};
    std::string route = {};
    RunId run = 0;            // brought by this run; 0: any
    std::int64_t before = 0;  // ids below this one; 0: from the newest
    std::size_t limit = 50;
};

struct EventSummary {
    InboxId id = 0;
    std::string connection;
    std::string type;
    std::string subject;
    std::string title;
    model::TimePoint received_at;
    std::string state;   // "received" (pending), "dispatched", "filtered", "dead", "discarded"
    std::string reason;  // filtered, dead, or why the last try to dispatch it failed
    InboxId replay_of = 0;
    bool swept = false;  // it never came by itself: a sweep found it
    struct RouteOutcome {
        DeliveryId delivery = 0;
        std::string route;
        std::string state;  // name(DeliveryState)
        std::string reason;
    };
    std::vector<RouteOutcome> routes;  // deliveries only, no feedback
};

struct AttemptView {
    int number = 0;
    bool look_up = false;
    model::TimePoint started_at;
    std::optional<model::TimePoint> ended_at;  // nothing: in flight, or the host died during it
    std::string outcome;                       // name(Outcome); empty while in flight
    std::string reason;
    std::string remote_request;
};

struct DeliveryView {
    Delivery delivery;
    DeliveryState state = DeliveryState::pending;
    std::string reason;
    std::vector<model::FieldProblem> fields;  // rejected: which
    std::vector<FieldSource> sources;         // where each field of the record came from
    std::string target_key;
    std::string target_url;
    model::TimePoint created_at;
    std::optional<model::TimePoint> due_at;  // while pending or unknown
    std::vector<AttemptView> attempts;
    bool erased = false;  // the person it was about: subject, keys, record and fields are empty
};

struct EventView {
    EventSummary summary;
    std::vector<model::Event> events;      // canonical
    std::vector<DeliveryView> deliveries;  // with feedback and notices
};

// received = held + filtered + delivered + duplicate + unchanged + skipped + dead + discarded + difference, counted
// per delivery (an item without deliveries counts once). `received` comes from what accept and dispatch promised,
// the rest from the rows that exist, so a lost or doubled row shows as a difference.
struct Conservation {
    std::int64_t received = 0;
    std::int64_t held = 0;
    std::int64_t filtered = 0;
    std::int64_t delivered = 0;
    std::int64_t duplicate = 0;
    std::int64_t unchanged = 0;
    std::int64_t skipped = 0;
    std::int64_t dead = 0;
    std::int64_t discarded = 0;
    [[nodiscard]] std::int64_t difference() const noexcept {
        return received - (held + filtered + delivered + duplicate + unchanged + skipped + dead + discarded);
    }
};

class History {
public:
    explicit History(Store& store) noexcept : store_(store) {}

    [[nodiscard]] model::Result<std::vector<EventSummary>> list(EventFilter const& filter);
    // not_found: no such event.
    [[nodiscard]] model::Result<EventView> show(InboxId id);
    // The canonical event a delivery belongs to; not_found when there is none.
    [[nodiscard]] model::Result<model::Event> event_of(DeliveryId id);
    [[nodiscard]] model::Result<DeliveryView> delivery(DeliveryId id);
    [[nodiscard]] model::Result<Conservation> conservation();

private:
    Store& store_;
};

}  // namespace crosswalk::store
