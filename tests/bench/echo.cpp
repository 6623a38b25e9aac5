// The yardstick: what a stock Poco HTTP server does with the same bytes when it only sends them back.
//
// crosswalk-bench-echo    prints {"port":N} and serves on loopback until SIGTERM.
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
#include <Poco/Util/ServerApplication.h>

#include <iostream>
#include <string>

namespace {

constexpr int threads = 300;

class Echo final : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        std::string body;
        Poco::StreamCopier::copyToString(request.stream(), body);
        response.setContentType("application/json");
        response.sendBuffer(body.data(), body.size());
    }
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(Poco::Net::HTTPServerRequest const&) override {
        return new Echo;  // Poco deletes it
    }
};

class Application final : public Poco::Util::ServerApplication {
    int main(std::vector<std::string> const&) override {
        Poco::ThreadPool pool(2, threads);
        Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0), 1024);
        Poco::Net::HTTPServerParams::Ptr options = new Poco::Net::HTTPServerParams;
        options->setMaxThreads(threads);
        options->setMaxQueued(threads);
        options->setKeepAlive(true);
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
