#include "sandbox/webhook_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace crosswalk::sandbox {

namespace net = Poco::Net;

WebhookClient::WebhookClient() = default;
WebhookClient::~WebhookClient() = default;

PostOutcome WebhookClient::post(std::string const& url, std::vector<Pair> const& headers, std::string const& body,
                                std::chrono::milliseconds timeout) {
    if (!is_loopback_url(url)) {
        return {.error = "the sandbox posts to loopback only"};
    }
    try {
        Poco::URI const uri(url);
        auto const now = std::chrono::steady_clock::now();
        bool const reusable = session_ && session_->getHost() == uri.getHost() &&
                              session_->getPort() == uri.getPort() && now - used_at_ < std::chrono::seconds(1);
        if (!reusable) {
            session_ = std::make_unique<net::HTTPClientSession>(uri.getHost(), uri.getPort());
            session_->setKeepAlive(true);
        }
        session_->setTimeout(Poco::Timespan(std::chrono::duration_cast<std::chrono::microseconds>(timeout).count()));
        std::string const path = uri.getPathAndQuery();
        net::HTTPRequest request(net::HTTPRequest::HTTP_POST, path.empty() ? "/" : path, net::HTTPRequest::HTTP_1_1);
        for (Pair const& header : headers) {
            request.set(header.name, header.value);
        }
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        session_->sendRequest(request) << body;
        net::HTTPResponse response;
        Poco::NullOutputStream nowhere;
        Poco::StreamCopier::copyStream(session_->receiveResponse(response), nowhere);
        used_at_ = std::chrono::steady_clock::now();
        return {.status = static_cast<int>(response.getStatus())};
    } catch (Poco::Exception const& exception) {
        session_.reset();
        return {.error = exception.displayText()};
    }
}

bool is_loopback_url(std::string const& url) {
    try {
        Poco::URI const uri(url);
        std::string const& host = uri.getHost();
        return uri.getScheme() == "http" && (host == "127.0.0.1" || host == "localhost" || host == "::1");
    } catch (Poco::Exception const&) {
        return false;
    }
}

}  // namespace crosswalk::sandbox
