// The far end of the whole way: takes people as a vendor would, and remembers which.
//
// crosswalk-bench-sink          prints {"port":N} and serves on loopback until SIGTERM.
//     POST …/people             201; the body's "id" is remembered, and how often it came
//     GET  /counts              {"requests":N,"people":N,"again":N,"refused":N}
//     GET  /ids                 a line for each: the id, and when it came first (microseconds since 1970)
//     PUT  /mode?status=503&delay_ms=200   from now on: what is answered instead of 201, and how late; status=0: 201
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>
#include <Poco/Util/ServerApplication.h>
#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace {

constexpr int threads = 1500;  // a peer that keeps a connection for each post must not starve the next one

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

class Door final : public Poco::Net::HTTPRequestHandler {
public:
    explicit Door(People& people) : people_(people) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        std::string body;
        Poco::StreamCopier::copyToString(request.stream(), body);
        std::string answer = "{}";
        if (request.getMethod() == "GET") {
            answer = request.getURI() == "/ids" ? people_.ids() : people_.counts();
        } else if (request.getMethod() == "PUT") {
            for (auto const& [name, value] : Poco::URI(request.getURI()).getQueryParameters()) {
                (name == "status" ? people_.status : people_.delay_ms) = std::stoi(value);
            }
        } else {
            take(body, response);
        }
        response.setContentType("application/json");
        response.sendBuffer(answer.data(), answer.size());
    }

private:
    void take(std::string const& body, Poco::Net::HTTPServerResponse& response) {
        if (int const late = people_.delay_ms; late > 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(late));
        }
        if (int const status = people_.status; status != 0) {
            people_.refuse();
            response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
            return;
        }
        boost::json::error_code error;
        auto const person = boost::json::parse(body, error);
        auto const* const id = error ? nullptr : person.find_pointer("/id", error);
        people_.take(id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string());
        response.setStatus(Poco::Net::HTTPResponse::HTTP_CREATED);
    }

    People& people_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(Poco::Net::HTTPServerRequest const&) override {
        return new Door(people_);  // Poco deletes it
    }

private:
    People people_;
};

class Application final : public Poco::Util::ServerApplication {
    int main(std::vector<std::string> const&) override {
        Poco::ThreadPool pool(2, threads);
        Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0), 1024);
        Poco::Net::HTTPServerParams::Ptr options = new Poco::Net::HTTPServerParams;
        options->setMaxThreads(threads);
        options->setMaxQueued(threads);
        options->setKeepAlive(true);
        options->setKeepAliveTimeout(Poco::Timespan(3, 0));
        options->setMaxKeepAliveRequests(0);
        Poco::Net::HTTPServer server(new Factory, pool, socket, options);
        server.start();
        std::cout << "{\"port\":" << socket.address().port() << '}' << std::endl;
        waitForTerminationRequest();
        server.stopAll(true);
        pool.joinAll();
        return EXIT_OK;
    }
};

}  // namespace

int main(int argc, char** argv) {
    Application application;
    return application.run(argc, argv);
}
