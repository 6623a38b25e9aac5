// Which callbacks are believed, and what each kind is for.
#include "fixture.hpp"

namespace crosswalk::hireguide_test {
namespace {

using testing::HasSubstr;

std::string body_of(std::string_view type) {
    return json::serialize(json::object{{"id", "evt_1"}, {"type", json::string(type)}, {"data", json::object()}});
}

Inbound with_header(Inbound request, std::string_view name, std::string const& value) {
    for (auto& [header, content] : request.headers) {
        if (header == name) {
            content = value;
        }
    }
    return request;
}

class HireguideWebhook : public testing::Test {
protected:
    World world;
};

TEST_F(HireguideWebhook, TakesTheSignatureOfTheSample) {
    json::value const vectors = sample_json("signature_vectors");
    json::value const& vector = vectors.at("vectors").at(0);
    ASSERT_EQ(vector.at("secret"), webhook_secret);
    json::value const& headers = vector.at("headers");
    Inbound const ping{
        .headers = {{"x-integration-event-id", headers.at("X-Integration-Event-Id").as_string().c_str()},
                    {"x-integration-timestamp", headers.at("X-Integration-Timestamp").as_string().c_str()},
                    {"x-integration-signature", headers.at("X-Integration-Signature").as_string().c_str()}},
        .body = vector.at("raw_body").as_string().c_str()};
    CallResult const result = world.hireguide.verify(ping);
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.disposition, CW_WEBHOOK_TEST);
}

TEST_F(HireguideWebhook, AcceptsExportsAndWishesToSyncUnderTheirId) {
    for (char const* type : {"interview.exported", "sync.requested"}) {
        CallResult const result = world.hireguide.verify(signed_callback(body_of(type)));
        EXPECT_EQ(result.disposition, CW_WEBHOOK_ACCEPT) << type << result.message;
        EXPECT_EQ(result.note(CW_NOTE_EVENT_TYPE), type);
        EXPECT_EQ(result.note(CW_NOTE_DEDUPE_KEY), "evt_1");
    }
}

TEST_F(HireguideWebhook, AcknowledgesWhatIsOfNoUse) {
    for (char const* type : {"interview.completed", "scores.submitted", "something.new"}) {
        CallResult const result = world.hireguide.verify(signed_callback(body_of(type)));
        EXPECT_EQ(result.status, CW_OK) << type;
        EXPECT_EQ(result.disposition, CW_WEBHOOK_IGNORE) << type;
    }
}

TEST_F(HireguideWebhook, RefusesAByteChangedAnywhere) {
    Inbound const good = signed_callback(body_of("sync.requested"));
    for (std::size_t i = 0; i < good.body.size(); ++i) {
        Inbound bad = good;
        bad.body[i] = static_cast<char>(bad.body[i] ^ 1);
        EXPECT_EQ(world.hireguide.verify(bad).status, CW_ERR_AUTH) << i;
    }
    std::string const signature = good.headers[3].second;
    for (std::size_t i = 0; i < signature.size(); ++i) {
        std::string bad = signature;
        bad[i] = bad[i] == '0' ? '1' : '0';
        EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-signature", bad)).status, CW_ERR_AUTH) << i;
    }
    EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-timestamp", "1795296001")).status, CW_ERR_AUTH);
}

TEST_F(HireguideWebhook, TakesAnyOfSeveralSignaturesWhileTheSecretChanges) {
    Inbound const good = signed_callback(body_of("ping"));
    std::string const signature = good.headers[3].second;
    for (std::string const& header : {"v1=00, " + signature, signature + ",v1=00", "v2=1 ," + signature + " "}) {
        EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-signature", header)).status, CW_OK) << header;
    }
    std::string many;
    for (int i = 0; i < 8; ++i) {
        many += "v1=00,";
    }
    EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-signature", many + signature)).status,
              CW_ERR_AUTH);
}

TEST_F(HireguideWebhook, TakesTheSecretBeforeOnlyWhenItIsSet) {
    Inbound const old = signed_callback(body_of("ping"), now_ms, "whsec_before");
    EXPECT_EQ(world.hireguide.verify(old).status, CW_ERR_AUTH);
    World rotating({{"previous_webhook_secret", "secret:env/before"}});
    EXPECT_EQ(rotating.hireguide.verify(old).status, CW_OK);
}

TEST_F(HireguideWebhook, AllowsClocksToDifferByFiveMinutes) {
    Inbound const at = signed_callback(body_of("ping"));
    for (std::int64_t const off : {-300'000, 300'000}) {
        world.host.set_now(now_ms + off);
        EXPECT_EQ(world.hireguide.verify(at).status, CW_OK) << off;
    }
    for (std::int64_t const off : {-300'001, 300'001}) {
        world.host.set_now(now_ms + off);
        EXPECT_EQ(world.hireguide.verify(at).status, CW_ERR_AUTH) << off;
    }
}

TEST_F(HireguideWebhook, RefusesMissingOrOddHeaders) {
    Inbound const good = signed_callback(body_of("ping"));
    for (char const* timestamp : {"", "-1795296000", "1795296000.0", "now", "99999999999999999999"}) {
        EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-timestamp", timestamp)).status, CW_ERR_AUTH)
            << timestamp;
    }
    EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-signature", "")).status, CW_ERR_AUTH);
    EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-event-id", "evt_2")).status, CW_ERR_INVALID);
    EXPECT_EQ(world.hireguide.verify(with_header(good, "x-integration-event-id", "")).status, CW_ERR_INVALID);
}

TEST_F(HireguideWebhook, RefusesWhatIsNoCallbackAtAll) {
    for (char const* body : {"", "{", "[]", "7", "{}", R"({"id": "evt_1"})", R"({"type": "ping"})",
                             R"({"id": "../x", "type": "ping"})", R"({"id": 7, "type": "ping"})", "\xff\xfe"}) {
        EXPECT_EQ(world.hireguide.verify(signed_callback(body)).status, CW_ERR_INVALID) << body;
    }
}

// E.18, E.35
TEST_F(HireguideWebhook, MakesAWishToSyncASignalWithoutARecord) {
    CallResult const result = world.hireguide.parse(signed_callback(
        R"({"id": "evt_7", "type": "sync.requested", "occurred_at": "2026-11-21T21:20:00Z", "data": {}})"));
    ASSERT_EQ(result.events.size(), 1U) << result.message;
    EXPECT_EQ(result.events[0].id, "evt_7");
    EXPECT_EQ(result.events[0].type, "sync.requested");
    EXPECT_EQ(result.events[0].occurred_unix_ms, now_ms);
    CallResult const mapped = world.hireguide.map(CW_MAP_IN, "hireguide.sync/1", "{}", "");
    EXPECT_TRUE(mapped.records.empty());
    EXPECT_THAT(mapped.note(CW_NOTE_REASON), HasSubstr("starts runs"));
}

}  // namespace
}  // namespace crosswalk::hireguide_test
