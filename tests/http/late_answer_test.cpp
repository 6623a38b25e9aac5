#include "http/certificates.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Takes every request and answers none until it is told to.
class Clerk {
public:
    void take(Request const& request, Answer answer) {
        std::lock_guard const lock(mutex_);
        open_.push_back({request.body, std::move(answer)});
        changed_.notify_all();
    }
    void await(std::size_t requests) {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(changed_.wait_for(lock, 10s, [&] { return open_.size() >= requests; }));
    }
    // Answers what is open with its own body, from a thread that is not the server's.
    void answer_all() {
        for (Open const& one : take_all()) {
            one.answer({200, "text/plain", one.body});
        }
    }
    void drop_all() { take_all().clear(); }

private:
    struct Open {
        std::string body;
        Answer answer;
    };
    std::vector<Open> take_all() {
        std::lock_guard const lock(mutex_);
        return std::exchange(open_, {});
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Open> open_;
};

std::string post(std::string const& body, std::string const& more = {}) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

class LateAnswer : public testing::Test {
protected:
    void start(ServerOptions options = {}) {
        options.name = "test";
        server_ = std::make_unique<Server>(
            std::move(options),
            [this](Request const& request, Answer answer) { clerk_.take(request, std::move(answer)); }, logger_);
        ASSERT_TRUE(server_->start().has_value());
    }
    [[nodiscard]] RawClient client() const { return RawClient(server_->port()); }

    std::ostringstream log_;
    model::SystemClock clock_;
    telemetry::Logger logger_{log_, clock_};
    Clerk clerk_;
    std::unique_ptr<Server> server_;
};

TEST_F(LateAnswer, ArrivesOnTheConnectionItWasAskedOnRequestAfterRequest) {
    start();
    auto one = client();
    auto other = client();
    for (std::string const round : {"1", "2", "3"}) {
        one.send(post("one " + round));
        other.send(post("other " + round));
        clerk_.await(2);
        clerk_.answer_all();
        EXPECT_EQ(body_of(one.read_response()), "one " + round);
        EXPECT_EQ(body_of(other.read_response()), "other " + round);
    }
}

TEST_F(LateAnswer, ComesBeforeThatOfTheNextRequestWhenTheClientDidNotWait) {
    start();
    auto connection = client();
    connection.send(post("first") + post("second"));
    clerk_.await(1);
    clerk_.answer_all();
    clerk_.await(1);
    clerk_.answer_all();
    EXPECT_EQ(body_of(connection.read_response()), "first");
    EXPECT_EQ(body_of(connection.read_response()), "second");
}

TEST_F(LateAnswer, HoldsUpARequestThatArrivesMeanwhile) {
    start();
    auto connection = client();
    connection.send(post("first"));
    clerk_.await(1);
    connection.send(post("second"));
    clerk_.answer_all();
    EXPECT_EQ(body_of(connection.read_response()), "first");
    clerk_.await(1);
    clerk_.answer_all();
    EXPECT_EQ(body_of(connection.read_response()), "second");
}

TEST_F(LateAnswer, Is500WhenItsHandlerForgetsIt) {
    start();
    auto connection = client();
    connection.send(post("x"));
    clerk_.await(1);
    clerk_.drop_all();
    EXPECT_EQ(status_of(connection.read_response()), 500);
}

TEST_F(LateAnswer, CountsOnce) {
    std::promise<Answer> asked;
    server_ = std::make_unique<Server>(
        ServerOptions{}, [&](Request const&, Answer answer) { asked.set_value(std::move(answer)); }, logger_);
    ASSERT_TRUE(server_->start().has_value());
    auto connection = client();
    connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    {
        Answer const answer = asked.get_future().get();
        answer({200, "text/plain", "first"});
        answer({200, "text/plain", "second"});
    }
    auto const all = connection.read_all();
    EXPECT_THAT(all, HasSubstr("first"));
    EXPECT_THAT(all, testing::Not(HasSubstr("second")));
}

TEST_F(LateAnswer, EndsTheConnectionWhenTheClientAskedForThat) {
    start();
    auto connection = client();
    connection.send(post("bye", "Connection: close\r\n"));
    clerk_.await(1);
    clerk_.answer_all();
    auto const response = connection.read_all();
    EXPECT_EQ(body_of(response), "bye");
    EXPECT_THAT(response, HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(LateAnswer, ToHeadHasNoBody) {
    start();
    auto connection = client();
    connection.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    clerk_.await(1);
    clerk_.answer_all();
    EXPECT_TRUE(connection.read_all().ends_with("\r\n\r\n"));
}

TEST_F(LateAnswer, IsWaitedForByAStopAndTheConnectionEndsAfterIt) {
    start();
    auto connection = client();
    connection.send(post("x"));
    clerk_.await(1);
    std::jthread const stopping([&] { server_->stop(30s); });
    std::this_thread::sleep_for(20ms);  // lets the stop begin; what is expected holds either way
    clerk_.answer_all();
    EXPECT_EQ(body_of(connection.read_all()), "x");
}

TEST_F(LateAnswer, ToAClientThatHasLeftHurtsNobody) {
    start();
    for (int i = 0; i < 20; ++i) {
        auto connection = client();
        connection.send(post("x"));
        clerk_.await(1);
        if (i % 2 == 0) {
            connection = client();  // closes the first one, unanswered
        }
        clerk_.answer_all();
    }
    auto connection = client();
    connection.send(post("still there"));
    clerk_.await(1);
    clerk_.answer_all();
    EXPECT_EQ(body_of(connection.read_response()), "still there");
}

TEST_F(LateAnswer, IsNotIdleTime) {
    start({.keep_alive_time = 50ms});
    auto connection = client();
    connection.send(post("x"));
    clerk_.await(1);
    std::this_thread::sleep_for(120ms);  // longer than the connection may be idle
    clerk_.answer_all();
    EXPECT_EQ(body_of(connection.read_response()), "x");
}

TEST_F(LateAnswer, ToManyClientsAtOnceReachesEach) {
    start();
    constexpr std::size_t crowd = 200;
    std::vector<RawClient> clients;
    for (std::size_t i = 0; i < crowd; ++i) {
        clients.push_back(client());
        clients.back().send(post("client " + std::to_string(i)));
    }
    clerk_.await(crowd);
    clerk_.answer_all();
    for (std::size_t i = 0; i < crowd; ++i) {
        EXPECT_EQ(body_of(clients[i].read_response()), "client " + std::to_string(i));
    }
}

TEST_F(LateAnswer, TravelsOverTlsToo) {
    TestAuthority authority;
    auto const issued = authority.issue("IP:127.0.0.1", 3600);
    ServerOptions options;
    options.tls = Tls{issued.certificate, issued.key};
    server_ = std::make_unique<Server>(
        std::move(options),
        [this](Request const& request, Answer answer) {
            std::thread([body = request.body, answer = std::move(answer)] {
                answer({200, "text/plain", body});
            }).detach();
        },
        logger_);
    ASSERT_TRUE(server_->start().has_value());
    Client web({.ca_file = authority.ca_file()}, clock_, logger_);
    for (int i = 0; i < 50; ++i) {
        ClientRequest request;
        request.method = "POST";
        request.url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/";
        request.body = "request " + std::to_string(i);
        request.deadline = clock_.steady_now() + 20s;
        auto const response = web.send(request);
        ASSERT_TRUE(response.has_value()) << response.error().detail;
        EXPECT_EQ(response->body, request.body);
    }
}

}  // namespace
}  // namespace crosswalk::http
