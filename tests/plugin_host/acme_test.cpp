// The example connector of plugin-api/template, in plain C, from its file to a vendor on loopback.
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
#include <mutex>

namespace crosswalk::plugin_host {
namespace {

using model::Outcome;

struct AcmeServer {
    std::atomic<int> status{201};
    std::mutex mutex;  // guards what follows
    std::string seen;
};

class AcmeFactory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit AcmeFactory(AcmeServer& server) : server_(server) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(Poco::Net::HTTPServerRequest const&) override {
        struct Handler final : Poco::Net::HTTPRequestHandler {
            explicit Handler(AcmeServer& s) : server(s) {}
            void handleRequest(Poco::Net::HTTPServerRequest& request,
                               Poco::Net::HTTPServerResponse& response) override {
                std::string const body(std::istreambuf_iterator<char>(request.stream()), {});
                {
                    std::lock_guard const lock(server.mutex);
                    server.seen = request.getMethod() + " " + request.getURI() + " " +
                                  request.get("Authorization", "-") + " " + request.get("Idempotency-Key", "-") + " " +
                                  body;
                }
                response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(server.status.load()));
                response.set("Retry-After", "7");
                response.sendBuffer("{}", 2);
            }
            AcmeServer& server;
        };
        return new Handler(server_);
    }

private:
    AcmeServer& server_;
};

class Acme : public Versatile {
protected:
    void SetUp() override {
        server_.start();
        auto library = Library::load(ACME, "", logger_, isolation());
        ASSERT_TRUE(library) << library.error().detail;
        std::string const url = "http://127.0.0.1:" + std::to_string(socket_.address().port()) + "/v1/";
        boost::json::value settings{{"base_url", url}, {"api_key", "secret:test/key"}};
        auto made = (*library)->create(
            "acme", Services{"acme-test", std::move(settings), http_, secrets_, key_values_, system_clock_, logger_});
        ASSERT_TRUE(made) << made.error().detail;
        connector_ = std::move(*made);
    }
    void TearDown() override {
        connector_.reset();
        server_.stop();
    }
    [[nodiscard]] model::AttemptReport push_hire() {
        auto const mapped =
            connector_->map_out({"crosswalk.hire/1", "p-1", "{\"first_name\":\"A\"}"}, "acme.person/1", patience);
        EXPECT_TRUE(mapped);
        return connector_->push("create_person", "idem-9", 1, mapped->records.at(0), patience);
    }

    AcmeServer vendor_;
    Poco::Net::ServerSocket socket_{Poco::Net::SocketAddress("127.0.0.1", 0)};
    Poco::Net::HTTPServer server_{new AcmeFactory(vendor_), socket_, one_request_a_connection()};
};

TEST_F(Acme, AHireBecomesOnePostWithKeyAndCredential) {
    EXPECT_EQ(push_hire().outcome, Outcome::delivered);
    std::lock_guard const lock(vendor_.mutex);
    EXPECT_EQ(vendor_.seen, "POST /v1/people Bearer s3cret idem-9 {\"first_name\":\"A\"}");
}

TEST_F(Acme, EachAnswerOfTheVendorHasItsOutcome) {
    struct {
        int status;
        Outcome outcome;
    } const cases[] = {{409, Outcome::duplicate},
                       {401, Outcome::auth},
                       {422, Outcome::rejected},
                       {500, Outcome::unknown},
                       {503, Outcome::retry}};
    for (auto const& one : cases) {
        vendor_.status = one.status;
        EXPECT_EQ(push_hire().outcome, one.outcome) << one.status;
    }
}

TEST_F(Acme, TheVendorsRetryAfterReachesTheReport) {
    vendor_.status = 429;
    auto const report = push_hire();
    EXPECT_EQ(report.outcome, Outcome::retry);
    EXPECT_EQ(report.retry_after_ms, 7000);
}

TEST_F(Acme, AVendorThatIsGoneIsRetried) {
    server_.stop();
    socket_.close();
    EXPECT_EQ(push_hire().outcome, Outcome::retry);
}

TEST_F(Acme, ItCannotLookUp) {
    EXPECT_FALSE(connector_->can_look_up());
}

}  // namespace
}  // namespace crosswalk::plugin_host
