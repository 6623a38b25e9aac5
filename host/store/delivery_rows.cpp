#include "store/delivery_rows.hpp"

#include "store/codec.hpp"

namespace crosswalk::store {
namespace {

model::Error no_such_delivery(DeliveryId id) {
    return model::Error{model::ErrorCode::not_found, "There is no delivery " + std::to_string(id) + "."};
}

model::Result<void> check(NewDelivery const& delivery) {
    if (delivery.idempotency_key.empty()) {
        return model::Error{model::ErrorCode::invalid_argument, "A delivery needs an idempotency key."};
    }
    if (delivery.decided && !final_state(delivery.decided->outcome)) {
        return model::Error{model::ErrorCode::invalid_argument,
                            "A delivery cannot be decided as " + std::string(name(delivery.decided->outcome)) + "."};
    }
    return {};
}

// True: the row is new. False: its idempotency key was there.
model::Result<bool> insert_row(Sqlite& sqlite, std::int64_t inbox_id, std::int32_t event_ordinal,
                               NewDelivery const& delivery, model::TimePoint now) {
    model::AttemptReport const undecided;
    model::AttemptReport const& report = delivery.decided ? *delivery.decided : undecided;
    auto const state = delivery.decided ? *final_state(report.outcome) : DeliveryState::pending;
    int ready = 0;
    if (!is_final(state)) {
        auto const head = lane_head(sqlite, delivery.connection, delivery.subject);
        if (!head) {
            return head.error();
        }
        ready = head->id == 0 ? 1 : 0;
    }
    auto const inserted = sqlite.run(
        "INSERT INTO delivery (inbox_id, event_ordinal, kind, state, ready, route, connection, action, subject,"
        " target_key, idempotency_key, about, created_us, due_us, reason, remote_key, remote_url)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING",
        inbox_id, event_ordinal, delivery.kind, state, ready, delivery.route, delivery.connection, delivery.action,
        delivery.subject, delivery.record.key, delivery.idempotency_key, delivery.about, now, now, report.reason,
        report.target_key, report.target_url);
    if (!inserted) {
        return inserted.error();
    }
    if (sqlite.changes() == 0) {
        return false;
    }
    std::vector<model::FieldProblem> warnings = delivery.warnings;
    warnings.insert(warnings.end(), report.warnings.begin(), report.warnings.end());
    auto const data = sqlite.run("INSERT INTO delivery_data VALUES (?, ?, ?, ?, ?, ?)", sqlite.inserted_id(),
                                 delivery.record.schema, delivery.record.json, encode_sources(delivery.sources),
                                 encode_problems(warnings), encode_problems(report.fields));
    return data ? model::Result<bool>(true) : model::Result<bool>(data.error());
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

model::Result<Standing> find_standing(Sqlite& sqlite, DeliveryId id) {
    std::optional<Standing> standing;
    auto const found = sqlite.each(
        "SELECT inbox_id, event_ordinal, state, connection, subject, effects, look_up FROM delivery WHERE id = ?",
        [&](Row const& row) {
            standing = Standing{row.integer(0),    row.number(1), static_cast<DeliveryState>(row.number(2)),
                                row.text(3),       row.text(4),   row.integer(5),
                                row.number(6) != 0};
        },
        id);
    if (!found) {
        return found.error();
    }
    return standing ? model::Result<Standing>(std::move(*standing)) : no_such_delivery(id);
}

model::Result<std::int64_t> insert_deliveries(Batch& batch, std::int64_t inbox_id, std::int32_t event_ordinal,
                                              std::vector<NewDelivery> const& deliveries, model::TimePoint now) {
    std::int64_t promised = 0;
    for (NewDelivery const& delivery : deliveries) {
        if (auto const fit = check(delivery); !fit) {
            return fit.error();
        }
        auto const added = insert_row(batch.sqlite, inbox_id, event_ordinal, delivery, now);
        if (!added) {
            return added.error();
        }
        promised += *added && delivery.kind == DeliveryKind::delivery ? 1 : 0;
    }
    batch.promised += promised;
    return promised;
}

model::Result<LaneHead> lane_head(Sqlite& sqlite, std::string const& connection, std::string const& subject) {
    LaneHead head;
    auto const found = sqlite.each(
        "SELECT id, state FROM delivery INDEXED BY delivery_lane"
        " WHERE connection = ? AND subject = ? AND state < 10 ORDER BY state DESC, id LIMIT 1",
        [&](Row const& row) {
            head = {row.integer(0), static_cast<DeliveryState>(row.number(1))};
        },
        connection, subject);
    return found ? model::Result<LaneHead>(head) : model::Result<LaneHead>(found.error());
}

model::Result<void> ready_next(Sqlite& sqlite, std::string const& connection, std::string const& subject) {
    auto const head = lane_head(sqlite, connection, subject);
    if (!head || head->id == 0) {
        return head ? model::Result<void>() : model::Result<void>(head.error());
    }
    return sqlite.run("UPDATE delivery SET ready = 1 WHERE id = ? AND state <> 1", head->id);
}

model::Result<DeliveryView> read_delivery(Sqlite& sqlite, DeliveryId id) {
    std::optional<DeliveryView> view;
    std::optional<model::Error> damage;
    auto const decode = [&damage](auto decoded, auto& into) {
        if (decoded) {
            into = std::move(*decoded);
        } else if (!damage) {
            damage = decoded.error();
        }
    };
    auto const found = sqlite.each(
        "SELECT d.inbox_id, d.event_ordinal, d.kind, d.state, d.route, d.connection, d.action, d.subject,"
        " d.target_key, d.idempotency_key, d.about, d.created_us, d.due_us, d.attempts, d.look_up, d.reason,"
        " d.remote_key, d.remote_url, p.schema, p.record, p.sources, p.warnings, p.fields,"
        " d.look_ups"
        " FROM delivery d JOIN delivery_data p ON p.delivery_id = d.id WHERE d.id = ?",
        [&](Row const& row) {
            view.emplace();
            Delivery& delivery = view->delivery;
            delivery.id = id;
            delivery.inbox_id = row.integer(0);
            delivery.event_ordinal = row.number(1);
            delivery.kind = static_cast<DeliveryKind>(row.number(2));
            view->state = static_cast<DeliveryState>(row.number(3));
            delivery.route = row.text(4);
            delivery.connection = row.text(5);
            delivery.action = row.text(6);
            delivery.subject = row.text(7);
            delivery.idempotency_key = row.text(9);
            delivery.record = {row.text(18), row.text(8), row.text(19)};
            delivery.about = row.integer(10);
            view->created_at = row.time(11);
            if (view->state == DeliveryState::pending || view->state == DeliveryState::unknown) {
                view->due_at = row.time(12);
            }
            delivery.attempt = row.number(13);
            delivery.look_up = row.number(14) != 0;
            delivery.look_ups = row.number(23);
            view->reason = row.text(15);
            view->target_key = row.text(16);
            view->target_url = row.text(17);
            decode(decode_sources(row.view(20)), view->sources);
            decode(decode_problems(row.view(21)), delivery.warnings);
            decode(decode_problems(row.view(22)), view->fields);
        },
        id);
    if (!found) {
        return found.error();
    }
    if (damage) {
        return *damage;
    }
    return view ? model::Result<DeliveryView>(std::move(*view)) : no_such_delivery(id);
}

}  // namespace crosswalk::store
