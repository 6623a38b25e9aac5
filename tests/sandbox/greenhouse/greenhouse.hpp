// Greenhouse, played strictly: Harvest v1 and v3, the token endpoint, the file host, webhooks, a control side.
//
// Shape    under /greenhouse: /v1/… and /v3/… stand for harvest.greenhouse.io, /token for auth.greenhouse.io/token,
//          /auth/token for the transition's, /files/… for the host that keeps attachments.
// Threads  as Vendor says.
// Source   greenhouse.md; what it marks as unconfirmed is told in ../README.md.
#pragma once

#include "sandbox/greenhouse/hooks.hpp"
#include "sandbox/greenhouse/state.hpp"
#include "sandbox/vendor.hpp"

namespace crosswalk::sandbox::greenhouse {

class Greenhouse : public Vendor {
public:
    Greenhouse();
    ~Greenhouse() override;

    [[nodiscard]] std::string_view name() const noexcept override { return "greenhouse"; }
    void start() override;
    void listening_on(std::uint16_t port) override;
    void stop() override;
    void reset() override;
    [[nodiscard]] Answer call(Request const& request) override;
    [[nodiscard]] Answer control(Request const& request) override;
    [[nodiscard]] Answer error(int status) const override;
    [[nodiscard]] boost::json::object metrics() override;

private:
    State state_;  // guarded by its own mutex
    Hooks hooks_;  // has its own locking
};

}  // namespace crosswalk::sandbox::greenhouse
