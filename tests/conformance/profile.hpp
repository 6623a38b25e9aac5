// What the conformance suite must know of one connector: how to set it up against its sandbox vendor, one example of
// everything it does, and how to see at the vendor what it did. The behaviours are the suite's; a profile has none.
//
// Another connector   one file in profiles/ that returns its Profile, and one line in profiles.cpp.
// Owner               profiles are constant and live as long as the program.
#pragma once

#include "plugin_host/services.hpp"
#include "sandbox/sandbox.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::conformance {

namespace json = boost::json;
using sandbox::Sandbox;

// A control call of the sandbox that must succeed.
json::value control(Sandbox& at, std::string const& method, std::string const& path, json::object const& body = {});
// How many members of the list at `path` fit.
std::int64_t count(Sandbox& at, std::string const& path, std::function<bool(json::value const&)> const& fits);
// A number that no other call in this process gets, for names that must be new.
std::string fresh_number();

// One action, tried with records that the vendor does not have yet.
struct Push {
    std::string action;
    // A canonical record about something new; makes at the vendor what must be there before.
    std::function<json::object(Sandbox&)> record;
    // How often the vendor holds what this record asks for.
    std::function<std::int64_t(Sandbox&, json::object const&)> effects;
    std::string method;                      // of the call that writes
    std::string path;                        // pattern of the sandbox: * within a segment, ** across
    std::vector<std::string> texts = {};     // members that hold words for people
    std::vector<std::string> dates = {};     // members that hold a day
    std::vector<std::string> optional = {};  // members that may be missing or null
    std::string content = {};                // not empty: `bytes` of the record is the id of a file that holds this
    bool repeatable = false;                 // the same call twice is harmless at this vendor, so it may be repeated
};

struct Inbound {
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
};

// One event that the vendor sends.
struct Webhook {
    std::string event;
    // A genuine delivery about something new; `extra` members are in its body before it is signed. What the connector
    // must have linked earlier is put into `links`.
    std::function<Inbound(Sandbox&, plugin_host::Links& links, json::object const& extra)> genuine;
    // What a forger may do to one, in words, each of which must be refused.
    std::vector<std::pair<std::string, std::function<void(Inbound&)>>> forgeries;
    std::string reads;  // pattern of the first call that parsing makes; empty: it makes none
};

// One event that is asked for.
struct Poll {
    std::string event;
    // Makes at least `records` of them at the vendor; answers what a route selects.
    std::function<json::object(Sandbox&, int records)> fill;
    std::string reads;  // pattern of the call that is paged
    int records = 5;
};

struct Profile {
    std::string connector;
    std::string vendor;  // its name in the sandbox
    // Settings for the vendor at this address ("http://127.0.0.1:port"); secrets are "secret:test/<name>".
    std::function<json::object(std::string const& address)> settings;
    std::map<std::string, std::string> secrets;
    std::function<void(Sandbox&)> prepare = {};  // what every test needs at the vendor
    std::vector<Push> pushes = {};
    std::vector<Webhook> webhooks = {};
    std::vector<Poll> polls = {};
};

[[nodiscard]] std::vector<Profile> const& profiles();

// Each in its own file of profiles/.
[[nodiscard]] Profile charthop_inbound();
[[nodiscard]] Profile charthop_outbound();
[[nodiscard]] Profile goco();
[[nodiscard]] Profile greenhouse();
[[nodiscard]] Profile hireguide();
[[nodiscard]] Profile hrlogics();
[[nodiscard]] Profile lever();

}  // namespace crosswalk::conformance
