#include "store/history.hpp"

#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/title_search.hpp"

#include <algorithm>

namespace crosswalk::store {
namespace {

constexpr std::size_t page_max = 500;
constexpr std::size_t deliveries_shown_max = 500;
// A search looks at this many ids in one read transaction, so that the write-ahead log can start over in between.
constexpr InboxId slice = 20'000;

std::string item_state(int state) {
    switch (state) {
        case 1:
            return "dispatched";
        case 2:
            return "filtered";
        case 3:
            return "dead";
        case 4:
            return "discarded";
        default:
            return "received";
    }
}

bool is_item_state(std::string const& text) {
    return text == "received" || text == "dispatched" || text == "filtered" || text == "dead" || text == "discarded";
}

model::Result<std::vector<EventSummary::RouteOutcome>> route_outcomes(Sqlite& sqlite, InboxId id) {
    std::vector<EventSummary::RouteOutcome> routes;
    auto const read = sqlite.each(
        "SELECT id, route, state, reason FROM delivery WHERE inbox_id = ? AND kind = 0 ORDER BY id LIMIT ?",
        [&](Row const& row) {
            routes.push_back({row.integer(0), row.text(1), std::string(name(static_cast<DeliveryState>(row.number(2)))),
                              row.text(3)});
        },
        id, deliveries_shown_max);
    if (!read) {
        return read.error();
    }
    return routes;
}

// Reads summaries from rows of: id, connection, event_type, received_us, state, reason, replay_of, type, key, story,
// run.
class Summaries {
public:
    Summaries(Sqlite& sqlite, KeyRing& ring) noexcept : sqlite_(sqlite), ring_(ring) {}

    [[nodiscard]] model::Result<EventSummary> from(Row const& row) {
        EventSummary summary;
        summary.id = row.integer(0);
        summary.connection = row.text(1);
        summary.type = row.is_null(7) ? row.text(2) : row.text(7);
        summary.received_at = row.time(3);
        summary.state = item_state(row.number(4));
        summary.reason = row.text(5);
        summary.replay_of = row.integer(6);
        summary.swept = row.integer(10) == from_sweep;
        if (!row.is_null(9)) {
            auto story = open_story(sqlite_, ring_, row.integer(8), summary.id, 0, row.view(9));
            if (!story) {
                return story.error();
            }
            summary.subject = std::move(story->subject);
            summary.title = std::move(story->title);
        }
        return summary;
    }

    // Does the title of one of the item's events hold the text, which is in small letters?
    [[nodiscard]] model::Result<bool> holds(EventSummary const& summary, std::string const& text) {
        bool held = fold_case(summary.title).find(text) != std::string::npos;
        std::optional<model::Error> damage;
        auto const read = sqlite_.each(
            "SELECT ordinal, key, story FROM event WHERE inbox_id = ? AND ordinal > 0 ORDER BY ordinal LIMIT ?",
            [&](Row const& row) {
                auto const story = open_story(sqlite_, ring_, row.integer(1), summary.id, row.number(0), row.view(2));
                if (!story) {
                    damage = story.error();
                } else {
                    held = held || fold_case(story->title).find(text) != std::string::npos;
                }
                return !held && !damage;
            },
            summary.id, deliveries_shown_max);
        if (!read || damage) {
            return read ? std::move(*damage) : read.error();
        }
        return held;
    }

private:
    Sqlite& sqlite_;
    KeyRing& ring_;
};

model::Result<void> list_slice(Sqlite& sqlite, KeyRing& ring, EventFilter const& filter, InboxId from, InboxId below,
                               std::size_t limit, std::vector<EventSummary>& found) {
    std::size_t const had = found.size();
    auto const delivery_state = parse_delivery_state(filter.state);
    std::string const text = fold_case(filter.text);
    Summaries summaries(sqlite, ring);
    std::optional<model::Error> damage;
    auto const read = sqlite.each(
        "SELECT i.id, i.connection, i.event_type, i.received_us, i.state, i.reason, i.replay_of, e.type, e.key,"
        " e.story, i.run FROM inbox i LEFT JOIN event e ON e.inbox_id = i.id AND e.ordinal = 0"
        " WHERE i.id >= ?1 AND i.id < ?2 AND (?3 = '' OR i.connection = ?3)"
        " AND (?4 = '' OR ?4 = CASE i.state WHEN 0 THEN 'received' WHEN 1 THEN 'dispatched' WHEN 2 THEN 'filtered'"
        " WHEN 3 THEN 'dead' ELSE 'discarded' END OR EXISTS (SELECT 1 FROM delivery d WHERE d.inbox_id = i.id"
        " AND d.kind = 0 AND d.state = ?5))"
        " AND (?6 = '' OR EXISTS (SELECT 1 FROM delivery d WHERE d.inbox_id = i.id AND d.route = ?6))"
        " AND (?7 = '' OR e.inbox_id IS NOT NULL) AND (?8 = 0 OR i.run = ?8) ORDER BY i.id DESC",
        [&](Row const& row) {
            auto summary = summaries.from(row);
            auto const wanted = summary && !text.empty() ? summaries.holds(*summary, text) : model::Result<bool>(true);
            if (!summary || !wanted) {
                damage = summary ? wanted.error() : summary.error();
                return false;
            }
            if (*wanted) {
                found.push_back(std::move(*summary));
            }
            return found.size() < limit;
        },
        from, below, filter.connection, filter.state, delivery_state ? static_cast<int>(*delivery_state) : -1,
        filter.route, filter.text, filter.run);
    if (!read || damage) {
        return read ? std::move(*damage) : read.error();
    }
    for (std::size_t at = had; at < found.size(); ++at) {
        auto routes = route_outcomes(sqlite, found[at].id);
        if (!routes) {
            return routes.error();
        }
        found[at].routes = std::move(*routes);
    }
    return {};
}

model::Result<EventSummary> read_summary(Sqlite& sqlite, KeyRing& ring, InboxId id) {
    std::optional<model::Result<EventSummary>> summary;
    auto const read = sqlite.each(
        "SELECT i.id, i.connection, i.event_type, i.received_us, i.state, i.reason, i.replay_of, e.type, e.key,"
        " e.story, i.run FROM inbox i LEFT JOIN event e ON e.inbox_id = i.id AND e.ordinal = 0 WHERE i.id = ?",
        [&](Row const& row) { summary = Summaries(sqlite, ring).from(row); }, id);
    if (!read) {
        return read.error();
    }
    if (!summary) {
        return model::Error{model::ErrorCode::not_found, "There is no event " + std::to_string(id) + "."};
    }
    if (!*summary) {
        return std::move(*summary);
    }
    auto routes = route_outcomes(sqlite, id);
    if (!routes) {
        return routes.error();
    }
    (*summary)->routes = std::move(*routes);
    return std::move(*summary);
}

model::Result<DeliveryView> read_with_attempts(Sqlite& sqlite, KeyRing& ring, DeliveryId id) {
    auto view = read_delivery(sqlite, ring, id);
    if (!view) {
        return view;
    }
    auto const read = sqlite.each(
        "SELECT number, look_up, started_us, ended_us, outcome, reason, remote_request FROM effect"
        " WHERE delivery_id = ? ORDER BY sequence",
        [&](Row const& row) {
            AttemptView attempt{row.number(0), row.number(1) != 0, row.time(2), row.optional_time(3), {},
                                row.text(5),   row.text(6)};
            if (attempt.ended_at) {
                attempt.outcome = name(static_cast<model::Outcome>(row.number(4)));
            }
            view->attempts.push_back(std::move(attempt));
        },
        id);
    return read ? std::move(view) : model::Result<DeliveryView>(read.error());
}

std::int64_t* place_of_item(Conservation& sum, int state) noexcept {
    return state == 2 ? &sum.filtered : state == 3 ? &sum.dead : &sum.discarded;
}

}  // namespace

model::Result<std::vector<EventSummary>> History::list(EventFilter const& filter) {
    if (!filter.state.empty() && !is_item_state(filter.state) && !parse_delivery_state(filter.state)) {
        return model::Error{model::ErrorCode::invalid_argument, "There is no such state."};
    }
    Database& database = store_.database();
    InboxId below = filter.before;
    if (below <= 0) {
        auto const newest = database.read([](Sqlite& sqlite) -> model::Result<InboxId> {
            InboxId last = 0;
            auto const read = sqlite.each("SELECT max(id) FROM inbox", [&](Row const& row) { last = row.integer(0); });
            return read ? model::Result<InboxId>(last) : model::Result<InboxId>(read.error());
        });
        if (!newest) {
            return newest.error();
        }
        below = *newest + 1;
    }
    std::size_t const limit = std::min(filter.limit, page_max);
    std::vector<EventSummary> found;
    while (below > 1 && found.size() < limit) {
        InboxId const from = std::max<InboxId>(1, below - slice);
        auto const read = database.read(
            [&](Sqlite& sqlite) { return list_slice(sqlite, database.ring(), filter, from, below, limit, found); });
        if (!read) {
            return read.error();
        }
        below = from;
    }
    return found;
}

model::Result<EventView> History::show(InboxId id) {
    KeyRing& ring = store_.database().ring();
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<EventView> {
        auto summary = read_summary(sqlite, ring, id);
        if (!summary) {
            return summary.error();
        }
        auto events = read_events(sqlite, ring, id, -1, deliveries_shown_max);
        if (!events) {
            return events.error();
        }
        EventView view{std::move(*summary), std::move(*events), {}};
        std::vector<DeliveryId> ids;
        auto const listed = sqlite.each(
            "SELECT id FROM delivery WHERE inbox_id = ? ORDER BY id LIMIT ?",
            [&](Row const& row) { ids.push_back(row.integer(0)); }, id, deliveries_shown_max);
        if (!listed) {
            return listed.error();
        }
        for (DeliveryId const delivery_id : ids) {
            auto delivery = read_with_attempts(sqlite, ring, delivery_id);
            if (!delivery) {
                return delivery.error();
            }
            view.deliveries.push_back(std::move(*delivery));
        }
        return view;
    });
}

model::Result<model::Event> History::event_of(DeliveryId id) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<model::Event> {
        auto const standing = find_standing(sqlite, id);
        if (!standing) {
            return standing.error();
        }
        auto events = read_events(sqlite, store_.database().ring(), standing->inbox_id, standing->event_ordinal, 1);
        if (!events) {
            return events.error();
        }
        if (events->empty()) {
            return model::Error{model::ErrorCode::not_found,
                                "Delivery " + std::to_string(id) + " belongs to no event that could be read."};
        }
        return std::move(events->front());
    });
}

model::Result<DeliveryView> History::delivery(DeliveryId id) {
    return store_.database().read(
        [&](Sqlite& sqlite) { return read_with_attempts(sqlite, store_.database().ring(), id); });
}

model::Result<Conservation> History::conservation() {
    return store_.database().read([](Sqlite& sqlite) -> model::Result<Conservation> {
        Conservation sum;
        auto read = sqlite.each("SELECT received FROM tally", [&](Row const& row) { sum.received = row.integer(0); });
        if (read) {
            read = sqlite.each("SELECT count(*) FROM inbox INDEXED BY inbox_pending WHERE state = 0",
                               [&](Row const& row) { sum.held += row.integer(0); });
        }
        if (read) {
            read =
                sqlite.each("SELECT state, count(*) FROM inbox INDEXED BY inbox_ended WHERE state >= 2 GROUP BY state",
                            [&](Row const& row) { *place_of_item(sum, row.number(0)) += row.integer(1); });
        }
        if (read) {
            // One walk without sorting; a state that this host does not know shows as a difference.
            read = sqlite.each(
                "SELECT sum(state IN (0, 1, 2)), sum(state = 10), sum(state = 11), sum(state = 12), sum(state = 13),"
                " sum(state = 14), sum(state = 15) FROM delivery INDEXED BY delivery_of_item WHERE kind = 0",
                [&](Row const& row) {
                    sum.held += row.integer(0);
                    sum.delivered = row.integer(1);
                    sum.duplicate = row.integer(2);
                    sum.unchanged = row.integer(3);
                    sum.skipped = row.integer(4);
                    sum.dead += row.integer(5);
                    sum.discarded += row.integer(6);
                });
        }
        return read ? model::Result<Conservation>(sum) : model::Result<Conservation>(read.error());
    });
}

}  // namespace crosswalk::store
