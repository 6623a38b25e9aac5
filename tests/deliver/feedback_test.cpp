#include "deliver/feedback.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace crosswalk::deliver {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Feedback : testing::Test {
    support::FakeClock clock;
    std::ostringstream log;
    telemetry::Logger logger{log, clock};
    support::FakeConnector lever;
    support::FakeConnector goco;
    model::Route route;
    std::vector<std::string> workspace;

    Feedback() {
        goco.info().name = "GoCo";
        route.name = "hires";
        route.title = "Hires to GoCo";
        route.support = "help@example.com";
        route.feedback = {{{model::FeedbackOn::delivered, model::FeedbackOn::skipped, model::FeedbackOn::failed},
                           "lever",
                           "add_note"}};
    }
    std::vector<store::NewDelivery> compose(model::AttemptReport const& report) {
        return compose(
            report,
            {"crosswalk.hire/1", {}, R"({"candidate":{"system":"lever","kind":"contact","id":"c1"},"email":"x"})"});
    }
    std::vector<store::NewDelivery> compose(model::AttemptReport const& report, model::Record record) {
        model::Event const event{"e1", "candidate.hired", "person:1", "Ada Example", 0, std::move(record)};
        return follow_ups().compose(subject("hires"), event, report);
    }
    FollowUps follow_ups() {
        return FollowUps([this](std::string_view name) { return name == "hires" ? &route : nullptr; },
                         [this](std::string_view name) -> plugin_host::Connector* {
                             return name == "lever" ? &lever : name == "goco" ? &goco : nullptr;
                         },
                         workspace, logger);
    }
    static Subject subject(std::string route_name) {
        return {std::move(route_name), "goco", "create", "person:1", "key", 7};
    }
};

// E.29
TEST_F(Feedback, SaysInFieldsWhatBecameOfWhichRecord) {
    auto const made =
        compose({model::Outcome::rejected, "No such opportunity."}, {"crosswalk.attachment/1", "int_55/7f", "{}"});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(boost::json::parse(made[0].record.json).at("about"),
              boost::json::parse(R"({"record": "int_55/7f", "action": "create", "outcome": "rejected",
                                     "reason": "No such opportunity."})"));
    auto const done = compose({model::Outcome::delivered, {}, {}, {}, "file-9"}, {"x/1", "k", "{}"});
    EXPECT_EQ(boost::json::parse(done.at(0).record.json).at("about").at("target_key"), "file-9");
    auto const gave_up = compose({model::Outcome::retry, "Out of order."}, {"x/1", "k", "{}"});
    EXPECT_EQ(boost::json::parse(gave_up.at(0).record.json).at("about").at("outcome"), "failed");
}

TEST_F(Feedback, IsLeftWithTheOwnerOfARecordThatHasOne) {
    auto const note = [&](std::string json) {
        return boost::json::parse(
            compose({model::Outcome::delivered, {}}, {"x/1", {}, std::move(json)}).at(0).record.json);
    };
    boost::json::value const file =
        note(R"({"kind": "attachment", "owner": {"system": "lever", "kind": "application", "id": "o1"}})");
    EXPECT_EQ(file.at("application").at("id"), "o1");
    EXPECT_FALSE(file.as_object().contains("candidate"));
    boost::json::value const other =
        note(R"({"kind": "attachment", "owner": {"system": "lever", "kind": "candidate", "id": "c1"}})");
    EXPECT_EQ(other.at("candidate").at("id"), "c1");
    EXPECT_FALSE(other.as_object().contains("application"));
}

TEST_F(Feedback, IsLeftWithTheApplicationThatTheRecordIs) {
    auto const made =
        compose({model::Outcome::skipped, "No address."}, {"crosswalk.application/1", {}, R"({"kind": "application",
        "ref": {"system": "lever", "kind": "application", "id": "o1"},
        "candidate": {"system": "lever", "kind": "candidate", "id": "c1"}})"});
    boost::json::value const note = boost::json::parse(made.at(0).record.json);
    EXPECT_EQ(note.at("application").at("id"), "o1");
    EXPECT_EQ(note.at("candidate").at("id"), "c1");
}

TEST_F(Feedback, TellsTheSourceThatAHireWasExported) {  // A.27
    auto const made = compose({model::Outcome::delivered, {}, {}, {}, "42", "https://goco.example.com/e/42"});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].kind, store::DeliveryKind::feedback);
    EXPECT_EQ(made[0].connection, "lever");
    EXPECT_EQ(made[0].about, 7);
    EXPECT_THAT(made[0].record.json, HasSubstr("Exported to GoCo."));
    EXPECT_THAT(made[0].record.json, HasSubstr("goco.example.com"));
    EXPECT_THAT(made[0].record.json, HasSubstr("\"id\":\"c1\""));
}

TEST_F(Feedback, TellsTheSourceOfADuplicate) {  // A.40
    auto const made = compose({model::Outcome::duplicate, "An employee of that name exists."});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_THAT(made[0].record.json, HasSubstr("duplicate"));
    EXPECT_THAT(made[0].record.json, HasSubstr("An employee of that name exists."));
}

TEST_F(Feedback, NamesTheFieldsOfAFailureAndHowToFixIt) {  // A.42
    auto const made = compose({model::Outcome::rejected, "Fields are missing.", {{"personal_email", "is missing"}}});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_THAT(made[0].record.json, HasSubstr("personal_email: is missing"));
    EXPECT_THAT(made[0].record.json, HasSubstr("How to fix it"));
}

TEST_F(Feedback, ListsFieldsThatWereLeftOutInTheSuccessNote) {  // A.32 A.34 A.36 A.37
    auto const made = compose({model::Outcome::delivered, {}, {}, {{"department", "GoCo has no such department"}}});
    EXPECT_THAT(made.at(0).record.json, HasSubstr("department: GoCo has no such department"));
}

TEST_F(Feedback, WritesNothingWhenTheRouteAsksForNothing) {
    route.feedback[0].on = {model::FeedbackOn::failed};
    EXPECT_TRUE(compose({model::Outcome::delivered, {}}).empty());
    EXPECT_EQ(compose({model::Outcome::rejected, "no"}).size(), 1U);
}

TEST_F(Feedback, MailsAFailureToTheWorkspaceUnlessTheRouteNamesOthers) {  // A.23
    workspace = {"hr-ops@example.com"};
    EXPECT_THAT(compose({model::Outcome::rejected, "no"}).at(1).record.json, HasSubstr("hr-ops@example.com"));
    route.notify_emails = {"a@example.com", "b@example.com"};
    auto const made = compose({model::Outcome::rejected, "no"});
    EXPECT_THAT(made.at(1).record.json, HasSubstr("a@example.com"));
    EXPECT_THAT(made.at(1).record.json, HasSubstr("b@example.com"));
    EXPECT_THAT(made.at(1).record.json, Not(HasSubstr("hr-ops@example.com")));
}

TEST_F(Feedback, PutsRouteCandidateReasonAndRemedyIntoTheMail) {  // A.24
    workspace = {"hr-ops@example.com"};
    std::string const mail = compose({model::Outcome::rejected, "The name is missing."}).at(1).record.json;
    EXPECT_THAT(mail, HasSubstr("Ada Example"));
    EXPECT_THAT(mail, HasSubstr("hires"));
    EXPECT_THAT(mail, HasSubstr("The name is missing."));
    EXPECT_THAT(mail, HasSubstr("How to fix it"));
}

TEST_F(Feedback, SendsNoMailWithoutAnAddressAndNoneForSuccessOrDuplicates) {  // A.24
    EXPECT_EQ(compose({model::Outcome::rejected, "no"}).size(), 1U);
    workspace = {"hr-ops@example.com"};
    EXPECT_EQ(compose({model::Outcome::delivered, {}}).size(), 1U);
    EXPECT_EQ(compose({model::Outcome::duplicate, "there"}).size(), 1U);
}

TEST_F(Feedback, SendsNoMailForASkippedDelivery) {  // C.35
    workspace = {"hr-ops@example.com"};
    route.notify_emails = {"a@example.com"};
    auto const made = compose({model::Outcome::skipped, "The job does not exist."});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].kind, store::DeliveryKind::feedback);
    EXPECT_THAT(made[0].record.json, HasSubstr("skipped"));
    EXPECT_THAT(made[0].record.json, HasSubstr("The job does not exist."));
    route.feedback.clear();
    EXPECT_TRUE(compose({model::Outcome::skipped, "The job does not exist."}).empty());
}

TEST_F(Feedback, ShowsANoteThatCannotBePreparedWithoutFailingTheDelivery) {
    lever.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return model::Error{model::ErrorCode::invalid_argument, "no application"};
    };
    auto const made = compose({model::Outcome::delivered, {}});
    ASSERT_EQ(made.size(), 1U);
    ASSERT_TRUE(made[0].decided.has_value());
    EXPECT_EQ(made[0].decided->outcome, model::Outcome::rejected);
    EXPECT_EQ(made[0].decided->reason, "no application");
}

TEST_F(Feedback, SaysThatANoteWaitsForAConnectorThatIsNotLoaded) {
    route.feedback[0].connection = "charthop";
    auto const made = compose({model::Outcome::delivered, {}});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].connection, "charthop");
    ASSERT_TRUE(made[0].decided.has_value());
    EXPECT_THAT(made[0].decided->reason, HasSubstr("not loaded"));
    EXPECT_THAT(log.str(), HasSubstr("A note could not be prepared."));
}

TEST_F(Feedback, SaysWhyTheSourceMadeNoNoteOfIt) {
    lever.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return plugin_host::MapResult{{}, {}, "This hire has no opportunity."};
    };
    auto const made = compose({model::Outcome::delivered, {}});
    ASSERT_TRUE(made.at(0).decided.has_value());
    EXPECT_EQ(made[0].decided->reason, "This hire has no opportunity.");
}

TEST_F(Feedback, AsksForNoSchemaOfAnActionThatTheSourceDoesNotKnow) {
    route.feedback[0].action = "add_tag";
    std::string asked = "nothing";
    lever.on_map = [&](model::Record const& record, std::string const& schema) {
        asked = schema;
        return model::Result<plugin_host::MapResult>(plugin_host::MapResult{{record}, {}, {}});
    };
    auto const made = compose({model::Outcome::delivered, {}});
    EXPECT_EQ(asked, "");
    EXPECT_EQ(made.at(0).action, "add_tag");
    EXPECT_FALSE(made[0].decided.has_value()) << "the source decides what becomes of it";
}

TEST_F(Feedback, NamesTheConnectionWhenTheTargetIsNotLoaded) {
    Subject about = subject("hires");
    about.connection = "charthop";
    model::Event const event{"e1", "candidate.hired", "person:1", "Ada Example", 0, {"x/1", {}, "{}"}};
    auto const made = follow_ups().compose(about, event, {model::Outcome::delivered, {}});
    EXPECT_THAT(made.at(0).record.json, HasSubstr("Exported to charthop."));
}

TEST_F(Feedback, TellsWhatItCanOfAnEventThatCouldNotBeRead) {
    workspace = {"hr-ops@example.com"};
    for (char const* const json : {"", "no json", "[1]", R"({"kind": 7, "owner": "somebody"})", R"({"owner": {}})"}) {
        model::Event event;
        event.record.json = json;
        auto const made = follow_ups().compose(subject("hires"), event, {model::Outcome::rejected, "No name."});
        ASSERT_EQ(made.size(), 2U) << json;
        EXPECT_THAT(made[0].record.json, HasSubstr("Why: No name.")) << json;
        EXPECT_THAT(made[0].record.json, Not(HasSubstr("\"candidate\""))) << json;
        EXPECT_THAT(made[1].record.json, Not(HasSubstr("Who:"))) << json;
    }
}

TEST_F(Feedback, CallsARouteWithoutATitleByItsNameAndOffersNoHelpThatNobodyGives) {
    workspace = {"hr-ops@example.com"};
    route.title.clear();
    route.support.clear();
    auto const made = compose({model::Outcome::rejected, "No."});
    EXPECT_THAT(made.at(0).record.json, HasSubstr("Route: hires"));
    EXPECT_THAT(made.at(0).record.json, Not(HasSubstr("Help:")));
    EXPECT_THAT(made.at(1).record.json, HasSubstr("Crosswalk: hires failed"));
    EXPECT_THAT(follow_ups().compose_run_failure(subject("hires"), "401").at(0).record.json,
                HasSubstr("Crosswalk: hires could not read goco"));
}

TEST_F(Feedback, MailsWhichWebhooksDidNotComeAndWhatToLookAt) {
    workspace = {"hr-ops@example.com"};
    Subject about = subject("hires");
    about.connection = "lever";
    auto const one = follow_ups().compose_missing(about, 1, {{"candidateHired", "The webhook is disabled."}});
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].kind, store::DeliveryKind::notice);
    EXPECT_THAT(one[0].record.json, HasSubstr("webhooks of lever do not arrive"));
    EXPECT_THAT(one[0].record.json, HasSubstr("lever did not send 1 event that"));
    EXPECT_THAT(one[0].record.json, HasSubstr("candidateHired: The webhook is disabled."));
    auto const more = follow_ups().compose_missing(about, 3, {});
    EXPECT_THAT(more.at(0).record.json, HasSubstr("3 events that"));
    EXPECT_THAT(more.at(0).record.json, Not(HasSubstr("What to look at")));
}

TEST_F(Feedback, MailsNothingMissingWithoutARouteOrAnAddress) {
    EXPECT_TRUE(follow_ups().compose_missing(subject("hires"), 1, {}).empty());
    workspace = {"hr-ops@example.com"};
    EXPECT_TRUE(follow_ups().compose_missing(subject("gone"), 1, {}).empty());
}

TEST_F(Feedback, LogsNothingPersonal) {
    workspace = {"hr-ops@example.com"};
    lever.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return model::Error{model::ErrorCode::invalid_argument, "no application"};
    };
    (void)compose({model::Outcome::rejected, "no"});
    EXPECT_THAT(log.str(), Not(HasSubstr("Ada")));
    EXPECT_THAT(log.str(), Not(HasSubstr("example.com")));
}

TEST_F(Feedback, TellsTheSourceThatARecordWasUpToDate) {
    auto const made = compose({model::Outcome::unchanged, {}});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_THAT(made[0].record.json, HasSubstr("Already up to date in GoCo."));
}

TEST_F(Feedback, MailsAFailedRunWithItsReasonAndHowToRunItAgain) {
    workspace = {"hr-ops@example.com"};
    auto const made = follow_ups().compose_run_failure(subject("hires"), "The vendor answered 401.");
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].kind, store::DeliveryKind::notice);
    EXPECT_THAT(made[0].record.json, HasSubstr("The vendor answered 401."));
    EXPECT_THAT(made[0].record.json, HasSubstr("crosswalk routes run hires"));
}

TEST_F(Feedback, SaysNothingOfARouteThatIsNotThereAnyMore) {
    workspace = {"hr-ops@example.com"};
    EXPECT_TRUE(follow_ups().compose_run_failure(subject("gone"), "401").empty());
    EXPECT_TRUE(follow_ups().compose(subject("gone"), {}, {model::Outcome::rejected, "No."}).empty());
}

TEST_F(Feedback, SendsNoMailAboutRunsAndPausesWithoutAnAddress) {
    EXPECT_TRUE(follow_ups().compose_run_failure(subject("hires"), "401").empty());
    EXPECT_TRUE(follow_ups().compose_pause(subject("hires"), "401").empty());
}

TEST_F(Feedback, MailsAPauseToTheWorkspaceWhenTheRouteIsNotThereAnyMore) {
    workspace = {"hr-ops@example.com"};
    auto const made = follow_ups().compose_pause(subject("gone"), "401");
    ASSERT_EQ(made.size(), 1U);
    EXPECT_THAT(made[0].record.json, HasSubstr("hr-ops@example.com"));
}

}  // namespace
}  // namespace crosswalk::deliver
