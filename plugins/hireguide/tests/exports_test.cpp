// "Export PDF File to ATS": every check of the contract, once, and what Hireguide is told.
#include "fixture.hpp"
#include "pdf.hpp"
#include <crosswalk/files.hpp>

namespace crosswalk::hireguide_test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char sha256[] = "794abaa4f6f06fc519895c22944a0ab43ad02b4fb32bdefa1952ce81613cb47b";
constexpr char pdf_url[] = "/v1/interviews/int_55/export.pdf";

std::string pdf_bytes() {
    json::value const callback = sample_json("callback_interview_exported");
    return *connector::decode_base64(callback.at("data").at("file").at("content_base64").as_string());
}

class HireguideExport : public testing::Test {
protected:
    HireguideExport() {
        world.linked_candidate();
        world.result().reply(200, R"({"data": {}})");
    }

    [[nodiscard]] CallResult parse(std::string const& name) {
        return world.hireguide.parse(signed_callback(sample(name)));
    }
    // The sample export with members of its data, or of its file, replaced.
    [[nodiscard]] CallResult parse_with(json::object const& data, json::object const& file = {},
                                        std::string const& name = "callback_interview_exported") {
        json::value body = sample_json(name);
        json::object changed = with(body.at("data").as_object(), data);
        if (json::value* found = changed.if_contains("file"); found != nullptr && found->is_object()) {
            changed["file"] = with(found->get_object(), file);
        }
        body.as_object()["data"] = std::move(changed);
        return world.hireguide.parse(signed_callback(json::serialize(body)));
    }
    // Ends the event with these words and tells Hireguide the same.
    void expect_refused(CallResult const& result, std::string const& words) {
        EXPECT_EQ(result.status, CW_ERR_INVALID) << words;
        EXPECT_THAT(result.message, HasSubstr(words));
        EXPECT_TRUE(result.events.empty());
        auto const told = world.sent("POST", "/v1/interviews/int_55/export-result");
        ASSERT_FALSE(told.empty()) << words;
        EXPECT_EQ(told.back().at("status"), "failed");
        EXPECT_THAT(told.back().at("message").as_string().c_str(), HasSubstr(words));
    }
    // The note that the host makes of an attachment's outcome.
    [[nodiscard]] static json::object note(std::string const& outcome, json::object const& about = {}) {
        return {{"kind", "note"},
                {"body", "Export to Lever failed."},
                {"application", {{"system", "lever"}, {"kind", "application"}, {"id", opportunity_id}}},
                {"about",
                 with({{"record", std::string("int_55/") + sha256}, {"action", "attach_file"}, {"outcome", outcome}},
                      about)}};
    }

    World world;
};

// E.25, E.27
TEST_F(HireguideExport, BecomesAFileOfTheOpportunityWithTheSameContent) {
    CallResult const result = parse("callback_interview_exported");
    ASSERT_EQ(result.events.size(), 1U) << result.message;
    EXPECT_EQ(result.events[0].id, std::string("export:int_55/") + sha256);
    EXPECT_EQ(result.events[0].subject, "interview:int_55");
    EXPECT_EQ(result.events[0].occurred_unix_ms, now_ms);
    EXPECT_EQ(world.host.files().at(sha256), pdf_bytes());

    CallResult const mapped =
        world.hireguide.map(CW_MAP_IN, "hireguide.export/1", json::serialize(result.events[0].record.data),
                            "crosswalk.attachment/1", result.events[0].record.key);
    ASSERT_EQ(mapped.records.size(), 1U) << mapped.message;
    EXPECT_EQ(mapped.records[0].key, std::string("int_55/") + sha256);
    EXPECT_EQ(mapped.records[0].data, json::parse(R"({
        "kind": "attachment", "type": "interview_notes", "content_type": "application/pdf", "size": 193,
        "ref": {"system": "hireguide", "kind": "export", "id": "int_55/)" +
                                                  std::string(sha256) + R"("},
        "owner": {"system": "lever", "kind": "application", "id": "250d8f03-738a-4bba-a671-8a3d73477145"},
        "file_name": "Hireguide interview notes - Nora Okafor - 2026-11-21.pdf",
        "sha256": ")" + sha256 + R"(", "bytes": ")" +
                                                  sha256 + "\"}"));
}

TEST_F(HireguideExport, IsFetchedWhenTheCallbackHasOnlyItsAddress) {
    world.host.on("GET", address(pdf_url)).reply(200, pdf_bytes(), {{"content-type", "application/pdf"}});
    CallResult const result = parse("callback_interview_exported_by_url");
    ASSERT_EQ(result.events.size(), 1U) << result.message;
    EXPECT_EQ(world.host.files().at(sha256), pdf_bytes());
    SentRequest const request = world.host.requests("GET", address(pdf_url)).front();
    EXPECT_TRUE(request.to_file);
    EXPECT_EQ(request.auth, CW_AUTH_BEARER);
}

TEST_F(HireguideExport, IsFetchedFromHireguideOnly) {
    world.host.on("GET", address(pdf_url)).reply(200, pdf_bytes());
    std::string const by_url = "callback_interview_exported_by_url";
    EXPECT_EQ(parse_with({}, {{"download_url", address(pdf_url)}}, by_url).status, CW_OK);
    for (char const* url :
         {"https://elsewhere.example.com/a.pdf", "//elsewhere.example.com/a.pdf", "http://hireguide.example.com/a.pdf",
          "https://hireguide.example.com:444/a.pdf", "https://hireguide.example.com@elsewhere.example.com/a.pdf",
          "https://hireguide.example.com.example.net/", "a.pdf", "file:///etc/passwd"}) {
        expect_refused(parse_with({}, {{"download_url", url}}, by_url), "not at Hireguide");
    }
    expect_refused(parse_with({}, {{"download_url", nullptr}}, by_url), "neither content nor address");
}

TEST_F(HireguideExport, IsTriedAgainWhenTheDownloadFailsForNow) {
    world.host.on("GET", address(pdf_url)).reply(503).reply(429, "", {{"retry-after", "3"}}).fail(CW_ERR_DEADLINE);
    EXPECT_EQ(parse("callback_interview_exported_by_url").status, CW_ERR_TRANSIENT);
    EXPECT_EQ(parse("callback_interview_exported_by_url").retry_after_ms, 3000);
    EXPECT_EQ(parse("callback_interview_exported_by_url").status, CW_ERR_TRANSIENT);
    EXPECT_TRUE(world.sent("POST", "/v1/interviews/int_55/export-result").empty());
}

TEST_F(HireguideExport, IsRefusedWhenTheDownloadIsGoneOrAnother) {
    world.host.on("GET", address(pdf_url)).reply(404).reply(200, pdf_bytes() + " ").reply(200, std::string(193, 'x'));
    std::string const by_url = "callback_interview_exported_by_url";
    expect_refused(parse(by_url), "no longer has the PDF");
    expect_refused(parse(by_url), "size");
    expect_refused(parse(by_url), "no PDF");
}

// E.26
TEST_F(HireguideExport, IsRefusedBeforeScoresAreSubmitted) {
    expect_refused(parse("callback_export_before_scores"), "submit scores first");
    EXPECT_TRUE(world.host.files().empty());
    expect_refused(parse_with({{"scores_submitted", nullptr}}), "submit scores first");
}

TEST_F(HireguideExport, IsRefusedWhenItIsNotTheStatedPdf) {
    std::string const other = connector::encode_base64("%PDF-1.4\n" + std::string(184, 'x'));
    expect_refused(parse_with({}, {{"content_base64", other}}), "SHA-256");
    expect_refused(parse_with({}, {{"content_base64", connector::encode_base64(std::string(193, 'x'))}}), "no PDF");
    expect_refused(parse_with({}, {{"size", 192}}), "size");
    expect_refused(parse_with({}, {{"size", 10'000}}), "size");
    expect_refused(parse_with({}, {{"content_base64", "%%%%"}}), "base64");
    expect_refused(parse_with({}, {{"content_type", "text/html"}}), "application/pdf");
    expect_refused(parse_with({}, {{"content_type", nullptr}}), "application/pdf");
    expect_refused(parse_with({}, {{"sha256", "794ABAA4"}}), "SHA-256 is missing");
    expect_refused(parse_with({}, {{"size", "193"}}), "size or SHA-256 is missing");
    expect_refused(parse_with({{"file", nullptr}}), "missing");
    EXPECT_TRUE(world.host.files().empty());
}

// E.27
TEST_F(HireguideExport, IsRefusedAboveTheLargestSizeBeforeItIsRead) {
    World small({{"max_pdf_bytes", 192}});
    small.linked_candidate();
    small.result().reply(200);
    CallResult const result = small.hireguide.parse(signed_callback(sample("callback_interview_exported_by_url")));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("max_pdf_bytes"));
    EXPECT_TRUE(small.host.requests("GET", base).empty());
}

TEST_F(HireguideExport, IsRefusedWhenTheHostKeepsNoFileOfThatSize) {
    world.host.set_file_bytes_max(100);
    expect_refused(parse("callback_interview_exported"), "larger than this host keeps");
}

TEST_F(HireguideExport, IsRefusedForACandidateWhoDidNotComeFromUs) {
    expect_refused(parse_with({{"external_candidate_id", "lever:opp:someone-else"}}), "did not come from the ATS");
    expect_refused(parse_with({{"candidate_id", "cand_99"}}), "did not come from the ATS");
    expect_refused(parse_with({{"external_candidate_id", nullptr}}), "did not come from the ATS");
    EXPECT_TRUE(world.host.files().empty());
}

TEST_F(HireguideExport, ThatNamesNoInterviewEndsWithoutACall) {
    EXPECT_EQ(parse_with({{"interview_id", "../../x"}}).status, CW_ERR_INVALID);
    EXPECT_TRUE(world.host.requests().empty());
}

TEST_F(HireguideExport, ThatIsRefusedIsTriedAgainUntilHireguideKnows) {
    world.result().clear().reply(503).reply(404);
    CallResult const first = parse("callback_export_before_scores");
    EXPECT_EQ(first.status, CW_ERR_TRANSIENT);
    EXPECT_THAT(first.message, HasSubstr("submit scores first"));
    CallResult const second = parse("callback_export_before_scores");
    EXPECT_EQ(second.status, CW_ERR_INVALID) << "An interview that is gone needs no result.";
}

TEST(HireguideFileName, LosesPathPartsAndControlCharacters) {
    using hireguide::clean_name;
    EXPECT_EQ(clean_name("notes.pdf"), "notes.pdf");
    EXPECT_EQ(clean_name("../../etc/passwd"), "passwd.pdf");
    EXPECT_EQ(clean_name("C:\\temp\\notes.PDF"), "notes.pdf");
    EXPECT_EQ(clean_name("a\r\nb\x7F\xC2\x85.pdf"), "ab.pdf");
    EXPECT_EQ(clean_name("Zoë – notes.pdf"), "Zoë – notes.pdf");
    for (char const* nothing : {"", ".", "..", "/", ".pdf", " . "}) {
        EXPECT_EQ(clean_name(nothing), "interview.pdf") << nothing;
    }
    std::string long_name = clean_name(std::string(195, 'a') + "ëëë.pdf");
    EXPECT_EQ(long_name, std::string(195, 'a') + ".pdf") << "cut between characters";
}

// E.29
TEST_F(HireguideExport, IsReportedDoneWithTheFileOfTheAts) {
    CallResult const result = world.push("report_export", note("delivered", {{"target_key", "file-9"}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(
        world.sent("POST", "/v1/interviews/int_55/export-result").at(0),
        json::parse(
            R"({"status": "done", "message": "The PDF is on the candidate in the ATS.", "ats_file_id": "file-9"})"));
}

// E.29
TEST_F(HireguideExport, IsReportedFailedWithTheReason) {
    for (char const* outcome : {"skipped", "rejected", "failed"}) {
        (void)world.push("report_export", note(outcome, {{"reason", "Lever has no such opportunity."}}));
        json::value const told = world.sent("POST", "/v1/interviews/int_55/export-result").back();
        EXPECT_EQ(told.at("status"), "failed") << outcome;
        EXPECT_EQ(told.at("message"), "Lever has no such opportunity.");
    }
    (void)world.push("report_export", note("failed"));
    EXPECT_EQ(world.sent("POST", "/v1/interviews/int_55/export-result").back().at("message"),
              "Export to Lever failed.");
}

TEST_F(HireguideExport, ReportThatIsAboutNoExportIsRefused) {
    EXPECT_EQ(world.push("report_export", note("delivered", {{"record", "opportunity-1"}})).status, CW_ERR_INVALID);
    json::object plain = note("delivered");
    plain.erase("about");
    EXPECT_EQ(world.push("report_export", plain).status, CW_ERR_INVALID);
}

TEST_F(HireguideExport, ReportOnAnInterviewThatIsGoneIsGivenUp) {
    world.result().clear().reply(404, sample("error_404_job"));
    EXPECT_EQ(world.push("report_export", note("delivered")).status, CW_ERR_NOT_FOUND);
}

// E.28
TEST_F(HireguideExport, AgainIsTheSameEventUntilItsOutcomeIsKnown) {
    EXPECT_EQ(parse("callback_interview_exported").events.at(0).id,
              parse("callback_interview_exported").events.at(0).id);
}

// E.28
TEST_F(HireguideExport, AgainAfterItArrivedMakesNoEventAndTellsHireguideOnceMore) {
    (void)world.push("report_export", note("delivered", {{"target_key", "file-9"}}));
    CallResult const again = parse("callback_interview_exported");
    EXPECT_EQ(again.status, CW_OK) << again.message;
    EXPECT_TRUE(again.events.empty());
    EXPECT_THAT(again.note(CW_NOTE_REASON), HasSubstr("already"));
    auto const told = world.sent("POST", "/v1/interviews/int_55/export-result");
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1], told[0]);
}

TEST_F(HireguideExport, AgainAfterItFailedIsANewEvent) {
    std::string const first = parse("callback_interview_exported").events.at(0).id;
    (void)world.push("report_export", note("failed"), "note-1");
    (void)world.push("report_export", note("failed"), "note-1", 2);  // the answer to the first was lost
    std::string const second = parse("callback_interview_exported").events.at(0).id;
    EXPECT_EQ(second, first + ":1");
    (void)world.push("report_export", note("failed"), "note-2");
    EXPECT_EQ(parse("callback_interview_exported").events.at(0).id, first + ":2");
}

TEST_F(HireguideExport, OfOtherContentIsAnotherEvent) {
    std::string const bytes = "%PDF-1.4 a second edition";
    std::string const id = world.host.file(bytes);
    std::string const first = parse("callback_interview_exported").events.at(0).id;
    CallResult const other =
        parse_with({}, {{"content_base64", connector::encode_base64(bytes)}, {"size", bytes.size()}, {"sha256", id}});
    ASSERT_EQ(other.events.size(), 1U) << other.message;
    EXPECT_NE(other.events[0].id, first);
}

}  // namespace
}  // namespace crosswalk::hireguide_test
