// ChartHop, played strictly after its OpenAPI document of March 2024 and charthop.md.
//
// Shape    under /charthop: /v1/org/<org>/… and /v2/org/<org>/…, as at api.charthop.com.
// Order    token 401, rate 429, path and organization 404, rights 401, the document 400, snapshot 202, values 400.
// Rule     every accepted request and every answer fits the document; an answer that does not is a 500 that says why.
// Threads  as Vendor says.
#pragma once

#include "sandbox/charthop/controls.hpp"
#include "sandbox/charthop/state.hpp"
#include "sandbox/vendor.hpp"
#include "sandbox/webhook_sender.hpp"

namespace crosswalk::sandbox::charthop {

class ChartHop : public Vendor {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "charthop"; }
    void start() override { sender_.start(); }
    void stop() override { sender_.stop(); }
    void reset() override;
    [[nodiscard]] Answer call(Request const& request) override;
    [[nodiscard]] Answer control(Request const& request) override;
    [[nodiscard]] Answer error(int status) const override;
    [[nodiscard]] boost::json::object metrics() override;

private:
    Answer play(Request const& request, std::vector<boost::json::object>& news);
    void send(std::vector<boost::json::object> const& news);

    State state_;           // guarded by its own mutex
    Hook hook_;             // guarded by state_.mutex
    WebhookSender sender_;  // has its own locking
};

}  // namespace crosswalk::sandbox::charthop
