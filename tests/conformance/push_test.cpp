// What every action of every connector does when its vendor, the network or the data misbehave.
#include "conformance/subject.hpp"

#include <gtest/gtest.h>

#include <future>

namespace crosswalk::conformance {
namespace {

using model::Outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Case {
    Profile const* profile;
    Push const* push;
};

// What a failure shows instead of two addresses.
void PrintTo(Case const& at, std::ostream* out) {
    *out << at.profile->connector << ' ' << at.push->action;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (Profile const& profile : profiles()) {
        for (Push const& push : profile.pushes) {
            all.push_back({&profile, &push});
        }
    }
    return all;
}

std::string name_of(testing::TestParamInfo<Case> const& info) {
    return info.param.profile->connector + '_' + info.param.push->action;
}

class Pushes : public testing::TestWithParam<Case> {
protected:
    [[nodiscard]] Push const& what() const { return *GetParam().push; }
    [[nodiscard]] std::int64_t effects() { return what().effects(at_.sandbox(), record_); }
    // A fault of the call that writes.
    void write_fault(json::object ordered) {
        ordered["method"] = what().method;
        ordered["path"] = what().path;
        at_.fault(ordered);
    }
    void expect_one_in_the_end(int first_attempt = 2) {
        auto const report = at_.deliver(what(), record_, key_, first_attempt);
        EXPECT_TRUE(report.outcome == Outcome::delivered || report.outcome == Outcome::duplicate ||
                    report.outcome == Outcome::unchanged)
            << model::name(report.outcome) << ": " << report.reason;
        EXPECT_EQ(effects(), 1);
    }
    // Neither applied nor given up.
    void expect_kept(model::AttemptReport const& report) {
        EXPECT_EQ(report.outcome, Outcome::retry) << report.reason;
        EXPECT_EQ(effects(), 0);
    }

    Subject at_{*GetParam().profile};
    json::object record_ = at_.with_file(what(), what().record(at_.sandbox()));
    std::string const key_ = "0123456789abcdef0123456789ab" + fresh_number();
};

TEST_P(Pushes, TakeEffectOnce) {
    auto const report = at_.push(what(), record_, key_);
    EXPECT_EQ(report.outcome, Outcome::delivered) << report.reason;
    EXPECT_EQ(effects(), 1);
}

TEST_P(Pushes, OfTheSameKeyTakeEffectOnce) {
    ASSERT_EQ(at_.push(what(), record_, key_).outcome, Outcome::delivered);
    at_.restart();
    auto const report = at_.push(what(), record_, key_, 2);
    EXPECT_TRUE(report.outcome == Outcome::delivered || report.outcome == Outcome::duplicate ||
                report.outcome == Outcome::unchanged)
        << model::name(report.outcome) << ": " << report.reason;
    EXPECT_EQ(effects(), 1);
}

TEST_P(Pushes, ObeyRetryAfter) {
    write_fault({{"kind", "status"}, {"status", 429}, {"retry_after", "7"}, {"count", -1}});
    auto const report = at_.push(what(), record_, key_, 1, milliseconds(1500));
    expect_kept(report);
    EXPECT_GE(report.retry_after_ms, 5000);
    at_.no_more_faults();
    at_.restart();
    expect_one_in_the_end();
}

TEST_P(Pushes, WaitWhenTheyAreTooManyAndNothingSaysHowLong) {
    write_fault({{"kind", "status"}, {"status", 429}, {"count", -1}});
    expect_kept(at_.push(what(), record_, key_, 1, milliseconds(1500)));
    at_.no_more_faults();
    expect_one_in_the_end();
}

TEST_P(Pushes, AreKeptWhenTheCredentialIsRefused) {
    at_.fault({{"kind", "status"}, {"status", 401}, {"count", -1}});
    EXPECT_EQ(at_.push(what(), record_, key_).outcome, Outcome::auth);
    EXPECT_EQ(effects(), 0);
    at_.no_more_faults();
    at_.restart();
    expect_one_in_the_end();
}

TEST_P(Pushes, SayThatARightIsMissing) {
    at_.fault({{"kind", "status"}, {"status", 403}, {"count", -1}});
    auto const report = at_.push(what(), record_, key_);
    EXPECT_TRUE(report.outcome == Outcome::auth || report.outcome == Outcome::rejected)
        << model::name(report.outcome) << ": " << report.reason;
    EXPECT_FALSE(report.reason.empty());
    EXPECT_EQ(effects(), 0);
}

TEST_P(Pushes, AreTriedAgainWhenTheVendorIsDown) {
    write_fault({{"kind", "status"}, {"status", 503}, {"count", 2}});
    expect_one_in_the_end(1);
}

TEST_P(Pushes, AreNotRepeatedWhenTheAnswerWasCutOff) {
    write_fault({{"kind", "cut_after"}});
    auto const report = at_.push(what(), record_, key_);
    EXPECT_TRUE(report.outcome == Outcome::unknown || report.outcome == Outcome::delivered ||
                (what().repeatable && report.outcome == Outcome::unchanged))
        << model::name(report.outcome) << ": " << report.reason;
    EXPECT_EQ(effects(), 1);
    expect_one_in_the_end();
}

TEST_P(Pushes, AreRepeatedWhenTheRequestWasCutOff) {
    write_fault({{"kind", "cut_before"}});
    auto const report = at_.push(what(), record_, key_);
    EXPECT_TRUE(report.outcome == Outcome::unknown || report.outcome == Outcome::retry ||
                report.outcome == Outcome::delivered)
        << model::name(report.outcome) << ": " << report.reason;
    expect_one_in_the_end();
}

TEST_P(Pushes, AreLookedUpWhenTheVendorAppliedThemAfterTheDeadline) {
    write_fault({{"kind", "delay"}, {"delay_ms", 2500}});
    auto const begin = std::chrono::steady_clock::now();
    auto const report = at_.push(what(), record_, key_, 1, milliseconds(1500));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2400));
    EXPECT_TRUE(report.outcome == Outcome::unknown || (what().repeatable && report.outcome == Outcome::retry))
        << model::name(report.outcome) << ": " << report.reason;
    ASSERT_TRUE(Subject::wait_for([&] { return effects() == 1; }));
    expect_one_in_the_end();
}

TEST_P(Pushes, TakeASlowAnswer) {
    write_fault({{"kind", "drip"}, {"drip_bytes", 64}, {"drip_gap_ms", 5}});
    EXPECT_EQ(at_.push(what(), record_, key_).outcome, Outcome::delivered);
    EXPECT_EQ(effects(), 1);
}

TEST_P(Pushes, AreNotRepeatedWhenTheAnswerIsNoJson) {
    write_fault({{"kind", "wrong_json"}});
    (void)at_.push(what(), record_, key_);
    expect_one_in_the_end();
}

TEST_P(Pushes, AreNotRepeatedWhenTheAnswerIsEmpty) {
    write_fault({{"kind", "empty_body"}});
    (void)at_.push(what(), record_, key_);
    expect_one_in_the_end();
}

TEST_P(Pushes, EndSoonWhenTheyAreCancelled) {
    at_.fault({{"kind", "delay"}, {"delay_ms", 5000}, {"count", -1}});
    auto running = std::async(std::launch::async, [&] { return at_.push(what(), record_, key_); });
    std::this_thread::sleep_for(milliseconds(100));
    at_.connector().cancel();
    ASSERT_EQ(running.wait_for(seconds(2)), std::future_status::ready);
    EXPECT_NE(running.get().outcome, Outcome::delivered);
}

TEST_P(Pushes, IgnoreMembersThatTheyDoNotKnow) {
    record_["a_member_of_tomorrow"] = json::object{{"deep", json::array{1, nullptr, "x"}}};
    auto const report = at_.push(what(), record_, key_);
    EXPECT_EQ(report.outcome, Outcome::delivered) << report.reason;
    EXPECT_EQ(effects(), 1);
}

TEST_P(Pushes, DoWithoutOptionalMembers) {
    for (std::string const& name : what().optional) {
        record_.erase(name);
    }
    auto const report = at_.push(what(), record_, key_);
    EXPECT_EQ(report.outcome, Outcome::delivered) << report.reason;
}

TEST_P(Pushes, TakeNullForAbsent) {
    for (std::string const& name : what().optional) {
        record_[name] = nullptr;
    }
    auto const report = at_.push(what(), record_, key_);
    EXPECT_EQ(report.outcome, Outcome::delivered) << report.reason;
}

TEST_P(Pushes, CarryEveryScript) {
    for (std::string const& name : what().texts) {
        record_[name] = "Zażółć 漢字 עברית \u00e9 👩🏽‍💻 " + fresh_number();
    }
    auto const report = at_.push(what(), record_, key_);
    EXPECT_EQ(report.outcome, Outcome::delivered) << report.reason;
    EXPECT_EQ(effects(), 1);
}

TEST_P(Pushes, TakeDaysAtTheEdges) {
    for (std::string const day : {"2028-02-29", "1999-12-31", "2099-12-31"}) {
        json::object record = at_.with_file(what(), what().record(at_.sandbox()));
        for (std::string const& name : what().dates) {
            record[name] = day;
        }
        auto const report = at_.push(what(), record, key_ + day);
        EXPECT_EQ(report.outcome, Outcome::delivered) << day << ": " << report.reason;
    }
}

INSTANTIATE_TEST_SUITE_P(Conformance, Pushes, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace crosswalk::conformance
