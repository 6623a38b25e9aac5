// A vendor that sends as fast or as slowly as a row wants: signed webhooks, each its own event.
//
// Shape    the signature of a hire that the sandbox made covers its token and its time, not its id, so one of its
//          bodies makes as many events as there are ids.
// Threads  send() from any thread, each with a client of its own.
#pragma once

#include "scenarios/world.hpp"

#include <Poco/Net/HTTPClientSession.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::torture {

class Hooks {
public:
    // Needs a host that is ready and a registered webhook; hires one person for it.
    explicit Hooks(scenarios::World const& world);

    // A body that was not sent before.
    [[nodiscard]] std::string next_body();
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    // Sends so many over kept connections; how many were answered with 2xx.
    std::int64_t send_many(std::int64_t count, int senders);
    // One on a connection of its own: how long it took, from connecting to the answer. Negative: no 2xx.
    [[nodiscard]] double send_one_ms();

private:
    [[nodiscard]] bool post(Poco::Net::HTTPClientSession& session);

    std::string before_id_;
    std::string after_id_;
    std::uint16_t port_;
    std::atomic<std::uint64_t> number_;
};

// The value below which this share of them lies; 0 when there are none.
[[nodiscard]] double quantile(std::vector<double> values, double share);
// Between which two the median of all such values lies, but for one sample in a hundred on either side (a sign test):
// as many of these are left out at each end as the toss of a coin would put there. Fewer than seven bound nothing: 0
// and infinity.
[[nodiscard]] std::pair<double, double> median_bounds(std::vector<double> values);

}  // namespace crosswalk::torture
