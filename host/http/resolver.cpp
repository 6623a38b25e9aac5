#include "http/resolver.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>

#include <condition_variable>
#include <optional>
#include <system_error>

namespace crosswalk::http {
namespace {

constexpr std::chrono::milliseconds look_interval{50};

std::optional<Resolver::Addresses> known(std::string const& host) {
    if (Poco::Net::IPAddress address; Poco::Net::IPAddress::tryParse(host, address)) {
        return Resolver::Addresses{address};
    }
    if (host == "localhost") {  // RFC 6761: needs no look-up
        return Resolver::Addresses{Poco::Net::IPAddress("127.0.0.1"), Poco::Net::IPAddress("::1")};
    }
    return std::nullopt;
}

}  // namespace

struct Resolver::Lookup {
    std::mutex mutex;  // guards what follows
    std::condition_variable finished;
    bool done = false;
    Addresses addresses;

    void run(Ask const& ask, std::string const& host) noexcept {
        Addresses found;
        try {
            found = ask(host);
        } catch (std::exception const&) {
            found.clear();  // no addresses says it all
        }
        std::lock_guard const lock(mutex);
        addresses = std::move(found);
        done = true;
        finished.notify_all();
    }
};

Resolver::Resolver() : Resolver([](std::string const& host) { return Poco::Net::DNS::hostByName(host).addresses(); }) {}

model::Result<Resolver::Addresses> Resolver::resolve(std::string const& host, PatientSocket const& patience) {
    if (auto addresses = known(host)) {
        return *std::move(addresses);
    }
    auto const lookup = std::make_shared<Lookup>();
    {
        std::lock_guard const lock(mutex_);
        running_.remove_if([](Running const& other) {
            std::lock_guard const other_lock(other.lookup->mutex);
            return other.lookup->done;
        });
        if (running_.size() >= lookups_max) {
            return model::Error{model::ErrorCode::unavailable, "Too many host names are being looked up."};
        }
        try {
            running_.push_back({lookup, std::jthread([this, lookup, host] { lookup->run(ask_, host); })});
        } catch (std::system_error const&) {
            return model::Error{model::ErrorCode::unavailable, "No thread is left to look up a host name."};
        }
    }
    std::unique_lock lock(lookup->mutex);
    while (!lookup->finished.wait_for(lock, look_interval, [&] { return lookup->done; })) {
        if (auto const ended = patience.ended(); ended != Wait::ready) {
            return model::Error{ended == Wait::cancelled ? model::ErrorCode::cancelled : model::ErrorCode::unavailable,
                                "The host name " + host + " was not looked up in time."};
        }
    }
    if (lookup->addresses.empty()) {
        return model::Error{model::ErrorCode::unavailable, "The host name " + host + " has no address."};
    }
    return lookup->addresses;
}

}  // namespace crosswalk::http
