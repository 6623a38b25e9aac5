#include "http/client.hpp"

#include "http/server.hpp"
#include "http/wire.hpp"
#include "support/fake_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <semaphore>
#include <sstream>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;
using testing::HasSubstr;
using testing::Not;

constexpr char const* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class ClientTest : public testing::Test {
protected:
    [[nodiscard]] ClientRequest request(std::uint16_t port, std::string method = "GET") const {
        ClientRequest result;
        result.method = std::move(method);
        result.url = "http://127.0.0.1:" + std::to_string(port) + "/path?q=1";
        result.deadline = clock_.steady_now() + 20s;
        return result;
    }
    // Serves `answer` to each request for as long as the client stays.
    [[nodiscard]] static RawServer::Script always(std::string answer) {
        return [answer](Poco::Net::StreamSocket& peer, int) {
            while (!read_request(peer).empty()) {
                write_all(peer, answer);
            }
        };
    }

    std::ostringstream log_;
    model::SystemClock clock_;
    telemetry::Logger logger_{log_, clock_};
    Client client_{{.user_agent = "crosswalk/test"}, clock_, logger_};
};

TEST_F(ClientTest, SendsTheRequestAndGivesBackTheResponse) {
    std::string seen;
    RawServer server([&](auto& peer, int) {
        seen = read_request(peer);
        write_all(peer, "HTTP/1.1 201 Created\r\nX-Request-ID: 77\r\nContent-Length: 4\r\n\r\ndone");
    });
    auto post = request(server.port(), "POST");
    post.headers = {{"Authorization", "Basic x"}, {"content-length", "999"}, {"Transfer-Encoding", "chunked"}};
    post.body = "{\"a\":1}";
    auto const response = client_.send(post);
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(response->body, "done");
    EXPECT_THAT(response->headers, testing::Contains(testing::Pair("x-request-id", "77")));
    EXPECT_THAT(seen, testing::StartsWith("POST /path?q=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
    EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Basic x\r\n"));
    EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: crosswalk/test\r\n"));
    EXPECT_THAT(seen, HasSubstr("\r\nContent-Length: 7\r\n"));
    EXPECT_THAT(seen, Not(HasSubstr("999")));
    EXPECT_THAT(seen, Not(HasSubstr("chunked")));
    EXPECT_THAT(seen, testing::EndsWith("\r\n\r\n{\"a\":1}"));
}

TEST_F(ClientTest, GivesBackAnErrorStatusAsAResponse) {
    RawServer server(always("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(client_.send(request(server.port())).value().status, 500);
}

TEST_F(ClientTest, DoesNotFollowARedirect) {
    RawServer server(always("HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(client_.send(request(server.port())).value().status, 302);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(ClientTest, ReadsChunkedBodiesAndBodiesThatEndWithTheConnection) {
    RawServer chunked(always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
    EXPECT_EQ(client_.send(request(chunked.port())).value().body, "abcde");
    RawServer ended([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, "HTTP/1.1 200 OK\r\n\r\nto the end");
    });
    EXPECT_EQ(client_.send(request(ended.port())).value().body, "to the end");
}

TEST_F(ClientTest, ExpectsNoBodyForHead204And304) {
    RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"));
    EXPECT_EQ(client_.send(request(server.port(), "HEAD")).value().body, "");
    RawServer unchanged(always("HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n"));
    EXPECT_EQ(client_.send(request(unchanged.port())).value().status, 304);
}

TEST_F(ClientTest, PassesOverInterimResponses) {
    RawServer server(
        always("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    EXPECT_EQ(client_.send(request(server.port())).value().body, "ok");
}

TEST_F(ClientTest, UsesAConnectionAgain) {
    RawServer server(always(ok));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(client_.send(request(server.port(), "POST")).value().body, "ok");
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(ClientTest, DoesNotUseAConnectionAgainThatTheServerWillClose) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
    EXPECT_TRUE(client_.send(request(server.port())).has_value());
    EXPECT_TRUE(client_.send(request(server.port(), "POST")).has_value());
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(ClientTest, DoesNotUseAConnectionAgainThatWasIdleForTooLong) {
    Client impatient({.idle_time_max = 0ms}, clock_, logger_);
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, ok);
    });
    EXPECT_TRUE(impatient.send(request(server.port())).has_value());
    EXPECT_TRUE(impatient.send(request(server.port())).has_value());
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(ClientTest, NoticesBeforeItSendsThatAKeptConnectionWasClosed) {
    std::binary_semaphore closed(0);
    std::atomic<int> requests = 0;
    RawServer server([&](auto& peer, int number) {
        static_cast<void>(read_request(peer));
        ++requests;
        write_all(peer, ok);
        if (number == 1) {
            peer.shutdownSend();  // without having said so
            closed.release();
            static_cast<void>(read_request(peer));
        }
    });
    EXPECT_TRUE(client_.send(request(server.port(), "POST")).has_value());
    closed.acquire();
    auto const again = client_.send(request(server.port(), "POST"));
    EXPECT_TRUE(again.has_value()) << again.error().detail;
    EXPECT_EQ(requests, 2);
}

// The server answers once, and cuts the kept connection when the second request has arrived.
RawServer::Script cuts_the_second_request(std::atomic<int>& requests) {
    return [&requests](Poco::Net::StreamSocket& peer, int number) {
        while (!read_request(peer).empty()) {
            if (++requests == 2 && number == 1) {
                return;
            }
            write_all(peer, ok);
        }
    };
}

TEST_F(ClientTest, RepeatsAnIdempotentRequestOnceOnAStaleConnection) {
    std::atomic<int> requests = 0;
    RawServer server(cuts_the_second_request(requests));
    EXPECT_TRUE(client_.send(request(server.port())).has_value());
    auto put = request(server.port(), "PUT");
    put.idempotent = true;
    EXPECT_TRUE(client_.send(put).has_value());
    EXPECT_EQ(requests, 3);
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(ClientTest, NeverRepeatsARequestThatMayHaveBeenApplied) {
    std::atomic<int> requests = 0;
    RawServer server(cuts_the_second_request(requests));
    EXPECT_TRUE(client_.send(request(server.port())).has_value());
    auto const result = client_.send(request(server.port(), "POST"));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::internal);
    EXPECT_EQ(requests, 2);
}

class BrokenAnswer : public ClientTest, public testing::WithParamInterface<char const*> {};

TEST_P(BrokenAnswer, IsInternalForAPostAndUnavailableForAGet) {
    std::atomic<int> requests = 0;
    RawServer server([&](auto& peer, int) {
        static_cast<void>(read_request(peer));
        ++requests;
        write_all(peer, GetParam());
    });
    auto const post = client_.send(request(server.port(), "POST"));
    ASSERT_FALSE(post.has_value());
    EXPECT_EQ(post.error().code, ErrorCode::internal);
    auto const get = client_.send(request(server.port()));
    ASSERT_FALSE(get.has_value());
    EXPECT_EQ(get.error().code, ErrorCode::unavailable);
    EXPECT_EQ(requests, 2);
}

INSTANTIATE_TEST_SUITE_P(Client, BrokenAnswer,
                         testing::Values("",                                                              // cut at once
                                         "HTTP/1.1 200 OK\r\nContent-Le",                                 // in the head
                                         "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",                // in the body
                                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",  // in a chunk
                                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                                         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab",
                                         "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
                                         "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
                                         "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                                         "HTTP/1.1 200 OK\r\nbroken header\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
                                         "SSH-2.0-OpenSSH_9.2\r\n", "\n"));

TEST_F(ClientTest, SaysUnavailableWhenNobodyListens) {
    auto const result = client_.send(request(closed_port(), "POST"));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

TEST_F(ClientTest, SaysUnavailableWhenTheHostHasNoAddress) {
    auto lost = request(80, "POST");
    lost.url = "http://no-such-host.invalid/";
    lost.deadline = clock_.steady_now() + 5s;
    auto const result = client_.send(lost);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

TEST_F(ClientTest, GivesUpOnASilentServerAtTheDeadline) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        static_cast<void>(read_request(peer));  // until the client goes
    });
    auto get = request(server.port());
    get.deadline = clock_.steady_now() + 200ms;
    auto const begin = std::chrono::steady_clock::now();
    auto const result = client_.send(get);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::deadline_exceeded);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST_F(ClientTest, CutsAServerThatDripsItsAnswerAtTheDeadline) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        for (int i = 0; i < 100000; ++i) {
            write_all(peer, "x");
            std::this_thread::sleep_for(5ms);  // the pace of the server
        }
    });
    auto get = request(server.port());
    get.deadline = clock_.steady_now() + 300ms;
    auto const begin = std::chrono::steady_clock::now();
    auto const result = client_.send(get);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::deadline_exceeded);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST_F(ClientTest, GivesUpAtTheDeadlineWhenTheServerDoesNotReadTheBody) {
    std::mutex held;
    std::unique_lock hold(held);
    RawServer server([&](auto&, int) { std::lock_guard const wait(held); });
    auto post = request(server.port(), "POST");
    post.body.assign(64 * 1024 * 1024, 'x');
    post.deadline = clock_.steady_now() + 300ms;
    auto const result = client_.send(post);
    hold.unlock();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::deadline_exceeded);
}

TEST_F(ClientTest, SendsNothingWhenTheDeadlineHasPassed) {
    RawServer server(always(ok));
    auto late = request(server.port());
    late.deadline = clock_.steady_now();
    auto const result = client_.send(late);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::deadline_exceeded);
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(ClientTest, MeasuresTheDeadlineWithTheClockItWasGiven) {
    support::FakeClock const fake;
    Client client({}, fake, logger_);
    RawServer server(always(ok));
    auto get = request(server.port());
    get.deadline = fake.steady_now() + 10s;
    EXPECT_TRUE(client.send(get).has_value());
}

TEST_F(ClientTest, ObservesACancellationWhileItWaitsForAnAnswer) {
    std::atomic<bool> cancelled = false;
    std::chrono::steady_clock::time_point cancelled_at;
    RawServer server([&](auto& peer, int) {
        static_cast<void>(read_request(peer));
        cancelled_at = std::chrono::steady_clock::now();
        cancelled = true;
        static_cast<void>(read_request(peer));
    });
    auto post = request(server.port(), "POST");
    post.cancelled = &cancelled;
    auto const result = client_.send(post);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - cancelled_at, 500ms);
}

TEST_F(ClientTest, CancelAllEndsEverySend) {
    RawServer server([&](auto& peer, int) {
        static_cast<void>(read_request(peer));
        client_.cancel_all();
        static_cast<void>(read_request(peer));
    });
    auto const result = client_.send(request(server.port()));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
    EXPECT_EQ(client_.send(request(server.port())).error().code, ErrorCode::cancelled);
}

TEST_F(ClientTest, RefusesAnAnswerAboveTheLimitHoweverItIsFramed) {
    Client small({.body_bytes_max = 4}, clock_, logger_);
    for (auto const* answer : {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345",
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n2\r\n45\r\n0\r\n\r\n",
                               "HTTP/1.1 200 OK\r\n\r\n12345"}) {
        RawServer server([&](auto& peer, int) {
            static_cast<void>(read_request(peer));
            write_all(peer, answer);
        });
        auto const result = small.send(request(server.port(), "POST"));
        ASSERT_FALSE(result.has_value()) << answer;
        EXPECT_EQ(result.error().code, ErrorCode::too_large) << answer;
    }
    RawServer fits(always("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1234"));
    EXPECT_EQ(small.send(request(fits.port())).value().body, "1234");
}

TEST_F(ClientTest, ReadsARefusalThatCameBeforeTheWholeBodyHadLeft) {
    RawServer server([](auto& peer, int) {
        char bytes[1024];
        static_cast<void>(peer.receiveBytes(bytes, sizeof bytes));
        write_all(peer, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        peer.shutdownSend();
        while (peer.receiveBytes(bytes, sizeof bytes) > 0) {
        }
    });
    auto post = request(server.port(), "POST");
    post.body.assign(8 * 1024 * 1024, 'x');
    auto const result = client_.send(post);
    ASSERT_TRUE(result.has_value()) << result.error().detail;
    EXPECT_EQ(result->status, 413);
}

TEST_F(ClientTest, DoesNotBelieveASuccessOnHalfARequest) {
    RawServer server([](auto& peer, int) {
        char bytes[1024];
        static_cast<void>(peer.receiveBytes(bytes, sizeof bytes));
        write_all(peer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    auto post = request(server.port(), "POST");
    post.body.assign(32 * 1024 * 1024, 'x');
    auto const result = client_.send(post);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::internal);
}

TEST_F(ClientTest, RefusesHeadersAndMethodsThatWouldBreakTheMessage) {
    auto split = request(1);
    split.headers = {{"X", "a\r\nY: b"}};
    EXPECT_EQ(client_.send(split).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(client_.send(request(1, "GET /")).error().code, ErrorCode::invalid_argument);
    auto unnamed = request(1);
    unnamed.headers = {{"", "x"}};
    EXPECT_EQ(client_.send(unnamed).error().code, ErrorCode::invalid_argument);
    auto nowhere = request(1);
    nowhere.url = "127.0.0.1";
    EXPECT_EQ(client_.send(nowhere).error().code, ErrorCode::invalid_argument);
}

TEST_F(ClientTest, LetsACallerNameItsOwnUserAgent) {
    std::string seen;
    RawServer server([&](auto& peer, int) {
        seen = read_request(peer);
        write_all(peer, ok);
    });
    auto named = request(server.port());
    named.headers = {{"user-agent", "vendor-wants-this"}};
    EXPECT_TRUE(client_.send(named).has_value());
    EXPECT_THAT(seen, HasSubstr("vendor-wants-this"));
    EXPECT_THAT(seen, Not(HasSubstr("crosswalk/test")));
}

TEST_F(ClientTest, UnderstandsRetryAfterInSecondsAndAsADate) {
    support::FakeClock fake;  // 2026-11-22T08:00:00Z, a Sunday
    Client client({}, fake, logger_);
    auto const retry_after = [&](std::string const& value) {
        RawServer server(always("HTTP/1.1 429 Slow\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n"));
        auto get = request(server.port());
        get.deadline = fake.steady_now() + 10s;
        return client.send(get).value().retry_after;
    };
    EXPECT_EQ(retry_after("120"), 120s);
    EXPECT_EQ(retry_after("0"), 0s);
    EXPECT_EQ(retry_after("Sun, 22 Nov 2026 08:01:30 GMT"), 90s);
    EXPECT_EQ(retry_after("Sun, 22 Nov 2026 07:00:00 GMT"), 0s);
    EXPECT_EQ(retry_after("-5"), std::nullopt);
    EXPECT_EQ(retry_after("soon"), std::nullopt);
    EXPECT_EQ(retry_after("99999999999"), std::chrono::hours(24 * 366));
}

TEST_F(ClientTest, ServesManyThreadsOverFewConnections) {
    std::atomic<int> failures = 0;
    Server server(
        {.name = "echo"},
        [](Request const& r) {
            return Response{200, "text/plain", r.body};
        },
        logger_);
    ASSERT_TRUE(server.start().has_value());
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 50; ++i) {
                    auto post = request(server.port(), "POST");
                    post.body = std::to_string(t * 1000 + i);
                    auto const response = client_.send(post);
                    failures += !response || response->body != post.body;
                }
            });
        }
    }
    EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace crosswalk::http
