// Events as rows: under whose key they are written, and how they are read.
//
// Errors   as KeyRing; what was sealed with an erased key reads as empty texts.
// Threads  the writing functions belong to the writer thread, the reading ones to any connection.
#pragma once

#include "model/record.hpp"
#include "store/handles.hpp"
#include "store/key_ring.hpp"
#include "store/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

// The handles of a record as the store has them.
struct HashedHandles {
    Owner owner = Owner::nobody;
    std::vector<std::string> hashes;
};
[[nodiscard]] HashedHandles hashed(KeyRing const& ring, Handles const& handles);
// The oldest key of a person that the handles lead to, and the one that each leads to; 0: to nobody who is known.
struct OwnedBy {
    KeyId key = 0;
    std::vector<KeyId> by_handle;
};
[[nodiscard]] model::Result<OwnedBy> owner_of(Sqlite& sqlite, HashIndex const& index, HashedHandles const& handles);
// From now on the handles lead to the key as well.
[[nodiscard]] model::Result<void> add_handles(Sqlite& sqlite, HashIndex& index, HashedHandles const& handles,
                                              OwnedBy const& owned, KeyId key);
[[nodiscard]] KeyKind kind_for(Owner owner) noexcept;

// The key of an event that is stored; the general one where there is none. Its `key` is nullptr when it was erased.
[[nodiscard]] model::Result<SealingKey> key_of_event(Sqlite& sqlite, KeyRing& ring, std::int64_t inbox_id,
                                                     std::int32_t ordinal);

// An event as its row has it, made on any thread.
struct SealedEvent {
    std::string story;
    std::string record;
};
[[nodiscard]] model::Result<SealedEvent> seal_event(SealingKey const& key, std::int64_t inbox_id, std::int32_t ordinal,
                                                    model::Event const& event);
[[nodiscard]] model::Result<void> insert_event(Sqlite& sqlite, KeyId key, std::int64_t inbox_id, std::int32_t ordinal,
                                               model::Event const& event, SealedEvent const& sealed);
// Up to `limit` events of an item in their order; only the one with `ordinal` when that is not negative.
[[nodiscard]] model::Result<std::vector<model::Event>> read_events(Sqlite& sqlite, KeyRing& ring, std::int64_t inbox_id,
                                                                   std::int32_t ordinal, std::size_t limit);

struct EventStory {
    std::string id = {};
    std::string subject = {};
    std::string title = {};
    std::string record_key = {};
};
[[nodiscard]] model::Result<EventStory> open_story(Sqlite& sqlite, KeyRing& ring, KeyId key, std::int64_t inbox_id,
                                                   std::int32_t ordinal, std::string_view sealed);

// Nothing: its key was erased.
[[nodiscard]] model::Result<std::optional<std::string>> open_event_record(Sqlite& sqlite, KeyRing& ring, KeyId key,
                                                                          std::int64_t inbox_id, std::int32_t ordinal,
                                                                          std::string_view sealed);

}  // namespace crosswalk::store
