// What a connector's hooks cost on one core, called as the host calls them: real libraries, real boundary, one thread.
//
// crosswalk-bench-hooks <folder of connectors> <file of crosswalk-bench-hires> <bytes of a request> <signature token>
//     prints {"verify_per_s":N,"map_per_s":N,"map_fields":N}. Verify: Lever's webhook, that is JSON, HMAC and the
//     replay window. Map: GoCo's mapping of one hire.
#include "http/client.hpp"
#include "model/clock.hpp"
#include "plugin_host/connector.hpp"
#include "telemetry/log.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <ostream>
#include <string>
#include <vector>

namespace {

using namespace crosswalk;

constexpr std::size_t requests_max = 20'000;  // few enough to stay in memory, too many to stay in the cache
constexpr double warm_up_s = 0.5;
constexpr double measured_s = 2;
constexpr std::chrono::milliseconds hook_time_max{1000};

constexpr char hire[] = R"({"kind":"hire","first_name":"Nora","last_name":"Okafor",
    "personal_email":"nora.okafor@example.net","personal_phone":"+1-555-010-0199",
    "department":{"name":"Engineering"},"location":{"name":"Houston HQ"},"job_title":"Support Engineer",
    "start_date":"2026-12-01","employment_type":"full_time",
    "manager":{"name":"Ada Boss","email":"ada.boss@example.com"},
    "candidate":{"system":"lever","kind":"opp","id":"250d8f03-738a-4bba-a671-8a3d73477145"}})";

class OneSecret final : public model::SecretSource {
public:
    explicit OneSecret(std::string value) : value_(std::move(value)) {}
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view) const override {
        return model::Secret(value_);
    }

private:
    std::string const value_;
};

class NoKeyValues final : public plugin_host::KeyValues {
public:
    model::Result<std::pair<std::string, std::uint64_t>> get(std::string const&) override { return none(); }
    model::Result<void> put(std::string const&, std::string const&, std::optional<std::uint64_t>) override {
        return none();
    }
    model::Result<void> remove(std::string const&, std::optional<std::uint64_t>) override { return none(); }

private:
    static model::Error none() { return {model::ErrorCode::not_found, "Nothing is kept here."}; }
};

// Everything that the connectors need and these hooks do not use.
struct World {
    explicit World(std::string secret) : secrets(std::move(secret)) {}

    model::SystemClock clock;
    std::ostream silence{nullptr};
    telemetry::Logger logger{silence, clock, telemetry::Level::error};
    http::Client http{{}, clock, logger};
    NoKeyValues key_values;
    OneSecret secrets;

    std::unique_ptr<plugin_host::Connector> start(std::string const& folder, std::string const& id,
                                                  boost::json::object settings) {
        auto const file = folder + "/" + id + "/" + id + ".so";
        auto library = plugin_host::Library::load(file, "", logger);
        if (!library) {
            std::cerr << library.error().detail << '\n';
            return nullptr;
        }
        auto made = (*library)->create(
            id, plugin_host::Services{id, std::move(settings), http, secrets, key_values, clock, logger});
        if (!made) {
            std::cerr << made.error().detail << '\n';
            return nullptr;
        }
        return std::move(*made);
    }
};

std::vector<std::string> bodies(char const* path, std::size_t request_bytes) {
    std::ifstream in(path, std::ios::binary);
    std::vector<std::string> read;
    std::string request(request_bytes, '\0');
    while (read.size() < requests_max && in.read(request.data(), static_cast<std::streamsize>(request_bytes))) {
        read.push_back(request.substr(request.find("\r\n\r\n") + 4));
    }
    return read;
}

// How often `call` succeeds in a second of this process's CPU time, which other programs cannot shorten; 0 when it
// fails.
template <class Call>
double per_second(Call&& call) {
    auto const seconds = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
    double const begin = seconds() + warm_up_s;
    double now = seconds();
    std::size_t calls = 0;
    for (; now < begin + measured_s; now = seconds()) {
        for (int i = 0; i < 64; ++i) {
            if (!call()) {
                return 0;
            }
        }
        calls += now >= begin ? 64U : 0U;
    }
    return static_cast<double>(calls) / (now - begin);
}

int run(char** argv) {
    World world(argv[4]);
    auto const lever = world.start(argv[1], "lever",
                                   {{"base_url", "https://api.lever.co/v1"},
                                    {"auth", {{"type", "api_key"}, {"api_key", "secret:bench/key"}}},
                                    {"webhooks", {{"candidateHired", {{"signature_token", "secret:bench/token"}}}}}});
    auto const goco =
        world.start(argv[1], "goco",
                    {{"base_url", "https://api.goco.io"}, {"company", "acme-demo"}, {"api_key", "secret:bench/key"}});
    auto const requests = bodies(argv[2], std::stoul(argv[3]));
    if (!lever || !goco || requests.empty()) {
        return 70;
    }
    std::vector<std::pair<std::string, std::string>> const headers{
        {"host", "127.0.0.1"}, {"user-agent", "bench"}, {"content-type", "application/json"}};
    std::size_t next = 0;
    double const verified = per_second([&] {
        std::string const& body = requests[next++ % requests.size()];
        auto const verdict = lever->verify_webhook({"POST", "/hooks/lever", headers, body}, hook_time_max);
        return verdict && verdict->disposition == plugin_host::Disposition::accept;
    });
    model::Record const record{"crosswalk.hire/1", "250d8f03-738a-4bba-a671-8a3d73477145", hire};
    std::string out;
    double const mapped = per_second([&] {
        auto result = goco->map_out(record, "goco.employee/1", hook_time_max);
        if (!result || result->records.empty()) {
            return false;
        }
        out = std::move(result->records.front().json);
        return true;
    });
    boost::json::error_code error;
    auto const fields = boost::json::parse(out, error);
    if (verified <= 0 || mapped <= 0 || error) {
        std::cerr << "crosswalk-bench-hooks: a hook failed\n";
        return 70;
    }
    std::cout << boost::json::object{{"verify_per_s", static_cast<std::int64_t>(verified)},
                                     {"map_per_s", static_cast<std::int64_t>(mapped)},
                                     {"map_fields", fields.as_object().size()}}
              << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: crosswalk-bench-hooks <connectors> <hires> <request bytes> <signature token>\n";
        return 64;
    }
    return run(argv);
}
