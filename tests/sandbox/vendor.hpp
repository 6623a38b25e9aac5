// One played vendor. The server knows nothing of vendors but this; a vendor is one folder.
//
// Lifecycle  construct → start → listening_on → stop; reset puts back the state of a fresh start and may come at any
//            time between.
// Threads    every function may be called from any thread at once.
#pragma once

#include "sandbox/exchange.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <string_view>

namespace crosswalk::sandbox {

class Vendor {
public:
    Vendor() = default;
    virtual ~Vendor() = default;
    Vendor(Vendor const&) = delete;
    Vendor& operator=(Vendor const&) = delete;

    // First segment of its paths: "lever" answers /lever/… and /control/lever/….
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    virtual void start() = 0;
    // The port that the sandbox answers on; told after start, for vendors that print links to themselves.
    virtual void listening_on(std::uint16_t /*port*/) {}
    virtual void stop() = 0;
    virtual void reset() = 0;

    // A call as the vendor's customers make it; `path` begins behind the vendor's name.
    [[nodiscard]] virtual Answer call(Request const& request) = 0;

    // A call of the control side; `path` begins behind /control/<name>.
    [[nodiscard]] virtual Answer control(Request const& request) = 0;

    // What this vendor says with a status that a fault asks for.
    [[nodiscard]] virtual Answer error(int status) const = 0;

    [[nodiscard]] virtual boost::json::object metrics() = 0;
};

}  // namespace crosswalk::sandbox
