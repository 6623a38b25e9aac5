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

namespace crosswalk::plugin_host {
namespace {

using model::Outcome;

// Answers what the path says: /echo the request's headers, /429 a refusal that asks for an hour.
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
                std::string const body =
                    request.getMethod() + " " + request.get("Authorization", "-") + " " + request.get("x-test", "-");
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
