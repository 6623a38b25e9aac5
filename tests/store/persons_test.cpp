// Erasing a person: what must be gone, what must stay, and that it is shown.
#include "store/persons.hpp"

#include "store/arrival_keys.hpp"
#include "store/links.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;
using testing::ElementsAre;

constexpr char const* ada = "ada.canary@example.com";

class PersonsTest : public StoreFixture {
protected:
    static model::Event hire(std::string const& id, std::string const& person, std::string const& email,
                             std::string const& manager = "boss@example.com") {
        model::Event made = event(id, person, "Ada Canarylast");
        made.record.json = R"({"kind":"hire","ref":{"system":"lever","kind":"opportunity","id":")" + person +
                           R"("},"first_name":"Ada","last_name":"Canarylast","personal_phone":"555 0177",)" +
                           R"("personal_email":")" + email + R"(","manager":{"email":")" + manager + R"("}})";
        return made;
    }
    // One webhook that names the person, read into one event with one delivery.
    InboxId hired(std::string const& person, std::string const& email, std::string const& key) {
        Accepted item = webhook(key);
        item.raw.body = R"({"email":")" + email + R"(","name":"Canarylast"})";
        auto const verdict = inbox().accept(std::move(item));
        EXPECT_TRUE(verdict);
        NewDelivery delivery = push(key, person, "target " + email);
        delivery.record.json = R"({"last":"Canarylast","email":")" + email + R"("})";
        EXPECT_TRUE(inbox().dispatch(verdict->id, {{hire("event " + key, person, email), {delivery}}}, ""));
        return verdict->id;
    }
    Erasure erase(std::string_view person) {
        auto const erased = Persons(*store_).erase(person);
        EXPECT_TRUE(erased) << erased.error().detail;
        return erased ? *erased : Erasure();
    }
    [[nodiscard]] std::string title_of(InboxId id) { return history().show(id).value().summary.title; }
    // Every byte of the database and its log.
    [[nodiscard]] std::string files() const {
        std::string all;
        for (char const* const suffix : {"", "-wal"}) {
            std::filesystem::path path = options_.path;
            std::ifstream file(path += suffix, std::ios::binary);
            all.append(std::istreambuf_iterator<char>(file), {});
        }
        return all;
    }
};

TEST_F(PersonsTest, KeepsNothingPersonalInTheClearAtAnyTime) {
    hired("opp-canary-1", ada, "key-canary-1");
    auto const leased = lease();
    settle(leased.at(0).id, DeliveryState::dead, Outcome::rejected, "No.");
    ASSERT_TRUE(inbox().accept(webhook("unread")));
    for (int round = 0; round < 2; ++round) {
        std::string const all = files();
        for (char const* const canary :
             {"Canarylast", "ada.canary", "555 0177", "opp-canary-1", "key-canary-1", "hooks/lever"}) {
            EXPECT_EQ(all.find(canary), std::string::npos) << canary;
        }
        reopen();
    }
}

TEST_F(PersonsTest, LeavesNothingReadableOfSomebodyWhoIsErased) {
    InboxId const id = hired("opp-1", ada, "k1");
    settle(lease().at(0).id, DeliveryState::delivered, Outcome::delivered);
    ASSERT_EQ(title_of(id), "Ada Canarylast");
    Erasure const erased = erase(" Ada.Canary@Example.com ");
    EXPECT_EQ(erased.persons, 1);
    EXPECT_EQ(erased.events, 1);
    EXPECT_EQ(erased.deliveries, 1);
    EXPECT_EQ(erased.payloads, 1);
    EXPECT_EQ(erased.discarded, 0) << "it was delivered";
    EXPECT_GT(erased.bytes_searched, 4096);
    EXPECT_TRUE(erased.proven);
    for (int round = 0; round < 2; ++round) {
        auto const view = history().show(id);
        ASSERT_TRUE(view) << view.error().detail;
        EXPECT_EQ(view->summary.title, "");
        EXPECT_EQ(view->events.at(0).id, "");
        EXPECT_EQ(view->events[0].record.json, "");
        EXPECT_TRUE(view->deliveries.at(0).erased);
        EXPECT_EQ(view->deliveries[0].delivery.record.json, "");
        EXPECT_EQ(view->deliveries[0].state, DeliveryState::delivered);
        EXPECT_EQ(inbox().replay(id).error().code, ErrorCode::failed_precondition);
        EXPECT_EQ(history().conservation()->difference(), 0);
        reopen();
    }
}

TEST_F(PersonsTest, LeavesOthersAloneAlsoThoseWithTheSameManager) {
    hired("opp-1", ada, "k1");
    InboxId const other = hired("opp-2", "bob@example.com", "k2");
    erase(ada);
    EXPECT_EQ(title_of(other), "Ada Canarylast");
    EXPECT_EQ(erase("boss@example.com").events, 0) << "a manager is named in it, it is not about them";
    EXPECT_EQ(title_of(other), "Ada Canarylast");
    EXPECT_EQ(inbox().read(other)->raw.body.empty(), false);
}

TEST_F(PersonsTest, FindsAPersonByAReferenceAndTakesAllThatSharesAHandle) {
    InboxId const first = hired("opp-1", ada, "k1");
    InboxId const second = hired("opp-2", ada, "k2");  // the same address
    InboxId const third = hired("opp-2", "ada.private@example.com", "k3");
    EXPECT_EQ(erase("lever/opportunity/opp-1").events, 3);
    for (InboxId const id : {first, second, third}) {
        EXPECT_EQ(title_of(id), "");
    }
}

TEST_F(PersonsTest, JoinsTwoPersonsThatOneRecordShowsToBeTheSame) {
    hired("opp-1", ada, "k1");
    hired("opp-2", "ada.private@example.com", "k2");
    hired("opp-1", "ada.private@example.com", "k3");
    EXPECT_EQ(erase(ada).events, 3);
}

TEST_F(PersonsTest, DiscardsWhatIsStillToBeSentAndLetsTheNextOfTheLaneGo) {
    hired("opp-1", ada, "k1");
    InboxId const other = hired("opp-9", "bob@example.com", "k2");
    NewDelivery behind = push("behind", "opp-1");
    ASSERT_TRUE(
        inbox().dispatch(inbox().accept(webhook("k3"))->id, {{hire("e3", "opp-8", "eve@example.com"), {behind}}}, ""));
    EXPECT_EQ(erase(ada).discarded, 1);
    EXPECT_THAT(keys(lease()), ElementsAre("k2", "behind"));
    EXPECT_EQ(history().conservation()->discarded, 1);
    EXPECT_EQ(history().conservation()->difference(), 0);
    EXPECT_NE(title_of(other), "");
}

TEST_F(PersonsTest, NeverSendsAgainWhatWasInFlightWhenItsPersonWasErased) {
    hired("opp-1", ada, "k1");
    DeliveryId const id = lease().at(0).id;
    EXPECT_EQ(erase(ada).discarded, 0) << "it is on its way";
    settle(id, DeliveryState::pending, Outcome::retry, "Not now.");
    clock_.advance(std::chrono::minutes(2));
    EXPECT_THAT(keys(lease()), ElementsAre());
    EXPECT_EQ(history().delivery(id)->state, DeliveryState::discarded);
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(PersonsTest, KnowsTheSameWebhookAndTheSameDeliveryStillAfterwards) {
    InboxId const id = hired("opp-1", ada, "k1");
    settle(lease().at(0).id, DeliveryState::delivered, Outcome::delivered);
    erase(ada);
    reopen();
    auto const again = inbox().accept(webhook("k1"));
    EXPECT_TRUE(again->duplicate);
    EXPECT_EQ(again->id, id);
    dispatched({push("k1", "opp-1")});
    EXPECT_THAT(keys(lease()), ElementsAre()) << "its idempotency key was seen before";
}

TEST_F(PersonsTest, FindsWhatNobodyHasReadYetByWhatStandsInIt) {
    hired("opp-1", ada, "k1");
    Accepted about = webhook("unread 1");
    about.raw.body = R"({"opportunity":"opp-1"})";
    Accepted other = webhook("unread 2");
    other.raw.body = R"({"opportunity":"opp-12","x":"xopp-1"})";
    Accepted dead = webhook("unread 3");
    dead.raw.body = R"({"mail":"ADA.canary@example.com"})";
    InboxId const about_id = inbox().accept(about)->id;
    InboxId const other_id = inbox().accept(other)->id;
    InboxId const dead_id = inbox().accept(dead)->id;
    ASSERT_TRUE(inbox().bury(dead_id, {ErrorCode::invalid_argument, "Not parseable."}, {}));
    Erasure const erased = erase(ada);
    EXPECT_EQ(erased.unread_discarded, 2);
    EXPECT_EQ(history().show(about_id)->summary.state, "discarded");
    EXPECT_EQ(history().show(dead_id)->summary.reason, "erased");
    EXPECT_EQ(history().show(other_id)->summary.state, "received");
    EXPECT_EQ(inbox().pending().value(), 1);
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(PersonsTest, RemovesTheLinksOfThePersonsRecords) {
    hired("opp-1", ada, "k1");
    Links links(*store_);
    ASSERT_TRUE(links.put({"lever", "opportunity", "opp-1"}, {"goco", "employee", "7"}));
    ASSERT_TRUE(links.put({"lever", "opportunity", "opp-2"}, {"goco", "employee", "8"}));
    EXPECT_EQ(erase(ada).links, 1);
    EXPECT_EQ(links.list("lever", "", 10)->size(), 1U);
}

TEST_F(PersonsTest, TakesARecordThatNobodyUnderstoodByEachAddressInItAndNothingElse) {
    auto const verdict = inbox().accept(webhook("raw"));
    model::Event unmapped = event("e1", "x", "Somebody");
    unmapped.record = {"lever.opportunity/1", "x", R"({"a":["ada.canary@example.com"],"owner":"boss@example.com"})"};
    ASSERT_TRUE(inbox().dispatch(verdict->id, {{unmapped, {}}}, "Filtered."));
    InboxId const own = hired("opp-1", "boss@example.com", "k1");
    EXPECT_EQ(erase(ada).events, 1);
    EXPECT_EQ(title_of(verdict->id), "");
    EXPECT_EQ(title_of(own), "Ada Canarylast") << "an address beside another joins nobody";
}

TEST_F(PersonsTest, ErasesNothingWhenNobodyIsKnownAndRefusesWhatNamesNobody) {
    hired("opp-1", ada, "k1");
    Erasure const erased = erase("nobody@example.com");
    EXPECT_EQ(erased.persons + erased.events + erased.deliveries + erased.payloads, 0);
    EXPECT_TRUE(erased.proven);
    for (char const* const text : {"", "ada", "lever/opportunity/", "@", "a b@example.com"}) {
        EXPECT_EQ(Persons(*store_).erase(text).error().code, ErrorCode::invalid_argument) << text;
    }
}

TEST_F(PersonsTest, BeginsAnewWithAPersonWhoComesBack) {
    hired("opp-1", ada, "k1");
    erase(ada);
    InboxId const again = hired("opp-1", ada, "k2");
    EXPECT_EQ(title_of(again), "Ada Canarylast");
    EXPECT_EQ(erase(ada).events, 1);
}

TEST_F(PersonsTest, DestroysAnArrivalKeyWhenNothingUnreadNeedsIt) {
    InboxId const read = hired("opp-1", ada, "k1");
    InboxId const unread = inbox().accept(webhook("unread"))->id;
    EXPECT_EQ(turn_arrival_keys(*store_).value(), 0U) << "it wraps what nobody has read";
    reopen();
    EXPECT_EQ(turn_arrival_keys(*store_).value(), 2U) << "those that came to nothing";
    EXPECT_EQ(inbox().read(unread)->raw.method, "POST");
    ASSERT_TRUE(inbox().dispatch(unread, {{hire("e2", "opp-2", "bob@example.com"), {}}}, "Nobody wanted it."));
    EXPECT_EQ(turn_arrival_keys(*store_).value(), 2U);
    reopen();
    for (InboxId const id : {read, unread}) {
        EXPECT_EQ(inbox().read(id)->raw.method, "POST") << "the person's key wraps it now";
        EXPECT_TRUE(inbox().replay(id));
    }
    EXPECT_EQ(inbox().due("lever", clock_.now(), 10)->size(), 2U);
}

TEST_F(PersonsTest, RefusesAStoreOfAnotherKeyAndLeavesItAsItWas) {
    InboxId const id = hired("opp-1", ada, "k1");
    store_.reset();
    auto const before = files();
    StoreOptions others = options_;
    others.key = model::Secret(std::string(64, '6'));
    auto const refused = Store::open(others, clock_, logger_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(files(), before);
    others.key = model::Secret("short");
    EXPECT_EQ(Store::open(others, clock_, logger_).error().code, ErrorCode::invalid_argument);
    open();
    EXPECT_EQ(title_of(id), "Ada Canarylast");
}

TEST_F(PersonsTest, DoesNotOpenWhatWasMovedToAnotherRow) {
    InboxId const first = hired("opp-1", ada, "k1");
    InboxId const second = hired("opp-1", ada, "k2");  // the same person's key
    tamper("UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE inbox_id = 1) WHERE inbox_id = 2");
    tamper("UPDATE event SET record = (SELECT record FROM event WHERE inbox_id = 1) WHERE inbox_id = 2");
    EXPECT_TRUE(inbox().read(first));
    EXPECT_EQ(inbox().read(second).error().code, ErrorCode::corruption);
    EXPECT_EQ(history().show(second).error().code, ErrorCode::corruption);
}

}  // namespace
}  // namespace crosswalk::store
