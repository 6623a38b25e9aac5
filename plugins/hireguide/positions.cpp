#include "positions.hpp"

#include "times.hpp"

#include <algorithm>

namespace crosswalk::hireguide {
namespace {

using connector::Outcome;

constexpr std::int64_t told_gap_ms = 60'000;
constexpr char const* kind = "position";

json::object sync_switches(Position const& position) {
    return {{"import_job_details", position.import_job_details},
            {"import_applicant_details", position.import_applicant_details}};
}

// What Hireguide shows of a position may leave fields out; for those the digest of what was sent last decides.
bool differs(Settings const& settings, json::object const& row, json::object const& details, bool sent_before) {
    return std::any_of(details.begin(), details.end(), [&](auto const& detail) {
        json::value const* shown = row.if_contains(settings.wire(detail.key()));
        return shown != nullptr ? *shown != detail.value() : !sent_before;
    });
}

}  // namespace

Positions::Match Positions::find(Settings const& settings, json::value const* refs) {
    if (refs == nullptr || !refs->is_array()) {
        return {};
    }
    for (json::value const& ref : refs->get_array()) {
        std::string const job = settings.external_id(ref);
        for (Position const& position : settings.positions) {
            if (!job.empty() && position.job == job) {
                return {&position, ref.get_object()};
            }
        }
    }
    return {};
}

// A create whose answer was lost is found here at the next attempt.
std::string Positions::make(Api const& api, Position const& position, std::string& effect) const {
    Settings const& settings = api.settings();
    std::string id;
    api.list("positions", [&](json::object const& row) {
        json::value const* job = settings.field(row, "ats_job");
        if (job != nullptr && job->is_object() && settings.text(job->get_object(), "external_id") == position.job) {
            id = settings.text(row, "id");
        }
        return id.empty();
    });
    if (id.empty()) {
        json::object const wanted{{"role", position.role},
                                  {"ats", settings.ats},
                                  {"external_job_id", position.job},
                                  {"sync", sync_switches(position)}};
        json::value const made = api.send("POST", "position_create", {}, settings.on_the_wire(wanted), false);
        id = made.is_object() ? std::string(settings.text(made.get_object(), "id")) : std::string{};
        effect = "created";
    }
    if (!is_id(id)) {
        throw Failure(CW_ERR_CONFIG, "Hireguide's answer to /paths/position_create has no usable id.");
    }
    return id;
}

std::optional<std::string> Positions::ensure(Api const& api, Match const& match, std::string const& job_name,
                                             std::string& effect) {
    Position const& position = *match.position;
    Settings const& settings = api.settings();
    Call& call = api.call();
    auto const known = [&] {
        std::string const linked = call.linked_here(match.job, kind);
        return position.id.empty() || linked == position.id ? linked : std::string{};
    };
    if (std::string const linked = known(); !linked.empty()) {
        return linked;
    }
    std::lock_guard const lock(linking_);
    if (std::string const linked = known(); !linked.empty()) {
        return linked;
    }
    if (position.id.empty() && call.kv_get("removed/" + position.name)) {
        call.note(CW_NOTE_REASON, "The position of /positions/" + position.name +
                                      " was removed in Hireguide. Put the id of another one into its setting position, "
                                      "or give the entry another name to have one made.");
        return std::nullopt;
    }
    std::string const id = position.id.empty() ? make(api, position, effect) : position.id;
    json::object const link{{"ats", settings.ats},
                            {"external_job_id", position.job},
                            {"external_job_name", job_name.empty() ? position.role : job_name},
                            {"sync", sync_switches(position)}};
    try {
        (void)api.send("PUT", "position_link", {{"id", id}}, settings.on_the_wire(link));
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_NOT_FOUND) {
            throw;
        }
        forget(api, match, id);
        return std::nullopt;
    }
    call.link(kind, id, match.job);
    if (effect.empty()) {
        effect = "updated";
    }
    return id;
}

void Positions::forget(Api const& api, Match const& match, std::string const& id) {
    Call& call = api.call();
    (void)call.unlink(kind, id, match.job);
    (void)call.kv_put("removed/" + match.position->name, id);
    call.note(CW_NOTE_REASON, "Hireguide no longer has the position of /positions/" + match.position->name +
                                  "; it is not connected any more. Its interviews and exports stay as they are.");
}

Outcome Positions::update(Api const& api, connector::PushRequest const& request) {
    Settings const& settings = api.settings();
    Call& call = api.call();
    json::value const record(request.data);
    Match const match = find(settings, connector::find(record, "/jobs"));
    if (match.position == nullptr) {
        call.note(CW_NOTE_REASON, "No position of /positions is connected with this job.");
        return Outcome::skipped;
    }
    if (!match.position->import_job_details) {
        call.note(CW_NOTE_REASON, "import_job_details is off for /positions/" + match.position->name + ".");
        return Outcome::skipped;
    }
    json::object const& details = record.at("details").as_object();
    std::string effect;
    auto const id = ensure(api, match, std::string(connector::text_at(record, "/details/name")), effect);
    if (!id) {
        return Outcome::skipped;
    }
    call.note(CW_NOTE_TARGET_KEY, *id);
    json::object row;
    api.list("positions", [&](json::object const& each) {
        if (settings.text(each, "id") == *id) {
            row = each;
        }
        return row.empty();
    });
    std::string const digest = call.sha256_hex(json::serialize(details));
    auto const sent = call.kv_get("details/" + *id);
    if (differs(settings, row, details, sent && sent->value == digest)) {
        try {
            (void)api.send("PATCH", "position_details", {{"id", *id}}, settings.on_the_wire(details));
        } catch (Failure const& failure) {
            if (failure.status() != CW_ERR_NOT_FOUND) {
                throw;
            }
            forget(api, match, *id);
            return Outcome::skipped;
        }
        (void)call.kv_put("details/" + *id, digest);
        effect = effect.empty() ? "updated" : effect;
    }
    tell_sync(api, *id, "jobs");
    if (effect.empty()) {
        return Outcome::unchanged;
    }
    call.note(CW_NOTE_EFFECT, effect);
    return Outcome::delivered;
}

void Positions::tell_sync(Api const& api, std::string const& id, std::string const& model) {
    if (api.settings().paths.find("sync_status")->second.empty()) {
        return;
    }
    std::int64_t const now = api.call().steady_ms();
    {
        std::lock_guard const lock(mutex_);
        auto const [told, first] = told_.try_emplace(id + "/" + model, now);
        if (!first && now - told->second < told_gap_ms) {
            return;
        }
        told->second = now;
    }
    json::object const status{
        {"model", model}, {"status", "done"}, {"last_sync_finished", print_time(api.call().unix_ms())}};
    try {
        (void)api.send("PUT", "sync_status", {{"id", id}}, api.settings().on_the_wire(status));
    } catch (Failure const& failure) {
        api.call().log(CW_LOG_WARN, "Hireguide could not be told that a sync ran.", {{"detail", failure.message()}});
    }
}

}  // namespace crosswalk::hireguide
