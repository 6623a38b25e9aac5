#include "notify/mailer.hpp"
#include "notify/session.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace crosswalk::notify {
namespace {

namespace json = boost::json;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

json::object content(json::array to) {
    return {{"to", std::move(to)}, {"subject", "A hire failed"}, {"text", "Why"}, {"throttle", "hires"}};
}
model::Result<Mail> parse(json::object const& object) {
    return parse_mail({"crosswalk.mail/1", {}, json::serialize(object)});
}
model::ErrorCode refusal(json::object const& object) {
    auto const parsed = parse(object);
    return parsed ? model::ErrorCode{} : parsed.error().code;
}
json::array addresses(std::size_t count) {
    json::array list;
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back(json::value("p" + std::to_string(i) + "@example.com"));
    }
    return list;
}
// The header lines of a message; folded ones stay apart.
std::vector<std::string> header_lines(std::string const& message) {
    std::vector<std::string> lines;
    std::istringstream in(message.substr(0, message.find("\r\n\r\n")));
    for (std::string line; std::getline(in, line, '\n');) {
        lines.push_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    }
    return lines;
}
std::string line_of(std::string const& message, std::string const& header) {
    for (std::string const& line : header_lines(message)) {
        if (line.starts_with(header + ":")) {
            return line;
        }
    }
    return {};
}

TEST(MailRecord, HoldsAddressesSubjectTextAndThrottleKey) {
    auto const mail = parse(content({"a@example.com", "b@example.com"}));
    ASSERT_TRUE(mail);
    EXPECT_THAT(mail->to, ElementsAre("a@example.com", "b@example.com"));
    EXPECT_EQ(mail->subject, "A hire failed");
    EXPECT_EQ(mail->text, "Why");
    EXPECT_EQ(mail->throttle, "hires");
}

TEST(MailRecord, IgnoresMembersItDoesNotKnow) {
    json::object object = content({"a@example.com"});
    object["zone"] = "not the throttle key";
    object["priority"] = 3;
    auto const mail = parse(object);
    ASSERT_TRUE(mail);
    EXPECT_EQ(mail->throttle, "hires");
}

TEST(MailRecord, IsRefusedWhenItIsNoObject) {
    for (char const* text : {"", "[]", "{", "\"mail\"", "null"}) {
        auto const parsed = parse_mail({"crosswalk.mail/1", {}, text});
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, model::ErrorCode::invalid_argument);
    }
}

TEST(MailRecord, NeedsBetweenOneAndTwentyAddresses) {
    EXPECT_EQ(refusal(content({})), model::ErrorCode::invalid_argument);
    EXPECT_EQ(refusal(content(addresses(21))), model::ErrorCode::invalid_argument);
    EXPECT_EQ(refusal(content(addresses(5000))), model::ErrorCode::invalid_argument);
    EXPECT_TRUE(parse(content(addresses(20))));
    EXPECT_EQ(refusal({{"subject", "x"}}), model::ErrorCode::invalid_argument);
}

TEST(MailRecord, HoldsAtMost64KibOfText) {
    json::object object = content({"a@example.com"});
    object["text"] = std::string(64 * 1024, 'x');
    EXPECT_TRUE(parse(object));
    object["text"] = std::string(64 * 1024 + 1, 'x');
    EXPECT_EQ(refusal(object), model::ErrorCode::invalid_argument);
}

TEST(MailRecord, IsRefusedWhenAMemberHasTheWrongType) {
    json::object object = content({"a@example.com"});
    for (char const* member : {"to", "subject", "text", "throttle"}) {
        json::object broken = object;
        broken[member] = 7;
        EXPECT_EQ(refusal(broken), model::ErrorCode::invalid_argument) << member;
    }
    EXPECT_EQ(refusal(content({7})), model::ErrorCode::invalid_argument);
}

TEST(MailRecord, IsRefusedWhenAnAddressCouldChangeACommand) {
    for (std::string const address :
         {"a@example.com\r\nDATA", "a@example.com\nRSET", "a@example.com> SIZE=1", "<a@example.com", "a @example.com",
          "a@example.com,b@example.com", "", "a@example.com\t"}) {
        EXPECT_EQ(refusal(content({json::value(address)})), model::ErrorCode::invalid_argument) << address;
    }
    EXPECT_EQ(refusal(content({json::value(std::string(255, 'a'))})), model::ErrorCode::invalid_argument);
    EXPECT_EQ(refusal(content({json::value(std::string("a\0@example.com", 14))})), model::ErrorCode::invalid_argument);
}

TEST(MailRecord, DoesNotRepeatAnAddressInItsError) {
    auto const parsed = parse(content({"private person@example.com"}));
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().detail, Not(HasSubstr("person")));
}

TEST(MailMessage, KeepsASubjectWithLineEndsInOneHeader) {
    auto const message =
        compose({{"a@example.com"}, "Hire\r\nBcc: x@example.com\n\nbody", "text", {}}, "c@example.com");
    EXPECT_EQ(line_of(message, "Subject"), "Subject: Hire  Bcc: x@example.com  body");
    EXPECT_EQ(line_of(message, "Bcc"), "");
}

TEST(MailMessage, EncodesASubjectThatIsNotAscii) {
    auto const message = compose({{"a@example.com"}, "Zoë", "text", {}}, "c@example.com");
    EXPECT_EQ(line_of(message, "Subject"), "Subject: =?UTF-8?B?Wm/Dqw==?=");
}

TEST(MailMessage, EncodesASubjectThatLooksEncoded) {
    auto const message = compose({{"a@example.com"}, "=?UTF-8?B?Wm/Dqw==?=", "text", {}}, "c@example.com");
    EXPECT_THAT(line_of(message, "Subject"), Not(HasSubstr("Wm/Dqw==")));
}

TEST(MailMessage, CutsALongSubjectBetweenCharactersIntoWordsOf75) {
    std::string subject = "x";
    for (int i = 0; i < 300; ++i) {
        subject += "é";
    }
    auto const message = compose({{"a@example.com"}, subject, "text", {}}, "c@example.com");
    std::size_t words = 0;
    for (std::string const& line : header_lines(message)) {
        auto const word = line.find("=?UTF-8?B?");
        if (word == std::string::npos) {
            continue;
        }
        ++words;
        std::string const encoded = line.substr(word + 10, line.size() - word - 12);
        EXPECT_LE(line.size() - word, 75U);
        // Each word holds whole characters: two bytes each after the first x, so 42 bytes or one less.
        std::size_t const padding = static_cast<std::size_t>(std::count(encoded.begin(), encoded.end(), '='));
        std::size_t const bytes = encoded.size() / 4 * 3 - padding;
        EXPECT_EQ(bytes % 2, words == 1 ? 1U : 0U);
    }
    EXPECT_EQ(words, 10U);  // 399 bytes: a 400th would cut a character
}

TEST(MailMessage, NamesEveryRecipient) {  // A.23
    auto const message = compose({{"a@example.com", "b@example.com"}, "s", "text", {}}, "c@example.com");
    EXPECT_THAT(message, HasSubstr("a@example.com"));
    EXPECT_THAT(message, HasSubstr("b@example.com"));
    EXPECT_EQ(line_of(message, "From"), "From: c@example.com");
}

TEST(MailMessage, EndsEveryLineWithCrLf) {
    auto const message = compose({{"a@example.com"}, "s", "one\ntwo\rthree\r\nfour\n\nfive", {}}, "c@example.com");
    EXPECT_THAT(message, HasSubstr("one\r\ntwo\r\nthree\r\nfour\r\n\r\nfive"));
}

TEST(MailMessage, SendsItsTextAsQuotedPrintableUtf8) {
    auto const message = compose({{"a@example.com"}, "s", "Zoë = fix it\nsecond", {}}, "c@example.com");
    EXPECT_THAT(line_of(message, "Content-Type"), HasSubstr("charset=UTF-8"));
    EXPECT_THAT(message, HasSubstr("Zo=C3=AB =3D fix it"));
    std::istringstream lines(message);
    std::vector<std::size_t> lengths;
    for (std::string line; std::getline(lines, line);) {
        lengths.push_back(line.size());
    }
    EXPECT_THAT(lengths, Each(testing::Le(998U)));
}

}  // namespace
}  // namespace crosswalk::notify
