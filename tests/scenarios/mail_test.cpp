// Who hears of a failure by mail, and how often.
#include "scenarios/mail_sink.hpp"
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void send_mail_to(World const& world, MailSink const& sink) {
    world.append("crosswalk.yaml",
                 "notify:\n  email:\n    to: [hr-ops@example.com, second@example.com]\n"
                 "    smtp: { host: 127.0.0.1, port: " +
                     std::to_string(sink.port()) + ", from: crosswalk@example.com, starttls: false }\n");
}

// The state of the mail about an event's delivery; empty when there is none.
std::string mail_state(World const& world, std::int64_t event) {
    for (json::value const& delivery : list(world.event(event), "/deliveries")) {
        if (text(delivery, "/kind") == "notice") {
            return text(delivery, "/state");
        }
    }
    return {};
}

// A.23 A.24
TEST(ErrorMail, TellsRouteCandidateReasonAndRemedyOnceInAWhile) {
    MailSink sink;
    World world;
    send_mail_to(world, sink);
    world.start_host();
    world.register_webhook();
    world.hire(world.candidate({{"name", "Ben Example"}}));
    ASSERT_TRUE(eventually([&] { return mail_state(world, 1) == "delivered"; })) << json::serialize(world.event(1));
    ASSERT_EQ(sink.mails().size(), 1U);
    ReceivedMail const mail = sink.mails().front();
    EXPECT_THAT(mail.recipients, ElementsAre("<hr-ops@example.com>", "<second@example.com>"));
    EXPECT_THAT(mail.subject, HasSubstr("Sync candidate to GoCo"));
    EXPECT_THAT(mail.text, HasSubstr("Ben Example"));
    EXPECT_THAT(mail.text, HasSubstr("lever-hires-to-goco"));
    EXPECT_THAT(mail.text, HasSubstr("personal_email"));
    EXPECT_THAT(mail.text, HasSubstr("How to fix it"));

    // The same failure again, of somebody else: it is in the history, but no second mail goes out.
    world.hire(world.candidate({{"name", "Cleo Example"}}));
    ASSERT_TRUE(eventually([&] { return mail_state(world, 2) == "skipped"; })) << json::serialize(world.event(2));
    EXPECT_EQ(sink.mails().size(), 1U);
}

// A.24
TEST(ErrorMail, IsNotSentForASuccessNorForADuplicate) {
    MailSink sink;
    World world;
    send_mail_to(world, sink);
    world.start_host();
    world.register_webhook();
    std::string const one = world.hire_new("Dora Example");
    ASSERT_TRUE(eventually([&] { return world.has_note(one, "Exported to GoCo"); }));
    std::string const two = world.hire_new("Dora Example");
    ASSERT_TRUE(eventually([&] { return world.has_note(two, "duplicate"); }));
    EXPECT_EQ(mail_state(world, 1), "");
    EXPECT_EQ(mail_state(world, 2), "");
    EXPECT_TRUE(sink.mails().empty());
}

// A.24 A.45
TEST(ErrorMail, AsksForNewAccessWhenAKeyIsRefused) {
    MailSink sink;
    World world;
    send_mail_to(world, sink);
    world.start_host();
    world.register_webhook();
    (void)world.control("POST", "/goco/settings", {{"api_key", "another-key"}});
    world.hire_new("Emil Example");
    ASSERT_TRUE(eventually([&] { return sink.mails().size() == 1; }));
    EXPECT_THAT(sink.mails().front().text, HasSubstr("crosswalk connections resume goco"));
}

// A.45
TEST(ErrorMail, AsksForNewAccessWhenTheSourceRefusesItsKey) {
    MailSink sink;
    World world;
    send_mail_to(world, sink);
    world.start_host();
    world.register_webhook();
    (void)world.control("POST", "/lever/credentials/revoke", {{"value", "lever-sandbox-key"}});
    world.hire_new("Fred Example");
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "paused"; }));
    EXPECT_TRUE(eventually([&] { return sink.mails().size() == 1; }, seconds(5)));
}

}  // namespace
}  // namespace crosswalk::scenarios
