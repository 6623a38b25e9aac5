#include "admin/replay.hpp"

#include "admin/dead.hpp"
#include "admin/replay_desk.hpp"
#include "admin/views.hpp"

#include <boost/json.hpp>

#include <set>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr std::size_t edits_max = 50;

std::string_view name(ReplayResult result, bool edits) noexcept {
    switch (result) {
        case ReplayResult::done:
            return edits ? "edited" : "replayed";
        case ReplayResult::would:
            return edits ? "would_edit" : "would_replay";
        case ReplayResult::already:
            return "already";
        case ReplayResult::refused:
            break;
    }
    return "refused";
}

json::object view(Preview const& preview) {
    json::array changes;
    for (FieldChange const& change : preview.changes) {
        json::object entry{{"field", change.field}};
        if (!change.before.empty()) {
            entry["before"] = parsed(change.before);
        }
        if (!change.after.empty()) {
            entry["after"] = parsed(change.after);
        }
        changes.push_back(std::move(entry));
    }
    json::object out{{"route", preview.route},
                     {"connection", preview.connection},
                     {"action", preview.action},
                     {"sends", preview.sends},
                     {"look_up_first", preview.look_up_first},
                     {"schema", preview.record.schema},
                     {"record", parsed(preview.record.json)},
                     {"sources", admin::view(preview.sources)},
                     {"warnings", admin::view(preview.warnings)},
                     {"fields", admin::view(preview.fields)},
                     {"changes", std::move(changes)}};
    if (!preview.event_title.empty()) {
        out["title"] = preview.event_title;
    }
    if (!preview.why.empty()) {
        out["why"] = preview.why;
    }
    return out;
}

json::object view(Replayed const& replayed, bool edits) {
    json::object out{{"letter", store::to_string(replayed.letter)}, {"result", name(replayed.result, edits)}};
    if (!replayed.reason.empty()) {
        out["reason"] = replayed.reason;
    }
    if (replayed.from != ReplayFrom::usual) {
        out["from"] = replayed.from == ReplayFrom::raw ? "raw" : "mapped";
        out["mapping"] = replayed.mapping == ReplayMapping::as_stored ? "old" : "new";
    }
    if (replayed.event != 0) {
        out["event"] = replayed.event;
    }
    json::array previews;
    for (Preview const& preview : replayed.previews) {
        previews.push_back(view(preview));
    }
    out["previews"] = std::move(previews);
    return out;
}

http::Response no_desk() {
    return http::problem(503, "The host is not ready to replay.");
}

// The member as one of three words, of which "" is the usual one; false: another word or no text.
template <class Choice>
bool choose(json::object const& body, char const* member, std::string_view first, Choice first_choice,
            std::string_view second, Choice second_choice, Choice& chosen) {
    json::value const* const given = body.if_contains(member);
    if (given == nullptr) {
        return true;
    }
    std::string_view const word = given->is_string() ? std::string_view(given->get_string()) : std::string_view();
    chosen = word == first ? first_choice : second_choice;
    return word == first || word == second;
}

bool take_flag(json::object const& body, char const* member, bool& flag) {
    json::value const* const given = body.if_contains(member);
    flag = given != nullptr && given->is_bool() && given->get_bool();
    return given == nullptr || given->is_bool();
}

model::Result<ReplayOrder> parse_order(json::object const& body) {
    ReplayOrder order;
    bool const good =
        choose(body, "from", "raw", ReplayFrom::raw, "mapped", ReplayFrom::mapped, order.from) &&
        choose(body, "mapping", "old", ReplayMapping::as_stored, "new", ReplayMapping::as_present, order.mapping) &&
        take_flag(body, "dry_run", order.dry_run) && take_flag(body, "force", order.force);
    if (!good) {
        return model::Error{
            model::ErrorCode::invalid_argument,
            R"("from" is "raw" or "mapped", "mapping" is "old" or "new", "dry_run" and "force" are true )"
            "or false."};
    }
    if (order.from == ReplayFrom::raw && order.mapping == ReplayMapping::as_stored) {
        return model::Error{model::ErrorCode::invalid_argument,
                            "What is replayed from raw is mapped anew; the old mapping goes with \"from\":\"mapped\"."};
    }
    return order;
}

model::Result<std::vector<Edit>> parse_edits(json::object const& body) {
    auto const wrong = [](std::string why) { return model::Error{model::ErrorCode::invalid_argument, std::move(why)}; };
    std::vector<Edit> edits;
    for (auto const& [name, value] : body) {
        if (name != "set" && name != "remove" && name != "dry_run") {
            return wrong("\"" + std::string(name) + "\" is not known here.");
        }
    }
    if (json::value const* const set = body.if_contains("set")) {
        if (!set->is_object()) {
            return wrong(R"("set" must be an object of JSON Pointers and values.)");
        }
        for (auto const& [field, value] : set->get_object()) {
            edits.push_back({std::string(field), value});
        }
    }
    if (json::value const* const remove = body.if_contains("remove")) {
        json::array const empty;
        for (json::value const& field : remove->is_array() ? remove->get_array() : empty) {
            edits.push_back({field.is_string() ? std::string(field.get_string()) : std::string(), std::nullopt});
        }
        if (!remove->is_array()) {
            return wrong(R"("remove" must be a list of JSON Pointers.)");
        }
    }
    std::set<std::string_view> fields;
    for (Edit const& edit : edits) {
        if (!fields.insert(edit.field).second) {
            return wrong("The field " + edit.field + " is named twice.");
        }
    }
    if (edits.empty() || edits.size() > edits_max) {
        return wrong(R"(Say what to change: {"set":{"/personal_email":"ada@example.com"},"remove":["/manager"]}, at )"
                     "most 50 fields.");
    }
    return edits;
}

}  // namespace

http::Response replay_dead(Api& api, Call const& call) {
    auto const body = body_object(call);
    auto const selection =
        body ? parse_selection(*body, {"from", "mapping", "dry_run", "force"}) : model::Result<Selection>(body.error());
    auto const order = selection ? parse_order(*body) : model::Result<ReplayOrder>(selection.error());
    if (!order) {
        return http::problem(order.error());
    }
    if (api.replays == nullptr) {
        return no_desk();
    }
    store::DeadLetters dead(api.store);
    auto const letters = letters_of(dead, *selection);
    if (!letters) {
        return http::problem(letters.error());
    }
    json::array results;
    std::int64_t counts[4] = {};
    for (store::LetterId const id : *letters) {
        auto const replayed = api.replays->replay(id, *order);
        if (!replayed) {
            // What came before it is done and stays done; the same call goes on where it stopped.
            return http::problem(replayed.error());
        }
        ++counts[static_cast<std::size_t>(replayed->result)];
        results.push_back(view(*replayed, false));
    }
    auto const count = [&](ReplayResult result) { return counts[static_cast<std::size_t>(result)]; };
    json::object out{{"dry_run", order->dry_run},
                     {"replayed", count(ReplayResult::done)},
                     {"would_replay", count(ReplayResult::would)},
                     {"already", count(ReplayResult::already)},
                     {"refused", count(ReplayResult::refused)},
                     {"results", std::move(results)}};
    if (auto const rest = add_rest(dead, *selection, *letters, out); !rest) {
        return http::problem(rest.error());
    }
    if (count(ReplayResult::done) > 0) {
        api.logger.info("Dead letters are replayed.",
                        {{"count", count(ReplayResult::done)}, {"refused", count(ReplayResult::refused)}});
        api.wake();
    }
    return json_ok(json::serialize(out));
}

http::Response edit_dead(Api& api, Call const& call) {
    auto const id = store::parse_letter(call.captured.at("letter"));
    if (!id || id->is_item) {
        return http::problem(400, "Only deliveries can be edited, such as d23. An event (e17) is replayed from raw.");
    }
    auto const body = body_object(call);
    auto const edits = body ? parse_edits(*body) : model::Result<std::vector<Edit>>(body.error());
    bool dry_run = false;
    if (!edits || !take_flag(*body, "dry_run", dry_run)) {
        return edits ? http::problem(400, "\"dry_run\" is true or false.") : http::problem(edits.error());
    }
    if (api.replays == nullptr) {
        return no_desk();
    }
    auto const edited = api.replays->edit(id->number, *edits, dry_run);
    if (!edited) {
        return http::problem(edited.error());
    }
    if (edited->result == ReplayResult::refused) {
        std::vector<model::FieldProblem> const fields =
            edited->previews.empty() ? std::vector<model::FieldProblem>() : edited->previews.front().fields;
        return http::problem(model::Error{model::ErrorCode::failed_precondition, edited->reason, fields});
    }
    if (edited->result == ReplayResult::done) {
        api.logger.info("A dead letter is edited.", {{"delivery_id", id->number}, {"fields", edits->size()}});
    }
    return json_ok(json::serialize(view(*edited, true)));
}

}  // namespace crosswalk::admin
