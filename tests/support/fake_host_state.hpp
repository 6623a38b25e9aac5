// Inside of FakeHost: what its services share. Only fake_host*.cpp include this.
#pragma once

#include "support/fake_host.hpp"

#include <atomic>

namespace crosswalk::support {

enum class Phase {
    init,
    activate,
    verify,
    parse,
    poll,
    map,
    push,
    look_up,
    probe,
    oauth,
    subscribe,
    find,
    sweep,
    fetch,
    diagnose
};

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
[[nodiscard]] std::string sha256_of(std::string_view bytes);

[[nodiscard]] inline RunningCall& running(cw_call const* call) {
    return *const_cast<RunningCall*>(reinterpret_cast<RunningCall const*>(call));
}
[[nodiscard]] bool may_use_files(Phase phase) noexcept;

struct FakeHost::State {
    cw_host table{};
    cw_crypto crypto{};
    cw_files files_table{};
    cw_links links_table{};
    cw_secrets secrets_table{};
    std::string connection;
    boost::json::value settings;
    cw_descriptor const* descriptor = nullptr;

    std::atomic<std::int64_t> now_ms{1'795'334'400'000};
    std::atomic<std::int64_t> time_max_ms{30'000};
    std::atomic<std::int64_t> file_bytes_max{std::int64_t{64} * 1024 * 1024};
    std::atomic<bool> cancelled{false};
    std::atomic<int> denied{0};
    std::atomic<int> borrowed{0};  // buffers and responses not given back yet

    mutable std::mutex mutex;  // guards all below
    std::map<std::string, std::string> secrets;
    std::map<std::string, std::string> kept_secrets;
    std::deque<std::string> oauth_tokens{"token-1"};
    std::map<std::string, std::string> files;
    std::vector<std::pair<Linked, Linked>> links;
    std::deque<Route> routes;
    std::vector<SentRequest> sent;
    std::vector<LogLine> lines;
    std::map<std::string, std::pair<std::string, std::uint64_t>> kept;

    [[nodiscard]] static State& of(cw_host const* host) { return *static_cast<State*>(host->impl); }

    void fill_tables();
    void fill_extensions();
    cw_status deny();
    void lend(std::string value, cw_buf* out);
    [[nodiscard]] bool declares_secret(std::string_view pointer) const;
    [[nodiscard]] bool may_reach(std::string const& url) const;
    [[nodiscard]] std::optional<std::string> secret(std::string const& pointer) const;
    // Under the mutex. The id.
    std::string keep_file(std::string_view bytes);
    void put_link(Linked const& ours, Linked const& theirs);
    [[nodiscard]] std::vector<Linked> linked_with(Linked const& of) const;
    // The token to send; nullopt: there is none. instead_of drops the refused one first.
    [[nodiscard]] std::optional<std::string> oauth_token();
    [[nodiscard]] std::optional<std::string> oauth_token_instead_of(std::string const& refused);
    // Records the request and takes the next answer of the best route; nullopt when no route fits.
    [[nodiscard]] std::optional<Answer> answer(SentRequest const& request);
};

}  // namespace crosswalk::support
