// Correct callers of the played Greenhouse: v1 with a key, v3 with a token.
#pragma once

#include "sandbox/tests/played.hpp"

#include <map>
#include <string>

namespace crosswalk::sandbox {

class GreenhouseCaller : public Played {
protected:
    static constexpr char const* key = "Basic Z3JlZW5ob3VzZS1zYW5kYm94LWtleTo=";  // greenhouse-sandbox-key:
    // greenhouse-sandbox.client:greenhouse-sandbox-secret
    static constexpr char const* client = "Basic Z3JlZW5ob3VzZS1zYW5kYm94LmNsaWVudDpncmVlbmhvdXNlLXNhbmRib3gtc2VjcmV0";
    static constexpr char const* grant = "grant_type=client_credentials&sub=92120";
    static constexpr char const* sample_candidate = "35897999";
    static constexpr char const* sample_application = "46194999";

    Got v1(std::string const& method, std::string const& path, std::string const& body = {},
           std::map<std::string, std::string> headers = {}) {
        headers.try_emplace("Authorization", key);
        if (method != "GET") {
            headers.try_emplace("On-Behalf-Of", "92120");
            headers.try_emplace("Content-Type", "application/json");
        }
        return send(method, "/greenhouse/v1" + path, body, headers);
    }

    // Asks for a token once and keeps it.
    Got v3(std::string const& method, std::string const& path, std::string const& body = {},
           std::map<std::string, std::string> headers = {}) {
        if (token_.empty()) {
            token_ = token_of(ask_token(grant));
        }
        headers.try_emplace("Authorization", "Bearer " + token_);
        if (method != "GET") {
            headers.try_emplace("Content-Type", "application/json");
        }
        return send(method, "/greenhouse/v3" + path, body, headers);
    }

    Got ask_token(std::string const& body, std::string const& authorization = client) {
        return send("POST", "/greenhouse/token", body,
                    {{"Authorization", authorization}, {"Content-Type", "application/x-www-form-urlencoded"}});
    }

    static std::string token_of(Got const& got) {
        EXPECT_EQ(got.status, 200) << got.body;
        return got.status == 200 ? got.json().at("access_token").as_string().c_str() : "";
    }

    // What an error sample says, and what came.
    void expect_sample(std::string const& name, Got const& got) {
        auto const expected = boost::json::parse(sample("greenhouse/samples/errors/" + name + ".json"));
        EXPECT_EQ(got.status, expected.at("status").as_int64()) << name;
        EXPECT_EQ(got.json(), expected.at("body")) << name;
        if (auto const* const headers = expected.as_object().if_contains("headers"); headers != nullptr) {
            for (auto const& header : headers->as_object()) {
                EXPECT_TRUE(got.headers.contains(lower(header.key()))) << name << " " << header.key();
            }
        }
    }

    // What follows the port in an address that the sandbox printed.
    static std::string path_in(std::string const& url) { return url.substr(url.find('/', 8)); }

    // The address that a Link header gives for `relation`; empty when there is none.
    static std::string link(Got const& got, std::string const& relation) {
        auto const found = got.headers.find("link");
        std::string const header = found == got.headers.end() ? "" : found->second;
        auto const end = header.find(">; rel=\"" + relation + "\"");
        if (end == std::string::npos) {
            return {};
        }
        auto const begin = header.rfind('<', end) + 1;
        return path_in(header.substr(begin, end - begin));
    }

    std::string token_;
};

}  // namespace crosswalk::sandbox
