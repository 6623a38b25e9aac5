#include "folder.hpp"

#include <gmock/gmock.h>

namespace crosswalk::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view head =
    "route: hires\nfrom: { connection: lever, event: candidate.hired }\nto: { connection: goco, action: "
    "create_employee }\n";

// routes/hires.yaml is `head`, three lines, and `text`.
std::vector<std::string> problems_of(std::string_view text) {
    Folder const folder;
    folder.write("tables/kinds.csv", "from,to\na,b\n");
    folder.write("routes/hires.yaml", std::string(head) + std::string(text));
    return folder.problems();
}

model::Route route_of(std::string_view text) {
    Folder const folder;
    folder.write("tables/kinds.csv", "from,to\na,b\n");
    folder.write("routes/hires.yaml", std::string(head) + std::string(text));
    Loaded const loaded = load(folder.path());
    EXPECT_THAT(Folder::in_words(loaded.problems), IsEmpty());
    return loaded.config ? loaded.config->routes.at("hires").route : model::Route{};
}

TEST(RouteFile, ReadsItsEnds) {
    model::Route const route = route_of("title: From here to there\nenabled: false\nsupport: mail us\n");
    EXPECT_EQ(route.name, "hires");
    EXPECT_EQ(route.title, "From here to there");
    EXPECT_EQ(route.support, "mail us");
    EXPECT_FALSE(route.enabled);
    EXPECT_EQ(route.from_connection, "lever");
    EXPECT_EQ(route.from_event, "candidate.hired");
    EXPECT_EQ(route.to_connection, "goco");
    EXPECT_EQ(route.to_action, "create_employee");
}

// A.38
TEST(RouteFile, AddsAFurtherFieldWithoutCode) {
    model::Route const route = route_of("map:\n  cost_center: { from: /custom/cost_center }\n");
    ASSERT_EQ(route.mapping.rules.size(), 1U);
    EXPECT_EQ(route.mapping.rules[0].field, "cost_center");
    EXPECT_THAT(route.mapping.rules[0].from, ElementsAre("/custom/cost_center"));
}

TEST(RouteFile, ReadsEveryPartOfARule) {
    model::Route const route = route_of(
        "map:\n  b: { from: [/x, /y], join: \" \", transform: [trim, lower], table: kinds, otherwise: keep, default: "
        "none }\n"
        "  a: { constant: 5 }\n");
    ASSERT_EQ(route.mapping.rules.size(), 2U);
    model::FieldRule const& rule = route.mapping.rules[0];
    EXPECT_EQ(rule.field, "b");
    EXPECT_THAT(rule.from, ElementsAre("/x", "/y"));
    EXPECT_EQ(rule.join, " ");
    EXPECT_THAT(rule.transforms, ElementsAre(model::Transform::trim, model::Transform::lower));
    EXPECT_EQ(rule.table, "kinds");
    EXPECT_EQ(rule.otherwise, model::Otherwise::keep);
    EXPECT_EQ(rule.fallback, "\"none\"");
    EXPECT_EQ(route.mapping.rules[1].constant, "5");
}

TEST(RouteFile, KeepsConstantsThatLookLikeSomethingElse) {
    model::Route const route = route_of(
        "map: { a: { constant: yes }, b: { constant: 0012 }, c: { constant: \"5\" }, d: { constant: true } }\n");
    EXPECT_EQ(route.mapping.rules[0].constant, "\"yes\"");
    EXPECT_EQ(route.mapping.rules[1].constant, "\"0012\"");
    EXPECT_EQ(route.mapping.rules[2].constant, "\"5\"");
    EXPECT_EQ(route.mapping.rules[3].constant, "true");
}

TEST(RouteFile, RefusesABadPointer) {
    EXPECT_THAT(problems_of("map:\n  a: { from: first_name }\n  b: { from: [/x, /y~2] }\n"),
                ElementsAre("routes/hires.yaml:5:14: a JSON Pointer must begin with '/'; write '/first_name'",
                            "routes/hires.yaml:6:19: in a JSON Pointer '~' is written ~0 and a '/' inside a name ~1"));
}

TEST(RouteFile, RefusesAConstantBesideASource) {
    EXPECT_THAT(
        problems_of("map:\n  a: { from: /x, constant: y }\n"),
        ElementsAre("routes/hires.yaml:5:28: 'constant' and 'from' exclude each other; use 'default' for a value "
                    "when 'from' finds none"));
}

TEST(RouteFile, RefusesARuleWithoutSource) {
    EXPECT_THAT(problems_of("map:\n  a: { default: x }\n"),
                ElementsAre("routes/hires.yaml:5:3: the rule for 'a' needs 'from' or 'constant'"));
}

TEST(RouteFile, RefusesJoinAndOtherwiseWithoutWhatTheyBelongTo) {
    EXPECT_THAT(problems_of("map:\n  a: { constant: x, join: y }\n  b: { from: /x, otherwise: keep }\n"),
                ElementsAre("routes/hires.yaml:5:27: 'join' needs 'from'",
                            "routes/hires.yaml:6:29: 'otherwise' needs 'table'"));
}

TEST(RouteFile, NamesTheNearestTransform) {
    EXPECT_THAT(problems_of("map:\n  a: { from: /x, transform: [trim, lowr] }\n"),
                ElementsAre("routes/hires.yaml:5:36: unknown transform 'lowr'; did you mean 'lower'?"));
}

TEST(RouteFile, NamesTheNearestTable) {
    EXPECT_THAT(problems_of("map:\n  a/b: { from: /x, table: kind }\n"),
                ElementsAre("routes/hires.yaml:5:20: unknown table 'kind'; did you mean 'kinds'? (tables are files "
                            "tables/<name>.csv)"));
}

TEST(RouteFile, NamesTheNearestKeyOfARule) {
    EXPECT_THAT(problems_of("map:\n  a: { from: /x, tabel: kinds }\n"),
                ElementsAre("routes/hires.yaml:5:18: unknown key 'tabel'; did you mean 'table'?"));
}

TEST(RouteFile, RefusesAFieldWrittenAsAPointer) {
    EXPECT_THAT(
        problems_of("map:\n  /a: { from: /x }\n"),
        ElementsAre("routes/hires.yaml:5:3: a rule names a field, not a pointer: write first_name, not /first_name"));
}

TEST(RouteFile, TakesAPointerToAPlaceInsideAField) {  // C.25
    EXPECT_THAT(problems_of("map:\n  /address/city: { from: /x }\n"), ElementsAre());
}

TEST(RouteFile, RefusesARuleThatIsJustAPointer) {
    EXPECT_THAT(
        problems_of("map:\n  a: /x\n"),
        ElementsAre("routes/hires.yaml:5:6: must be a map of keys and values; known here: from, join, constant, "
                    "transform, table, otherwise, default"));
}

TEST(RouteFile, ReadsRequiredFields) {
    EXPECT_THAT(route_of("require: [first_name, /department/name]\n").mapping.required,
                ElementsAre("first_name", "/department/name"));
}

TEST(RouteFile, RefusesRequiredFieldsThatAreTwiceEmptyOrBadPointers) {
    EXPECT_THAT(problems_of("require: [a, a, \"\", /b~]\n"),
                ElementsAre("routes/hires.yaml:4:14: 'a' is required twice; remove one",
                            "routes/hires.yaml:4:17: the name of a field is empty",
                            "routes/hires.yaml:4:21: in a JSON Pointer '~' is written ~0 and a '/' inside a name ~1"));
}

TEST(RouteFile, ReadsFeedback) {
    model::Route const route =
        route_of("feedback:\n  - { on: [delivered, failed], to: { connection: lever, action: add_note } }\n");
    ASSERT_EQ(route.feedback.size(), 1U);
    EXPECT_THAT(route.feedback[0].on, ElementsAre(model::FeedbackOn::delivered, model::FeedbackOn::failed));
    EXPECT_EQ(route.feedback[0].connection, "lever");
    EXPECT_EQ(route.feedback[0].action, "add_note");
}

TEST(RouteFile, RefusesUnknownOutcomesInFeedback) {
    EXPECT_THAT(
        problems_of("feedback:\n  - { on: [delivred, delivered, delivered], to: { connection: lever, action: n } }\n"),
        ElementsAre("routes/hires.yaml:5:12: unknown outcome 'delivred'; did you mean 'delivered'?",
                    "routes/hires.yaml:5:33: 'delivered' is named twice; remove one"));
}

TEST(RouteFile, RefusesFeedbackToAnUnknownConnection) {
    EXPECT_THAT(
        problems_of("feedback:\n  - { on: failed, to: { connection: levre, action: add_note } }\n"),
        ElementsAre("routes/hires.yaml:5:25: unknown connection 'levre'; did you mean 'lever'? (connections are "
                    "files connections/<name>.yaml)"));
}

TEST(RouteFile, RefusesUnknownConnectionsAtItsEnds) {
    Folder const folder;
    folder.write("routes/hires.yaml",
                 "route: hires\nfrom: { connection: leaver, event: e }\nto: { connection: hris, action: a }\n");
    EXPECT_THAT(
        folder.problems(),
        ElementsAre("routes/hires.yaml:2:9: unknown connection 'leaver'; did you mean 'lever'? (connections are files "
                    "connections/<name>.yaml)",
                    "routes/hires.yaml:3:7: unknown connection 'hris'; known here: goco, lever (connections are files "
                    "connections/<name>.yaml)"));
}

TEST(RouteFile, NeedsBothEnds) {
    Folder const folder;
    folder.write("routes/hires.yaml", "route: hires\nto: { connection: goco }\n");
    EXPECT_THAT(folder.problems(), ElementsAre("routes/hires.yaml:1:1: the key 'from' is missing",
                                               "routes/hires.yaml:2:1: the key 'action' is missing"));
}

TEST(RouteFile, MustBeCalledAsItsFile) {
    Folder const folder;
    folder.write("routes/other.yaml", head);
    EXPECT_THAT(folder.problems(),
                ElementsAre("routes/other.yaml:1:8: the route is called 'hires' and its file 'other'; "
                            "make them the same"));
}

TEST(RouteFile, MayBeOnlyOne) {
    Folder const folder;
    folder.write("routes/hires.json", R"({"route":"hires","from":{"connection":"lever","event":"e"},)"
                                      R"("to":{"connection":"goco","action":"a"}})");
    EXPECT_THAT(folder.problems(), ElementsAre("routes/hires.yaml: the route 'hires' has another file; keep one"));
}

TEST(RouteFile, ReadsTheRetryPolicy) {
    model::Route const route = route_of("retry: { attempts_max: 3, first: 100ms, longest: 1s, outage_max: 2d }\n");
    EXPECT_EQ(route.retry.attempts_max, 3);
    EXPECT_EQ(route.retry.first, std::chrono::milliseconds(100));
    EXPECT_EQ(route.retry.longest, std::chrono::seconds(1));
    EXPECT_EQ(route.retry.outage_max, std::chrono::hours(48));
}

TEST(RouteFile, RefusesARetryPolicyThatCannotBe) {
    EXPECT_THAT(
        problems_of("retry: { attempts_max: 0, first: 5s, longest: 1s }\n"),
        ElementsAre("routes/hires.yaml:4:1: 'longest' is shorter than 'first'; the pause between two attempts grows "
                    "from 'first' to 'longest'",
                    "routes/hires.yaml:4:24: 'attempts_max' must be a whole number from 1 to 1000, without quotes"));
}

// A.23
TEST(RouteFile, MayNameOtherAddressesForErrorMail) {
    Folder const folder;
    folder.append("crosswalk.yaml", "notify: { email: { smtp: { host: mail.example.com } } }\n");
    folder.append("routes/hires.yaml", "notify: { email: { to: [a@b.example] } }\n");
    EXPECT_THAT(load(folder.path()).config->routes.at("hires").route.notify_emails, ElementsAre("a@b.example"));
}

TEST(RouteFile, RefusesMailWithoutServer) {
    EXPECT_THAT(problems_of("notify: { email: { to: [a@b.example] } }\n"),
                ElementsAre("routes/hires.yaml:4:20: mail needs a server: add notify.email.smtp to crosswalk.yaml"));
}

}  // namespace
}  // namespace crosswalk::config
