// Greenhouse, played by a FakeHost from the samples: one candidate who was hired, in Harvest v3 and in v1.
#pragma once

#include "support/fake_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace crosswalk::greenhouse {

namespace json = boost::json;
using support::Answer;
using support::CallResult;
using support::FakeHost;
using support::Headers;
using support::Inbound;
using support::Instance;
using support::Route;
using support::SentRequest;

inline const std::string harvest = "https://harvest.greenhouse.io";
inline const std::string token_url = "https://auth.greenhouse.io/token";
inline const std::string files = "https://files.example.com/attachments/";
inline constexpr std::int64_t now_ms = 1795300800'000;

[[nodiscard]] inline std::string sample_text(std::string const& name) {
    std::ifstream file(GREENHOUSE_SAMPLES + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}
[[nodiscard]] inline json::value sample(std::string const& name) {
    return json::parse(sample_text(name));
}

// An answer as the files of errors/ hold it: {status, headers?, body?}.
[[nodiscard]] inline Answer sample_answer(std::string const& name) {
    json::object const all = sample(name).as_object();
    Answer answer;
    answer.status = static_cast<int>(all.at("status").as_int64());
    if (auto const* body = all.if_contains("body")) {
        answer.body = json::serialize(*body);
    }
    if (auto const* headers = all.if_contains("headers")) {
        for (auto const& header : headers->as_object()) {
            std::string key(header.key());
            std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
            answer.headers.emplace_back(key, std::string(header.value().as_string()));
        }
    }
    return answer;
}

// The settings that the samples fit, with `extra` members put over them.
[[nodiscard]] inline std::string settings(json::object const& extra = {}) {
    json::object all = json::parse(R"({
        "auth": {"client_id": "client-1", "client_secret": "secret:env/CLIENT", "user_id": 92120},
        "webhook": {"secret_key": "secret:env/HOOK"},
        "user_email": "gh.admin@example.com",
        "documents": {"base_url": "https://files.example.com"}
    })")
                           .as_object();
    for (auto const& entry : extra) {
        all[entry.key()] = entry.value();
    }
    return json::serialize(all);
}
inline const json::object legacy = {
    {"api", "v1"}, {"auth", {{"api_key", "secret:env/KEY"}}}, {"user_email", "Juliet.Burke@example.com"}};

class GreenhouseTest : public testing::Test {
protected:
    explicit GreenhouseTest(json::object const& extra = {})
        : host(settings(extra), "greenhouse-main"), api(harvest + (extra.contains("api") ? "/v1" : "/v3")) {
        host.secret("/auth/client_secret", "s3cret");
        host.secret("/auth/api_key", "harvest-key");
        host.secret("/webhook/secret_key", "123");
        host.secret("/webhook/previous_secret_key", "an-older-secret-key");
        host.set_now(now_ms);
        host.on("POST", token_url).reply(200, sample_text("rest_v3/token_response.json"));
    }

    [[nodiscard]] Instance greenhouse() { return host.create(cw_connector_entry_v0, "greenhouse"); }
    // The exact bytes of the sample under the signature that it has in signatures.json.
    [[nodiscard]] static Inbound webhook(std::string const& name) {
        Inbound request{.body = sample_text("webhooks/" + name + ".json")};
        json::value const all = sample("webhooks/signatures.json");
        for (json::value const& one : all.at("deliveries").as_array()) {
            if (std::string(one.at("file").as_string()) == name + ".json") {
                request.headers.emplace_back("signature", std::string(one.at("Signature").as_string()));
            }
        }
        return request;
    }
    Route& get(std::string const& path) { return host.on("GET", api + path); }
    Route& post(std::string const& path) { return host.on("POST", api + path); }
    void holds(std::string const& path, std::string const& name) { get(path).clear().reply(200, sample_text(name)); }

    // What v3 holds of the candidate of hire_candidate_goco_fields.json.
    void play_hire() {
        holds("/applications", "rest_v3/applications_list.json");
        holds("/attachments", "rest_v3/attachments_list.json");
        host.on("GET", files).reply(200, "%PDF-1.7", {{"content-type", "application/pdf"}});
    }

    FakeHost host;
    std::string const api;
};

class LegacyTest : public GreenhouseTest {
protected:
    LegacyTest() : GreenhouseTest(legacy) {}
};

}  // namespace crosswalk::greenhouse
