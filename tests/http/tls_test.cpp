#include "http/certificates.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/wire.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <sstream>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;
using testing::HasSubstr;
using testing::Not;

class TlsTest : public testing::Test {
protected:
    void start(std::string const& names, ServerOptions options = {}, long valid_seconds = 3600) {
        auto const issued = authority_.issue(names, valid_seconds);
        options.name = "tls";
        options.tls = Tls{issued.certificate, issued.key};
        server_ = std::make_unique<Server>(
            std::move(options),
            [this](Request const& request) {
                ++handled_;
                return Response{200, "text/plain", request.body};
            },
            logger_);
        auto const started = server_->start();
        ASSERT_TRUE(started.has_value()) << started.error().detail;
    }
    [[nodiscard]] model::Result<ClientResponse> post(std::string const& host, std::string body = "hello") {
        ClientRequest request;
        request.method = "POST";
        request.url = "https://" + host + ":" + std::to_string(server_->port()) + "/";
        request.body = std::move(body);
        request.deadline = clock_.steady_now() + 20s;
        return client_.send(request);
    }

    std::ostringstream log_;
    model::SystemClock clock_;
    telemetry::Logger logger_{log_, clock_};
    TestAuthority authority_;
    std::atomic<int> handled_ = 0;
    std::unique_ptr<Server> server_;
    Client client_{{.ca_file = authority_.ca_file()}, clock_, logger_};
};

TEST_F(TlsTest, CarriesRequestsToATrustedServerByNameAndByAddress) {
    start("DNS:localhost,IP:127.0.0.1");
    for (auto const* host : {"localhost", "127.0.0.1"}) {
        for (int i = 0; i < 2; ++i) {
            auto const response = post(host);
            ASSERT_TRUE(response.has_value()) << response.error().detail;
            EXPECT_EQ(response->body, "hello");
        }
    }
}

TEST_F(TlsTest, CarriesABodyOfManyRecordsInBothDirections) {
    start("DNS:localhost", {.body_bytes_max = 8 * 1024 * 1024});
    std::string const body(5'000'000, 'b');
    auto const response = post("localhost", body);
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_TRUE(response->body == body);
}

TEST_F(TlsTest, RefusesACertificateForAnotherHost) {
    start("DNS:other.example.com,IP:127.0.0.2");
    for (auto const* host : {"localhost", "127.0.0.1"}) {
        auto const response = post(host);
        ASSERT_FALSE(response.has_value()) << host;
        EXPECT_EQ(response.error().code, ErrorCode::unavailable);
    }
    EXPECT_EQ(handled_, 0);
}

TEST_F(TlsTest, RefusesACertificateThatHasExpired) {
    start("DNS:localhost", {}, -60);
    EXPECT_EQ(post("localhost").error().code, ErrorCode::unavailable);
    EXPECT_EQ(handled_, 0);
}

TEST_F(TlsTest, RefusesACertificateFromAnAuthorityThatItDoesNotKnow) {
    start("DNS:localhost");
    TestAuthority const stranger;
    for (auto const& ca_file : {stranger.ca_file(), std::string()}) {
        Client client({.ca_file = ca_file}, clock_, logger_);
        ClientRequest request;
        request.url = "https://localhost:" + std::to_string(server_->port()) + "/";
        request.deadline = clock_.steady_now() + 20s;
        auto const response = client.send(request);
        ASSERT_FALSE(response.has_value());
        EXPECT_EQ(response.error().code, ErrorCode::unavailable);
    }
    EXPECT_EQ(handled_, 0);
}

TEST_F(TlsTest, SaysUnavailableWhenTheServerSpeaksNoTls) {
    RawServer plain([](auto& peer, int) { write_all(peer, "HTTP/1.1 400 Bad Request\r\n\r\n"); });
    ClientRequest request;
    request.method = "POST";
    request.url = "https://127.0.0.1:" + std::to_string(plain.port()) + "/";
    request.deadline = clock_.steady_now() + 20s;
    EXPECT_EQ(client_.send(request).error().code, ErrorCode::unavailable);
}

TEST_F(TlsTest, GivesUpOnAServerThatNeverAnswersTheHandshake) {
    RawServer silent([](auto& peer, int) {
        char bytes[4096];
        while (peer.receiveBytes(bytes, sizeof bytes) > 0) {
        }
    });
    ClientRequest request;
    request.method = "POST";
    request.url = "https://127.0.0.1:" + std::to_string(silent.port()) + "/";
    request.deadline = clock_.steady_now() + 300ms;
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(client_.send(request).error().code, ErrorCode::unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST_F(TlsTest, NamesAnAuthorityFileThatCannotBeRead) {
    Client client({.ca_file = "/nonexistent/ca.pem"}, clock_, logger_);
    ClientRequest request;
    RawServer server([](auto&, int) {});
    request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    request.deadline = clock_.steady_now() + 5s;
    auto const result = client.send(request);
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(result.error().detail, HasSubstr("/nonexistent/ca.pem"));
}

// A handshake that allows only one protocol version.
bool server_accepts(std::uint16_t port, int version) {
    Poco::Net::Context::Params params;
    params.verificationMode = Poco::Net::Context::VERIFY_NONE;
    params.cipherList = "ALL:@SECLEVEL=0";
    Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params);
    SSL_CTX_clear_options(context->sslContext(), SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
    SSL_CTX_set_min_proto_version(context->sslContext(), version);
    SSL_CTX_set_max_proto_version(context->sslContext(), version);
    try {
        Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port), context);
        socket.setReceiveTimeout(Poco::Timespan(10, 0));
        std::string const request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        socket.sendBytes(request.data(), static_cast<int>(request.size()));
        char byte = 0;
        return socket.receiveBytes(&byte, 1) == 1;
    } catch (Poco::Exception const&) {
        return false;
    }
}

TEST_F(TlsTest, AcceptsTls12And13AndNothingOlder) {
    start("DNS:localhost");
    EXPECT_TRUE(server_accepts(server_->port(), TLS1_3_VERSION));
    EXPECT_TRUE(server_accepts(server_->port(), TLS1_2_VERSION));
    EXPECT_FALSE(server_accepts(server_->port(), TLS1_1_VERSION));
    EXPECT_FALSE(server_accepts(server_->port(), TLS1_VERSION));
}

TEST_F(TlsTest, CutsAClientThatDoesNotFinishTheHandshake) {
    start("DNS:localhost", {.request_time_max = 200ms, .keep_alive_time = 60s});
    RawClient connection(server_->port());
    connection.send("\x16\x03\x01");
    EXPECT_TRUE(connection.ends_within(5s));
}

TEST_F(TlsTest, CutsAClientThatDripsItsRequest) {
    start("DNS:localhost", {.request_time_max = 300ms, .keep_alive_time = 60s});
    Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", "", "", Poco::Net::Context::VERIFY_NONE);
    Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", server_->port()), context);
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_THROW(
        for (int i = 0; i < 1000; ++i) {
            socket.sendBytes("x", 1);
            std::this_thread::sleep_for(10ms);  // the pace of the attack
        },
        Poco::Exception);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(TlsTest, SurvivesAPlainRequestOnATlsPort) {
    start("DNS:localhost");
    RawClient plain(server_->port());
    plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(plain.read_all()), 0);
    EXPECT_TRUE(post("localhost").has_value());
}

TEST_F(TlsTest, StopsWhileATlsConnectionIsIdle) {
    start("DNS:localhost", {.keep_alive_time = 60s});
    ASSERT_TRUE(post("localhost").has_value());
    auto const begin = std::chrono::steady_clock::now();
    server_->stop(30s);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
}

TEST_F(TlsTest, RefusesToStartWithAKeyThatDoesNotFitAndNeverShowsIt) {
    auto const one = authority_.issue("DNS:localhost");
    auto const other = authority_.issue("DNS:localhost");
    for (auto const& key : {other.key, model::Secret("-----BEGIN hush-----"), model::Secret()}) {
        Server server(
            {.name = "x", .tls = Tls{one.certificate, key}}, [](Request const&) { return Response{}; }, logger_);
        auto const result = server.start();
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
        EXPECT_THAT(result.error().detail, HasSubstr(one.certificate));
        EXPECT_THAT(result.error().detail, Not(HasSubstr("hush")));
    }
}

TEST_F(TlsTest, RefusesToStartWithoutItsCertificateFile) {
    auto const issued = authority_.issue("DNS:localhost");
    Server server(
        {.name = "x", .tls = Tls{"/nonexistent/tls.crt", issued.key}}, [](Request const&) { return Response{}; },
        logger_);
    auto const result = server.start();
    ASSERT_FALSE(result.has_value());
    EXPECT_THAT(result.error().detail, HasSubstr("/nonexistent/tls.crt"));
}

}  // namespace
}  // namespace crosswalk::http
