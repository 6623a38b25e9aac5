// The far end of the whole way: takes people as a vendor would, and remembers which.
//
// crosswalk-bench-sink          prints {"port":N} and serves on loopback until SIGTERM.
//     POST …/people             201; the body's "id" is remembered, and how often it came
//     GET  /counts              {"requests":N,"people":N,"again":N,"refused":N}
//     GET  /ids                 a line for each: the id, and when it came first (microseconds since 1970)
//     PUT  /mode?status=503&delay_ms=200   from now on: what is answered instead of 201, and how late; status=0: 201
//
// It shares the machine with what is measured, so it is served by the host's own listener, which costs less than Poco's.
#include "http/server.hpp"
#include "model/clock.hpp"
#include "telemetry/log.hpp"

#include <boost/json.hpp>
#include <csignal>

#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace {

using namespace crosswalk;

constexpr std::size_t connections_max = 1500;  // a peer that keeps one for each post must not starve the next one

class People {
public:
    void take(std::string const& id) {
        std::lock_guard const lock(mutex_);
        auto const [person, is_new] = people_.try_emplace(id);
        if (is_new) {
            person->second.first_us = std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count();
        }
        ++person->second.times;
        ++requests_;
    }
    void refuse() {
        std::lock_guard const lock(mutex_);
        ++requests_;
        ++refused_;
    }
    [[nodiscard]] std::string counts() {
        std::lock_guard const lock(mutex_);
        std::int64_t again = 0;
        for (auto const& [id, person] : people_) {
            again += person.times - 1;
        }
        return boost::json::serialize(boost::json::object{
            {"requests", requests_}, {"people", people_.size()}, {"again", again}, {"refused", refused_}});
    }
    [[nodiscard]] std::string ids() {
        std::lock_guard const lock(mutex_);
        std::string lines;
        for (auto const& [id, person] : people_) {
            lines += id + ' ' + std::to_string(person.first_us) + '\n';
        }
        return lines;
    }
    std::atomic<int> status{0};
    std::atomic<int> delay_ms{0};

private:
    struct Person {
        std::int64_t times = 0;
        std::int64_t first_us = 0;
    };
    std::mutex mutex_;  // guards what follows
    std::unordered_map<std::string, Person> people_;
    std::int64_t requests_ = 0;
    std::int64_t refused_ = 0;
};

http::Response take(People& people, std::string const& body) {
    if (int const late = people.delay_ms; late > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(late));
    }
    if (int const status = people.status; status != 0) {
        people.refuse();
        return {status, "application/json", "{}", {}};
    }
    boost::json::error_code error;
    auto const person = boost::json::parse(body, error);
    auto const* const id = error ? nullptr : person.find_pointer("/id", error);
    people.take(id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string());
    return {201, "application/json", "{}", {}};
}

http::Response serve(People& people, http::Request const& request) {
    if (request.method == "GET") {
        return {200, "application/json", request.path() == "/ids" ? people.ids() : people.counts(), {}};
    }
    if (request.method != "PUT") {
        return take(people, request.body);
    }
    for (auto const& [name, setting] : {std::pair{"status", &people.status}, std::pair{"delay_ms", &people.delay_ms}}) {
        if (auto const value = request.query(name)) {
            *setting = std::stoi(*value);
        }
    }
    return {200, "application/json", "{}", {}};
}

}  // namespace

int main() {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // before there are threads, which inherit it
    model::SystemClock const clock;
    telemetry::Logger logger(std::cerr, clock, telemetry::Level::error);
    People people;
    http::ServerOptions options;
    options.name = "sink";
    options.connections_max = connections_max;
    http::Server server(
        options, http::Handler([&](http::Request const& request) { return serve(people, request); }), logger);
    if (auto const started = server.start(); !started) {
        std::cerr << started.error().detail << '\n';
        return 70;
    }
    std::cout << "{\"port\":" << server.port() << '}' << std::endl;
    int which = 0;
    sigwait(&stop, &which);
    server.stop(std::chrono::milliseconds(100));
    return 0;
}
