// Lever, played strictly: Data API v1 under /lever/v1, webhooks with Lever's retry behaviour, a control side.
//
// Shape    /lever/eu/v1 is the same API again, as the place that a redirect leads to.
// Order    redirect 301, credential 401, rate 429, path 404, method 405, right 403, parameters and content type 400.
// Threads  as Vendor says.
// Source   lever.md; what it marks as unconfirmed is told in ../README.md.
#pragma once

#include "sandbox/lever/hooks.hpp"
#include "sandbox/lever/state.hpp"
#include "sandbox/lever/streams.hpp"
#include "sandbox/vendor.hpp"

namespace crosswalk::sandbox::lever {

class Lever : public Vendor {
public:
    Lever();
    ~Lever() override;

    [[nodiscard]] std::string_view name() const noexcept override { return "lever"; }
    void start() override;
    void stop() override;
    void reset() override;
    [[nodiscard]] Answer call(Request const& request) override;
    [[nodiscard]] Answer control(Request const& request) override;
    [[nodiscard]] Answer error(int status) const override;
    [[nodiscard]] boost::json::object metrics() override;

private:
    State state_;      // guarded by its own mutex
    Hooks hooks_;      // has its own locking
    Streams streams_;  // has its own locking; last, since its threads use the others
};

}  // namespace crosswalk::sandbox::lever
