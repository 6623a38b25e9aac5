#include "replay_desk.hpp"

#include "plugin_host/digest.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace crosswalk {
namespace {

namespace json = boost::json;

constexpr std::size_t changes_max = 200;

// About this letter alone; anything else is about the store and ends a whole page.
bool is_refusal(model::ErrorCode code) noexcept {
    return code == model::ErrorCode::failed_precondition || code == model::ErrorCode::not_found ||
           code == model::ErrorCode::invalid_argument || code == model::ErrorCode::unsupported;
}

model::Error refusal(std::string why) {
    return {model::ErrorCode::failed_precondition, std::move(why)};
}

json::value parsed(std::string const& text) {
    json::error_code error;
    json::value value = json::parse(text, error);
    return error ? json::value(nullptr) : value;
}

std::string escaped(std::string_view key) {
    std::string out;
    for (char const c : key) {
        out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return out;
}

void compare(std::string const& place, json::value const& before, json::value const& after,
             std::vector<admin::FieldChange>& changes) {
    if (changes.size() >= changes_max || before == after) {
        return;
    }
    if (!before.is_object() || !after.is_object()) {
        changes.push_back({place, json::serialize(before), json::serialize(after)});
        return;
    }
    auto const& old_fields = before.get_object();
    auto const& new_fields = after.get_object();
    for (auto const& [key, value] : old_fields) {
        std::string const field = place + "/" + escaped(key);
        if (json::value const* const other = new_fields.if_contains(key)) {
            compare(field, value, *other, changes);
        } else if (changes.size() < changes_max) {
            changes.push_back({field, json::serialize(value), {}});
        }
    }
    for (auto const& [key, value] : new_fields) {
        if (!old_fields.contains(key) && changes.size() < changes_max) {
            changes.push_back({place + "/" + escaped(key), {}, json::serialize(value)});
        }
    }
}

std::vector<admin::FieldChange> changes_between(model::Record const& before, model::Record const& after) {
    std::vector<admin::FieldChange> changes;
    if (before.schema == after.schema) {
        compare({}, parsed(before.json), parsed(after.json), changes);
    }
    return changes;
}

bool is_same(model::Record const& a, model::Record const& b) {
    return a.schema == b.schema && a.key == b.key && parsed(a.json) == parsed(b.json);
}

// The same edit twice gives the same key, another record another one.
std::string key_of(std::string const& old_key, model::Record const& record) {
    return plugin_host::sha256_hex(old_key + '\n' + record.schema + '\n' + record.key + '\n' + record.json)
        .substr(0, 32);
}

admin::Preview preview_of(model::Route const& route, model::Event const& event, MappedOut made) {
    admin::Preview out;
    out.route = route.name;
    out.connection = route.to_connection;
    out.action = route.to_action;
    out.event_title = event.title;
    out.sends = !made.decided;
    if (made.decided) {
        out.why = made.decided->reason;
        out.fields = std::move(made.decided->fields);
    }
    out.record = std::move(made.record);
    out.sources = std::move(made.sources);
    out.warnings = std::move(made.warnings);
    return out;
}

admin::Preview preview_of(store::DeliveryView const& view) {
    admin::Preview out;
    out.route = view.delivery.route;
    out.connection = view.delivery.connection;
    out.action = view.delivery.action;
    out.sends = true;
    out.record = view.delivery.record;
    out.sources = view.sources;
    out.warnings = view.delivery.warnings;
    return out;
}

// [{"field":"/a","value":…}, {"field":"/b"}]: a later edit of the same field replaces the earlier one.
std::string merged(std::string const& earlier, std::vector<admin::Edit> const& edits) {
    json::value const before = earlier.empty() ? json::value(json::array()) : parsed(earlier);
    json::array out = before.is_array() ? before.get_array() : json::array();
    for (admin::Edit const& edit : edits) {
        auto const of_same_field = [&](json::value const& known) {
            return known.at("field").as_string() == edit.field;
        };
        out.erase(std::remove_if(out.begin(), out.end(), of_same_field), out.end());
        json::object entry{{"field", edit.field}};
        if (edit.value) {
            entry["value"] = *edit.value;
        }
        out.push_back(std::move(entry));
    }
    return json::serialize(out);
}

std::vector<map::Override> overrides_of(std::string const& edits) {
    std::vector<map::Override> overrides;
    json::value const list = edits.empty() ? json::value(json::array()) : parsed(edits);
    for (json::value const& entry : list.is_array() ? list.get_array() : json::array()) {
        json::value const* const value = entry.get_object().if_contains("value");
        overrides.push_back({std::string(entry.at("field").as_string()),
                             value == nullptr ? std::nullopt : std::optional<json::value>(*value)});
    }
    return overrides;
}

}  // namespace

struct ReplayDesk::Remapped {
    admin::Preview preview;
    store::Revision revision;
    bool is_other = false;  // than the stored record
};

ReplayDesk::ReplayDesk(route::Router const& router, FindMapper mappers, deliver::FindConnector connectors,
                       std::chrono::milliseconds hook_time_max, store::DeadLetters& letters, store::Inbox& inbox,
                       store::Outbox& outbox, store::History& history)
    : router_(router),
      mappers_(std::move(mappers)),
      connectors_(std::move(connectors)),
      hook_time_max_(hook_time_max),
      letters_(letters),
      inbox_(inbox),
      outbox_(outbox),
      history_(history) {}

model::Result<admin::Replayed> ReplayDesk::replay(store::LetterId id, admin::ReplayOrder const& order) {
    admin::Replayed out;
    out.letter = id;
    auto const letter = letters_.find(id);
    auto const refuse = [&](model::Error const& error) -> model::Result<admin::Replayed> {
        if (!is_refusal(error.code)) {
            return error;
        }
        out.reason = error.detail;
        return out;
    };
    if (!letter) {
        return refuse(letter.error());
    }
    bool const is_open = letter->state == "pending" || letter->state == "in_flight" || letter->state == "unknown" ||
                         letter->state == "received";
    if (is_open || letter->replayed_as != 0) {
        out.result = admin::ReplayResult::already;
        out.event = letter->replayed_as;
        out.reason = is_open ? "It is " + letter->state + " already."
                             : "It runs again as event " + std::to_string(letter->replayed_as) + " already.";
        return out;
    }
    if (auto const may = letters_.may_replay(id, order.force); !may) {
        return refuse(may.error());
    }
    bool const raw = order.from == admin::ReplayFrom::raw || (order.from == admin::ReplayFrom::usual && id.is_item);
    auto replayed = raw ? from_raw(*letter, order) : from_mapped(*letter, order);
    return replayed ? replayed : refuse(replayed.error());
}

model::Result<admin::Replayed> ReplayDesk::from_raw(store::DeadLetter const& letter, admin::ReplayOrder const& order) {
    admin::Replayed out;
    out.letter = letter.id;
    out.from = admin::ReplayFrom::raw;
    out.mapping = admin::ReplayMapping::as_present;
    if (letter.kind != store::DeliveryKind::delivery) {
        return refusal("A note or a mail is not made from what was received. Replay it as it is.");
    }
    if (letter.maybe_applied) {
        return refusal(
            "Its last attempt may have been applied. Replay it as it is (from mapped, with the old mapping): that "
            "looks it up at the target first.");
    }
    if (order.dry_run) {
        auto previews = rehearse_raw(letter);
        if (!previews) {
            return previews.error();
        }
        out.previews = std::move(*previews);
        out.result = admin::ReplayResult::would;
        return out;
    }
    auto const event = letters_.replay_raw(letter.id, order.force);
    if (!event) {
        return event.error();
    }
    out.event = *event;
    out.result = admin::ReplayResult::done;
    return out;
}

std::vector<model::Route const*> ReplayDesk::routes_of(store::DeadLetter const& letter, store::InboxItem const& item,
                                                       std::string const& event_type) const {
    std::string const& only = letter.route.empty() ? item.route : letter.route;
    if (only.empty()) {
        return router_.match(item.connection, event_type);
    }
    model::Route const* const route = router_.find(only);
    bool const takes_it = route != nullptr && (item.event || route->from_event == event_type);
    return takes_it ? std::vector<model::Route const*>{route} : std::vector<model::Route const*>();
}

model::Result<std::vector<admin::Preview>> ReplayDesk::rehearse_raw(store::DeadLetter const& letter) {
    auto const item = inbox_.read(letter.event);
    if (!item) {
        return item.error();
    }
    if (!item->event && item->raw.method.empty()) {
        return refusal("The payload of event " + std::to_string(letter.event) + " is purged.");
    }
    plugin_host::Connector* const source = connectors_(item->connection);
    if (source == nullptr) {
        return refusal("The connector of " + item->connection + " is not loaded.");
    }
    std::vector<model::Event> events;
    if (item->event) {
        events.push_back(*item->event);
    } else {
        auto read = source->parse_webhook({item->raw.method, item->raw.target, item->raw.headers, item->raw.body},
                                          hook_time_max_);
        if (!read) {
            return refusal("It cannot be read: " + read.error().detail);
        }
        events = std::move(read->events);
    }
    std::vector<admin::Preview> previews;
    for (model::Event const& event : events) {
        std::string why;
        auto const canonical = map_in(*source, event, why, hook_time_max_);
        if (!canonical) {
            return refusal("Its source's mapping fails: " + canonical.error().detail);
        }
        for (model::Route const* const route :
             *canonical ? routes_of(letter, *item, event.type) : std::vector<model::Route const*>()) {
            plugin_host::Connector* const target = connectors_(route->to_connection);
            if (target == nullptr) {
                return refusal("The connector of " + route->to_connection + " is not loaded.");
            }
            previews.push_back(preview_of(
                *route, **canonical, map_out(mappers_(route->name), *route, **canonical, *target, hook_time_max_)));
        }
    }
    if (previews.empty()) {
        return refusal("Nothing in it is of use to a route.");
    }
    return previews;
}

model::Result<admin::Replayed> ReplayDesk::from_mapped(store::DeadLetter const& letter,
                                                       admin::ReplayOrder const& order) {
    if (letter.id.is_item) {
        return refusal("Event " + std::to_string(letter.event) + " was never mapped. Replay it from raw.");
    }
    auto const view = history_.delivery(letter.id.number);
    if (!view) {
        return view.error();
    }
    if (view->delivery.record.json.empty()) {
        return refusal("The record of delivery " + std::to_string(letter.id.number) + " is purged.");
    }
    admin::Replayed out;
    out.letter = letter.id;
    out.from = admin::ReplayFrom::mapped;
    // Decided without asking the target: what is stored is as far as the mapping came, nothing that could be sent.
    bool const never_mapped = view->attempts.empty() && !letter.is_edited;
    bool const anew = order.mapping == admin::ReplayMapping::as_present ||
                      (order.mapping == admin::ReplayMapping::usual && never_mapped);
    out.mapping = anew ? admin::ReplayMapping::as_present : admin::ReplayMapping::as_stored;
    auto const sent =
        anew ? send_as_present(*view, order, out) : send_as_stored(letter, *view, never_mapped, order, out);
    return sent ? model::Result<admin::Replayed>(std::move(out)) : model::Result<admin::Replayed>(sent.error());
}

model::Result<void> ReplayDesk::send_as_stored(store::DeadLetter const& letter, store::DeliveryView const& view,
                                               bool never_mapped, admin::ReplayOrder const& order,
                                               admin::Replayed& out) {
    if (never_mapped && view.delivery.kind == store::DeliveryKind::delivery) {
        return refusal(
            "Its mapping was refused, so that there is no old record to send. Use the new mapping, or edit it.");
    }
    plugin_host::Connector* const target = connectors_(view.delivery.connection);
    bool const can_check = target == nullptr || target->can_look_up() || target->honours_idempotency_key();
    if (letter.maybe_applied && !can_check && !order.force && letter.kind != store::DeliveryKind::notice) {
        return refusal("Its last attempt may have been applied, and " + view.delivery.connection +
                       " can neither be asked nor told twice without acting twice. Look there by hand; force sends it "
                       "again.");
    }
    if (order.dry_run) {
        admin::Preview preview = preview_of(view);
        preview.look_up_first = letter.maybe_applied;
        out.previews.push_back(std::move(preview));
        out.result = admin::ReplayResult::would;
        return {};
    }
    // Force does not skip a look-up that can be made.
    bool const force = order.force && !(letter.maybe_applied && can_check);
    auto const opened = outbox_.retry_now(letter.id.number, force);
    out.result = opened ? admin::ReplayResult::done : admin::ReplayResult::refused;
    return opened;
}

model::Result<void> ReplayDesk::send_as_present(store::DeliveryView const& view, admin::ReplayOrder const& order,
                                                admin::Replayed& out) {
    auto const edits = letters_.edits(view.delivery.id);
    if (!edits) {
        return edits.error();
    }
    auto remapped = remap(view, *edits);
    if (!remapped) {
        return remapped.error();
    }
    bool const sends = remapped->preview.sends;
    if (!sends) {
        out.reason = remapped->preview.why;
    }
    if (!sends || order.dry_run) {
        out.result = sends ? admin::ReplayResult::would : admin::ReplayResult::refused;
        out.previews.push_back(std::move(remapped->preview));
        return {};
    }
    auto const sent = remapped->is_other
                          ? letters_.send_revised(view.delivery.id, std::move(remapped->revision), order.force)
                          : outbox_.retry_now(view.delivery.id, order.force);
    out.result = sent ? admin::ReplayResult::done : admin::ReplayResult::refused;
    return sent;
}

model::Result<ReplayDesk::Remapped> ReplayDesk::remap(store::DeliveryView const& view, std::string edits) {
    store::Delivery const& delivery = view.delivery;
    if (delivery.kind != store::DeliveryKind::delivery) {
        return refusal("A note or a mail has no mapping. Replay it as it is, or discard it.");
    }
    bool const ended_unknown =
        !view.attempts.empty() &&
        (!view.attempts.back().ended_at || view.attempts.back().outcome == model::name(model::Outcome::unknown));
    if (ended_unknown) {
        return refusal(
            "Its last attempt may have been applied, so its record must not change yet. Replay it as it is (from "
            "mapped, with the old mapping): that looks it up at the target first.");
    }
    model::Route const* const route = router_.find(delivery.route);
    if (route == nullptr || route->to_connection != delivery.connection || route->to_action != delivery.action) {
        return refusal("The route " + delivery.route +
                       " is gone or goes elsewhere now. Replay it from raw, or as it is with the old mapping.");
    }
    plugin_host::Connector* const target = connectors_(delivery.connection);
    if (target == nullptr) {
        return refusal("The connector of " + delivery.connection + " is not loaded.");
    }
    auto const event = history_.event_of(delivery.id);
    if (!event) {
        return event.error();
    }
    if (event->record.json.empty()) {
        return refusal("The event of delivery " + std::to_string(delivery.id) + " is purged.");
    }
    Remapped out;
    MappedOut made = map_out(mappers_(route->name), *route, *event, *target, hook_time_max_, overrides_of(edits));
    out.preview = preview_of(*route, *event, std::move(made));
    out.preview.changes = changes_between(delivery.record, out.preview.record);
    out.is_other = !is_same(delivery.record, out.preview.record);
    out.revision = {out.preview.record, out.preview.sources, out.preview.warnings, std::move(edits),
                    out.is_other ? key_of(delivery.idempotency_key, out.preview.record) : delivery.idempotency_key};
    return out;
}

model::Result<admin::Replayed> ReplayDesk::edit(store::DeliveryId id, std::vector<admin::Edit> const& edits,
                                                bool dry_run) {
    store::LetterId const letter{false, id};
    if (auto const may = letters_.may_replay(letter, false); !may) {
        return may.error();
    }
    auto const view = history_.delivery(id);
    auto const earlier = letters_.edits(id);
    if (!view || !earlier) {
        return view ? earlier.error() : view.error();
    }
    auto remapped = remap(*view, merged(*earlier, edits));
    if (!remapped) {
        return remapped.error();
    }
    admin::Replayed out;
    out.letter = letter;
    out.from = admin::ReplayFrom::mapped;
    out.mapping = admin::ReplayMapping::as_present;
    out.result = !remapped->preview.sends ? admin::ReplayResult::refused
                 : dry_run                ? admin::ReplayResult::would
                                          : admin::ReplayResult::done;
    out.reason = remapped->preview.why;
    if (out.result == admin::ReplayResult::done) {
        if (auto const kept = letters_.revise(id, remapped->revision); !kept) {
            return kept.error();
        }
    }
    out.previews.push_back(std::move(remapped->preview));
    return out;
}

}  // namespace crosswalk
