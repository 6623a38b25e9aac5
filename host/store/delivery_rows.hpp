// Deliveries as rows: how they get in, how they are read, and which one of a lane goes next.
//
// Lanes    an open delivery has a state below 10. Of the open ones of a lane the one in flight or unknown goes first,
//          then the lowest id; it is the lane's head. `ready` is 1 for a head that may be leased.
// Threads  the writing functions belong to the writer thread, read_delivery to any connection.
#pragma once

#include "store/codec.hpp"
#include "store/dead_letters.hpp"
#include "store/history.hpp"
#include "store/key_ring.hpp"
#include "store/openings.hpp"
#include "store/outbox.hpp"
#include "store/sqlite.hpp"
#include "store/writer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

// What a change of state needs to know of a delivery.
struct Standing {
    std::int64_t inbox_id = 0;
    std::int32_t event_ordinal = 0;
    DeliveryState state = DeliveryState::pending;
    std::string connection;
    std::string subject;  // hashed, as the lane has it
    std::int64_t effects = 0;
    bool look_up = false;
    std::int64_t replayed_as = 0;  // the item that runs it again; 0: none
};
[[nodiscard]] model::Error no_such_delivery(DeliveryId id);
// not_found: no such delivery.
[[nodiscard]] model::Result<Standing> find_standing(Sqlite& sqlite, DeliveryId id);

// A delivery as its rows have it, made on any thread: hashes, and what is encrypted under the person's key.
struct SealedDelivery {
    DeliveryId id = 0;
    std::string subject;
    std::string target_key;
    std::string idempotency_key;
    std::string story;
    std::string record;
};
// invalid_argument: an empty idempotency key, or decided by an outcome that is not final.
[[nodiscard]] model::Result<SealedDelivery> seal_delivery(KeyRing const& ring, SealingKey const& key, DeliveryId id,
                                                          NewDelivery const& delivery);
// The event that a new delivery is for.
struct EventPlace {
    std::int64_t inbox_id = 0;
    std::int32_t ordinal = 0;
};
// True: the row is new, and promised when it is of kind `delivery`. False: its idempotency key was there.
// `openings` may be null: it is not leased with its commit then.
[[nodiscard]] model::Result<bool> insert_delivery(Batch& batch, KeyId key, EventPlace const& event,
                                                  NewDelivery const& delivery, SealedDelivery const& sealed,
                                                  model::TimePoint now, Openings* openings);
// Adds deliveries in the caller's transaction and promises those of kind `delivery`. A repeated idempotency key is left
// out, and so is whatever is about somebody who was erased. invalid_argument: an empty key, or decided by an outcome
// that is not final.
[[nodiscard]] model::Result<void> insert_deliveries(Batch& batch, std::int64_t inbox_id, std::int32_t event_ordinal,
                                                    std::vector<NewDelivery> const& deliveries, model::TimePoint now);

struct LaneHead {
    DeliveryId id = 0;  // 0: nothing open
    DeliveryState state = DeliveryState::pending;
};
// A lane is named by its connection and the hash of its subject.
[[nodiscard]] model::Result<LaneHead> lane_head(Sqlite& sqlite, std::string const& connection,
                                                std::string const& subject);
// Makes the lane's head ready, unless it is in flight; advance() says whether there is one.
[[nodiscard]] model::Result<bool> advance(Sqlite& sqlite, std::string const& connection, std::string const& subject);
[[nodiscard]] model::Result<void> ready_next(Sqlite& sqlite, std::string const& connection, std::string const& subject);

// Gives a delivery another record, with where its fields came from and what a person changed.
[[nodiscard]] model::Result<void> replace_record(Batch& batch, DeliveryId id, Revision const& revision);
// JSON of what a person changed in its record; empty: nothing.
[[nodiscard]] model::Result<std::string> read_edits(Sqlite& sqlite, KeyRing& ring, DeliveryId id);

// Without its attempts. not_found: no such delivery.
[[nodiscard]] model::Result<DeliveryView> read_delivery(Sqlite& sqlite, KeyRing& ring, DeliveryId id);
// What of a delivery is encrypted; no record: it was purged.
[[nodiscard]] model::Result<void> insert_data(Sqlite& sqlite, SealingKey const& key, DeliveryId id,
                                              DeliveryStory const& story, std::string_view schema,
                                              std::optional<std::string_view> record);
struct KeyedStory {
    SealingKey key;  // what it is sealed with
    DeliveryStory story;
};
// Nothing: the delivery is unknown, or the person it is about was erased.
[[nodiscard]] model::Result<std::optional<KeyedStory>> read_story(Sqlite& sqlite, KeyRing& ring, DeliveryId id);
[[nodiscard]] model::Result<void> write_story(Sqlite& sqlite, DeliveryId id, KeyedStory const& story);

// Nothing: its key was erased.
[[nodiscard]] model::Result<std::optional<std::string>> open_delivery_record(Sqlite& sqlite, KeyRing& ring, KeyId key,
                                                                             DeliveryId id, std::string_view sealed);

}  // namespace crosswalk::store
