// Lever, played by a FakeHost from the samples: one candidate who was hired, and everything about her.
#pragma once

#include "support/fake_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace crosswalk::lever {

namespace json = boost::json;
using support::CallResult;
using support::FakeHost;
using support::Inbound;
using support::Instance;
using support::Route;
using support::SentRequest;

inline const std::string api = "https://api.lever.co/v1";
inline const std::string opportunity_id = "250d8f03-738a-4bba-a671-8a3d73477145";
inline const std::string opportunity_url = api + "/opportunities/" + opportunity_id;
inline constexpr std::int64_t hired_at_ms = 1795297265012;  // triggeredAt of candidateHired.json

[[nodiscard]] inline std::string sample_text(std::string const& name) {
    std::ifstream file(LEVER_SAMPLES + name);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}
[[nodiscard]] inline json::value sample(std::string const& name) {
    return json::parse(sample_text(name));
}

// The settings that the samples fit, with `extra` members put over them.
[[nodiscard]] inline std::string settings(json::object const& extra = {}) {
    json::object all = json::parse(R"({
        "auth": {"type": "api_key", "api_key": "secret:env/KEY"},
        "webhooks": {"candidateHired": {"signature_token": "secret:env/HIRED"},
                     "applicationCreated": {"signature_token": "secret:env/CREATED"},
                     "candidateStageChange": {"signature_token": "secret:env/STAGE"}}
    })")
                           .as_object();
    for (auto const& entry : extra) {
        all[entry.key()] = entry.value();
    }
    return json::serialize(all);
}

class LeverTest : public testing::Test {
protected:
    explicit LeverTest(json::object const& extra = {}) : host(settings(extra), "lever-main") {
        host.secret("/auth/api_key", "lever-key");
        json::value const tokens = sample("webhooks/signature_tokens.json");
        for (std::string const event : {"candidateHired", "applicationCreated", "candidateStageChange"}) {
            host.secret("/webhooks/" + event + "/signature_token",
                        std::string(tokens.at("tokens").at(event).as_string()));
        }
        host.set_now(hired_at_ms + 2000);
    }

    [[nodiscard]] Instance lever() { return host.create(cw_connector_entry_v0, "lever"); }
    [[nodiscard]] static Inbound webhook(std::string const& name) {
        return {.body = sample_text("webhooks/" + name + ".json")};
    }

    Route& get(std::string const& path) { return host.on("GET", api + path); }
    Route& post(std::string const& path) { return host.on("POST", api + path); }
    // Says what Lever holds at that path from now on.
    void holds(std::string const& path, json::value const& data) {
        get(path).clear().reply(200, json::serialize(json::object{{"data", data}}));
    }
    void holds_sample(std::string const& path, std::string const& name) {
        get(path).clear().reply(200, sample_text("rest/" + name + ".json"));
    }

    // The hired candidate of the samples.
    void play_hire() {
        opportunity = sample("rest/opportunity_hired_expanded.json").at("data").as_object();
        holds("/opportunities/" + opportunity_id, opportunity);
        holds_sample("/opportunities/" + opportunity_id + "/offers", "offers_list_signed");
        holds_sample("/contacts/7f23e772-f2cb-4ebb-b33f-54b872999992", "contact");
        holds_sample("/postings/f2f01e16-27f8-4711-a728-7d49499795a0", "posting");
        holds_sample("/requisitions/33b3cdf8-baef-4b17-b9d5-04c3b7e5eeb2", "requisition");
        holds("/archive_reasons/16308515-dc77-4aa7-b3af-96161b2b4e9b", {{"text", "Hired"}, {"type", "hired"}});
        holds("/users/ac92b6db-6e40-4b08-ae7b-236ba24f0a82",
              {{"id", "ac92b6db-6e40-4b08-ae7b-236ba24f0a82"}, {"name", "Ines Vidal"}, {"email", "ines@example.com"}});
    }
    // The opportunity as the test changed it.
    void changed() { holds("/opportunities/" + opportunity_id, opportunity); }

    FakeHost host;
    json::object opportunity;
};

}  // namespace crosswalk::lever
