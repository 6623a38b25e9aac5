// Hireguide after our contract v1: what is right is answered as the samples say, what is wrong is refused.

#include "sandbox/tests/played.hpp"
#include "sandbox/tests/receiver.hpp"

#include <Poco/Base64Decoder.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <sstream>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

json::value hireguide_sample(std::string const& name) {
    return json::parse(sample("hireguide/samples/" + name + ".json"));
}

std::string hex(unsigned char const* bytes, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
        out += "0123456789abcdef"[bytes[i] >> 4];
        out += "0123456789abcdef"[bytes[i] & 0xf];
    }
    return out;
}

class Hireguide : public Played {
protected:
    Got hireguide(std::string const& method, std::string const& path, std::string const& body = {},
                  std::map<std::string, std::string> headers = {}) {
        headers.try_emplace("Authorization", "Bearer hireguide-sandbox-token");
        headers.try_emplace("Accept", path.ends_with(".pdf") ? "application/pdf" : "application/json");
        if (!body.empty()) {
            headers.try_emplace("Content-Type", "application/json");
        }
        return send(method, "/hireguide/v1" + path, body, headers);
    }
    static std::string error_of(Got const& got) {
        return std::to_string(got.status) + " " + got.json().at("error").at("code").as_string().c_str();
    }
    // The sample's position connected with the sample's job, and the sample's candidate in it.
    void play_candidate() {
        EXPECT_EQ(
            hireguide("PUT", "/positions/pos_21/ats", sample("hireguide/samples/position_link_request.json")).status,
            200);
        EXPECT_EQ(hireguide("POST", "/positions/pos_21/candidates:upsert",
                            sample("hireguide/samples/candidates_upsert_request.json"))
                      .status,
                  200);
    }
    std::string interview(bool scored = true) {
        return control("POST", "/hireguide/interviews", {{"candidate", "cand_88"}, {"scores_submitted", scored}})
            .at("id")
            .as_string()
            .c_str();
    }
    // The callback as it was received. Others may be under way at the same time, and arrive after it.
    Request exported(Receiver& receiver, std::string const& id, json::object const& how = {}) {
        (void)control("POST", "/hireguide/callback", {{"url", receiver.url()}, {"secret", "s"}, {"tries", 1}});
        std::string const delivery =
            control("POST", "/hireguide/interviews/" + id + "/export", how.empty() ? json::object{{"fault", ""}} : how)
                .at("delivery")
                .as_string()
                .c_str();
        json::value const sent = control("GET", "/hireguide/deliveries/" + delivery + "?wait_ms=5000");
        EXPECT_EQ(sent.at("state"), "received") << json::serialize(sent.at("attempts"));
        std::string const event = sent.at("body").at("id").as_string().c_str();
        for (Request const& request : receiver.requests()) {
            if (request.header("X-Integration-Event-Id") == event) {
                return request;
            }
        }
        ADD_FAILURE() << event << " did not arrive";
        return {};
    }
};

TEST_F(Hireguide, ListsItsPositionsAsTheSampleDoes) {
    EXPECT_EQ(hireguide("GET", "/positions").json(), hireguide_sample("positions_list"));
}

// E.12
TEST_F(Hireguide, GivesAPositionTheNameOfTheJobThatItIsConnectedWith) {
    auto const linked =
        hireguide("PUT", "/positions/pos_21/ats", sample("hireguide/samples/position_link_request.json"));
    EXPECT_EQ(linked.json().at("data").at("name"), "Support Engineer (Remote)");
    json::value const status = hireguide_sample("sync_status");
    for (json::value const& one : status.at("data").as_array()) {
        EXPECT_EQ(hireguide("PUT", "/positions/pos_21/sync-status", json::serialize(one)).status, 200);
    }
    auto const synced =
        hireguide("PUT", "/positions/pos_21/sync-status",
                  R"({"model": "candidates", "status": "done", "last_sync_finished": "2026-11-21T21:15:00Z"})");
    EXPECT_EQ(synced.json(), hireguide_sample("position_after_sync"));
    auto const kept = control("GET", "/hireguide/positions");
    EXPECT_EQ(kept.at("positions").at(0).at("sync_status").at("jobs"), status.at("data").at(1));
}

// E.10
TEST_F(Hireguide, NamesANewPositionAfterItsRole) {
    std::string const body = R"({"role": "Nurse", "ats": "lever", "external_job_id": "lever:posting:p2", "sync": {}})";
    auto const made = hireguide("POST", "/positions", body);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json().at("data").at("name"), "Nurse");
    EXPECT_EQ(error_of(hireguide("POST", "/positions", body)), "409 duplicate");
}

// E.21, E.22
TEST_F(Hireguide, FindsSyncedCandidatesByPartOfTheirName) {
    play_candidate();
    for (char const* const part : {"nor", "OKAF", "ra%20ok", ""}) {
        EXPECT_EQ(hireguide("GET", std::string("/positions/pos_21/candidates?query=") + part).json(),
                  hireguide_sample("candidates_search"))
            << part;
    }
    EXPECT_TRUE(hireguide("GET", "/positions/pos_21/candidates?query=Lee").json().at("data").as_array().empty());
}

TEST_F(Hireguide, SaysOfEachCandidateWhatBecameOfIt) {
    std::string const request = sample("hireguide/samples/candidates_upsert_request.json");
    std::string const path = "/positions/pos_21/candidates:upsert";
    EXPECT_EQ(error_of(hireguide("POST", path, request)), "409 not_connected");
    (void)hireguide("PUT", "/positions/pos_21/ats", sample("hireguide/samples/position_link_request.json"));
    EXPECT_EQ(hireguide("POST", path, request).json(), hireguide_sample("candidates_upsert_response"));
    EXPECT_EQ(hireguide("POST", path, request).json().at("data").at(0).at("result"), "unchanged");
    json::value changed = json::parse(request);
    changed.at("candidates").at(0).as_object()["stage"] = "Offer";
    EXPECT_EQ(hireguide("POST", path, json::serialize(changed)).json().at("data").at(0).at("result"), "updated");
    changed.at("candidates").at(0).as_object()["archived"] = true;
    (void)hireguide("POST", path, json::serialize(changed));
    EXPECT_TRUE(hireguide("GET", "/positions/pos_21/candidates").json().at("data").as_array().empty());
}

TEST_F(Hireguide, RefusesEachWrongFieldOfACandidate) {
    (void)hireguide("PUT", "/positions/pos_21/ats", sample("hireguide/samples/position_link_request.json"));
    std::map<std::string, std::string> const wrong{{"external_id", "null"},          {"first_name", "\"\""},
                                                   {"updated_at", "\"21.11.2026\""}, {"email", "\"someone\""},
                                                   {"synced_with_ats", "false"},     {"shoe_size", "44"}};
    for (auto const& [field, value] : wrong) {
        json::value request = hireguide_sample("candidates_upsert_request");
        request.at("candidates").at(0).as_object()[field] = json::parse(value);
        auto const got = hireguide("POST", "/positions/pos_21/candidates:upsert", json::serialize(request));
        ASSERT_EQ(got.status, 200) << got.body;
        EXPECT_EQ(got.json().at("data").at(0).at("result"), "error") << field;
    }
    EXPECT_EQ(error_of(hireguide("POST", "/positions/pos_21/candidates:upsert", R"({"candidates": []})")),
              "422 validation_failed");
    EXPECT_EQ(control("GET", "/hireguide/candidates").at("count"), 0);
}

// E.2
TEST_F(Hireguide, ErrorBodiesEqualTheSamples) {
    EXPECT_EQ(hireguide("PATCH", "/positions/pos_0", R"({"name": "x"})").json(), hireguide_sample("error_404_job"));
    control("POST", "/hireguide/settings", {{"addon", false}});
    for (char const* const path : {"/workspaces/ws_1", "/positions"}) {
        auto const off = hireguide("GET", path);
        EXPECT_EQ(off.status, 403);
        EXPECT_EQ(off.json(), hireguide_sample("error_403_addon"));
    }
}

TEST_F(Hireguide, RefusesWhatTheContractDoesNotHave) {
    EXPECT_EQ(error_of(hireguide("GET", "/positions", "", {{"Authorization", "Bearer wrong"}})), "401 unauthorized");
    EXPECT_EQ(error_of(hireguide("GET", "/positions", "", {{"Accept", "text/html"}})), "400 validation_failed");
    EXPECT_EQ(error_of(hireguide("GET", "/positions?limit=5")), "400 validation_failed");
    EXPECT_EQ(error_of(hireguide("GET", "/positions?cursor=x")), "400 validation_failed");
    EXPECT_EQ(error_of(hireguide("GET", "/positions?page_size=101")), "400 validation_failed");
    EXPECT_EQ(error_of(hireguide("POST", "/positions", "{}", {{"Content-Type", "text/plain"}})),
              "400 validation_failed");
    EXPECT_EQ(error_of(hireguide("PATCH", "/positions/pos_21", R"({"colour": "red"})")), "422 validation_failed");
    EXPECT_EQ(error_of(hireguide("PUT", "/positions/pos_21", "{}")), "404 not_found");
    EXPECT_EQ(error_of(hireguide("GET", "/workspaces/ws_2")), "404 not_found");
    EXPECT_EQ(error_of(hireguide("DELETE", "/integrations/lever")), "404 not_found");
}

TEST_F(Hireguide, PagesToTheEnd) {
    for (int i = 0; i < 4; ++i) {
        control("POST", "/hireguide/positions", {{"role", "Role " + std::to_string(i)}});
    }
    std::string cursor;
    std::size_t seen = 0;
    for (int page = 0; page < 3; ++page) {
        json::value const got = hireguide("GET", "/positions?page_size=2&cursor=" + cursor).json();
        seen += got.at("data").as_array().size();
        json::value const& next = got.at("meta").at("next_cursor");
        ASSERT_EQ(next.is_null(), page == 2);
        cursor = next.is_null() ? "" : next.as_string().c_str();
    }
    EXPECT_EQ(seen, 5U);
}

TEST_F(Hireguide, DisconnectsEveryPositionOfTheAts) {
    play_candidate();
    EXPECT_EQ(hireguide("DELETE", "/integrations/lever").status, 204);
    EXPECT_TRUE(hireguide("GET", "/positions").json().at("data").at(0).at("ats_job").is_null());
}

TEST_F(Hireguide, PrintsAnInterviewAsTheSampleDoes) {
    play_candidate();
    EXPECT_EQ(hireguide("GET", "/interviews/" + interview()).json(), hireguide_sample("interview_get"));
}

// E.25, E.26
TEST_F(Hireguide, ExportsAPdfInACallbackOfTheSamplesShape) {
    play_candidate();
    Receiver receiver({200});
    json::value const callback = json::parse(exported(receiver, interview()).body);
    json::value const expected = hireguide_sample("callback_interview_exported");
    for (auto const& member : expected.at("data").as_object()) {
        EXPECT_TRUE(callback.at("data").as_object().contains(member.key())) << member.key();
    }
    EXPECT_EQ(callback.at("data").as_object().size(), expected.at("data").as_object().size());
    EXPECT_EQ(callback.at("data").at("external_candidate_id"), expected.at("data").at("external_candidate_id"));
    json::value const& file = callback.at("data").at("file");
    std::istringstream encoded(file.at("content_base64").as_string().c_str());
    Poco::Base64Decoder decoder(encoded);
    std::string const bytes{std::istreambuf_iterator<char>(decoder), {}};
    EXPECT_TRUE(bytes.starts_with("%PDF-"));
    EXPECT_TRUE(bytes.ends_with("%%EOF\n"));
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), digest.data());
    EXPECT_EQ(file.at("sha256"), json::value(hex(digest.data(), digest.size())));
    EXPECT_EQ(file.at("size"), json::value(bytes.size()));
}

TEST_F(Hireguide, SignsItsCallbacksOverTimeAndBody) {
    Receiver receiver({200});
    (void)control("POST", "/hireguide/callback",
                  {{"url", receiver.url()}, {"secret", "s"}, {"second_secret", "t"}, {"tries", 1}});
    std::string const delivery = control("POST", "/hireguide/sync_now").at("delivery").as_string().c_str();
    (void)control("GET", "/hireguide/deliveries/" + delivery + "?wait_ms=5000");
    Request const got = receiver.requests().at(0);
    std::string const text = std::string(got.header("X-Integration-Timestamp")) + "." + got.body;
    std::string signatures;
    for (std::string const secret : {"s", "t"}) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        HMAC(EVP_sha256(), secret.data(), 1, reinterpret_cast<unsigned char const*>(text.data()), text.size(),
             digest.data(), &size);
        signatures += (signatures.empty() ? "v1=" : ",v1=") + hex(digest.data(), size);
    }
    EXPECT_EQ(got.header("X-Integration-Signature"), signatures);
    EXPECT_EQ(json::parse(got.body).at("id"), json::value(std::string(got.header("X-Integration-Event-Id"))));
    EXPECT_EQ(json::parse(got.body).at("type"), "sync.requested");
}

TEST_F(Hireguide, SendsACallbackAgainUntilItIsReceived) {
    Receiver receiver({503, 0, 200});
    (void)control("POST", "/hireguide/callback",
                  {{"url", receiver.url()}, {"secret", "s"}, {"tries", 5}, {"retry_gap_ms", 1}});
    std::string const delivery = control("POST", "/hireguide/ping").at("delivery").as_string().c_str();
    EXPECT_EQ(control("GET", "/hireguide/deliveries/" + delivery + "?wait_ms=10000").at("state"), "received");
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[0].body, requests[2].body);
}

TEST_F(Hireguide, GivesThePdfAtItsAddressToo) {
    play_candidate();
    Receiver receiver({200});
    std::string const id = interview();
    EXPECT_EQ(error_of(hireguide("GET", "/interviews/" + id + "/export.pdf")), "404 not_found");
    json::value const callback = json::parse(exported(receiver, id, {{"by_url", true}}).body);
    json::value const& file = callback.at("data").at("file");
    EXPECT_EQ(file.at("download_url"), json::value("/v1/interviews/" + id + "/export.pdf"));
    auto const pdf = hireguide("GET", "/interviews/" + id + "/export.pdf");
    EXPECT_EQ(pdf.headers.at("content-type"), "application/pdf");
    EXPECT_EQ(json::value(pdf.body.size()), file.at("size"));
}

TEST_F(Hireguide, ExportsWronglyWhenToldTo) {
    play_candidate();
    Receiver receiver({200});
    std::string const id = interview(false);
    auto const data = [&](char const* fault) {
        return json::parse(exported(receiver, id, {{"fault", fault}}).body).at("data");
    };
    EXPECT_EQ(data("").at("scores_submitted"), false);
    EXPECT_EQ(data("sha256").at("file").at("sha256"), json::value(std::string(64, '0')));
    EXPECT_EQ(data("too_large").at("file").at("size"), 26'214'401);
    EXPECT_EQ(data("not_pdf").at("file").at("content_base64"), "PGh0bWw+bm8gUERGPC9odG1sPg==");
    EXPECT_EQ(data("stranger").at("external_candidate_id"), "lever:opp:nobody");
    control("POST", "/hireguide/interviews/" + id + "/scores");
    EXPECT_EQ(data("").at("scores_submitted"), true);
}

// E.29
TEST_F(Hireguide, KeepsTheResultsThatItIsTold) {
    play_candidate();
    std::string const path = "/interviews/" + interview() + "/export-result";
    EXPECT_EQ(hireguide("POST", path, R"({"status": "done", "message": "m", "ats_file_id": "f"})").status, 200);
    EXPECT_EQ(error_of(hireguide("POST", path, R"({"status": "perhaps", "message": "m"})")), "422 validation_failed");
    EXPECT_EQ(error_of(hireguide("POST", "/interviews/int_0/export-result", R"({"status": "done", "message": ""})")),
              "404 not_found");
    auto const shown = control("GET", "/hireguide/interviews/int_55");
    EXPECT_EQ(shown.at("results"), json::parse(R"([{"status": "done", "message": "m", "ats_file_id": "f"}])"));
}

}  // namespace
}  // namespace crosswalk::sandbox
