// A hook in a worker process beside the least that any such call costs: frames of the same size there and back over a
// socketpair, between two processes.
//
// crosswalk-bench-worker <folder of connectors>
//     prints {"hook_p50_us":N,"in_process_p50_us":N,"bare_p50_us":N,"ratios":[…],"added":[…]}: GoCo's map hook of one
//     hire through the worker, the same hook in this process, and the bare round trip, in turn. `ratios` are the first
//     over the third, `added` what the worker adds to the second over the third.
//
// The bare side is as hard to match as it can be: one blocking write and one blocking read on each side, no header to
// look at, no deadline, nothing done with the bytes. Its frames are as long as those of the hook. Both pairs of
// processes are left to the scheduler, which puts them on one core or on two as it likes.
#include "http/client.hpp"
#include "model/clock.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/wire.hpp"
#include "telemetry/log.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
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

// The frames of one map, as host/plugin_host/remote_connector.cpp and worker/session.cpp write them.
std::size_t bytes_there(model::Record const& record, std::string_view to_schema) {
    plugin_host::Fields frame;
    frame.put(hook_time_max.count()).put(std::int64_t{1}).put(to_schema);
    frame.put(record.schema).put(record.key).put("").put(record.json);
    return frame.frame(plugin_host::FrameType::map, 1)->size();
}
std::size_t bytes_back(model::Record const& record) {
    plugin_host::Fields emitted;
    emitted.put(static_cast<std::int64_t>(plugin_host::Ask::emit_record)).put(std::int64_t{1}).put(std::int64_t{0});
    emitted.put(record.schema).put(record.key).put("").put(record.json);
    plugin_host::Fields deferred;
    deferred.put(emitted.bytes());
    plugin_host::Fields frame;
    frame.put(std::int64_t{0}).put(std::int64_t{0}).put("").put(deferred.bytes());
    return frame.frame(plugin_host::FrameType::result, 1)->size();
}

using Connector = std::unique_ptr<plugin_host::Connector>;

model::Result<Connector> load(std::string const& folder, plugin_host::Isolation isolation,
                              plugin_host::Services services) {
    auto library = plugin_host::Library::load(folder + "/goco/goco.so", "", services.logger, isolation);
    return library ? (*library)->create("goco", std::move(services)) : library.error();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

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
    boost::json::object const settings{
        {"base_url", "https://api.goco.io"}, {"company", "acme-demo"}, {"api_key", "secret:bench/key"}};
    plugin_host::Services const services{"goco", settings, http, secrets, key_values, clock, logger};
    auto const worker = load(argv[1], plugin_host::Isolation::worker, services);
    auto const in_process = load(argv[1], plugin_host::Isolation::in_process, services);
    if (!worker || !in_process) {
        std::cerr << (worker ? in_process : worker).error().detail << '\n';
        return 70;
    }
    model::Record const record{"crosswalk.hire/1", "250d8f03-738a-4bba-a671-8a3d73477145", hire};
    auto const map = [&](Connector const& connector) {
        return connector->map_out(record, "goco.employee/1", hook_time_max);
    };
    auto const mapped = map(*worker);
    if (!mapped || mapped->records.size() != 1) {
        std::cerr << "crosswalk-bench-worker: the hook failed\n";
        return 70;
    }
    Peer peer(bytes_there(record, "goco.employee/1"), bytes_back(mapped->records.front()));
    boost::json::array ratios;
    boost::json::array added;
    std::vector<double> hooks;
    std::vector<double> plain;
    std::vector<double> bare;
    for (int i = 0; i < pairs; ++i) {
        bare.push_back(p50_us([&] { return peer.ask(); }));
        hooks.push_back(p50_us([&] { return map(*worker).has_value(); }));
        plain.push_back(p50_us([&] { return map(*in_process).has_value(); }));
        ratios.emplace_back(hooks.back() / bare.back());
        added.emplace_back((hooks.back() - plain.back()) / bare.back());
    }
    std::cout << boost::json::object{{"hook_p50_us", median(hooks)},
                                     {"in_process_p50_us", median(plain)},
                                     {"bare_p50_us", median(bare)},
                                     {"ratios", ratios},
                                     {"added", added}}
              << '\n';
    return 0;
}
