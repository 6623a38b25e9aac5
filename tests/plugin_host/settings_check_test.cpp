// Library::check_settings: a connector's opinion of settings, without starting anything.
#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;
using ::testing::HasSubstr;
using ::testing::Not;

class SettingsChecks : public Versatile {
protected:
    [[nodiscard]] model::Result<void> check(boost::json::object settings, std::string const& id = "versatile") {
        auto library = Library::load(fixture("versatile"), "", logger_, isolation());
        if (!library) {
            return library.error();
        }
        return (*library)->check_settings(
            id, SettingsCheck{"here", boost::json::value(std::move(settings)), secrets_, clock(), logger_});
    }
};

TEST_F(SettingsChecks, SettingsThatInitTakesAreFine) {
    EXPECT_TRUE(check({{"base_url", "https://api.example.com"}}));
}

TEST_F(SettingsChecks, TellsTheConnectorsOwnWordsAndTheSettingsThatTheyAreAbout) {
    auto const checked =
        check({{"init", "fail|-3|-1|Sync On Change and Reverse Sync cannot both be on.|{'fields':[]}"}});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(checked.error().detail, "Sync On Change and Reverse Sync cannot both be on.");
}

TEST_F(SettingsChecks, ActivatesNothingAndDestroysWhatItMade) {
    EXPECT_TRUE(check({{"activate", "fail|-3|-1|This must not run."}}));
    EXPECT_THAT(log(), Not(HasSubstr("Versatile was deactivated.")));
    EXPECT_EQ(log_lines_with("Versatile was destroyed."), 1U);
    EXPECT_FALSE(check({{"init", "return|-3"}}));
    EXPECT_EQ(log_lines_with("Versatile was destroyed."), 2U);
}

TEST_F(SettingsChecks, AsksNobodyAndKeepsNothing) {
    EXPECT_TRUE(check({{"init", "http|GET|https://api.example.com/\nkv_put|k|v\nsecret_put|/absent|x"},
                       {"base_url", "https://api.example.com"}}));
    EXPECT_FALSE(key_values_.get("k"));
    EXPECT_TRUE(kept_secrets_.values.empty());
}

TEST_F(SettingsChecks, ASettingThatNamesNoHostIsNamed) {
    auto const checked = check({{"base_url", "not a url"}});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().detail, HasSubstr("/base_url"));
}

TEST_F(SettingsChecks, AnInitThatThrowsIsAnErrorAndNoCrash) {
    EXPECT_EQ(check({{"init", "throw"}}).error().code, ErrorCode::internal);
}

TEST_F(SettingsChecks, AnUnknownConnectorIsNotFound) {
    EXPECT_EQ(check({}, "nobody").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace crosswalk::plugin_host
