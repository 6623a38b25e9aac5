// Hireguide, played strictly after our contract v1 (hireguide.md section 3; the vendor publishes nothing).
//
// Order    token 401, rate 429, add-on 403, path 404, headers and parameters 400, fields 422.
// Threads  as Vendor says.
#pragma once

#include "sandbox/hireguide/callbacks.hpp"
#include "sandbox/hireguide/state.hpp"
#include "sandbox/vendor.hpp"

namespace crosswalk::sandbox::hireguide {

class Hireguide : public Vendor {
public:
    Hireguide();
    ~Hireguide() override;

    [[nodiscard]] std::string_view name() const noexcept override { return "hireguide"; }
    void start() override;
    void stop() override;
    void reset() override;
    [[nodiscard]] Answer call(Request const& request) override;
    [[nodiscard]] Answer control(Request const& request) override;
    [[nodiscard]] Answer error(int status) const override;
    [[nodiscard]] boost::json::object metrics() override;

private:
    State state_;          // guarded by its own mutex
    Callbacks callbacks_;  // has its own locking
};

}  // namespace crosswalk::sandbox::hireguide
