// HRLogics, played by a FakeHost from the samples: one applicant, and the Lever opportunity that it came from.
#pragma once

#include "support/fake_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

extern "C" cw_library const* cw_connector_entry_v0();

namespace crosswalk::hrlogics {

namespace json = boost::json;
using support::Answer;
using support::CallResult;
using support::FakeHost;
using support::Inbound;
using support::Instance;
using support::Linked;
using support::Route;
using support::SentRequest;
using testing::HasSubstr;

inline const std::string base = "https://api.hrlogics.example";
inline const std::string opportunity = "250d8f03-738a-4bba-a671-8a3d73477145";
inline constexpr char webhook_secret[] = "whsec_demo_0123456789abcdef";
inline constexpr std::int64_t signed_at_ms = 1795296600'000;  // of the first vector

[[nodiscard]] inline std::string sample(std::string const& name) {
    std::ifstream file(std::string(HRLOGICS_SAMPLES) + name + ".json", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}

// The settings that every test starts from, with members replaced by those of `more`.
[[nodiscard]] inline std::string settings(json::object const& more = {}) {
    json::object all{{"base_url", base + "/"},
                     {"auth", {{"type", "bearer"}, {"api_token", "secret:env/TOKEN"}}},
                     {"webhook_secret", "secret:env/HOOK"}};
    for (auto const& [name, value] : more) {
        if (value.is_null()) {
            all.erase(name);
        } else {
            all[name] = value;
        }
    }
    return json::serialize(all);
}
inline const json::object with_oauth = {{"auth",
                                         {{"type", "oauth2_client_credentials"},
                                          {"token_url", "https://login.hrlogics.example/token"},
                                          {"client_id", "client-1"},
                                          {"client_secret", "secret:env/CLIENT"},
                                          {"scope", "applicants screenings"}}}};

// The canonical application behind applicant_create_request.json, with members replaced by those of `more`.
[[nodiscard]] inline std::string application(json::object const& more = {}) {
    json::object all = json::parse(R"({
        "kind": "application", "status": "active", "applied_at": "2026-11-21T21:00:00Z",
        "ref": {"system": "lever", "kind": "application", "id": "250d8f03-738a-4bba-a671-8a3d73477145"},
        "candidate": {"system": "lever", "kind": "candidate", "id": "7f23e772-f2cb-4ebb-b33f-54b872999992"},
        "posting": {"system": "lever", "kind": "posting", "id": "730e37db-93d3-4acf-b9de-7cfc397cef1d"},
        "person": {"first_name": "Nora", "last_name": "Okafor",
                   "emails": [{"value": "nora.okafor@example.net"}],
                   "phones": [{"value": "+1-555-010-0199", "type": "mobile"}],
                   "addresses": [{"city": "Houston", "state": "TX", "postal_code": "77002"}]},
        "job_title": "Support Engineer", "department": {"name": "Engineering"}, "location": {"name": "Remote"},
        "custom": {"application_id": "cdb4ff52-fb9d-4ca2-ab2b-f61a3ea6bd67"}
    })")
                           .as_object();
    for (auto const& [name, value] : more) {
        if (value.is_null()) {
            all.erase(name);
        } else {
            all[name] = value;
        }
    }
    return json::serialize(all);
}

class HrlogicsTest : public testing::Test {
protected:
    explicit HrlogicsTest(json::object const& more = {}) : host(settings(more), "hrlogics") {
        host.secret("/auth/api_token", "canary-token");
        host.secret("/auth/client_secret", "canary-client");
        host.secret("/webhook_secret", webhook_secret);
        host.set_now(signed_at_ms);
    }

    [[nodiscard]] Instance hrlogics() { return host.create(cw_connector_entry_v0, "hrlogics"); }
    Route& create() { return host.on("POST", base + "/v1/applicants"); }
    Route& find() { return host.on("GET", base + "/v1/applicants?external_id="); }
    Route& get(std::string const& id) { return host.on("GET", base + "/v1/applicants/" + id); }
    Route& changes() { return host.on("GET", base + "/v1/screenings/changes?"); }

    // What map makes of an application, as the outbox would hold it.
    [[nodiscard]] static std::string applicant(Instance& at, json::object const& more = {}) {
        CallResult const mapped =
            at.map(CW_MAP_OUT, "crosswalk.application/1", application(more), "hrlogics.applicant/1");
        EXPECT_EQ(mapped.status, CW_OK) << mapped.message;
        return mapped.records.empty() ? "{}" : json::serialize(mapped.records[0].data);
    }
    [[nodiscard]] static CallResult push(Instance& at, json::object const& more = {}) {
        return at.push("create_applicant", "delivery-1", applicant(at, more));
    }

    // As if this connection had created the applicant.
    void link_applicant(std::string const& id = "hrl_5501") {
        host.link({"hrlogics", "applicant", id}, {"lever", "candidate", "7f23e772-f2cb-4ebb-b33f-54b872999992"});
        host.link({"hrlogics", "applicant", id}, {"lever", "application", opportunity});
    }

    FakeHost host;
};

}  // namespace crosswalk::hrlogics
