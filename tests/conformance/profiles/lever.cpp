#include "conformance/profile.hpp"
#include "sandbox/lever/signature.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace crosswalk::conformance {
namespace {

constexpr char admin[] = "ac92b6db-6e40-4b08-ae7b-236ba24f0a82";
constexpr char hired_token[] = "conformance-hired-token";

std::string text(json::value const& value, char const* name) {
    return std::string(value.at(name).as_string());
}

std::string candidate(Sandbox& at) {
    std::string const number = fresh_number();
    return text(control(at, "POST", "/lever/candidates",
                        {{"name", "Ada Test" + number},
                         {"email", "ada" + number + "@example.com"},
                         {"tags", json::array{"kept"}},
                         {"offer", {{"job_title", "Support Engineer"}, {"anticipated_start_date", 1796083200000}}}}),
                "opportunity_id");
}

json::object about(Sandbox& at, char const* kind, char const* member) {
    json::object const ref{{"system", "lever"}, {"kind", "application"}, {"id", candidate(at)}};
    return {{"kind", kind}, {"ref", ref}, {member, ref}};
}
std::string opportunity_of(json::object const& record) {
    return text(record.at("ref"), "id");
}

json::object note(Sandbox& at) {
    json::object record = about(at, "note", "application");
    record["body"] = "Exported " + fresh_number();
    record["dedup_key"] = "key-" + fresh_number();
    return record;
}
std::int64_t notes(Sandbox& at, json::object const& record) {
    return count(at, "/lever/notes?opportunity=" + opportunity_of(record), [](json::value const&) { return true; });
}

json::object tag(Sandbox& at) {
    json::object record = about(at, "tag", "target");
    record["name"] = "Tag " + fresh_number();
    record["op"] = "add";
    return record;
}
std::int64_t tags(Sandbox& at, json::object const& record) {
    json::value const shown = control(at, "GET", "/lever/candidates/" + opportunity_of(record));
    json::value const* list = nullptr;
    json::error_code ignored;
    for (char const* pointer : {"/tags", "/opportunity/tags"}) {
        list = list == nullptr ? shown.find_pointer(pointer, ignored) : list;
    }
    EXPECT_NE(list, nullptr) << json::serialize(shown);
    auto const& all = list->as_array();
    return std::count(all.begin(), all.end(), record.at("name"));
}

json::object file(Sandbox& at) {
    json::object record = about(at, "attachment", "owner");
    record["file_name"] = "notes-" + fresh_number() + ".pdf";
    record["content_type"] = "application/pdf";
    record["type"] = "interview_notes";
    return record;
}
std::int64_t files(Sandbox& at, json::object const& record) {
    return count(at, "/lever/files?opportunity=" + opportunity_of(record), [](json::value const&) { return true; });
}

json::object requisition(Sandbox&) {
    std::string const number = fresh_number();
    return {{"kind", "requisition"},
            {"ref", {{"system", "charthop"}, {"kind", "job"}, {"id", "job-" + number}}},
            {"name", "Nurse " + number},
            {"code", "R-" + number},
            {"status", "open"},
            {"headcount", 1},
            {"employment_type", "full_time"}};
}
std::int64_t requisitions(Sandbox& at, json::object const& record) {
    return count(at, "/lever/requisitions",
                 [&](json::value const& row) { return row.at("requisitionCode") == record.at("code"); });
}

json::object applicants_of_one_posting(Sandbox& at, int records) {
    std::string const posting =
        text(control(at, "POST", "/lever/postings", {{"text", "Nurse"}, {"categories", {{"department", "Care"}}}}),
             "posting_id");
    for (int i = 0; i < records; ++i) {
        std::string const number = fresh_number();
        (void)control(at, "POST", "/lever/candidates",
                      {{"name", "Ada Test" + number}, {"email", "a" + number + "@example.com"}, {"posting", posting}});
    }
    return {{"posting", posting}};
}
json::object one_posting(Sandbox& at, int) {
    return {{"posting", text(control(at, "POST", "/lever/postings", {{"text", "Nurse"}}), "posting_id")}};
}
json::object many_requisitions(Sandbox& at, int records) {
    for (int i = 0; i < records; ++i) {
        std::string const code = "P-" + fresh_number();
        (void)control(at, "POST", "/lever/requisitions",
                      {{"name", "Nurse"}, {"requisitionCode", code}, {"headcountTotal", 1}});
    }
    return {};
}

std::string triggered_now() {
    using namespace std::chrono;
    return std::to_string(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

// Lever's webhook: signed are `token` and `triggeredAt`, fields of the body.
Inbound delivery(std::string const& event, std::string const& secret, json::object const& data,
                 json::object const& extra) {
    std::string const token = "token-" + fresh_number();
    std::string const at = triggered_now();
    json::object body = extra;
    body["id"] = "event-" + fresh_number();
    body["event"] = event;
    body["triggeredAt"] = std::stoll(at);
    body["token"] = token;
    body["signature"] = sandbox::lever::sign(secret, token, std::stoll(at));
    body["data"] = data;
    return {json::serialize(body), {{"content-type", "application/json"}}};
}

Inbound hired(Sandbox& at, plugin_host::Links&, json::object const& extra) {
    std::string const id = candidate(at);
    (void)control(at, "POST", "/lever/candidates/" + id + "/hire", {{"stale_reads", 0}});
    return delivery("candidateHired", hired_token, {{"opportunityId", id}}, extra);
}

Inbound applied(Sandbox& at, plugin_host::Links&, json::object const& extra) {
    json::value const made = control(at, "POST", "/lever/candidates",
                                     {{"name", "Ada Test"}, {"email", "ada" + fresh_number() + "@example.com"}});
    return delivery("applicationCreated", hired_token,
                    {{"opportunityId", made.at("opportunity_id")}, {"applicationId", made.at("application_id")}},
                    extra);
}

void change(Inbound& request, char const* member, json::value value) {
    json::value body = json::parse(request.body);
    body.as_object()[member] = std::move(value);
    request.body = json::serialize(body);
}

std::vector<std::pair<std::string, std::function<void(Inbound&)>>> forgeries() {
    return {{"another token", [](Inbound& request) { change(request, "token", "token-0"); }},
            {"another time", [](Inbound& request) { change(request, "triggeredAt", std::stoll(triggered_now()) + 1); }},
            {"another signature", [](Inbound& request) { change(request, "signature", json::string(64, 'a')); }},
            {"no signature", [](Inbound& request) { change(request, "signature", nullptr); }},
            {"an old delivery, rightly signed", [](Inbound& request) {
                 change(request, "triggeredAt", 1500000000000);
                 change(request, "token", "t");
                 change(request, "signature", json::string(sandbox::lever::sign(hired_token, "t", 1500000000000)));
             }}};
}

}  // namespace

Profile lever() {
    Profile profile;
    profile.connector = "lever";
    profile.vendor = "lever";
    profile.settings = [](std::string const& address) -> json::object {
        return {{"base_url", address + "/lever/v1"},
                {"auth", {{"type", "api_key"}, {"api_key", "secret:test/key"}}},
                {"perform_as", admin},
                {"hired_settle_seconds", 0},
                {"webhooks",
                 {{"candidateHired", {{"signature_token", "secret:test/hired"}}},
                  {"applicationCreated", {{"signature_token", "secret:test/hired"}}}}}};
    };
    profile.secrets = {{"key", "lever-sandbox-key"}, {"hired", hired_token}};
    profile.prepare = [](Sandbox& at) { (void)control(at, "POST", "/lever/settings", {{"rate_per_s", 0}}); };
    profile.pushes.push_back(
        {"add_note", note, notes, "POST", "/lever/v1/opportunities/*/notes", {"body"}, {}, {"dedup_key"}});
    profile.pushes.push_back({"add_tag", tag, tags, "POST", "/lever/v1/opportunities/*/addTags", {"name"}, {}, {"op"}});
    profile.webhooks.push_back({"candidate.hired", hired, forgeries(), "/lever/v1/opportunities/*"});
    profile.webhooks.push_back({"application.created", applied, forgeries(), "/lever/v1/opportunities/*"});
    profile.pushes.push_back({"attach_file",
                              file,
                              files,
                              "POST",
                              "/lever/v1/opportunities/*/files",
                              {},
                              {},
                              {"type"},
                              "%PDF-1.4 conformance"});
    profile.pushes.push_back({"upsert_requisition",
                              requisition,
                              requisitions,
                              "POST",
                              "/lever/v1/requisitions",
                              {"name"},
                              {},
                              {"headcount", "employment_type"}});
    profile.polls.push_back({"application.changed", applicants_of_one_posting, "/lever/v1/opportunities", 230});
    profile.polls.push_back({"posting.changed", one_posting, "/lever/v1/postings/*", 1});
    profile.polls.push_back({"requisition.listed", many_requisitions, "/lever/v1/requisitions", 230});
    profile.polls.push_back({"requisition.metrics", many_requisitions, "/lever/v1/requisitions", 5});
    return profile;
}

}  // namespace crosswalk::conformance
