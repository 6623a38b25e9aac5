// The WOTC example as a customer runs it: Lever by OAuth consent, and the host makes the webhooks at both vendors.
//
// Shape    config/lever-hrlogics with the sandbox's addresses and clients for the vendors' own. Nobody has consented
//          yet, and HRLogics' callback secret is left for the host to make.
// Threads  as World.
#pragma once

#include "scenarios/world.hpp"

#include <string>
#include <vector>

namespace crosswalk::scenarios {

// What a person who opens an address sees in the end, and every address on the way there.
struct Visit {
    int status = 0;
    std::string page = {};
    std::vector<std::string> addresses = {};
};

// Opens an address as a browser does, redirects followed.
[[nodiscard]] Visit browse(std::string const& address);

class ConsentWorld : public World {
public:
    // How HRLogics is reached: by a token that never ends, or by one for which the host asks with its client.
    enum class HrlogicsAuth : unsigned char { bearer, client_credentials };
    explicit ConsentWorld(HrlogicsAuth auth = HrlogicsAuth::bearer);

    // The host runs, and vendors try a webhook once.
    void begin();
    // The same, and consent is given: Lever has our webhook.
    void begin_connected();

    // Where `crosswalk connections authorize lever` sends the person.
    [[nodiscard]] std::string authorize_address() const;
    // Opens it; EXPECTs that the person is told of the success.
    Visit consent() const;

    // The connection as the admin API lists it.
    [[nodiscard]] json::value connection(std::string const& name) const;
    // The webhooks that Lever has, with their tokens.
    [[nodiscard]] json::array lever_webhooks() const;
    [[nodiscard]] bool lever_has_our_webhook() const;
    [[nodiscard]] json::array callbacks() const;
    // Calls of a vendor whose path fits the pattern.
    [[nodiscard]] std::int64_t calls(std::string const& vendor, std::string const& path) const;

    // Somebody applies in Lever; the opportunity's id at once.
    [[nodiscard]] std::string apply(std::string const& first_name) const;
    // Whether HRLogics gets the opportunity as an applicant, and the host has linked the two.
    [[nodiscard]] bool reaches_hrlogics(std::string const& opportunity) const;
    // The survey of an applicant of HRLogics is decided; the status that the callback was answered with.
    [[nodiscard]] std::string decide(std::string const& applicant = "hrl_5501") const;
    // HRLogics sends its last callback again, signed anew; the status that it was answered with.
    [[nodiscard]] std::string repeat_callback() const;
    [[nodiscard]] bool gets_the_tag(std::string const& opportunity) const;

    // Deletes Lever's webhooks as somebody on its settings page does.
    void delete_lever_webhooks() const;

private:
    [[nodiscard]] std::string answered(std::string const& delivery) const;
};

}  // namespace crosswalk::scenarios
