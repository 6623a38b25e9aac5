// HRLogics, played strictly after our contract v1 (plugins/hrlogics; the vendor publishes no API).
//
// Order    token 401, rate 429, path 404, headers and parameters 400, rights 403, fields 422, duplicate 409.
// Threads  as Vendor says.
#pragma once

#include "sandbox/hrlogics/state.hpp"
#include "sandbox/vendor.hpp"

namespace crosswalk::sandbox::hrlogics {

class Hrlogics : public Vendor {
public:
    Hrlogics();

    [[nodiscard]] std::string_view name() const noexcept override { return "hrlogics"; }
    void start() override { state_.sender.start(); }
    void stop() override { state_.sender.stop(); }
    void reset() override;
    [[nodiscard]] Answer call(Request const& request) override;
    [[nodiscard]] Answer control(Request const& request) override;
    [[nodiscard]] Answer error(int status) const override;
    [[nodiscard]] boost::json::object metrics() override;

private:
    State state_;  // guarded by its own mutex
};

}  // namespace crosswalk::sandbox::hrlogics
