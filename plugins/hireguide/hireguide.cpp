#include "hireguide.hpp"

#include "candidates.hpp"
#include "exports.hpp"
#include "hireguide_data.hpp"
#include "map.hpp"
#include "webhook.hpp"

#include <algorithm>
#include <set>

namespace crosswalk::hireguide {
namespace {

constexpr cw_trigger exported{
    sizeof(cw_trigger),   CW_TRIGGER_WEBHOOK,       exported_event, "Interview exported to the ATS",
    "hireguide.export/1", "crosswalk.attachment/1", nullptr};
constexpr cw_trigger sync_requested{sizeof(cw_trigger),
                                    CW_TRIGGER_WEBHOOK | CW_TRIGGER_SIGNAL,
                                    sync_event,
                                    "Sync Now pressed in Hireguide",
                                    "hireguide.sync/1",
                                    "",
                                    nullptr};
constexpr cw_trigger const* triggers[] = {&exported, &sync_requested, nullptr};

constexpr cw_action upsert_candidate_action{sizeof(cw_action),         0,
                                            "upsert_candidate",        "Add or update a candidate of a position",
                                            "crosswalk.application/1", "hireguide.candidate/1"};
constexpr cw_action update_position_action{sizeof(cw_action),     0,
                                           "update_position",     "Connect a position with its job and update it",
                                           "crosswalk.posting/1", "hireguide.position/1"};
constexpr cw_action report_export_action{
    sizeof(cw_action), 0, "report_export", "Tell what became of an export", "crosswalk.note/1", "hireguide.report/1"};
constexpr cw_action const* actions[] = {&upsert_candidate_action, &update_position_action, &report_export_action,
                                        nullptr};

constexpr char const* secrets[] = {token_pointer.data(), secret_pointer.data(), previous_secret_pointer.data(),
                                   nullptr};
constexpr char const* egress[] = {"setting:/base_url", nullptr};

constexpr cw_descriptor descriptor{
    sizeof(cw_descriptor),
    CW_CAP_WEBHOOK | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH | CW_CAP_PARALLEL | CW_CAP_SUBSCRIBE | CW_CAP_FIND,
    "hireguide",
    "Hireguide",
    "Crosswalk",
    "0.1.0",
    "",
    settings_schema,
    triggers,
    actions,
    secrets,
    egress,
    5,
    5};

constexpr std::size_t found_max = 50;

[[noreturn]] void refuse(std::string_view what, std::string_view name) {
    throw Failure(CW_ERR_UNSUPPORTED, "Hireguide has no " + std::string(what) + " " + std::string(name) + ".");
}

std::string folded(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

}  // namespace

void Hireguide::init(Call& call) {
    settings_ = Settings::load(call.config());
}

connector::Verdict Hireguide::verify_webhook(Call& call, connector::WebhookRequest const& request) {
    return verify(call, settings_, request);
}

void Hireguide::parse_webhook(Call& call, connector::WebhookRequest const& request) {
    Callback const callback = read_callback(request.body());
    if (callback.type == exported_event) {
        parse_export(Api(call, settings_), callback);
        return;
    }
    if (callback.type != sync_event) {
        throw Failure(CW_ERR_INVALID, "The stored callback is neither an export nor a wish to sync.");
    }
    connector::Event event;
    event.id = callback.id;
    event.type = sync_event;
    event.subject = "sync";
    event.title = sync_requested.title;
    event.occurred_unix_ms = callback.occurred_unix_ms;
    event.record = {sync_requested.schema, callback.id, {}};
    call.emit(event);
}

void Hireguide::map(Call& call, connector::MapRequest const& request) {
    if (request.direction == connector::Direction::in) {
        if (request.schema == exported.schema) {
            call.emit(attachment_of(call, request.data));
        } else if (request.schema == sync_requested.schema) {
            call.note(CW_NOTE_REASON, "Sync Now starts runs; it carries no record.");
        } else {
            refuse("record", request.schema);
        }
    } else if (request.to_schema == upsert_candidate_action.schema) {
        call.emit(candidate_of(settings_, request.data));
    } else if (request.to_schema == update_position_action.schema) {
        call.emit(position_of(settings_, request.data));
    } else if (request.to_schema == report_export_action.schema) {
        call.emit(report_of(request.data));
    } else {
        refuse("mapping to", request.to_schema);
    }
}

connector::Outcome Hireguide::push(Call& call, connector::PushRequest const& request) {
    Api const api(call, settings_);
    if (request.action == upsert_candidate_action.name) {
        return upsert_candidate(api, positions_, request);
    }
    if (request.action == update_position_action.name) {
        return positions_.update(api, request);
    }
    if (request.action == report_export_action.name) {
        return report_export(api, request);
    }
    refuse("action", request.action);
}

// Each action sets a state and looks before it creates, so it may simply be repeated.
connector::Outcome Hireguide::look_up(Call&, connector::PushRequest const&) {
    return connector::Outcome::retry;
}

void Hireguide::probe(Call& call) {
    Api const api(call, settings_);
    json::value workspace;
    try {
        workspace = api.get("workspace", {});
    } catch (Failure const& failure) {
        throw Failure(failure.status() == CW_ERR_NOT_FOUND ? CW_ERR_CONFIG : failure.status(), failure.message());
    }
    json::value const* addon = connector::find(workspace, "/addons/ats_integration");
    if (addon == nullptr || !addon->is_bool() || !addon->get_bool()) {
        throw Failure(CW_ERR_CONFIG,
                      "The ATS integration is switched off in this Hireguide workspace: ask Hireguide "
                      "support to switch the ATS integration on.");
    }
    std::set<std::string, std::less<>> there;
    try {
        api.list("positions", [&](json::object const& row) {
            there.emplace(settings_.text(row, "id"));
            return true;
        });
    } catch (Failure const& failure) {
        call.warn("/paths/positions", "Positions cannot be read: " + failure.message());
        return;
    }
    for (Position const& position : settings_.positions) {
        if (!position.id.empty() && !there.contains(position.id)) {
            call.warn("/positions/" + position.name + "/position", "Hireguide has no position with this id.");
        }
    }
}

void Hireguide::subscribe(Call&, std::string_view, json::array const&) {
    throw Failure(CW_ERR_UNSUPPORTED,
                  "Hireguide has no call that sets where its callbacks go: enter this connection's address and its "
                  "webhook secret in Hireguide under Settings > Workspace > ATS Integrations.");
}

void Hireguide::unsubscribe(Call& call) {
    try {
        (void)Api(call, settings_).send("DELETE", "disconnect", {}, {});
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_NOT_FOUND) {
            throw;
        }
    }
}

void Hireguide::find(Call& call, std::string_view schema, json::object const& query) {
    if (schema != "crosswalk.posting/1") {
        refuse("search for", schema);
    }
    json::value const asked(query);
    std::string_view const id = connector::text_at(asked, "/id");
    std::string const text = folded(connector::text_at(asked, "/text"));
    std::size_t found = 0;
    Api(call, settings_).list("positions", [&](json::object const& row) {
        std::string_view const own = settings_.text(row, "id");
        std::string_view const name = settings_.text(row, "name");
        bool const fits = id.empty() ? folded(name).find(text) != std::string::npos : own == id;
        if (fits && !own.empty() && !name.empty()) {
            json::object record{{"kind", "posting"},
                                {"ref", {{"system", call.connection()}, {"kind", "position"}, {"id", own}}},
                                {"title", name}};
            call.emit(connector::Record{"crosswalk.posting/1", std::string(own), std::move(record)});
            ++found;
        }
        return found < found_max;
    });
}

}  // namespace crosswalk::hireguide

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::hireguide::Hireguide>(crosswalk::hireguide::descriptor);
}
