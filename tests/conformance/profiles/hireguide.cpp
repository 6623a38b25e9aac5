#include "conformance/profiles/signed_callback.hpp"

namespace crosswalk::conformance {
namespace {

constexpr char callback_secret[] = "conformance-hireguide-secret";
constexpr char posting[] = "730e37db-93d3-4acf-b9de-7cfc397cef1d";

json::object ref(std::string const& kind, std::string const& id) {
    return {{"system", "lever"}, {"kind", kind}, {"id", id}};
}

json::object application(Sandbox&) {
    std::string const number = fresh_number();
    return {{"kind", "application"},
            {"ref", ref("application", "app-" + number)},
            {"candidate", ref("candidate", "cand-" + number)},
            {"posting", ref("posting", posting)},
            {"status", "active"},
            {"stage", {{"name", "Phone screen"}}},
            {"updated_at", "2026-11-21T10:00:00Z"},
            {"person",
             {{"first_name", "Ada"},
              {"last_name", "Test" + number},
              {"emails", json::array{json::object{{"value", "ada" + number + "@example.com"}}}}}}};
}
std::int64_t candidates(Sandbox& at, json::object const& record) {
    std::string const external_id = "lever:opp:" + std::string(record.at("ref").at("id").as_string());
    return count(at, "/hireguide/candidates",
                 [&](json::value const& candidate) { return candidate.at("external_id").as_string() == external_id; });
}

// "%PDF-1.4\n%%EOF\n" and its SHA-256: small, but all that is checked of a PDF.
constexpr char pdf_base64[] = "JVBERi0xLjQKJSVFT0YK";
constexpr char pdf_sha256[] = "14bcd090baf31edba64e9cbd8cdfc15f943344aa72cb3675ad8e91bfcbce03ad";

Inbound exported(Sandbox&, plugin_host::Links& links, json::object const& extra) {
    std::string const number = fresh_number();
    (void)links.put({"hireguide", "candidate", "cand_" + number}, {"lever", "application", "app-" + number});
    json::object body = extra;
    body["id"] = "evt_" + number;
    body["type"] = "interview.exported";
    body["occurred_at"] = "2026-11-21T21:20:00Z";
    body["data"] = {{"interview_id", "int_" + number},
                    {"position_id", "pos_21"},
                    {"candidate_id", "cand_" + number},
                    {"external_candidate_id", "lever:opp:app-" + number},
                    {"scores_submitted", true},
                    {"file",
                     {{"name", "notes.pdf"},
                      {"content_type", "application/pdf"},
                      {"size", 15},
                      {"sha256", pdf_sha256},
                      {"content_base64", pdf_base64}}},
                    {"exported_by", "owner@example.com"}};
    return signed_callback(callback_secret, body);
}

}  // namespace

Profile hireguide() {
    Profile profile;
    profile.connector = "hireguide";
    profile.vendor = "hireguide";
    profile.settings = [](std::string const& address) -> json::object {
        return {{"base_url", address + "/hireguide"},
                {"api_token", "secret:test/token"},
                {"workspace_id", "ws_1"},
                {"webhook_secret", "secret:test/callback"},
                {"positions",
                 {{"support",
                   {{"position", "pos_21"},
                    {"role", "Support Engineer"},
                    {"job", std::string("lever:posting:") + posting},
                    {"import_job_details", true},
                    {"import_applicant_details", true}}}}}};
    };
    profile.secrets = {{"token", "hireguide-sandbox-token"}, {"callback", callback_secret}};
    profile.pushes.push_back({"upsert_candidate",
                              application,
                              candidates,
                              "POST",
                              "/hireguide/v1/positions/*/candidates:upsert",
                              {},
                              {},
                              {"stage"},
                              {},
                              true});
    profile.webhooks.push_back({"interview.exported", exported, callback_forgeries(), ""});
    return profile;
}

}  // namespace crosswalk::conformance
