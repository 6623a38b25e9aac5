// crosswalk connections authorize, subscribe, rotate-secret, disconnect, connect
#include "terminal.hpp"

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;

struct ConnectionsTest : Terminal {};

// D.4
TEST_F(ConnectionsTest, ListsThePermissionsBeforeThePersonGoesToTheVendor) {
    EXPECT_EQ(with(R"({"authorize_url":"https://auth.example.com/a?state=s","permissions":["Read people","Write tags"],
                       "expires_at":"2026-11-22T08:10:00.000Z"})",
                   {"connections", "authorize", "lever"}),
              ok);
    EXPECT_EQ(last_request(), "POST /api/v1/connections/lever/authorize");
    EXPECT_THAT(out.str(), HasSubstr("  Read people\n  Write tags\n"));
    EXPECT_THAT(out.str(), HasSubstr("https://auth.example.com/a?state=s\n"));
}

TEST_F(ConnectionsTest, WaitsUntilTheConnectionIsConnected) {
    EXPECT_EQ(with(R"({"authorize_url":"https://auth.example.com/a","permissions":[],"expires_at":"",
                       "connections":[{"connection":"lever","state":"connected"}]})",
                   {"connections", "authorize", "lever", "--wait"}),
              ok);
    EXPECT_EQ(last_request(), "GET /api/v1/connections");
    EXPECT_THAT(out.str(), HasSubstr("Connection lever is connected.\n"));
}

// D.7
TEST_F(ConnectionsTest, TellsWhatAPersonMustStillDoAboutWebhooks) {
    EXPECT_EQ(with(R"({"state":"made","reason":"","warnings":[]})", {"connections", "subscribe", "lever"}), ok);
    EXPECT_EQ(out.str(), "Webhooks of lever: made\n");
    EXPECT_EQ(with(R"({"state":"by_hand","reason":"The right is missing.","warnings":
                       [{"field":"webhooks","reason":"Turn it on."}]})",
                   {"connections", "subscribe", "lever"}),
              problems_found);
    EXPECT_EQ(out.str(), "Webhooks of lever: by_hand. The right is missing.\n  webhooks: Turn it on.\n");
}

// D.9
TEST_F(ConnectionsTest, ShowsANewSecretOnce) {
    EXPECT_EQ(with(R"({"status":"replaced","secret":"new-1"})",
                   {"connections", "rotate-secret", "hrlogics", "/webhook_secret"}),
              ok);
    EXPECT_EQ(last_request(), "POST /api/v1/connections/hrlogics/rotate-secret");
    EXPECT_EQ(last_body(), R"({"pointer":"/webhook_secret","grace_seconds":0})");
    EXPECT_THAT(out.str(), HasSubstr("\nnew-1\nThe old one is invalid now.\n"));
}

TEST_F(ConnectionsTest, SaysHowLongTheOldSecretCounts) {
    EXPECT_EQ(
        with(R"({"secret":"new-1"})", {"connections", "rotate-secret", "hrlogics", "/webhook_secret", "--grace", "2h"}),
        ok);
    EXPECT_EQ(last_body(), R"({"pointer":"/webhook_secret","grace_seconds":7200})");
    EXPECT_THAT(out.str(), HasSubstr("The old one is valid for 2h.\n"));
}

TEST_F(ConnectionsTest, RefusesAGraceThatIsNoTime) {
    for (char const* const grace : {"", "soon", "5", "h", "-1s", "9999999999s"}) {
        EXPECT_EQ(with("{}", {"connections", "rotate-secret", "x", "/s", "--grace", grace}), usage) << grace;
    }
    EXPECT_EQ(last_request(), "none");
}

// D.23
TEST_F(ConnectionsTest, DisconnectsOnlyWhenItIsTrulyMeant) {
    EXPECT_EQ(with("{}", {"connections", "disconnect", "lever"}), usage);
    EXPECT_EQ(last_request(), "none");
    EXPECT_THAT(err.str(), HasSubstr("--yes"));
    EXPECT_EQ(with(R"({"state":"removed"})", {"connections", "disconnect", "lever", "--yes"}), ok);
    EXPECT_EQ(last_request(), "POST /api/v1/connections/lever/disconnect");
    EXPECT_EQ(last_body(), R"({"force":false})");
    EXPECT_EQ(out.str(), "Connection lever is disconnected.\n");
}

// D.23
TEST_F(ConnectionsTest, ShowsWhyADisconnectFailedAndGoesOnByForce) {
    EXPECT_EQ(with(R"({"detail":"The webhooks at the vendor could not be removed. Try again, or --force."})",
                   {"connections", "disconnect", "lever", "--yes"}, 503),
              try_again);
    EXPECT_THAT(err.str(), HasSubstr("could not be removed"));
    EXPECT_EQ(with("{}", {"connections", "disconnect", "lever", "--yes", "--force"}), ok);
    EXPECT_EQ(last_body(), R"({"force":true})");
}

TEST_F(ConnectionsTest, ShowsWhatNeverCameAndTakesNothingUnlessAsked) {
    EXPECT_EQ(with(R"({"listed":3,"missing":[{"type":"candidate.hired","subject":"opportunity:o-1",
                       "occurred_at":"2026-11-20T08:00:00.000Z"}],"taken":0,"event":"","cursor":"",
                       "findings":[{"about":"candidateHired","finding":"It was deleted."}]})",
                   {"connections", "sweep", "lever", "--from", "2026-11-01"}),
              problems_found);
    EXPECT_EQ(last_request(), "POST /api/v1/connections/lever/sweep");
    EXPECT_EQ(last_body(), R"({"from":"2026-11-01","event":"","cursor":"","backfill":false})");
    EXPECT_THAT(out.str(), HasSubstr("opportunity:o-1"));
    EXPECT_THAT(out.str(), HasSubstr("  candidateHired: It was deleted.\n"));
    EXPECT_THAT(out.str(), HasSubstr("1 never came. Say --backfill to take them.\n"));
}

TEST_F(ConnectionsTest, SaysThatNothingIsMissing) {
    EXPECT_EQ(with(R"({"listed":3,"missing":[],"taken":0,"event":"","cursor":""})",
                   {"connections", "sweep", "lever", "--from", "2026-11-01"}),
              ok);
    EXPECT_THAT(out.str(), HasSubstr("Nothing is missing"));
}

TEST_F(ConnectionsTest, TakesWhatNeverCameWhenAsked) {
    EXPECT_EQ(with(R"({"listed":1,"missing":[{"type":"candidate.hired"}],"taken":1,"event":"","cursor":""})",
                   {"connections", "sweep", "lever", "--from", "2026-11-01", "--backfill"}),
              ok);
    EXPECT_THAT(out.str(), HasSubstr("1 were taken"));
}

TEST_F(ConnectionsTest, ASweepThatHasNoEndIsCutShortAndSaysSo) {
    EXPECT_EQ(with(R"({"event":"candidate.hired","cursor":"there is always more","missing":[]})",
                   {"connections", "sweep", "lever", "--from", "2026-11-01"}),
              try_again);
    EXPECT_THAT(err.str(), HasSubstr("cut short after 1000 pages"));
    EXPECT_EQ(asked.size(), 1000U);
}

TEST_F(ConnectionsTest, ASweepNeedsADay) {
    EXPECT_EQ(with("{}", {"connections", "sweep", "lever"}), usage);
    EXPECT_EQ(last_request(), "none");
}

TEST_F(ConnectionsTest, ACheckSaysWhyWebhooksDidNotCome) {
    EXPECT_EQ(with(R"({"ok":true,"warnings":[],"sweep":{"cause":"missing","diagnosed_at":"2026-11-20T08:00:00.000Z",
                       "findings":[{"about":"candidateHired","finding":"It was deleted."}]}})",
                   {"connections", "check", "lever"}),
              problems_found);
    EXPECT_THAT(out.str(), HasSubstr("Webhooks did not come."));
    EXPECT_THAT(out.str(), HasSubstr("  candidateHired: It was deleted.\n"));
}

TEST_F(ConnectionsTest, SaysWhatIsNextAfterConnectingAgain) {
    EXPECT_EQ(with(R"({"state":"needs_authorization","reason":"It waits for a consent."})",
                   {"connections", "connect", "lever"}),
              ok);
    EXPECT_EQ(out.str(), "Connection lever is needs_authorization now. It waits for a consent.\n");
}

}  // namespace
}  // namespace crosswalk::cli
