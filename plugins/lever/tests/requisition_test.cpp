// Requisitions out of Lever: listed, mapped, counted, found.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LeverRequisition : public LeverTest {
protected:
    LeverRequisition() {
        get("/requisitions?").reply(200, sample_text("rest/requisitions_list.json"));
        holds("/users/74297e17-dfef-4cd9-8545-f59a0672ac3a",
              {{"id", "74297e17-dfef-4cd9-8545-f59a0672ac3a"}, {"name", "Casey"}, {"email", "casey@example.com"}});
        holds("/users/8a792fa3-b31f-4587-bd7a-09e02b181c68", nullptr);
    }
    // The ids of one run of that poll.
    [[nodiscard]] std::vector<std::string> run(std::string const& event, std::string cursor = {}, bool full = false) {
        std::vector<std::string> ids;
        auto at = lever();
        for (int turn = 0; turn < 20; ++turn) {
            CallResult const result = at.poll({.event = event, .cursor = cursor, .run = "run-7", .full = full});
            EXPECT_EQ(result.status, CW_OK) << result.message;
            for (auto const& one : result.events) {
                ids.push_back(one.id);
                last = one;
            }
            cursor = result.cursor.value_or("");
            if (!result.more) {
                break;
            }
        }
        return ids;
    }
    [[nodiscard]] json::value mapped(std::string const& kind) {
        CallResult const result = lever().map(CW_MAP_IN, "lever." + kind + "/1", json::serialize(last.record.data),
                                              "crosswalk." + kind + "/1");
        EXPECT_EQ(result.records.size(), 1U) << result.message;
        return result.records.empty() ? json::value(json::object()) : result.records[0].data;
    }
    // The sample's requisition with some members replaced, as the only one.
    void list(json::object const& changes) {
        json::value answer = sample("rest/requisitions_list.json");
        for (auto const& change : changes) {
            answer.at("data").at(0).as_object()[change.key()] = change.value();
        }
        get("/requisitions?").clear().reply(200, json::serialize(answer));
    }
    support::CapturedEvent last;
};

TEST_F(LeverRequisition, IsMappedWithEverythingThatBothSidesKnow) {  // C.8
    ASSERT_EQ(run("requisition.listed").size(), 1U);
    EXPECT_EQ(last.subject, "requisition:52881d44-4f95-4fcb-bf28-2b344ea58889");
    json::value const record = mapped("requisition");
    EXPECT_EQ(record.at("code"), "ENG-145");
    EXPECT_EQ(record.at("name"), "Senior Software Engineer, Platform");
    EXPECT_EQ(record.at("status"), "open");
    EXPECT_EQ(record.at("confidential"), true);
    EXPECT_EQ(record.at("headcount"), 10);
    EXPECT_EQ(record.at("employment_type"), "full_time");
    EXPECT_EQ(record.at("department"), json::value({{"name", "Engineering"}}));
    EXPECT_EQ(record.at("locations"), json::parse(R"([{"name": "San Francisco"}])"));
    EXPECT_EQ(record.at("hiring_managers").at(0).at("email"), "casey@example.com");
    EXPECT_EQ(record.at("recruiters").at(0).as_object().if_contains("email"), nullptr);
    EXPECT_EQ(record.at("pay"), json::parse(R"({"min": {"amount": "50000", "currency": "USD"},
                                                "max": {"amount": "80000", "currency": "USD"}, "interval": "year"})"));
    EXPECT_EQ(record.at("postings").at(0).at("id"), "210bfcfc-fe7c-4c7b-87a3-c8d594c0e6c7");
    EXPECT_EQ(record.at("custom").at("cost_center.city"), "San Francisco");
    EXPECT_EQ(record.at("ref"),
              json::value(
                  {{"system", "lever-main"}, {"kind", "requisition"}, {"id", "52881d44-4f95-4fcb-bf28-2b344ea58889"}}));
}

TEST_F(LeverRequisition, MayHaveNoEndOfHeadcountAndOtherShapes) {
    for (std::string const name : {"requisition_unlimited_headcount", "requisition_update_response_201",
                                   "requisition_create_response_201", "requisition"}) {
        list(sample("rest/" + name + ".json").at("data").as_object());
        holds("/users/", nullptr);
        ASSERT_EQ(run("requisition.listed").size(), 1U) << name;
        json::value const record = mapped("requisition");
        EXPECT_FALSE(record.at("name").as_string().empty());
        if (name == "requisition_unlimited_headcount") {
            EXPECT_EQ(record.as_object().if_contains("headcount"), nullptr);
            EXPECT_EQ(record.at("custom").at("headcount"), "unlimited");
            EXPECT_EQ(record.at("status"), "on_hold");
        }
    }
}

TEST_F(LeverRequisition, IsTheSameEventUntilItsContentChanges) {  // C.24
    auto const first = run("requisition.listed");
    EXPECT_EQ(run("requisition.listed"), first);
    list({{"name", "Another"}});
    auto const second = run("requisition.listed");
    EXPECT_NE(second, first);
    list({});
    EXPECT_NE(run("requisition.listed"), first) << "a change back is a change, too";
    EXPECT_THAT(run("requisition.listed", {}, true), ElementsAre(testing::EndsWith(":run-7")));
}

TEST_F(LeverRequisition, IsReadToTheLastPageAndFromWhereItStopped) {
    json::value page = sample("rest/requisitions_list.json");
    page.as_object()["hasNext"] = true;
    page.as_object()["next"] = "r.2";
    get("/requisitions?confidentiality=all&limit=100").clear().reply(200, json::serialize(page));
    list({{"id", "req-2"}});
    get("/requisitions?confidentiality=all&limit=100&offset=r.2")
        .reply(200, R"({"data": [{"id": "req-2", "name": "Nurse"}], "hasNext": false})");
    EXPECT_EQ(run("requisition.listed").size(), 2U);
    CallResult const first = lever().poll({.event = "requisition.listed"});
    EXPECT_TRUE(first.more);
    EXPECT_THAT(run("requisition.listed", first.cursor.value_or("")), ElementsAre(HasSubstr("req-2")));
}

TEST_F(LeverRequisition, HasItsCandidatesCounted) {  // C.12
    std::string const hired = "16308515-dc77-4aa7-b3af-96161b2b4e9b";
    holds("/archive_reasons/" + hired, {{"id", hired}, {"type", "hired"}});
    holds("/archive_reasons/no", {{"id", "no"}, {"type", "non-hired"}});
    std::string const fields =
        "/opportunities?expand=stage&expand=applications&include=id&include=archived&"
        "include=archivedAt&include=archiveReason&";
    get(fields + "posting_id=210bfcfc-fe7c-4c7b-87a3-c8d594c0e6c7&confidentiality=all&limit=100")
        .reply(200, R"({"data": [{"id": "o-1", "stage": {"text": "Offer"}}], "hasNext": true, "next": "n"})");
    get(fields + "posting_id=210bfcfc-fe7c-4c7b-87a3-c8d594c0e6c7&confidentiality=all&limit=100&offset=n")
        .reply(200, R"({"data": [{"id": "o-2", "stage": {"text": "Offer"}}, {"id": "o-3", "stage": {"text": "New"}},
                                 {"id": "o-1", "stage": {"text": "Offer"}}]})");
    get(fields + "archived_posting_id=210bfcfc-fe7c-4c7b-87a3-c8d594c0e6c7")
        .reply(200, json::serialize(json::object{
                        {"data",
                         {{{"id", "o-4"}, {"archivedAt", 5}, {"archiveReason", hired}},
                          {{"id", "o-5"}, {"archived", {{"archivedAt", 5}, {"reason", "no"}}}},
                          {{"id", "o-6"},
                           {"archivedAt", 5},
                           {"archiveReason", hired},
                           {"applications", {{{"id", "a-6"}, {"requisitionForHire", {{"id", "other"}}}}}}}}}}));
    ASSERT_EQ(run("requisition.metrics").size(), 1U);
    json::value const record = mapped("requisition_metrics");
    EXPECT_EQ(record.at("requisition").at("id"), "52881d44-4f95-4fcb-bf28-2b344ea58889");
    EXPECT_EQ(record.at("code"), "ENG-145");
    EXPECT_EQ(record.at("candidates"), 6);
    EXPECT_EQ(record.at("active"), 3);
    EXPECT_EQ(record.at("hired"), 1);
    EXPECT_EQ(record.at("archived"), 2);
    EXPECT_EQ(record.at("stages"), json::parse(R"([{"name": "New", "candidates": 1},
                                                   {"name": "Offer", "candidates": 2}])"));
    EXPECT_EQ(record.at("as_of"), "2026-11-21T21:41:07.012Z");
}

TEST_F(LeverRequisition, IsCountedWhileOpenAndAWeekAfterItWasClosed) {
    get("/opportunities?").reply(200, R"({"data": []})");
    list({{"status", "closed"}, {"closedAt", host.now_ms() - 6 * 86'400'000LL}});
    EXPECT_EQ(run("requisition.metrics").size(), 1U);
    list({{"status", "closed"}, {"closedAt", host.now_ms() - 8 * 86'400'000LL}});
    EXPECT_EQ(run("requisition.metrics").size(), 0U);
    list({{"status", "draft"}});
    EXPECT_EQ(run("requisition.metrics").size(), 0U);
}

TEST_F(LeverRequisition, AreCountedAFewInATurn) {
    json::array many;
    for (int number = 0; number < 12; ++number) {
        many.push_back(json::object{{"id", "r-" + std::to_string(number)}, {"status", "open"}});
    }
    get("/requisitions?").clear().reply(200, json::serialize(json::object{{"data", many}}));
    CallResult const first = lever().poll({.event = "requisition.metrics"});
    EXPECT_EQ(first.events.size(), 5U);
    EXPECT_TRUE(first.more);
    EXPECT_EQ(run("requisition.metrics", first.cursor.value_or("")).size(), 7U);
}

TEST_F(LeverRequisition, IsFoundByIdCodeAndName) {
    holds_sample("/requisitions/52881d44-4f95-4fcb-bf28-2b344ea58889", "requisition");
    get("/requisitions/ENG-145").reply(404, "{}");
    auto const found = [&](std::string const& query) {
        return lever().find("crosswalk.requisition/1", query).records.size();
    };
    EXPECT_EQ(found(R"({"id": "52881d44-4f95-4fcb-bf28-2b344ea58889"})"), 1U);
    EXPECT_EQ(found(R"({"id": "ENG-145"})"), 1U);
    EXPECT_EQ(found(R"({"text": "senior SOFTWARE"})"), 1U);
    EXPECT_EQ(found(R"({"text": "nurse"})"), 0U);
}

}  // namespace
}  // namespace crosswalk::lever
