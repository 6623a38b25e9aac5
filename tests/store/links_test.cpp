#include "store/links.hpp"

#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;

LinkEnd const candidate{"lever", "candidate", "c-1"};
LinkEnd const person{"hris", "candidate", "77"};

class LinksTest : public StoreFixture {
protected:
    [[nodiscard]] Links links() { return Links(*store_); }
    [[nodiscard]] std::vector<LinkEnd> found(LinkEnd const& of) {
        auto result = links().find(of);
        EXPECT_TRUE(result);
        return result ? *result : std::vector<LinkEnd>();
    }
};

TEST_F(LinksTest, AreFoundFromBothSidesAndAfterARestart) {
    ASSERT_TRUE(links().put(person, candidate));
    for (int round = 0; round < 2; ++round) {
        EXPECT_THAT(found(candidate), ElementsAre(person));
        EXPECT_THAT(found(person), ElementsAre(candidate));
        reopen();
    }
    EXPECT_THAT(found({"lever", "candidate", "c-2"}), IsEmpty());
    EXPECT_THAT(found({"lever", "posting", "c-1"}), IsEmpty());
}

TEST_F(LinksTest, AreOneWhicheverSideMadeThem) {
    ASSERT_TRUE(links().put(person, candidate));
    ASSERT_TRUE(links().put(candidate, person));
    ASSERT_TRUE(links().put(person, candidate));
    EXPECT_THAT(found(candidate), ElementsAre(person));
    EXPECT_EQ(links().count("lever", "").value(), 1);
}

TEST_F(LinksTest, ReplaceAnEarlierOneOfTheSameThingInTheSameSystemAndKind) {
    for (auto const& [ours, theirs] : {std::pair(person, candidate), std::pair(candidate, person)}) {
        reopen();
        ASSERT_TRUE(links().put(ours, theirs));
        LinkEnd const other{ours.system, ours.kind, "another"};
        ASSERT_TRUE(links().put(other, theirs));
        EXPECT_THAT(found(theirs), ElementsAre(other));
        EXPECT_THAT(found(ours), IsEmpty());
        ASSERT_TRUE(links().remove(other, theirs));
    }
}

TEST_F(LinksTest, StandBesideThoseWithAnotherKindOrSystem) {
    LinkEnd const employee{"hris", "employee", "5"};
    LinkEnd const applicant{"screening", "candidate", "9"};
    ASSERT_TRUE(links().put(person, candidate));
    clock_.advance(std::chrono::seconds(1));
    ASSERT_TRUE(links().put(employee, candidate));
    clock_.advance(std::chrono::seconds(1));
    ASSERT_TRUE(links().put(applicant, candidate));
    EXPECT_THAT(found(candidate), ElementsAre(applicant, employee, person));
}

TEST_F(LinksTest, OfOneOfOursWithSeveralOfTheirsAllStay) {
    LinkEnd const again{"lever", "candidate", "c-2"};
    ASSERT_TRUE(links().put(person, candidate));
    ASSERT_TRUE(links().put(person, again));
    EXPECT_THAT(found(person), ElementsAre(candidate, again));
}

TEST_F(LinksTest, FindAtMostOneHundred) {
    for (int i = 0; i < 105; ++i) {
        ASSERT_TRUE(links().put(person, {"lever", "candidate", std::to_string(i)}));
    }
    EXPECT_EQ(found(person).size(), Links::found_max);
}

TEST_F(LinksTest, AreRemovedInEitherOrderAndOnlyOnce) {
    ASSERT_TRUE(links().put(person, candidate));
    ASSERT_TRUE(links().remove(candidate, person));
    EXPECT_THAT(found(candidate), IsEmpty());
    EXPECT_EQ(links().remove(person, candidate).error().code, ErrorCode::not_found);
}

TEST_F(LinksTest, RefuseARecordWithoutANameAndOneWithItself) {
    EXPECT_EQ(links().put({"hris", "candidate", ""}, candidate).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(links().put(person, {"", "candidate", "1"}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(links().put(person, {"lever", "candidate", std::string(513, 'x')}).error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(links().put(person, person).error().code, ErrorCode::invalid_argument);
}

TEST_F(LinksTest, AreListedFromTheSideThatWasAskedFor) {
    LinkEnd const job{"hris", "job", "5"};
    LinkEnd const posting{"lever", "posting", "p-1"};
    ASSERT_TRUE(links().put(person, candidate));
    ASSERT_TRUE(links().put(job, posting));
    auto const all = links().list("lever", "", 10);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->front().ours, candidate);
    EXPECT_EQ(all->front().theirs, person);
    EXPECT_EQ(all->front().made, clock_.now());
    EXPECT_EQ(links().list("hris", "job", 10)->front().theirs, posting);
    EXPECT_EQ(links().list("hris", "job", 10)->size(), 1U);
    EXPECT_EQ(links().list("lever", "", 1)->size(), 1U);
    EXPECT_EQ(links().count("lever", "").value(), 2);
    EXPECT_EQ(links().count("hris", "job").value(), 1);
    EXPECT_EQ(links().count("other", "").value(), 0);
}

}  // namespace
}  // namespace crosswalk::store
