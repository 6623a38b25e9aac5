#include "store/delivery_rows.hpp"

#include "store/cause.hpp"
#include "store/codec.hpp"
#include "store/event_rows.hpp"

namespace crosswalk::store {
namespace {

std::string place_of_story(DeliveryId id) {
    return place("delivery.story", id);
}
std::string place_of_record(DeliveryId id) {
    return place("delivery.record", id);
}

std::string place_of_edits(DeliveryId id) {
    return place("delivery.edits", id);
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

model::Result<bool> is_known(Batch& batch, std::string const& key_hash) {
    bool known = false;
    auto const read = batch.indexes.delivery_keys.each(batch.sqlite, key_hash, [&](std::int64_t) { known = true; });
    return read ? model::Result<bool>(known) : model::Result<bool>(read.error());
}

// Nothing: its key was erased.
model::Result<std::optional<DeliveryStory>> open_story(SealingKey const& key, DeliveryId id, std::string_view sealed) {
    if (!key.key) {
        return std::optional<DeliveryStory>();
    }
    auto const opened = vault::open(*key.key, place_of_story(id), sealed);
    if (!opened) {
        return opened.error();
    }
    auto story = decode_delivery_story(*opened);
    return story ? model::Result<std::optional<DeliveryStory>>(std::move(*story))
                 : model::Result<std::optional<DeliveryStory>>(story.error());
}

void tell(DeliveryStory story, std::string record, DeliveryView& view) {
    view.delivery.subject = std::move(story.subject);
    view.delivery.idempotency_key = std::move(story.idempotency_key);
    view.delivery.record.key = std::move(story.target_key);
    view.delivery.record.json = std::move(record);
    view.delivery.warnings = std::move(story.warnings);
    view.sources = std::move(story.sources);
    view.fields = std::move(story.fields);
}

}  // namespace

model::Error no_such_delivery(DeliveryId id) {
    return model::Error{model::ErrorCode::not_found, "There is no delivery " + std::to_string(id) + "."};
}

model::Result<Standing> find_standing(Sqlite& sqlite, DeliveryId id) {
    std::optional<Standing> standing;
    auto const found = sqlite.each(
        "SELECT inbox_id, event_ordinal, state, connection, subject, effects, look_up, replayed_as"
        " FROM delivery WHERE id = ?",
        [&](Row const& row) {
            standing = Standing{row.integer(0),     row.number(1), static_cast<DeliveryState>(row.number(2)),
                                row.text(3),        row.text(4),   row.integer(5),
                                row.number(6) != 0, row.integer(7)};
        },
        id);
    if (!found) {
        return found.error();
    }
    return standing ? model::Result<Standing>(std::move(*standing)) : no_such_delivery(id);
}

model::Result<SealedDelivery> seal_delivery(KeyRing const& ring, SealingKey const& key, DeliveryId id,
                                            NewDelivery const& delivery) {
    if (auto const fit = check(delivery); !fit) {
        return fit.error();
    }
    DeliveryStory story{delivery.subject, delivery.record.key, delivery.idempotency_key,
                        delivery.sources, delivery.warnings,   {}};
    if (delivery.decided) {
        story.fields = delivery.decided->fields;
        story.warnings.insert(story.warnings.end(), delivery.decided->warnings.begin(),
                              delivery.decided->warnings.end());
    }
    auto sealed_story = vault::seal(*key.key, place_of_story(id), encode_delivery_story(story));
    auto sealed_record = vault::seal(*key.key, place_of_record(id), delivery.record.json);
    if (!sealed_story || !sealed_record) {
        return sealed_story ? sealed_record.error() : sealed_story.error();
    }
    return SealedDelivery{id,
                          ring.hashed("subject", delivery.subject),
                          ring.hashed("target_key", delivery.record.key),
                          ring.hashed("idempotency_key", delivery.idempotency_key),
                          std::move(*sealed_story),
                          std::move(*sealed_record)};
}

namespace {

Delivery as_leased(DeliveryId id, EventPlace const& event, NewDelivery const& delivery) {
    Delivery leased;
    leased.id = id;
    leased.inbox_id = event.inbox_id;
    leased.event_ordinal = event.ordinal;
    leased.kind = delivery.kind;
    leased.route = delivery.route;
    leased.connection = delivery.connection;
    leased.action = delivery.action;
    leased.subject = delivery.subject;
    leased.idempotency_key = delivery.idempotency_key;
    leased.record = delivery.record;
    leased.warnings = delivery.warnings;
    leased.about = delivery.about;
    leased.attempt = 1;
    return leased;
}

// Where a delivery that the target has to be asked for begins.
struct Start {
    DeliveryState state = DeliveryState::pending;
    bool ready = false;
};
model::Result<Start> start_of(Sqlite& sqlite, NewDelivery const& delivery, SealedDelivery const& sealed,
                              Openings* openings) {
    auto const head = lane_head(sqlite, delivery.connection, sealed.subject);
    if (!head || head->id != 0) {
        return head ? model::Result<Start>(Start{}) : head.error();
    }
    auto const goes =
        openings == nullptr ? model::Result<bool>(false) : openings->may_go(sqlite, delivery, sealed.target_key);
    if (!goes) {
        return goes.error();
    }
    return *goes ? Start{DeliveryState::in_flight, false} : Start{DeliveryState::pending, true};
}

}  // namespace

model::Result<bool> insert_delivery(Batch& batch, KeyId key, EventPlace const& event, NewDelivery const& delivery,
                                    SealedDelivery const& sealed, model::TimePoint now, Openings* openings) {
    Sqlite& sqlite = batch.sqlite;
    auto const known = is_known(batch, sealed.idempotency_key);
    if (!known || *known) {
        return known ? model::Result<bool>(false) : known;
    }
    model::AttemptReport const undecided;
    model::AttemptReport const& report = delivery.decided ? *delivery.decided : undecided;
    auto const start = delivery.decided ? model::Result<Start>(Start{*final_state(report.outcome), false})
                                        : start_of(sqlite, delivery, sealed, openings);
    if (!start) {
        return start.error();
    }
    bool const leased = start->state == DeliveryState::in_flight;
    auto done = sqlite.run(
        "INSERT INTO delivery (id, inbox_id, event_ordinal, kind, state, ready, route, connection, action, subject,"
        " target_key, idempotency_key, about, created_us, due_us, attempts, effects, reason, remote_key, remote_url,"
        " cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?16, ?16, ?, ?, ?, ?)",
        sealed.id, event.inbox_id, event.ordinal, delivery.kind, start->state, start->ready, delivery.route,
        delivery.connection, delivery.action, sealed.subject, sealed.target_key, sealed.idempotency_key, delivery.about,
        now, now, leased, report.reason, report.target_key, report.target_url,
        start->state == DeliveryState::dead ? cause_of_mapping(report) : std::string());
    if (done) {
        done = sqlite.run("INSERT INTO delivery_data (delivery_id, schema, key, story, record) VALUES (?, ?, ?, ?, ?)",
                          sealed.id, delivery.record.schema, key, Blob{sealed.story}, Blob{sealed.record});
    }
    if (done) {
        done = batch.indexes.delivery_keys.add_owned(sqlite, sealed.idempotency_key, sealed.id);
    }
    if (done && leased) {
        done =
            sqlite.run("INSERT INTO effect (delivery_id, sequence, number, look_up, started_us) VALUES (?, 1, 1, 0, ?)",
                       sealed.id, now);
        openings->leased(as_leased(sealed.id, event, delivery));
    }
    batch.promised += delivery.kind == DeliveryKind::delivery ? 1 : 0;
    return done ? model::Result<bool>(true) : model::Result<bool>(done.error());
}

model::Result<void> insert_deliveries(Batch& batch, std::int64_t inbox_id, std::int32_t event_ordinal,
                                      std::vector<NewDelivery> const& deliveries, model::TimePoint now) {
    if (deliveries.empty()) {
        return {};
    }
    auto const key = key_of_event(batch.sqlite, batch.ring, inbox_id, event_ordinal);
    if (!key) {
        return key.error();
    }
    // Nothing more is written about somebody who was erased; only feedback and notices come this late.
    for (auto delivery = deliveries.begin(); key->key && delivery != deliveries.end(); ++delivery) {
        auto const sealed = seal_delivery(batch.ring, *key, batch.delivery_ids.next(), *delivery);
        if (!sealed) {
            return sealed.error();
        }
        auto const added = insert_delivery(batch, key->id, {inbox_id, event_ordinal}, *delivery, *sealed, now, nullptr);
        if (!added) {
            return added.error();
        }
    }
    return {};
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

model::Result<bool> advance(Sqlite& sqlite, std::string const& connection, std::string const& subject) {
    auto const head = lane_head(sqlite, connection, subject);
    if (!head || head->id == 0) {
        return head ? model::Result<bool>(false) : model::Result<bool>(head.error());
    }
    auto const readied = sqlite.run("UPDATE delivery SET ready = 1 WHERE id = ? AND state <> 1", head->id);
    return readied ? model::Result<bool>(true) : model::Result<bool>(readied.error());
}

model::Result<void> ready_next(Sqlite& sqlite, std::string const& connection, std::string const& subject) {
    auto const advanced = advance(sqlite, connection, subject);
    return advanced ? model::Result<void>() : model::Result<void>(advanced.error());
}

namespace {

model::Result<void> replace_key(Batch& batch, DeliveryId id, Revision const& revision) {
    std::string before;
    auto done = batch.sqlite.each(
        "SELECT idempotency_key FROM delivery WHERE id = ?", [&](Row const& row) { before = row.text(0); }, id);
    std::string const after = batch.ring.hashed("idempotency_key", revision.idempotency_key);
    if (done && after != before) {
        auto const known = is_known(batch, after);
        if (!known) {
            return known.error();
        }
        if (*known) {
            return model::Error{model::ErrorCode::already_exists, "Another delivery has this idempotency key."};
        }
        done = batch.indexes.delivery_keys.remove_owned(batch.sqlite, before, id);
        if (done) {
            done = batch.indexes.delivery_keys.add_owned(batch.sqlite, after, id);
        }
    }
    return done ? batch.sqlite.run("UPDATE delivery SET idempotency_key = ?, target_key = ? WHERE id = ?", after,
                                   batch.ring.hashed("target_key", revision.record.key), id)
                : done;
}

}  // namespace

model::Result<void> replace_record(Batch& batch, DeliveryId id, Revision const& revision) {
    auto found = read_story(batch.sqlite, batch.ring, id);
    if (!found) {
        return found.error();
    }
    if (!*found) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "The person that delivery " + std::to_string(id) + " is about was erased."};
    }
    vault::Key const& key = *(*found)->key.key;
    DeliveryStory& story = (*found)->story;
    story.target_key = revision.record.key;
    story.idempotency_key = revision.idempotency_key;
    story.sources = revision.sources;
    story.warnings = revision.warnings;
    story.fields.clear();
    auto const sealed_story = vault::seal(key, place_of_story(id), encode_delivery_story(story));
    auto const sealed_record = vault::seal(key, place_of_record(id), revision.record.json);
    auto const sealed_edits = vault::seal(key, place_of_edits(id), revision.edits);
    if (!sealed_story || !sealed_record || !sealed_edits) {
        return !sealed_story ? sealed_story.error() : !sealed_record ? sealed_record.error() : sealed_edits.error();
    }
    if (auto const keyed = replace_key(batch, id, revision); !keyed) {
        return keyed;
    }
    return batch.sqlite.run(
        "UPDATE delivery_data SET schema = ?, story = ?, record = ?, edits = iif(?, ?, NULL) WHERE delivery_id = ?",
        revision.record.schema, Blob{*sealed_story}, Blob{*sealed_record}, !revision.edits.empty(), Blob{*sealed_edits},
        id);
}

model::Result<std::string> read_edits(Sqlite& sqlite, KeyRing& ring, DeliveryId id) {
    KeyId key = 0;
    std::string sealed;
    auto const read = sqlite.each(
        "SELECT key, edits FROM delivery_data WHERE delivery_id = ?",
        [&](Row const& row) {
            key = row.integer(0);
            sealed = row.text(1);
        },
        id);
    if (!read || sealed.empty()) {
        return read ? model::Result<std::string>(std::string()) : model::Result<std::string>(read.error());
    }
    auto opened = ring.open(sqlite, key, place_of_edits(id), sealed);
    return opened ? model::Result<std::string>(opened->value_or("")) : model::Result<std::string>(opened.error());
}

model::Result<void> insert_data(Sqlite& sqlite, SealingKey const& key, DeliveryId id, DeliveryStory const& story,
                                std::string_view schema, std::optional<std::string_view> record) {
    auto const sealed_story = vault::seal(*key.key, place_of_story(id), encode_delivery_story(story));
    auto const sealed_record = vault::seal(*key.key, place_of_record(id), record.value_or(""));
    if (!sealed_story || !sealed_record) {
        return sealed_story ? sealed_record.error() : sealed_story.error();
    }
    return sqlite.run("INSERT INTO delivery_data (delivery_id, schema, key, story, record) VALUES (?, ?, ?, ?, ?)", id,
                      schema, key.id, Blob{*sealed_story}, record ? std::optional(Blob{*sealed_record}) : std::nullopt);
}

model::Result<std::optional<KeyedStory>> read_story(Sqlite& sqlite, KeyRing& ring, DeliveryId id) {
    KeyId key_id = 0;
    std::string sealed;
    auto const read = sqlite.each(
        "SELECT key, story FROM delivery_data WHERE delivery_id = ?",
        [&](Row const& row) {
            key_id = row.integer(0);
            sealed = row.text(1);
        },
        id);
    auto key = read ? ring.find(sqlite, key_id) : model::Result<SealingKey>(read.error());
    if (!key) {
        return key.error();
    }
    auto story = open_story(*key, id, sealed);
    if (!story) {
        return story.error();
    }
    return *story ? std::optional(KeyedStory{std::move(*key), std::move(**story)}) : std::nullopt;
}

model::Result<void> write_story(Sqlite& sqlite, DeliveryId id, KeyedStory const& story) {
    auto const sealed = vault::seal(*story.key.key, place_of_story(id), encode_delivery_story(story.story));
    return sealed ? sqlite.run("UPDATE delivery_data SET story = ? WHERE delivery_id = ?", Blob{*sealed}, id)
                  : model::Result<void>(sealed.error());
}

model::Result<std::optional<std::string>> open_delivery_record(Sqlite& sqlite, KeyRing& ring, KeyId key, DeliveryId id,
                                                               std::string_view sealed) {
    return ring.open(sqlite, key, place_of_record(id), sealed);
}

model::Result<DeliveryView> read_delivery(Sqlite& sqlite, KeyRing& ring, DeliveryId id) {
    std::optional<DeliveryView> view;
    std::optional<model::Error> damage;
    auto const found = sqlite.each(
        "SELECT d.inbox_id, d.event_ordinal, d.kind, d.state, d.route, d.connection, d.action, d.about, d.created_us,"
        " d.due_us, d.attempts, d.look_up, d.look_ups, d.reason, d.remote_key, d.remote_url, p.schema, p.key, p.story,"
        " p.record FROM delivery d JOIN delivery_data p ON p.delivery_id = d.id WHERE d.id = ?",
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
            delivery.about = row.integer(7);
            view->created_at = row.time(8);
            if (view->state == DeliveryState::pending || view->state == DeliveryState::unknown) {
                view->due_at = row.time(9);
            }
            delivery.attempt = row.number(10);
            delivery.look_up = row.number(11) != 0;
            delivery.look_ups = row.number(12);
            view->reason = row.text(13);
            view->target_key = row.text(14);
            view->target_url = row.text(15);
            delivery.record.schema = row.text(16);
            auto const key = ring.find(sqlite, row.integer(17));
            auto story =
                key ? open_story(*key, id, row.view(18)) : model::Result<std::optional<DeliveryStory>>(key.error());
            model::Result<std::optional<std::string>> record = std::optional<std::string>();
            if (!row.is_null(19)) {
                record = open_delivery_record(sqlite, ring, row.integer(17), id, row.view(19));
            }
            if (!story || !record) {
                damage = story ? record.error() : story.error();
                return;
            }
            view->erased = !*story;
            tell(std::move(*story).value_or(DeliveryStory()), std::move(*record).value_or(""), *view);
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
