#include "sandbox/lever/controls.hpp"

#include "sandbox/fields.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/candidates.hpp"
#include "sandbox/lever/oauth.hpp"
#include "sandbox/lever/requisitions.hpp"

#include <algorithm>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

json::object ids_of(Candidate const& candidate) {
    json::array offers;
    for (json::object const& offer : candidate.offers) {
        offers.push_back(offer.at("id"));
    }
    json::object ids{{"opportunity_id", candidate.id},
                     {"contact_id", candidate.contact},
                     {"application_id", nullptr},
                     {"posting_id", nullptr},
                     {"offer_ids", std::move(offers)}};
    if (candidate.application) {
        ids["application_id"] = candidate.application->at("id");
        ids["posting_id"] = candidate.application->at("posting");
    }
    return ids;
}

// Opens and schedules what Lever would send, and returns the deliveries' ids.
json::array send(ControlCall const& call, std::string_view event, Announcement const& announcement) {
    std::string const subject = text_of(announcement.ids, "opportunityId");
    auto const opened = call.hooks.open(event, announcement.ids, announcement.origin, subject, call.hooks.policy());
    call.hooks.schedule(opened);
    return json::value_from(opened).as_array();
}

json::value print(std::optional<Archived> const& archived) {
    if (!archived) {
        return nullptr;
    }
    return {{"archivedAt", archived->archived_at}, {"reason", archived->reason}};
}

void send_archive_change(ControlCall const& call, Announcement announcement, std::optional<Archived> const& from,
                         std::optional<Archived> const& to) {
    announcement.ids["fromArchived"] = print(from);
    announcement.ids["toArchived"] = print(to);
    (void)send(call, "candidateArchiveChange", announcement);
}

Answer create(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const created = create_candidate(call.state, call.body);
    if (created.candidate == nullptr) {
        return control_refusal(400, created.complaint);
    }
    if (created.candidate->application) {
        auto announcement = announce(*created.candidate);
        announcement.ids["applicationId"] = created.candidate->application->at("id");
        (void)send(call, "applicationCreated", announcement);
    }
    return json_answer(201, ids_of(*created.candidate));
}

Answer get(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const* const candidate = call.state.find_candidate(call.ids.front());
    if (candidate == nullptr) {
        return control_refusal(404, "no such candidate");
    }
    json::object printed = ids_of(*candidate);
    printed["opportunity"] = print_plain(*candidate);
    printed["archived"] = print(candidate->archived);
    printed["deleted"] = candidate->deleted_at.has_value();
    printed["offers"] = json::value_from(std::vector<json::object>(candidate->offers.begin(), candidate->offers.end()));
    return json_answer(200, printed);
}

Answer archive_as(ControlCall const& call, bool hire) {
    Fields fields(call.body);
    auto const stale_reads = fields.integer("stale_reads").value_or(0);
    auto const reason = fields.text("reason");
    if (auto const complaint = fields.complaint(); !complaint.empty() || stale_reads < 0) {
        return control_refusal(400, complaint.empty() ? "stale_reads must not be negative" : complaint);
    }
    std::lock_guard const lock(call.state.mutex);
    auto* const candidate = call.state.find_candidate(call.ids.front());
    if (candidate == nullptr) {
        return control_refusal(404, "no such candidate");
    }
    std::string const chosen =
        reason.value_or(hire ? call.state.hired_reason() : "63dd55b2-a99f-4e7b-985f-22c7bf80ab42");
    if (call.state.archive_reasons.find(chosen) == nullptr) {
        return control_refusal(400, "reason names no archive reason");
    }
    auto const before = candidate->archived;
    auto const announcement = archive(call.state, *candidate, chosen, stale_reads);
    send_archive_change(call, announcement, before, candidate->archived);
    json::object answer{{"opportunity_id", candidate->id}, {"deliveries", json::array()}};
    if (hire) {
        answer["deliveries"] = send(call, "candidateHired", announcement);
    }
    return json_answer(200, answer);
}

Answer hire(ControlCall const& call) {
    return archive_as(call, true);
}

Answer archive_candidate(ControlCall const& call) {
    return archive_as(call, false);
}

// The three changes that take no body.
template <typename Change>
Answer change(ControlCall const& call, Change apply) {
    std::lock_guard const lock(call.state.mutex);
    auto* const candidate = call.state.find_candidate(call.ids.front());
    if (candidate == nullptr || !call.body.empty()) {
        return control_refusal(candidate == nullptr ? 404 : 400, "a known candidate and no body are needed");
    }
    apply(*candidate);
    return json_answer(200, {{"opportunity_id", candidate->id}});
}

Answer unarchive_candidate(ControlCall const& call) {
    return change(call, [&](Candidate& candidate) {
        auto const before = candidate.archived;
        send_archive_change(call, unarchive(candidate), before, std::nullopt);
    });
}

Answer delete_candidate(ControlCall const& call) {
    return change(call, [&](Candidate& candidate) {
        candidate.deleted_at = now_ms();
        (void)send(call, "candidateDeleted", announce(candidate));
    });
}

Answer anonymise_candidate(ControlCall const& call) {
    return change(call, [&](Candidate& candidate) { anonymise(call.state, candidate); });
}

Answer add_posting(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const created = create_posting(call.state, call.body);
    return created.complaint.empty() ? json_answer(201, {{"posting_id", created.id}})
                                     : control_refusal(400, created.complaint);
}

Answer add_user(ControlCall const& call) {
    Fields fields(call.body);
    std::lock_guard const lock(call.state.mutex);
    std::string const id = call.state.ids.uuid();
    json::object user = call.state.users.all().front();
    user["id"] = id;
    user["name"] = fields.text("name").value_or("");
    user["email"] = fields.text("email").value_or("");
    user["username"] = fields.text("username").value_or("user-" + id.substr(0, 8));
    user["accessRole"] = fields.text("access_role").value_or("team member");
    user["deactivatedAt"] = fields.flag("deactivated").value_or(false) ? json::value(now_ms()) : json::value(nullptr);
    user["externalDirectoryId"] = nullptr;
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    call.state.users.add(std::move(user));
    return json_answer(201, {{"user_id", id}});
}

// Notes or files of one candidate, or of all.
template <typename Print>
Answer list_per_candidate(ControlCall const& call, char const* name, Print print_all) {
    std::lock_guard const lock(call.state.mutex);
    auto const wanted_id = call.request.parameter("opportunity");
    json::array printed;
    for (Candidate const& candidate : call.state.candidates) {
        if (!wanted_id || *wanted_id == candidate.id) {
            print_all(candidate, printed);
        }
    }
    return json_answer(200, {{"count", printed.size()}, {name, std::move(printed)}});
}

Answer list_all_notes(ControlCall const& call) {
    return list_per_candidate(call, "notes", [](Candidate const& candidate, json::array& printed) {
        for (json::object note : candidate.notes) {
            note["opportunity_id"] = candidate.id;
            note["value"] = note.at("fields").as_array().at(0).at("value");
            printed.push_back(std::move(note));
        }
    });
}

Answer list_all_files(ControlCall const& call) {
    return list_per_candidate(call, "files", [](Candidate const& candidate, json::array& printed) {
        for (File const& file : candidate.files) {
            json::object shown = file.printed;
            shown["opportunity_id"] = candidate.id;
            printed.push_back(std::move(shown));
        }
    });
}

Answer change_settings(ControlCall const& call) {
    Fields fields(call.body);
    std::lock_guard const lock(call.state.mutex);
    Settings settings = call.state.settings;
    settings.rate_per_s = fields.number("rate_per_s").value_or(settings.rate_per_s);
    settings.burst = fields.number("burst").value_or(settings.burst);
    settings.redirect_to = fields.text("redirect_to").value_or(settings.redirect_to);
    settings.requisitions_api = fields.flag("requisitions_api").value_or(settings.requisitions_api);
    settings.hybrid_requisitions = fields.flag("hybrid_requisitions").value_or(settings.hybrid_requisitions);
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    bool const refill =
        settings.burst != call.state.settings.burst || settings.rate_per_s != call.state.settings.rate_per_s;
    call.state.settings = settings;
    for (auto& [secret, credential] : call.state.credentials) {
        credential.bucket = refill ? TokenBucket() : credential.bucket;
    }
    return json_answer(
        200, {{"rate_per_s", settings.rate_per_s}, {"burst", settings.burst}, {"redirect_to", settings.redirect_to}});
}

Answer add_credential(ControlCall const& call) {
    Fields fields(call.body);
    auto const value = fields.text("value");
    auto const kind = fields.text("kind").value_or("api_key");
    Credential credential{
        .bearer = kind == "bearer", .confidential = fields.flag("confidential").value_or(true), .rights = std::nullopt};
    if (auto const rights = fields.texts("rights")) {
        credential.rights = std::set<std::string>(rights->begin(), rights->end());
    }
    if (auto const complaint = fields.complaint(); !complaint.empty() || !value || value->empty()) {
        return control_refusal(400, complaint.empty() ? "value is required" : complaint);
    }
    if (kind != "api_key" && kind != "bearer") {
        return control_refusal(400, "kind must be api_key or bearer");
    }
    std::lock_guard const lock(call.state.mutex);
    call.state.credentials.insert_or_assign(*value, std::move(credential));
    return json_answer(201, {{"kind", kind}});
}

Answer revoke_credential(ControlCall const& call) {
    Fields fields(call.body);
    auto const value = fields.text("value");
    std::lock_guard const lock(call.state.mutex);
    if (!fields.complaint().empty() || !value || call.state.credentials.erase(*value) == 0) {
        return control_refusal(404, "no such credential");
    }
    return {.status = 204};
}

}  // namespace

std::vector<Endpoint<ControlCall>> const& controls() {
    static std::vector<Endpoint<ControlCall>> const endpoints{
        {"POST", "/candidates", create},
        {"GET", "/candidates/:id", get},
        {"POST", "/candidates/:id/hire", hire},
        {"POST", "/candidates/:id/archive", archive_candidate},
        {"POST", "/candidates/:id/unarchive", unarchive_candidate},
        {"POST", "/candidates/:id/delete", delete_candidate},
        {"POST", "/candidates/:id/anonymise", anonymise_candidate},
        {"POST", "/postings", add_posting},
        {"POST", "/users", add_user},
        {"GET", "/requisitions", control_list_requisitions},
        {"POST", "/requisitions", control_add_requisition},
        {"POST", "/requisitions/:id", control_change_requisition},
        {"POST", "/requisition_fields", control_add_requisition_field},
        {"POST", "/oauth", control_oauth},
        {"POST", "/oauth/expire", control_expire_tokens},
        {"POST", "/oauth/revoke", control_revoke_consent},
        {"GET", "/notes", list_all_notes, {"opportunity"}},
        {"GET", "/files", list_all_files, {"opportunity"}},
        {"POST", "/settings", change_settings},
        {"POST", "/credentials", add_credential},
        {"POST", "/credentials/revoke", revoke_credential},
        {"GET", "/webhooks", control_list_webhooks},
        {"POST", "/webhooks", control_add_webhook},
        {"POST", "/webhooks/settings", control_webhook_settings},
        {"POST", "/webhooks/verify", control_verify_webhooks},
        {"POST", "/webhooks/rerun/:delivery", control_rerun},
        {"GET", "/deliveries", control_list_deliveries, {"event", "opportunity", "state", "last"}},
        {"GET", "/deliveries/:id", control_get_delivery, {"wait_ms"}},
        {"POST", "/stream", control_start_stream},
        {"GET", "/streams/:id", control_get_stream, {"wait_ms", "opportunities"}},
    };
    return endpoints;
}

}  // namespace crosswalk::sandbox::lever
