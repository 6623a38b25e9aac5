// http_send against a vendor on loopback.
#include "loopback.hpp"
#include "versatile.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <gmock/gmock.h>

#include <atomic>
#include <iterator>

namespace crosswalk::plugin_host {
namespace {

using model::Outcome;

// Answers what the path says: /echo the request's headers, /429 a refusal that asks for an hour, /body what was sent,
// /token 401 to any token but "good", /missing 404.
class Vendor final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit Vendor(std::atomic<int>& requests) : requests_(requests) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(Poco::Net::HTTPServerRequest const&) override {
        struct Handler final : Poco::Net::HTTPRequestHandler {
            void handleRequest(Poco::Net::HTTPServerRequest& request,
                               Poco::Net::HTTPServerResponse& response) override {
                if (request.getURI() == "/429") {
                    response.setStatus(Poco::Net::HTTPResponse::HTTP_TOO_MANY_REQUESTS);
                    response.set("Retry-After", "3600");
                }
                std::string body =
                    request.getMethod() + " " + request.get("Authorization", "-") + " " + request.get("x-test", "-");
                if (request.getURI() == "/body") {
                    body.assign(std::istreambuf_iterator<char>(request.stream()), std::istreambuf_iterator<char>());
                } else if (request.getURI() == "/token" && request.get("Authorization", "") != "Bearer good") {
                    response.setStatus(Poco::Net::HTTPResponse::HTTP_UNAUTHORIZED);
                } else if (request.getURI() == "/missing") {
                    response.setStatus(Poco::Net::HTTPResponse::HTTP_NOT_FOUND);
                }
                response.sendBuffer(body.data(), body.size());
            }
        };
        ++requests_;
        return new Handler;
    }

private:
    std::atomic<int>& requests_;
};

class VendorTest : public Versatile {
protected:
    void SetUp() override { server_.start(); }
    void TearDown() override {
        connector_.reset();
        server_.stop();
    }
    [[nodiscard]] model::Clock const& clock() const override { return system_clock_; }
    [[nodiscard]] std::string url(std::string const& path) const {
        return "http://127.0.0.1:" + std::to_string(socket_.address().port()) + path;
    }
    [[nodiscard]] std::string answer(std::string const& script) { return push(script).reason; }

    std::atomic<int> requests_{0};
    Poco::Net::ServerSocket socket_{Poco::Net::SocketAddress("127.0.0.1", 0)};
    Poco::Net::HTTPServer server_{new Vendor(requests_), socket_, one_request_a_connection()};
};

TEST_F(VendorTest, TheHostAddsTheCredential) {
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo")), "200 GET - yes");
    EXPECT_EQ(answer("http|POST|" + url("/echo") + "|bearer|/api_key"), "200 POST Bearer s3cret yes");
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|basic|/api_key"), "200 GET Basic czNjcmV0Og== yes");
}

// ---- OAuth ------------------------------------------------------------------------------------------------------

TEST_F(VendorTest, TheHostAddsTheAccessToken) {
    tokens_.tokens = {"good"};
    start();
    EXPECT_EQ(answer("http|POST|" + url("/token") + "|oauth|"), "200 POST Bearer good yes");
    EXPECT_EQ(requests_, 1);
}

TEST_F(VendorTest, ATokenThatTheVendorRefusesIsReplacedOnceEvenForACreate) {
    tokens_.tokens = {"old", "good"};
    start();
    EXPECT_EQ(answer("http|POST|" + url("/token") + "|oauth|"), "200 POST Bearer good yes");
    EXPECT_EQ(requests_, 2);
    EXPECT_EQ(tokens_.replaced, 1);
}

TEST_F(VendorTest, ASecondRefusalIsTheAnswer) {
    tokens_.tokens = {"old", "older", "good"};
    start();
    EXPECT_EQ(answer("http|POST|" + url("/token") + "|oauth|").substr(0, 3), "401");
    EXPECT_EQ(requests_, 2);
}

TEST_F(VendorTest, WithoutConsentNothingIsSentAndThePushAsksForIt) {
    tokens_.tokens.clear();
    start();
    EXPECT_EQ(answer("http|GET|" + url("/token") + "|oauth|"), std::to_string(CW_ERR_AUTH));
    EXPECT_EQ(requests_, 0);
    EXPECT_THAT(log(), ::testing::HasSubstr("access token could not be had"));
}

TEST_F(VendorTest, NoOtherTokenAfterARefusalIsAMatterOfConsent) {
    tokens_.tokens = {"old"};
    start();
    EXPECT_EQ(answer("http|GET|" + url("/token") + "|oauth|"), std::to_string(CW_ERR_AUTH));
    EXPECT_EQ(requests_, 1);
}

TEST_F(VendorTest, ATokenThatCannotBeHadNowIsTransient) {
    tokens_.tokens.clear();
    tokens_.exhausted = model::ErrorCode::unavailable;
    start();
    EXPECT_EQ(answer("http|GET|" + url("/token") + "|oauth|"), std::to_string(CW_ERR_TRANSIENT));
}

TEST_F(VendorTest, AHostWithoutTokensSaysThatItHasNone) {
    keeps_ = false;
    start();
    EXPECT_EQ(answer("http|GET|" + url("/token") + "|oauth|"), std::to_string(CW_ERR_UNSUPPORTED));
    EXPECT_EQ(requests_, 0);
}

TEST_F(VendorTest, NoTokenReachesTheLog) {
    tokens_.tokens = {"t0ken-old", "t0ken-new"};
    start();
    (void)push("http|POST|" + url("/token") + "|oauth|");
    EXPECT_THAT(log(), ::testing::Not(::testing::HasSubstr("t0ken")));
}

// ---- files ------------------------------------------------------------------------------------------------------

TEST_F(VendorTest, AFileIsSentBetweenBodyAndTail) {
    start();
    std::string const id = answer("file_put|PDF");
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "|head |" + id + "| tail|0"), "200 head PDF tail");
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "|head|| and tail|0"), "200 head and tail");
}

TEST_F(VendorTest, AFileThatIsNotThereSendsNothing) {
    start();
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "||" + std::string(64, '0') + "||0"),
              std::to_string(CW_ERR_NOT_FOUND));
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "||../secret||0"), std::to_string(CW_ERR_NOT_FOUND));
    EXPECT_EQ(requests_, 0);
}

TEST_F(VendorTest, AnAnswerGoesToAFileKnownByItsHash) {
    start();
    std::string const id = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "|abc|||1"), "200 file " + id + " 3");
    EXPECT_EQ(answer("file_read|" + id + "|0|10"), "abc");
    EXPECT_EQ(files_.count(), 1U);
}

TEST_F(VendorTest, OnlyASuccessGoesToAFileAndNothingIsLeftBehind) {
    start();
    EXPECT_EQ(answer("http_files|GET|" + url("/missing") + "||||1"), "404 GET - yes");
    EXPECT_EQ(files_.count(), 0U);
}

TEST_F(VendorTest, AnAnswerThatCannotBeKeptWasAppliedAllTheSame) {
    start();
    files_.keep_fails = true;
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "|abc|||1"), std::to_string(CW_ERR_INTERNAL));
    EXPECT_EQ(answer("http_files|GET|" + url("/echo") + "||||1"), std::to_string(CW_ERR_TRANSIENT));
    EXPECT_EQ(files_.count(), 0U);
}

TEST_F(VendorTest, AnAnswerAboveTheLimitOfFilesIsRefused) {
    files_.bytes_max_ = 2;
    start();
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "|abc|||1"), std::to_string(CW_ERR_INTERNAL));
    EXPECT_EQ(files_.count(), 0U);
}

TEST_F(VendorTest, AProbeSendsNoFiles) {
    start({{"probe", "http_files|POST|" + url("/body") + "||" + std::string(64, '0') + "||0"}});
    EXPECT_TRUE(connector_->probe(patience));
    EXPECT_EQ(requests_, 0);
    EXPECT_THAT(log(), ::testing::HasSubstr("\"service\":\"cw.files/1\""));
}

TEST_F(VendorTest, AHostWithoutFilesSaysThatItHasNone) {
    keeps_ = false;
    start();
    EXPECT_EQ(answer("http_files|POST|" + url("/body") + "||" + std::string(64, '0') + "||0\nhttp_files|GET|" +
                     url("/echo") + "||||1"),
              std::to_string(CW_ERR_UNSUPPORTED) + "\n" + std::to_string(CW_ERR_UNSUPPORTED));
    EXPECT_EQ(requests_, 0);
}

// -----------------------------------------------------------------------------------------------------------------

TEST_F(VendorTest, AnUndeclaredCredentialSendsNothing) {
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|bearer|/base_url"), std::to_string(CW_ERR_DENIED));
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|bearer|/absent"), std::to_string(CW_ERR_CONFIG));
    EXPECT_EQ(requests_, 0);
}

TEST_F(VendorTest, AnUndeclaredHostIsRefusedAndNamedInTheLog) {
    start();
    EXPECT_EQ(answer("http|GET|https://evil.example.net/"), std::to_string(CW_ERR_DENIED));
    EXPECT_THAT(log(), ::testing::HasSubstr("evil.example.net"));
}

TEST_F(VendorTest, AHeaderMayNotSmuggleAnother) {
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|none|-|a\rb: c"), std::to_string(CW_ERR_INVALID));
    EXPECT_EQ(requests_, 0);
}

TEST_F(VendorTest, AnErrorStatusIsAnAnswer) {
    start();
    EXPECT_EQ(answer("http|GET|" + url("/429")).substr(0, 3), "429");
}

TEST_F(VendorTest, ARetryAfterHoldsTheNextRequestOfTheConnection) {
    start();
    (void)push("http|GET|" + url("/429"));
    EXPECT_EQ(answer("http|GET|" + url("/echo")), std::to_string(CW_ERR_RATE_LIMITED));
    EXPECT_EQ(requests_, 1);
}

TEST_F(VendorTest, ARetryAfterHoldsEveryConnectionWithTheSameCredentialAndNoOther) {
    http::RateLimiters rates(clock());
    rates_ = &rates;
    start();
    auto const first = std::move(connector_);
    name_ = "there";
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|bearer|/api_key").substr(0, 3), "200");
    (void)first->push("obey", "idem-2", 1, {"versatile.thing/1", "http|GET|" + url("/429") + "|bearer|/api_key", "{}"},
                      patience);
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|bearer|/api_key"), std::to_string(CW_ERR_RATE_LIMITED));
    EXPECT_EQ(answer("http|GET|" + url("/echo")).substr(0, 3), "200") << "no credential, no shared limit";
    EXPECT_EQ(requests_, 3);
}

TEST_F(VendorTest, ACredentialOfAnotherConnectionThatIsTheSameSharesItsTokens) {
    http::RateLimiters rates(clock());
    rates_ = &rates;
    requests_per_second_ = 0.01;
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|bearer|/api_key").substr(0, 3), "200");
    name_ = "there";
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo") + "|bearer|/api_key"), std::to_string(CW_ERR_RATE_LIMITED));
}

TEST_F(VendorTest, ARateLimitThatWouldMissTheDeadlineSendsNothing) {
    requests_per_second_ = 0.01;
    start();
    EXPECT_EQ(answer("http|GET|" + url("/echo")).substr(0, 3), "200");
    EXPECT_EQ(answer("http|GET|" + url("/echo")), std::to_string(CW_ERR_RATE_LIMITED));
    EXPECT_EQ(requests_, 1);
}

TEST_F(VendorTest, NobodyListeningIsTransient) {
    start();
    Poco::Net::ServerSocket closed{Poco::Net::SocketAddress("127.0.0.1", 0)};
    std::string const nowhere = "http://127.0.0.1:" + std::to_string(closed.address().port()) + "/";
    closed.close();
    EXPECT_EQ(answer("http|POST|" + nowhere), std::to_string(CW_ERR_TRANSIENT));
}

TEST_F(VendorTest, ACancelledCallSendsNothingMore) {
    start();
    auto const report = push("sleep|60000\nhttp|POST|" + url("/echo"), std::chrono::milliseconds(10));
    EXPECT_EQ(report.reason, std::to_string(CW_ERR_DEADLINE) + "\n" + std::to_string(CW_ERR_TRANSIENT));
    EXPECT_EQ(requests_, 0);
}

}  // namespace
}  // namespace crosswalk::plugin_host
