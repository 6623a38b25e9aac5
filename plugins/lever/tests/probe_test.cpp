// The connection test.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;

class LeverProbe : public LeverTest {
protected:
    explicit LeverProbe(json::object const& extra = {}) : LeverTest(extra) {
        for (std::string const list : {"/postings", "/users", "/archive_reasons", "/requisitions", "/tags"}) {
            get(list + "?").reply(200, R"({"data": []})");
        }
        get("/tags?").clear().reply(200, sample_text("rest/tags_list.json"));
        get("/opportunities?").reply(200, R"({"data": [{"id": "o-1", "contact": "c-1"}], "hasNext": false})");
        get("/opportunities/o-1/").reply(200, R"({"data": []})");
        get("/contacts/c-1").reply(200, R"({"data": {}})");
    }
    Route& forbidden(std::string const& path) {
        return get(path).clear().reply(403, sample_text("errors/403_forbidden.json"));
    }
};

TEST_F(LeverProbe, IsContentWithAKeyThatHasEveryRight) {  // A.12
    CallResult const result = lever().probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warnings.empty());
}

TEST_F(LeverProbe, ChangesNothing) {
    (void)lever().probe();
    EXPECT_EQ(host.requests().size(), host.requests("GET", api).size());
    EXPECT_LE(host.requests().size(), 13U);
}

TEST_F(LeverProbe, NamesEachMissingRight) {  // A.13
    forbidden("/postings?limit=1");
    forbidden("/users?limit=1");
    forbidden("/opportunities/o-1/notes");
    CallResult const result = lever().probe();
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_TRUE(result.warned("List all postings", "all endpoints"));
    EXPECT_TRUE(result.warned("List all users"));
    EXPECT_TRUE(result.warned("List notes"));
    EXPECT_FALSE(result.warned("List offers"));
}

TEST_F(LeverProbe, NamesTheMissingRightToReadRequisitions) {  // C.4
    forbidden("/requisitions?limit=1");
    CallResult const result = lever().probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warned("List all requisitions", "all endpoints"));
    EXPECT_EQ(result.warnings.size(), 1U);
}

TEST_F(LeverProbe, TellsOfMissingAccessToConfidentialData) {  // A.13
    forbidden("/opportunities?limit=1&confidentiality=all");
    CallResult const result = lever().probe();
    EXPECT_TRUE(result.warned("confidential opportunities", "Allow access to confidential"));
    EXPECT_EQ(result.warnings.size(), 1U);
}

TEST_F(LeverProbe, FailsWhenTheKeyIsRefused) {  // A.12
    get("/opportunities?").clear().reply(401, sample_text("errors/401_unauthorized.json"));
    CallResult const result = lever().probe();
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("401"));
}

TEST_F(LeverProbe, FailsWithAKeyOfTheOtherEnvironment) {  // A.12
    get("/opportunities?").clear().reply(403, R"({"message": "no signing key found"})");
    CallResult const result = lever().probe();
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("other environment"));
}

TEST_F(LeverProbe, FailsWhileLeverIsDown) {
    get("/opportunities?").clear().reply(503);
    EXPECT_EQ(lever().probe().status, CW_ERR_TRANSIENT);
}

TEST_F(LeverProbe, WorksOnAnEmptyAccount) {
    get("/opportunities?").clear().reply(200, R"({"data": []})");
    CallResult const result = lever().probe();
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_TRUE(result.warnings.empty());
}

class LeverProbeActing : public LeverProbe {
protected:
    LeverProbeActing() : LeverProbe({{"perform_as", "user-7"}}) {}
};
TEST_F(LeverProbeActing, WarnsOfAnActingUserWhoIsGone) {
    get("/users/user-7").reply(404).reply(200, R"({"data": {"deactivatedAt": 1}})").reply(200, R"({"data": {}})");
    EXPECT_TRUE(lever().probe().warned("/perform_as", "no such user"));
    EXPECT_TRUE(lever().probe().warned("/perform_as", "deactivated"));
    EXPECT_FALSE(lever().probe().warned("/perform_as"));
}

}  // namespace
}  // namespace crosswalk::lever
