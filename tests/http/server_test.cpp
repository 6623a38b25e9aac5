#include "http/server.hpp"

#include "http/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <random>
#include <sstream>
#include <stdexcept>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

class ServerTest : public testing::Test {
protected:
    // Starts a server whose handler echoes the body unless told otherwise.
    void start(ServerOptions options = {}, Handler handler = nullptr) {
        options.name = "test";
        if (!handler) {
            handler = [this](Request const& request) {
                ++handled_;
                return Response{200, "text/plain", request.body};
            };
        }
        server_ = std::make_unique<Server>(std::move(options), std::move(handler), logger_);
        ASSERT_TRUE(server_->start().has_value());
    }
    [[nodiscard]] RawClient client() const { return RawClient(server_->port()); }
    // The response to bytes on a connection of their own.
    [[nodiscard]] std::string ask(std::string_view bytes) const {
        auto connection = client();
        connection.send(bytes);
        return connection.read_all();
    }

    std::ostringstream log_;
    model::SystemClock clock_;
    telemetry::Logger logger_{log_, clock_};
    std::atomic<int> handled_ = 0;
    std::unique_ptr<Server> server_;
};

// A gate that a handler waits at until the test opens it.
class Gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void await_visitor() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_ > 0; });
    }
    void open() {
        std::lock_guard const lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;
    bool open_ = false;
};

TEST_F(ServerTest, GivesTheHandlerTheWholeRequest) {
    Request seen;
    start({}, [&](Request const& request) {
        seen = request;
        return Response{201, "application/json", "{}", {{"X-Reply", "yes"}}};
    });
    auto const response =
        ask("POST /hooks/lever?key=a%20b&n=1 HTTP/1.1\r\nHost: h\r\nX-Thing:  two words \r\nContent-Length: 5\r\n"
            "Connection: close\r\n\r\nhello");
    EXPECT_EQ(status_of(response), 201);
    EXPECT_THAT(response, HasSubstr("\r\nX-Reply: yes\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\nDate: "));
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.target, "/hooks/lever?key=a%20b&n=1");
    EXPECT_EQ(seen.path(), "/hooks/lever");
    EXPECT_EQ(seen.query("key"), "a b");
    EXPECT_EQ(seen.query("absent"), std::nullopt);
    EXPECT_EQ(seen.header("x-thing"), "two words");
    EXPECT_EQ(seen.header("absent"), "");
    EXPECT_EQ(seen.body, "hello");
    EXPECT_EQ(seen.peer, "127.0.0.1");
}

TEST_F(ServerTest, AnswersSeveralRequestsOnOneConnection) {
    start();
    auto connection = client();
    for (auto const* body : {"one", "two", "six"}) {
        connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n" + std::string(body));
        EXPECT_EQ(body_of(connection.read_response()), body);
    }
}

TEST_F(ServerTest, AnswersRequestsThatWereSentWithoutWaitingInTheirOrder) {
    start();
    auto connection = client();
    connection.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na"
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n"
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nc");
    EXPECT_EQ(body_of(connection.read_response()), "a");
    EXPECT_EQ(body_of(connection.read_response()), "b");
    EXPECT_EQ(body_of(connection.read_all()), "c");
}

TEST_F(ServerTest, ClosesWhenTheClientAsksForIt) {
    start();
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n");
    EXPECT_THAT(connection.read_all(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(ServerTest, ClosesAfterAnHttp10RequestUnlessAskedToKeepIt) {
    start();
    EXPECT_EQ(status_of(ask("GET / HTTP/1.0\r\n\r\n")), 200);
    auto kept = client();
    kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(status_of(kept.read_response()), 200);
    kept.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(status_of(kept.read_all()), 200);
}

TEST_F(ServerTest, EndsAConnectionThatIsIdleForLongerThanTheKeepAliveTime) {
    start({.keep_alive_time = 100ms});
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(connection.read_response()), 200);
    EXPECT_TRUE(connection.ends_within(5s));
}

TEST_F(ServerTest, EndsIdleConnectionsSoonerWhenItIsNearlyFull) {
    start({.connections_max = 4, .keep_alive_time = 60s});
    std::vector<RawClient> crowd;
    for (int i = 0; i < 4; ++i) {
        crowd.push_back(client());
        crowd.back().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_EQ(status_of(crowd.back().read_response()), 200);
    }
    EXPECT_TRUE(crowd.back().ends_within(10s));
}

TEST_F(ServerTest, AnswersHeadWithTheLengthButWithoutTheBody) {
    start({}, [](Request const&) { return Response{200, "text/plain", "12345"}; });
    auto const response = ask("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(response, HasSubstr("\r\nContent-Length: 5\r\n"));
    EXPECT_EQ(body_of(response), "");
}

TEST_F(ServerTest, SendsNeitherBodyNorLengthWithStatus204) {
    start({}, [](Request const&) { return Response{204, "text/plain", "ignored"}; });
    auto const response = ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(response, Not(HasSubstr("Content-Length")));
    EXPECT_EQ(body_of(response), "");
}

TEST_F(ServerTest, TakesAHeaderOfTheLimitAndRefusesOneByteMore) {
    start({.header_bytes_max = 1000});
    std::string const start_line = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ";
    std::string const fits = start_line + std::string(1000 - start_line.size() - 4, 'x') + "\r\n\r\n";
    ASSERT_EQ(fits.size(), 1000u);
    EXPECT_EQ(status_of(ask(fits)), 200);
    auto over = fits;
    over.insert(start_line.size(), "x");
    EXPECT_EQ(status_of(ask(over)), 431);
    EXPECT_EQ(handled_, 1);
}

TEST_F(ServerTest, RefusesAHeaderThatNeverEnds) {
    start({.header_bytes_max = 1000});
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\n" + std::string(100'000, 'x'))), 431);
}

TEST_F(ServerTest, RefusesABodyThatSaysItIsTooLargeWithoutReadingIt) {
    start({.body_bytes_max = 10});
    auto const response = ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
    EXPECT_EQ(status_of(response), 413);
    EXPECT_THAT(response, HasSubstr("\r\nContent-Type: application/problem+json\r\n"));
    EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, TakesABodyOfTheLimit) {
    start({.body_bytes_max = 10});
    EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789")),
              "0123456789");
    EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "4\r\n0123\r\n6;note=x\r\n456789\r\n0\r\nTrailer: t\r\n\r\n")),
              "0123456789");
}

TEST_F(ServerTest, RefusesAChunkedBodyOnceItGrowsTooLarge) {
    start({.body_bytes_max = 10});
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "8\r\n01234567\r\n3\r\n890\r\n0\r\n\r\n")),
              413);
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")),
              413);
    EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, RefusesAChunkLineOrATrailerThatNeverEnds) {
    start();
    std::string const head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(status_of(ask(head + "3;" + std::string(100'000, 'x'))), 413);
    EXPECT_EQ(status_of(ask(head + "0\r\nX: " + std::string(100'000, 'x'))), 413);
    EXPECT_EQ(handled_, 0);
}

// Every step is a wait for more bytes at another place of the message.
TEST_F(ServerTest, ReadsRequestsThatArriveByteByByte) {
    start();
    for (std::string_view const chunks : {"0\r\n\r\n", "00;a=b\r\nX: y\r\n\r\n", "2\r\nok\r\n0\r\n\r\n"}) {
        auto connection = client();
        for (char const byte :
             "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks)) {
            connection.send({&byte, 1});
            std::this_thread::sleep_for(1ms);  // so that bytes come one at a time; nothing breaks when they do not
        }
        EXPECT_EQ(status_of(connection.read_response()), 200) << chunks;
    }
}

TEST_F(ServerTest, PassesOverEmptyLinesBeforeARequestButNotForEver) {
    start({.header_bytes_max = 1000});
    EXPECT_EQ(status_of(ask("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")), 200);
    std::string lines;
    for (int i = 0; i < 1000; ++i) {
        lines += "\r\n";
    }
    EXPECT_EQ(status_of(ask(lines)), 400);
}

TEST_F(ServerTest, KeepsTrailersOutOfTheHeaders) {
    start({}, [](Request const& request) {
        return Response{200, "text/plain", std::string(request.header("x-user"))};
    });
    EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "0\r\nX-User: admin\r\n\r\n")),
              "");
}

TEST_F(ServerTest, DoesNotResetAClientThatStillSendsItsTooLargeBody) {
    start({.body_bytes_max = 10});
    auto connection = client();
    std::string const piece(64 * 1024, 'x');
    connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n");
    EXPECT_EQ(status_of(connection.read_response()), 413);
    for (int i = 0; i < 16; ++i) {
        EXPECT_TRUE(connection.try_send(piece));
    }
}

TEST_F(ServerTest, CutsAClientThatSendsEmptyLinesForEver) {
    start({.request_time_max = 300ms});
    auto connection = client();
    std::string lines;
    for (int i = 0; i < 1000; ++i) {
        lines += "\r\n";
    }
    auto const begin = std::chrono::steady_clock::now();
    while (connection.try_send(lines) && std::chrono::steady_clock::now() - begin < 15s) {
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

// Sends a byte every few milliseconds, so that no single read ever times out; returns how long the server bore it.
std::chrono::milliseconds drip(RawClient& connection) {
    auto const begin = std::chrono::steady_clock::now();
    while (connection.try_send("x") && std::chrono::steady_clock::now() - begin < 15s) {
        std::this_thread::sleep_for(10ms);  // the pace of the attack, not a wait for the server
        if (connection.ends_within(1ms)) {
            break;
        }
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST_F(ServerTest, CutsAClientThatDripsItsHeader) {
    start({.request_time_max = 300ms, .keep_alive_time = 60s});
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nX: ");
    EXPECT_LT(drip(connection), 5s);
    EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, CutsAClientThatDripsItsBody) {
    start({.request_time_max = 300ms, .keep_alive_time = 60s});
    auto connection = client();
    connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
    EXPECT_LT(drip(connection), 5s);
    EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, SaysThatARequestDidNotArriveInTime) {
    start({.request_time_max = 100ms});
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHos")), 408);
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nx")), 408);
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx")), 408);
}

TEST_F(ServerTest, AsksForTheBodyWhenTheClientExpectsThat) {
    start();
    auto connection = client();
    connection.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(connection.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
    connection.send("ok");
    EXPECT_EQ(body_of(connection.read_response()), "ok");
}

TEST_F(ServerTest, DoesNotAskForABodyThatIsTooLarge) {
    start({.body_bytes_max = 1});
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")), 413);
}

TEST_F(ServerTest, RefusesAnExpectationThatItDoesNotKnow) {
    start();
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\nok")), 417);
}

TEST_F(ServerTest, RefusesTransferCodingsThatItDoesNotKnow) {
    start();
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")), 501);
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
                            "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n")),
              501);
}

TEST_F(ServerTest, RefusesAnotherMajorVersion) {
    start();
    EXPECT_EQ(status_of(ask("GET / HTTP/2.0\r\nHost: h\r\n\r\n")), 505);
}

TEST_F(ServerTest, TakesTheSameLengthSaidTwice) {
    start();
    EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n"
                            "Connection: close\r\n\r\nok")),
              200);
}

class RefusedRequest : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_P(RefusedRequest, IsAnsweredWith400AndNeverHandled) {
    start();
    EXPECT_EQ(status_of(ask(GetParam())), 400) << GetParam();
    EXPECT_EQ(handled_, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Server, RefusedRequest,
    testing::Values(
        // Two readings of where the body ends.
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\nabc",
        "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // Chunks that are none.
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"\n\"\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n",
        // Header lines that parsers read differently.
        "GET / HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX: y\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX:\r\n\tfolded\r\n\r\n", "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n: nameless\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"s, "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        // Request lines that are none.
        "GET /\r\n\r\n", "GET / HTTP/1.1 x\r\nHost: h\r\n\r\n", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "GET /\xe9 HTTP/1.1\r\nHost: h\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/11\r\nHost: h\r\n\r\n", " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "\x16\x03\x01\x02\r\n\r\n"));

TEST_F(ServerTest, StillAnswersAfterAThousandDamagedRequests) {
    start({.request_time_max = 1ms});
    std::mt19937 random(20261122);
    std::string const whole =
        "POST /hooks/a?b=c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        "3\r\nabc\r\n0\r\n\r\n";
    for (int i = 0; i < 1000; ++i) {
        auto damaged = whole;
        for (int change = 0; change < 3; ++change) {
            damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
        }
        damaged.resize(random() % (damaged.size() + 1));
        auto connection = client();
        static_cast<void>(connection.try_send(damaged));
    }
    server_->stop(0ms);
    start();
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")), 200);
}

TEST_F(ServerTest, AnswersWith500WhenTheHandlerThrowsAndGoesOn) {
    start({}, [](Request const& request) -> Response {
        if (request.target == "/throw") {
            throw std::runtime_error("secret inside");
        }
        return {};
    });
    auto connection = client();
    connection.send("GET /throw HTTP/1.1\r\nHost: h\r\n\r\n");
    auto const response = connection.read_response();
    EXPECT_EQ(status_of(response), 500);
    EXPECT_THAT(response, Not(HasSubstr("secret")));
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(connection.read_response()), 200);
    EXPECT_THAT(log_.str(), HasSubstr("Handling a request failed."));
    EXPECT_THAT(log_.str(), Not(HasSubstr("secret")));
}

TEST_F(ServerTest, NeverWritesAHeaderThatHoldsALineBreak) {
    start({}, [](Request const&) { return Response{200, "text/plain", "", {{"X", "a\r\nSet-Cookie: b"}}}; });
    auto const response = ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(response), 500);
    EXPECT_THAT(response, Not(HasSubstr("Set-Cookie")));
}

TEST_F(ServerTest, TellsConnectionNumber1001ThatItIsFull) {
    start({.connections_max = 1000, .request_time_max = 120s, .keep_alive_time = 120s, .slow_after = 120s});
    std::vector<RawClient> crowd;
    for (int i = 0; i < 1000; ++i) {
        crowd.push_back(client());
        crowd.back().send("GET / HTTP/1.1\r\nHost: h\r\n");  // and then nothing
    }
    // The last of the crowd is served, so all of it is in the house.
    crowd.back().send("\r\nGET / HTTP/1.1\r\n");  // and is at its next request at once
    EXPECT_EQ(status_of(crowd.back().read_response()), 200);

    auto const begin = std::chrono::steady_clock::now();
    auto const response = ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(response), 503);
    EXPECT_THAT(response, HasSubstr("\r\nRetry-After: 1\r\n"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_THAT(log_.str(), HasSubstr("The connection limit is reached."));
}

TEST_F(ServerTest, GivesThePlaceOfTheSlowestClientToANewcomer) {
    start({.connections_max = 3, .request_time_max = 120s, .keep_alive_time = 120s, .slow_after = 0ms});
    // A whole request and the beginning of the next one: once the first is answered the server is at the second.
    std::string const one_and_a_half = "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n";
    auto slowest = client();
    slowest.send(one_and_a_half);
    EXPECT_EQ(status_of(slowest.read_response()), 200);
    auto slow = client();
    slow.send(one_and_a_half);
    EXPECT_EQ(status_of(slow.read_response()), 200);
    auto idle = client();
    idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(idle.read_response()), 200);
    auto newcomer = client();
    newcomer.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(newcomer.read_response()), 200);
    EXPECT_TRUE(slowest.ends_within(10s));
    slow.send("Host: h\r\n\r\n");
    EXPECT_EQ(status_of(slow.read_response()), 200) << "one place was needed";
    EXPECT_THAT(log_.str(), HasSubstr("The connection limit is reached."));
}

TEST_F(ServerTest, GivesThePlaceOfTheLongestIdleClientWhenNobodyIsSlow) {
    start({.connections_max = 2, .request_time_max = 120s, .keep_alive_time = 120s, .slow_after = 120s});
    auto idle = client();
    idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(idle.read_response()), 200);
    auto sending = client();
    sending.send("GET / HTTP/1.1\r\n");
    int status = 503;
    while (status == 503) {  // until the server has noticed that the first client has its answer
        status = status_of(ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    }
    EXPECT_EQ(status, 200);
    EXPECT_TRUE(idle.ends_within(10s));
    sending.send("Host: h\r\n\r\n");
    EXPECT_EQ(status_of(sending.read_response()), 200) << "who is quick keeps the place";
}

TEST_F(ServerTest, LetsANewcomerWaitUntilACrowdThatCameAtOnceIsSlow) {
    start({.connections_max = 1, .request_time_max = 120s, .keep_alive_time = 120s, .slow_after = 300ms});
    auto quick = client();
    quick.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n");
    EXPECT_EQ(status_of(quick.read_response()), 200);
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")), 200);
    EXPECT_TRUE(quick.ends_within(10s));
}

TEST_F(ServerTest, NeverCutsARequestThatItIsWorkingOn) {
    Gate gate;
    start({.connections_max = 1, .slow_after = 0ms}, [&](Request const&) {
        gate.pass();
        return Response{200, "text/plain", "done"};
    });
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.await_visitor();
    EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")), 503);
    gate.open();
    EXPECT_EQ(body_of(connection.read_response()), "done");
}

TEST_F(ServerTest, LetsARunningRequestFinishWhenItStops) {
    Gate gate;
    start({}, [&](Request const&) {
        gate.pass();
        return Response{200, "text/plain", "done"};
    });
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.await_visitor();
    std::jthread const stopping([&] { server_->stop(30s); });
    // A newcomer is refused from the moment the stop has begun.
    while (true) {
        try {
            static_cast<void>(client());
        } catch (std::exception const&) {
            break;
        }
    }
    gate.open();
    auto const response = connection.read_all();
    EXPECT_EQ(body_of(response), "done");
    EXPECT_THAT(response, HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(ServerTest, EndsIdleConnectionsAtOnceWhenItStops) {
    start({.keep_alive_time = 60s});
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(connection.read_response()), 200);
    auto const begin = std::chrono::steady_clock::now();
    server_->stop(30s);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
    EXPECT_TRUE(connection.ends_within(1s));
}

TEST_F(ServerTest, CutsWhatIsLeftWhenTheGraceIsOver) {
    start({.request_time_max = 60s});
    auto connection = client();
    connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
    auto const begin = std::chrono::steady_clock::now();
    server_->stop(100ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, NamesThePortThatIsTaken) {
    start();
    Server second(
        {.name = "second", .port = server_->port()}, [](Request const&) { return Response{}; }, logger_);
    auto const result = second.start();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, model::ErrorCode::already_exists);
    EXPECT_THAT(result.error().detail, HasSubstr(std::to_string(server_->port())));
    second.stop(0ms);
    EXPECT_EQ(second.port(), 0);
}

TEST_F(ServerTest, RefusesAnAddressThatIsNone) {
    Server server(
        {.name = "x", .address = "not an address"}, [](Request const&) { return Response{}; }, logger_);
    auto const result = server.start();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, model::ErrorCode::invalid_argument);
}

TEST_F(ServerTest, MayBeStoppedTwice) {
    start();
    server_->stop(0ms);
    server_->stop(0ms);
}

TEST(Problem, SaysWhatIsWrongAsRfc9457Does) {
    auto const response = problem(409, "The route is stopped.");
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(response.body,
              R"({"type":"about:blank","title":"Conflict","status":409,"detail":"The route is stopped."})");
}

TEST(Problem, ListsTheFieldsOfAnError) {
    auto const response = problem(model::Error{model::ErrorCode::invalid_argument, "No.", {{"email", "is missing"}}});
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr(R"("errors":[{"field":"email","reason":"is missing"}])"));
}

TEST(Problem, AsksToTryAgainLaterWhenThatHelps) {
    for (auto const code : {model::ErrorCode::rate_limited, model::ErrorCode::unavailable}) {
        EXPECT_THAT(problem(model::Error{code, "Full."}).headers, testing::Contains(testing::Key("Retry-After")));
    }
    EXPECT_THAT(problem(model::Error{model::ErrorCode::internal, "No."}).headers, testing::IsEmpty());
}

TEST(Problem, HasAStatusForEveryCode) {
    using enum model::ErrorCode;
    std::pair<model::ErrorCode, int> const expected[] = {
        {unavailable, 503},         {rate_limited, 429},     {deadline_exceeded, 504},
        {cancelled, 503},           {invalid_argument, 400}, {unauthenticated, 401},
        {permission_denied, 403},   {not_found, 404},        {already_exists, 409},
        {failed_precondition, 409}, {too_large, 413},        {unsupported, 501},
        {corruption, 500},          {internal, 500}};
    for (auto const& [code, status] : expected) {
        EXPECT_EQ(problem(model::Error{code, ""}).status, status) << model::name(code);
    }
}

TEST(Request, DecodesQueryParametersAndBearsBrokenOnes) {
    Request request;
    request.target = "/p?a=1+2&b&c=%zz&%64=d&e=x=y";
    EXPECT_EQ(request.query("a"), "1 2");
    EXPECT_EQ(request.query("b"), "");
    EXPECT_EQ(request.query("c"), std::nullopt);
    EXPECT_EQ(request.query("d"), "d");
    EXPECT_EQ(request.query("e"), "x=y");
    request.target = "/p";
    EXPECT_EQ(request.query("a"), std::nullopt);
}

}  // namespace
}  // namespace crosswalk::http
