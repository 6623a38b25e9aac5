#include "sandbox/tests/played.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <fstream>
#include <iterator>

namespace crosswalk::sandbox {

namespace net = Poco::Net;

boost::json::value Got::json() const {
    boost::json::error_code error;
    boost::json::value parsed = boost::json::parse(body, error);
    EXPECT_FALSE(error) << body;
    return parsed;
}

void Played::SetUp() {
    auto const port = sandbox_.start({.threads = 16});
    ASSERT_TRUE(port) << port.error().detail;
}

Got Played::lever(std::string const& method, std::string const& path, std::string const& body,
                  std::map<std::string, std::string> headers) {
    headers.try_emplace("Authorization", basic_key);
    if (!body.empty()) {
        headers.try_emplace("Content-Type", "application/json");
    }
    return send(method, "/lever/v1" + path, body, headers);
}

Got Played::goco(std::string const& method, std::string const& path, std::string const& body,
                 std::map<std::string, std::string> headers) {
    headers.try_emplace("Authorization", "Bearer goco-sandbox-key");
    headers.try_emplace("Accept", "application/json");
    headers.try_emplace("User-Agent", "crosswalk/1.0");
    if (!body.empty()) {
        headers.try_emplace("Content-Type", "application/json");
    }
    return send(method, "/goco/companies/acme-demo" + path, body, headers);
}

Got Played::send(std::string const& method, std::string const& target, std::string const& body,
                 std::map<std::string, std::string> const& headers) {
    Got got;
    try {
        net::HTTPClientSession session("127.0.0.1", sandbox_.port());
        session.setTimeout(Poco::Timespan(20, 0));
        net::HTTPRequest request(method, target, net::HTTPRequest::HTTP_1_1);
        for (auto const& [name, value] : headers) {
            if (!value.empty()) {
                request.set(name, value);
            }
        }
        if (!body.empty()) {
            request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        }
        session.sendRequest(request) << body;
        net::HTTPResponse response;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), got.body);
        got.status = static_cast<int>(response.getStatus());
        for (auto const& [name, value] : response) {
            got.headers[lower(name)] = value;
        }
    } catch (Poco::Exception const&) {
        got.status = 0;
    }
    return got;
}

boost::json::object Played::control(std::string const& method, std::string const& path,
                                    boost::json::object const& body) {
    Answer const answer = sandbox_.control(method, path, body.empty() ? "" : boost::json::serialize(body));
    EXPECT_LT(answer.status, 300) << method << " " << path << ": " << answer.body;
    return answer.body.empty() ? boost::json::object() : boost::json::parse(answer.body).as_object();
}

std::string Played::candidate(boost::json::object const& fields) {
    return control("POST", "/lever/candidates", fields).at("opportunity_id").as_string().c_str();
}

std::string sample(std::string const& path) {
    std::ifstream file(std::string(CROSSWALK_SANDBOX_DIR) + "/" + path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string form(std::vector<FormPart> const& parts) {
    std::string body;
    for (FormPart const& part : parts) {
        body += "--edge\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
        if (!part.file_name.empty()) {
            body += "; filename=\"" + part.file_name + "\"\r\nContent-Type: application/pdf";
        }
        body += "\r\n\r\n" + part.content + "\r\n";
    }
    return body + "--edge--\r\n";
}

}  // namespace crosswalk::sandbox
