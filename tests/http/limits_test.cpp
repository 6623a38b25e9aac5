// What the far end may make this room hold or wait for, where client_test and server_test do not say it already.
#include "http/client.hpp"
#include "http/listener.hpp"
#include "http/resolver.hpp"
#include "http/server.hpp"
#include "http/session_pool.hpp"
#include "http/url.hpp"
#include "http/wire.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <sstream>
#include <vector>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;

constexpr std::size_t mebibyte = 1024 * 1024;

class Limits : public testing::Test {
protected:
    // The error of a request to a server that answers with `answer`, over and over, for as long as anybody reads.
    [[nodiscard]] ErrorCode refusal_of(std::string const& beginning, std::string const& answer) {
        std::atomic<std::size_t> written = 0;
        RawServer server([&](Poco::Net::StreamSocket& peer, int) {
            static_cast<void>(read_request(peer));
            write_all(peer, beginning);
            for (; written < 256 * mebibyte; written += answer.size()) {
                write_all(peer, answer);
            }
        });
        Client client({}, clock_, logger_);
        ClientRequest request;
        request.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
        request.deadline = clock_.steady_now() + 20s;
        auto const sent = client.send(request);
        EXPECT_FALSE(sent.has_value());
        EXPECT_LT(written.load(), 256 * mebibyte) << "it was read to its end";
        return sent ? ErrorCode::internal : sent.error().code;
    }

    std::ostringstream log_;
    model::SystemClock clock_;
    telemetry::Logger logger_{log_, clock_};
};

TEST_F(Limits, AnAnswerWhoseHeaderNeverEndsIsTooLarge) {
    EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\n", "X-Padding: " + std::string(1000, 'x') + "\r\n"), ErrorCode::too_large);
}

TEST_F(Limits, AnAnswerThatIsAlwaysStillToComeIsNone) {
    EXPECT_EQ(refusal_of("", "HTTP/1.1 102 Processing\r\n\r\n"), ErrorCode::unavailable);
}

TEST_F(Limits, AnAnswerWithoutEndIsTooLarge) {
    EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\n\r\n", std::string(64 * 1024, 'x')), ErrorCode::too_large);
}

// Whatever it does, it holds a place of the listener's and the memory of the answer.
TEST_F(Limits, AClientThatDoesNotReadItsAnswerIsCut) {
    std::promise<void> asked;
    ServerOptions options{.request_time_max = 300ms};
    options.answer_bytes_per_second_min = 1024 * mebibyte;
    std::string const large(64 * mebibyte, 'x');  // more than both sockets hold
    Server server(
        options,
        [&](Request const&) {
            asked.set_value();
            return Response{200, "text/plain", large};
        },
        logger_);
    ASSERT_TRUE(server.start().has_value());
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    asked.get_future().wait();
    auto const begun = std::chrono::steady_clock::now();
    server.stop(60s);  // would wait that long for a client that is still being served
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
    EXPECT_LT(client.read_all().size(), large.size());
}

TEST_F(Limits, AClientThatReadsItsLargeAnswerSlowlyHasTheTimeForIt) {
    std::string const large(4 * mebibyte, 'x');
    ServerOptions options{.request_time_max = 1ms};  // 64 s for the answer all the same
    Server server(options, [&](Request const&) { return Response{200, "text/plain", large}; }, logger_);
    ASSERT_TRUE(server.start().has_value());
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(body_of(client.read_response()).size(), large.size());
}

TEST_F(Limits, AnAddressOfMoreThan16KibIsRefused) {
    std::string const path(16 * 1024 - std::string_view("https://api.example.com/").size(), 'a');
    EXPECT_TRUE(parse_url("https://api.example.com/" + path).has_value());
    EXPECT_FALSE(parse_url("https://api.example.com/" + path + "a").has_value());
}

// Connections kept for later, whose far ends stay open as long as this does.
class KeptConnections : public testing::Test {
protected:
    std::unique_ptr<Channel> connected() {
        Poco::Net::StreamSocket far;
        far.connect(Poco::Net::SocketAddress("127.0.0.1", listener_.port()));
        far_ends_.push_back(far);
        Poco::Net::SocketAddress peer;
        return std::make_unique<Channel>(listener_.accept(peer));
    }
    // How many of `key` the pool gives back.
    [[nodiscard]] static std::size_t taken(SessionPool& pool, std::string const& key) {
        std::vector<std::unique_ptr<Channel>> out;
        for (auto channel = pool.take(key); channel != nullptr; channel = pool.take(key)) {
            out.push_back(std::move(channel));
        }
        return out.size();
    }

    Listener listener_{Poco::Net::SocketAddress("127.0.0.1", 0)};
    std::vector<Poco::Net::StreamSocket> far_ends_;
};

TEST_F(KeptConnections, AreSoManyForOneHostAndNoMore) {
    SessionPool pool(2, 60s);
    for (int i = 0; i < 3; ++i) {
        pool.keep("a", connected());
    }
    pool.keep("b", connected());
    EXPECT_EQ(taken(pool, "a"), 2U);
    EXPECT_EQ(taken(pool, "b"), 1U);
}

TEST_F(KeptConnections, AreSoManyInAllAndTheOldestGo) {
    SessionPool pool(16, 60s);
    for (std::size_t i = 0; i < SessionPool::total_max + 2; ++i) {
        pool.keep(std::to_string(i), connected());
    }
    EXPECT_EQ(taken(pool, "0"), 0U);
    EXPECT_EQ(taken(pool, "1"), 0U);
    EXPECT_EQ(taken(pool, "2"), 1U);
    EXPECT_EQ(taken(pool, std::to_string(SessionPool::total_max + 1)), 1U);
}

// A name server that does not answer must not cost a thread for every request.
TEST(LookUps, AreSixteenAtATime) {
    std::promise<void> answer;
    std::shared_future<void> const answered = answer.get_future();
    std::atomic<std::size_t> asked = 0;
    Resolver resolver([&](std::string const&) {
        ++asked;
        answered.wait();
        return Resolver::Addresses{Poco::Net::IPAddress("192.0.2.1")};
    });
    Poco::AutoPtr<PatientSocket> impatient(new PatientSocket);
    impatient->give_up_at(std::chrono::steady_clock::now());
    for (std::size_t i = 0; i < Resolver::lookups_max; ++i) {
        EXPECT_FALSE(resolver.resolve("slow.example.com", *impatient).has_value());
    }
    Poco::AutoPtr<PatientSocket> patient(new PatientSocket);
    patient->give_up_at(std::chrono::steady_clock::now() + 20s);
    auto const refused = resolver.resolve("slow.example.com", *patient);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(refused.error().detail, "Too many host names are being looked up.");
    answer.set_value();
    // Those that ended make room; how soon is up to their threads.
    auto found = resolver.resolve("slow.example.com", *patient);
    while (!found && patient->ended() == Wait::ready) {
        found = resolver.resolve("slow.example.com", *patient);
    }
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->front().toString(), "192.0.2.1");
    EXPECT_EQ(asked, Resolver::lookups_max + 1);
}

}  // namespace
}  // namespace crosswalk::http
