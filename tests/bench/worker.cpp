// A hook in a worker process beside the least that any such call costs: as many bytes there and back over a socketpair.
//
// crosswalk-bench-worker <folder of connectors>
//     prints {"hook_p50_us":N,"bare_p50_us":N,"pairs":[…]}: GoCo's map hook of one hire through the worker, and a
//     process that reads and sends frames of equal size, in turn.
#include "http/client.hpp"
#include "model/clock.hpp"
#include "plugin_host/connector.hpp"
#include "telemetry/log.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <ostream>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace crosswalk;
using Clock = std::chrono::steady_clock;

constexpr int pairs = 5;
constexpr int calls = 2000;
constexpr std::chrono::milliseconds hook_time_max{1000};
constexpr char hire[] = R"({"kind":"hire","first_name":"Nora","last_name":"Okafor",
    "personal_email":"nora.okafor@example.net","personal_phone":"+1-555-010-0199",
    "department":{"name":"Engineering"},"location":{"name":"Houston HQ"},"job_title":"Support Engineer",
    "start_date":"2026-12-01","employment_type":"full_time",
    "manager":{"name":"Ada Boss","email":"ada.boss@example.com"},
    "candidate":{"system":"lever","kind":"opp","id":"250d8f03-738a-4bba-a671-8a3d73477145"}})";

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

class OneSecret final : public model::SecretSource {
public:
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view) const override {
        return model::Secret(std::string("bench"));
    }
};

template <class Call>
double p50_us(Call&& call) {
    std::vector<double> took;
    for (int i = 0; i < calls; ++i) {
        auto const begin = Clock::now();
        if (!call()) {
            return 0;
        }
        took.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    }
    std::sort(took.begin(), took.end());
    return took[took.size() / 2];
}

bool move_all(int socket, std::string& bytes, bool out) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        ssize_t const moved = out ? ::write(socket, bytes.data() + done, bytes.size() - done)
                                  : ::read(socket, bytes.data() + done, bytes.size() - done);
        if (moved <= 0) {
            return false;
        }
        done += static_cast<std::size_t>(moved);
    }
    return true;
}

// A process that answers each `there` with `back`.
class Peer {
public:
    Peer(std::size_t there, std::size_t back) : there_(there, 'x'), back_(back, 'y') {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
            return;
        }
        child_ = ::fork();
        if (child_ == 0) {
            ::close(ends[0]);
            while (move_all(ends[1], there_, false) && move_all(ends[1], back_, true)) {
            }
            ::_exit(0);
        }
        ::close(ends[1]);
        socket_ = ends[0];
    }
    Peer(Peer const&) = delete;
    Peer& operator=(Peer const&) = delete;
    ~Peer() {
        ::close(socket_);
        ::waitpid(child_, nullptr, 0);
    }
    [[nodiscard]] bool ask() { return move_all(socket_, there_, true) && move_all(socket_, back_, false); }

private:
    std::string there_;
    std::string back_;
    int socket_ = -1;
    pid_t child_ = -1;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: crosswalk-bench-worker <connectors>\n";
        return 64;
    }
    model::SystemClock const clock;
    std::ostream silence(nullptr);
    telemetry::Logger logger(silence, clock, telemetry::Level::error);
    http::Client http({}, clock, logger);
    NoKeyValues key_values;
    OneSecret secrets;
    auto library =
        plugin_host::Library::load(std::string(argv[1]) + "/goco/goco.so", "", logger, plugin_host::Isolation::worker);
    if (!library) {
        std::cerr << library.error().detail << '\n';
        return 70;
    }
    boost::json::object const settings{
        {"base_url", "https://api.goco.io"}, {"company", "acme-demo"}, {"api_key", "secret:bench/key"}};
    auto goco =
        (*library)->create("goco", plugin_host::Services{"goco", settings, http, secrets, key_values, clock, logger});
    if (!goco) {
        std::cerr << goco.error().detail << '\n';
        return 70;
    }
    model::Record const record{"crosswalk.hire/1", "250d8f03-738a-4bba-a671-8a3d73477145", hire};
    std::size_t answer = 0;
    auto const hook = [&] {
        auto const mapped = (*goco)->map_out(record, "goco.employee/1", hook_time_max);
        answer = mapped && !mapped->records.empty() ? mapped->records.front().json.size() : 0;
        return answer > 0;
    };
    if (!hook()) {
        std::cerr << "crosswalk-bench-worker: the hook failed\n";
        return 70;
    }
    Peer peer(sizeof hire, answer);
    boost::json::array ratios;
    std::vector<double> hooks;
    std::vector<double> bare;
    for (int i = 0; i < pairs; ++i) {
        bare.push_back(p50_us([&] { return peer.ask(); }));
        hooks.push_back(p50_us(hook));
        ratios.emplace_back(hooks.back() / bare.back());
    }
    std::sort(hooks.begin(), hooks.end());
    std::sort(bare.begin(), bare.end());
    std::cout << boost::json::object{{"hook_p50_us", hooks[pairs / 2]},
                                     {"bare_p50_us", bare[pairs / 2]},
                                     {"pairs", ratios}}
              << '\n';
    return 0;
}
