// Both vendor sides of the torture connector: the target, which counts every effect, and the sender.
//
// Shape    the target keeps a thing for each POST that takes effect, also the second one of a key: it forgives nothing,
//          unless it honours idempotency keys.
//          What goes wrong on the way is drawn from the seed, the thing, and how often it came. From time to time the
//          target has had enough: for a moment it answers everything with 429 and Retry-After, and counts who does not
//          obey.
// Threads  safe from any thread.
#pragma once

#include "sandbox/listener.hpp"
#include "scenarios/world.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::torture {

class Target {
public:
    enum class Keys : bool { unknown, honoured };
    explicit Target(std::uint32_t seed, Keys keys = Keys::unknown);
    Target(Target const&) = delete;
    Target& operator=(Target const&) = delete;
    ~Target();

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // The share of calls that go wrong, from 0 to 1.
    void trouble(double share) { share_ = share; }

    [[nodiscard]] bool has(std::string const& key) const;
    // Until it is there; false when it is not in time.
    [[nodiscard]] bool waits_for(std::string const& key, std::chrono::milliseconds patience) const;
    [[nodiscard]] std::size_t keys() const;
    // Calls that came again under their idempotency key, and had no second effect.
    [[nodiscard]] std::int64_t repeats() const;
    // Effects above one of a key.
    [[nodiscard]] std::int64_t duplicates() const;
    // The keys of a subject in the order in which they took effect.
    [[nodiscard]] std::vector<std::string> order_of(std::string const& subject) const;
    // How often it had enough, and how many calls came before it wanted them again.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> storms_and_early_calls() const;
    // How often each kind of trouble was made.
    [[nodiscard]] std::map<std::string, std::int64_t> troubles() const;
    [[nodiscard]] std::chrono::steady_clock::time_point time_of(std::string const& key) const;

private:
    struct Kept {
        int times = 0;
        std::chrono::steady_clock::time_point at{};
    };
    sandbox::Reply reply(sandbox::Request const& request);
    [[nodiscard]] std::string draw(std::string const& key);
    [[nodiscard]] bool has_had_enough();
    void keep(sandbox::Request const& request);

    std::atomic<double> share_ = 0;
    std::uint32_t const seed_;
    Keys const keys_;
    mutable std::condition_variable arrived_;
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, int> came_;
    std::int64_t calls_ = 0;
    std::chrono::steady_clock::time_point storm_{};
    std::int64_t storms_ = 0;
    std::int64_t early_ = 0;
    std::map<std::string, Kept> kept_;
    std::set<std::string, std::less<>> seen_;  // idempotency keys
    std::int64_t repeats_ = 0;
    std::map<std::string, std::vector<std::string>> by_subject_;
    std::map<std::string, std::int64_t> troubles_;
    std::uint16_t port_ = 0;
    sandbox::Listener listener_;  // last, so that it is gone before what it uses
};

// Puts the connector into the configuration: connection, library and route of this name.
void add_thing(scenarios::World const& world, std::string const& name, std::string const& isolation,
               Target const& target);
// Sends one thing; the host's number of the event, 0 when it was not taken.
[[nodiscard]] std::int64_t send_thing(scenarios::World const& world, std::string const& connection,
                                      std::string const& id, std::string const& subject, std::string const& act = "");

}  // namespace crosswalk::torture
