#include "plugin_host/host_services.hpp"

#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using telemetry::Level;

constexpr int log_lines_per_second = 200;
constexpr std::size_t message_bytes_max = 2000;
constexpr std::size_t log_fields_bytes_max = 8 * 1024;
constexpr std::size_t detail_bytes_max = 64 * 1024;
constexpr std::size_t problems_max = 100;
constexpr std::size_t kv_key_bytes_max = 512;
constexpr std::size_t kv_value_bytes_max = 1024 * 1024;
constexpr std::size_t crypto_parts_max = 16;
// A token bucket must exist even without a limit of ours, because a vendor's Retry-After holds it.
constexpr double unlimited_per_second = 1e9;

Level level_of(std::int32_t level) noexcept {
    return level >= CW_LOG_DEBUG && level <= CW_LOG_ERROR ? static_cast<Level>(level) : Level::info;
}

// {"fields":[{"field":"…","reason":"…"}]}; whatever does not look like that is left out.
std::vector<model::FieldProblem> field_problems(std::string_view detail_json) {
    std::vector<model::FieldProblem> problems;
    boost::json::error_code error;
    if (detail_json.empty() || detail_json.size() > detail_bytes_max) {
        return problems;
    }
    boost::json::value const detail = boost::json::parse({detail_json.data(), detail_json.size()}, error);
    boost::json::value const* fields = error ? nullptr : detail.find_pointer("/fields", error);
    if (error || fields == nullptr || !fields->is_array()) {
        return problems;
    }
    auto const text = [](boost::json::value const& from, char const* pointer) {
        boost::json::error_code missing;
        boost::json::value const* found = from.find_pointer(pointer, missing);
        return found != nullptr && found->is_string() ? readable(found->get_string(), message_bytes_max)
                                                      : std::string();
    };
    for (boost::json::value const& problem : fields->get_array()) {
        if (problems.size() == problems_max) {
            break;
        }
        problems.push_back({text(problem, "/field"), text(problem, "/reason")});
    }
    return problems;
}

bool is_kv_key(std::string_view key) noexcept {
    return !key.empty() && key.size() <= kv_key_bytes_max && is_utf8(key);
}

}  // namespace

struct HostServices::LentBytes final : Lent {
    explicit LentBytes(std::string text) : bytes(std::move(text)) {}
    std::string bytes;
};

// Wiped when it is given back: model::Secret sees to that.
struct HostServices::LentSecret final : Lent {
    explicit LentSecret(model::Secret value) : secret(std::move(value)) {}
    model::Secret secret;
};

namespace {

// The operator's number replaces the vendor's; without either there is no limit of ours.
double rate_of(ConnectorInfo const& info, double configured) noexcept {
    if (configured > 0) {
        return configured;
    }
    return info.requests_per_second > 0 ? info.requests_per_second : unlimited_per_second;
}
double burst_of(ConnectorInfo const& info, double configured) noexcept {
    if (configured > 0) {
        return std::max(1.0, configured);
    }
    return info.requests_per_second > 0 ? info.requests_burst : unlimited_per_second;
}

std::vector<std::string> signals_of(ConnectorInfo const& info) {
    std::vector<std::string> signals;
    for (TriggerInfo const& trigger : info.triggers) {
        if (trigger.is_signal()) {
            signals.push_back(trigger.event);
        }
    }
    return signals;
}

}  // namespace

HostServices::HostServices(ConnectorInfo const& info, Services services, std::vector<std::string> egress)
    : connector_(info.id),
      services_(std::move(services)),
      egress_(std::move(egress)),
      signals_(signals_of(info)),
      requests_per_second_(rate_of(info, services_.requests_per_second)),
      requests_burst_(burst_of(info, services_.requests_per_second)),
      vault_(info.secrets, services_.settings, services_.secrets, services_.clock, services_.kept_secrets),
      own_rates_(services_.clock) {
    table_ = make_host_table(*this, services_.connection.c_str());
}

HostServices::~HostServices() = default;

// ---- refusals and logs ------------------------------------------------------------------------------------------

cw_status HostServices::refuse_dead(Service service) noexcept {
    if (!dead_logged_.exchange(true)) {
        services_.logger.error(
            "A connector used a call after its hook or on another thread.",
            {{"connector", connector_}, {"connection", services_.connection}, {"service", name(service)}});
    }
    return CW_ERR_INTERNAL;
}

cw_status HostServices::refuse_phase(Call& call, Service service) noexcept {
    std::uint32_t const bit = 1U << static_cast<unsigned>(service);
    if ((refused_logged_[static_cast<std::size_t>(call.phase)].fetch_or(bit) & bit) == 0) {
        services_.logger.error("A connector asked for a host service that its hook may not use.",
                               {{"connector", connector_},
                                {"connection", services_.connection},
                                {"hook", name(call.phase)},
                                {"service", name(service)}});
    }
    return CW_ERR_DENIED;
}

void HostServices::report(Level level, std::string_view message, Phase phase, std::string_view detail) noexcept {
    if (may_log_line()) {
        services_.logger.log(level, message,
                             {{"connector", connector_},
                              {"connection", services_.connection},
                              {"hook", name(phase)},
                              {"detail", detail}});
    }
}

bool HostServices::may_log_line() noexcept {
    std::uint64_t dropped = 0;
    {
        std::lock_guard const lock(log_mutex_);
        auto const now = services_.clock.steady_now();
        if (now - log_second_ >= std::chrono::seconds(1)) {
            log_second_ = now;
            log_lines_ = 0;
            dropped = std::exchange(log_dropped_, 0);
        }
        if (log_lines_ == log_lines_per_second) {
            ++log_dropped_;
            return false;
        }
        ++log_lines_;
    }
    if (dropped != 0) {
        services_.logger.warn("A connector logged too much; lines were dropped.",
                              {{"connector", connector_}, {"connection", services_.connection}, {"lines", dropped}});
    }
    return true;
}

bool HostServices::log_enabled(std::int32_t level) const noexcept {
    return services_.logger.enabled(level_of(level));
}

void HostServices::log(Call const* call, std::int32_t level, std::string_view message,
                       std::string_view fields_json) noexcept {
    if (!log_enabled(level) || !may_log_line()) {
        return;
    }
    try {
        std::string_view const fields = fields_json.size() <= log_fields_bytes_max ? fields_json : std::string_view{};
        services_.logger.log_json(level_of(level), readable(message, message_bytes_max),
                                  {{"connector", connector_},
                                   {"connection", services_.connection},
                                   {"hook", call == nullptr ? std::string_view("none") : name(call->phase)}},
                                  fields);
    } catch (...) {
        // Only out of memory ends here, and then a log line is the least loss.
        return;
    }
}

// ---- words about the call ---------------------------------------------------------------------------------------

cw_status HostServices::fail(Call& call, cw_status status, std::int64_t retry_after_ms, std::string_view message,
                             std::string_view detail_json) const {
    call.failure = Failure{status, retry_after_ms, readable(message, message_bytes_max), field_problems(detail_json)};
    return status;
}

cw_status HostServices::note(Call& call, std::int32_t what, std::string_view text) const {
    if (what < CW_NOTE_TARGET_KEY || what > CW_NOTE_UNLINKED) {
        return CW_ERR_UNSUPPORTED;
    }
    if (what == CW_NOTE_EFFECT && text != "created" && text != "updated") {
        return CW_ERR_INVALID;
    }
    if (what == CW_NOTE_REASON) {
        call.notes[static_cast<std::size_t>(what)] = readable(text, note_bytes_max);
        return CW_OK;
    }
    // An id that was cut short would be another id, so these are taken whole or not at all.
    if (text.size() > note_bytes_max || !is_utf8(text)) {
        bool const long_text = text.size() > note_bytes_max;
        return refuse_output(call, long_text ? CW_ERR_TOO_LARGE : CW_ERR_INVALID,
                             long_text ? "a note is longer than 2,000 bytes" : "a note is not UTF-8");
    }
    call.notes[static_cast<std::size_t>(what)] = text;
    return CW_OK;
}

cw_status HostServices::warn(Call& call, std::string_view field, std::string_view message) const {
    if (call.warnings.size() == warnings_max) {
        return CW_ERR_TOO_LARGE;
    }
    call.warnings.push_back({readable(field, message_bytes_max), readable(message, message_bytes_max)});
    return CW_OK;
}

cw_status HostServices::sleep(cw_call const* handle, std::int64_t ms) {
    auto const deadline = calls_.deadline(handle);
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock().steady_now());
    std::chrono::milliseconds const wanted(std::max<std::int64_t>(ms, 0));
    std::chrono::milliseconds const wait = std::min(wanted, std::max(left, std::chrono::milliseconds(0)));
    if (!calls_.wait(handle, wait)) {
        return CW_ERR_CANCELLED;
    }
    return wait < wanted ? CW_ERR_DEADLINE : CW_OK;
}

// ---- settings and secrets ---------------------------------------------------------------------------------------

cw_status HostServices::config_get(std::string_view pointer, cw_buf* out) {
    boost::json::error_code error;
    boost::json::value const* found = services_.settings.find_pointer({pointer.data(), pointer.size()}, error);
    if (error || found == nullptr) {
        return CW_ERR_NOT_FOUND;
    }
    return lend_bytes(boost::json::serialize(*found), out);
}

cw_status HostServices::secret_status(model::Error const& error, std::string_view pointer) noexcept {
    if (error.code == model::ErrorCode::not_found) {
        return CW_ERR_NOT_FOUND;
    }
    if (may_log_line()) {
        services_.logger.error("A connector's secret could not be had.", {{"connector", connector_},
                                                                          {"connection", services_.connection},
                                                                          {"pointer", readable(pointer, 256)},
                                                                          {"error", error.detail}});
    }
    return error.code == model::ErrorCode::permission_denied ? CW_ERR_DENIED : CW_ERR_CONFIG;
}

cw_status HostServices::secret_get(std::string_view pointer, cw_buf* out) {
    auto const keyed = vault_.find(pointer);
    if (!keyed) {
        return secret_status(keyed.error(), pointer);
    }
    auto lent = std::make_unique<LentSecret>(keyed->current->secret());
    // Revealed because the connector asked for the bytes themselves and declared that it would.
    std::string_view const bytes = lent->secret.reveal();
    void* const key = lent.get();
    cw_status const status = lend(std::move(lent), key);
    if (status == CW_OK) {
        *out = cw_buf{bytes.data(), bytes.size(), key};
    }
    return status;
}

cw_status HostServices::hmac_verify(std::int32_t algorithm, std::string_view secret_pointer,
                                    std::vector<std::string_view> const& parts, std::string_view hex) {
    if (algorithm != CW_HMAC_SHA256) {
        return CW_ERR_UNSUPPORTED;
    }
    if (parts.size() > crypto_parts_max) {
        return CW_ERR_TOO_LARGE;
    }
    auto const keyed = vault_.find(secret_pointer);
    if (!keyed) {
        return secret_status(keyed.error(), secret_pointer);
    }
    auto matches = keyed->current->hmac_matches(parts, hex);
    if (matches && !*matches && keyed->previous) {
        matches = keyed->previous->hmac_matches(parts, hex);
    }
    if (!matches) {
        return CW_ERR_INTERNAL;
    }
    return *matches ? CW_OK : CW_ERR_AUTH;
}

// ---- what is lent -----------------------------------------------------------------------------------------------

cw_status HostServices::lend(std::unique_ptr<Lent> lent, void const* key) {
    std::lock_guard const lock(lent_mutex_);
    if (lent_.size() >= lent_max) {
        return CW_ERR_NO_MEMORY;
    }
    lent_.emplace(key, std::move(lent));
    return CW_OK;
}

cw_status HostServices::lend_bytes(std::string bytes, cw_buf* out) {
    auto lent = std::make_unique<LentBytes>(std::move(bytes));
    std::string_view const view = lent->bytes;
    void* const key = lent.get();
    cw_status const status = lend(std::move(lent), key);
    if (status == CW_OK) {
        *out = cw_buf{view.data(), view.size(), key};
    }
    return status;
}

void HostServices::take_back(void const* key) noexcept {
    std::unique_ptr<Lent> freed_without_the_lock;
    {
        std::lock_guard const lock(lent_mutex_);
        auto const at = lent_.find(key);
        if (at != lent_.end()) {
            freed_without_the_lock = std::move(at->second);
            lent_.erase(at);
            return;
        }
    }
    if (!release_logged_.exchange(true)) {
        services_.logger.error("A connector gave something back twice, or something that the host never lent.",
                               {{"connector", connector_}, {"connection", services_.connection}});
    }
}

void HostServices::give_back(cw_buf* buffer) noexcept {
    // A call that failed left the buffer empty; giving that back is harmless.
    if (buffer != nullptr && buffer->owner != nullptr) {
        take_back(buffer->owner);
        *buffer = cw_buf{nullptr, 0, nullptr};
    }
}

void HostServices::give_back(cw_http_response const* response) noexcept {
    if (response != nullptr) {
        take_back(response);
    }
}

// ---- private state ----------------------------------------------------------------------------------------------

cw_status HostServices::kv_get(std::string_view key, cw_buf* out, std::uint64_t* out_version) {
    if (!is_kv_key(key)) {
        return CW_ERR_INVALID;
    }
    auto stored = services_.key_values.get(std::string(key));
    if (!stored) {
        return stored_status(stored.error().code);
    }
    cw_status const status = lend_bytes(std::move(stored->first), out);
    if (status == CW_OK && out_version != nullptr) {
        *out_version = stored->second;
    }
    return status;
}

cw_status HostServices::kv_put(std::string_view key, std::string_view value, std::uint64_t const* if_version) {
    if (!is_kv_key(key)) {
        return CW_ERR_INVALID;
    }
    if (value.size() > kv_value_bytes_max) {
        return CW_ERR_TOO_LARGE;
    }
    auto const version = if_version == nullptr ? std::nullopt : std::optional(*if_version);
    auto const put = services_.key_values.put(std::string(key), std::string(value), version);
    return put ? CW_OK : stored_status(put.error().code);
}

cw_status HostServices::kv_delete(std::string_view key, std::uint64_t const* if_version) {
    if (!is_kv_key(key)) {
        return CW_ERR_INVALID;
    }
    auto const version = if_version == nullptr ? std::nullopt : std::optional(*if_version);
    auto const removed = services_.key_values.remove(std::string(key), version);
    return removed ? CW_OK : stored_status(removed.error().code);
}

}  // namespace crosswalk::plugin_host
