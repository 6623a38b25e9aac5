// What the host hands to a connector's hooks, in the shapes of connector.h.
//
// Owner    nothing is copied: every struct borrows the texts that it was made of, which must outlive it.
// Threads  safe from any thread.
#pragma once

#include "plugin_host/connector.hpp"
#include <crosswalk/connector.h>

#include <string_view>
#include <vector>

namespace crosswalk::plugin_host {

// Empty but for the size that connector.h wants in every struct.
template <class Raw>
[[nodiscard]] Raw sized() noexcept {
    Raw raw{};
    raw.struct_size = sizeof raw;
    return raw;
}

class RawRequest {
public:
    explicit RawRequest(HttpRequestView const& from);
    RawRequest(RawRequest const&) = delete;
    RawRequest& operator=(RawRequest const&) = delete;
    [[nodiscard]] cw_http_request const* get() const noexcept { return &raw_; }

private:
    std::vector<cw_pair> headers_;
    cw_http_request raw_{};
};

[[nodiscard]] cw_record raw_record(model::Record const& record) noexcept;
[[nodiscard]] cw_event raw_event(model::Event const& event, cw_record const& record) noexcept;
[[nodiscard]] cw_poll_request raw_poll(PollRequest const& request) noexcept;
[[nodiscard]] cw_sweep_request raw_sweep(SweepRequest const& request) noexcept;
[[nodiscard]] cw_map_request raw_map(std::int32_t direction, cw_record const& in, std::string_view to_schema) noexcept;
[[nodiscard]] cw_push_request raw_push(std::string_view action, std::string_view idempotency_key, int attempt,
                                       cw_record const& record) noexcept;

}  // namespace crosswalk::plugin_host
