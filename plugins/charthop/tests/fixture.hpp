// One ChartHop connection on a fake host, and the samples of this slice.
#pragma once

#include "support/fake_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

extern "C" cw_library const* cw_connector_entry_v0();

namespace crosswalk::charthop {

namespace json = boost::json;
using support::CallResult;
using support::FakeHost;
using support::Inbound;
using support::Instance;
using support::Linked;
using support::Route;
using support::SentRequest;

inline const std::string v1 = "https://api.charthop.com/v1/org/acme";
inline const std::string v2 = "https://api.charthop.com/v2/org/acme";
inline constexpr char engineer[] = "6553c1f0a1b2c3d4e5f60001";   // the job of job_get.json, ENG-104
inline constexpr char executive[] = "6553c1f0a1b2c3d4e5f60002";  // without a code
inline constexpr std::int64_t now_ms = 1795300800'000;           // 2026-11-21

[[nodiscard]] inline std::string sample_text(std::string const& name) {
    std::ifstream file(CHARTHOP_SAMPLES + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}
[[nodiscard]] inline json::value sample(std::string const& name) {
    return json::parse(sample_text(name));
}

// Outbound by default, with Sync On Change; `requisitions` and `more` replace members.
[[nodiscard]] inline std::string settings(json::object const& requisitions = {}, json::object const& more = {}) {
    json::object all = json::parse(R"({
        "org": "acme", "api_token": "secret:env/CHARTHOP", "app_user_id": "588f7ee98f138b19220041ff",
        "requisitions": {"source_of_truth": "charthop", "sync_on_change": true}
    })")
                           .as_object();
    for (auto const& [name, value] : requisitions) {
        all["requisitions"].as_object()[name] = value;
    }
    for (auto const& [name, value] : more) {
        all[name] = value;
    }
    return json::serialize(all);
}
inline const json::object inbound = {{"source_of_truth", "remote"}, {"sync_on_change", false}, {"reverse_sync", true}};

class ChartHopTest : public testing::Test {
protected:
    explicit ChartHopTest(json::object const& requisitions = {}, json::object const& more = {})
        : host(settings(requisitions, more), "charthop-main") {
        host.secret("/api_token", "token");
        host.set_now(now_ms);
    }

    [[nodiscard]] Instance charthop() { return host.create(cw_connector_entry_v0, "charthop"); }
    Route& get(std::string const& url) { return host.on("GET", url).clear(); }
    Route& post(std::string const& url) { return host.on("POST", url).clear(); }
    Route& patch(std::string const& url) { return host.on("PATCH", url).clear(); }
    [[nodiscard]] std::vector<SentRequest> writes() const {
        std::vector<SentRequest> out;
        for (SentRequest const& request : host.requests()) {
            if (request.method != "GET") {
                out.push_back(request);
            }
        }
        return out;
    }

    FakeHost host;
};

inline const std::string nobody = R"({"data": []})";

}  // namespace crosswalk::charthop
