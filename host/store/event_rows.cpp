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
model::Result<KeyId> known_key(Sqlite& sqlite, std::string const& hash) {
    KeyId id = 0;
    auto const read = sqlite.each(
        "SELECT h.key FROM handle h JOIN key k ON k.id = h.key WHERE h.hash = ? AND k.kind = ? ORDER BY h.key LIMIT 1",
        [&](Row const& row) { id = row.integer(0); }, hash, KeyKind::person);
    return read ? model::Result<KeyId>(id) : model::Result<KeyId>(read.error());
}

model::Result<void> add_handle(Sqlite& sqlite, std::string const& hash, KeyId key) {
    return sqlite.run("INSERT OR IGNORE INTO handle VALUES (?, ?)", hash, key);
}

}  // namespace

model::Result<SealingKey> key_for(Sqlite& sqlite, KeyRing& ring, Handles const& handles) {
    if (handles.owner == Owner::nobody) {
        return ring.general();
    }
    std::vector<std::pair<std::string, KeyId>> found;  // hash, and the key that it leads to
    KeyId first = 0;
    for (std::string const& text : handles.texts) {
        std::string hash = ring.hashed("handle", text);
        auto const known = handles.owner == Owner::person ? known_key(sqlite, hash) : model::Result<KeyId>(0);
        if (!known) {
            return known.error();
        }
        first = *known != 0 && (first == 0 || *known < first) ? *known : first;
        found.emplace_back(std::move(hash), *known);
    }
    auto key = first != 0 ? ring.find(sqlite, first)
                          : ring.add(sqlite, handles.owner == Owner::person ? KeyKind::person : KeyKind::single);
    if (!key) {
        return key;
    }
    for (auto const& [hash, leads_to] : found) {
        if (leads_to == key->id) {
            continue;
        }
        if (auto const added = add_handle(sqlite, hash, key->id); !added) {
            return added.error();
        }
    }
    return key;
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

model::Result<void> insert_event(Sqlite& sqlite, SealingKey const& key, std::int64_t inbox_id, std::int32_t ordinal,
                                 model::Event const& event) {
    auto const story = vault::seal(*key.key, place_of_story(inbox_id, ordinal),
                                   encode_texts({event.id, event.subject, event.title, event.record.key}));
    auto const record = vault::seal(*key.key, place_of_record(inbox_id, ordinal), event.record.json);
    if (!story || !record) {
        return story ? record.error() : story.error();
    }
    return sqlite.run("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", inbox_id, ordinal, event.type,
                      event.record.schema, event.occurred_unix_ms, key.id, Blob{*story}, Blob{*record});
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
