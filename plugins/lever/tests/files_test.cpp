// Files of a candidate.
#include "push.hpp"

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;

TEST_F(LeverPush, TakesNoFileWithoutAnActingUser) {
    CallResult const result = lever().push("attach_file", "k", file());
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("perform_as"));
}

class LeverFile : public LeverPush {
protected:
    LeverFile() : LeverPush({{"perform_as", "user-7"}}) { get(path + "/files").reply(200, "[]"); }
    void taken() { post(path + "/files").reply(200, sample_text("rest/file_upload_response.json")); }
    // Says that Lever has one file of that content.
    void has(std::string const& content) {
        get(path + "/files?")
            .clear()
            .reply(200,
                   json::serialize(json::array{
                       {{"id", "f-2"}, {"name", "interview-summary.pdf"}, {"size", std::to_string(content.size())}}}));
        get(path + "/files/f-2/download").clear().reply(200, content);
    }
    // One whose content the host keeps.
    [[nodiscard]] std::string kept(std::string const& id) {
        return made({{"file_name", "interview-summary.pdf"}, {"content_type", "application/pdf"}, {"bytes", id}},
                    "attachment", "lever.file/1");
    }
};

TEST_F(LeverFile, IsStreamedFromTheHostsOwnFile) {  // E.25, E.27
    taken();
    std::string const id = host.file("%PDF-1.4 \r\n--x");
    CallResult const result = lever().push("attach_file", "k", kept(id));
    ASSERT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "created");
    SentRequest const request = host.requests("POST", api).at(0);
    EXPECT_EQ(request.body_file, id);
    std::string const type = request.header("content-type");
    std::string const boundary = type.substr(type.find('=') + 1);
    EXPECT_EQ(request.body, "--" + boundary +
                                "\r\nContent-Disposition: form-data; name=\"file\"; "
                                "filename=\"interview-summary.pdf\"\r\n"
                                "Content-Type: application/pdf\r\n\r\n%PDF-1.4 \r\n--x\r\n--" +
                                boundary + "--\r\n");
}

TEST_F(LeverFile, IsNotUploadedTwice) {  // E.28
    std::string const id = host.file("hello");
    has("hello");
    EXPECT_EQ(lever().push("attach_file", "k", kept(id)).outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(lever().push("attach_file", "k", kept(id), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(lever().look_up("attach_file", "k", kept(id)).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(LeverFile, IsUploadedBesideAnotherOfItsNameAndLength) {  // E.27
    taken();
    has("HELLO");
    EXPECT_EQ(lever().push("attach_file", "k", kept(host.file("hello"))).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(host.requests("POST", api).size(), 1U);
}

TEST_F(LeverFile, ThatCannotBeReadBackCountsAsOursInALaterAttemptOnly) {  // E.28
    taken();
    has("hello");
    get(path + "/files/f-2/download").clear().reply(422, sample_text("errors/422_file_unprocessed.json"));
    std::string const id = host.file("hello");
    EXPECT_EQ(lever().push("attach_file", "k", kept(id), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(host.requests("POST", api).empty());
    EXPECT_EQ(lever().push("attach_file", "k2", kept(id)).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(host.requests("POST", api).size(), 1U);
}

TEST_F(LeverFile, ThatTheHostNoLongerKeepsIsRejected) {
    std::string const id = host.file("hello");
    std::string const record = kept(id);
    host.forget_file(id);
    CallResult const result = lever().push("attach_file", "k", record);
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "bytes");
}

TEST_F(LeverFile, IsUploadedAsOnePart) {
    taken();
    CallResult const result = lever().push("attach_file", "k", file("Zoë \"CV\".PDF"));
    ASSERT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "b02a3b97-dc41-48e3-b003-44d211ed2a4c");
    SentRequest const request = host.requests("POST", api).at(0);
    EXPECT_EQ(request.url, api + path + "/files?perform_as=user-7");
    std::string const type = request.header("content-type");
    ASSERT_THAT(type, testing::StartsWith("multipart/form-data; boundary="));
    std::string const boundary = type.substr(type.find('=') + 1);
    EXPECT_EQ(request.body, "--" + boundary +
                                "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Zoë %22CV%22.PDF\"\r\n"
                                "Content-Type: application/pdf\r\n\r\nhello\r\n--" +
                                boundary + "--\r\n");
}

TEST_F(LeverFile, IsRefusedWhenLeverWouldNotTakeIt) {
    for (std::string const name : {"virus.exe", "noformat", "pdf"}) {
        CallResult const result = lever().push("attach_file", "k", file(name));
        EXPECT_EQ(result.status, CW_ERR_INVALID) << name;
        EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "file_name");
    }
    EXPECT_EQ(lever().push("attach_file", "k", file("a.pdf", "not base64!")).status, CW_ERR_INVALID);
    EXPECT_TRUE(host.requests().empty());
}

TEST_F(LeverFile, MayBeThirtyMegabytesAndNotAByteMore) {
    taken();
    std::string const limit(40'000'000, 'A');  // 30,000,000 bytes
    EXPECT_EQ(lever().push("attach_file", "k", file("a.pdf", limit)).outcome, CW_PUSH_DELIVERED);
    CallResult const result = lever().push("attach_file", "k", file("a.pdf", limit + "AA=="));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("30 MB"));
}

TEST_F(LeverFile, IsFoundByNameAndSizeWhichMayBeText) {
    get(path + "/files?").reply(200, R"({"data": [{"id": "f-1", "name": "interview-summary.pdf", "size": "4"},
                                                  {"id": "f-2", "name": "interview-summary.pdf", "size": "5"}]})");
    get(path + "/files/f-2/download").reply(200, "hello");
    CallResult const found = lever().look_up("attach_file", "k", file());
    EXPECT_EQ(found.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(found.note(CW_NOTE_TARGET_KEY), "f-2");
    EXPECT_EQ(lever().look_up("attach_file", "k", file("other.pdf")).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(lever().push("attach_file", "k", file(), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(LeverFile, IsRetriedAfterASlowUpload) {
    post(path + "/files").reply(408, sample_text("errors/upload_timeout.json"));
    EXPECT_EQ(lever().push("attach_file", "k", file()).status, CW_ERR_TRANSIENT);
}

TEST_F(LeverFile, IsFetchedFromItsLinkWithoutTheKeyBeingShownAround) {
    taken();
    host.on("GET", "https://api.lever.co/v1/uploads/1").reply(200, "hello");
    std::string const ours = made(
        {{"file_name", "a.pdf"}, {"content_type", "application/pdf"}, {"url", "https://api.lever.co/v1/uploads/1"}},
        "attachment", "lever.file/1");
    EXPECT_EQ(lever().push("attach_file", "k", ours).outcome, CW_PUSH_DELIVERED);
    std::string const foreign =
        made({{"file_name", "a.pdf"}, {"content_type", "application/pdf"}, {"url", "https://files.example.com/1"}},
             "attachment", "lever.file/1");
    CallResult const refused = lever().push("attach_file", "k", foreign);
    EXPECT_EQ(refused.status, CW_ERR_INVALID);
    EXPECT_EQ(refused.detail.at("fields").at(0).at("field"), "url");
}

TEST_F(LeverPush, RefusesAnActionThatItDoesNotHave) {
    EXPECT_EQ(lever().push("add_nothing", "k", note()).status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(map_out(of_opportunity({{"body", "x"}}), "note", "lever.unknown/1").status, CW_ERR_UNSUPPORTED);
}

}  // namespace
}  // namespace crosswalk::lever
