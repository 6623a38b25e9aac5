// How much a connector may ask, say and keep, where the tests of each service do not say it already.
#include "plugin_host/descriptor.hpp"
#include "plugin_host/oauth_description.hpp"
#include "plugin_host/preflight.hpp"
#include "plugin_host/secret_vault.hpp"
#include "versatile.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace crosswalk::plugin_host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string const fine = std::to_string(CW_OK);
std::string const invalid = std::to_string(CW_ERR_INVALID);
std::string const too_large = std::to_string(CW_ERR_TOO_LARGE);

std::string many(std::size_t bytes) {
    return std::string(bytes, 'x');
}

class HostLimits : public Versatile {
protected:
    void SetUp() override { start(); }
    // What the host answered to one script in a push.
    [[nodiscard]] std::string answer(std::string const& script) { return push(script).reason; }
};

TEST_F(HostLimits, TenThousandThingsAreLentAtATime) {
    EXPECT_EQ(answer("keep_many|10000"), fine);
    EXPECT_EQ(answer("keep_many|1"), std::to_string(CW_ERR_NO_MEMORY));
    EXPECT_EQ(push("outcome|1").outcome, model::Outcome::delivered) << "what needs nothing lent still works";
}

TEST_F(HostLimits, APushWarnsAHundredTimes) {
    EXPECT_EQ(answer("warn_many|100"), fine);
    model::AttemptReport const report = push("warn_many|101");
    EXPECT_EQ(report.reason, too_large);
    EXPECT_THAT(report.warnings, SizeIs(100));
}

TEST_F(HostLimits, AReasonIsCutAt2000Bytes) {
    EXPECT_THAT(push("fail|" + std::to_string(CW_ERR_INVALID) + "|0|" + many(3000)).reason, SizeIs(2000));
}

TEST_F(HostLimits, AnIdAtTheTargetIsNeverCutButRefusedAbove2000Bytes) {
    std::string const key = std::to_string(CW_NOTE_TARGET_KEY);
    EXPECT_THAT(push("note|" + key + "|" + many(2000)).target_key, SizeIs(2000));
    EXPECT_EQ(push("note|" + key + "|" + many(2001)).target_key, "");
}

TEST_F(HostLimits, AFailureNamesAHundredFields) {
    std::string fields;
    for (int i = 0; i < 101; ++i) {
        fields += std::string(i == 0 ? "" : ",") + R"({"field":"a","reason":"b"})";
    }
    std::string const fail = "fail|" + std::to_string(CW_ERR_INVALID) + "|0|No.|";
    EXPECT_THAT(push(fail + R"({"fields":[)" + fields + "]}").fields, SizeIs(100));
    EXPECT_THAT(push(fail + R"({"fields":[{"field":"a","reason":")" + many(64 * 1024) + R"("}]})").fields, SizeIs(0))
        << "above 64 KiB nothing is read";
}

TEST_F(HostLimits, AKeyOfThePrivateStateHas512Bytes) {
    EXPECT_EQ(answer("kv_put|" + many(512) + "|v"), fine);
    EXPECT_EQ(answer("kv_put|" + many(513) + "|v"), invalid);
}

TEST_F(HostLimits, ASignatureIsOverSixteenParts) {
    EXPECT_EQ(answer("hmac_many|/api_key|16"), std::to_string(CW_ERR_AUTH)) << "tried, and wrong";
    EXPECT_EQ(answer("hmac_many|/api_key|17"), too_large);
}

TEST_F(HostLimits, ACursorHas64Kib) {
    auto const poll = [this](std::size_t bytes) {
        return connector_->poll({"thing.happened", "cursor|" + many(bytes), "{}", "run-1", false}, patience);
    };
    auto const largest = poll(64 * 1024);
    ASSERT_TRUE(largest) << largest.error().detail;
    auto const larger = poll(64 * 1024 + 1);
    ASSERT_FALSE(larger);
    EXPECT_THAT(larger.error().detail, HasSubstr("a cursor may have 64 KiB"));
}

TEST_F(HostLimits, ALinkedRecordsIdHas512Bytes) {
    std::string const theirs = R"(|{"system":"goco","kind":"employee","id":"1"})";
    EXPECT_EQ(answer("link_put|candidate|" + many(512) + theirs), fine);
    EXPECT_EQ(answer("link_put|candidate|" + many(513) + theirs), invalid);
}

TEST_F(HostLimits, ALogLineIsCutAndLosesFieldsThatAreTooMany) {
    (void)push("log|1|" + many(3000));
    EXPECT_THAT(log(), HasSubstr("\"" + many(2000) + "\""));
    (void)push(R"(log|1|Small.|{"a":")" + many(8 * 1024) + R"("})");
    EXPECT_THAT(log(), HasSubstr("\"Small.\""));
    EXPECT_THAT(log(), Not(HasSubstr("\"fields\"")));
}

// Nothing of it leaves: a port of nobody's would answer with another status.
TEST_F(HostLimits, ARequestToAVendorIsBounded) {
    std::string const url = "https://api.example.com/";
    EXPECT_EQ(answer("http_many|" + url + many(8 * 1024 - url.size() + 1) + "|1|1"), invalid);
    EXPECT_EQ(answer("http_many|" + url + "|101|1"), invalid);
    EXPECT_EQ(answer("http_many|" + url + "|1|" + std::to_string(32 * 1024 * 1024 + 1)), invalid);
    EXPECT_EQ(answer("http|GET|" + url + "|none|-|" + many(16 * 1024 + 1)), invalid);
}

// ---- what a library says of itself -----------------------------------------------------------------------------

class DescriptorLimits : public ::testing::Test {
protected:
    [[nodiscard]] std::string refusal() {
        actions_.push_back(nullptr);
        triggers_.push_back(nullptr);
        secrets_.push_back(nullptr);
        cw_descriptor descriptor{};
        descriptor.struct_size = sizeof descriptor;
        descriptor.caps = CW_CAP_PUSH;
        descriptor.id = "wide";
        descriptor.name = name_.c_str();
        descriptor.vendor = "Example";
        descriptor.version = "1";
        descriptor.support = "";
        descriptor.settings_schema = schema_.c_str();
        descriptor.triggers = triggers_.data();
        descriptor.actions = actions_.data();
        descriptor.secrets = secrets_.data();
        auto const copied = copy_descriptor("/wide.so", "test", &descriptor);
        return copied ? "" : copied.error().detail;
    }

    cw_action const action_{sizeof(cw_action), 0, "obey", "Obey", "", "wide.thing/1"};
    cw_trigger const trigger_{sizeof(cw_trigger), CW_TRIGGER_WEBHOOK, "thing.seen", "", "wide.thing/1", "", "{}"};
    std::string name_ = "Wide";
    std::string schema_ = "{}";
    std::vector<cw_action const*> actions_{&action_};
    std::vector<cw_trigger const*> triggers_;
    std::vector<char const*> secrets_;
};

TEST_F(DescriptorLimits, AreNotMetByAnUsualOne) {
    actions_.resize(256, &action_);
    triggers_.resize(256, &trigger_);
    secrets_.resize(64, "/key");
    EXPECT_EQ(refusal(), "");
}
TEST_F(DescriptorLimits, TakeNoMoreThan256Actions) {
    actions_.resize(257, &action_);
    EXPECT_THAT(refusal(), HasSubstr("actions has more than 256 entries"));
}
TEST_F(DescriptorLimits, TakeNoMoreThan256Triggers) {
    triggers_.resize(257, &trigger_);
    EXPECT_THAT(refusal(), HasSubstr("triggers has more than 256 entries"));
}
TEST_F(DescriptorLimits, TakeNoMoreThan64Secrets) {
    secrets_.resize(65, "/key");
    EXPECT_THAT(refusal(), HasSubstr("secrets has more than 64 entries"));
}
TEST_F(DescriptorLimits, TakeWordsOf256BytesAndASchemaOfOneMebibyte) {
    name_ = many(257);
    EXPECT_THAT(refusal(), HasSubstr("name is missing, not UTF-8 or longer than 256 bytes"));
    name_ = "Wide";
    schema_ = R"({"title":")" + many(1024 * 1024) + R"("})";
    EXPECT_THAT(refusal(), HasSubstr("settings_schema is missing, not UTF-8 or longer than 1048576 bytes"));
}

TEST(LibraryFile, AboveHalfAGibibyteIsRefusedBeforeItIsRead) {
    std::string const path = ::testing::TempDir() + "crosswalk_limits_large.so";
    std::ofstream(path, std::ios::binary) << "\x7F"
                                             "ELF";
    std::filesystem::resize_file(path, 512ULL * 1024 * 1024 + 1);  // takes no room on the disk
    auto const checked = check_file(path, "");
    std::filesystem::remove(path);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().detail, HasSubstr("512 MiB"));
}

TEST(OAuthDescriptions, HaveAHundredScopes) {
    ConnectorInfo info;
    info.id = "wide";
    info.secrets = {"/client_secret"};
    auto const described = [&](std::size_t scopes) {
        boost::json::object const record{{"grant", "client_credentials"},
                                         {"token_url", "https://api.example.com/token"},
                                         {"client_id", "c"},
                                         {"client_secret", "/client_secret"},
                                         {"scopes", boost::json::array(scopes, "read")}};
        auto const parsed = parse_oauth(info, http::EgressPolicy({"api.example.com"}),
                                        {"crosswalk.oauth/1", "", boost::json::serialize(record)});
        return parsed ? std::string() : parsed.error().detail;
    };
    EXPECT_EQ(described(100), "");
    EXPECT_THAT(described(101), HasSubstr("scopes is no array of at most 100 texts"));
}

// A name in a pointer may come from a request, so what is remembered of them has an end; the secret is found all the
// same.
TEST(SecretVaultLimits, AThousandPointersAreRemembered) {
    support::FakeClock const clock;
    TestSecrets source;
    boost::json::object hooks;
    for (int i = 0; i < 1001; ++i) {
        hooks[std::to_string(i)] = "secret:test/key";
    }
    boost::json::value const settings = boost::json::object{{"hooks", hooks}};
    SecretVault vault({"/hooks/*"}, settings, source, clock);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 1001; ++i) {
            EXPECT_TRUE(vault.find("/hooks/" + std::to_string(i)));
        }
    }
    EXPECT_EQ(source.resolved, 1002) << "all but one were remembered";
}

}  // namespace
}  // namespace crosswalk::plugin_host
