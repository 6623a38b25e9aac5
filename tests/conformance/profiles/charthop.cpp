#include "conformance/profile.hpp"

#include <gtest/gtest.h>

namespace crosswalk::conformance {
namespace {

std::string id_of(json::value const& made) {
    json::object const& row = made.as_object();
    for (char const* name : {"id", "jobId"}) {
        if (auto const* id = row.if_contains(name); id != nullptr && id->is_string()) {
            return std::string(id->get_string());
        }
    }
    ADD_FAILURE() << "no id in " << json::serialize(made);
    return {};
}

std::string job(Sandbox& at, std::string const& code) {
    return id_of(
        control(at, "POST", "/charthop/jobs", {{"title", "Nurse " + code}, {"req", code}, {"recruit", "ACTIVE"}}));
}

bool holds(json::value const& row, std::string const& name, json::value const& value) {
    auto const* member = row.as_object().if_contains(name);
    return member != nullptr && *member == value;
}

json::object hire(Sandbox& at) {
    std::string const number = fresh_number();
    (void)job(at, "C-" + number);
    return {{"kind", "hire"},
            {"ref", {{"system", "lever"}, {"kind", "application"}, {"id", "app-" + number}}},
            {"first_name", "Ada"},
            {"last_name", "Test" + number},
            {"personal_email", "ada" + number + "@example.com"},
            {"personal_phone", "+1 555 0100"},
            {"address", {{"street1", "1 Example Way"}, {"city", "Springfield"}, {"country", "US"}}},
            {"start_date", "2026-12-07"},
            {"hired_at", "2026-11-21T10:00:00Z"},
            {"requisition_code", "C-" + number},
            {"candidate", {{"system", "lever"}, {"kind", "candidate"}, {"id", "cand-" + number}}},
            {"application", {{"system", "lever"}, {"kind", "application"}, {"id", "app-" + number}}}};
}
std::int64_t people(Sandbox& at, json::object const& record) {
    return count(at, "/charthop/people", [&](json::value const& person) {
        return json::serialize(person).find(record.at("personal_email").as_string()) != std::string::npos;
    });
}

json::object requisition(Sandbox&) {
    std::string const number = fresh_number();
    return {{"kind", "requisition"},
            {"ref", {{"system", "lever"}, {"kind", "requisition"}, {"id", "req-" + number}}},
            {"name", "Nurse " + number},
            {"code", "R-" + number},
            {"status", "open"},
            {"headcount", 1},
            {"employment_type", "full_time"}};
}
std::int64_t jobs(Sandbox& at, json::object const& record) {
    return count(at, "/charthop/jobs", [&](json::value const& row) { return holds(row, "req", record.at("code")); });
}

// ChartHop signs nothing: the host checks the address, so there is nothing that the connector could refuse.
Inbound changed(Sandbox& at, plugin_host::Links&, json::object const& extra) {
    std::string const number = fresh_number();
    json::object body = extra;
    body["id"] = "6553c1f0a1b2c3d4e5" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number;
    body["orgId"] = "588f7ee98f138b19220041a7";
    body["userId"] = "588f7ee98f138b19220041a8";
    body["type"] = "CREATE";
    body["subtype"] = "update";
    body["entityType"] = "CHANGE";
    body["entityId"] = "6553c1f0a1b2c3d4e5f6c002";
    body["jobId"] = job(at, "W-" + number);
    body["code"] = "change.create.update";
    body["fields"] = json::array{"title"};
    body["at"] = "2026-11-21T21:39:58Z";
    return {json::serialize(body), {{"content-type", "application/json"}}};
}

json::object fill(Sandbox& at, int records) {
    for (int i = 0; i < records; ++i) {
        (void)job(at, "P-" + fresh_number());
    }
    return {};
}

Profile of(json::object const& requisitions) {
    Profile profile;
    profile.connector = "charthop";
    profile.vendor = "charthop";
    profile.settings = [requisitions](std::string const& address) -> json::object {
        return {{"base_url", address + "/charthop"},
                {"org", "acme-demo"},
                {"api_token", "secret:test/token"},
                {"app_user_id", "588f7ee98f138b19220041ff"},
                {"requisitions", requisitions}};
    };
    profile.secrets = {{"token", "charthop-sandbox-token"}};
    return profile;
}

}  // namespace

Profile charthop_inbound() {
    Profile profile = of({{"source_of_truth", "remote"}, {"reverse_sync", true}});
    profile.pushes.push_back({"create_new_hire",
                              hire,
                              people,
                              "POST",
                              "/charthop/v2/org/*/person",
                              {"first_name", "last_name"},
                              {"start_date"},
                              {"personal_phone", "address"}});
    profile.pushes.push_back({"upsert_job",
                              requisition,
                              jobs,
                              "POST",
                              "/charthop/v2/org/*/job",
                              {"name"},
                              {},
                              {"headcount", "employment_type"}});
    return profile;
}

Profile charthop_outbound() {
    Profile profile = of({{"source_of_truth", "charthop"}, {"sync_on_change", true}, {"reconciliation", true}});
    profile.webhooks.push_back({"requisition.changed", changed, {}, "/charthop/**"});
    profile.polls.push_back({"requisition.listed", fill, "/charthop/v2/org/*/job", 450});
    return profile;
}

}  // namespace crosswalk::conformance
