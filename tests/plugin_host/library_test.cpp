#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class LibraryTest : public Versatile {
protected:
    [[nodiscard]] std::string refusal(std::string const& name) {
        auto const loaded = Library::load(fixture(name), "", logger_, isolation());
        return loaded ? std::string() : loaded.error().detail;
    }
};

TEST_F(LibraryTest, CopiesWhatTheDescriptorSays) {
    auto const library = Library::load(fixture("versatile"), "", logger_, isolation());
    ASSERT_TRUE(library) << library.error().detail;
    ASSERT_EQ((*library)->connectors().size(), 4U);
    ConnectorInfo const& info = (*library)->connectors()[0];
    EXPECT_EQ(info.id, "versatile");
    EXPECT_EQ(info.version, "1.2.3");
    EXPECT_EQ(info.triggers.at(0).event, "thing.happened");
    EXPECT_EQ(info.actions.at(0).name, "obey");
    EXPECT_EQ(info.secrets.size(), 3U);
    EXPECT_EQ(info.egress.at(1), "setting:/base_url");
    EXPECT_EQ(info.library, fixture("versatile"));
}

TEST_F(LibraryTest, MayBeLoadedTwice) {
    EXPECT_TRUE(Library::load(fixture("versatile"), "", logger_, isolation()));
    EXPECT_TRUE(Library::load(fixture("versatile"), "", logger_, isolation()));
}

TEST_F(LibraryTest, NamesBothMinorsWhenALibraryNeedsANewerHost) {
    EXPECT_THAT(refusal("newer_minor"), AllOf(HasSubstr("needs connector ABI 0.77"), HasSubstr("this host speaks 0.")));
}

TEST_F(LibraryTest, NamesASymbolThatNobodyDefinesWhenItLoads) {
    EXPECT_THAT(refusal("undefined_symbol"), HasSubstr("symbol_that_nobody_defines"));
}

TEST_F(LibraryTest, RefusesMoreConnectorsThanItWouldEverList) {
    EXPECT_THAT(refusal("too_many"), HasSubstr("33"));
}
TEST_F(LibraryTest, RefusesTheSameIdTwice) {
    EXPECT_THAT(refusal("same_id_twice"), HasSubstr("\"table\" twice"));
}
TEST_F(LibraryTest, RefusesAnIdWithOtherCharacters) {
    EXPECT_THAT(refusal("bad_id"), HasSubstr("id must be"));
}
TEST_F(LibraryTest, RefusesADescriptorThatIsNotUtf8) {
    EXPECT_THAT(refusal("bad_utf8"), HasSubstr("name is missing"));
}
TEST_F(LibraryTest, RefusesASelectionSchemaThatIsNoObject) {
    EXPECT_THAT(refusal("bad_select"), HasSubstr("the select_schema of the trigger \"thing.seen\""));
}
TEST_F(LibraryTest, RefusesAPolledTriggerWithoutAPollHook) {
    EXPECT_THAT(refusal("poll_unclaimed"), HasSubstr("CW_CAP_POLL is not claimed"));
}
TEST_F(LibraryTest, ASignalNeedsNeitherSchemaNorCanonicalRecord) {
    auto const library = Library::load(fixture("versatile"), "", logger_, isolation());
    ASSERT_TRUE(library) << library.error().detail;
    TriggerInfo const& asked = (*library)->connectors()[0].triggers.at(1);
    EXPECT_TRUE(asked.is_signal());
    EXPECT_TRUE(asked.is_webhook());
    EXPECT_EQ(asked.schema + asked.canonical, "");
}
TEST_F(LibraryTest, CopiesTheRateThatTheVendorAllows) {
    auto const library = Library::load(fixture("versatile"), "", logger_, isolation());
    ASSERT_TRUE(library) << library.error().detail;
    ConnectorInfo const& lying = (*library)->connectors()[3];
    EXPECT_EQ(lying.requests_per_second, 3);
    EXPECT_EQ(lying.requests_burst, 7);
}
TEST_F(LibraryTest, RefusesAnExtensionThatIsCutShortThoughItsCapabilityIsClaimed) {
    auto const started = try_start({}, "versatile-lying");
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().detail, AllOf(HasSubstr("versatile-lying"), HasSubstr("cw.find/1")));
}
TEST_F(LibraryTest, RefusesASettingsSchemaThatIsNoObject) {
    EXPECT_THAT(refusal("bad_schema"), HasSubstr("settings_schema"));
}
TEST_F(LibraryTest, RefusesAnEgressEntryThatIsNoHost) {
    EXPECT_THAT(refusal("bad_egress"), HasSubstr("https://api.example.com/v1"));
}
TEST_F(LibraryTest, ReportsALibraryThatRefusesToOpen) {
    EXPECT_THAT(refusal("refuses_open"), HasSubstr("open"));
}

TEST_F(LibraryTest, RefusesAnInstanceWhoseHooksDoNotMatchItsCapabilities) {
    auto const library = Library::load(fixture("hookless"), "", logger_, isolation());
    ASSERT_TRUE(library) << library.error().detail;
    auto const made = (*library)->create(
        "table", Services{"here", boost::json::object(), http_, secrets_, key_values_, clock(), logger_});
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().detail, HasSubstr("push is NULL"));
}

TEST_F(LibraryTest, HasNoConnectorByAnUnknownId) {
    auto const started = try_start({}, "nobody");
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, model::ErrorCode::not_found);
}

TEST_F(LibraryTest, GivesTheReasonOfAnInitThatFails) {
    auto const started = try_start({{"init", "fail|-3|-1|Set base_url."}});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, model::ErrorCode::failed_precondition);
    EXPECT_EQ(started.error().detail, "Set base_url.");
    EXPECT_THAT(log(), HasSubstr("Versatile was destroyed."));
}

TEST_F(LibraryTest, SurvivesAnInitThatThrows) {
    auto const started = try_start({{"init", "throw"}});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, model::ErrorCode::internal);
}

TEST_F(LibraryTest, GivesTheReasonOfAnActivateThatFailsAndDoesNotDeactivate) {
    auto const started = try_start({{"activate", "fail|-5|-1|The vendor does not answer."}});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, model::ErrorCode::unavailable);
    EXPECT_EQ(log_lines_with("Versatile was deactivated."), 0U);
    EXPECT_EQ(log_lines_with("Versatile was destroyed."), 1U);
}

TEST_F(LibraryTest, DeactivatesBeforeItDestroys) {
    start();
    connector_.reset();
    std::string const all = log();
    EXPECT_LT(all.find("Versatile was deactivated."), all.find("Versatile was destroyed."));
    EXPECT_NE(all.find("Versatile was destroyed."), std::string::npos);
}

TEST_F(LibraryTest, RefusesABaseUrlThatIsNone) {
    auto const started = try_start({{"base_url", "api.example.com"}});
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().detail, HasSubstr("/base_url"));
}

TEST_F(LibraryTest, RefusesABaseUrlThatHidesItsHostBehindAUserName) {
    EXPECT_FALSE(try_start({{"base_url", "https://api.example.com@evil.example.net/"}}));
}

}  // namespace
}  // namespace crosswalk::plugin_host
