// A world for one scenario: the vendor sandbox, the configuration of config/demo (or another example) in a folder of
// its own, and the host, each a real process on loopback.
//
// Shape    the sandbox runs from the beginning; the configuration can be edited until start_host(). The host keeps its
//          ports and its store over any number of kills and starts.
// Errors   what must work for any scenario to make sense throws, with the host's last words.
// Judged   at its end the host is asked for its conservation, after a new start when it no longer runs; a difference
//          fails the test. Only a host that has no store, or does not start any more, is not asked.
// Ends     every process is killed and the folder removed when the object goes; the end of the host's log is printed
//          when the test failed.
// Threads  hire() and the HTTP calls are safe from any thread, the rest from one.
#pragma once

#include "scenarios/process.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::scenarios {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

// An answer to an HTTP request; status 0: there was none.
struct Answer {
    int status = 0;
    std::string body = {};

    // Null when the body is not JSON.
    [[nodiscard]] json::value value() const;
};

// What a run of the command line gave.
struct Said {
    int exit = 0;
    std::string output = {};
    std::string errors = {};
};

// Looks at `condition` until it is true; false when the time is over.
[[nodiscard]] bool eventually(std::function<bool()> const& condition, milliseconds patience = seconds(30));

// The member at a JSON Pointer as text; empty when there is none.
[[nodiscard]] std::string text(json::value const& value, std::string_view pointer);
[[nodiscard]] std::int64_t number(json::value const& value, std::string_view pointer);
// How many members an array has at a JSON Pointer; 0 when there is none.
[[nodiscard]] json::array list(json::value const& value, std::string_view pointer);

class World {
public:
    World();
    // Another example; only the addresses of the listeners and the admin token are set.
    explicit World(std::filesystem::path const& example);
    World(World const&) = delete;
    World& operator=(World const&) = delete;
    ~World();

    // ---- configuration
    [[nodiscard]] std::filesystem::path const& config() const noexcept { return config_; }
    // Replaces text in a file of the configuration; throws when it is not there.
    void edit(std::string const& file, std::string_view from, std::string_view to) const;
    void append(std::string const& file, std::string_view lines) const;
    void write(std::string const& file, std::string_view content) const;
    [[nodiscard]] std::string read(std::string const& file) const;
    void set_secret(std::string const& name, std::string_view value) const;
    // For hosts that are launched from here on.
    void set_environment(std::string const& name, std::string const& value) { environment_[name] = value; }
    // Retries that a test can wait for, no limit on calls at either vendor or in the host.
    void hurry() const;

    // ---- the host
    // Launches it and waits until it is ready.
    void start_host();
    // Launches it and looks no further; another one is killed first.
    void launch_host();
    void kill_host();
    // SIGTERM; its exit status.
    int stop_host();
    [[nodiscard]] Process& host() const { return *host_; }
    [[nodiscard]] bool host_ready() const;
    // Everything that all hosts of this world have printed.
    [[nodiscard]] std::string log() const;
    // The end of it.
    [[nodiscard]] std::string last_words() const;
    void judge_books();
    // One command, against this configuration.
    [[nodiscard]] Said crosswalk(std::vector<std::string> const& arguments) const;

    // ---- HTTP
    [[nodiscard]] Answer control(std::string const& method, std::string const& path, json::object const& body = {},
                                 milliseconds patience = seconds(30)) const;
    [[nodiscard]] Answer admin(std::string const& method, std::string const& path, std::string_view body = {}) const;
    // The admin listener without its token.
    [[nodiscard]] Answer stranger(std::string const& method, std::string const& path) const;
    // A webhook as the vendor would send it.
    [[nodiscard]] Answer hook(std::string_view body, std::string const& path = "/hooks/lever") const;
    [[nodiscard]] std::string hook_url(std::string const& connection = "lever") const;
    // Where the sandbox plays all vendors.
    [[nodiscard]] std::string vendors_url() const;

    // ---- the vendors
    // Registers candidateHired at the host's address; `tries` and gaps as the sandbox's README tells.
    void register_webhook(int tries = 100'000) const;
    // Makes a candidate; its opportunity's id.
    [[nodiscard]] std::string candidate(json::object const& fields) const;
    // Marks it as hired; the ids of the webhook's deliveries.
    std::vector<std::string> hire(std::string const& opportunity) const;
    // Both, for somebody with this name and an address made of it.
    std::string hire_new(std::string const& name) const;
    void fault(json::object const& order) const;
    void clear_faults() const;

    [[nodiscard]] std::size_t employees(std::string_view first_name, std::string_view last_name) const;
    // Texts of the notes of one opportunity.
    [[nodiscard]] std::vector<std::string> notes(std::string const& opportunity) const;
    [[nodiscard]] bool has_note(std::string const& opportunity, std::string_view with) const;

    // ---- what the host says
    [[nodiscard]] json::value conservation() const;
    [[nodiscard]] json::value event(std::int64_t id) const;
    // A metric by its name and labels as they are printed; -1 when there is none.
    [[nodiscard]] double metric(std::string const& name) const;
    // Newest first.
    [[nodiscard]] json::array events() const;
    // "pending", "delivered" … of the first route's delivery of an event; empty before it was dispatched.
    [[nodiscard]] std::string delivery_state(std::int64_t event) const;
    [[nodiscard]] std::string connection_state(std::string_view connection) const;

private:
    std::filesystem::path folder_;
    std::filesystem::path config_;
    std::uint16_t hooks_port_;
    std::uint16_t admin_port_;
    std::unique_ptr<Process> sandbox_;
    std::uint16_t sandbox_port_ = 0;
    std::unique_ptr<Process> host_;
    Process::Environment environment_;
    std::string earlier_log_;
};

}  // namespace crosswalk::scenarios
