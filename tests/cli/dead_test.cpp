#include "cli/terminal.hpp"

#include <boost/json.hpp>

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;

struct Dead : Terminal {
    boost::json::value sent() { return boost::json::parse(last_body()); }
};

constexpr char const* replayed = R"({"dry_run":false,"replayed":1,"would_replay":0,"already":0,"refused":0,"left":0,
  "results":[{"letter":"d23","result":"replayed","from":"mapped","mapping":"new","previews":[]}]})";

TEST_F(Dead, ShowsTheCausesWithTheirCounts) {
    EXPECT_EQ(with(R"({"causes":[{"cause":"push.invalid_argument:email","count":12,"newest":"N","oldest":"O",
      "routes":["a","b"],"connections":["goco"],"reason":"No e-mail."}]})",
                   {"dead", "causes"}),
              0);
    EXPECT_EQ(last_request(), "GET /api/v1/dead/causes");
    EXPECT_THAT(out.str(), HasSubstr("12     push.invalid_argument:email  N       O       a, b    goco"));
    EXPECT_THAT(out.str(), HasSubstr("the newest: No e-mail."));
}

TEST_F(Dead, ListsThoseOfACauseAndSaysHowToGoOn) {
    EXPECT_EQ(with(R"({"letters":[{"letter":"d23","died_at":"T","kind":"delivery","route":"hires","connection":"goco",
      "title":"Zoë","cause":"c"}],"next_before":"d23"})",
                   {"dead", "list", "--cause", "push.x:/a", "--limit", "1"}),
              0);
    EXPECT_EQ(last_request(), "GET /api/v1/dead?limit=1&cause=push.x%3A%2Fa");
    EXPECT_THAT(out.str(), HasSubstr("d23     T     delivery  hires  goco  Zoë  c"));
    EXPECT_THAT(out.str(), HasSubstr("--before d23"));
}

TEST_F(Dead, ShowsOneWithItsRecordAttemptsAndWhatCame) {
    EXPECT_EQ(with(R"({"letter":"d23","kind":"delivery","event":17,"state":"dead","title":"Zoë","reason":"No.",
      "delivery":{"schema":"goco.employee/1","record":{"first_name":"Zoë"},
        "sources":[{"field":"/first_name","source":"set by a person"}],
        "fields":[{"field":"email","reason":"is required"}],
        "attempts":[{"started_at":"T","kind":"push","number":1,"outcome":"rejected","reason":"No."}]},
      "raw":{"received_at":"R","connection":"lever","body":{"id":1}}})",
                   {"dead", "show", "d23"}),
              0);
    EXPECT_EQ(last_request(), "GET /api/v1/dead/d23");
    for (char const* words : {"Letter d23 (delivery) of event 17: dead", "who: Zoë", "why: No.", "first_name",
                              "/first_name from set by a person", "the target said of email: is required",
                              "T push 1: rejected — No.", R"({"id":1})"}) {
        EXPECT_THAT(out.str(), HasSubstr(words));
    }
}

TEST_F(Dead, SendsTheEditsAsTextUnlessJsonIsAskedFor) {
    EXPECT_EQ(with(R"({"previews":[]})", {"dead", "edit", "d23", "--set", "/zip=01234", "--set", "/note=a=b",
                                          "--set-json", "/tags=[1]", "--remove", "/manager"}),
              0);
    EXPECT_EQ(last_request(), "POST /api/v1/dead/d23/edit");
    EXPECT_EQ(boost::json::serialize(sent()),
              R"({"set":{"/zip":"01234","/note":"a=b","/tags":[1]},"remove":["/manager"],"dry_run":false})");
    EXPECT_THAT(out.str(), HasSubstr("dead replay d23"));
}

TEST_F(Dead, SendsNoEditThatItCannotRead) {
    EXPECT_EQ(with("{}", {"dead", "edit", "d23", "--set", "/zip"}), 64);
    EXPECT_EQ(with("{}", {"dead", "edit", "d23", "--set-json", "/zip=[1"}), 64);
    EXPECT_EQ(last_request(), "none");
}

TEST_F(Dead, NamesTheFieldsThatAnEditLacks) {
    EXPECT_EQ(with(R"({"detail":"Fields are missing.","errors":[{"field":"email","reason":"It is required."}]})",
                   {"dead", "edit", "d23", "--remove", "/email"}, 409),
              65);
    EXPECT_THAT(err.str(), HasSubstr("missing or wrong email: It is required."));
}

TEST_F(Dead, ReplaysThoseNamedOrChosen) {
    EXPECT_EQ(with(replayed, {"dead", "replay", "d23", "--mapping", "new"}), 0);
    EXPECT_EQ(boost::json::serialize(sent()), R"({"letters":["d23"],"mapping":"new","dry_run":false,"force":false})");
    EXPECT_THAT(out.str(), HasSubstr("d23: replayed\n1 replayed, 0 on their way already, 0 refused."));
    EXPECT_EQ(with(replayed, {"dead", "replay", "--cause", "c", "--since", "2026-11-22", "--from", "raw"}), 0);
    EXPECT_EQ(sent().at("cause"), "c");
    EXPECT_EQ(sent().at("since"), "2026-11-22");
    EXPECT_EQ(sent().at("from"), "raw");
    EXPECT_EQ(sent().at("limit"), 50);
}

TEST_F(Dead, EndsWithOneWhenSomeAreRefused) {
    EXPECT_EQ(with(R"({"refused":1,"results":[{"letter":"d23","result":"refused","reason":"Purged.","previews":[]}]})",
                   {"dead", "replay", "d23"}),
              1);
    EXPECT_THAT(out.str(), HasSubstr("d23: refused — Purged."));
}

TEST_F(Dead, ShowsWhatARehearsalWouldSendAndWhatDiffers) {
    EXPECT_EQ(with(R"({"would_replay":1,"refused":0,"left":7,"results":[{"letter":"d23","result":"would_replay",
      "previews":[{"route":"hires","connection":"goco","action":"create","sends":true,"record":{"a":"new"},
        "sources":[],"warnings":[{"field":"w","reason":"Left out."}],"fields":[],
        "changes":[{"field":"/a","before":"old","after":"new"},{"field":"/b","after":1}]}]}]})",
                   {"dead", "replay", "--all", "--dry-run", "--limit", "1"}),
              0);
    EXPECT_EQ(sent().at("all"), true);
    EXPECT_EQ(sent().at("dry_run"), true);
    for (char const* words : {"would be replayed", "left out w: Left out.", "/a: old → new", "/b: (nothing) → 1",
                              "7 left", "Nothing was changed."}) {
        EXPECT_THAT(out.str(), HasSubstr(words));
    }
}

TEST_F(Dead, DiscardsWithAReasonAndNeverWithout) {
    EXPECT_EQ(with(R"({"discarded":1,"refused":0,"left":0,"results":[{"letter":"d23","result":"discarded"}]})",
                   {"dead", "discard", "d23", "--reason", "by \"hand\""}),
              0);
    EXPECT_EQ(last_request(), "POST /api/v1/dead/discard");
    EXPECT_EQ(last_body(), R"({"letters":["d23"],"reason":"by \"hand\""})");
    EXPECT_EQ(run({"dead", "discard", "d23"}), 64);
}

TEST_F(Dead, PrintsOneJsonDocument) {
    EXPECT_EQ(with(replayed, {"--output", "json", "dead", "replay", "d23"}), 0);
    EXPECT_EQ(boost::json::parse(out.str()).at("results").at(0).at("letter"), "d23");
}

}  // namespace
}  // namespace crosswalk::cli
