// Hires when everything works, when two meet, and when GoCo is in trouble.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <thread>

namespace crosswalk::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char create_path[] = "/goco/companies/*/employees";

std::size_t creates(World const& world) {
    return list(world.control("GET", "/requests?vendor=goco&method=POST&path=" + std::string(create_path)).value(),
                "/requests")
        .size();
}

bool exported(World const& world, std::string const& opportunity) {
    return world.has_note(opportunity, "Exported to GoCo");
}

// A.26 A.27 A.28 A.29 A.30
TEST(Hires, BecomeAnEmployeeShownAsImportedAndANote) {
    World world;
    world.start_host();
    world.register_webhook();
    std::string const opportunity = world.candidate({{"name", "Ada Example"},
                                                     {"email", "ada@example.com"},
                                                     {"phone", "+1 555 0100"},
                                                     {"offer", {{"job_title", "Support Engineer"}}}});
    world.hire(opportunity);
    ASSERT_TRUE(eventually([&] { return exported(world, opportunity); }));
    json::value const found = world.control("GET", "/goco/employees?import_source=Lever").value();
    ASSERT_EQ(list(found, "/employees").size(), 1U);
    EXPECT_EQ(text(found, "/employees/0/first_name"), "Ada");
    EXPECT_EQ(text(found, "/employees/0/last_name"), "Example");
    EXPECT_EQ(text(found, "/employees/0/personal_email"), "ada@example.com");
    EXPECT_EQ(text(found, "/employees/0/job_title"), "Support Engineer");
    EXPECT_EQ(world.notes(opportunity).size(), 1U);
}

// A.25: the figure; the ten seconds are no close call, so they are asserted as they are.
TEST(Hires, ReachGocoWithinTenSecondsOfTheWebhook) {
    World world;
    world.start_host();
    world.register_webhook();
    std::string const opportunity = world.candidate({{"name", "Quick Example"}, {"email", "quick@example.com"}});
    std::string const delivery = world.hire(opportunity).at(0);
    ASSERT_TRUE(eventually([&] { return creates(world) == 1; }));
    std::int64_t const created_at =
        number(world.control("GET", "/requests?vendor=goco&method=POST&path=" + std::string(create_path)).value(),
               "/requests/0/at");
    std::int64_t const sent_at =
        number(world.control("GET", "/lever/deliveries/" + delivery).value(), "/attempts/0/at");
    std::cout << "from webhook to create call: " << created_at - sent_at << " ms" << std::endl;
    EXPECT_LT(created_at - sent_at, 10'000);
}

// A.39 A.40 A.41
TEST(Hires, OfOneNameAtTheSameInstantMakeOneEmployeeAndOneNoteOfTheDuplicate) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    for (int round = 0; round < 10; ++round) {
        std::string const last_name = std::string("Twin") + static_cast<char>('a' + round);
        std::string const one = world.candidate({{"name", "Gemini " + last_name}, {"email", "one@example.com"}});
        std::string const two = world.candidate({{"name", "gemini  " + last_name}, {"email", "two@example.com"}});
        std::thread other([&] { world.hire(two); });
        world.hire(one);
        other.join();
        ASSERT_TRUE(eventually([&] { return world.notes(one).size() == 1 && world.notes(two).size() == 1; }));
        EXPECT_EQ(world.employees("Gemini", last_name) + world.employees("gemini", last_name), 1U);
        EXPECT_NE(exported(world, one), exported(world, two));
        EXPECT_NE(world.has_note(one, "duplicate"), world.has_note(two, "duplicate"));
    }
    json::value const counted = world.conservation();
    EXPECT_EQ(number(counted, "/delivered"), 10);
    EXPECT_EQ(number(counted, "/duplicate"), 10);
    EXPECT_EQ(number(counted, "/difference"), 0);
}

// A.42
TEST(Hires, WithoutAnAddressSendNothingAndTheNoteNamesIt) {
    World world;
    world.start_host();
    world.register_webhook();
    std::string const opportunity = world.candidate({{"name", "Ben Example"}});
    world.hire(opportunity);
    ASSERT_TRUE(eventually([&] { return !world.notes(opportunity).empty(); }));
    EXPECT_THAT(world.notes(opportunity), ElementsAre(HasSubstr("personal_email")));
    EXPECT_EQ(creates(world), 0U);
}

// A.43 F.5
TEST(Hires, DuringAnOutageOfGocoAreDeliveredOnceEachWhenItIsOver) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    world.fault({{"kind", "status"}, {"vendor", "goco"}, {"status", 503}, {"count", -1}});
    std::vector<std::string> opportunities;
    for (char last = 'a'; last < 'g'; ++last) {
        opportunities.push_back(world.hire_new(std::string("Outage Example") + last));
    }
    auto const refusals = [&](int status) {
        return list(world.control("GET", "/requests?vendor=goco&status=" + std::to_string(status)).value(), "/requests")
            .size();
    };
    ASSERT_TRUE(eventually([&] { return refusals(503) >= 12; }));
    world.clear_faults();
    world.fault({{"kind", "status"}, {"vendor", "goco"}, {"status", 429}, {"retry_after", "1"}, {"count", 6}});
    for (std::string const& opportunity : opportunities) {
        EXPECT_TRUE(eventually([&] { return exported(world, opportunity); }));
        EXPECT_EQ(world.notes(opportunity).size(), 1U);
    }
    EXPECT_EQ(refusals(429), 6U);
    for (char last = 'a'; last < 'g'; ++last) {
        EXPECT_EQ(world.employees("Outage", std::string("Example") + last), 1U);
    }
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
}

TEST(Hires, WhoseCreateWasAppliedButNotAnsweredAreLookedUpAndNotCreatedAgain) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    world.fault({{"kind", "cut_after"}, {"vendor", "goco"}, {"method", "POST"}, {"path", create_path}});
    std::string const opportunity = world.hire_new("Cut Example");
    ASSERT_TRUE(eventually([&] { return exported(world, opportunity); }));
    EXPECT_EQ(world.employees("Cut", "Example"), 1U);
    EXPECT_EQ(creates(world), 1U);
    EXPECT_EQ(world.notes(opportunity).size(), 1U);
    json::value const event = world.event(1);
    EXPECT_EQ(text(event, "/deliveries/0/attempts/0/outcome"), "unknown") << json::serialize(event);
    EXPECT_EQ(text(event, "/deliveries/0/attempts/1/kind"), "look-up");
}

TEST(Hires, WhoseNoteWasWrittenButNotAnsweredGetNoSecondNote) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    world.fault(
        {{"kind", "cut_after"}, {"vendor", "lever"}, {"method", "POST"}, {"path", "/lever/v1/opportunities/*/notes"}});
    std::string const opportunity = world.hire_new("Note Example");
    ASSERT_TRUE(eventually([&] { return text(world.event(1), "/deliveries/1/state") == "delivered"; }))
        << json::serialize(world.event(1));
    EXPECT_EQ(world.notes(opportunity).size(), 1U);
}

}  // namespace
}  // namespace crosswalk::scenarios
