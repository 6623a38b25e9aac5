#include "store_fixture.hpp"
#include "vault/failing_cipher.hpp"

#include <fstream>
#include <iterator>

namespace crosswalk::store {
namespace {

using model::ErrorCode;

class StateTest : public StoreFixture {};

TEST_F(StateTest, CountsTheVersionsOfAValue) {
    EXPECT_EQ(state().get("lever", "token").error().code, ErrorCode::not_found);
    EXPECT_EQ(state().put("lever", "token", "one", std::nullopt).value(), 1U);
    EXPECT_EQ(state().put("lever", "token", std::string("t\0wo", 4), std::nullopt).value(), 2U);
    auto const found = state().get("lever", "token");
    EXPECT_EQ(found->value, std::string("t\0wo", 4));
    EXPECT_EQ(found->version, 2U);
    EXPECT_EQ(state().get("goco", "token").error().code, ErrorCode::not_found);
}

TEST_F(StateTest, TellsAnEmptyValueFromNone) {
    ASSERT_TRUE(state().put("lever", "key", "", std::nullopt));
    EXPECT_EQ(state().get("lever", "key")->value, "");
    EXPECT_EQ(state().get("lever", "other").error().code, model::ErrorCode::not_found);
}

TEST_F(StateTest, RefusesAPutOverAVersionThatNoLongerHolds) {
    ASSERT_TRUE(state().put("lever", "token", "one", 0));
    EXPECT_EQ(state().put("lever", "token", "two", 0).error().code, ErrorCode::already_exists);
    EXPECT_EQ(state().put("lever", "token", "two", 7).error().code, ErrorCode::already_exists);
    EXPECT_EQ(state().get("lever", "token")->value, "one");
    EXPECT_EQ(state().put("lever", "token", "two", 1).value(), 2U);
}

TEST_F(StateTest, RemovesAValueOnlyAtTheVersionAsked) {
    ASSERT_TRUE(state().put("lever", "token", "one", std::nullopt));
    EXPECT_EQ(state().remove("lever", "token", 9).error().code, ErrorCode::already_exists);
    ASSERT_TRUE(state().remove("lever", "token", 1));
    EXPECT_EQ(state().get("lever", "token").error().code, ErrorCode::not_found);
    EXPECT_TRUE(state().remove("lever", "token", std::nullopt));
}

TEST_F(StateTest, RefusesAValueAboveOneMebibyte) {
    auto const put = state().put("lever", "big", std::string(1024 * 1024 + 1, 'x'), std::nullopt);
    EXPECT_EQ(put.error().code, ErrorCode::too_large);
}

class StateAtRest : public StateTest {
protected:
    // Is the text in any file of the store?
    [[nodiscard]] bool is_readable(std::string const& text) const {
        for (auto const& file : std::filesystem::directory_iterator(folder_)) {
            std::ifstream in(file.path(), std::ios::binary);
            std::string const bytes((std::istreambuf_iterator<char>(in)), {});
            if (bytes.find(text) != std::string::npos) {
                return true;
            }
        }
        return false;
    }
    // Closes the store and leaves its file as that version did, with a value and a cursor in the clear.
    void back_to_version_5() {
        store_.reset();
        tamper(
            "UPDATE kv SET value = 'Ada Canaryvalue'; UPDATE poll_cursor SET value = 'page-of-Canarycursor';"
            " PRAGMA user_version = 5;"
            " DROP TABLE handle_recent; DROP TABLE delivery_key; DROP TABLE delivery_key_recent;"
            " CREATE INDEX delivery_key ON delivery (idempotency_key); CREATE INDEX delivery_count ON delivery (kind)");
    }
};

TEST_F(StateAtRest, IsEncryptedAsCursorsAre) {
    ASSERT_TRUE(state().put("lever", "employee/1", "Ada Canaryvalue", std::nullopt));
    ASSERT_TRUE(turn(running(), {"a"}, "page-of-Canarycursor"));
    EXPECT_FALSE(is_readable("Canaryvalue"));
    EXPECT_FALSE(is_readable("Canarycursor"));
    EXPECT_TRUE(is_readable("employee/1")) << "the search can find something";
    reopen();
    EXPECT_EQ(state().get("lever", "employee/1")->value, "Ada Canaryvalue");
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "page-of-Canarycursor");
}

TEST_F(StateAtRest, OpensNoValueInAnotherPlace) {
    ASSERT_TRUE(state().put("lever", "a", "one", std::nullopt));
    ASSERT_TRUE(state().put("lever", "b", "two", std::nullopt));
    ASSERT_TRUE(state().put("goco", "a", "three", std::nullopt));
    tamper(
        "UPDATE kv SET value = (SELECT value FROM kv WHERE connection = 'lever' AND key = 'b')"
        " WHERE key = 'a'");
    EXPECT_EQ(state().get("lever", "a").error().code, ErrorCode::corruption);
    EXPECT_EQ(state().get("goco", "a").error().code, ErrorCode::corruption);
    EXPECT_EQ(state().get("lever", "b")->value, "two");
}

TEST_F(StateAtRest, OfVersion5BecomesCiphertextAndLeavesNothingBehind) {
    ASSERT_TRUE(state().put("lever", "employee/1", "x", std::nullopt));
    ASSERT_TRUE(turn(running(), {"a"}, "x"));
    back_to_version_5();
    ASSERT_TRUE(is_readable("Canaryvalue"));
    open();
    EXPECT_EQ(state().get("lever", "employee/1")->value, "Ada Canaryvalue");
    EXPECT_EQ(state().get("lever", "employee/1")->version, 1U);
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "page-of-Canarycursor");
    store_.reset();
    EXPECT_FALSE(is_readable("Canaryvalue"));
    EXPECT_FALSE(is_readable("Canarycursor"));
}

TEST_F(StateAtRest, OfVersion5IsWholeAgainAfterAnyTextOfItsUpgradeCouldNotBeEncrypted) {
    ASSERT_TRUE(state().put("lever", "employee/1", "x", std::nullopt));
    ASSERT_TRUE(turn(running(), {"a"}, "x"));
    vault::FailingCipher cipher;
    for (int n = 0;; ++n) {
        SCOPED_TRACE("text " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 50);
        back_to_version_5();
        cipher.fail_after(n);
        bool const opened = Store::open(options_, clock_, logger_).has_value();
        bool const refused = cipher.heal();
        ASSERT_EQ(opened, !refused);
        open();
        EXPECT_EQ(state().get("lever", "employee/1")->value, "Ada Canaryvalue");
        EXPECT_EQ(runs().cursor("jobs", selection).value(), "page-of-Canarycursor");
        if (!refused) {
            EXPECT_GT(n, 2);
            break;
        }
    }
}

// D.24, C.36
TEST_F(StateTest, KeepsARemovedConnectionPausedAndForgetsWhatItsConnectorKept) {
    ASSERT_TRUE(state().put("lever", "webhook", "w1", std::nullopt));
    ASSERT_TRUE(state().put("goco", "webhook", "w2", std::nullopt));
    ASSERT_TRUE(state().remove_connection("lever", "It was disconnected."));
    ASSERT_TRUE(state().pause_connection("lever", "The key is refused."));
    for (int round = 0; round < 2; ++round) {
        auto const found = state().connection("lever");
        EXPECT_EQ(found->access, Access::removed);
        EXPECT_TRUE(found->paused);
        EXPECT_EQ(found->reason, "It was disconnected.");
        EXPECT_EQ(state().get("lever", "webhook").error().code, ErrorCode::not_found);
        EXPECT_EQ(state().get("goco", "webhook")->value, "w2");
        EXPECT_EQ(state().resume_connection("lever").error().code, ErrorCode::failed_precondition);
        reopen();
    }
}

TEST_F(StateTest, BeginsAnewWithAConnectionThatIsConnectedAgain) {
    ASSERT_TRUE(state().mark_verified("lever", clock_.now()));
    ASSERT_TRUE(state().remove_connection("lever", "It was disconnected."));
    ASSERT_TRUE(state().connect_again("lever"));
    for (int round = 0; round < 2; ++round) {
        auto const found = state().connection("lever");
        EXPECT_EQ(found->access, Access::in_use);
        EXPECT_FALSE(found->paused);
        EXPECT_EQ(found->verified_at, std::nullopt);
        reopen();
    }
}

TEST_F(StateTest, KeepsThePauseOfAConnectionAndItsFirstTime) {
    auto const since = clock_.now();
    ASSERT_TRUE(state().pause_connection("goco", "The key is refused."));
    clock_.advance(std::chrono::minutes(5));
    ASSERT_TRUE(state().pause_connection("goco", "Still refused."));
    for (int round = 0; round < 2; ++round) {
        auto const found = state().connection("goco");
        EXPECT_TRUE(found->paused);
        EXPECT_EQ(found->reason, "Still refused.");
        EXPECT_EQ(found->since, since);
        reopen();
    }
    ASSERT_TRUE(state().resume_connection("goco"));
    EXPECT_FALSE(state().connection("goco")->paused);
    EXPECT_FALSE(state().connection("goco")->since);
    reopen();
    EXPECT_FALSE(state().connection("goco")->paused);
}

TEST_F(StateTest, RemembersWhenAConnectionWasVerifiedAndLastHeardOf) {  // A.18
    EXPECT_FALSE(state().connection("lever")->verified_at);
    ASSERT_TRUE(state().mark_verified("lever", clock_.now()));
    ASSERT_TRUE(inbox().accept(webhook("a")));
    auto const at = clock_.now();
    EXPECT_EQ(state().connection("lever")->last_event_at, at);
    reopen();
    EXPECT_EQ(state().connection("lever")->verified_at, at);
    EXPECT_EQ(state().connection("lever")->last_event_at, at);
}

TEST_F(StateTest, KeepsTheModeOfARoute) {  // A.17
    EXPECT_FALSE(state().route_mode("hires").value().has_value());
    ASSERT_TRUE(state().set_route_mode("hires", RouteMode::stopped));
    EXPECT_EQ(state().route_mode("hires").value(), RouteMode::stopped);
    reopen();
    EXPECT_EQ(state().route_mode("hires").value(), RouteMode::stopped);
    EXPECT_EQ(name(RouteMode::running), "running");
    EXPECT_EQ(name(RouteMode::paused), "paused");
    EXPECT_EQ(name(RouteMode::stopped), "stopped");
}

}  // namespace
}  // namespace crosswalk::store
