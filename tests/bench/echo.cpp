// The yardstick: what a stock Poco HTTP server does with the same bytes when it only sends them back.
//
// crosswalk-bench-echo [<certificate> <key>]    prints {"port":N} and serves on loopback until SIGTERM; with TLS when
// it is given both.
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
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
    static Poco::Net::ServerSocket listen(std::vector<std::string> const& arguments) {
        Poco::Net::SocketAddress const address("127.0.0.1", 0);
        if (arguments.size() < 2) {
            return Poco::Net::ServerSocket(address, 1024);
        }
        Poco::Net::Context::Ptr const context = new Poco::Net::Context(
            Poco::Net::Context::TLS_SERVER_USE, arguments[1], arguments[0], "", Poco::Net::Context::VERIFY_NONE);
        return Poco::Net::SecureServerSocket(address, 1024, context);
    }

    int main(std::vector<std::string> const& arguments) override {
        Poco::ThreadPool pool(2, threads);
        Poco::Net::ServerSocket socket = listen(arguments);
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
