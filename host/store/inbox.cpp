#include "store/inbox.hpp"

#include "store/cause.hpp"
#include "store/codec.hpp"
#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/item_rows.hpp"
#include "store/payload_rows.hpp"

#include <algorithm>

namespace crosswalk::store {
namespace {

constexpr std::size_t item_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t events_per_poll_max = 10'000;
constexpr std::size_t deliveries_per_item_max = 10'000;
constexpr std::size_t due_max = 10'000;
constexpr std::size_t reason_bytes_max = 2000;

constexpr std::string_view came_before = "The same event came before; its deliveries are made already.";

enum class InboxState : int { pending = 0, dispatched = 1, filtered = 2, dead = 3, discarded = 4 };

// An accepted item on its way: all that can be prepared before the writer thread gets it.
struct Prepared {
    Accepted item;
    SealingKey arrival;  // held until the commit, so that it is not retired before
    SealedPayload payload;
    KeyHash hash{};
    model::TimePoint received_at;
    Verdict verdict;
    std::string route;
    RunId run = 0;
    [[nodiscard]] std::string_view hash_view() const noexcept { return {hash.data(), hash.size()}; }
};

model::Result<Prepared> prepare(Database& database, Accepted item, std::string const& route = {}, RunId run = 0) {
    Prepared prepared;
    prepared.route = route;
    prepared.run = run;
    prepared.item = std::move(item);
    prepared.received_at = database.now();
    std::string const plain = encode_payload(prepared.item.raw, prepared.item.event);
    if (plain.size() > item_bytes_max) {
        return model::Error{model::ErrorCode::too_large, "An event may have at most 64 MiB."};
    }
    prepared.arrival = database.ring().arrival();
    auto sealed = seal_payload(prepared.arrival, {prepared.item.connection, prepared.received_at}, plain);
    if (!sealed) {
        return sealed.error();
    }
    prepared.payload = std::move(*sealed);
    // No name has a line break: events that were polled, for one route, or found by a sweep share keys with no others.
    std::string source = prepared.item.connection;
    if (prepared.item.swept) {
        prepared.run = from_sweep;
        source += "\n\n";
    } else if (!route.empty()) {
        source += '\n' + route;
    }
    prepared.hash = hash_key(database.ring().secret(), source, prepared.item.dedupe_key);
    return prepared;
}

// Some accepted items in one transaction, and what memory has to forget when it does not commit.
class AcceptWork {
public:
    AcceptWork(Database& database, std::vector<Prepared>& items) : database_(database), items_(items) {}

    [[nodiscard]] model::Result<void> run(Batch& batch) {
        for (Prepared& item : items_) {
            auto const first = find_first(batch.sqlite, item);
            if (!first) {
                return first.error();
            }
            item.verdict = {*first, *first != 0};
            if (*first == 0) {
                if (auto const inserted = insert(batch, item); !inserted) {
                    return inserted;
                }
            }
            // What a sweep found is no sign that the vendor still sends.
            if (item.item.swept) {
                continue;
            }
            if (auto const seen = save_last_event(batch.sqlite, item); !seen) {
                return seen;
            }
        }
        return database_.cap_keys(batch, forgotten_);
    }

    void committed() {
        std::uint64_t duplicates = 0;
        for (Prepared const& item : items_) {
            duplicates += item.verdict.duplicate ? 1U : 0U;
            if (!item.item.swept) {
                database_.switches().saw_event(item.item.connection, item.received_at);
            }
        }
        for (auto const& [connection, at] : saved_) {
            database_.switches().saved_last_event(connection, at);
        }
        database_.count_pending(static_cast<std::int64_t>(items_.size() - duplicates));
        if (duplicates > 0) {
            database_.count_duplicates(duplicates);
        }
    }

    void undone() {
        for (auto const& [print, id] : forgotten_) {
            database_.keys().insert(print, id);
        }
        for (auto const& [print, id] : added_) {
            database_.keys().erase(print, id);
        }
        added_.clear();
        forgotten_.clear();
        saved_.clear();
    }

private:
    // The row that holds this key already; 0 when there is none. A key of this very transaction is found like any
    // other, because the table is read inside it.
    [[nodiscard]] model::Result<std::int64_t> find_first(Sqlite& sqlite, Prepared const& item) {
        if (item.item.dedupe_key.empty()) {
            return 0;
        }
        model::Result<void> read;
        auto const oldest = item.received_at - database_.options().dedupe_window;
        std::int64_t const first = database_.keys().find(fingerprint(item.hash_view()), [&](std::int64_t id) {
            bool same = false;
            if (read) {
                read = sqlite.each(
                    "SELECT hash, received_us FROM dedupe WHERE inbox_id = ?",
                    [&](Row const& row) { same = row.view(0) == item.hash_view() && row.time(1) >= oldest; }, id);
            }
            return same;
        });
        return read ? model::Result<std::int64_t>(first) : model::Result<std::int64_t>(read.error());
    }

    [[nodiscard]] model::Result<void> insert(Batch& batch, Prepared& item) {
        Sqlite& sqlite = batch.sqlite;
        auto inserted = sqlite.run(
            "INSERT INTO inbox (connection, event_type, received_us, due_us, route, run, key, wrapped)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            item.item.connection, item.item.event_type, item.received_at, item.received_at, item.route, item.run,
            item.arrival.id, Blob{item.payload.wrapped});
        if (!inserted) {
            return inserted;
        }
        std::int64_t const id = sqlite.inserted_id();
        inserted = sqlite.run("INSERT INTO payload VALUES (?, ?)", id, Blob{item.payload.bytes});
        if (inserted && !item.item.dedupe_key.empty()) {
            inserted = sqlite.run("INSERT INTO dedupe VALUES (?, ?, ?)", id, Blob{item.hash_view()}, item.received_at);
            if (inserted) {
                added_.emplace_back(fingerprint(item.hash_view()), id);
                database_.keys().insert(added_.back().first, id);
            }
        }
        item.verdict.id = id;
        ++batch.promised;
        return inserted;
    }

    [[nodiscard]] model::Result<void> save_last_event(Sqlite& sqlite, Prepared const& item) {
        if (!database_.switches().last_event_is_stale(item.item.connection, item.received_at)) {
            return {};
        }
        saved_.emplace_back(item.item.connection, item.received_at);
        return sqlite.run(
            "INSERT INTO connection_state (connection, last_event_us) VALUES (?1, ?2)"
            " ON CONFLICT (connection) DO UPDATE SET last_event_us = ?2",
            item.item.connection, item.received_at);
    }

    Database& database_;
    std::vector<Prepared>& items_;
    std::vector<std::pair<std::uint64_t, std::int64_t>> added_;
    std::vector<std::pair<std::uint64_t, std::int64_t>> forgotten_;
    std::vector<std::pair<std::string, model::TimePoint>> saved_;
};

// What a change of state needs to know of an item.
struct ItemRow {
    InboxState state = InboxState::pending;
    PayloadPlace place;
    KeyId key = 0;
    std::string wrapped;
};

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

model::Result<InboxState> state_of(Sqlite& sqlite, InboxId id) {
    auto const item = find_item(sqlite, id);
    return item ? model::Result<InboxState>(item->state) : model::Result<InboxState>(item.error());
}

// The payload goes to the person that its events are about.
model::Result<void> hand_over(Batch& batch, InboxId id, ItemRow const& item, SealingKey const& key) {
    auto const wrapped = rewrap(batch.sqlite, batch.ring, item.key, item.place, item.wrapped, key, item.place);
    return wrapped ? batch.sqlite.run("UPDATE inbox SET key = ?, wrapped = ? WHERE id = ?", key.id, Blob{*wrapped}, id)
                   : model::Result<void>(wrapped.error());
}

// Counts the items that a write ended out of the pending ones, after the commit.
class Ending {
public:
    explicit Ending(Database& database) noexcept : database_(database) {}
    void ended() noexcept { ++ended_; }
    void committed() noexcept { database_.count_pending(-ended_); }

private:
    Database& database_;
    std::int64_t ended_ = 0;
};

model::Result<std::string> route_of(Database& database, RunId run) {
    return database.read([&](Sqlite& sqlite) -> model::Result<std::string> {
        std::optional<std::string> route;
        auto const found = sqlite.each(
            "SELECT route FROM run WHERE id = ?", [&](Row const& row) { route = row.text(0); }, run);
        if (!found) {
            return found.error();
        }
        return route ? model::Result<std::string>(std::move(*route))
                     : model::Error{model::ErrorCode::not_found, "There is no run " + std::to_string(run) + "."};
    });
}

// The run's progress and the cursor for what comes after this turn.
model::Result<void> save_turn(Sqlite& sqlite, PollTurn const& turn, std::string const& route, std::int64_t added,
                              model::TimePoint now) {
    auto saved = sqlite.run(
        "UPDATE run SET turns = turns + 1, events = events + ?1, beat_us = ?2, reason = '',"
        " state = iif(?3, 2, state), ended_us = iif(?3, ?2, ended_us) WHERE id = ?4 AND state = 1",
        added, now, turn.last, turn.run);
    if (saved && sqlite.changes() == 0) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "Run " + std::to_string(turn.run) + " is not running."};
    }
    if (saved && turn.cursor) {
        saved = sqlite.run("INSERT OR REPLACE INTO poll_cursor VALUES (?, ?, ?)", route, turn.selection, *turn.cursor);
    }
    return saved;
}

model::Result<void> end_item(Sqlite& sqlite, InboxId id, InboxState state, std::string_view reason) {
    return sqlite.run("UPDATE inbox SET state = ?, reason = ? WHERE id = ?", state, reason.substr(0, reason_bytes_max),
                      id);
}

// One row of the two queries below, which name these columns. A payload that is gone leaves its part empty.
model::Result<InboxItem> item_from(Sqlite& sqlite, KeyRing& ring, Row const& row) {
    InboxItem item;
    item.id = row.integer(0);
    item.connection = row.text(1);
    item.event_type = row.text(2);
    item.received_at = row.time(3);
    item.attempts = row.number(4);
    item.replay_of = row.integer(5);
    item.route = row.text(6);
    item.run = row.integer(7);
    if (row.is_null(10)) {
        return item;
    }
    auto const plain =
        open_payload(sqlite, ring, row.integer(8), {item.connection, item.received_at}, row.view(9), row.view(10));
    if (!plain || !*plain) {
        return plain ? model::Result<InboxItem>(std::move(item)) : plain.error();
    }
    auto payload = decode_payload(**plain);
    if (!payload) {
        return payload.error();
    }
    item.raw = std::move(payload->raw);
    item.event = std::move(payload->event);
    return item;
}

// Collects rows until the first that is damaged.
class Items {
public:
    Items(Sqlite& sqlite, KeyRing& ring) noexcept : sqlite_(sqlite), ring_(ring) {}
    bool operator()(Row const& row) {
        auto item = item_from(sqlite_, ring_, row);
        if (!item) {
            damage_ = item.error();
            return false;
        }
        items_.push_back(std::move(*item));
        return true;
    }
    [[nodiscard]] model::Result<std::vector<InboxItem>> take(model::Result<void> const& read) {
        if (!read) {
            return read.error();
        }
        if (damage_) {
            return *damage_;
        }
        return std::move(items_);
    }

private:
    Sqlite& sqlite_;
    KeyRing& ring_;
    std::vector<InboxItem> items_;
    std::optional<model::Error> damage_;
};

// Nothing happens to an item that is no longer pending.
model::Result<void> dispatch_one(Batch& batch, Dispatch const& dispatch, std::vector<Handles> const& handles,
                                 model::TimePoint now, Ending& ending) {
    auto const item = find_item(batch.sqlite, dispatch.id);
    if (!item || item->state != InboxState::pending) {
        return item ? model::Result<void>() : model::Result<void>(item.error());
    }
    ending.ended();
    std::int64_t promised = 0;
    std::int32_t ordinal = 0;
    bool wanted = false;
    for (DispatchedEvent const& event : dispatch.events) {
        auto const key = key_for(batch.sqlite, batch.ring, handles[static_cast<std::size_t>(ordinal)]);
        if (!key) {
            return key.error();
        }
        if (auto const kept = insert_event(batch.sqlite, *key, dispatch.id, ordinal, event.event); !kept) {
            return kept;
        }
        if (ordinal == 0) {
            if (auto const handed = hand_over(batch, dispatch.id, *item, *key); !handed) {
                return handed;
            }
        }
        auto const added = insert_deliveries(batch, *key, dispatch.id, ordinal, event.deliveries, now);
        if (!added) {
            return added.error();
        }
        promised += *added;
        wanted = wanted || !event.deliveries.empty();
        ++ordinal;
    }
    if (promised == 0) {
        return end_item(batch.sqlite, dispatch.id, InboxState::filtered,
                        wanted ? came_before : std::string_view(dispatch.why));
    }
    // From now on its deliveries are counted in its place.
    --batch.promised;
    return end_item(batch.sqlite, dispatch.id, InboxState::dispatched, {});
}

}  // namespace

model::Error no_such_item(InboxId id) {
    return model::Error{model::ErrorCode::not_found, "There is no event " + std::to_string(id) + "."};
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
        "INSERT INTO inbox (connection, event_type, received_us, replay_of, due_us, route, key)"
        " SELECT i.connection, i.event_type, ?1, i.id, ?1, iif(?4 = '', i.route, ?4), ?2 FROM inbox i"
        " JOIN payload p ON p.inbox_id = i.id WHERE i.id = ?3",
        now, arrival.id, id, route);
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

model::Result<Verdict> Inbox::accept(Accepted item) {
    Database& database = store_.database();
    auto prepared = prepare(database, std::move(item));
    if (!prepared) {
        return prepared.error();
    }
    std::vector<Prepared> items;
    items.push_back(std::move(*prepared));
    AcceptWork work(database, items);
    auto const stored = database.write(Write{[&work](Batch& batch) { return work.run(batch); },
                                             [&work] { work.committed(); }, [&work] { work.undone(); }, false});
    return stored ? model::Result<Verdict>(items.front().verdict) : model::Result<Verdict>(stored.error());
}

void Inbox::accept(Accepted item, std::function<void(model::Result<Verdict> const&)> done) {
    Database& database = store_.database();
    auto prepared = prepare(database, std::move(item));
    if (!prepared) {
        return done(prepared.error());
    }
    struct Accepting {
        std::vector<Prepared> items;
        AcceptWork work;
        std::function<void(model::Result<Verdict> const&)> done;
        Accepting(Database& database, Prepared first, std::function<void(model::Result<Verdict> const&)> then)
            : items{}, work(database, items), done(std::move(then)) {
            items.push_back(std::move(first));
        }
    };
    // Shared by the parts of the write, which are copied with it.
    auto const accepting = std::make_shared<Accepting>(database, std::move(*prepared), std::move(done));
    auto const queued = database.write_late(
        Write{[accepting](Batch& batch) { return accepting->work.run(batch); },
              [accepting] { accepting->work.committed(); }, [accepting] { accepting->work.undone(); }, false,
              [accepting](model::Result<void> const& stored) {
                  accepting->done(stored ? model::Result<Verdict>(accepting->items.front().verdict)
                                         : model::Result<Verdict>(stored.error()));
              }});
    if (!queued) {
        accepting->done(queued.error());
    }
}

model::Result<std::vector<Verdict>> Inbox::accept_poll(PollTurn turn) {
    if (turn.events.size() > events_per_poll_max) {
        return model::Error{model::ErrorCode::too_large, "A poll may bring at most 10000 events at once."};
    }
    Database& database = store_.database();
    auto const route = route_of(database, turn.run);
    if (!route) {
        return route.error();
    }
    std::vector<Prepared> items;
    items.reserve(turn.events.size());
    for (Accepted& event : turn.events) {
        auto prepared = prepare(database, std::move(event), *route, turn.run);
        if (!prepared) {
            return prepared.error();
        }
        items.push_back(std::move(*prepared));
    }
    AcceptWork work(database, items);
    auto const run = [&](Batch& batch) -> model::Result<void> {
        if (auto const accepted = work.run(batch); !accepted) {
            return accepted;
        }
        auto const added =
            std::count_if(items.begin(), items.end(), [](Prepared const& item) { return !item.verdict.duplicate; });
        return save_turn(batch.sqlite, turn, *route, added, database.now());
    };
    auto const stored = database.write(Write{std::ref(run), [&work] { work.committed(); }, [&work] { work.undone(); }});
    if (!stored) {
        return stored.error();
    }
    std::vector<Verdict> verdicts;
    std::transform(items.begin(), items.end(), std::back_inserter(verdicts),
                   [](Prepared const& item) { return item.verdict; });
    return verdicts;
}

model::Result<std::vector<InboxItem>> Inbox::due(std::string const& connection, model::TimePoint now,
                                                 std::size_t limit) {
    return store_.database().read([&](Sqlite& sqlite) {
        Items items(sqlite, store_.database().ring());
        auto const read = sqlite.each(
            "SELECT i.id, i.connection, i.event_type, i.received_us, i.attempts, i.replay_of, i.route, i.run,"
            " i.key, i.wrapped, p.sealed FROM inbox i INDEXED BY inbox_pending JOIN payload p ON p.inbox_id = i.id"
            " WHERE i.state = 0 AND i.connection = ? AND i.due_us <= ? ORDER BY i.due_us, i.id LIMIT ?",
            items, connection, now, std::min(limit, due_max));
        auto due = items.take(read);
        if (due) {
            std::sort(due->begin(), due->end(), [](InboxItem const& a, InboxItem const& b) { return a.id < b.id; });
        }
        return due;
    });
}

model::Result<std::optional<model::TimePoint>> Inbox::next_due(std::string const& connection) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::optional<model::TimePoint>> {
        std::optional<model::TimePoint> due;
        auto const read = sqlite.each(
            "SELECT due_us FROM inbox INDEXED BY inbox_pending WHERE state = 0 AND connection = ?"
            " ORDER BY due_us LIMIT 1",
            [&](Row const& row) { due = row.time(0); }, connection);
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
        Items items(sqlite, store_.database().ring());
        auto const read = sqlite.each(
            "SELECT i.id, i.connection, i.event_type, i.received_us, i.attempts, i.replay_of, i.route, i.run,"
            " i.key, i.wrapped, p.sealed FROM inbox i LEFT JOIN payload p ON p.inbox_id = i.id WHERE i.id = ?",
            items, id);
        auto found = items.take(read);
        if (!found) {
            return found.error();
        }
        return found->empty() ? model::Result<InboxItem>(no_such_item(id))
                              : model::Result<InboxItem>(std::move(found->front()));
    });
}

model::Result<void> Inbox::dispatch(InboxId id, std::vector<DispatchedEvent> events, std::string why) {
    std::vector<Dispatch> one;
    one.push_back({id, std::move(events), std::move(why)});
    return dispatch(one);
}

model::Result<void> Inbox::dispatch(std::vector<Dispatch> const& items) {
    Database& database = store_.database();
    std::vector<std::vector<Handles>> handles;
    for (Dispatch const& item : items) {
        std::size_t total = item.events.size();
        std::vector<Handles>& of_item = handles.emplace_back();
        for (DispatchedEvent const& event : item.events) {
            total += event.deliveries.size();
            of_item.push_back(handles_of(event.event.record));
        }
        if (total > deliveries_per_item_max) {
            return model::Error{model::ErrorCode::too_large, "One event may start at most 10000 deliveries."};
        }
    }
    Ending ending(database);
    auto const dispatch = [&](Batch& batch) -> model::Result<void> {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (auto const ended = dispatch_one(batch, items[i], handles[i], database.now(), ending); !ended) {
                return ended;
            }
        }
        return {};
    };
    return database.write(dispatch, [&] { ending.committed(); });
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
            return added.error();
        }
        return batch.sqlite.run("UPDATE inbox SET due_us = ?, attempts = attempts + 1, reason = ? WHERE id = ?", due,
                                std::string_view(error.detail).substr(0, reason_bytes_max), id);
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
        auto const added = insert_deliveries(batch, id, 0, deliveries, database.now());
        if (!added) {
            return added.error();
        }
        if (auto const caused = batch.sqlite.run("UPDATE inbox SET cause = ?, due_us = ? WHERE id = ?",
                                                 cause_of_item(error), database.now(), id);
            !caused) {
            return caused;
        }
        return end_item(batch.sqlite, id, InboxState::dead, error.detail);
    };
    return database.write(bury, [&] { ending.committed(); });
}

model::Result<InboxId> Inbox::replay(InboxId id) {
    Database& database = store_.database();
    auto const copy = [&](Batch& batch) { return copy_item(batch, id, {}, database.now()); };
    return database.write(copy, [&] { database.count_pending(1); });
}

}  // namespace crosswalk::store
