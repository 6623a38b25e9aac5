#include "cli/terminal.hpp"

#include <boost/json.hpp>

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;

struct LinksCommand : Terminal {};

TEST_F(LinksCommand, ListsThemAsATable) {
    EXPECT_EQ(with(R"({"count":1,"links":[{"kind":"candidate","id":"c-1","other_connection":"goco",)"
                   R"("other_kind":"employee","other_id":"4/2","made_at":"2026-11-22T08:00:00Z"}]})",
                   {"links", "list", "--connection", "lever", "--kind", "candidate"}),
              0);
    EXPECT_EQ(last_request(), "GET /api/v1/connections/lever/links?kind=candidate");
    EXPECT_THAT(out.str(), HasSubstr("goco/employee/4/2"));
    EXPECT_THAT(out.str(), HasSubstr("1 in all."));
}

TEST_F(LinksCommand, RemovesTheOneThatIsNamedAsItWasListed) {
    EXPECT_EQ(with(R"({"status":"removed"})", {"links", "remove", "--connection", "lever", "--kind", "candidate",
                                               "--id", "c-1", "--other", "goco/employee/4/2"}),
              0);
    EXPECT_EQ(last_request(), "POST /api/v1/connections/lever/links/remove");
    auto const body = boost::json::parse(last_body());
    EXPECT_EQ(body.at("kind"), "candidate");
    EXPECT_EQ(body.at("other_connection"), "goco");
    EXPECT_EQ(body.at("other_kind"), "employee");
    EXPECT_EQ(body.at("other_id"), "4/2");
}

TEST_F(LinksCommand, AsksForTheWholeName) {
    EXPECT_EQ(with("{}", {"links", "remove", "--connection", "lever", "--kind", "candidate", "--id", "c-1", "--other",
                          "goco/42"}),
              64);
    EXPECT_EQ(last_request(), "none");
    EXPECT_THAT(err.str(), HasSubstr("connection/kind/id"));
    EXPECT_EQ(run({"links", "list"}), 64);
}

TEST_F(LinksCommand, PassesOnWhyALinkCannotBeRemoved) {
    EXPECT_NE(with(R"({"title":"Not Found","status":404,"detail":"These two records are not linked."})",
                   {"links", "remove", "--connection", "lever", "--kind", "candidate", "--id", "c-1", "--other",
                    "goco/employee/42"},
                   404),
              0);
    EXPECT_THAT(err.str(), HasSubstr("not linked"));
}

}  // namespace
}  // namespace crosswalk::cli
