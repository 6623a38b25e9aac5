#include "conformance/profiles/signed_callback.hpp"

namespace crosswalk::conformance {
namespace {

constexpr char callback_secret[] = "conformance-callback-secret";

json::object ref(std::string const& kind, std::string const& id) {
    return {{"system", "lever"}, {"kind", kind}, {"id", id}};
}

json::object application(Sandbox&) {
    std::string const number = fresh_number();
    return {{"kind", "application"},
            {"ref", ref("application", "app-" + number)},
            {"candidate", ref("candidate", "cand-" + number)},
            {"posting", ref("posting", "post-1")},
            {"status", "active"},
            {"applied_at", "2026-11-21T10:00:00Z"},
            {"job_title", "Support Engineer"},
            {"department", {{"name", "Care"}}},
            {"person",
             {{"first_name", "Ada"},
              {"last_name", "Test" + number},
              {"emails", json::array{json::object{{"value", "ada" + number + "@example.com"}}}}}}};
}
std::int64_t applicants(Sandbox& at, json::object const& record) {
    std::string const external_id = "lever:opp:" + std::string(record.at("ref").at("id").as_string());
    return count(at, "/hrlogics/applicants?external_id=" + external_id, [](json::value const&) { return true; });
}

Inbound decided(Sandbox&, plugin_host::Links& links, json::object const& extra) {
    std::string const number = fresh_number();
    (void)links.put({"hrlogics", "applicant", "hrl_" + number}, {"lever", "application", "app-" + number});
    json::object body = extra;
    body["id"] = "evt_" + number;
    body["type"] = "screening.completed";
    body["occurred_at"] = "2026-11-21T21:30:00Z";
    body["data"] = {{"applicant_id", "hrl_" + number},
                    {"external_id", "lever:opp:app-" + number},
                    {"program", "WOTC"},
                    {"status", "Pre Qualified"},
                    {"survey_submitted_at", "2026-11-21T21:29:51Z"}};
    return signed_callback(callback_secret, body);
}

std::vector<Forgery> forgeries() {
    std::vector<Forgery> all = callback_forgeries();
    all.emplace_back("another status",
                     [](Inbound& request) { request.body.replace(request.body.find("Pre "), 4, "Not "); });
    all.emplace_back("an old one, rightly signed", [](Inbound& request) {
        request.headers[timestamp_header].second = "1500000000";
        request.headers[signature_header].second = callback_signature(callback_secret, request);
    });
    return all;
}

}  // namespace

Profile hrlogics() {
    Profile profile;
    profile.connector = "hrlogics";
    profile.vendor = "hrlogics";
    profile.settings = [](std::string const& address) -> json::object {
        return {{"base_url", address + "/hrlogics"},
                {"auth", {{"type", "bearer"}, {"api_token", "secret:test/token"}}},
                {"webhook_secret", "secret:test/callback"}};
    };
    profile.secrets = {{"token", "hrlogics-sandbox-token"}, {"callback", callback_secret}};
    profile.prepare = [](Sandbox& at) { (void)control(at, "POST", "/hrlogics/settings", {{"rate_per_s", 0}}); };
    profile.pushes.push_back({"create_applicant",
                              application,
                              applicants,
                              "POST",
                              "/hrlogics/v1/applicants",
                              {"job_title"},
                              {},
                              {"job_title", "department", "posting"}});
    profile.webhooks.push_back({"screening.completed", decided, forgeries(), ""});
    return profile;
}

}  // namespace crosswalk::conformance
