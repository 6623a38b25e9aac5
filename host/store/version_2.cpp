#include "store/version_2.hpp"

#include "store/codec.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/indexes.hpp"
#include "store/payload_rows.hpp"

namespace crosswalk::store {
namespace {

using Done = model::Result<void>;

// Calls `take(row)` for each row and ends with its first error.
template <class Take>
Done for_each(Sqlite& sqlite, Sql sql, Take take) {
    Done taken;
    auto const read = sqlite.each(sql, [&](Row const& row) {
        taken = take(row);
        return taken.has_value();
    });
    return read ? taken : read;
}

// The key of the person that the handles name; a new one when no handle is known. When they name several, the records
// of all of these are one person's from now on. What is nobody's is under the general key, what may be anybody's under
// a key of its own that the handles lead to.
model::Result<SealingKey> key_for(Sqlite& sqlite, KeyRing& ring, Handles const& handles) {
    if (handles.owner == Owner::nobody) {
        return ring.general();
    }
    Indexes trees(0);  // there is nothing recent yet
    HashedHandles const hashes = hashed(ring, handles);
    auto const owned = owner_of(sqlite, trees.handles, hashes);
    if (!owned) {
        return owned.error();
    }
    auto key = owned->key != 0 ? ring.find(sqlite, owned->key) : ring.add(sqlite, kind_for(handles.owner));
    if (!key) {
        return key;
    }
    auto const added = add_handles(sqlite, trees.handles, hashes, *owned, key->id);
    return added ? std::move(key) : model::Result<SealingKey>(added.error());
}

Done encrypt_event(Sqlite& sqlite, KeyRing& ring, Row const& row) {
    std::int64_t const inbox_id = row.integer(0);
    std::int32_t const ordinal = row.number(1);
    model::Event const event{row.text(2), row.text(3),    row.text(4),
                             row.text(5), row.integer(6), model::Record{row.text(7), row.text(8), row.text(9)}};
    auto const key = key_for(sqlite, ring, handles_of(event.record));
    if (!key) {
        return key.error();
    }
    auto const sealed = seal_event(*key, inbox_id, ordinal, event);
    if (!sealed) {
        return sealed.error();
    }
    auto const kept = insert_event(sqlite, key->id, inbox_id, ordinal, event, *sealed);
    bool const purged = row.is_null(9);
    return kept && purged
               ? sqlite.run("UPDATE event SET record = NULL WHERE inbox_id = ? AND ordinal = ?", inbox_id, ordinal)
               : kept;
}

model::Result<std::string> plain_payload(Row const& row) {
    Payload payload;
    if (!row.is_null(3)) {
        auto event = decode_event(row.view(3));
        if (!event) {
            return event.error();
        }
        payload.event = std::move(*event);
    } else {
        auto raw = decode_request(row.view(1));
        if (!raw) {
            return raw.error();
        }
        payload.raw = std::move(*raw);
        payload.raw.body = row.text(2);
    }
    return encode_payload(payload.raw, payload.event);
}

Done encrypt_payload(Sqlite& sqlite, KeyRing& ring, Row const& row) {
    std::int64_t const inbox_id = row.integer(0);
    auto const plain = plain_payload(row);
    // What nobody has read yet has no event.
    auto const key =
        row.number(6) != 0 ? key_of_event(sqlite, ring, inbox_id, 0) : model::Result<SealingKey>(ring.arrival());
    if (!plain || !key) {
        return plain ? key.error() : plain.error();
    }
    auto const sealed = seal_payload(*key, {row.text(4), row.time(5)}, *plain);
    if (!sealed) {
        return sealed.error();
    }
    auto const kept = sqlite.run("INSERT INTO payload VALUES (?, ?)", inbox_id, Blob{sealed->bytes});
    return kept ? sqlite.run("UPDATE inbox SET key = ?, wrapped = ? WHERE id = ?", key->id, Blob{sealed->wrapped},
                             inbox_id)
                : kept;
}

Done encrypt_delivery(Sqlite& sqlite, KeyRing& ring, Row const& row) {
    DeliveryId const id = row.integer(0);
    auto const key = key_of_event(sqlite, ring, row.integer(1), row.number(2));
    auto sources = decode_sources(row.view(8));
    auto warnings = decode_problems(row.view(9));
    auto fields = decode_problems(row.view(10));
    if (!key || !sources || !warnings || !fields) {
        return !key ? key.error() : !sources ? sources.error() : !warnings ? warnings.error() : fields.error();
    }
    DeliveryStory const story{row.text(3),         row.text(4),          row.text(5),
                              std::move(*sources), std::move(*warnings), std::move(*fields)};
    auto const record = row.is_null(7) ? std::nullopt : std::optional(row.view(7));
    auto const kept = insert_data(sqlite, *key, id, story, row.view(6), record);
    return kept ? sqlite.run("UPDATE delivery SET subject = ?, target_key = ?, idempotency_key = ? WHERE id = ?",
                             ring.hashed("subject", story.subject), ring.hashed("target_key", story.target_key),
                             ring.hashed("idempotency_key", story.idempotency_key), id)
                : kept;
}

}  // namespace

model::Result<void> encrypt_version_2(Sqlite& sqlite, KeyRing& ring) {
    auto done = ring.load(sqlite);
    if (done) {
        done = for_each(sqlite,
                        "SELECT inbox_id, ordinal, event_id, type, subject, title, occurred_ms, schema, key, record"
                        " FROM event_2 ORDER BY rowid",
                        [&](Row const& row) { return encrypt_event(sqlite, ring, row); });
    }
    if (done) {
        done = for_each(sqlite,
                        "SELECT p.inbox_id, p.request, p.body, p.event, i.connection, i.received_us,"
                        " EXISTS (SELECT 1 FROM event_2 e WHERE e.inbox_id = p.inbox_id)"
                        " FROM payload_2 p CROSS JOIN inbox i ON i.id = p.inbox_id ORDER BY p.inbox_id",
                        [&](Row const& row) { return encrypt_payload(sqlite, ring, row); });
    }
    if (done) {
        done = for_each(sqlite,
                        "SELECT d.id, d.inbox_id, d.event_ordinal, d.subject, d.target_key, d.idempotency_key,"
                        " p.schema, p.record, p.sources, p.warnings, p.fields"
                        " FROM delivery_data_2 p CROSS JOIN delivery d ON d.id = p.delivery_id ORDER BY p.delivery_id",
                        [&](Row const& row) { return encrypt_delivery(sqlite, ring, row); });
    }
    return done;
}

}  // namespace crosswalk::store
