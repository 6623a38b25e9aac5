#include "store/persons.hpp"

#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/payload_rows.hpp"
#include "store/remains.hpp"

#include <algorithm>
#include <set>

namespace crosswalk::store {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::size_t keys_max = 100'000;
constexpr std::size_t handles_max = 10'000;
constexpr std::size_t shown_max = 1000;
constexpr int slice = 500;
constexpr std::string_view reason = "erased";

// An erasure that stopped at a limit would leave somebody's data and call it gone.
Error more_than(std::string const& what) {
    return Error{ErrorCode::too_large, "More than " + what + " lead to this person; nothing was erased."};
}

// Keys that belong to the person: those that a handle leads to, and those that their handles lead to. A key of a single
// item is taken along but leads no further, for nobody knows whose the other addresses in it are.
Result<std::set<KeyId>> keys_of(Sqlite& sqlite, KeyRing& ring, std::set<std::string> const& handles) {
    std::set<KeyId> keys;
    std::set<std::string> seen;
    std::vector<std::string> open;
    for (std::string const& handle : handles) {
        open.push_back(ring.hashed("handle", handle));
    }
    while (!open.empty()) {
        std::string const hash = std::move(open.back());
        open.pop_back();
        if (!seen.insert(hash).second) {
            continue;
        }
        std::vector<KeyId> persons;
        auto read = sqlite.each(
            "SELECT k.id, k.kind FROM key k WHERE k.id IN (SELECT key FROM handle WHERE hash = ?1"
            " UNION ALL SELECT key FROM handle_recent WHERE hash = ?1)",
            [&](Row const& row) {
                if (keys.insert(row.integer(0)).second && row.number(1) == static_cast<int>(KeyKind::person)) {
                    persons.push_back(row.integer(0));
                }
            },
            hash);
        for (std::size_t i = 0; read && i < persons.size(); ++i) {
            read = sqlite.each(
                "SELECT hash FROM handle WHERE key = ?1 UNION SELECT hash FROM handle_recent WHERE key = ?1", [&](Row const& row) { open.push_back(row.text(0)); },
                persons[i]);
        }
        if (!read) {
            return read.error();
        }
        if (keys.size() > keys_max) {
            return more_than("100,000 keys");
        }
    }
    return keys;
}

Result<std::vector<EventPlace>> events_of(Sqlite& sqlite, std::set<KeyId> const& keys) {
    std::vector<EventPlace> events;
    for (KeyId const key : keys) {
        auto const read = sqlite.each(
            "SELECT inbox_id, ordinal FROM event WHERE key = ? ORDER BY inbox_id, ordinal",
            [&](Row const& row) {
                events.push_back({row.integer(0), row.number(1)});
            },
            key);
        if (!read) {
            return read.error();
        }
    }
    return events;
}

// What the person's own records say of them besides what was asked for: by it unread payloads and links are found.
Result<std::set<std::string>> handles_in(Sqlite& sqlite, KeyRing& ring, std::string const& handle) {
    std::set<std::string> handles{handle};
    auto const keys = keys_of(sqlite, ring, handles);
    auto const events = keys ? events_of(sqlite, *keys) : Result<std::vector<EventPlace>>(keys.error());
    if (!events) {
        return events.error();
    }
    for (EventPlace const& place : *events) {
        auto const read = read_events(sqlite, ring, place.inbox_id, place.ordinal, 1);
        if (!read) {
            return read.error();
        }
        for (model::Event const& event : *read) {
            Handles const found = handles_of(event.record);
            if (found.owner == Owner::person) {
                handles.insert(found.texts.begin(), found.texts.end());
            }
        }
        if (handles.size() > handles_max) {
            return more_than("10,000 addresses and ids");
        }
    }
    return handles;
}

bool is_part_of_word(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

// As a whole word: the id 12 does not stand in 4123.
bool holds_word(std::string_view text, std::string_view word) noexcept {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        bool const begins = at == 0 || !is_part_of_word(text[at - 1]);
        auto const end = at + word.size();
        if (begins && (end == text.size() || !is_part_of_word(text[end]))) {
            return true;
        }
    }
    return false;
}

// An address anywhere, in any case; an id in what its own connection sent.
bool names_person(std::string_view connection, std::string plain, std::set<std::string> const& handles) {
    std::string lower = plain;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::any_of(handles.begin(), handles.end(), [&](std::string const& handle) {
        auto const first = handle.find('/');
        if (first == std::string::npos) {
            return lower.find(handle) != std::string::npos;
        }
        std::string_view const id = std::string_view(handle).substr(handle.find('/', first + 1) + 1);
        return std::string_view(handle).substr(0, first) == connection && holds_word(plain, id);
    });
}

// Items without events, so that only their payloads can say whose they are. One that is damaged says nothing to anybody
// any more and is among them: it may be this person's.
Result<std::vector<std::int64_t>> unread_about(Database& database, std::set<std::string> const& handles) {
    std::vector<std::int64_t> ids;
    std::int64_t after = 0;
    for (int seen = slice; seen == slice;) {
        seen = 0;
        auto const read = database.read([&](Sqlite& sqlite) -> Result<void> {
            std::optional<Error> damage;
            auto const listed = sqlite.each(
                "SELECT i.id, i.key, i.connection, i.received_us, i.wrapped, p.sealed FROM payload p"
                " JOIN inbox i ON i.id = p.inbox_id WHERE p.inbox_id > ?"
                " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.inbox_id = i.id) ORDER BY p.inbox_id LIMIT ?",
                [&](Row const& row) {
                    ++seen;
                    after = row.integer(0);
                    std::string const connection = row.text(2);
                    auto plain = open_payload(sqlite, database.ring(), row.integer(1), {connection, row.time(3)},
                                              row.view(4), row.view(5));
                    if (!plain && plain.error().code != model::ErrorCode::corruption) {
                        damage = plain.error();
                    } else if (!plain) {
                        ids.push_back(after);
                    } else if (*plain && names_person(connection, std::move(**plain), handles)) {
                        ids.push_back(after);
                    }
                    return !damage;
                },
                after, slice);
            return damage ? Result<void>(std::move(*damage)) : listed;
        });
        if (!read) {
            return read.error();
        }
    }
    return ids;
}

// The transaction of an erasure.
class Work {
public:
    Work(std::set<std::string> const& handles, std::vector<std::int64_t> const& unread)
        : handles_(handles), unread_(unread) {}

    [[nodiscard]] Result<void> run(Batch& batch) {
        erasure = {};
        shreds.clear();
        pending_ended = 0;
        auto found = keys_of(batch.sqlite, batch.ring, handles_);
        auto places = found ? events_of(batch.sqlite, *found) : Result<std::vector<EventPlace>>(found.error());
        if (!places) {
            return places.error();
        }
        keys.assign(found->begin(), found->end());
        events = std::move(*places);
        Result<void> done;
        for (std::size_t i = 0; done && i < events.size(); ++i) {
            done = end_event(batch.sqlite, events[i]);
        }
        for (std::size_t i = 0; done && i < unread_.size(); ++i) {
            done = end_unread(batch.sqlite, unread_[i]);
        }
        for (auto handle = handles_.begin(); done && handle != handles_.end(); ++handle) {
            done = unlink(batch.sqlite, *handle);
        }
        for (std::size_t i = 0; done && i < keys.size(); ++i) {
            done = shred(batch, keys[i]);
        }
        return done;
    }

    Erasure erasure;
    std::vector<KeyId> keys;
    std::vector<EventPlace> events;
    std::vector<std::string> shreds;  // what the rows of the keys held: the wrapped keys without their nonces
    std::int64_t pending_ended = 0;

private:
    [[nodiscard]] Result<void> end_event(Sqlite& sqlite, EventPlace const& place) {
        ++erasure.events;
        std::vector<DeliveryId> deliveries;
        auto done = sqlite.each(
            "SELECT id FROM delivery WHERE inbox_id = ? AND event_ordinal = ? ORDER BY id",
            [&](Row const& row) { deliveries.push_back(row.integer(0)); }, place.inbox_id, place.ordinal);
        for (std::size_t i = 0; done && i < deliveries.size(); ++i) {
            done = end_delivery(sqlite, deliveries[i]);
        }
        return done ? drop_payload(sqlite, place.inbox_id) : done;
    }

    // One that is in flight ends as its answer says; if it is to be tried again, it is discarded then.
    [[nodiscard]] Result<void> end_delivery(Sqlite& sqlite, DeliveryId id) {
        ++erasure.deliveries;
        auto const standing = find_standing(sqlite, id);
        if (!standing) {
            return standing.error();
        }
        auto done = sqlite.run("UPDATE delivery SET remote_key = '', remote_url = '' WHERE id = ?", id);
        bool const over = is_final(standing->state) && standing->state != DeliveryState::dead;
        if (!done || over || standing->state == DeliveryState::in_flight) {
            return done;
        }
        ++erasure.discarded;
        done = sqlite.run("UPDATE delivery SET state = ?, ready = 0, reason = ? WHERE id = ?", DeliveryState::discarded,
                          reason, id);
        return done ? ready_next(sqlite, standing->connection, standing->subject) : done;
    }

    [[nodiscard]] Result<void> drop_payload(Sqlite& sqlite, std::int64_t inbox_id) {
        auto const done = sqlite.run("DELETE FROM payload WHERE inbox_id = ?", inbox_id);
        if (!done || sqlite.changes() == 0) {
            return done;
        }
        ++erasure.payloads;
        return sqlite.run("UPDATE inbox SET wrapped = NULL WHERE id = ?", inbox_id);
    }

    // Unless it was read since it was looked through; then its events say whose it is.
    [[nodiscard]] Result<void> end_unread(Sqlite& sqlite, std::int64_t id) {
        int state = -1;
        auto done = sqlite.each(
            "SELECT state FROM inbox WHERE id = ? AND NOT EXISTS (SELECT 1 FROM event WHERE inbox_id = inbox.id)",
            [&](Row const& row) { state = row.number(0); }, id);
        if (!done || state < 0) {
            return done;
        }
        constexpr int pending = 0;
        constexpr int dead = 3;
        if (state == pending || state == dead) {
            ++erasure.unread_discarded;
            pending_ended += state == pending ? 1 : 0;
            done = sqlite.run("UPDATE inbox SET state = 4, reason = ? WHERE id = ?", reason, id);
        }
        return done ? drop_payload(sqlite, id) : done;
    }

    [[nodiscard]] Result<void> unlink(Sqlite& sqlite, std::string const& handle) {
        auto const first = handle.find('/');
        if (first == std::string::npos) {
            return {};
        }
        auto const second = handle.find('/', first + 1);
        std::string const system = handle.substr(0, first);
        std::string const kind = handle.substr(first + 1, second - first - 1);
        std::string const id = handle.substr(second + 1);
        auto done = sqlite.run("DELETE FROM link WHERE system = ? AND kind = ? AND id = ?", system, kind, id);
        if (done) {
            erasure.links += sqlite.changes();
            done = sqlite.run("DELETE FROM link WHERE other_system = ? AND other_kind = ? AND other_id = ?", system,
                              kind, id);
        }
        erasure.links += done ? sqlite.changes() : 0;
        return done;
    }

    [[nodiscard]] Result<void> shred(Batch& batch, KeyId id) {
        ++erasure.persons;
        auto bytes = batch.ring.shred(batch.sqlite, id);
        if (!bytes) {
            return bytes.error();
        }
        if (!bytes->empty()) {
            shreds.push_back(std::move(*bytes));
        }
        batch.indexes.handles.begin_anew();
        auto const deleted = batch.sqlite.run("DELETE FROM handle WHERE key = ?", id);
        return deleted ? batch.sqlite.run("DELETE FROM handle_recent WHERE key = ?", id) : deleted;
    }

    std::set<std::string> const& handles_;
    std::vector<std::int64_t> const& unread_;
};

// SQLite may have moved rows within a page and left their bytes where they were.
Result<void> rebuild_keys(Database& database) {
    return database.write([](Batch& batch) {
        return batch.sqlite.script(
            "CREATE TABLE key_anew (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
            " wrapped BLOB NOT NULL); INSERT INTO key_anew SELECT id, kind, wrapped FROM key;"
            "UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'key')"
            " WHERE name = 'key_anew';"
            "DROP TABLE key; ALTER TABLE key_anew RENAME TO key; CREATE INDEX key_arrival ON key (id) WHERE kind = 0");
    });
}

// Is nothing left that could be read? Both what stands in the files and what the store itself would hand out.
Result<bool> nothing_opens(Database& database, Work const& work) {
    return database.read([&](Sqlite& sqlite) -> Result<bool> {
        for (KeyId const id : work.keys) {
            auto const key = database.ring().find(sqlite, id);
            if (!key || key->key) {
                return key ? Result<bool>(false) : key.error();
            }
        }
        for (EventPlace const& place : work.events) {
            auto const read = read_events(sqlite, database.ring(), place.inbox_id, place.ordinal, shown_max);
            if (!read) {
                return read.error();
            }
            bool const empty = std::all_of(read->begin(), read->end(), [](model::Event const& event) {
                return event.record.json.empty() && event.title.empty() && event.id.empty();
            });
            if (!empty) {
                return false;
            }
        }
        return true;
    });
}

Result<bool> prove(Database& database, Work& work) {
    for (bool const rebuilt : {false, true}) {
        if (rebuilt) {
            if (auto const done = rebuild_keys(database); !done) {
                return done.error();
            }
        }
        if (auto const emptied = database.empty_log(); !emptied) {
            return emptied.error();
        }
        auto const remains = search_files(database.options().path, work.shreds);
        if (!remains) {
            return remains.error();
        }
        work.erasure.bytes_searched += remains->bytes_searched;
        if (!remains->found) {
            return nothing_opens(database, work);
        }
    }
    return false;
}

}  // namespace

Result<Erasure> Persons::erase(std::string_view person) {
    std::string const handle = handle_from(person);
    if (handle.empty()) {
        return Error{ErrorCode::invalid_argument,
                     "A person is named by an e-mail address or by connection/kind/id, as the history shows it."};
    }
    Database& database = store_.database();
    auto const handles = database.read([&](Sqlite& sqlite) { return handles_in(sqlite, database.ring(), handle); });
    if (!handles) {
        return handles.error();
    }
    auto const unread = unread_about(database, *handles);
    if (!unread) {
        return unread.error();
    }
    Work work(*handles, *unread);
    auto const erased = database.write([&](Batch& batch) { return work.run(batch); },
                                       [&] {
                                           database.ring().forget(work.keys);
                                           database.count_pending(-work.pending_ended);
                                       });
    if (!erased) {
        return erased.error();
    }
    auto const proven = prove(database, work);
    if (!proven) {
        return proven.error();
    }
    work.erasure.proven = *proven;
    return work.erasure;
}

}  // namespace crosswalk::store
