// A bad edit of a table, dozens of rejected hires, and how an admin gets every one of them across.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr int hires = 30;
constexpr char const* cause = "map.invalid_argument:employment_type";

class DeadLetters : public testing::Test {
protected:
    [[nodiscard]] json::value json_of(std::vector<std::string> arguments, int exit = 0) const {
        arguments.insert(arguments.begin(), {"--output", "json"});
        Said const said = world_.crosswalk(arguments);
        EXPECT_EQ(said.exit, exit) << said.output << said.errors;
        json::error_code error;
        json::value value = json::parse(said.output, error);
        EXPECT_FALSE(error) << said.output << said.errors;
        return value;
    }
    // Hires whose employment type the table no longer knows, and which the route refuses to send without.
    void hire_with_a_bad_table(int count) {
        world_.hurry();
        world_.edit("routes/lever-hires-to-goco.yaml", "otherwise: omit", "otherwise: fail");
        world_.edit("tables/employment-types.csv", "full_time,full_time", "fulltime,full_time");
        world_.start_host();
        world_.register_webhook();
        for (int i = 0; i < count; ++i) {
            opportunities_.push_back(
                world_.candidate({{"name", name(i)}, {"email", "p" + std::to_string(i) + "@example.com"}}));
            world_.hire(opportunities_.back());
        }
        ASSERT_TRUE(eventually([&] { return number(world_.conservation(), "/dead") == count; }))
            << json::serialize(world_.conservation()) << json::serialize(world_.event(1));
    }
    void correct_the_table() {
        EXPECT_EQ(world_.stop_host(), 0);
        world_.edit("tables/employment-types.csv", "fulltime,full_time", "full_time,full_time");
        world_.start_host();
    }
    static std::string name(int i) {
        return "Person" + std::string(1, static_cast<char>('a' + i / 6)) +
               std::string(1, static_cast<char>('a' + i % 6)) + " Example";
    }
    [[nodiscard]] std::size_t employees(int i) const {
        std::string const whole = name(i);
        return world_.employees(whole.substr(0, whole.find(' ')), "Example");
    }

    // Which of two hires at once becomes the older letter is nobody's promise.
    [[nodiscard]] std::string letter_of(int i) const {
        json::value const letters = json_of({"dead", "list", "--route", "lever-hires-to-goco"});
        for (json::value const& letter : list(letters, "/letters")) {
            if (text(letter, "/title") == name(i)) {
                return text(letter, "/letter");
            }
        }
        ADD_FAILURE() << name(i) << " is in no letter: " << json::serialize(letters);
        return {};
    }

    World world_;
    std::vector<std::string> opportunities_;
};

TEST_F(DeadLetters, OfABadTableBecomeEmployeesOnceEachAfterItsCorrection) {
    hire_with_a_bad_table(hires);
    json::value const causes = json_of({"dead", "causes"});
    ASSERT_EQ(list(causes, "/causes").size(), 1U) << json::serialize(causes);
    EXPECT_EQ(text(causes, "/causes/0/cause"), cause);
    EXPECT_EQ(number(causes, "/causes/0/count"), hires);
    EXPECT_EQ(number(json_of({"dead", "replay", "--cause", cause, "--dry-run"}, 1), "/refused"), hires)
        << "the table is still wrong";

    correct_the_table();
    json::value const rehearsed = json_of({"dead", "replay", "--cause", cause, "--mapping", "new", "--dry-run"});
    EXPECT_EQ(number(rehearsed, "/would_replay"), hires);
    EXPECT_EQ(text(rehearsed, "/results/0/previews/0/record/employment_type"), "full_time");
    EXPECT_EQ(number(world_.conservation(), "/dead"), hires) << "a rehearsal changes nothing";

    std::string const letter = text(rehearsed, "/results/0/letter");
    json::value const edited = json_of({"dead", "edit", letter, "--set", "/personal_email=edited@example.com"});
    EXPECT_EQ(text(edited, "/result"), "edited");
    EXPECT_THAT(json::serialize(json_of({"dead", "show", letter})), HasSubstr("set by a person"));

    json::value const replayed = json_of({"dead", "replay", "--cause", cause, "--mapping", "new"});
    EXPECT_EQ(number(replayed, "/replayed"), hires);
    ASSERT_TRUE(eventually([&] { return number(world_.conservation(), "/delivered") == hires; }, seconds(60)))
        << json::serialize(world_.conservation());
    EXPECT_EQ(number(json_of({"dead", "replay", letter, "--mapping", "new"}, 1), "/replayed"), 0)
        << "it went out with the others";
    for (int i = 0; i < hires; ++i) {
        EXPECT_EQ(employees(i), 1U) << name(i);
    }
    json::value const found = world_.control("GET", "/goco/employees?import_source=Lever").value();
    EXPECT_EQ(list(found, "/employees").size(), static_cast<std::size_t>(hires));
    EXPECT_THAT(json::serialize(found), HasSubstr("edited@example.com"));
    EXPECT_EQ(number(world_.conservation(), "/difference"), 0);
    EXPECT_EQ(list(json_of({"dead", "causes"}), "/causes").size(), 0U);
}

TEST_F(DeadLetters, AreReplayedFromRawAndDiscardedWithTheirReason) {
    hire_with_a_bad_table(2);
    correct_the_table();
    std::string const wanted = letter_of(0);
    std::string const unwanted = letter_of(1);
    EXPECT_EQ(number(json_of({"dead", "replay", wanted, "--from", "raw"}), "/replayed"), 1);
    EXPECT_EQ(number(json_of({"dead", "replay", wanted, "--from", "raw"}), "/already"), 1);
    EXPECT_EQ(number(json_of({"dead", "discard", unwanted, "--reason", "Entered by hand."}), "/discarded"), 1);
    EXPECT_EQ(text(json_of({"dead", "show", unwanted}), "/reason"), "Entered by hand.");
    ASSERT_TRUE(eventually([&] { return number(world_.conservation(), "/delivered") == 1; }));
    EXPECT_EQ(employees(0), 1U);
    EXPECT_EQ(employees(1), 0U);
    EXPECT_EQ(number(world_.conservation(), "/discarded"), 2) << "the one that ran again as another event, too";
    EXPECT_EQ(number(world_.conservation(), "/difference"), 0);
}

TEST_F(DeadLetters, WaitThroughAPauseAndARefusedKeyAndLoseNothing) {
    hire_with_a_bad_table(3);
    correct_the_table();
    ASSERT_EQ(world_.crosswalk({"routes", "pause", "lever-hires-to-goco"}).exit, 0);
    EXPECT_EQ(number(json_of({"dead", "replay", "--all", "--mapping", "new"}), "/replayed"), 3);
    EXPECT_EQ(number(world_.conservation(), "/held"), 3);
    EXPECT_EQ(employees(0), 0U);

    std::string const key = world_.read("secrets/goco-api-key");
    world_.set_secret("goco-api-key", "not-the-key");
    EXPECT_EQ(world_.stop_host(), 0);
    world_.start_host();
    ASSERT_EQ(world_.crosswalk({"routes", "resume", "lever-hires-to-goco"}).exit, 0);
    ASSERT_TRUE(eventually([&] { return world_.connection_state("goco") == "paused"; }));
    EXPECT_EQ(number(world_.conservation(), "/held"), 3) << json::serialize(world_.conservation());
    EXPECT_EQ(number(world_.conservation(), "/dead"), 0) << "a refused key makes no dead letter";

    world_.set_secret("goco-api-key", key);
    EXPECT_EQ(world_.stop_host(), 0);
    world_.start_host();
    ASSERT_EQ(world_.crosswalk({"connections", "resume", "goco"}).exit, 0);
    ASSERT_TRUE(eventually([&] { return number(world_.conservation(), "/delivered") == 3; }, seconds(60)))
        << json::serialize(world_.conservation());
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(employees(i), 1U);
    }
    EXPECT_EQ(number(world_.conservation(), "/difference"), 0);
}

}  // namespace
}  // namespace crosswalk::scenarios
