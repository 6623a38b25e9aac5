// Departments, locations, job titles and managers: A.32, A.35, A.36, A.37.
#include "fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace crosswalk::goco_test {
namespace {

using support::CallResult;

class Matching : public World {
public:
    explicit Matching(json::object const& more = {}) : World(more) {
        search().reply(200, sample("employee_search_none"));
        create().reply(201, sample("employee_create_response_201"));
        host.on("GET", address("/employees?email=")).reply(200, sample("employee_search_none"));
        host.on("GET", address("/employees?name=")).reply(200, sample("employee_search_none"));
    }
    [[nodiscard]] std::size_t reads(char const* path) const { return host.requests("GET", address(path)).size(); }
};

json::object fail_on(char const* field) {
    return {{"otherwise", {{field, "fail"}}}};
}
json::object boss(char const* id, char const* first, char const* last, char const* email) {
    return person(id, first, last, {{"work_email", email}});
}

// A.32 A.35 A.37
TEST(GocoMatch, SendsTheIdsOfDepartmentAndLocationAndTheTextOfTheTitle) {
    Matching world;
    (void)world.push(
        employee({{"department", "Customer Success"}, {"location", "Remote"}, {"job_title", "Account Executive"}}));
    json::object const body = world.created();
    EXPECT_EQ(body.at("department_id"), json::value("dep_11"));
    EXPECT_EQ(body.at("location_id"), json::value("loc_2"));
    EXPECT_EQ(body.at("job_title"), json::value("Account Executive"));
    EXPECT_FALSE(body.contains("department"));
    EXPECT_FALSE(body.contains("location"));
}

// A.32 A.35 A.37
TEST(GocoMatch, LeavesOutWhatGocoDoesNotHaveAndWarns) {
    for (auto const& [field, sent] :
         {std::pair{"department", "department_id"}, {"location", "location_id"}, {"job_title", "job_title"}}) {
        Matching world;
        CallResult const result = world.push(employee({{field, "Engineering II"}}));
        EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
        EXPECT_FALSE(world.created().contains(sent));
        EXPECT_TRUE(result.warned(field, "left out"));
        EXPECT_FALSE(result.warned(field, "Engineering")) << "no values";
    }
}

// A.32 A.35 A.36 A.37
TEST(GocoMatch, RejectsWhatGocoDoesNotHaveWhereToldTo) {
    for (char const* field : {"department", "location", "job_title", "manager"}) {
        Matching world(fail_on(field));
        json::value const unknown = std::string_view(field) == "manager" ? json::value{{"name", "No Body"}} : "Nowhere";
        CallResult const result = world.push(employee({{field, unknown}}));
        EXPECT_EQ(result.status, CW_ERR_INVALID) << field;
        EXPECT_EQ(result.detail.at("fields").at(0).at("field"), json::value(field));
        EXPECT_TRUE(world.creates().empty());
    }
}

TEST(GocoMatch, NamesAllUnknownValuesAtOnce) {
    Matching world({{"otherwise", {{"department", "fail"}, {"location", "fail"}}}});
    CallResult const result = world.push(employee({{"department", "X"}, {"location", "Y"}, {"job_title", "Z"}}));
    EXPECT_EQ(result.detail.at("fields").as_array().size(), 2U);
    EXPECT_TRUE(result.warned("job_title"));
}

// A.32
TEST(GocoMatch, MindsCaseAndSpacesUnlessToldOtherwise) {
    Matching strict;
    (void)strict.push(employee({{"department", "engineering"}}));
    EXPECT_FALSE(strict.created().contains("department_id"));
    Matching lenient({{"match_case", false}});
    (void)lenient.push(employee({{"department", " ENGINEERING"}, {"job_title", "support  engineer"}}));
    EXPECT_EQ(lenient.created().at("department_id"), json::value("dep_10"));
    EXPECT_EQ(lenient.created().at("job_title"), json::value("Support Engineer")) << "as GoCo spells it";
}

TEST(GocoMatch, PrefersTheExactSpellingAndDoesNotGuessBetweenTwo) {
    auto const two = page({{{"id", "d1"}, {"name", "Ops"}}, {{"id", "d2"}, {"name", "OPS"}}}, {{"total", 2}});
    Matching world({{"match_case", false}});
    world.host.on("GET", address("/departments?")).reply(200, two);
    (void)world.push(employee({{"department", "OPS"}}));
    EXPECT_EQ(world.created().at("department_id"), json::value("d2"));
    Matching torn({{"match_case", false}});
    torn.host.on("GET", address("/departments?")).reply(200, two);
    CallResult const result = torn.push(employee({{"department", "ops"}}));
    EXPECT_FALSE(torn.created().contains("department_id"));
    EXPECT_TRUE(result.warned("department", "more than one"));
}

// A.35
TEST(GocoMatch, SendsAnyTitleWhenThereIsNoListToCheckItWith) {
    Matching world({{"paths", {{"job_titles", ""}}}});
    CallResult const result = world.push(employee({{"job_title", "Chief of Everything"}}));
    EXPECT_EQ(world.created().at("job_title"), json::value("Chief of Everything"));
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_EQ(world.reads("/job_titles"), 0U);
}

TEST(GocoMatch, FindsValuesOnLaterPages) {
    Matching world({{"page_size", 1}});
    world.host.on("GET", address("/departments?limit=1&offset=0"))
        .reply(200, page({{{"id", "d1"}, {"name", "A"}}}, {{"total", 2}}));
    world.host.on("GET", address("/departments?limit=1&offset=1"))
        .reply(200, page({{{"id", "d2"}, {"name", "B"}}}, {{"total", 2}}));
    (void)world.push(employee({{"department", "B"}}));
    EXPECT_EQ(world.created().at("department_id"), json::value("d2"));
}

// ---- the cache

TEST(GocoMatch, ReadsAListOnceInTenMinutes) {
    Matching world;
    (void)world.push(employee({{"department", "Engineering"}}));
    world.host.advance(10 * 60 * 1000 - 1);
    (void)world.push(employee({{"department", "Customer Success"}}));
    EXPECT_EQ(world.reads("/departments"), 1U);
    world.host.advance(1);
    (void)world.push(employee({{"department", "Engineering"}}));
    EXPECT_EQ(world.reads("/departments"), 2U);
}

TEST(GocoMatch, RefreshesAListOnceWhenAValueIsMissingAndFindsWhatWasAdded) {
    Matching world;
    auto& list = world.host.on("GET", address("/departments?"));
    list.reply(200, sample("departments")).reply(200, page({{{"id", "dep_12"}, {"name", "Research"}}}, {{"total", 1}}));
    (void)world.push(employee({{"department", "Engineering"}}));
    CallResult const result = world.push(employee({{"department", "Research"}}));
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_EQ(world.creates().at(1).json().at("department_id"), json::value("dep_12"));
    EXPECT_EQ(world.reads("/departments"), 2U);
}

TEST(GocoMatch, RemembersThatAValueIsMissing) {
    Matching world;
    (void)world.push(employee({{"department", "Engineering"}}));
    for (int i = 0; i < 3; ++i) {
        (void)world.push(employee({{"department", "Nowhere"}}));
        EXPECT_TRUE(world.push(employee({{"department", "Elsewhere"}})).warned("department"));
    }
    EXPECT_EQ(world.reads("/departments"), 3U) << "the first read and one refresh for each unknown value";
}

TEST(GocoMatch, ForgetsThatAValueWasMissingOnceALaterReadShowsIt) {
    Matching world;
    world.host.on("GET", address("/departments?"))
        .reply(200, sample("departments"))
        .reply(200, page({{{"id", "dep_12"}, {"name", "Research"}}}, {{"total", 1}}));
    EXPECT_TRUE(world.push(employee({{"department", "Research"}})).warned("department"));
    EXPECT_TRUE(world.push(employee({{"department", "Nowhere"}})).warned("department"));
    EXPECT_FALSE(world.push(employee({{"department", "Research"}})).warned("department"));
    EXPECT_EQ(world.reads("/departments"), 2U);
}

TEST(GocoMatch, DoesNotReadAFreshListTwiceForOneMiss) {
    Matching world;
    (void)world.push(employee({{"department", "Nowhere"}}));
    EXPECT_EQ(world.reads("/departments"), 1U);
}

TEST(GocoMatch, SendsNothingWhenAListCannotBeRead) {
    for (auto const& [status, expected] :
         {std::pair{500, CW_ERR_TRANSIENT}, {403, CW_ERR_AUTH}, {404, CW_ERR_CONFIG}, {429, CW_ERR_RATE_LIMITED}}) {
        Matching world;
        world.host.on("GET", address("/locations?")).reply(status, "");
        EXPECT_EQ(world.push(employee({{"location", "Remote"}})).status, expected);
        EXPECT_TRUE(world.creates().empty());
    }
}

TEST(GocoMatch, ServesManyPushesAtOnce) {
    Matching world;
    std::vector<std::thread> threads;
    std::atomic<int> delivered = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&world, &delivered, i] {
            std::string const last = "Person" + std::to_string(i);
            auto const result = world.push(employee({{"last_name", last},
                                                     {"external_id", "lever:opp:" + last},
                                                     {"department", i % 2 == 0 ? "Engineering" : "Nowhere"}}));
            delivered += result.outcome == CW_PUSH_DELIVERED ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(delivered, 8);
}

// ---- managers (A.36)

TEST(GocoMatch, FindsTheManagerByEMailFirst) {
    Matching world;
    world.host.on("GET", address("/employees?email=ada.boss%40example.com"))
        .reply(200, page({boss("emp_78", "Ada", "Bosson", "ada.boss@example.com.au"),
                          boss("emp_77", "Adele", "Boss", "Ada.Boss@Example.com")},
                         {{"total", 2}}));
    (void)world.push(employee({{"manager", {{"name", "Ada Boss"}, {"email", "ada.boss@example.com"}}}}));
    EXPECT_EQ(world.created().at("manager_id"), json::value("emp_77"));
    EXPECT_EQ(world.reads("/employees?name="), 0U);
}

TEST(GocoMatch, FindsTheManagerByNameWhenTheAddressIsUnknown) {
    Matching world;
    world.host.on("GET", address("/employees?name=Ada%20Boss"))
        .reply(200, page({boss("emp_77", "Ada", "Boss", ""), boss("emp_78", "Ada", "Bossier", "")}, {{"total", 2}}));
    (void)world.push(employee({{"manager", {{"name", "Ada Boss"}, {"email", "nobody@example.com"}}}}));
    EXPECT_EQ(world.created().at("manager_id"), json::value("emp_77"));
}

TEST(GocoMatch, LeavesOutAManagerWhoIsNotInGoco) {
    Matching world;
    CallResult const result = world.push(employee({{"manager", {{"name", "Ada Boss"}}}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_FALSE(world.created().contains("manager_id"));
    EXPECT_TRUE(result.warned("manager", "left out"));
}

TEST(GocoMatch, DoesNotGuessBetweenTwoManagersOfOneName) {
    Matching world;
    world.host.on("GET", address("/employees?name=Ada"))
        .reply(200, page({boss("emp_77", "Ada", "Boss", ""), boss("emp_79", "ADA", "Boss", "")}, {{"total", 2}}));
    CallResult const result = world.push(employee({{"manager", {{"name", "Ada Boss"}}}}));
    EXPECT_FALSE(world.created().contains("manager_id"));
    EXPECT_TRUE(result.warned("manager", "more than one"));
}

TEST(GocoMatch, SkipsManagersWithoutAPathForThem) {
    Matching world({{"paths", {{"manager_search", ""}}}});
    CallResult const result = world.push(employee({{"manager", {{"name", "Ada Boss"}}}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.reads("/employees?name="), 0U);
}

}  // namespace
}  // namespace crosswalk::goco_test
