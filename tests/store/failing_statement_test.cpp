// Every call of the store with each of its statements refused in turn: the call says so, nothing of it stays, and the
// same call works afterwards as if nothing had been.
#include "failing_statement.hpp"

#include "operations.hpp"

namespace crosswalk::store {
namespace {

class FailingStatementTest : public OperationTest {
protected:
    FailingStatement statements_;
};

TEST_P(FailingStatementTest, FailsWholeAndWorksAfterwards) {
    begin();
    ASSERT_FALSE(HasFatalFailure());
    auto const before = picture();
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 200) << "a call has a limited number of statements";
        if (GetParam().in_steps && n > 0) {
            begin();
            ASSERT_FALSE(HasFatalFailure());
        }
        statements_.fail_after(n);
        auto const failed = GetParam().run(*this);
        bool const refused = statements_.heal();
        ASSERT_EQ(failed.has_value(), refused) << (failed ? failed->detail : "the refusal was not reported");
        if (!refused) {
            EXPECT_GT(n, 0) << "the call runs no statement";
            break;
        }
        EXPECT_FALSE(failed->detail.empty());
        if (!GetParam().in_steps) {
            EXPECT_EQ(picture(), before) << "something of the failed call stays";
        }
    }
    EXPECT_EQ(history().conservation()->difference(), 0);
    EXPECT_TRUE(store_->probe());
}

std::string name_of(testing::TestParamInfo<Operation> const& of) {
    return of.param.name;
}
INSTANTIATE_TEST_SUITE_P(Inbox, FailingStatementTest, testing::ValuesIn(inbox_operations()), name_of);
INSTANTIATE_TEST_SUITE_P(Outbox, FailingStatementTest, testing::ValuesIn(outbox_operations()), name_of);
INSTANTIATE_TEST_SUITE_P(Runs, FailingStatementTest, testing::ValuesIn(run_operations()), name_of);
INSTANTIATE_TEST_SUITE_P(State, FailingStatementTest, testing::ValuesIn(state_operations()), name_of);
INSTANTIATE_TEST_SUITE_P(DeadLetters, FailingStatementTest, testing::ValuesIn(letter_operations()), name_of);
INSTANTIATE_TEST_SUITE_P(Persons, FailingStatementTest, testing::ValuesIn(person_operations()), name_of);
INSTANTIATE_TEST_SUITE_P(History, FailingStatementTest, testing::ValuesIn(history_operations()), name_of);

class FailingOpenTest : public StoreFixture {
protected:
    FailingStatement statements_;
};

TEST_F(FailingOpenTest, AStoreThatCannotReadAllOfItsFileDoesNotOpenAndOpensLater) {
    dispatched({push("d1"), push("d2")});
    ASSERT_EQ(lease().size(), 1U);
    ASSERT_TRUE(state().pause_connection("charthop", "by hand"));
    store_.reset();
    int refusals = 0;
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 200);
        statements_.fail_after(n);
        auto opened = Store::open(options_, clock_, logger_);
        bool const refused = statements_.heal();
        ASSERT_EQ(!opened, refused);
        if (!refused) {
            break;
        }
        ++refusals;
    }
    EXPECT_GT(refusals, 3);
    open();
    EXPECT_TRUE(state().connection("charthop")->paused);
    EXPECT_EQ(history().delivery(1)->state, DeliveryState::unknown) << "it was in flight when the host ended";
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(FailingOpenTest, AMigrationThatFailsHalfWayGoesOnNextTime) {
    store_.reset();
    std::filesystem::remove(options_.path);
    for (int n = 0;; ++n) {
        SCOPED_TRACE("statement " + std::to_string(n) + " is refused");
        ASSERT_LT(n, 500);
        statements_.fail_after(n);
        auto opened = Store::open(options_, clock_, logger_);
        bool const refused = statements_.heal();
        ASSERT_EQ(!opened, refused);
        if (!refused) {
            EXPECT_TRUE((*opened)->probe());
            break;
        }
    }
}

}  // namespace
}  // namespace crosswalk::store
