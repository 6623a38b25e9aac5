#include "notify/mailer.hpp"

#include "notify/mail_sink.hpp"
#include "support/fake_clock.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <sstream>

namespace crosswalk::notify {
namespace {

namespace json = boost::json;
using model::Outcome;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Mailing : testing::Test {
    support::FakeClock clock;
    std::ostringstream log;
    telemetry::Logger logger{log, clock, telemetry::Level::debug};
    std::vector<std::string> to{"ops@example.com"};
    std::string subject = "A hire failed";
    std::string text = "Zoë has no e-mail address.\n.\nAdd one.";

    [[nodiscard]] model::Record record(std::string const& throttle = {}) const {
        return {"crosswalk.mail/1",
                {},
                json::serialize(json::object{{"to", json::array(to.begin(), to.end())},
                                             {"subject", subject},
                                             {"text", text},
                                             {"throttle", throttle}})};
    }
    static MailServer server(std::uint16_t port) {
        MailServer made;
        made.host = "127.0.0.1";
        made.port = port;
        made.from = "crosswalk@example.com";
        made.starttls = false;
        made.time_max = std::chrono::seconds(5);
        return made;
    }
    Mailer mailer(MailServer made) { return {std::move(made), std::chrono::minutes(15), clock, logger}; }
    Mailer mailer(MailSink const& sink) { return mailer(server(sink.port())); }
};

// Answers one command, by its beginning, with a status of its own.
MailSink::Answer answer(std::string beginning, std::string reply) {
    return [beginning = std::move(beginning), reply = std::move(reply)](std::string const& command) {
        return command.starts_with(beginning) ? reply : std::string();
    };
}

TEST_F(Mailing, DeliversTheMessage) {  // A.24
    MailSink sink;
    auto const report = mailer(sink).send(record());
    EXPECT_EQ(report.outcome, Outcome::delivered) << report.reason;
    EXPECT_THAT(report.warnings, IsEmpty());
    ASSERT_THAT(sink.messages(), SizeIs(1));
    EXPECT_THAT(sink.messages()[0], HasSubstr("Subject: A hire failed\r\n"));
    EXPECT_THAT(sink.commands(), Contains("MAIL FROM:<crosswalk@example.com>"));
    EXPECT_THAT(sink.commands(), Contains("QUIT"));
}

TEST_F(Mailing, CarriesEveryLineOfTheTextWithCrLfEvenALoneDot) {
    MailSink sink;
    EXPECT_EQ(mailer(sink).send(record()).outcome, Outcome::delivered);
    ASSERT_THAT(sink.messages(), SizeIs(1));
    EXPECT_THAT(sink.messages()[0], HasSubstr("Zo=C3=AB has no e-mail address.\r\n..\r\nAdd one."));
}

TEST_F(Mailing, TellsEveryAddress) {  // A.23
    to = {"a@example.com", "b@example.com", "c@example.com"};
    MailSink sink;
    EXPECT_EQ(mailer(sink).send(record()).outcome, Outcome::delivered);
    EXPECT_THAT(sink.commands(), testing::IsSupersetOf({"RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>",
                                                        "RCPT TO:<c@example.com>"}));
    EXPECT_THAT(sink.messages(), SizeIs(1));
}

TEST_F(Mailing, TellsTheOthersWhenOneAddressIsRefused) {  // A.23
    to = {"a@example.com", "gone@example.com", "c@example.com"};
    MailSink sink(answer("RCPT TO:<gone", "550 no such user gone@example.com"));
    auto const report = mailer(sink).send(record());
    EXPECT_EQ(report.outcome, Outcome::delivered);
    EXPECT_THAT(sink.messages(), SizeIs(1));
    ASSERT_THAT(report.warnings, SizeIs(1));
    EXPECT_EQ(report.warnings[0].field, "to/1");
    EXPECT_THAT(report.warnings[0].reason, Not(HasSubstr("gone@")));
}

TEST_F(Mailing, IsRejectedWhenEveryAddressIsRefusedForGood) {
    MailSink sink(answer("RCPT", "550 no such user"));
    EXPECT_EQ(mailer(sink).send(record()).outcome, Outcome::rejected);
    EXPECT_THAT(sink.messages(), IsEmpty());
}

TEST_F(Mailing, IsTriedAgainWhenAddressesAreRefusedForNow) {
    to = {"a@example.com", "b@example.com"};
    MailSink sink([](std::string const& command) -> std::string {
        return command.starts_with("RCPT TO:<a") ? "550 no" : command.starts_with("RCPT TO:<b") ? "450 busy" : "";
    });
    EXPECT_EQ(mailer(sink).send(record()).outcome, Outcome::retry);
}

struct Step {
    char const* command;
    char const* name;
};
struct Refusal : Mailing, testing::WithParamInterface<Step> {};

TEST_P(Refusal, IsTriedAgainAfterAStatusOf400AndRejectedAfter500) {
    for (auto const& [status, outcome] :
         {std::pair("451 later", Outcome::retry), std::pair("554 no", Outcome::rejected)}) {
        MailSink sink(answer(GetParam().command, status));
        auto const report = mailer(sink).send(record());
        EXPECT_EQ(report.outcome, outcome) << status;
        EXPECT_THAT(report.reason, Not(IsEmpty()));
        EXPECT_THAT(sink.messages(), IsEmpty());
    }
}
INSTANTIATE_TEST_SUITE_P(AtEveryStep, Refusal,
                         testing::Values(Step{"connect", "Greeting"}, Step{"MAIL", "Sender"}, Step{"RCPT", "Address"},
                                         Step{"DATA", "Data"}, Step{".", "Message"}),
                         [](auto const& step) { return step.param.name; });

TEST_F(Mailing, IsDeliveredWhateverTheServerSaysToTheFarewell) {
    MailSink sink(answer("QUIT", "421 too late"));
    EXPECT_EQ(mailer(sink).send(record()).outcome, Outcome::delivered);
}

TEST_F(Mailing, IsTriedAgainWhenNobodyListens) {
    std::uint16_t port = 0;
    {
        MailSink const gone;
        port = gone.port();
    }
    auto const report = mailer(server(port)).send(record());
    EXPECT_EQ(report.outcome, Outcome::retry);
    EXPECT_EQ(report.error_code, model::ErrorCode::unavailable);
}

TEST_F(Mailing, IsTriedAgainWhenTheServerFallsSilent) {
    Poco::Net::ServerSocket silent;
    silent.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
    silent.listen();  // connections are made by the system and never answered
    MailServer made = server(silent.address().port());
    made.time_max = std::chrono::milliseconds(50);
    EXPECT_EQ(mailer(std::move(made)).send(record()).outcome, Outcome::retry);
}

// Each line is an answer in time, and there is always one more.
TEST_F(Mailing, IsTriedAgainWhenTheServerNeverComesToAnEnd) {
    Poco::Net::ServerSocket endless;
    endless.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
    endless.listen();
    std::jthread const server_thread([&](std::stop_token const& stop) {
        try {
            Poco::Net::StreamSocket peer = endless.acceptConnection();
            while (!stop.stop_requested()) {
                peer.sendBytes("220-and\r\n", 9);
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        } catch (Poco::Exception const&) {
            return;  // cut at last
        }
    });
    MailServer made = server(endless.address().port());
    made.session_max = std::chrono::milliseconds(200);
    auto const begun = std::chrono::steady_clock::now();
    EXPECT_EQ(mailer(std::move(made)).send(record()).outcome, Outcome::retry);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST_F(Mailing, RemembersAThousandMessagesAndHoldsNoNewOneBackWhenItIsFull) {
    MailSink sink;
    Mailer made = mailer(sink);
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(made.send(record(std::to_string(i))).outcome, Outcome::delivered);
    }
    EXPECT_EQ(made.send(record("999")).outcome, Outcome::skipped);
    EXPECT_EQ(made.send(record("1000")).outcome, Outcome::delivered);
    EXPECT_EQ(made.send(record("1000")).outcome, Outcome::delivered) << "rather a mail too many than none";
}

TEST_F(Mailing, IsSkippedWithoutAServerAndSaysHowToSetOneUp) {
    Mailer nowhere(std::nullopt, std::chrono::minutes(15), clock, logger);
    auto const report = nowhere.send(record());
    EXPECT_EQ(report.outcome, Outcome::skipped);
    EXPECT_THAT(report.reason, HasSubstr("notify.email.smtp"));
}

TEST_F(Mailing, RejectsWhatIsNoMailBeforeItAsksTheServer) {
    MailSink sink;
    EXPECT_EQ(mailer(sink).send({"crosswalk.mail/1", {}, "[]"}).outcome, Outcome::rejected);
    EXPECT_THAT(sink.commands(), IsEmpty());
}

TEST_F(Mailing, HoldsARepeatBackUntilTheThrottleTimeIsOver) {  // A.24
    MailSink sink;
    Mailer made = mailer(sink);
    EXPECT_EQ(made.send(record("hires\nno e-mail")).outcome, Outcome::delivered);
    clock.advance(std::chrono::minutes(15) - std::chrono::microseconds(1));
    EXPECT_EQ(made.send(record("hires\nno e-mail")).outcome, Outcome::skipped);
    clock.advance(std::chrono::microseconds(1));
    EXPECT_EQ(made.send(record("hires\nno e-mail")).outcome, Outcome::delivered);
    EXPECT_THAT(sink.messages(), SizeIs(2));
}

TEST_F(Mailing, DoesNotHoldBackAnotherReason) {  // A.24
    MailSink sink;
    Mailer made = mailer(sink);
    EXPECT_EQ(made.send(record("hires\nno e-mail")).outcome, Outcome::delivered);
    EXPECT_EQ(made.send(record("hires\nno name")).outcome, Outcome::delivered);
    EXPECT_EQ(made.send(record("other\nno e-mail")).outcome, Outcome::delivered);
}

TEST_F(Mailing, NeverHoldsBackAMailWithoutAThrottleKey) {
    MailSink sink;
    Mailer made = mailer(sink);
    EXPECT_EQ(made.send(record("")).outcome, Outcome::delivered);
    EXPECT_EQ(made.send(record("")).outcome, Outcome::delivered);
}

TEST_F(Mailing, DoesNotCountAMailThatFailedAsSent) {  // A.24
    std::atomic<bool> busy = true;
    MailSink sink(
        [&](std::string const& command) -> std::string { return busy && command == "DATA" ? "451 busy" : ""; });
    Mailer made = mailer(sink);
    EXPECT_EQ(made.send(record("hires")).outcome, Outcome::retry);
    busy = false;
    EXPECT_EQ(made.send(record("hires")).outcome, Outcome::delivered);
}

TEST_F(Mailing, LogsInWithTheUserAndPassword) {
    MailSink sink(answer("czNjcjN0", "235 welcome"));  // "s3cr3t"
    MailServer made = server(sink.port());
    made.user = "sender";
    made.password = model::Secret("s3cr3t");
    EXPECT_EQ(mailer(std::move(made)).send(record()).outcome, Outcome::delivered);
}

TEST_F(Mailing, SaysThatTheLoginWasRefusedAndRepeatsNothingOfIt) {
    MailSink sink(answer("czNjcjN0", "535 sender with s3cr3t is unknown"));
    MailServer made = server(sink.port());
    made.user = "sender";
    made.password = model::Secret("s3cr3t");
    auto const report = mailer(std::move(made)).send(record());
    EXPECT_EQ(report.outcome, Outcome::rejected);
    EXPECT_THAT(report.reason, HasSubstr("login (535)"));
    EXPECT_THAT(report.reason + log.str(), Not(HasSubstr("s3cr3t")));
}

TEST_F(Mailing, LogsNeitherAddressNorContentWhenItFails) {
    MailSink sink(answer("MAIL", "garbage ops@example.com s3cr3t"));
    MailServer made = server(sink.port());
    auto const report = mailer(std::move(made)).send(record());
    EXPECT_EQ(report.outcome, Outcome::retry);
    EXPECT_THAT(report.reason + log.str(), Not(HasSubstr("example.com")));
    EXPECT_THAT(report.reason + log.str(), Not(HasSubstr("Zo")));
}

TEST_F(Mailing, GreetsTheServerBeforeItAsksForTls) {
    MailSink sink;
    MailServer made = server(sink.port());
    made.starttls = true;
    auto const report = mailer(std::move(made)).send(record());
    EXPECT_EQ(report.outcome, Outcome::retry);
    EXPECT_THAT(report.reason, HasSubstr("STARTTLS"));
    EXPECT_THAT(sink.commands(), ElementsAre("connect", testing::StartsWith("EHLO"), "STARTTLS", "QUIT"));
}

TEST_F(Mailing, SaysNothingSecretToAServerThatCannotProveItsName) {
    MailSink sink(answer("STARTTLS", "220 go on"));  // what follows is no TLS at all
    MailServer made = server(sink.port());
    made.starttls = true;
    made.time_max = std::chrono::milliseconds(50);
    made.user = "sender";
    made.password = model::Secret("s3cr3t");
    EXPECT_EQ(mailer(std::move(made)).send(record()).outcome, Outcome::retry);
    EXPECT_THAT(sink.commands(), Not(Contains(HasSubstr("AUTH"))));
    EXPECT_THAT(sink.messages(), IsEmpty());
}

TEST_F(Mailing, FindsASenderWhenNoneIsConfigured) {
    MailSink sink;
    MailServer made = server(sink.port());
    made.from.clear();
    EXPECT_EQ(mailer(std::move(made)).send(record()).outcome, Outcome::delivered);
    EXPECT_THAT(sink.commands(), Contains("MAIL FROM:<crosswalk@127.0.0.1>"));
}

}  // namespace
}  // namespace crosswalk::notify
