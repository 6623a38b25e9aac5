// What one connector instance may ask of the host: the functions behind its cw_host.
//
// Shape    C++ methods that judge and copy; host_table.cpp puts the C functions of connector.h in front of them.
// Errors   cw_status, as connector.h says for each. A refusal is logged once per phase and service, and names the
//          connector. A refused output makes its whole call fail: an event that was not taken must not look stored.
// Threads  safe from any thread; methods that take a Call run on the thread of its hook.
// Owner    borrows what Services refers to. Whatever was lent and not given back is freed with this object.
// Limits   200 log lines a second, 10,000 things lent at once, keys of 512 bytes, stored values of 1 MiB, requests of
//          32 MiB with 100 headers beside their file, 32 MiB to a file that is put, Files::bytes_max() to one that is
//          fetched, secrets of 64 KiB.
#pragma once

#include "http/client.hpp"
#include "http/rate_limiter.hpp"
#include "model/secret.hpp"
#include "plugin_host/call.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/secret_vault.hpp"
#include <crosswalk/connector.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crosswalk::plugin_host {

// The egress list of a descriptor with each "setting:/pointer" replaced by the host of the URL that stands there.
// invalid_argument: the setting is no http(s) URL.
[[nodiscard]] model::Result<std::vector<std::string>> egress_hosts(std::vector<std::string> const& egress,
                                                                   boost::json::value const& settings);

class HostServices {
public:
    HostServices(ConnectorInfo const& info, Services services, std::vector<std::string> egress);
    HostServices(HostServices const&) = delete;
    HostServices& operator=(HostServices const&) = delete;
    ~HostServices();

    [[nodiscard]] cw_host const* table() const noexcept { return &table_; }
    [[nodiscard]] CallTable& calls() noexcept { return calls_; }
    [[nodiscard]] model::Clock const& clock() const noexcept { return services_.clock; }
    [[nodiscard]] http::EgressPolicy const& egress() const noexcept { return egress_; }
    [[nodiscard]] std::string const& connection() const noexcept { return services_.connection; }

    // Refusals, answered and logged once each.
    [[nodiscard]] cw_status refuse_dead(Service service) noexcept;
    [[nodiscard]] cw_status refuse_phase(Call& call, Service service) noexcept;
    // The host's own word about this connector.
    void report(telemetry::Level level, std::string_view message, Phase phase, std::string_view detail) noexcept;

    [[nodiscard]] bool log_enabled(std::int32_t level) const noexcept;
    void log(Call const* call, std::int32_t level, std::string_view message, std::string_view fields_json) noexcept;

    [[nodiscard]] cw_status fail(Call& call, cw_status status, std::int64_t retry_after_ms, std::string_view message,
                                 std::string_view detail_json) const;
    [[nodiscard]] cw_status note(Call& call, std::int32_t what, std::string_view text) const;
    [[nodiscard]] cw_status warn(Call& call, std::string_view field, std::string_view message) const;
    [[nodiscard]] cw_status sleep(cw_call const* handle, std::int64_t ms);

    [[nodiscard]] cw_status config_get(std::string_view pointer, cw_buf* out);
    [[nodiscard]] cw_status secret_get(std::string_view pointer, cw_buf* out);
    [[nodiscard]] cw_status hmac_verify(std::int32_t algorithm, std::string_view secret_pointer,
                                        std::vector<std::string_view> const& parts, std::string_view hex);
    void give_back(cw_buf* buffer) noexcept;

    [[nodiscard]] cw_status http_send(Call& call, cw_call const* handle, cw_http_request const& request,
                                      cw_http_response const** out);
    void give_back(cw_http_response const* response) noexcept;

    [[nodiscard]] cw_status kv_get(std::string_view key, cw_buf* out, std::uint64_t* out_version);
    [[nodiscard]] cw_status kv_put(std::string_view key, std::string_view value, std::uint64_t const* if_version);
    [[nodiscard]] cw_status kv_delete(std::string_view key, std::uint64_t const* if_version);

    // Is there somebody behind cw.files/1, cw.links/1 or cw.secrets/1? Without, they answer CW_ERR_UNSUPPORTED.
    [[nodiscard]] bool offers(Service service) const noexcept;
    [[nodiscard]] cw_status file_put(std::string_view bytes, cw_buf* out_id);
    [[nodiscard]] cw_status file_size(std::string_view id, std::int64_t* out_size);
    [[nodiscard]] cw_status file_read(std::string_view id, std::int64_t offset, std::int64_t length, cw_buf* out);
    [[nodiscard]] cw_status link_put(std::string_view our_kind, std::string_view our_id, std::string_view their_ref);
    [[nodiscard]] cw_status link_find(std::string_view ref, cw_buf* out_refs);
    [[nodiscard]] cw_status link_remove(std::string_view our_kind, std::string_view our_id, std::string_view their_ref);
    [[nodiscard]] cw_status secret_put(std::string_view pointer, std::string_view value);
    [[nodiscard]] cw_status secret_remove(std::string_view pointer);

    [[nodiscard]] cw_status emit_event(Call& call, cw_event const* event) const;
    [[nodiscard]] cw_status emit_record(Call& call, cw_record const* record) const;
    [[nodiscard]] cw_status set_cursor(Call& call, std::string_view cursor) const;

private:
    struct Lent {
        Lent() = default;
        Lent(Lent const&) = delete;
        Lent& operator=(Lent const&) = delete;
        virtual ~Lent() = default;
    };
    struct LentBytes;
    struct LentSecret;
    struct LentResponse;

    [[nodiscard]] cw_status lend(std::unique_ptr<Lent> lent, void const* key);
    [[nodiscard]] cw_status lend_bytes(std::string bytes, cw_buf* out);
    void take_back(void const* key) noexcept;
    [[nodiscard]] bool may_log_line() noexcept;
    [[nodiscard]] cw_status secret_status(model::Error const& error, std::string_view pointer) noexcept;
    [[nodiscard]] model::Result<std::unique_ptr<http::FileSource>> found_file(std::string_view id);
    [[nodiscard]] static cw_status kept_status(model::Error const& error) noexcept;
    [[nodiscard]] bool is_signal(std::string_view event) const noexcept;

    // One request on its way: what the client gets, and what is done before and after.
    struct Outgoing;
    [[nodiscard]] cw_status begin_request(Call& call, cw_http_request const& from, Outgoing& to);
    [[nodiscard]] cw_status add_headers(cw_http_request const& from, http::ClientRequest& to);
    [[nodiscard]] cw_status add_authorization(cw_http_request const& from, Outgoing& to);
    [[nodiscard]] cw_status add_secret(cw_http_request const& from, Outgoing& to);
    [[nodiscard]] cw_status add_token(model::Result<model::Secret> token, Outgoing& to);
    [[nodiscard]] cw_status add_files(cw_http_request const& from, Outgoing& to);
    [[nodiscard]] std::shared_ptr<http::RateLimiter> limiter_of(Outgoing const& outgoing);
    [[nodiscard]] model::Result<void> wait_for_rate(cw_call const* handle, http::RateLimiter& rate,
                                                    std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] model::Result<http::ClientResponse> send_once(cw_call const* handle, Outgoing& outgoing);
    [[nodiscard]] cw_status lend_response(http::ClientResponse response, Outgoing& outgoing,
                                          cw_http_response const** out);

    // Constant after construction.
    std::string const connector_;
    Services services_;
    http::EgressPolicy const egress_;
    std::vector<std::string> const signals_;  // triggers that carry no record
    double const requests_per_second_;
    double const requests_burst_;
    cw_host table_{};

    // These lock for themselves.
    SecretVault vault_;
    http::RateLimiters own_rates_;  // for whoever makes an instance without a host
    CallTable calls_;
    std::array<std::atomic<std::uint32_t>, phase_count> refused_logged_{};  // bit per Service
    std::atomic<bool> dead_logged_{false};
    std::atomic<bool> egress_logged_{false};
    std::atomic<bool> release_logged_{false};

    std::mutex lent_mutex_;  // guards lent_
    std::unordered_map<void const*, std::unique_ptr<Lent>> lent_;

    std::mutex log_mutex_;  // guards what follows
    std::chrono::steady_clock::time_point log_second_{};
    int log_lines_ = 0;
    std::uint64_t log_dropped_ = 0;
};

// The cw_host whose functions lead to `services`; connection and host_name stay borrowed.
[[nodiscard]] cw_host make_host_table(HostServices& services, char const* connection) noexcept;

}  // namespace crosswalk::plugin_host
