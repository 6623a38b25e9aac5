// Files of a person: B.21, and never twice.
#include "fixture.hpp"
#include <crosswalk/connector.hpp>

#include <gtest/gtest.h>

namespace crosswalk::goco_test {
namespace {

using support::CallResult;
using support::SentRequest;

json::object file(char const* name, char const* content = "aGVsbG8=") {
    return {
        {"file_name", name}, {"content_type", "application/pdf"}, {"category", "offer"}, {"content_base64", content}};
}
std::string with_files(json::array files) {
    return employee({{"documents", std::move(files)}});
}

class Filing : public World {
public:
    explicit Filing(json::object const& more = {}) : World(more) {
        search().reply(200, sample("employee_search_none"));
        create().reply(201, sample("employee_create_response_201"));
    }
    [[nodiscard]] support::Route& upload() { return host.on("POST", address("/employees/emp_902/documents")); }
    [[nodiscard]] std::vector<SentRequest> uploads() const {
        return host.requests("POST", address("/employees/emp_902/documents"));
    }
    // From now on GoCo shows the employee that the first push made.
    void employee_is_there() {
        host.on("GET", address("/employees?first_name=Nora&last_name=Okafor"))
            .reply(200, page({json::parse(sample("employee_create_response_201")).at("data")}, {{"total", 1}}));
    }
};

// B.21
TEST(GocoDocuments, AreUploadedAfterTheEmployeeExists) {
    Filing world;
    world.upload().reply(201, sample("document_upload_response_201"));
    CallResult const result = world.push(with_files({file("Offer.pdf"), file("cv.pdf", "Y3Y=")}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(result.warnings.empty());
    auto const all = world.host.requests();
    EXPECT_EQ(all.at(all.size() - 3).url, address("/employees"));
    EXPECT_EQ(world.uploads().size(), 2U);
    EXPECT_FALSE(world.created().contains("documents"));
}

// B.21
TEST(GocoDocuments, TravelAsAFormWithFileNameAndCategory) {
    Filing world;
    world.upload().reply(201, "{}");
    (void)world.push(with_files({file("Offer \"A\".pdf")}));
    SentRequest const sent = world.uploads().at(0);
    EXPECT_EQ(sent.header("content-type"), "multipart/form-data; boundary=crosswalk-form-0");
    EXPECT_EQ(sent.body,
              "--crosswalk-form-0\r\n"
              "Content-Disposition: form-data; name=\"file\"; filename=\"Offer %22A%22.pdf\"\r\n"
              "Content-Type: application/pdf\r\n\r\nhello\r\n"
              "--crosswalk-form-0\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nOffer \"A\".pdf\r\n"
              "--crosswalk-form-0\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\noffer\r\n"
              "--crosswalk-form-0--\r\n");
    EXPECT_FALSE(sent.idempotent);
    EXPECT_TRUE(sent.header("idempotency-key").starts_with("delivery-1/"));
}

// B.21
TEST(GocoDocuments, ThatFailAreWarningsAndTheEmployeeStays) {
    for (int const status : {401, 403, 404, 413, 422, 429}) {
        Filing world;
        world.upload().reply(status, "");
        CallResult const result = world.push(with_files({file("Nora Okafor.pdf")}));
        EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << status;
        EXPECT_TRUE(result.warned("documents", "Document 1 was not uploaded")) << status;
        EXPECT_FALSE(result.warned("documents", "Okafor")) << "file names hold people's names";
    }
}

TEST(GocoDocuments, AreTriedOnceMoreWhenGocoAsksToSlowDown) {
    Filing world;
    world.upload().reply(429, "", {{"retry-after", "2"}}).reply(201, "{}");
    CallResult const result = world.push(with_files({file("a.pdf")}));
    EXPECT_TRUE(result.warnings.empty());
    ASSERT_EQ(world.uploads().size(), 2U);
    EXPECT_EQ(world.uploads()[1].at_ms - world.uploads()[0].at_ms, 2000);
}

TEST(GocoDocuments, WithoutContentOrWithABrokenOneAreWarnings) {
    Filing world;
    world.upload().reply(201, "{}");
    CallResult const result =
        world.push(with_files({json::object{{"file_name", "a"}}, file("b", "not base64"), 7, file("c")}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.warnings.size(), 3U);
    EXPECT_TRUE(result.warned("documents", "Document 2"));
    EXPECT_EQ(world.uploads().size(), 1U);
}

TEST(GocoDocuments, AreNotUploadedAgainByARepeatedPush) {
    Filing world;
    world.upload().reply(500).reply(201, "{}").reply(422).reply(201, "{}");
    json::array const files{file("a.pdf", "YQ=="), file("b.pdf", "Yg=="), file("c.pdf", "Yw==")};
    CallResult const first = world.push(with_files(files));
    EXPECT_TRUE(first.warned("documents", "Document 1 may not have arrived"));
    EXPECT_TRUE(first.warned("documents", "Document 3 was not uploaded"));
    ASSERT_EQ(world.uploads().size(), 3U);
    world.employee_is_there();
    CallResult const second = world.push(with_files(files), 2);
    EXPECT_EQ(second.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.uploads().size(), 4U) << "only the one that had failed";
    EXPECT_NE(world.uploads()[3].body.find("c.pdf"), std::string::npos);
    EXPECT_EQ(world.creates().size(), 1U);
}

TEST(GocoDocuments, OfAnEmployeeMadeAnewAreUploadedAgain) {
    Filing world;
    world.upload().reply(201, "{}");
    (void)world.push(with_files({file("a.pdf")}));
    world.host.on("POST", address("/employees/emp_903/documents")).reply(201, "{}");
    world.host.on("GET", address("/employees?first_name=Nora&last_name=Okafor"))
        .reply(200, page({{{"id", "emp_903"}, {"external_id", ours}}}, {{"total", 1}}));
    (void)world.push(with_files({file("a.pdf")}), 2);
    EXPECT_EQ(world.host.requests("POST", address("/employees/emp_903/documents")).size(), 1U);
}

TEST(GocoDocuments, ThatTimeRanOutForAreLeftToTheNextAttempt) {
    Filing world;
    world.upload().reply({.takes_ms = 60'000});
    CallResult const first = world.push(with_files({file("a.pdf", "YQ=="), file("b.pdf", "Yg==")}));
    EXPECT_EQ(first.status, CW_ERR_TRANSIENT);
    EXPECT_EQ(world.uploads().size(), 1U);
    world.employee_is_there();
    world.upload().reply(201, "{}").reply(201, "{}");
    EXPECT_EQ(world.goco.look_up("create_employee", "delivery-1", with_files({file("b.pdf", "Yg==")})).outcome,
              CW_PUSH_RETRY);
}

TEST(GocoDocuments, KeepALookUpOpenUntilTheyAreUploaded) {
    Filing world;
    world.upload().reply(201, "{}");
    world.employee_is_there();
    std::string const record = with_files({file("a.pdf")});
    EXPECT_EQ(world.goco.look_up("create_employee", "delivery-1", record).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(world.push(record, 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.goco.look_up("create_employee", "delivery-1", record).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(world.creates().empty());
}

TEST(GocoDocuments, AreLeftOutWithAWarningWhenTheirPathIsEmpty) {
    Filing world({{"paths", {{"document_upload", ""}}}});
    CallResult const result = world.push(with_files({file("a.pdf")}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(result.warned("documents", "/paths/document_upload"));
    EXPECT_EQ(world.host.requests("POST", "").size(), 1U);
    world.employee_is_there();
    EXPECT_EQ(world.goco.look_up("create_employee", "delivery-1", with_files({file("a.pdf")})).outcome,
              CW_PUSH_DELIVERED);
}

TEST(GocoDocuments, KeepNoNamesInTheConnectorsState) {
    Filing world;
    world.upload().reply(201, "{}");
    (void)world.push(with_files({file("Nora Okafor.pdf")}));
    for (auto const& [key, value] : world.host.kept()) {
        EXPECT_EQ((key + value).find("Okafor"), std::string::npos) << key << value;
    }
}

// ---- where the bytes come from

json::object named(char const* from, std::string const& value) {
    return {{"file_name", "cv.pdf"}, {"content_type", "application/pdf"}, {"category", "resume"}, {from, value}};
}

TEST(GocoDocuments, ThatTheHostKeepsAreStreamedOutOfItsFile) {  // C.18
    Filing world;
    world.upload().reply(201, "{}");
    std::string const id = world.host.file("the bytes");
    CallResult const result = world.push(with_files({named("bytes", id)}));
    EXPECT_TRUE(result.warnings.empty());
    ASSERT_EQ(world.uploads().size(), 1U);
    SentRequest const sent = world.uploads().at(0);
    EXPECT_EQ(sent.body_file, id);
    std::string const boundary = "crosswalk-form-" + id.substr(0, 32) + "-0";
    EXPECT_EQ(sent.header("content-type"), "multipart/form-data; boundary=" + boundary);
    EXPECT_TRUE(sent.body.starts_with("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\""));
    EXPECT_NE(sent.body.find("\r\n\r\nthe bytes\r\n--" + boundary + "\r\n"), std::string::npos);
    EXPECT_TRUE(sent.body.ends_with("\r\n--" + boundary + "--\r\n"));
}

TEST(GocoDocuments, ThatTheHostKeepsAreNotUploadedTwice) {
    Filing world;
    world.upload().reply(201, "{}");
    json::array const files{named("bytes", world.host.file("one")), named("bytes", world.host.file("two"))};
    (void)world.push(with_files(files));
    world.employee_is_there();
    EXPECT_EQ(world.push(with_files(files), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.uploads().size(), 2U);
}

TEST(GocoDocuments, ThatTheHostNoLongerKeepsAreWarnings) {
    Filing world;
    std::string const id = world.host.file("the bytes");
    world.host.forget_file(id);
    CallResult const result = world.push(with_files({named("bytes", id)}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(result.warned("documents", "no longer keeps"));
    EXPECT_TRUE(world.uploads().empty());
}

TEST(GocoDocuments, BehindAnAddressAreFetchedIntoAFileWithoutOurKey) {
    Filing world({{"documents_url", "https://files.example.com"}});
    world.upload().reply(201, "{}");
    world.host.on("GET", "https://files.example.com/cv").reply(200, "fetched");
    EXPECT_TRUE(world.push(with_files({named("url", "https://files.example.com/cv")})).warnings.empty());
    SentRequest const asked = world.host.requests("GET", "https://files.example.com/cv").at(0);
    EXPECT_TRUE(asked.to_file);
    EXPECT_EQ(asked.auth, CW_AUTH_NONE);
    EXPECT_FALSE(world.uploads().at(0).body_file.empty());
    EXPECT_NE(world.uploads().at(0).body.find("\r\n\r\nfetched\r\n"), std::string::npos);
}

TEST(GocoDocuments, BehindADeadLinkAreWarningsThatDoNotShowIt) {
    Filing world({{"documents_url", "https://files.example.com"}});
    world.host.on("GET", "https://files.example.com/cv").reply(404);
    CallResult const result = world.push(with_files({named("url", "https://files.example.com/cv?signature=s3cret")}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(result.warned("documents", "404"));
    EXPECT_FALSE(result.warned("documents", "s3cret"));
    EXPECT_TRUE(world.uploads().empty());
}

// ---- the action upload_document

std::string document(json::object const& more = {}) {
    json::object out = file("a.pdf");
    out["external_id"] = ours;
    for (auto const& [key, value] : more) {
        out[key] = value;
    }
    return json::serialize(out);
}

TEST(GocoUploadDocument, GoesToTheEmployeeThatThisConnectionCreated) {
    Filing world;
    world.upload().reply(201, sample("document_upload_response_201"));
    (void)world.push();
    CallResult const result = world.goco.push("upload_document", "d2", document());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "emp_902");
    EXPECT_EQ(world.goco.push("upload_document", "d2", document(), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.uploads().size(), 1U);
}

TEST(GocoUploadDocument, GoesToAnEmployeeThatIsNamedByItsId) {
    Filing world;
    world.upload().reply(201, "{}");
    EXPECT_EQ(world.goco.push("upload_document", "d2", document({{"employee_id", "emp_902"}})).outcome,
              CW_PUSH_DELIVERED);
}

TEST(GocoUploadDocument, IsRefusedForAnUnknownOwner) {
    World world;
    CallResult const result = world.goco.push("upload_document", "d2", document());
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_TRUE(world.host.requests().empty());
}

TEST(GocoUploadDocument, IsUnknownAfterATimeoutAndNotSentAgainByItself) {
    Filing world;
    world.upload().fail(CW_ERR_DEADLINE);
    std::string const record = document({{"employee_id", "emp_902"}});
    EXPECT_EQ(world.goco.push("upload_document", "d2", record).outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(world.goco.look_up("upload_document", "d2", record).outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(world.goco.push("upload_document", "d2", record, 2).outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(world.uploads().size(), 1U);
}

TEST(GocoUploadDocument, FollowsTheErrorTable) {
    for (auto const& [status, expected] :
         {std::pair{401, CW_ERR_AUTH}, {404, CW_ERR_INVALID}, {422, CW_ERR_INVALID}, {429, CW_ERR_RATE_LIMITED}}) {
        Filing world;
        world.upload().reply(status, "");
        EXPECT_EQ(world.goco.push("upload_document", "d", document({{"employee_id", "emp_902"}})).status, expected);
    }
}

TEST(GocoUploadDocument, IsSwitchedOffByAnEmptyPath) {
    World world({{"paths", {{"document_upload", ""}}}});
    EXPECT_EQ(world.goco.push("upload_document", "d", document({{"employee_id", "emp_902"}})).status,
              CW_ERR_UNSUPPORTED);
}

// ---- the parts

}  // namespace
}  // namespace crosswalk::goco_test
