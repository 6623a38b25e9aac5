#include "cli/admin_client.hpp"
#include "cli/terminal.hpp"

#include <boost/json.hpp>

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char const* events = R"({"events":[
  {"id":7,"received_at":"2026-11-22T08:00:00.000Z","connection":"lever","type":"candidate.hired","title":"Zoë",
   "state":"dispatched","routes":[{"route":"hires","state":"delivered"},{"route":"second","state":"dead"}]},
  {"id":6,"received_at":"2026-11-22T07:00:00.000Z","connection":"lever","type":"candidate.hired","title":"Bob",
   "state":"received","routes":[]}]})";
constexpr char const* event = R"({"id":7,"type":"candidate.hired","connection":"lever",
  "received_at":"2026-11-22T08:00:00.000Z","title":"Zoë","subject":"person:1","state":"dispatched","reason":"",
  "replay_of":3,"deliveries":[
   {"id":11,"kind":"delivery","route":"hires","connection":"goco","action":"create","state":"dead",
    "reason":"A field is missing.","schema":"goco.employee/1","record":{"first_name":"Zoë","active":true},
    "sources":[{"field":"first_name","source":"/first_name of the hire"}],
    "warnings":[{"field":"manager","reason":"Nobody of that name."}],
    "fields":[{"field":"email","reason":"It is required."}],
    "attempts":[{"number":1,"kind":"push","started_at":"2026-11-22T08:00:01.000Z","outcome":"rejected",
                 "reason":"A field is missing."}]},
   {"id":12,"kind":"feedback","connection":"lever","action":"add_note","state":"delivered","target_key":"n1",
    "target_url":"https://lever.example.com/n1","record":{"text":"A note"}}]})";

struct Output : Terminal {};

TEST_F(Output, ListsEventsAsATable) {
    EXPECT_EQ(with(events, {"events", "list"}), 0);
    EXPECT_EQ(out.str(),
              "ID  RECEIVED                  FROM   EVENT            WHO  STATE\n"
              "7   2026-11-22T08:00:00.000Z  lever  candidate.hired  Zoë  hires: delivered, second: dead\n"
              "6   2026-11-22T07:00:00.000Z  lever  candidate.hired  Bob  received\n");
    EXPECT_EQ(last_request(), "GET /api/v1/events?limit=50");
}

TEST_F(Output, PrintsTheHostsAnswerAsJson) {
    for (std::vector<std::string> const& arguments :
         std::vector<std::vector<std::string>>{{"events", "list"},
                                               {"events", "show", "7"},
                                               {"events", "explain", "7"},
                                               {"events", "replay", "7"},
                                               {"dead", "list"},
                                               {"dead", "causes"},
                                               {"dead", "show", "d7"},
                                               {"routes", "list"},
                                               {"routes", "stop", "x"},
                                               {"connections", "list"},
                                               {"connections", "resume", "x"},
                                               {"connectors", "list"}}) {
        std::vector<std::string> with_option = arguments;
        with_option.insert(with_option.end(), {"--output", "json"});
        EXPECT_EQ(with(R"({"x":[1,"ë"]})", with_option), 0) << testing::PrintToString(arguments);
        EXPECT_EQ(out.str(), "{\"x\":[1,\"ë\"]}\n") << testing::PrintToString(arguments);
    }
}

TEST_F(Output, SaysNothingWhereThereIsNothing) {
    EXPECT_EQ(with(R"({"events":[]})", {"events", "list"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("(nothing)"));
}

TEST_F(Output, AsksForTheEventsThatAreWanted) {
    EXPECT_EQ(with(events, {"events", "list", "--search", "Zoë & co", "--state", "dead", "--connection", "lever",
                            "--route", "hires", "--before", "7", "--limit", "2"}),
              0);
    EXPECT_EQ(last_request(),
              "GET /api/v1/events?limit=2&text=Zo%C3%AB%20%26%20co&state=dead&connection=lever&route=hires&before=7");
}

TEST_F(Output, ShowsAnEventWithItsDeliveriesAndAttempts) {
    EXPECT_EQ(with(event, {"events", "show", "7"}), 0);
    EXPECT_EQ(last_request(), "GET /api/v1/events/7");
    for (char const* words :
         {"Event 7: candidate.hired from lever", "who: Zoë (person:1)", "replay of event 3",
          "delivery 11: goco create → dead", "why: A field is missing.", "field email: It is required.",
          "left out manager: Nobody of that name.", "push 1: rejected — A field is missing.",
          "feedback 12: lever add_note → delivered", "at the target: n1 https://lever.example.com/n1"}) {
        EXPECT_THAT(out.str(), HasSubstr(words));
    }
}

TEST_F(Output, ExplainsWhereEachFieldCameFrom) {
    EXPECT_EQ(with(event, {"events", "explain", "7"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("route hires wrote for goco create (goco.employee/1):"));
    EXPECT_THAT(out.str(), HasSubstr("    first_name  Zoë    /first_name of the hire\n"));
    EXPECT_THAT(out.str(), HasSubstr("    active      true   the connectors' own mapping\n"));
    EXPECT_THAT(out.str(), HasSubstr("missing or wrong email: It is required."));
    EXPECT_THAT(out.str(), Not(HasSubstr("A note")));
}

TEST_F(Output, ReplaysAnEvent) {
    EXPECT_EQ(with(R"({"event":9,"replay_of":7})", {"events", "replay", "7"}), 0);
    EXPECT_EQ(last_request(), "POST /api/v1/events/7/replay");
    EXPECT_EQ(out.str(), "Event 7 runs again as event 9.\n");
}

TEST_F(Output, ListsRoutes) {
    EXPECT_EQ(with(R"({"routes":[{"route":"hires","state":"running","from":"lever a.b","to":"goco c"}]})",
                   {"routes", "list"}),
              0);
    EXPECT_EQ(out.str(),
              "ROUTE  STATE    FROM       TO      SCHEDULE  NEXT RUN  LAST RUN\n"
              "hires  running  lever a.b  goco c                      \n");
}

TEST_F(Output, StartsStopsPausesAndResumesARoute) {  // A.17
    for (char const* verb : {"start", "stop", "pause", "resume"}) {
        EXPECT_EQ(with(R"({"route":"hires","state":"stopped"})", {"routes", verb, "hires"}), 0);
        EXPECT_EQ(last_request(), "POST /api/v1/routes/hires/" + std::string(verb));
        EXPECT_EQ(out.str(), "Route hires is stopped now.\n");
    }
}

TEST_F(Output, KeepsANameInsideItsPlaceInTheAddress) {
    EXPECT_EQ(with("{}", {"routes", "stop", "a/../b?c"}), 0);
    EXPECT_EQ(last_request(), "POST /api/v1/routes/a%2F..%2Fb%3Fc/stop");
}

TEST_F(Output, ListsConnectionsWithBothFormsOfTheWebhookAddress) {  // A.15
    EXPECT_EQ(with(R"({"connections":[{"connection":"lever","connector":"lever","state":"connected","webhook":
                    {"url":"https://h.example.com/hooks/lever","without_scheme":"h.example.com/hooks/lever"}}]})",
                   {"connections", "list"}),
              0);
    EXPECT_THAT(out.str(), HasSubstr("  https://h.example.com/hooks/lever  h.example.com/hooks/lever"));
}

TEST_F(Output, ListsTheEnvironmentOfAConnection) {  // E.5
    EXPECT_EQ(with(R"({"connections":[{"connection":"lever","connector":"lever","environment":"sandbox",
                    "state":"connected"}]})",
                   {"connections", "list"}),
              0);
    EXPECT_THAT(out.str(), HasSubstr("CONNECTOR  ENVIRONMENT  STATE"));
    EXPECT_THAT(out.str(), HasSubstr("lever      sandbox      connected"));
}

TEST_F(Output, ChecksAConnection) {  // A.12
    EXPECT_EQ(with(R"({"connection":"lever","ok":true,"warnings":[]})", {"connections", "check", "lever"}), 0);
    EXPECT_EQ(out.str(), "Connection lever works.\n");
    EXPECT_EQ(with(R"({"ok":false,"reason":"The key is refused."})", {"connections", "check", "lever"}), 1);
    EXPECT_EQ(out.str(), "Connection lever does not work: The key is refused.\n");
    EXPECT_EQ(last_request(), "POST /api/v1/connections/lever/check");
}

TEST_F(Output, EndsWith1WhenAKeyLacksRightsInTextAndInJson) {  // A.13
    std::string const body = R"({"ok":true,"warnings":[{"field":"api_key","reason":"It sees no offers."}]})";
    EXPECT_EQ(with(body, {"connections", "check", "lever"}), 1);
    EXPECT_THAT(out.str(), HasSubstr("  api_key: It sees no offers.\n"));
    EXPECT_EQ(with(body, {"connections", "check", "lever", "-o", "json"}), 1);
}

TEST_F(Output, ResumesAConnection) {  // A.45
    EXPECT_EQ(with(R"({"status":"connected"})", {"connections", "resume", "goco"}), 0);
    EXPECT_EQ(out.str(), "Connection goco is connected now.\n");
}

TEST_F(Output, ListsConnectors) {
    EXPECT_EQ(with(R"({"connectors":[{"connector":"lever","state":"loaded","reason":"",
                    "provides":[{"product":"Lever","version":"1","support":"help@example.com"}]}]})",
                   {"connectors", "list"}),
              0);
    EXPECT_THAT(out.str(), HasSubstr("lever      loaded  Lever    1        help@example.com"));
}

TEST_F(Output, LetsNoNameSteerTheTerminal) {
    EXPECT_EQ(with(R"({"events":[{"id":1,"title":"\u001b[2J\nZoe\u007f","state":"received"}]})", {"events", "list"}),
              0);
    EXPECT_THAT(out.str(), HasSubstr(" [2J Zoe "));
    EXPECT_THAT(out.str(), Not(HasSubstr("\x1b")));
    EXPECT_EQ(with(R"({"detail":"No \u001b[31mevent."})", {"events", "list"}, 404), 65);
    EXPECT_THAT(err.str(), Not(HasSubstr("\x1b")));
}

TEST(Table, WidensNoColumnBeyond60Characters) {
    std::ostringstream out;
    print_table(out, {{"A", "B"}, {std::string(70, 'x'), "y"}, {"z", "y"}});
    EXPECT_EQ(out.str(),
              "A" + std::string(61, ' ') + "B\n" + std::string(70, 'x') + "  y\nz" + std::string(61, ' ') + "y\n");
}

}  // namespace
}  // namespace crosswalk::cli
