// Inside of FakeHost: what its services share. Only fake_host*.cpp include this.
#pragma once

#include "support/fake_host.hpp"

#include <atomic>

namespace crosswalk::support {

enum class Phase { init, verify, parse, poll, map, push, probe };

// What a cw_call of this host points at.
struct RunningCall {
    Phase phase;
    std::int64_t deadline_ms;  // -1: none
    CallResult result;
};

[[nodiscard]] inline std::string text(cw_str from) {
    return from.len == 0 ? std::string() : std::string(from.ptr, from.len);
}
[[nodiscard]] inline cw_str borrow(std::string_view from) noexcept {
    return {from.data(), from.size()};
}
[[nodiscard]] std::string lower(std::string_view from);

struct FakeHost::State {
    cw_host table{};
    cw_crypto crypto{};
    std::string connection;
    boost::json::value settings;
    cw_descriptor const* descriptor = nullptr;

    std::atomic<std::int64_t> now_ms{1'795'334'400'000};
    std::atomic<std::int64_t> time_max_ms{30'000};
    std::atomic<bool> cancelled{false};
    std::atomic<int> denied{0};
    std::atomic<int> borrowed{0};  // buffers and responses not given back yet

    mutable std::mutex mutex;  // guards all below
    std::map<std::string, std::string> secrets;
    std::deque<Route> routes;
    std::vector<SentRequest> sent;
    std::vector<LogLine> lines;
    std::map<std::string, std::pair<std::string, std::uint64_t>> kept;

    [[nodiscard]] static State& of(cw_host const* host) { return *static_cast<State*>(host->impl); }

    void fill_tables();
    cw_status deny();
    void lend(std::string value, cw_buf* out);
    [[nodiscard]] bool declares_secret(std::string_view pointer) const;
    [[nodiscard]] bool may_reach(std::string const& url) const;
    [[nodiscard]] std::optional<std::string> secret(std::string const& pointer) const;
    // Records the request and takes the next answer of the best route; nullopt when no route fits.
    [[nodiscard]] std::optional<Answer> answer(SentRequest const& request);
};

}  // namespace crosswalk::support
