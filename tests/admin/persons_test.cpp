#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

struct ErasingAPerson : AdminRoom {
    ErasingAPerson() {
        store::Accepted item;
        item.connection = "lever";
        item.raw.body = R"({"email":"ada@example.com"})";
        EXPECT_TRUE(store.inbox.accept(std::move(item)));
    }
};

TEST_F(ErasingAPerson, SaysWhatIsGoneAndLogsNobodysName) {
    auto const erased = post("/api/v1/persons/erase", R"({"person":"Ada@example.com"})");
    EXPECT_EQ(erased.status, 200);
    EXPECT_EQ(at(erased, "/unread_discarded"), "1");
    EXPECT_EQ(at(erased, "/proven"), "true");
    EXPECT_EQ(store.inbox.pending().value(), 0);
    EXPECT_THAT(store.log(), Not(HasSubstr("ada")));
}

TEST_F(ErasingAPerson, TakesTheFilesThatNobodyElsesRecordsName) {
    std::string const own(64, 'a');
    std::string const shared(64, 'b');
    std::string const unnamed(64, 'c');
    auto const hire = [&](std::string const& email, std::string const& named) {
        model::Event event{"e " + email, "candidate.hired", email, "Somebody", 0, {}};
        event.record = {"crosswalk.hire/1", {}, R"({"personal_email":")" + email + R"(","documents":[)" + named + "]}"};
        EXPECT_TRUE(store.inbox.dispatch(take(), {{std::move(event), {}}}, "No route."));
    };
    hire("ada@example.com", '"' + own + R"(",")" + shared + '"');
    hire("bob@example.com", '"' + shared + '"');
    std::vector<std::string> erased;
    files = [&] { return std::vector{own, shared, unnamed}; };
    erase_files = [&](std::vector<std::string> const& ids) -> model::Result<std::size_t> {
        erased = ids;
        return ids.size();
    };
    auto const answer = post("/api/v1/persons/erase", R"({"person":"ada@example.com"})");
    EXPECT_EQ(at(answer, "/files"), "1");
    EXPECT_THAT(erased, testing::ElementsAre(own));
}

TEST_F(ErasingAPerson, NeedsSomebodysName) {
    EXPECT_EQ(post("/api/v1/persons/erase", R"({"person":"ada"})").status, 400);
    EXPECT_EQ(post("/api/v1/persons/erase", "{}").status, 400);
    EXPECT_EQ(store.inbox.pending().value(), 1);
}

TEST_F(ErasingAPerson, NeedsTheToken) {
    EXPECT_EQ(
        make().handle({"POST", "/api/v1/persons/erase", {}, R"({"person":"ada@example.com"})", "127.0.0.1"}).status,
        401);
    EXPECT_EQ(store.inbox.pending().value(), 1);
}

}  // namespace
}  // namespace crosswalk::admin
