// What every polled event of every connector does: to the end, from every page, again, and when the vendor misbehaves.
#include "conformance/subject.hpp"

#include <gtest/gtest.h>

#include <set>

namespace crosswalk::conformance {
namespace {

using model::ErrorCode;
using plugin_host::PollRequest;
using Ids = std::multiset<std::string>;

struct Case {
    Profile const* profile;
    Poll const* poll;
};

// What a failure shows instead of two addresses.
void PrintTo(Case const& at, std::ostream* out) {
    *out << at.profile->connector << ' ' << at.poll->event;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (Profile const& profile : profiles()) {
        for (Poll const& poll : profile.polls) {
            all.push_back({&profile, &poll});
        }
    }
    return all;
}

std::string name_of(testing::TestParamInfo<Case> const& info) {
    std::string name = info.param.profile->connector + '_' + info.param.poll->event;
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

class Polls : public testing::TestWithParam<Case> {
protected:
    struct Run {
        Ids ids;                           // of all events
        std::vector<std::string> cursors;  // after each turn
        std::vector<Ids> ids_after_turn;   // of the turns up to and with this one
        std::string cursor;
        std::optional<model::Error> error;  // what ended it early
    };

    [[nodiscard]] Poll const& what() const { return *GetParam().poll; }
    // Turn by turn to the end, as the host does it.
    [[nodiscard]] Run run(std::string cursor, bool full, std::string const& name) {
        Run done{{}, {}, {}, std::move(cursor), {}};
        for (int turn = 0; turn < 100; ++turn) {
            PollRequest const request{what().event, done.cursor, json::serialize(select_), name, full};
            auto page = at_.connector().poll(request, std::chrono::milliseconds(4000));
            if (!page) {
                done.error = page.error();
                return done;
            }
            for (model::Event const& event : page->events) {
                done.ids.insert(event.id);
                EXPECT_EQ(event.type, what().event);
                EXPECT_FALSE(event.subject.empty());
            }
            done.cursor = page->cursor.value_or(done.cursor);
            done.cursors.push_back(done.cursor);
            done.ids_after_turn.push_back(done.ids);
            if (!page->more) {
                return done;
            }
        }
        ADD_FAILURE() << "a hundred turns did not end it";
        return done;
    }

    Subject at_{*GetParam().profile};
    json::object const select_ = what().fill(at_.sandbox(), what().records);
};

TEST_P(Polls, BringEveryRecordOnce) {
    Run const all = run("", true, "1");
    ASSERT_FALSE(all.error) << all.error->detail;
    EXPECT_GE(all.ids.size(), static_cast<std::size_t>(what().records));
    EXPECT_EQ(std::set<std::string>(all.ids.begin(), all.ids.end()).size(), all.ids.size());
}

TEST_P(Polls, GoOnFromEveryPage) {
    Run const all = run("", true, "1");
    ASSERT_FALSE(all.error) << all.error->detail;
    for (std::size_t turn = 0; turn + 1 < all.cursors.size(); ++turn) {
        at_.restart();
        Run const rest = run(all.cursors[turn], true, "1");
        ASSERT_FALSE(rest.error) << rest.error->detail;
        Ids together = all.ids_after_turn[turn];
        together.insert(rest.ids.begin(), rest.ids.end());
        EXPECT_EQ(together, all.ids) << "after turn " << turn;
    }
}

TEST_P(Polls, BringNothingNewWhenNothingChanged) {
    Run const first = run("", false, "1");
    ASSERT_FALSE(first.error) << first.error->detail;
    at_.restart();
    Run const second = run(first.cursor, false, "2");
    ASSERT_FALSE(second.error) << second.error->detail;
    for (std::string const& id : second.ids) {
        EXPECT_TRUE(first.ids.contains(id)) << id;
    }
}

TEST_P(Polls, OfTheWholeBringEverythingAnew) {
    Run const first = run("", true, "1");
    Run const second = run("", true, "2");
    ASSERT_FALSE(first.error || second.error);
    EXPECT_EQ(first.ids.size(), second.ids.size());
    for (std::string const& id : second.ids) {
        EXPECT_FALSE(first.ids.contains(id)) << id;
    }
}

TEST_P(Polls, FailForNowWhenTheVendorIsDownAndGoOnAfterwards) {
    for (json::object const& fault : {json::object{{"kind", "status"}, {"status", 503}, {"count", -1}},
                                      json::object{{"kind", "status"}, {"status", 429}, {"count", -1}},
                                      json::object{{"kind", "cut_before"}, {"count", -1}}}) {
        at_.fault(fault);
        Run const broken = run("", false, "1");
        ASSERT_TRUE(broken.error) << json::serialize(fault);
        EXPECT_TRUE(model::is_retryable(broken.error->code))
            << json::serialize(fault) << ": " << model::name(broken.error->code) << ' ' << broken.error->detail;
        at_.no_more_faults();
        at_.restart();
        Run const whole = run(broken.cursor, false, "1");
        ASSERT_FALSE(whole.error) << whole.error->detail;
        EXPECT_GE(whole.ids.size(), static_cast<std::size_t>(what().records));
    }
}

TEST_P(Polls, SayThatTheCredentialIsRefused) {
    at_.fault({{"kind", "status"}, {"status", 401}, {"count", -1}});
    Run const refused = run("", false, "1");
    ASSERT_TRUE(refused.error);
    EXPECT_EQ(refused.error->code, ErrorCode::unauthenticated) << refused.error->detail;
}

TEST_P(Polls, NameACursorThatTheyDoNotKnow) {
    for (std::string const& cursor :
         {std::string("\x01garbage"), std::string(5000, '{'), std::string("{\"next\":7}")}) {
        Run const strange = run(cursor, false, "1");
        if (strange.error) {
            EXPECT_TRUE(strange.error->code == ErrorCode::not_found ||
                        strange.error->code == ErrorCode::invalid_argument)
                << model::name(strange.error->code) << ' ' << strange.error->detail;
        } else {
            EXPECT_GE(strange.ids.size(), static_cast<std::size_t>(what().records)) << "it began anew, but not whole";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Conformance, Polls, testing::ValuesIn(cases()), name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Polls);

}  // namespace
}  // namespace crosswalk::conformance
