// Host names to addresses, without waiting longer than the caller can.
//
// Why      the system's look-up cannot be interrupted; it runs on a thread of its own, which the caller may leave
//          behind.
// Limits   at most sixteen look-ups at a time.
// Threads  safe from any thread; the destructor waits for look-ups that still run.
#pragma once

#include "http/patient_socket.hpp"
#include "model/error.hpp"

#include <Poco/Net/IPAddress.h>

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace crosswalk::http {

class Resolver {
public:
    using Addresses = std::vector<Poco::Net::IPAddress>;
    // Blocks; throws, or gives no address, when there is none.
    using Ask = std::function<Addresses(std::string const& host)>;
    static constexpr std::size_t lookups_max = 16;

    // Asks the system unless told otherwise.
    Resolver();
    explicit Resolver(Ask ask) : ask_(std::move(ask)) {}

    // Waits as long as `patience` would. unavailable: no such host, no answer in time, or too many look-ups.
    // cancelled: as `patience` says.
    [[nodiscard]] model::Result<Addresses> resolve(std::string const& host, PatientSocket const& patience);

private:
    struct Lookup;
    struct Running {
        // Shared: the caller may give up first, the thread may end first.
        std::shared_ptr<Lookup> lookup;
        std::jthread thread;
    };

    Ask const ask_;
    std::mutex mutex_;  // guards what follows
    std::list<Running> running_;
};

}  // namespace crosswalk::http
