// One Hireguide connection on a fake host, beside a Lever connection called "lever", and the samples of this slice.
#pragma once

#include "support/fake_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

extern "C" cw_library const* cw_connector_entry_v0();

namespace crosswalk::hireguide_test {

namespace json = boost::json;
using support::CallResult;
using support::FakeHost;
using support::Inbound;
using support::Route;
using support::SentRequest;

inline constexpr char base[] = "https://hireguide.example.com";
inline constexpr char posting_id[] = "730e37db-93d3-4acf-b9de-7cfc397cef1d";
inline constexpr char opportunity_id[] = "250d8f03-738a-4bba-a671-8a3d73477145";
inline constexpr char job[] = "lever:posting:730e37db-93d3-4acf-b9de-7cfc397cef1d";
inline constexpr char webhook_secret[] = "whsec_demo_0123456789abcdef";  // of samples/signature_vectors.json
inline constexpr std::int64_t now_ms = 1795296000'000;                   // its timestamp

[[nodiscard]] std::string sample(std::string_view name);
[[nodiscard]] json::value sample_json(std::string_view name);
[[nodiscard]] std::string address(std::string_view path);  // under `base`
[[nodiscard]] json::object with(json::object object, json::object const& more);

// Settings with one position, "support", whose id is pos_21; members replaced by those of `more`.
[[nodiscard]] json::object settings(json::object const& more = {});
[[nodiscard]] json::object position_settings(json::object const& more = {});  // of that position

// Canonical records of the sample's candidate and job.
[[nodiscard]] json::object application(json::object const& more = {});
[[nodiscard]] json::object posting(json::object const& more = {});

// A callback with this body, signed for `at_ms`.
[[nodiscard]] Inbound signed_callback(std::string const& body, std::int64_t at_ms = now_ms,
                                      std::string_view secret = webhook_secret);

class World {
public:
    explicit World(json::object const& more_settings = {});

    FakeHost host;
    support::Instance hireguide;

    // A canonical record through map out and push, as the host does it.
    [[nodiscard]] CallResult push(std::string_view action, json::object const& canonical,
                                  std::string_view key = "delivery-1", std::uint32_t attempt = 1);
    // What Hireguide's list shows; the sample's one position unless said otherwise.
    void positions(json::array rows);
    Route& link() { return host.on("PUT", address("/v1/positions/pos_21/ats")); }
    Route& upsert() { return host.on("POST", address("/v1/positions/pos_21/candidates:upsert")); }
    Route& details() { return host.on("PATCH", address("/v1/positions/pos_21")); }
    Route& result() { return host.on("POST", address("/v1/interviews/int_55/export-result")); }
    // The position is connected with the job, the candidate with the opportunity.
    void linked_position();
    void linked_candidate();
    // The bodies that were sent there.
    [[nodiscard]] std::vector<json::value> sent(std::string_view method, std::string_view path) const;

private:
    static FakeHost& prepared(FakeHost& host);
};

}  // namespace crosswalk::hireguide_test
