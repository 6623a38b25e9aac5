#include "store/inbox.hpp"

#include "store/cause.hpp"
#include "store/codec.hpp"
#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/item_rows.hpp"
#include "store/payload_rows.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::store {
namespace {

constexpr std::size_t due_max = 10'000;
constexpr std::size_t overtaken_max = 1000;
constexpr std::size_t page_bytes_max = 16 * 1024 * 1024;  // of payloads read at once, however many items that are

model::Result<InboxState> state_of(Sqlite& sqlite, InboxId id) {
    auto const item = find_item(sqlite, id);
    return item ? model::Result<InboxState>(item->state) : model::Result<InboxState>(item.error());
}

// The columns of what stands in the clear, with which both queries below begin.
InboxItem head_from(Row const& row) {
    InboxItem item;
    item.id = row.integer(0);
    item.connection = row.text(1);
    item.event_type = row.text(2);
    item.received_at = row.time(3);
    item.attempts = row.number(4);
    item.replay_of = row.integer(5);
    item.route = row.text(6);
    item.run = row.integer(7);
    return item;
}

// False: there is none, it was purged, or its key was erased.
model::Result<bool> read_payload(Sqlite& sqlite, KeyRing& ring, Row const& row, InboxItem& item) {
    if (row.is_null(10)) {
        return false;
    }
    auto const own = unwrap(sqlite, ring, row.integer(8), {item.connection, item.received_at}, row.view(9));
    if (!own || !*own) {
        return own ? model::Result<bool>(false) : own.error();
    }
    auto const plain = open_with(**own, row.view(10));
    auto payload = plain ? decode_payload(*plain) : model::Result<Payload>(plain.error());
    if (!payload) {
        return payload.error();
    }
    item.payload_key = std::make_shared<vault::Key const>(**own);
    item.raw = std::move(payload->raw);
    item.event = std::move(payload->event);
    return true;
}

struct ReadItem {
    InboxItem item;
    bool has_payload = false;
};

model::Result<ReadItem> read_item(Sqlite& sqlite, KeyRing& ring, InboxId id) {
    model::Result<ReadItem> item = no_such_item(id);
    auto const read = sqlite.each(
        "SELECT i.id, i.connection, i.event_type, i.received_us, i.attempts, i.replay_of, i.route, i.run,"
        " i.key, i.wrapped, p.sealed FROM inbox i LEFT JOIN payload p ON p.inbox_id = i.id WHERE i.id = ?",
        [&](Row const& row) {
            ReadItem found{head_from(row)};
            auto const payload = read_payload(sqlite, ring, row, found.item);
            found.has_payload = payload && *payload;
            item = payload ? model::Result<ReadItem>(std::move(found)) : model::Result<ReadItem>(payload.error());
        },
        id);
    return read ? std::move(item) : model::Result<ReadItem>(read.error());
}

// What is left of an item whose payload is damaged, even if the pages that held it cannot be read any more.
model::Result<InboxItem> read_head(Sqlite& sqlite, InboxId id, model::Error damage) {
    model::Result<InboxItem> item = no_such_item(id);
    auto const read = sqlite.each(
        "SELECT id, connection, event_type, received_us, attempts, replay_of, route, run FROM inbox WHERE id = ?",
        [&](Row const& row) {
            item = head_from(row);
            item->damage = std::move(damage);
        },
        id);
    return read ? std::move(item) : model::Result<InboxItem>(read.error());
}

model::Result<InboxItem> read_pending(Sqlite& sqlite, KeyRing& ring, InboxId id) {
    auto item = read_item(sqlite, ring, id);
    if (item && item->has_payload) {
        return std::move(item->item);
    }
    if (!item && item.error().code != model::ErrorCode::corruption) {
        return item.error();
    }
    return read_head(
        sqlite, id,
        item ? model::Error{model::ErrorCode::corruption, "What was received, or its key, is gone."} : item.error());
}

// What is due by inbox.origin, in the order of arrival.
using Queues = std::array<std::vector<InboxId>, 3>;

std::vector<InboxId> take_turns(Queues const& queues, std::size_t limit) {
    std::vector<InboxId> ids;
    std::array<std::size_t, std::tuple_size_v<Queues>> next{};
    auto const& webhooks = queues[0];
    for (bool more = true; more;) {
        more = false;
        for (std::size_t origin = 0; origin < queues.size() && ids.size() < limit; ++origin) {
            if (next[origin] == queues[origin].size()) {
                continue;
            }
            more = true;
            InboxId const id = queues[origin][next[origin]];
            bool const after_a_webhook = origin != 0 && next[0] < webhooks.size() && webhooks[next[0]] < id;
            if (!after_a_webhook) {
                ids.push_back(id);
                ++next[origin];
            }
        }
        more = more && ids.size() < limit;
    }
    return ids;
}

}  // namespace

std::string item_subject(KeyRing const& ring, std::string const& subject) {
    return ring.hashed("inbox.subject", subject);
}

model::Error no_such_item(InboxId id) {
    return model::Error{model::ErrorCode::not_found, "There is no event " + std::to_string(id) + "."};
}

std::string_view shortened(std::string_view reason) noexcept {
    constexpr std::size_t reason_bytes_max = 2000;
    return reason.substr(0, reason_bytes_max);
}

model::Result<ItemRow> find_item(Sqlite& sqlite, InboxId id) {
    std::optional<ItemRow> item;
    auto const found = sqlite.each(
        "SELECT state, connection, received_us, key, wrapped FROM inbox WHERE id = ?",
        [&](Row const& row) {
            item = ItemRow{
                static_cast<InboxState>(row.number(0)), {row.text(1), row.time(2)}, row.integer(3), row.text(4)};
        },
        id);
    if (!found) {
        return found.error();
    }
    return item ? model::Result<ItemRow>(std::move(*item)) : no_such_item(id);
}

model::Result<InboxId> copy_item(Batch& batch, InboxId id, std::string const& route, model::TimePoint now) {
    auto const item = find_item(batch.sqlite, id);
    if (!item) {
        return item.error();
    }
    if (item->state == InboxState::pending) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "Event " + std::to_string(id) + " has not been worked on yet."};
    }
    SealingKey const arrival = batch.ring.arrival();
    auto copied = batch.sqlite.run(
        "INSERT INTO inbox (connection, event_type, received_us, replay_of, due_us, route, run, key)"
        " SELECT i.connection, i.event_type, ?1, i.id, ?1, iif(?4 = '', i.route, ?4), iif(i.run = ?5, ?5, 0), ?2"
        " FROM inbox i JOIN payload p ON p.inbox_id = i.id WHERE i.id = ?3",
        now, arrival.id, id, route, from_sweep);
    if (copied && batch.sqlite.changes() == 0) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "The payload of event " + std::to_string(id) + " is purged."};
    }
    InboxId const replay = batch.sqlite.inserted_id();
    auto const wrapped =
        rewrap(batch.sqlite, batch.ring, item->key, item->place, item->wrapped, arrival, {item->place.connection, now});
    if (!wrapped) {
        return wrapped.error();
    }
    if (copied) {
        copied = batch.sqlite.run("UPDATE inbox SET wrapped = ? WHERE id = ?", Blob{*wrapped}, replay);
    }
    if (copied) {
        copied = batch.sqlite.run("INSERT INTO payload SELECT ?, sealed FROM payload WHERE inbox_id = ?", replay, id);
    }
    if (!copied) {
        return copied.error();
    }
    ++batch.promised;
    return replay;
}

model::Result<std::vector<InboxItem>> Inbox::due(std::string const& connection, model::TimePoint now,
                                                 std::size_t limit) {
    KeyRing& ring = store_.database().ring();
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::vector<InboxItem>> {
        Queues queues;
        for (std::size_t origin = 0; origin < queues.size(); ++origin) {
            auto const read = sqlite.each(
                "SELECT id FROM inbox INDEXED BY inbox_pending WHERE state = 0 AND connection = ? AND origin = ?"
                " AND due_us <= ? ORDER BY due_us, id LIMIT ?",
                [&](Row const& row) { queues[origin].push_back(row.integer(0)); }, connection, origin, now,
                std::min(limit, due_max));
            if (!read) {
                return read.error();
            }
            std::sort(queues[origin].begin(), queues[origin].end());
        }
        bool const several =
            std::count_if(queues.begin(), queues.end(), [](auto const& of) { return !of.empty(); }) > 1;
        std::vector<InboxItem> due;
        std::size_t bytes = 0;
        for (InboxId const id : take_turns(queues, std::min(limit, due_max))) {
            if (bytes >= page_bytes_max) {
                break;
            }
            auto item = read_pending(sqlite, ring, id);
            if (!item) {
                return item.error();
            }
            item->overtakes = several;
            bytes += item->raw.body.size() + (item->event ? item->event->record.json.size() : 0);
            due.push_back(std::move(*item));
        }
        return due;
    });
}

model::Result<std::vector<InboxItem>> Inbox::overtaken(InboxItem const& item, std::string const& subject,
                                                       model::TimePoint now) {
    KeyRing& ring = store_.database().ring();
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::vector<InboxItem>> {
        std::vector<InboxId> ids;
        auto const read = sqlite.each(
            "SELECT id FROM inbox INDEXED BY inbox_subject WHERE state = 0 AND subject <> '' AND connection = ?"
            " AND subject = ? AND id < ? AND due_us <= ? ORDER BY id LIMIT ?",
            [&](Row const& row) { ids.push_back(row.integer(0)); }, item.connection, item_subject(ring, subject),
            item.id, now, overtaken_max);
        if (!read) {
            return read.error();
        }
        std::vector<InboxItem> items;
        for (InboxId const id : ids) {
            auto before = read_pending(sqlite, ring, id);
            if (!before) {
                return before.error();
            }
            items.push_back(std::move(*before));
        }
        return items;
    });
}

model::Result<std::optional<model::TimePoint>> Inbox::next_due(std::string const& connection) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::optional<model::TimePoint>> {
        std::optional<model::TimePoint> due;
        auto const read = sqlite.each(
            "SELECT min(due) FROM"
            " (SELECT min(due_us) AS due FROM inbox INDEXED BY inbox_pending"
            " WHERE state = 0 AND connection = ?1 AND origin = 0"
            " UNION ALL SELECT min(due_us) FROM inbox INDEXED BY inbox_pending"
            " WHERE state = 0 AND connection = ?1 AND origin = 1"
            " UNION ALL SELECT min(due_us) FROM inbox INDEXED BY inbox_pending"
            " WHERE state = 0 AND connection = ?1 AND origin = 2)",
            [&](Row const& row) { due = row.optional_time(0); }, connection);
        if (!read) {
            return read.error();
        }
        return due;
    });
}

bool Inbox::is_full() const {
    return store_.database().is_full();
}

model::Result<std::int64_t> Inbox::pending() {
    return store_.database().pending();
}

model::Result<InboxItem> Inbox::read(InboxId id) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<InboxItem> {
        auto read = read_item(sqlite, store_.database().ring(), id);
        return read ? model::Result<InboxItem>(std::move(read->item)) : model::Result<InboxItem>(read.error());
    });
}

model::Result<void> Inbox::retry_at(InboxId id, model::TimePoint due, model::Error const& error,
                                    std::vector<NewDelivery> notices) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<void> {
        auto const state = state_of(batch.sqlite, id);
        if (!state || *state != InboxState::pending) {
            return state ? model::Result<void>() : model::Result<void>(state.error());
        }
        if (auto const added = insert_deliveries(batch, id, 0, notices, database.now()); !added) {
            return added;
        }
        return batch.sqlite.run("UPDATE inbox SET due_us = ?, attempts = attempts + 1, reason = ? WHERE id = ?", due,
                                shortened(error.detail), id);
    });
}

model::Result<void> Inbox::bury(InboxId id, model::Error const& error, std::vector<NewDelivery> deliveries) {
    Database& database = store_.database();
    Ending ending(database);
    auto const bury = [&](Batch& batch) -> model::Result<void> {
        auto const state = state_of(batch.sqlite, id);
        if (!state || *state != InboxState::pending) {
            return state ? model::Result<void>() : model::Result<void>(state.error());
        }
        ending.ended();
        if (auto const added = insert_deliveries(batch, id, 0, deliveries, database.now()); !added) {
            return added;
        }
        if (auto const caused = batch.sqlite.run("UPDATE inbox SET cause = ?, due_us = ? WHERE id = ?",
                                                 cause_of_item(error), database.now(), id);
            !caused) {
            return caused;
        }
        return batch.sqlite.run("UPDATE inbox SET state = ?, reason = ? WHERE id = ?", InboxState::dead,
                                shortened(error.detail), id);
    };
    return database.write(bury, [&] { ending.committed(); });
}

model::Result<InboxId> Inbox::replay(InboxId id) {
    Database& database = store_.database();
    auto const copy = [&](Batch& batch) { return copy_item(batch, id, {}, database.now()); };
    return database.write(copy, [&] { database.count_pending(1); });
}

}  // namespace crosswalk::store
