#include "store/dead_letters.hpp"

#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/item_rows.hpp"
#include "store/reopening.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace crosswalk::store {
namespace {

constexpr std::size_t page_max = 500;
constexpr std::size_t causes_max = 500;
constexpr std::size_t names_max = 20;
constexpr std::int64_t every_number = std::numeric_limits<std::int64_t>::max();

// The filter and a range of numbers as the queries below bind them.
struct Bounds {
    std::string const& cause;
    std::string const& route;
    std::string const& connection;
    std::int64_t since_us;
    std::int64_t until_us;
    explicit Bounds(DeadFilter const& filter)
        : cause(filter.cause),
          route(filter.route),
          connection(filter.connection),
          since_us(filter.since ? model::to_unix_us(*filter.since) : std::numeric_limits<std::int64_t>::min()),
          until_us(filter.until ? model::to_unix_us(*filter.until) : every_number) {}
};

// Names joined by commas, which no name has.
void add_names(std::vector<std::string>& names, std::string_view joined) {
    while (!joined.empty()) {
        std::size_t const end = std::min(joined.find(','), joined.size());
        if (end > 0) {
            names.emplace_back(joined.substr(0, end));
        }
        joined.remove_prefix(std::min(end + 1, joined.size()));
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    names.resize(std::min(names.size(), names_max));
}

// A row of: cause, letters, oldest, newest, routes, connections.
void add_cause(std::map<std::string, DeadCause>& causes, Row const& row, std::int64_t DeadCause::*count) {
    auto const [at, added] = causes.try_emplace(row.text(0));
    DeadCause& cause = at->second;
    cause.cause = at->first;
    cause.*count = row.integer(1);
    cause.oldest = added ? row.time(2) : std::min(cause.oldest, row.time(2));
    cause.newest = added ? row.time(3) : std::max(cause.newest, row.time(3));
    add_names(cause.routes, row.view(4));
    add_names(cause.connections, row.view(5));
}

model::Result<std::map<std::string, DeadCause>> count_causes(Sqlite& sqlite) {
    std::map<std::string, DeadCause> causes;
    auto read = sqlite.each(
        "SELECT cause, count(*) AS letters, min(due_us), max(due_us), group_concat(DISTINCT route),"
        " group_concat(DISTINCT connection) FROM delivery INDEXED BY delivery_dead WHERE state = 14"
        " GROUP BY cause ORDER BY letters DESC LIMIT ?",
        [&](Row const& row) { add_cause(causes, row, &DeadCause::deliveries); }, causes_max);
    if (read) {
        read = sqlite.each(
            "SELECT cause, count(*) AS letters, min(due_us), max(due_us), group_concat(DISTINCT route),"
            " group_concat(DISTINCT connection) FROM inbox INDEXED BY inbox_ended WHERE state >= 2 AND state = 3"
            " GROUP BY cause ORDER BY letters DESC LIMIT ?",
            [&](Row const& row) { add_cause(causes, row, &DeadCause::items); }, causes_max);
    }
    return read ? model::Result<std::map<std::string, DeadCause>>(std::move(causes))
                : model::Result<std::map<std::string, DeadCause>>(read.error());
}

model::Result<void> add_reason(Sqlite& sqlite, DeadCause& cause) {
    auto const take = [&](Row const& row) { cause.reason = row.text(0); };
    return cause.deliveries > 0
               ? sqlite.each(
                     "SELECT reason FROM delivery INDEXED BY delivery_dead WHERE state = 14 AND cause = ?"
                     " ORDER BY id DESC LIMIT 1",
                     take, cause.cause)
               : sqlite.each(
                     "SELECT reason FROM inbox INDEXED BY inbox_ended WHERE state >= 2 AND state = 3 AND cause = ?"
                     " ORDER BY id DESC LIMIT 1",
                     take, cause.cause);
}

std::string item_state(int state) {
    constexpr char const* names[] = {"received", "dispatched", "filtered", "dead", "discarded"};
    return state >= 0 && state < static_cast<int>(std::size(names)) ? names[state] : "received";
}

model::Result<DeadLetter> find_delivery(Sqlite& sqlite, DeliveryId id) {
    std::optional<DeadLetter> letter;
    auto const read = sqlite.each(
        "SELECT d.kind, d.state, d.cause, d.reason, d.died_of, d.route, d.connection, d.action, d.inbox_id, d.due_us,"
        " d.replayed_as, p.edits IS NOT NULL"
        " FROM delivery d LEFT JOIN delivery_data p ON p.delivery_id = d.id WHERE d.id = ?",
        [&](Row const& row) {
            auto const state = static_cast<DeliveryState>(row.number(1));
            letter = DeadLetter{{false, id},
                                static_cast<DeliveryKind>(row.number(0)),
                                state == DeliveryState::dead,
                                std::string(name(state)),
                                row.text(2),
                                row.text(3),
                                row.text(4),
                                row.text(5),
                                row.text(6),
                                row.text(7),
                                row.integer(8),
                                row.time(9),
                                row.integer(10),
                                row.number(11) != 0,
                                false};
        },
        id);
    if (!read || !letter) {
        return read ? no_such_delivery(id) : read.error();
    }
    auto const unknown = last_push_is_unknown(sqlite, id);
    if (!unknown) {
        return unknown.error();
    }
    letter->maybe_applied = *unknown;
    return std::move(*letter);
}

model::Result<DeadLetter> find_dead_item(Sqlite& sqlite, InboxId id) {
    std::optional<DeadLetter> letter;
    auto const read = sqlite.each(
        "SELECT state, cause, reason, died_of, route, connection, event_type, due_us, replayed_as FROM inbox"
        " WHERE id = ?",
        [&](Row const& row) {
            letter = DeadLetter{{true, id},
                                DeliveryKind::delivery,
                                row.number(0) == 3,
                                item_state(row.number(0)),
                                row.text(1),
                                row.text(2),
                                row.text(3),
                                row.text(4),
                                row.text(5),
                                row.text(6),
                                id,
                                row.time(7),
                                row.integer(8)};
        },
        id);
    if (!read) {
        return read.error();
    }
    return letter ? model::Result<DeadLetter>(std::move(*letter)) : no_such_item(id);
}

model::Result<DeadLetter> find_letter(Sqlite& sqlite, LetterId id) {
    return id.is_item ? find_dead_item(sqlite, id.number) : find_delivery(sqlite, id.number);
}

// Numbers of dead deliveries or dead items in (above, below), in the order asked for.
model::Result<void> add_numbers(Sqlite& sqlite, bool items, Bounds const& bounds, std::int64_t above,
                                std::int64_t below, bool newest_first, std::size_t limit,
                                std::vector<LetterId>& found) {
    auto const add = [&](Row const& row) { found.push_back({items, row.integer(0)}); };
    int const sign = newest_first ? -1 : 1;
    return items ? sqlite.each(
                       "SELECT id FROM inbox INDEXED BY inbox_ended WHERE state >= 2 AND state = 3"
                       " AND (?1 = '' OR cause = ?1 OR substr(cause, 1, length(?1) + 1) = ?1 || ':')"
                       " AND (?2 = '' OR route = ?2) AND (?3 = '' OR connection = ?3) AND due_us >= ?4 AND due_us < ?5"
                       " AND id > ?6 AND id < ?7 ORDER BY id * ?8 LIMIT ?9",
                       add, bounds.cause, bounds.route, bounds.connection, bounds.since_us, bounds.until_us, above,
                       below, sign, limit)
                 : sqlite.each(
                       "SELECT id FROM delivery INDEXED BY delivery_dead WHERE state = 14"
                       " AND (?1 = '' OR cause = ?1 OR substr(cause, 1, length(?1) + 1) = ?1 || ':')"
                       " AND (?2 = '' OR route = ?2) AND (?3 = '' OR connection = ?3) AND due_us >= ?4 AND due_us < ?5"
                       " AND id > ?6 AND id < ?7 ORDER BY id * ?8 LIMIT ?9",
                       add, bounds.cause, bounds.route, bounds.connection, bounds.since_us, bounds.until_us, above,
                       below, sign, limit);
}

// Deliveries come before items in both directions; `from` is the last letter of the page before.
model::Result<std::vector<LetterId>> page(Sqlite& sqlite, DeadFilter const& filter, std::optional<LetterId> from,
                                          bool newest_first, std::size_t limit) {
    Bounds const bounds(filter);
    std::vector<LetterId> found;
    for (bool const items : {false, true}) {
        if (from && from->is_item && !items) {
            continue;
        }
        std::int64_t above = 0;
        std::int64_t below = every_number;
        if (from && from->is_item == items) {
            (newest_first ? below : above) = from->number;
        }
        if (found.size() < limit) {
            auto const added =
                add_numbers(sqlite, items, bounds, above, below, newest_first, limit - found.size(), found);
            if (!added) {
                return added.error();
            }
        }
    }
    return found;
}

// What may be revised or run again; what was sent under a known key and may have arrived must be looked up as it was.
model::Result<Standing> changeable(Sqlite& sqlite, DeliveryId id, bool force) {
    auto standing = find_standing(sqlite, id);
    if (!standing) {
        return standing;
    }
    if (auto const may = check_reopen(id, *standing, force); !may) {
        return may.error();
    }
    auto const unknown = last_push_is_unknown(sqlite, id);
    if (!unknown) {
        return unknown.error();
    }
    if (*unknown) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "The last attempt of delivery " + std::to_string(id) +
                                " may have been applied. Replay it as it is (from mapped, with the old mapping): that "
                                "looks it up at the target first."};
    }
    return standing;
}

model::Error wrong_item_state(DeadLetter const& letter) {
    std::string const again =
        letter.replayed_as == 0 ? "" : " It runs again as event " + std::to_string(letter.replayed_as) + ".";
    return model::Error{model::ErrorCode::failed_precondition,
                        "Event " + std::to_string(letter.event) + " is " + letter.state + ", not dead." + again};
}

model::Result<void> check_item(DeadLetter const& letter) {
    bool const may = letter.is_dead || (letter.state == "discarded" && letter.replayed_as == 0);
    return may ? model::Result<void>() : model::Result<void>(wrong_item_state(letter));
}

}  // namespace

std::string to_string(LetterId id) {
    return (id.is_item ? "e" : "d") + std::to_string(id.number);
}

std::optional<LetterId> parse_letter(std::string_view text) noexcept {
    LetterId id;
    if (text.starts_with('d') || text.starts_with('e')) {
        id.is_item = text.front() == 'e';
        text.remove_prefix(1);
    }
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), id.number);
    bool const whole = error == std::errc() && stop == text.data() + text.size() && id.number > 0;
    return whole ? std::optional(id) : std::nullopt;
}

model::Result<std::vector<DeadCause>> DeadLetters::causes() {
    return store_.database().read([](Sqlite& sqlite) -> model::Result<std::vector<DeadCause>> {
        auto counted = count_causes(sqlite);
        if (!counted) {
            return counted.error();
        }
        std::vector<DeadCause> causes;
        for (auto& [text, cause] : *counted) {
            if (auto const read = add_reason(sqlite, cause); !read) {
                return read.error();
            }
            causes.push_back(std::move(cause));
        }
        std::stable_sort(causes.begin(), causes.end(), [](DeadCause const& a, DeadCause const& b) {
            return a.deliveries + a.items > b.deliveries + b.items;
        });
        causes.resize(std::min(causes.size(), causes_max));
        return causes;
    });
}

model::Result<std::vector<DeadLetter>> DeadLetters::list(DeadFilter const& filter, std::optional<LetterId> before,
                                                         std::size_t limit) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::vector<DeadLetter>> {
        auto const ids = page(sqlite, filter, before, true, std::min(limit, page_max));
        if (!ids) {
            return ids.error();
        }
        std::vector<DeadLetter> letters;
        for (LetterId const id : *ids) {
            auto letter = find_letter(sqlite, id);
            if (!letter) {
                return letter.error();
            }
            letters.push_back(std::move(*letter));
        }
        return letters;
    });
}

model::Result<std::vector<LetterId>> DeadLetters::select(DeadFilter const& filter, std::optional<LetterId> after,
                                                         std::size_t limit) {
    return store_.database().read(
        [&](Sqlite& sqlite) { return page(sqlite, filter, after, false, std::min(limit, page_max)); });
}

model::Result<std::int64_t> DeadLetters::count(DeadFilter const& filter, std::optional<LetterId> after) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::int64_t> {
        Bounds const bounds(filter);
        std::int64_t letters = 0;
        std::int64_t const deliveries_above = !after ? 0 : after->is_item ? every_number : after->number;
        std::int64_t const items_above = after && after->is_item ? after->number : 0;
        auto const read = sqlite.each(
            "SELECT (SELECT count(*) FROM delivery INDEXED BY delivery_dead WHERE state = 14"
            " AND (?1 = '' OR cause = ?1 OR substr(cause, 1, length(?1) + 1) = ?1 || ':')"
            " AND (?2 = '' OR route = ?2) AND (?3 = '' OR connection = ?3) AND due_us >= ?4 AND due_us < ?5"
            " AND id > ?6) + (SELECT count(*) FROM inbox INDEXED BY inbox_ended WHERE state >= 2 AND state = 3"
            " AND (?1 = '' OR cause = ?1 OR substr(cause, 1, length(?1) + 1) = ?1 || ':')"
            " AND (?2 = '' OR route = ?2) AND (?3 = '' OR connection = ?3) AND due_us >= ?4 AND due_us < ?5"
            " AND id > ?7)",
            [&](Row const& row) { letters = row.integer(0); }, bounds.cause, bounds.route, bounds.connection,
            bounds.since_us, bounds.until_us, deliveries_above, items_above);
        return read ? model::Result<std::int64_t>(letters) : model::Result<std::int64_t>(read.error());
    });
}

model::Result<DeadLetter> DeadLetters::find(LetterId id) {
    return store_.database().read([&](Sqlite& sqlite) { return find_letter(sqlite, id); });
}

model::Result<void> DeadLetters::may_replay(LetterId id, bool force) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<void> {
        if (!id.is_item) {
            auto const standing = find_standing(sqlite, id.number);
            return standing ? check_reopen(id.number, *standing, force) : model::Result<void>(standing.error());
        }
        auto const letter = find_dead_item(sqlite, id.number);
        return letter ? check_item(*letter) : model::Result<void>(letter.error());
    });
}

model::Result<std::string> DeadLetters::edits(DeliveryId id) {
    return store_.database().read([&](Sqlite& sqlite) { return read_edits(sqlite, store_.database().ring(), id); });
}

model::Result<void> DeadLetters::revise(DeliveryId id, Revision revision) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        auto const standing = changeable(batch.sqlite, id, false);
        return standing ? replace_record(batch, id, revision) : model::Result<void>(standing.error());
    });
}

model::Result<void> DeadLetters::send_revised(DeliveryId id, Revision revision, bool force) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<void> {
        auto const standing = changeable(batch.sqlite, id, force);
        if (!standing) {
            return standing.error();
        }
        auto const written = replace_record(batch, id, revision);
        return written ? reopen(batch.sqlite, id, *standing, false, database.now()) : written;
    });
}

model::Result<InboxId> DeadLetters::replay_raw(LetterId id, bool force) {
    Database& database = store_.database();
    auto const again = [&](Batch& batch) -> model::Result<InboxId> {
        Sqlite& sqlite = batch.sqlite;
        auto const letter = find_letter(sqlite, id);
        if (!letter) {
            return letter.error();
        }
        if (id.is_item) {
            if (auto const may = check_item(*letter); !may) {
                return may.error();
            }
        } else if (auto const standing = changeable(sqlite, id.number, force); !standing) {
            return standing.error();
        }
        auto const made = copy_item(batch, letter->event, letter->route, database.now());
        if (!made) {
            return made.error();
        }
        std::string const why = "Runs again as event " + std::to_string(*made) + ".";
        auto const marked =
            id.is_item ? sqlite.run(
                             "UPDATE inbox SET died_of = iif(state = 3, reason, died_of), state = 4, reason = ?1,"
                             " replayed_as = ?2 WHERE id = ?3",
                             why, *made, id.number)
                       : sqlite.run(
                             "UPDATE delivery SET died_of = iif(state = 14, reason, died_of), replayed_as = ?2,"
                             " reason = iif(state IN (14, 15), ?1, reason), state = iif(state = 14, 15, state)"
                             " WHERE id = ?3",
                             why, *made, id.number);
        return marked ? made : model::Result<InboxId>(marked.error());
    };
    return database.write(again, [&] { database.count_pending(1); });
}

model::Result<void> DeadLetters::discard(LetterId id, std::string const& reason) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        if (!id.is_item) {
            return discard_delivery(batch.sqlite, id.number, reason);
        }
        auto const letter = find_letter(batch.sqlite, id);
        if (!letter) {
            return letter.error();
        }
        if (!letter->is_dead) {
            return wrong_item_state(*letter);
        }
        return batch.sqlite.run("UPDATE inbox SET died_of = reason, state = 4, reason = ? WHERE id = ?", reason,
                                id.number);
    });
}

}  // namespace crosswalk::store
