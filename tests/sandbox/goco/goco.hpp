// GoCo, played strictly after our contract v1 (goco.md section 3; the vendor's own reference was not readable).
//
// Order    key 401, rate 429, rights 403, path and company 404, headers and parameters 400, fields 422, duplicate 409.
// Threads  as Vendor says.
#pragma once

#include "sandbox/goco/state.hpp"
#include "sandbox/vendor.hpp"

namespace crosswalk::sandbox::goco {

class Goco : public Vendor {
public:
    Goco();

    [[nodiscard]] std::string_view name() const noexcept override { return "goco"; }
    void start() override {}
    void stop() override {}
    void reset() override;
    [[nodiscard]] Answer call(Request const& request) override;
    [[nodiscard]] Answer control(Request const& request) override;
    [[nodiscard]] Answer error(int status) const override;
    [[nodiscard]] boost::json::object metrics() override;

private:
    State state_;  // guarded by its own mutex
};

}  // namespace crosswalk::sandbox::goco
