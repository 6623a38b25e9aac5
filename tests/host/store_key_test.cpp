#include "store_key.hpp"

#include "store/store.hpp"
#include "support/fake_clock.hpp"
#include "support/test_store.hpp"
#include "vault/sealer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace crosswalk {
namespace {

using model::ErrorCode;
using testing::HasSubstr;
using testing::Not;

struct OneSecret final : model::SecretSource {
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const override {
        return reference == "secret:env/STORE_KEY" ? model::Result<model::Secret>(model::Secret(std::string(64, 'a')))
                                                   : model::Error{ErrorCode::not_found, "No such secret."};
    }
};

struct StoreKey : testing::Test {
    StoreKey() { config.store_path = folder.path() / "crosswalk.db"; }
    [[nodiscard]] model::Result<model::Secret> find() { return find_store_key(config, secrets, logger); }
    [[nodiscard]] model::Result<void> open_store(model::Secret key) {
        store::StoreOptions options;
        options.path = config.store_path;
        options.key = std::move(key);
        auto const opened = store::Store::open(options, clock, logger);
        return opened ? model::Result<void>() : model::Result<void>(opened.error());
    }

    support::TemporaryFolder folder;
    support::FakeClock clock;
    std::ostringstream log;
    telemetry::Logger logger{log, clock};
    OneSecret secrets;
    config::Config config;
};

TEST_F(StoreKey, IsMadeOnceForItsOwnerAloneAndFoundAgain) {
    auto const made = find();
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_TRUE(vault::read_key(*made));
    auto const file = store_key_file(config.store_path);
    EXPECT_EQ(std::filesystem::status(file).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_THAT(log.str(), HasSubstr("crosswalk.db.key"));
    EXPECT_THAT(log.str(), Not(HasSubstr(std::string(made->reveal()))));
    log.str({});
    std::ofstream(file, std::ios::app) << '\n';
    EXPECT_EQ(find()->reveal(), made->reveal());
    EXPECT_EQ(log.str(), "");
}

TEST_F(StoreKey, IsThatOfTheConfigurationWhenItNamesOne) {
    config.store_key = "secret:env/STORE_KEY";
    EXPECT_EQ(find()->reveal(), std::string(64, 'a'));
    EXPECT_FALSE(std::filesystem::exists(store_key_file(config.store_path)));
    config.store_key = "secret:env/OTHER";
    EXPECT_EQ(find().error().code, ErrorCode::not_found);
}

TEST_F(StoreKey, IsNotMadeForAStoreThatHasAnother) {
    ASSERT_TRUE(open_store(*find()));
    std::filesystem::remove(store_key_file(config.store_path));
    auto const found = find();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(found.error().detail, HasSubstr("backup"));
    EXPECT_FALSE(std::filesystem::exists(store_key_file(config.store_path)));
}

TEST_F(StoreKey, IsRefusedWhenOthersMayOpenItsFile) {
    ASSERT_TRUE(find());
    std::filesystem::permissions(store_key_file(config.store_path), std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    EXPECT_EQ(find().error().code, ErrorCode::permission_denied);
}

TEST_F(StoreKey, SaysWhenItCannotBeKept) {
    config.store_path = folder.path() / "missing" / "crosswalk.db";
    EXPECT_EQ(find().error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace crosswalk
