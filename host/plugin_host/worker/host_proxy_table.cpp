// The C functions of a worker's cw_host.
#include "plugin_host/digest.hpp"
#include "plugin_host/text.hpp"
#include "plugin_host/worker/host_proxy.hpp"
#include "plugin_host/worker/outputs.hpp"

#include <boost/json.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>

namespace crosswalk::plugin_host::worker {
namespace {

// Beyond what the host would keep of words for people.
constexpr std::size_t words_bytes_max = 64 * 1024;
// What cannot be read is sent as text that is no UTF-8, so that the host refuses it in its own words.
constexpr std::string_view unreadable = "\xFF";

HostProxy& of(cw_host const* host) noexcept {
    return *static_cast<HostProxy*>(host->impl);
}

Fields request(Ask what) {
    Fields fields;
    fields.put(static_cast<std::int64_t>(what));
    return fields;
}

std::string_view words(cw_str text) noexcept {
    return bytes_of(text).value_or(std::string_view()).substr(0, words_bytes_max);
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

uint32_t CW_CALL log_enabled(cw_host const* host, int32_t level) noexcept {
    return of(host).log_enabled(level) ? 1 : 0;
}
void CW_CALL log(cw_host const* host, cw_call* call, int32_t level, cw_str message, cw_str fields_json) noexcept {
    (void)guarded([&] {
        of(host).log(call, level, words(message), bytes_of(fields_json).value_or(""));
        return CW_OK;
    });
}
int64_t CW_CALL unix_ms(cw_host const*) noexcept {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}
int64_t CW_CALL steady_ms(cw_host const*) noexcept {
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}
void CW_CALL buf_release(cw_host const* host, cw_buf* buffer) noexcept {
    if (buffer != nullptr && buffer->owner != nullptr) {
        of(host).give_back(buffer->owner);
        *buffer = cw_buf{nullptr, 0, nullptr};
    }
}
int64_t CW_CALL time_left_ms(cw_host const* host, cw_call const* call) noexcept {
    return of(host).calls().time_left(call).count();
}
uint32_t CW_CALL cancelled(cw_host const* host, cw_call const* call) noexcept {
    return of(host).calls().cancelled(call) ? 1 : 0;
}
cw_status CW_CALL sleep_ms(cw_host const* host, cw_call* call, int64_t ms) noexcept {
    return guarded([&] { return of(host).ask_status(call, request(Ask::sleep).put(ms)); });
}

// Puts a request off when the host will `surely` answer it with CW_OK; false: it has to be asked.
bool deferred(RunningCall* call, bool surely, Fields const& in) {
    return call != nullptr && surely && call->defer(in);
}

cw_status CW_CALL fail(cw_host const* host, cw_call* call, cw_status status, int64_t retry_after_ms, cw_str message,
                       cw_str detail_json) noexcept {
    // `status` comes back whatever happens, because connectors return it as their own.
    (void)guarded([&] {
        std::string_view const detail = bytes_of(detail_json).value_or("");
        Fields in = request(Ask::fail);
        in.put(status).put(retry_after_ms).put(words(message));
        in.put(detail.size() <= words_bytes_max ? detail : std::string_view());
        return deferred(RunningCall::owned(call), true, in) ? CW_OK : of(host).ask_status(call, in);
    });
    return status;
}
cw_status CW_CALL note(cw_host const* host, cw_call* call, int32_t what, cw_str text) noexcept {
    return guarded([&] {
        auto const bytes = bytes_of(text);
        if (!bytes) {
            return CW_ERR_INVALID;
        }
        RunningCall* const at = RunningCall::owned(call);
        Fields const in = std::move(request(Ask::note).put(what).put(bytes->substr(0, words_bytes_max)));
        bool const surely = at != nullptr && note_surely_taken(*at, what, *bytes);
        return deferred(at, surely, in) ? CW_OK : of(host).ask_status(call, in);
    });
}
cw_status CW_CALL warn(cw_host const* host, cw_call* call, cw_str field, cw_str message) noexcept {
    return guarded([&] {
        RunningCall* const at = RunningCall::owned(call);
        Fields const in = std::move(request(Ask::warn).put(words(field)).put(words(message)));
        bool const surely = at != nullptr && warning_surely_taken(*at);
        return deferred(at, surely, in) ? CW_OK : of(host).ask_status(call, in);
    });
}

cw_status CW_CALL config_get(cw_host const* host, cw_str pointer, cw_buf* out) noexcept {
    return guarded([&] {
        auto const bytes = bytes_of(pointer);
        if (!bytes || out == nullptr) {
            return CW_ERR_INVALID;
        }
        boost::json::error_code error;
        boost::json::value const* found = of(host).settings().find_pointer({bytes->data(), bytes->size()}, error);
        if (error || found == nullptr) {
            return CW_ERR_NOT_FOUND;
        }
        of(host).lend(boost::json::serialize(*found), out);
        return CW_OK;
    });
}
cw_status CW_CALL secret_get(cw_host const* host, cw_call* call, cw_str pointer, cw_buf* out) noexcept {
    return guarded([&] {
        auto const bytes = bytes_of(pointer);
        if (!bytes || out == nullptr) {
            return CW_ERR_INVALID;
        }
        cw_status status = CW_ERR_INTERNAL;
        std::string answer = of(host).ask(call, request(Ask::secret_get).put(*bytes), status);
        if (status == CW_OK) {
            Reader from(answer);
            (void)from.number();
            of(host).lend(std::string(from.text()), out);
            OPENSSL_cleanse(answer.data(), answer.size());
        }
        return status;
    });
}

cw_status CW_CALL http_send(cw_host const* host, cw_call* call, cw_http_request const* request_of_any_size,
                            cw_http_response const** out) noexcept {
    return guarded([&] {
        if (!CW_HAS(cw_http_request, request_of_any_size, auth_secret) || out == nullptr) {
            return CW_ERR_INVALID;
        }
        // What an older connector does not know of is left empty.
        cw_http_request whole{};
        std::memcpy(&whole, request_of_any_size, std::min<std::size_t>(request_of_any_size->struct_size, sizeof whole));
        cw_http_request const* const from = &whole;
        if (from->header_count > wire_headers_max || (from->header_count != 0 && from->headers == nullptr)) {
            return CW_ERR_INVALID;
        }
        bool readable_all = true;
        auto const read = [&readable_all](cw_str text) {
            auto const bytes = bytes_of(text);
            readable_all = readable_all && bytes.has_value();
            return bytes.value_or(std::string_view());
        };
        Fields in = request(Ask::http_send);
        in.put(static_cast<std::int64_t>(from->flags)).put(read(from->method)).put(read(from->url));
        in.put(read(from->body)).put(from->auth).put(read(from->auth_secret));
        in.put(static_cast<std::int64_t>(from->header_count));
        for (std::size_t i = 0; i < from->header_count; ++i) {
            in.put(read(from->headers[i].name)).put(read(from->headers[i].value));
        }
        in.put(read(from->body_file)).put(read(from->body_tail));
        if (!readable_all) {
            return CW_ERR_INVALID;
        }
        cw_status status = CW_ERR_INTERNAL;
        std::string const answer = of(host).ask(call, in, status);
        if (status == CW_OK) {
            Reader reader(answer);
            (void)reader.number();
            of(host).lend_response(reader, out);
        }
        return status;
    });
}
void CW_CALL http_release(cw_host const* host, cw_http_response const* response) noexcept {
    if (response != nullptr) {
        of(host).give_back(response);
    }
}

cw_status CW_CALL kv_get(cw_host const* host, cw_call* call, cw_str key, cw_buf* out, uint64_t* version) noexcept {
    return guarded([&] {
        if (out == nullptr) {
            return CW_ERR_INVALID;
        }
        cw_status status = CW_ERR_INTERNAL;
        std::string const answer = of(host).ask(call, request(Ask::kv_get).put(words(key)), status);
        if (status == CW_OK) {
            Reader from(answer);
            (void)from.number();
            of(host).lend(std::string(from.text()), out);
            auto const stored = static_cast<uint64_t>(from.number());
            if (version != nullptr) {
                *version = stored;
            }
        }
        return status;
    });
}

void put_version(Fields& in, uint64_t const* if_version) {
    in.put(static_cast<std::int64_t>(if_version != nullptr ? 1 : 0));
    in.put(static_cast<std::int64_t>(if_version != nullptr ? *if_version : 0));
}

cw_status CW_CALL kv_put(cw_host const* host, cw_call* call, cw_str key, cw_str value,
                         uint64_t const* if_version) noexcept {
    return guarded([&] {
        auto const bytes = bytes_of(value);
        if (!bytes) {
            return CW_ERR_INVALID;
        }
        Fields in = request(Ask::kv_put);
        in.put(words(key)).put(*bytes);
        put_version(in, if_version);
        return of(host).ask_status(call, in);
    });
}
cw_status CW_CALL kv_delete(cw_host const* host, cw_call* call, cw_str key, uint64_t const* if_version) noexcept {
    return guarded([&] {
        Fields in = request(Ask::kv_delete);
        in.put(words(key));
        put_version(in, if_version);
        return of(host).ask_status(call, in);
    });
}

// ---- outputs ----------------------------------------------------------------------------------------------------

std::string_view output_text(cw_str text) noexcept {
    return bytes_of(text).value_or(unreadable);
}

void put_record(Fields& in, cw_record const* record) {
    if (!CW_HAS(cw_record, record, json)) {
        in.put(std::int64_t{0});
        return;
    }
    in.put(std::int64_t{1}).put(static_cast<std::int64_t>(record->flags)).put(output_text(record->schema));
    in.put(output_text(record->key)).put(output_text(record->revision)).put(output_text(record->json));
}

// Defers an output, or asks about it. One that may fit into no frame is too large for the host as well: it hears of
// one that is not there, so that the whole call fails.
cw_status give(cw_host const* host, cw_call* call, bool surely, Ask what, Fields const& in) {
    if (deferred(RunningCall::owned(call), surely, in)) {
        return CW_OK;
    }
    cw_status const status = of(host).ask_status(call, in);
    if (status == CW_ERR_TOO_LARGE && in.bytes().size() > output_bytes_max) {
        (void)of(host).ask_status(call, request(what));
    }
    return status;
}

cw_status CW_CALL emit_event(cw_host const* host, cw_call* call, cw_event const* event) noexcept {
    return guarded([&] {
        Fields in = request(Ask::emit_event);
        if (CW_HAS(cw_event, event, record)) {
            in.put(std::int64_t{1}).put(static_cast<std::int64_t>(event->flags)).put(output_text(event->id));
            in.put(output_text(event->type)).put(output_text(event->subject)).put(output_text(event->title));
            in.put(event->occurred_unix_ms);
            put_record(in, event->record);
        }
        RunningCall* const at = RunningCall::owned(call);
        return give(host, call, at != nullptr && surely_taken(*at, event), Ask::emit_event, in);
    });
}
cw_status CW_CALL emit_record(cw_host const* host, cw_call* call, cw_record const* record) noexcept {
    return guarded([&] {
        Fields in = request(Ask::emit_record);
        put_record(in, record);
        RunningCall* const at = RunningCall::owned(call);
        return give(host, call, at != nullptr && surely_taken(*at, record), Ask::emit_record, in);
    });
}
cw_status CW_CALL set_cursor(cw_host const* host, cw_call* call, cw_str cursor) noexcept {
    return guarded([&] {
        // Longer than the host takes is refused there, whatever the length.
        std::string_view const text = output_text(cursor).substr(0, 2 * words_bytes_max);
        RunningCall* const at = RunningCall::owned(call);
        return give(host, call, at != nullptr && cursor_surely_taken(*at, cursor), Ask::set_cursor,
                    std::move(request(Ask::set_cursor).put(text)));
    });
}

// ---- what other rooms keep for connectors -----------------------------------------------------------------------

// Asks with these texts and numbers; `take` reads what follows the status of an answer that is CW_OK.
template <class Take, class... Field>
cw_status ask_kept(cw_host const* host, cw_call* call, Ask what, Take&& take, Field... field) noexcept {
    return guarded([&] {
        bool readable_all = true;
        auto const put = [&readable_all](Fields& in, auto value) {
            if constexpr (std::is_same_v<decltype(value), cw_str>) {
                auto const bytes = bytes_of(value);
                readable_all = readable_all && bytes.has_value();
                in.put(bytes.value_or(std::string_view()));
            } else {
                in.put(value);
            }
        };
        Fields in = request(what);
        (put(in, field), ...);
        if (!readable_all) {
            return CW_ERR_INVALID;
        }
        cw_status status = CW_ERR_INTERNAL;
        std::string const answer = of(host).ask(call, in, status);
        if (status == CW_OK) {
            Reader from(answer);
            (void)from.number();
            take(from);
        }
        return status;
    });
}
template <class... Field>
cw_status ask_kept_buf(cw_host const* host, cw_call* call, Ask what, cw_buf* out, Field... field) noexcept {
    if (out == nullptr) {
        return CW_ERR_INVALID;
    }
    return ask_kept(
        host, call, what, [&](Reader& from) { of(host).lend(std::string(from.text()), out); }, field...);
}
constexpr auto nothing_more = [](Reader&) {};

cw_status CW_CALL file_put(cw_host const* host, cw_call* call, cw_str bytes, cw_buf* out_id) noexcept {
    return ask_kept_buf(host, call, Ask::file_put, out_id, bytes);
}
cw_status CW_CALL file_size(cw_host const* host, cw_call* call, cw_str id, int64_t* out_size) noexcept {
    return out_size == nullptr ? CW_ERR_INVALID
                               : ask_kept(
                                     host, call, Ask::file_size, [&](Reader& from) { *out_size = from.number(); }, id);
}
cw_status CW_CALL file_read(cw_host const* host, cw_call* call, cw_str id, int64_t offset, int64_t length,
                            cw_buf* out) noexcept {
    return ask_kept_buf(host, call, Ask::file_read, out, id, offset, length);
}
cw_status CW_CALL link_put(cw_host const* host, cw_call* call, cw_str our_kind, cw_str our_id,
                           cw_str their_ref) noexcept {
    return ask_kept(host, call, Ask::link_put, nothing_more, our_kind, our_id, their_ref);
}
cw_status CW_CALL link_find(cw_host const* host, cw_call* call, cw_str ref, cw_buf* out_refs) noexcept {
    return ask_kept_buf(host, call, Ask::link_find, out_refs, ref);
}
cw_status CW_CALL link_remove(cw_host const* host, cw_call* call, cw_str our_kind, cw_str our_id,
                              cw_str their_ref) noexcept {
    return ask_kept(host, call, Ask::link_remove, nothing_more, our_kind, our_id, their_ref);
}
cw_status CW_CALL secret_put(cw_host const* host, cw_call* call, cw_str pointer, cw_str value) noexcept {
    return ask_kept(host, call, Ask::secret_put, nothing_more, pointer, value);
}
cw_status CW_CALL secret_remove(cw_host const* host, cw_call* call, cw_str pointer) noexcept {
    return ask_kept(host, call, Ask::secret_remove, nothing_more, pointer);
}

// ---- cw.crypto/1 ------------------------------------------------------------------------------------------------

cw_status CW_CALL hmac_verify(cw_host const* host, cw_call* call, int32_t algorithm, cw_str secret_pointer,
                              cw_str const* parts, size_t part_count, cw_str hex_digits) noexcept {
    return guarded([&] {
        auto const pointer = bytes_of(secret_pointer);
        auto const digits = bytes_of(hex_digits);
        if (!pointer || !digits || (part_count != 0 && parts == nullptr) || part_count > 64) {
            return CW_ERR_INVALID;
        }
        Fields in = request(Ask::hmac_verify);
        in.put(algorithm).put(*pointer).put(*digits).put(static_cast<std::int64_t>(part_count));
        for (size_t i = 0; i < part_count; ++i) {
            auto const part = bytes_of(parts[i]);
            if (!part) {
                return CW_ERR_INVALID;
            }
            in.put(*part);
        }
        return of(host).ask_status(call, in);
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
    std::string_view const wanted = id == nullptr ? std::string_view() : std::string_view(id);
    if (wanted == CW_EXT_CRYPTO) {
        return &crypto;
    }
    if (!of(host).offers(wanted)) {
        return nullptr;
    }
    return wanted == CW_EXT_FILES   ? static_cast<void const*>(&files)
           : wanted == CW_EXT_LINKS ? static_cast<void const*>(&links)
                                    : static_cast<void const*>(&secrets);
}

}  // namespace

cw_host make_proxy_table(HostProxy& proxy, char const* host_name, char const* connection) noexcept {
    cw_host table{};
    table.struct_size = sizeof table;
    table.abi_minor = CW_ABI_MINOR;
    table.impl = &proxy;
    table.host_name = host_name;
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

}  // namespace crosswalk::plugin_host::worker
