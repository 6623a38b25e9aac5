// How items come into the inbox: what is prepared before the writer thread gets it, and the transaction that keeps it.
#include "store/codec.hpp"
#include "store/database.hpp"
#include "store/inbox.hpp"
#include "store/item_rows.hpp"
#include "store/payload_rows.hpp"
#include "store/state_rows.hpp"

#include <algorithm>
#include <memory>

namespace crosswalk::store {
namespace {

constexpr std::size_t item_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t events_per_poll_max = 10'000;

// An accepted item on its way: all that can be prepared before the writer thread gets it.
struct Prepared {
    Accepted item;
    SealingKey arrival;  // held until the commit, so that it is not retired before
    SealedPayload payload;
    KeyHash hash{};
    model::TimePoint received_at;
    Verdict verdict;
    std::string route;
    std::string subject;  // hashed; of what a run or a sweep brought
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
    if (prepared.run != 0 && prepared.item.event) {
        prepared.subject = item_subject(database.ring(), prepared.item.event->subject);
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
    [[nodiscard]] model::Result<std::int64_t> find_first(Sqlite& sqlite, Prepared const& item) {
        return item.item.dedupe_key.empty()
                   ? model::Result<std::int64_t>(0)
                   : first_with_key(database_, sqlite, item.hash, item.received_at - database_.options().dedupe_window);
    }

    [[nodiscard]] model::Result<void> insert(Batch& batch, Prepared& item) {
        Sqlite& sqlite = batch.sqlite;
        auto inserted = sqlite.run(
            "INSERT INTO inbox (connection, event_type, received_us, due_us, route, run, key, wrapped, subject)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            item.item.connection, item.item.event_type, item.received_at, item.received_at, item.route, item.run,
            item.arrival.id, Blob{item.payload.wrapped}, item.subject);
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
model::Result<void> save_turn(Sqlite& sqlite, KeyRing const& ring, PollTurn const& turn, std::string const& route,
                              std::int64_t added, model::TimePoint now) {
    auto saved = sqlite.run(
        "UPDATE run SET turns = turns + 1, events = events + ?1, beat_us = ?2, reason = '',"
        " state = iif(?3, 2, state), ended_us = iif(?3, ?2, ended_us) WHERE id = ?4 AND state = 1",
        added, now, turn.last, turn.run);
    if (saved && sqlite.changes() == 0) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "Run " + std::to_string(turn.run) + " is not running."};
    }
    if (saved && turn.cursor) {
        auto const sealed = seal_cursor(ring, route, *turn.cursor);
        saved = sealed ? sqlite.run("INSERT OR REPLACE INTO poll_cursor VALUES (?, ?, ?)", route, turn.selection,
                                    Blob{*sealed})
                       : model::Result<void>(sealed.error());
    }
    return saved;
}

}  // namespace

// A key of this very transaction is found like any other, because the table is read inside it.
model::Result<InboxId> first_with_key(Database& database, Sqlite& sqlite, KeyHash const& hash,
                                      model::TimePoint oldest) {
    std::string_view const view(hash.data(), hash.size());
    model::Result<void> read;
    InboxId const first = database.keys().find(fingerprint(view), [&](InboxId id) {
        bool same = false;
        if (read) {
            read = sqlite.each(
                "SELECT hash, received_us FROM dedupe WHERE inbox_id = ?",
                [&](Row const& row) { same = row.view(0) == view && row.time(1) >= oldest; }, id);
        }
        return same;
    });
    return read ? model::Result<InboxId>(first) : model::Result<InboxId>(read.error());
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
        return save_turn(batch.sqlite, batch.ring, turn, *route, added, database.now());
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

}  // namespace crosswalk::store
