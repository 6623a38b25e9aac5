// The C functions of cw_host. Each finds its instance and its call, asks the phase rules, and lets nothing escape.
#include "plugin_host/digest.hpp"
#include "plugin_host/host_services.hpp"
#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <vector>

namespace crosswalk::plugin_host {
namespace {

HostServices& of(cw_host const* host) noexcept {
    return *static_cast<HostServices*>(host->impl);
}

template <class Work>
cw_status guarded(Work&& work) noexcept {
    try {
        return work();
    } catch (std::bad_alloc const&) {
        return CW_ERR_NO_MEMORY;
    } catch (...) {
        return CW_ERR_INTERNAL;
    }
}

// Runs `work(host, call)` for a live call of this thread whose phase may use the service.
template <class Work>
cw_status in_call(cw_host const* host, cw_call const* handle, std::optional<Service> service, Work&& work) noexcept {
    return guarded([&] {
        HostServices& at = of(host);
        Call* const call = at.calls().owned(handle);
        if (call == nullptr) {
            return at.refuse_dead(service.value_or(Service::note));
        }
        if (service && !may_use(call->phase, *service)) {
            return at.refuse_phase(*call, *service);
        }
        return work(at, *call);
    });
}

// The same for outputs: one that is refused makes the whole call fail.
template <class Work>
cw_status output(cw_host const* host, cw_call const* handle, Service service, Work&& work) noexcept {
    return in_call(host, handle, std::nullopt, [&](HostServices& at, Call& call) {
        if (may_use(call.phase, service)) {
            return work(at, call);
        }
        (void)at.refuse_phase(call, service);
        return refuse_output(call, CW_ERR_DENIED,
                             std::string(name(service)) + " is not for " + std::string(name(call.phase)));
    });
}

uint32_t CW_CALL log_enabled(cw_host const* host, int32_t level) noexcept {
    return of(host).log_enabled(level) ? 1 : 0;
}

void CW_CALL log(cw_host const* host, cw_call* handle, int32_t level, cw_str message, cw_str fields_json) noexcept {
    HostServices& at = of(host);
    at.log(handle == nullptr ? nullptr : at.calls().owned(handle), level, bytes_of(message).value_or(""),
           bytes_of(fields_json).value_or(""));
}

int64_t CW_CALL unix_ms(cw_host const* host) noexcept {
    return model::to_unix_ms(of(host).clock().now());
}

int64_t CW_CALL steady_ms(cw_host const* host) noexcept {
    auto const now = of(host).clock().steady_now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void CW_CALL buf_release(cw_host const* host, cw_buf* buffer) noexcept {
    of(host).give_back(buffer);
}

int64_t CW_CALL time_left_ms(cw_host const* host, cw_call const* handle) noexcept {
    HostServices& at = of(host);
    auto const deadline = at.calls().deadline(handle);
    if (!deadline) {
        return 0;
    }
    auto const left = *deadline - at.clock().steady_now();
    return std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
}

uint32_t CW_CALL cancelled(cw_host const* host, cw_call const* handle) noexcept {
    return of(host).calls().cancelled(handle) ? 1 : 0;
}

cw_status CW_CALL sleep_ms(cw_host const* host, cw_call* handle, int64_t ms) noexcept {
    return in_call(host, handle, Service::sleep, [&](HostServices& at, Call&) { return at.sleep(handle, ms); });
}

cw_status CW_CALL fail(cw_host const* host, cw_call* handle, cw_status status, int64_t retry_after_ms, cw_str message,
                       cw_str detail_json) noexcept {
    // `status` comes back whatever happens, because connectors return it as their own.
    (void)in_call(host, handle, std::nullopt, [&](HostServices& at, Call& call) {
        return at.fail(call, status, retry_after_ms, bytes_of(message).value_or(""),
                       bytes_of(detail_json).value_or(""));
    });
    return status;
}

cw_status CW_CALL note(cw_host const* host, cw_call* handle, int32_t what, cw_str text) noexcept {
    return in_call(host, handle, Service::note, [&](HostServices& at, Call& call) {
        auto const bytes = bytes_of(text);
        return bytes ? at.note(call, what, *bytes) : CW_ERR_INVALID;
    });
}

cw_status CW_CALL warn(cw_host const* host, cw_call* handle, cw_str field, cw_str message) noexcept {
    return in_call(host, handle, Service::warn, [&](HostServices& at, Call& call) {
        return at.warn(call, bytes_of(field).value_or(""), bytes_of(message).value_or(""));
    });
}

cw_status CW_CALL config_get(cw_host const* host, cw_str pointer, cw_buf* out) noexcept {
    return guarded([&] {
        auto const bytes = bytes_of(pointer);
        return bytes && out != nullptr ? of(host).config_get(*bytes, out) : CW_ERR_INVALID;
    });
}

cw_status CW_CALL secret_get(cw_host const* host, cw_call* handle, cw_str pointer, cw_buf* out) noexcept {
    return in_call(host, handle, Service::secret, [&](HostServices& at, Call&) {
        auto const bytes = bytes_of(pointer);
        return bytes && out != nullptr ? at.secret_get(*bytes, out) : CW_ERR_INVALID;
    });
}

cw_status CW_CALL http_send(cw_host const* host, cw_call* handle, cw_http_request const* request,
                            cw_http_response const** out) noexcept {
    return in_call(host, handle, Service::http, [&](HostServices& at, Call& call) {
        if (!CW_HAS(cw_http_request, request, auth_secret) || out == nullptr) {
            return CW_ERR_INVALID;
        }
        // What an older connector does not know of is left empty.
        cw_http_request whole{};
        std::memcpy(&whole, request, std::min<std::size_t>(request->struct_size, sizeof whole));
        return at.http_send(call, handle, whole, out);
    });
}

void CW_CALL http_release(cw_host const* host, cw_http_response const* response) noexcept {
    of(host).give_back(response);
}

cw_status CW_CALL kv_get(cw_host const* host, cw_call* handle, cw_str key, cw_buf* out, uint64_t* version) noexcept {
    return in_call(host, handle, Service::kv, [&](HostServices& at, Call&) {
        return out == nullptr ? CW_ERR_INVALID : at.kv_get(bytes_of(key).value_or(""), out, version);
    });
}

cw_status CW_CALL kv_put(cw_host const* host, cw_call* handle, cw_str key, cw_str value,
                         uint64_t const* if_version) noexcept {
    return in_call(host, handle, Service::kv, [&](HostServices& at, Call&) {
        auto const bytes = bytes_of(value);
        return bytes ? at.kv_put(bytes_of(key).value_or(""), *bytes, if_version) : CW_ERR_INVALID;
    });
}

cw_status CW_CALL kv_delete(cw_host const* host, cw_call* handle, cw_str key, uint64_t const* if_version) noexcept {
    return in_call(host, handle, Service::kv,
                   [&](HostServices& at, Call&) { return at.kv_delete(bytes_of(key).value_or(""), if_version); });
}

cw_status CW_CALL emit_event(cw_host const* host, cw_call* handle, cw_event const* event) noexcept {
    return output(host, handle, Service::emit_event,
                  [&](HostServices& at, Call& call) { return at.emit_event(call, event); });
}

cw_status CW_CALL emit_record(cw_host const* host, cw_call* handle, cw_record const* record) noexcept {
    return output(host, handle, Service::emit_record,
                  [&](HostServices& at, Call& call) { return at.emit_record(call, record); });
}

cw_status CW_CALL set_cursor(cw_host const* host, cw_call* handle, cw_str cursor) noexcept {
    return output(host, handle, Service::set_cursor, [&](HostServices& at, Call& call) {
        auto const bytes = bytes_of(cursor);
        return bytes ? at.set_cursor(call, *bytes) : refuse_output(call, CW_ERR_INVALID, "the cursor has no address");
    });
}

// ---- what other rooms keep for connectors -----------------------------------------------------------------------

// Runs `work(host, texts…)` for a phase that may use the service, if somebody implements it and every text is readable.
template <class Work, class... Text>
cw_status kept(cw_host const* host, cw_call const* handle, Service service, Work&& work, Text... text) noexcept {
    return in_call(host, handle, service, [&](HostServices& at, Call&) {
        if (!at.offers(service)) {
            return CW_ERR_UNSUPPORTED;
        }
        bool const readable = (bytes_of(text).has_value() && ...);
        return readable ? work(at, *bytes_of(text)...) : CW_ERR_INVALID;
    });
}

cw_status CW_CALL file_put(cw_host const* host, cw_call* handle, cw_str bytes, cw_buf* out_id) noexcept {
    return kept(
        host, handle, Service::files,
        [&](HostServices& at, std::string_view content) {
            return out_id == nullptr ? CW_ERR_INVALID : at.file_put(content, out_id);
        },
        bytes);
}

cw_status CW_CALL file_size(cw_host const* host, cw_call* handle, cw_str id, int64_t* out_size) noexcept {
    return kept(
        host, handle, Service::files,
        [&](HostServices& at, std::string_view file) {
            return out_size == nullptr ? CW_ERR_INVALID : at.file_size(file, out_size);
        },
        id);
}

cw_status CW_CALL file_read(cw_host const* host, cw_call* handle, cw_str id, int64_t offset, int64_t length,
                            cw_buf* out) noexcept {
    return kept(
        host, handle, Service::files,
        [&](HostServices& at, std::string_view file) {
            return out == nullptr ? CW_ERR_INVALID : at.file_read(file, offset, length, out);
        },
        id);
}

cw_status CW_CALL link_put(cw_host const* host, cw_call* handle, cw_str our_kind, cw_str our_id,
                           cw_str their_ref) noexcept {
    return kept(
        host, handle, Service::links, [](HostServices& at, auto... text) { return at.link_put(text...); }, our_kind,
        our_id, their_ref);
}

cw_status CW_CALL link_find(cw_host const* host, cw_call* handle, cw_str ref, cw_buf* out_refs) noexcept {
    return kept(
        host, handle, Service::links,
        [&](HostServices& at, std::string_view of_ref) {
            return out_refs == nullptr ? CW_ERR_INVALID : at.link_find(of_ref, out_refs);
        },
        ref);
}

cw_status CW_CALL link_remove(cw_host const* host, cw_call* handle, cw_str our_kind, cw_str our_id,
                              cw_str their_ref) noexcept {
    return kept(
        host, handle, Service::links, [](HostServices& at, auto... text) { return at.link_remove(text...); }, our_kind,
        our_id, their_ref);
}

cw_status CW_CALL secret_put(cw_host const* host, cw_call* handle, cw_str pointer, cw_str value) noexcept {
    return kept(
        host, handle, Service::keep_secret, [](HostServices& at, auto... text) { return at.secret_put(text...); },
        pointer, value);
}

cw_status CW_CALL secret_remove(cw_host const* host, cw_call* handle, cw_str pointer) noexcept {
    return kept(
        host, handle, Service::keep_secret, [](HostServices& at, auto... text) { return at.secret_remove(text...); },
        pointer);
}

// ---- cw.crypto/1 ------------------------------------------------------------------------------------------------

cw_status CW_CALL hmac_verify(cw_host const* host, cw_call* handle, int32_t algorithm, cw_str secret_pointer,
                              cw_str const* parts, size_t part_count, cw_str hex) noexcept {
    return in_call(host, handle, Service::crypto, [&](HostServices& at, Call&) {
        auto const pointer = bytes_of(secret_pointer);
        auto const digits = bytes_of(hex);
        if (!pointer || !digits || (part_count != 0 && parts == nullptr) || part_count > 64) {
            return CW_ERR_INVALID;
        }
        std::vector<std::string_view> views;
        views.reserve(part_count);
        for (size_t i = 0; i < part_count; ++i) {
            auto const part = bytes_of(parts[i]);
            if (!part) {
                return CW_ERR_INVALID;
            }
            views.push_back(*part);
        }
        return at.hmac_verify(algorithm, *pointer, views, *digits);
    });
}

cw_status CW_CALL sha256_of(cw_host const*, cw_str data, char* out_64) noexcept {
    return guarded([&] {
        auto const bytes = bytes_of(data);
        if (!bytes || out_64 == nullptr) {
            return CW_ERR_INVALID;
        }
        std::string const digits = sha256_hex(*bytes);
        std::copy(digits.begin(), digits.end(), out_64);
        return CW_OK;
    });
}

void const* CW_CALL get_extension(cw_host const* host, char const* id) noexcept {
    static constexpr cw_crypto crypto{sizeof(cw_crypto), 0, hmac_verify, sha256_of};
    static constexpr cw_files files{sizeof(cw_files), 0, file_put, file_size, file_read};
    static constexpr cw_links links{sizeof(cw_links), 0, link_put, link_find, link_remove};
    static constexpr cw_secrets secrets{sizeof(cw_secrets), 0, secret_put, secret_remove};
    struct Offer {
        std::string_view id;
        Service service;
        void const* table;
    };
    static constexpr Offer offers[] = {{CW_EXT_CRYPTO, Service::crypto, &crypto},
                                       {CW_EXT_FILES, Service::files, &files},
                                       {CW_EXT_LINKS, Service::links, &links},
                                       {CW_EXT_SECRETS, Service::keep_secret, &secrets}};
    std::string_view const wanted = id == nullptr ? std::string_view() : std::string_view(id);
    for (Offer const& offer : offers) {
        if (offer.id == wanted) {
            return of(host).offers(offer.service) ? offer.table : nullptr;
        }
    }
    return nullptr;
}

}  // namespace

cw_host make_host_table(HostServices& services, char const* connection) noexcept {
    cw_host table{};
    table.struct_size = sizeof table;
    table.abi_minor = CW_ABI_MINOR;
    table.impl = &services;
    table.host_name = "crosswalk/" CROSSWALK_VERSION;
    table.connection = connection;
    table.get_extension = get_extension;
    table.log_enabled = log_enabled;
    table.log = log;
    table.unix_ms = unix_ms;
    table.steady_ms = steady_ms;
    table.buf_release = buf_release;
    table.time_left_ms = time_left_ms;
    table.cancelled = cancelled;
    table.sleep_ms = sleep_ms;
    table.fail = fail;
    table.note = note;
    table.warn = warn;
    table.config_get = config_get;
    table.secret_get = secret_get;
    table.http_send = http_send;
    table.http_release = http_release;
    table.kv_get = kv_get;
    table.kv_put = kv_put;
    table.kv_delete = kv_delete;
    table.emit_event = emit_event;
    table.emit_record = emit_record;
    table.set_cursor = set_cursor;
    return table;
}

}  // namespace crosswalk::plugin_host
