#include "scenarios/hireguide_world.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace crosswalk::scenarios {
namespace {

constexpr char lever_user[] = "ac92b6db-6e40-4b08-ae7b-236ba24f0a82";

}  // namespace

HireguideWorld::HireguideWorld() : World(HIREGUIDE_CONFIG) {
    Answer const made =
        control("POST", "/lever/postings", {{"text", "Nurse (Remote)"}, {"categories", {{"department", "Care"}}}});
    posting_ = text(made.value(), "/posting_id");
    std::string const example_posting = "730e37db-93d3-4acf-b9de-7cfc397cef1d";
    for (char const* file :
         {"connections/hireguide.yaml", "routes/support-candidates.yaml", "routes/support-job.yaml"}) {
        edit(file, example_posting, posting_);
    }
    edit("connections/lever.yaml", "11111111-2222-4333-8444-555555555555", lever_user);
    append("connections/lever.yaml", "  base_url: " + vendors_url() + "/lever/v1\n");
    edit("connections/hireguide.yaml", "https://api.example.com", vendors_url() + "/hireguide");
    edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
    take_secret("crosswalk.yaml", "admin-token");
    take_secret("connections/lever.yaml", "lever-api-key", "lever-sandbox-key");
    take_secret("connections/hireguide.yaml", "hireguide-api-token", "hireguide-sandbox-token");
    take_secret("connections/hireguide.yaml", "hireguide-webhook-secret", hireguide_callback_secret);
    append("connections/lever.yaml", "requests_per_second: 10000\n");
    append("connections/hireguide.yaml", "requests_per_second: 10000\n");
    (void)control("POST", "/lever/settings", {{"rate_per_s", 0}});
}

void HireguideWorld::take_secret(std::string const& file, std::string const& name, std::string_view value) const {
    edit(file, "secret:credential/" + name, "secret:file/" + name);
    if (!value.empty()) {
        set_secret(name, value);
    }
}

std::string HireguideWorld::fetched(std::string const& path, char const* authorization, char const* accept) const {
    Poco::URI const url(vendors_url() + path);
    Poco::Net::HTTPClientSession session(url.getHost(), url.getPort());
    Poco::Net::HTTPRequest request("GET", url.getPathAndQuery(), "HTTP/1.1");
    request.set("Authorization", authorization);
    request.set("Accept", accept);
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::string body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    return response.getStatus() == 200 ? body : std::string();
}

}  // namespace crosswalk::scenarios
