// Faults on order, the journal, and the control side's own manners.

#include "sandbox/tests/played.hpp"

#include <thread>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

std::string const person = R"({"first_name":"Fault","last_name":"Person"})";

class OrderedFaults : public Played {
protected:
    void fault(json::object fields) {
        fields.emplace("vendor", "goco");
        fields.emplace("method", "POST");
        fields.emplace("path", "/goco/companies/*/employees");
        control("POST", "/faults", fields);
    }

    std::size_t created() {
        return control("GET", "/goco/employees?first_name=Fault").at("employees").as_array().size();
    }
};

TEST_F(OrderedFaults, DenyWithAStatusBeforeAnythingIsApplied) {
    fault({{"kind", "status"}, {"status", 503}});
    EXPECT_EQ(goco("POST", "/employees", person).status, 503);
    EXPECT_EQ(created(), 0U);
    EXPECT_EQ(goco("POST", "/employees", person).status, 201);
}

TEST_F(OrderedFaults, MayDenyAfterTheCallWasApplied) {
    fault({{"kind", "status"}, {"status", 500}, {"applied", true}});
    EXPECT_EQ(goco("POST", "/employees", person).status, 500);
    EXPECT_EQ(created(), 1U);
}

TEST_F(OrderedFaults, CarryRetryAfterOnlyWhenTold) {
    fault({{"kind", "status"}, {"status", 429}});
    fault({{"kind", "status"}, {"status", 429}, {"retry_after", "7"}});
    EXPECT_FALSE(goco("POST", "/employees", person).headers.contains("retry-after"));
    EXPECT_EQ(goco("POST", "/employees", person).headers.at("retry-after"), "7");
}

TEST_F(OrderedFaults, CutBeforeAnythingIsApplied) {
    fault({{"kind", "cut_before"}});
    EXPECT_EQ(goco("POST", "/employees", person).status, 0);
    EXPECT_EQ(created(), 0U);
}

TEST_F(OrderedFaults, CutAfterApplyingSoThatTheOutcomeIsUnknown) {
    fault({{"kind", "cut_after"}});
    EXPECT_EQ(goco("POST", "/employees", person).status, 0);
    EXPECT_EQ(created(), 1U);
    auto const last = control("GET", "/requests?last=1").at("requests").as_array().at(0);
    EXPECT_EQ(last.at("status"), 0);
    EXPECT_EQ(last.at("fault"), "fault-1");
}

TEST_F(OrderedFaults, SpoilTheAnswerButNotTheWork) {
    fault({{"kind", "wrong_json"}});
    fault({{"kind", "empty_body"}});
    auto const spoilt = goco("POST", "/employees", person);
    EXPECT_EQ(spoilt.status, 201);
    json::error_code error;
    json::parse(spoilt.body, error);
    EXPECT_TRUE(error);
    auto const empty = goco("POST", "/employees", person);
    EXPECT_EQ(empty.status, 201);
    EXPECT_EQ(empty.body, "");
    EXPECT_EQ(created(), 2U);
}

TEST_F(OrderedFaults, DripAnAnswerThatIsStillWhole) {
    fault({{"kind", "drip"}, {"drip_bytes", 40}, {"drip_gap_ms", 1}});
    EXPECT_EQ(goco("POST", "/employees", person).json().at("data").at("first_name"), "Fault");
}

TEST_F(OrderedFaults, DelayAnAnswer) {
    fault({{"kind", "delay"}, {"delay_ms", 30}});
    EXPECT_EQ(goco("POST", "/employees", person).status, 201);
    auto const last = control("GET", "/requests?last=1").at("requests").as_array().at(0);
    EXPECT_GE(last.at("duration_us").as_int64(), 30'000);
}

TEST_F(OrderedFaults, DoNotHoldUpTheEnd) {
    fault({{"kind", "delay"}, {"delay_ms", 100'000}});
    std::thread waiting([this] { EXPECT_EQ(goco("POST", "/employees", person).status, 0); });
    while (control("GET", "/faults").at("faults").as_array().at(0).at("used") == 0) {
        std::this_thread::yield();
    }
    sandbox_.stop();
    waiting.join();
}

TEST_F(OrderedFaults, HitOnlyWhatFits) {
    fault({{"kind", "status"}, {"count", -1}});
    EXPECT_EQ(goco("GET", "/employees").status, 200);
    EXPECT_EQ(goco("POST", "/employees", person).status, 503);
    EXPECT_EQ(goco("POST", "/employees", person).status, 503);
    control("DELETE", "/faults");
    EXPECT_EQ(goco("POST", "/employees", person).status, 201);
}

TEST_F(OrderedFaults, SkipTheFirstCallsAndEndAfterTheirCount) {
    fault({{"kind", "status"}, {"skip", 1}, {"count", 2}});
    std::vector<int> statuses;
    for (int i = 0; i < 4; ++i) {
        statuses.push_back(goco("POST", "/employees", person).status);
    }
    EXPECT_EQ(statuses, (std::vector<int>{201, 503, 503, 201}));
}

TEST_F(OrderedFaults, HitAboutAsOftenAsTheirProbabilitySays) {
    fault({{"kind", "status"}, {"count", -1}, {"probability", 0.5}});
    int denied = 0;
    for (int i = 0; i < 200; ++i) {
        denied += goco("POST", "/employees", person).status == 503 ? 1 : 0;
    }
    EXPECT_GT(denied, 60);
    EXPECT_LT(denied, 140);
}

TEST_F(OrderedFaults, UseTheVendorsOwnWords) {
    control("POST", "/faults", {{"kind", "status"}, {"vendor", "lever"}, {"status", 503}});
    auto const expected = json::parse(sample("lever/samples/errors/503_maintenance.json")).at("body");
    EXPECT_EQ(lever("GET", "/users").json(), expected);
}

TEST_F(OrderedFaults, AreRefusedWhenTheyMakeNoSense) {
    for (char const* const body : {"{}", R"({"kind":"explode"})", R"({"kind":"status","status":42})",
                                   R"({"kind":"status","code":500})", R"({"kind":"delay","delay_ms":-1})", "[]"}) {
        EXPECT_EQ(sandbox_.control("POST", "/faults", body).status, 400) << body;
    }
}

TEST_F(OrderedFaults, AreGoneAfterAReset) {
    fault({{"kind", "status"}, {"count", -1}});
    goco("POST", "/employees", person);
    control("POST", "/reset");
    EXPECT_EQ(control("GET", "/requests").at("total"), 0U);
    EXPECT_EQ(goco("POST", "/employees", person).status, 201);
}

TEST_F(OrderedFaults, JournalTellsEachCallByFilter) {
    goco("GET", "/employees");
    goco("POST", "/employees", person);
    lever("GET", "/users");
    EXPECT_EQ(control("GET", "/requests?vendor=goco").at("matching"), 2);
    EXPECT_EQ(control("GET", "/requests?path=/lever/**").at("matching"), 1);
    EXPECT_EQ(control("GET", "/requests?status=201").at("matching"), 1);
    EXPECT_EQ(control("GET", "/metrics").at("requests").at("goco").at("201"), 1);
}

TEST_F(OrderedFaults, UnknownControlCallsAndVendorsAreNotFound) {
    EXPECT_EQ(sandbox_.control("GET", "/nothing").status, 404);
    EXPECT_EQ(sandbox_.control("GET", "/lever/nothing").status, 404);
    EXPECT_EQ(send("GET", "/nobody/v1/jobs", "", {}).status, 404);
    EXPECT_EQ(send("GET", "/lever/v1/%zz", "", {}).status, 400);
}

}  // namespace
}  // namespace crosswalk::sandbox
