#include "store/outbox.hpp"

#include "store/cause.hpp"
#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/ready_rows.hpp"
#include "store/reopening.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::store {
namespace {

constexpr std::size_t lease_max = 1000;
constexpr std::size_t follow_ups_max = 100;

struct StateName {
    DeliveryState state;
    std::string_view name;
};
constexpr std::array state_names{
    StateName{DeliveryState::pending, "pending"},     StateName{DeliveryState::in_flight, "in_flight"},
    StateName{DeliveryState::unknown, "unknown"},     StateName{DeliveryState::delivered, "delivered"},
    StateName{DeliveryState::duplicate, "duplicate"}, StateName{DeliveryState::unchanged, "unchanged"},
    StateName{DeliveryState::skipped, "skipped"},     StateName{DeliveryState::dead, "dead"},
    StateName{DeliveryState::discarded, "discarded"}};

// The delivery's standing when it is in flight.
model::Result<Standing> in_flight(Sqlite& sqlite, DeliveryId id) {
    auto standing = find_standing(sqlite, id);
    if (standing && standing->state != DeliveryState::in_flight) {
        return wrong_state(id, standing->state, "in flight");
    }
    return standing;
}

// The person was erased after this was decided on, while it was in flight.
model::Result<void> discard_erased(Sqlite& sqlite, DeliveryView const& view, DeliveryId id) {
    auto done = sqlite.run("DELETE FROM effect WHERE delivery_id = ? AND ended_us IS NULL", id);
    if (done) {
        done = sqlite.run("UPDATE delivery SET state = ?, look_up = 0, reason = 'erased' WHERE id = ?",
                          DeliveryState::discarded, id);
    }
    auto const standing = find_standing(sqlite, id);
    if (!done || !standing) {
        return done ? standing.error() : done.error();
    }
    return ready_next(sqlite, view.delivery.connection, standing->subject);
}

// The row of its content is gone, or says nothing any more.
bool is_damage(model::Error const& error) noexcept {
    return error.code == model::ErrorCode::corruption || error.code == model::ErrorCode::not_found;
}

// Nobody can read what was to be sent: it must not hold up the others.
model::Result<void> bury_damaged(Sqlite& sqlite, DeliveryId id, bool may_be_applied, model::Error const& damage,
                                 model::TimePoint now) {
    auto const standing = find_standing(sqlite, id);
    if (!standing) {
        return standing.error();
    }
    auto done = sqlite.run("DELETE FROM effect WHERE delivery_id = ? AND ended_us IS NULL", id);
    if (done) {
        done =
            sqlite.run("UPDATE delivery SET state = ?, look_up = 0, due_us = ?, cause = ?, reason = ? WHERE id = ?",
                       DeliveryState::dead, now, cause_of_item(damage),
                       (may_be_applied ? "It may have been applied at the target, and it cannot be looked up any more. "
                                       : "It was not sent. ") +
                           damage.detail,
                       id);
    }
    return done ? ready_next(sqlite, standing->connection, standing->subject) : done;
}

// Marks one delivery as going out and writes its effect row; the commit of both comes before anyone pushes. Nothing:
// nobody can read it any more.
model::Result<std::optional<Delivery>> lease_one(Batch& batch, ReadyRow const& row, model::TimePoint now,
                                                 std::vector<DeliveryId>& damaged) {
    Sqlite& sqlite = batch.sqlite;
    bool const look_up = row.state == DeliveryState::unknown;
    auto const marked = sqlite.run(
        "UPDATE delivery SET state = 1, ready = 0, look_up = ?1, attempts = attempts + (?1 = 0),"
        " look_ups = iif(?1, look_ups, 0), effects = effects + 1 WHERE id = ?2",
        look_up, row.id);
    if (!marked) {
        return marked.error();
    }
    auto const effect = sqlite.run(
        "INSERT INTO effect (delivery_id, sequence, number, look_up, started_us)"
        " SELECT id, effects, attempts, look_up, ? FROM delivery WHERE id = ?",
        now, row.id);
    if (!effect) {
        return effect.error();
    }
    auto view = read_delivery(sqlite, batch.ring, row.id);
    if (!view && is_damage(view.error())) {
        damaged.push_back(row.id);
        auto const buried = bury_damaged(sqlite, row.id, look_up, view.error(), now);
        return buried ? model::Result<std::optional<Delivery>>(std::nullopt) : buried.error();
    }
    if (!view) {
        return view.error();
    }
    if (view->erased) {
        auto const discarded = discard_erased(sqlite, *view, row.id);
        return discarded ? model::Result<std::optional<Delivery>>(std::nullopt) : discarded.error();
    }
    return std::optional<Delivery>(std::move(view->delivery));
}

// Adds the attempt's warnings to those of the mapping, each once.
model::Result<void> add_report(Batch& batch, DeliveryId id, model::AttemptReport const& report) {
    if (report.fields.empty() && report.warnings.empty()) {
        return {};
    }
    auto story = read_story(batch.sqlite, batch.ring, id);
    if (!story || !*story) {
        return story ? model::Result<void>() : model::Result<void>(story.error());
    }
    std::vector<model::FieldProblem>& warnings = (*story)->story.warnings;
    for (model::FieldProblem const& warning : report.warnings) {
        if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
            warnings.push_back(warning);
        }
    }
    (*story)->story.fields = report.fields;
    return write_story(batch.sqlite, id, **story);
}

// As the column delivery.effect has it.
int effect_number(std::string_view effect) noexcept {
    return effect == "created" ? 1 : effect == "updated" ? 2 : 0;
}

model::Result<void> end_attempt(Batch& batch, DeliveryId id, Standing const& standing, Settlement const& settlement,
                                model::TimePoint now) {
    Sqlite& sqlite = batch.sqlite;
    model::AttemptReport const& report = settlement.report;
    auto ended = sqlite.run(
        "UPDATE effect SET ended_us = ?, outcome = ?, reason = ?, remote_request = ?"
        " WHERE delivery_id = ? AND sequence = ?",
        now, report.outcome, report.reason, report.remote_request, id, standing.effects);
    if (ended) {
        ended = add_report(batch, id, report);
    }
    if (ended) {
        // What an earlier attempt learned of the target's record stays unless this one knows better.
        ended = sqlite.run(
            "UPDATE delivery SET state = ?1, attempts = attempts - iif(?8, 0, look_up = 0),"
            " look_ups = look_ups + iif(?8, look_up, 0), look_up = 0, due_us = ?2, reason = ?3,"
            " remote_key = iif(?4 = '', remote_key, ?4), remote_url = iif(?5 = '', remote_url, ?5),"
            " effect = iif(?6 = 0, effect, ?6), cause = ?9 WHERE id = ?7",
            settlement.state, is_final(settlement.state) ? now : settlement.due, report.reason, report.target_key,
            report.target_url, effect_number(report.effect), id, settlement.counts,
            settlement.state == DeliveryState::dead ? cause_of_attempt(report) : std::string());
    }
    return ended;
}

model::Result<bool> has_record(Sqlite& sqlite, DeliveryId id) {
    bool there = false;
    auto const read = sqlite.each(
        "SELECT record IS NOT NULL FROM delivery_data WHERE delivery_id = ?",
        [&](Row const& row) { there = row.number(0) != 0; }, id);
    return read ? model::Result<bool>(there) : model::Result<bool>(read.error());
}

bool may_settle(Settlement const& settlement) noexcept {
    return settlement.state != DeliveryState::in_flight && settlement.state != DeliveryState::discarded &&
           settlement.follow_ups.size() <= follow_ups_max;
}

model::Error cannot_end_like_this() {
    return model::Error{model::ErrorCode::invalid_argument, "An attempt cannot end like this."};
}

model::Result<void> settle_one(Batch& batch, Database& database, DeliveryId id, Settlement& settlement) {
    auto const standing = in_flight(batch.sqlite, id);
    if (!standing) {
        return standing.error();
    }
    auto const now = database.now();
    if (auto const ended = end_attempt(batch, id, *standing, settlement, now); !ended) {
        return ended;
    }
    auto const advanced = advance(batch.sqlite, standing->connection, standing->subject);
    if (!advanced) {
        return advanced.error();
    }
    settlement.more = *advanced || !settlement.follow_ups.empty();
    for (NewDelivery& follow_up : settlement.follow_ups) {
        follow_up.about = follow_up.about == 0 ? id : follow_up.about;
    }
    return insert_deliveries(batch, standing->inbox_id, standing->event_ordinal, settlement.follow_ups, now);
}

}  // namespace

std::optional<DeliveryState> final_state(model::Outcome outcome) noexcept {
    switch (outcome) {
        case model::Outcome::delivered:
            return DeliveryState::delivered;
        case model::Outcome::duplicate:
            return DeliveryState::duplicate;
        case model::Outcome::unchanged:
            return DeliveryState::unchanged;
        case model::Outcome::skipped:
            return DeliveryState::skipped;
        case model::Outcome::rejected:
            return DeliveryState::dead;
        case model::Outcome::retry:
        case model::Outcome::auth:
        case model::Outcome::unknown:
            break;
    }
    return std::nullopt;
}

std::string_view name(DeliveryState state) noexcept {
    auto const* const found = std::find_if(state_names.begin(), state_names.end(),
                                           [&](StateName const& known) { return known.state == state; });
    return found == state_names.end() ? std::string_view() : found->name;
}

std::optional<DeliveryState> parse_delivery_state(std::string_view text) noexcept {
    auto const* const found = std::find_if(state_names.begin(), state_names.end(),
                                           [&](StateName const& known) { return known.name == text; });
    return found == state_names.end() ? std::nullopt : std::optional(found->state);
}

model::Result<std::vector<Delivery>> Outbox::lease_due(model::TimePoint now, std::size_t limit,
                                                       AllowanceOf const& allowance) {
    Database& database = store_.database();
    std::vector<Delivery> leased;
    std::vector<DeliveryId> damaged;
    auto const lease = [&](Batch& batch) -> model::Result<void> {
        leased.clear();
        damaged.clear();
        auto const rows =
            ready_rows(batch.sqlite, database.switches(), now, std::min(limit, lease_max), allowance, database.turns());
        if (!rows) {
            return rows.error();
        }
        for (ReadyRow const& row : *rows) {
            auto delivery = lease_one(batch, row, now, damaged);
            if (!delivery) {
                return delivery.error();
            }
            if (*delivery) {
                leased.push_back(std::move(**delivery));
            }
        }
        return {};
    };
    Write write{std::ref(lease)};
    write.savepoint = false;
    auto const stored = database.write(std::move(write));
    for (std::size_t i = 0; stored && i < damaged.size(); ++i) {
        database.logger().error("A delivery cannot be read any more and is set aside.", {{"delivery_id", damaged[i]}});
    }
    return stored ? model::Result<std::vector<Delivery>>(std::move(leased))
                  : model::Result<std::vector<Delivery>>(stored.error());
}

model::Result<std::optional<model::TimePoint>> Outbox::next_due(AllowanceOf const& allowance) {
    Database& database = store_.database();
    return database.read([&](Sqlite& sqlite) { return next_ready(sqlite, database.switches(), allowance); });
}

model::Result<bool> Outbox::has_ready() {
    return store_.database().read([](Sqlite& sqlite) { return has_ready_row(sqlite); });
}

model::Result<void> Outbox::settle(DeliveryId id, Settlement settlement) {
    if (!may_settle(settlement)) {
        return cannot_end_like_this();
    }
    Database& database = store_.database();
    auto const run = [&](Batch& batch) { return settle_one(batch, database, id, settlement); };
    Write write{std::ref(run)};
    write.savepoint = false;
    return database.write(std::move(write));
}

void Outbox::settle(DeliveryId id, std::shared_ptr<Settlement> settlement,
                    std::function<void(model::Result<void> const&)> done) {
    if (!may_settle(*settlement)) {
        return done(cannot_end_like_this());
    }
    Database& database = store_.database();
    Write write{[&database, id, settlement](Batch& batch) { return settle_one(batch, database, id, *settlement); }};
    write.savepoint = false;
    write.done = done;
    if (auto const queued = database.write_late(std::move(write)); !queued) {
        done(queued);
    }
}

model::Result<void> Outbox::release(DeliveryId id, model::TimePoint due) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        auto const standing = in_flight(batch.sqlite, id);
        if (!standing) {
            return standing.error();
        }
        auto released =
            batch.sqlite.run("DELETE FROM effect WHERE delivery_id = ? AND sequence = ?", id, standing->effects);
        if (released) {
            released = batch.sqlite.run(
                "UPDATE delivery SET state = iif(look_up, 2, 0), attempts = attempts - (look_up = 0), look_up = 0,"
                " effects = effects - 1, due_us = ? WHERE id = ?",
                due, id);
        }
        return released ? ready_next(batch.sqlite, standing->connection, standing->subject) : released;
    });
}

model::Result<bool> Outbox::is_on_its_way(std::string const& connection, model::TimePoint at) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<bool> {
        bool found = false;
        auto const read = sqlite.each(
            "SELECT 1 FROM delivery d INDEXED BY delivery_busy WHERE d.state IN (1, 2) AND d.connection = ?"
            " AND EXISTS (SELECT 1 FROM effect e WHERE e.delivery_id = d.id AND e.look_up = 0 AND e.started_us <= ?)"
            " LIMIT 1",
            [&](Row const&) { found = true; }, connection, at);
        return read ? model::Result<bool>(found) : model::Result<bool>(read.error());
    });
}

model::Result<void> Outbox::retry_now(DeliveryId id, bool force) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<void> {
        auto const standing = find_standing(batch.sqlite, id);
        if (!standing) {
            return standing.error();
        }
        if (auto const may = check_reopen(id, *standing, force); !may) {
            return may;
        }
        auto const record = has_record(batch.sqlite, id);
        if (!record) {
            return record.error();
        }
        if (!*record) {
            return model::Error{model::ErrorCode::failed_precondition,
                                "The record of delivery " + std::to_string(id) + " is purged."};
        }
        return reopen(batch.sqlite, id, *standing, force, database.now());
    });
}

model::Result<void> Outbox::discard(DeliveryId id, std::string const& reason) {
    return store_.database().write([&](Batch& batch) { return discard_delivery(batch.sqlite, id, reason); });
}

}  // namespace crosswalk::store
