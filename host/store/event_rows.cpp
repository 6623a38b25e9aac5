#include "store/event_rows.hpp"

#include "store/codec.hpp"

#include <algorithm>

namespace crosswalk::store {
namespace {

std::string place_of_story(std::int64_t inbox_id, std::int32_t ordinal) {
    return place("event.story", inbox_id, ordinal);
}
std::string place_of_record(std::int64_t inbox_id, std::int32_t ordinal) {
    return place("event.record", inbox_id, ordinal);
}

// The person's oldest key that a handle leads to; 0 when it is not known.
model::Result<KeyId> known_key(Sqlite& sqlite, HashIndex const& index, std::string const& hash) {
    std::vector<KeyId> keys;
    auto read = index.each(sqlite, hash, [&](KeyId key) { keys.push_back(key); });
    std::sort(keys.begin(), keys.end());
    KeyId id = 0;
    for (auto key = keys.begin(); read && id == 0 && key != keys.end(); ++key) {
        read = sqlite.each(
            "SELECT id FROM key WHERE id = ? AND kind = 2", [&](Row const& row) { id = row.integer(0); }, *key);
    }
    return read ? model::Result<KeyId>(id) : model::Result<KeyId>(read.error());
}

}  // namespace

HashedHandles hashed(KeyRing const& ring, Handles const& handles) {
    HashedHandles hashed{handles.owner, {}};
    for (std::string const& text : handles.texts) {
        hashed.hashes.push_back(ring.hashed("handle", text));
    }
    return hashed;
}

model::Result<OwnedBy> owner_of(Sqlite& sqlite, HashIndex const& index, HashedHandles const& handles) {
    OwnedBy owned{0, std::vector<KeyId>(handles.hashes.size(), 0)};
    if (handles.owner != Owner::person) {
        return owned;
    }
    for (std::size_t i = 0; i < handles.hashes.size(); ++i) {
        auto const known = known_key(sqlite, index, handles.hashes[i]);
        if (!known) {
            return known.error();
        }
        owned.by_handle[i] = *known;
        owned.key = *known != 0 && (owned.key == 0 || *known < owned.key) ? *known : owned.key;
    }
    return owned;
}

model::Result<void> add_handles(Sqlite& sqlite, HashIndex& index, HashedHandles const& handles, OwnedBy const& owned,
                                KeyId key) {
    for (std::size_t i = 0; i < handles.hashes.size(); ++i) {
        if (owned.by_handle[i] != key) {
            if (auto const added = index.add(sqlite, handles.hashes[i], key); !added) {
                return added;
            }
        }
    }
    return {};
}

KeyKind kind_for(Owner owner) noexcept {
    return owner == Owner::person ? KeyKind::person : KeyKind::single;
}

model::Result<SealingKey> key_of_event(Sqlite& sqlite, KeyRing& ring, std::int64_t inbox_id, std::int32_t ordinal) {
    KeyId id = 0;
    auto const read = sqlite.each(
        "SELECT key FROM event WHERE inbox_id = ? AND ordinal = ?", [&](Row const& row) { id = row.integer(0); },
        inbox_id, ordinal);
    if (!read) {
        return read.error();
    }
    return id == 0 ? model::Result<SealingKey>(ring.general()) : ring.find(sqlite, id);
}

model::Result<SealedEvent> seal_event(SealingKey const& key, std::int64_t inbox_id, std::int32_t ordinal,
                                      model::Event const& event) {
    auto story = vault::seal(*key.key, place_of_story(inbox_id, ordinal),
                             encode_texts({event.id, event.subject, event.title, event.record.key}));
    auto record = vault::seal(*key.key, place_of_record(inbox_id, ordinal), event.record.json);
    if (!story || !record) {
        return story ? record.error() : story.error();
    }
    return SealedEvent{std::move(*story), std::move(*record)};
}

model::Result<void> insert_event(Sqlite& sqlite, KeyId key, std::int64_t inbox_id, std::int32_t ordinal,
                                 model::Event const& event, SealedEvent const& sealed) {
    return sqlite.run("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", inbox_id, ordinal, event.type,
                      event.record.schema, event.occurred_unix_ms, key, Blob{sealed.story}, Blob{sealed.record});
}

model::Result<EventStory> open_story(Sqlite& sqlite, KeyRing& ring, KeyId key, std::int64_t inbox_id,
                                     std::int32_t ordinal, std::string_view sealed) {
    auto const opened = ring.open(sqlite, key, place_of_story(inbox_id, ordinal), sealed);
    if (!opened) {
        return opened.error();
    }
    if (!*opened) {
        return EventStory();
    }
    auto texts = decode_texts(**opened, 4);
    if (!texts) {
        return texts.error();
    }
    return EventStory{std::move((*texts)[0]), std::move((*texts)[1]), std::move((*texts)[2]), std::move((*texts)[3])};
}

model::Result<std::optional<std::string>> open_event_record(Sqlite& sqlite, KeyRing& ring, KeyId key,
                                                            std::int64_t inbox_id, std::int32_t ordinal,
                                                            std::string_view sealed) {
    return ring.open(sqlite, key, place_of_record(inbox_id, ordinal), sealed);
}

model::Result<std::vector<model::Event>> read_events(Sqlite& sqlite, KeyRing& ring, std::int64_t inbox_id,
                                                     std::int32_t ordinal, std::size_t limit) {
    std::vector<model::Event> events;
    std::optional<model::Error> damage;
    auto const read = sqlite.each(
        "SELECT ordinal, type, schema, occurred_ms, key, story, record FROM event"
        " WHERE inbox_id = ?1 AND (?2 < 0 OR ordinal = ?2) ORDER BY ordinal LIMIT ?3",
        [&](Row const& row) {
            std::int32_t const number = row.number(0);
            auto story = open_story(sqlite, ring, row.integer(4), inbox_id, number, row.view(5));
            model::Result<std::optional<std::string>> record = std::optional<std::string>();
            if (!row.is_null(6)) {
                record = open_event_record(sqlite, ring, row.integer(4), inbox_id, number, row.view(6));
            }
            if (!story || !record) {
                damage = story ? record.error() : story.error();
                return false;
            }
            events.push_back(
                {std::move(story->id), row.text(1), std::move(story->subject), std::move(story->title), row.integer(3),
                 model::Record{row.text(2), std::move(story->record_key), std::move(*record).value_or("")}});
            return true;
        },
        inbox_id, ordinal, limit);
    if (!read || damage) {
        return read ? std::move(*damage) : read.error();
    }
    return events;
}

}  // namespace crosswalk::store
