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
    refuse_in_turn(statements_);
    EXPECT_FALSE(refusals_.empty()) << "the call runs no statement";
}
INSTANTIATE_TEST_SUITE_P(Each, FailingStatementTest, testing::ValuesIn(all_operations()), name_of);

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
