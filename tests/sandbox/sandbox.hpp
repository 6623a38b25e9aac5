// The vendor sandbox: every vendor on one loopback port, with faults on order and a control side.
//
// Shape      /<vendor>/… is the vendor, /control/… is ours; README.md lists the control calls.
// Lifecycle  construct → start → stop; the destructor stops. A stopped sandbox may be started again, state kept.
// Errors     start() returns unavailable when the port cannot be had.
// Threads    every function may be called from any thread, start and stop from one.
#pragma once

#include "model/error.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/listener.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace crosswalk::sandbox {

struct Options {
    std::uint16_t port = 0;  // 0: a free one
    int threads = 128;       // connections answered at once
};

class Sandbox {
public:
    Sandbox();
    ~Sandbox();
    Sandbox(Sandbox const&) = delete;
    Sandbox& operator=(Sandbox const&) = delete;

    [[nodiscard]] model::Result<std::uint16_t> start(Options const& options);
    void stop();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // The control side without a socket, for tests in the same process. `path` is what follows /control, query and all.
    [[nodiscard]] Answer control(std::string const& method, std::string const& path, std::string const& body = {});

private:
    Vendor* find_vendor(std::string_view name) noexcept;
    Reply reply_to(Request const& request);
    Reply play(Vendor& vendor, Request const& request, Entry& entry);
    Answer control_answer(Request const& request);
    Answer control_faults(Request const& request);
    Answer metrics();

    Faults faults_;    // has its own locking
    Journal journal_;  // has its own locking
    std::int64_t started_at_ms_ = 0;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<Vendor>> vendors_;  // constant after construction
    Listener listener_;                             // last, so that it is gone before what it calls
};

}  // namespace crosswalk::sandbox
