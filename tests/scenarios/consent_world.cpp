#include "scenarios/consent_world.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace crosswalk::scenarios {
namespace {

constexpr int redirects_max = 5;
constexpr char tag[] = "HRLogics-WOTC:Pre Qualified";

struct Reply {
    int status = 0;
    std::string body = {};
    std::string location = {};
};

Reply ask(std::string const& method, std::string const& address, std::string const& body,
          std::map<std::string, std::string> const& headers) {
    Poco::URI const uri(address);
    Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, uri.getPathAndQuery(), Poco::Net::HTTPMessage::HTTP_1_1);
    for (auto const& [name, value] : headers) {
        request.set(name, value);
    }
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::istream& stream = session.receiveResponse(response);
    Reply reply{response.getStatus(), {}, response.get("Location", "")};
    Poco::StreamCopier::copyToString(stream, reply.body);
    return reply;
}

std::string lever_by_oauth(std::string const& vendors) {
    return "connection: lever\nconnector: lever\nsettings:\n  base_url: " + vendors +
           "/lever/v1\n  auth:\n    type: oauth\n    client_id: lever-sandbox-client\n"
           "    client_secret: secret:file/lever-client-secret\n    use: [screening]\n    authorize_url: " +
           vendors + "/lever/authorize\n    token_url: " + vendors + "/lever/oauth/token\n";
}

std::string hrlogics_by(ConsentWorld::HrlogicsAuth auth, std::string const& vendors) {
    std::string const how = auth == ConsentWorld::HrlogicsAuth::bearer
                                ? "{ type: bearer, api_token: secret:file/hrlogics-api-token }"
                                : "{ type: oauth2_client_credentials, token_url: \"" + vendors +
                                      "/hrlogics/token\", client_id: hrlogics-sandbox-client, "
                                      "client_secret: secret:file/hrlogics-client-secret }";
    return "connection: hrlogics\nconnector: hrlogics\nsettings:\n  base_url: " + vendors +
           "/hrlogics\n  auth: " + how + "\n";
}

}  // namespace

Visit browse(std::string const& address) {
    Visit visit;
    visit.addresses.push_back(address);
    for (int i = 0; i <= redirects_max; ++i) {
        Reply const reply = ask("GET", visit.addresses.back(), "", {});
        if (reply.status != 302) {
            visit.status = reply.status;
            visit.page = reply.body;
            return visit;
        }
        visit.addresses.push_back(reply.location);
    }
    throw std::runtime_error("too many redirects");
}

ConsentWorld::ConsentWorld(HrlogicsAuth auth) : World(HRLOGICS_CONFIG) {
    write("connections/lever.yaml", lever_by_oauth(vendors_url()));
    write("connections/hrlogics.yaml", hrlogics_by(auth, vendors_url()));
    std::string const hooks = hook_url("");
    edit("crosswalk.yaml", "https://hooks.example.com", hooks.substr(0, hooks.find("/hooks/")));
    edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
    edit("crosswalk.yaml", "secret:credential/store-key", "secret:file/store-key");
    edit("crosswalk.yaml", "secret:credential/admin-token", "secret:file/admin-token");
    for (char const* const route : {"lever-applications-to-hrlogics", "wotc-tags-to-lever"}) {
        append("routes/" + std::string(route) + ".yaml",
               "retry: { attempts_max: 1000, first: 100ms, longest: 500ms }\n");
    }
    set_secret("lever-client-secret", "lever-sandbox-secret");
    set_secret("hrlogics-api-token", "hrlogics-sandbox-token");
    set_secret("hrlogics-client-secret", "hrlogics-sandbox-secret");
    set_secret("store-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
}

void ConsentWorld::begin() {
    (void)control("POST", "/hrlogics/settings", {{"tries", 1}, {"timeout_ms", 20'000}});
    (void)control("POST", "/lever/webhooks/settings",
                  {{"tries", 1000}, {"retry_gap_ms", 20}, {"retry_gap_max_ms", 200}, {"timeout_ms", 20'000}});
    (void)control("POST", "/lever/settings", {{"rate_per_s", 0}});
    start_host();
}

void ConsentWorld::begin_connected() {
    begin();
    (void)consent();
    EXPECT_TRUE(eventually([this] { return lever_has_our_webhook() && callbacks().size() == 1; }));
}

std::string ConsentWorld::authorize_address() const {
    Said const said = crosswalk({"connections", "authorize", "lever"});
    EXPECT_EQ(said.exit, 0) << said.errors;
    std::size_t const at = said.output.rfind(vendors_url());
    EXPECT_NE(at, std::string::npos) << said.output;
    return at == std::string::npos ? std::string() : said.output.substr(at, said.output.find('\n', at) - at);
}

Visit ConsentWorld::consent() const {
    Visit visit = browse(authorize_address());
    EXPECT_EQ(visit.status, 200) << visit.page;
    EXPECT_THAT(visit.page, testing::HasSubstr("Connected"));
    return visit;
}

json::value ConsentWorld::connection(std::string const& name) const {
    for (json::value const& known : list(admin("GET", "/api/v1/connections").value(), "/connections")) {
        if (text(known, "/connection") == name) {
            return known;
        }
    }
    return {};
}

json::array ConsentWorld::lever_webhooks() const {
    return list(control("GET", "/lever/webhooks").value(), "/webhooks");
}

bool ConsentWorld::lever_has_our_webhook() const {
    json::array const all = lever_webhooks();
    return all.size() == 1 && text(all[0], "/event") == "applicationCreated" && text(all[0], "/url") == hook_url() &&
           text(connection("lever"), "/webhooks/state") == "made";
}

json::array ConsentWorld::callbacks() const {
    return list(control("GET", "/hrlogics/callbacks").value(), "/callbacks");
}

std::int64_t ConsentWorld::calls(std::string const& vendor, std::string const& path) const {
    Answer const answer = control("GET", "/requests?last=1000&vendor=" + vendor + "&path=" + path);
    return static_cast<std::int64_t>(list(answer.value(), "/requests").size());
}

std::string ConsentWorld::apply(std::string const& first_name) const {
    return candidate({{"name", first_name + " Example"}, {"email", first_name + "@example.com"}});
}

bool ConsentWorld::reaches_hrlogics(std::string const& opportunity) const {
    // A callback about an applicant without a link is passed over, and HRLogics has the applicant before the host
    // has written the link down.
    return eventually([&] {
        Answer const found = control("GET", "/hrlogics/applicants?external_id=lever:opp:" + opportunity);
        return number(found.value(), "/count") == 1 &&
               admin("GET", "/api/v1/connections/hrlogics/links").body.find(opportunity) != std::string::npos;
    });
}

std::string ConsentWorld::decide(std::string const& applicant) const {
    json::value const done =
        control("POST", "/hrlogics/applicants/" + applicant + "/complete", {{"status", "Pre Qualified"}}).value();
    return answered(text(done, "/deliveries/0"));
}

std::string ConsentWorld::repeat_callback() const {
    json::value const last = control("GET", "/hrlogics/deliveries?last=1").value();
    Answer const again = control("POST", "/hrlogics/deliveries/" + text(last, "/deliveries/0/id") + "/rerun");
    return answered(text(again.value(), "/delivery"));
}

std::string ConsentWorld::answered(std::string const& delivery) const {
    return text(control("GET", "/hrlogics/deliveries/" + delivery + "?wait_ms=20000").value(), "/attempts/0/status");
}

bool ConsentWorld::gets_the_tag(std::string const& opportunity) const {
    return eventually([&] {
        json::array const tags = list(control("GET", "/lever/candidates/" + opportunity).value(), "/opportunity/tags");
        return std::find(tags.begin(), tags.end(), json::value(tag)) != tags.end();
    });
}

void ConsentWorld::delete_lever_webhooks() const {
    for (json::value const& webhook : lever_webhooks()) {
        Reply const reply = ask("DELETE", vendors_url() + "/lever/v1/webhooks/" + text(webhook, "/id"), "",
                                {{"Authorization", "Bearer lever-sandbox-token"}});
        if (reply.status != 204) {
            throw std::runtime_error("Lever kept a webhook: " + reply.body);
        }
    }
}

}  // namespace crosswalk::scenarios
