#include "store/handles.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Handles of(std::string schema, std::string json) {
    return handles_of({std::move(schema), "", std::move(json)});
}

TEST(Handles, NamesTheHiredAndNotTheirManager) {
    Handles const found = of("crosswalk.hire/1", R"({
        "kind":"hire","ref":{"system":"lever","kind":"opportunity","id":"a/b"},"personal_email":" Ada@Example.COM ",
        "candidate":{"system":"lever","kind":"contact","id":"7"},
        "requisition":{"system":"lever","kind":"requisition","id":"9"},
        "manager":{"email":"boss@example.com","ref":{"system":"lever","kind":"user","id":"1"}}})");
    EXPECT_EQ(found.owner, Owner::person);
    EXPECT_THAT(found.texts, ElementsAre("ada@example.com", "lever/opportunity/a/b", "lever/contact/7"));
}

TEST(Handles, NamesACandidateByEachAddressAndALinkedRecord) {
    Handles const found = of("crosswalk.candidate/1", R"({
        "ref":{"system":"gh","kind":"candidate","id":"1"},"links":[{"system":"lever","kind":"contact","id":"2"}],
        "emails":[{"value":"a@example.com"},{"value":"b@example.com"},{"value":"no address"}],
        "owner":{"email":"recruiter@example.com"}})");
    EXPECT_THAT(found.texts, ElementsAre("a@example.com", "b@example.com", "gh/candidate/1", "lever/contact/2"));
}

TEST(Handles, CallsARequisitionNobodysAndAFilledOpeningSomebodys) {
    std::string const ref = R"("ref":{"system":"gh","kind":"opening","id":"1"})";
    EXPECT_EQ(of("crosswalk.requisition/1", "{" + ref + R"(,"recruiters":[{"email":"r@example.com"}]})").owner,
              Owner::nobody);
    Handles const filled =
        of("crosswalk.opening/1", "{" + ref + R"(,"application":{"system":"gh","kind":"application","id":"5"}})");
    EXPECT_EQ(filled.owner, Owner::person);
    EXPECT_THAT(filled.texts, ElementsAre("gh/application/5"));
}

TEST(Handles, IsUnsureOfWhatIsNotCanonicalOrNoJson) {
    Handles const found = of("lever.opportunity/1", R"({"emails":["A@example.com"],"owner":{"mail":"b@example.com"}})");
    EXPECT_EQ(found.owner, Owner::unsure);
    EXPECT_THAT(found.texts, ElementsAre("a@example.com", "b@example.com"));
    EXPECT_EQ(of("crosswalk.hire/1", "not JSON").owner, Owner::unsure);
    EXPECT_THAT(of("crosswalk.hire/1", "[1]").texts, IsEmpty());
}

TEST(Handles, ReadsWhatAPersonTyped) {
    EXPECT_EQ(handle_from(" Ada@Example.com\n"), "ada@example.com");
    EXPECT_EQ(handle_from("lever/opportunity/a/B"), "lever/opportunity/a/B");
    EXPECT_EQ(handle_from("lever//a"), "");
    EXPECT_EQ(handle_from("two@@example.com"), "");
    EXPECT_EQ(handle_from(std::string(600, 'a') + "@example.com"), "");
}

}  // namespace
}  // namespace crosswalk::store
