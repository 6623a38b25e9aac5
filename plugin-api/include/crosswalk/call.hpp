// The host as one hook sees it, and what goes in and out of hooks.
//
// Shape    header-only, compiled into the connector; nothing of it crosses the boundary.
// Units    times are milliseconds since 1970-01-01 UTC, durations std::chrono.
// Errors   every method throws Failure where the host refuses.
// Owner    a Call and every view taken from it end with the hook that received it.
#ifndef CROSSWALK_CALL_HPP
#define CROSSWALK_CALL_HPP

#include <crosswalk/connector.h>
#include <crosswalk/values.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::connector {

// ---- HTTP ---------------------------------------------------------------------------------------------------

enum class Auth : std::int32_t {
    none = CW_AUTH_NONE,
    bearer = CW_AUTH_BEARER,
    basic = CW_AUTH_BASIC,
    oauth = CW_AUTH_OAUTH
};

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Auth auth = Auth::none;
    std::string auth_secret;  // JSON Pointer into the settings; of no use with oauth
    bool idempotent = true;   // may the host repeat it by itself? Say false for every create.
    std::string body_file;    // id of a file that is sent after `body`; empty: none
    std::string body_tail;    // sent after body_file
    bool to_file = false;     // the body of a 2xx goes to a file
};

struct HttpResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names are lower case
    std::string body;
    std::optional<std::chrono::milliseconds> retry_after;
    std::string body_file = {};  // with to_file and a 2xx: the file's id; body is empty then
    std::int64_t body_file_size = 0;

    // The first header of that lower-case name; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        for (auto const& [key, value] : headers) {
            if (key == name) {
                return value;
            }
        }
        return {};
    }
};

// A webhook request as the host received it. Views end with the hook.
class WebhookRequest {
public:
    explicit WebhookRequest(cw_http_request const& request) noexcept : request_(&request) {}
    [[nodiscard]] std::string_view method() const noexcept { return view(request_->method); }
    [[nodiscard]] std::string_view target() const noexcept { return view(request_->url); }
    [[nodiscard]] std::string_view body() const noexcept { return view(request_->body); }
    // The first header of that lower-case name; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        for (std::size_t i = 0; i < request_->header_count; ++i) {
            if (view(request_->headers[i].name) == name) {
                return view(request_->headers[i].value);
            }
        }
        return {};
    }

private:
    cw_http_request const* request_;
};

// ---- what hooks give and take -------------------------------------------------------------------------------

struct Record {
    std::string schema;
    std::string key;
    json::object data;
};

struct Event {
    std::string id;       // the same on every redelivery
    std::string type;     // "candidate.hired"
    std::string subject;  // order is kept per subject
    std::string title;    // the subject in words; personal data
    std::int64_t occurred_unix_ms = 0;
    Record record;
};

enum class Disposition : std::int32_t {
    accept = CW_WEBHOOK_ACCEPT,
    ignore = CW_WEBHOOK_IGNORE,
    test = CW_WEBHOOK_TEST
};
struct Verdict {
    Disposition disposition = Disposition::ignore;
    std::string event_type;  // with accept and test; of several events, with blanks between
    std::string dedupe_key;  // with accept: the same on every redelivery
};

// One turn of a poll: one page.
struct PollRequest {
    std::string_view event;   // the trigger that is asked for
    std::string_view cursor;  // the last one set; empty at the very first and at the start of a full run
    json::object select;      // what the route selects
    std::string_view run;     // a full run puts it into event ids, so that each run delivers anew
    bool full = false;        // every record, changed or not
};

// One page of what should have come by webhook.
struct SweepRequest {
    std::string_view event;
    std::int64_t from_unix_ms = 0;  // what happened from here on ...
    std::int64_t to_unix_ms = 0;    // ... and before this
    std::string_view cursor;        // the last one set; empty at first
};

enum class Direction : std::int32_t { in = CW_MAP_IN, out = CW_MAP_OUT };
struct MapRequest {
    Direction direction;
    std::string_view to_schema;
    std::string_view schema;  // of `data`
    std::string_view key;
    json::object data;
};

enum class Outcome : std::int32_t {
    delivered = CW_PUSH_DELIVERED,
    duplicate = CW_PUSH_DUPLICATE,
    unchanged = CW_PUSH_UNCHANGED,
    skipped = CW_PUSH_SKIPPED,
    rejected = CW_PUSH_REJECTED,
    retry = CW_PUSH_RETRY,
    unknown = CW_PUSH_UNKNOWN
};
struct PushRequest {
    std::string_view action;
    std::string_view idempotency_key;  // the same for every attempt
    std::uint32_t attempt = 1;
    std::string_view schema;
    std::string_view key;
    json::object data;
};

// ---- the host, as one hook sees it --------------------------------------------------------------------------

class Call {
public:
    Call(cw_host const& host, cw_call* call) noexcept : host_(&host), call_(call) {}

    // The name of this connection: `system` of every canonical ref that this connector makes.
    [[nodiscard]] std::string_view connection() const noexcept { return host_->connection; }
    [[nodiscard]] std::int64_t unix_ms() const noexcept { return host_->unix_ms(host_); }
    [[nodiscard]] std::int64_t steady_ms() const noexcept { return host_->steady_ms(host_); }
    [[nodiscard]] bool cancelled() const noexcept { return host_->cancelled(host_, call_) != 0; }
    // How long this call may still take; nullopt when nothing limits it.
    [[nodiscard]] std::optional<std::chrono::milliseconds> time_left() const noexcept {
        std::int64_t const left = host_->time_left_ms(host_, call_);
        return left < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(left));
    }
    // Waits; Failure(CW_ERR_DEADLINE or CW_ERR_CANCELLED) when the call ends first.
    void sleep(std::chrono::milliseconds duration) {
        check(host_->sleep_ms(host_, call_, duration.count()), "The call ended while it waited.");
    }

    // `message` is a fixed sentence; facts ride in `fields`. No secrets, no personal values.
    void log(std::int32_t level, std::string_view message, json::object const& fields = {}) const {
        if (host_->log_enabled(host_, level) != 0) {
            std::string const text = json::serialize(fields);
            host_->log(host_, call_, level, borrow(message), borrow(text));
        }
    }
    void note(std::int32_t what, std::string_view value) { (void)host_->note(host_, call_, what, borrow(value)); }
    // A person-readable warning about one field; it is listed with the outcome. No values in it.
    void warn(std::string_view field, std::string_view message) {
        (void)host_->warn(host_, call_, borrow(field), borrow(message));
    }

    // The settings at a JSON Pointer, "" for all of them; null when nothing stands there.
    [[nodiscard]] json::value config(std::string_view pointer = {}) const {
        cw_buf buffer{};
        cw_status const status = host_->config_get(host_, borrow(pointer), &buffer);
        if (status == CW_ERR_NOT_FOUND) {
            return nullptr;
        }
        if (status != CW_OK) {
            throw Failure(status, "The settings could not be read.");
        }
        BufferGuard const guard{host_, &buffer};
        return parse_json({buffer.ptr, buffer.len}, "The settings");
    }

    // The secret that the settings refer to at a JSON Pointer, for what neither Auth nor hmac_matches can do; nullopt
    // when none is set there. It must not be kept, logged or put into a record.
    [[nodiscard]] std::optional<std::string> secret(std::string_view pointer) {
        cw_buf buffer{};
        cw_status const status = host_->secret_get(host_, call_, borrow(pointer), &buffer);
        if (status == CW_ERR_NOT_FOUND) {
            return std::nullopt;
        }
        check(status, "The secret could not be read.");
        BufferGuard const guard{host_, &buffer};
        return std::string(buffer.ptr, buffer.len);
    }
    // Is `hex` the HMAC-SHA256 of the joined parts under the secret at that pointer of the settings?
    // nullopt when no secret is set there. The secret stays inside the host.
    [[nodiscard]] std::optional<bool> hmac_matches(std::string_view secret_pointer,
                                                   std::initializer_list<std::string_view> parts,
                                                   std::string_view hex) const {
        auto const* crypto = static_cast<cw_crypto const*>(host_->get_extension(host_, CW_EXT_CRYPTO));
        if (!CW_HAS(cw_crypto, crypto, hmac_verify)) {
            throw Failure(CW_ERR_UNSUPPORTED, "This host does not offer cw.crypto/1.");
        }
        cw_str views[4];
        std::size_t count = 0;
        for (std::string_view const part : parts) {
            if (count == 4) {
                throw Failure(CW_ERR_INTERNAL, "hmac_matches takes at most four parts.");
            }
            views[count++] = borrow(part);
        }
        cw_status const status =
            crypto->hmac_verify(host_, call_, CW_HMAC_SHA256, borrow(secret_pointer), views, count, borrow(hex));
        if (status == CW_ERR_NOT_FOUND) {
            return std::nullopt;
        }
        if (status != CW_OK && status != CW_ERR_AUTH) {
            throw Failure(status, "The signature could not be checked.");
        }
        return status == CW_OK;
    }
    // 64 lower-case hex digits.
    [[nodiscard]] std::string sha256_hex(std::string_view data) const {
        auto const* crypto = static_cast<cw_crypto const*>(host_->get_extension(host_, CW_EXT_CRYPTO));
        if (!CW_HAS(cw_crypto, crypto, sha256_hex)) {
            throw Failure(CW_ERR_UNSUPPORTED, "This host does not offer cw.crypto/1.");
        }
        std::string out(64, '0');
        if (cw_status const status = crypto->sha256_hex(host_, borrow(data), out.data()); status != CW_OK) {
            throw Failure(status, "The host could not hash.");
        }
        return out;
    }

    // Sends and waits. An HTTP error status is a Response; Failure when there is no whole response:
    // CW_ERR_TRANSIENT means that nothing was applied, CW_ERR_DEADLINE and CW_ERR_INTERNAL that it may have been.
    [[nodiscard]] HttpResponse http(HttpRequest const& request) {
        std::vector<cw_pair> headers;
        headers.reserve(request.headers.size());
        for (auto const& [name, value] : request.headers) {
            headers.push_back({borrow(name), borrow(value)});
        }
        cw_http_request raw{};
        raw.struct_size = sizeof raw;
        raw.flags = (request.idempotent ? CW_HTTP_IDEMPOTENT : 0U) | (request.to_file ? CW_HTTP_TO_FILE : 0U);
        raw.method = borrow(request.method);
        raw.url = borrow(request.url);
        raw.headers = headers.data();
        raw.header_count = headers.size();
        raw.body = borrow(request.body);
        raw.auth = static_cast<std::int32_t>(request.auth);
        raw.auth_secret = borrow(request.auth_secret);
        raw.body_file = borrow(request.body_file);
        raw.body_tail = borrow(request.body_tail);
        cw_http_response const* answer = nullptr;
        if (cw_status const status = host_->http_send(host_, call_, &raw, &answer); status != CW_OK) {
            throw Failure(status, why_unsent(status));
        }
        ResponseGuard const guard{host_, answer};
        HttpResponse response;
        response.status = answer->status;
        response.body = view(answer->body);
        for (std::size_t i = 0; i < answer->header_count; ++i) {
            response.headers.emplace_back(view(answer->headers[i].name), view(answer->headers[i].value));
        }
        if (answer->retry_after_ms >= 0) {
            response.retry_after = std::chrono::milliseconds(answer->retry_after_ms);
        }
        if (CW_HAS(cw_http_response, answer, body_file_size)) {
            response.body_file = view(answer->body_file);
            response.body_file_size = answer->body_file_size;
        }
        return response;
    }

    // ---- files: known by their id, the SHA-256 of the content in lower-case hex
    [[nodiscard]] std::string put_file(std::string_view bytes) {
        cw_buf id{};
        check(files().put(host_, call_, borrow(bytes), &id), "The file could not be kept.");
        return take(id);
    }
    // nullopt when the host has no such file any more.
    [[nodiscard]] std::optional<std::int64_t> file_size(std::string_view id) {
        std::int64_t size = 0;
        cw_status const status = files().size(host_, call_, borrow(id), &size);
        if (status == CW_ERR_NOT_FOUND) {
            return std::nullopt;
        }
        check(status, "The file could not be read.");
        return size;
    }
    // Up to `length` bytes from `offset`, at most CW_FILE_READ_MAX; fewer at the end of the file.
    [[nodiscard]] std::string read_file(std::string_view id, std::int64_t offset, std::int64_t length) {
        cw_buf bytes{};
        check(files().read(host_, call_, borrow(id), offset, length, &bytes), "The file could not be read.");
        return take(bytes);
    }

    // ---- links: which record here is the same thing as which record of another connection
    void link(std::string_view our_kind, std::string_view our_id, json::object const& their_ref) {
        std::string const ref = json::serialize(their_ref);
        check(links().put(host_, call_, borrow(our_kind), borrow(our_id), borrow(ref)), "The link could not be kept.");
    }
    // Every ref linked with this one.
    [[nodiscard]] json::array linked(json::object const& ref) {
        std::string const text = json::serialize(ref);
        cw_buf found{};
        check(links().find(host_, call_, borrow(text), &found), "The links could not be read.");
        json::value refs = parse_json(take(found), "The host's list of links");
        return refs.is_array() ? std::move(refs.get_array()) : json::array{};
    }
    // The id of the record of this connection and kind that is linked with `their_ref`; empty when there is none.
    [[nodiscard]] std::string linked_here(json::object const& their_ref, std::string_view our_kind) {
        for (json::value const& ref : linked(their_ref)) {
            if (text_at(ref, "/system") == connection() && text_at(ref, "/kind") == our_kind) {
                return std::string(text_at(ref, "/id"));
            }
        }
        return {};
    }
    // False when the two were not linked.
    bool unlink(std::string_view our_kind, std::string_view our_id, json::object const& their_ref) {
        std::string const ref = json::serialize(their_ref);
        cw_status const status = links().remove(host_, call_, borrow(our_kind), borrow(our_id), borrow(ref));
        if (status == CW_ERR_NOT_FOUND) {
            return false;
        }
        check(status, "The link could not be removed.");
        return true;
    }

    // ---- secrets that the vendor handed out; the host keeps them encrypted and what the settings say comes first
    void keep_secret(std::string_view pointer, std::string_view value) {
        check(secrets().put(host_, call_, borrow(pointer), borrow(value)), "The secret could not be kept.");
    }
    void forget_secret(std::string_view pointer) {
        cw_status const status = secrets().remove(host_, call_, borrow(pointer));
        check(status == CW_ERR_NOT_FOUND ? CW_OK : status, "The secret could not be forgotten.");
    }

    struct Stored {
        std::string value;
        std::uint64_t version = 0;
    };
    [[nodiscard]] std::optional<Stored> kv_get(std::string_view key) {
        cw_buf buffer{};
        Stored stored;
        cw_status const status = host_->kv_get(host_, call_, borrow(key), &buffer, &stored.version);
        if (status == CW_ERR_NOT_FOUND) {
            return std::nullopt;
        }
        check(status, "The connector's stored state could not be read.");
        BufferGuard const guard{host_, &buffer};
        stored.value.assign(buffer.ptr, buffer.len);
        return stored;
    }
    // False when `if_version` no longer holds; 0 means that the key must not exist yet.
    [[nodiscard]] bool kv_put(std::string_view key, std::string_view value,
                              std::optional<std::uint64_t> if_version = std::nullopt) {
        cw_status const status =
            host_->kv_put(host_, call_, borrow(key), borrow(value), if_version ? &*if_version : nullptr);
        if (status == CW_ERR_CONFLICT) {
            return false;
        }
        check(status, "The connector's state could not be stored.");
        return true;
    }

    void emit(Event const& event) {
        std::string const text = json::serialize(event.record.data);
        cw_record const record = raw_record(event.record, text);
        cw_event raw{};
        raw.struct_size = sizeof raw;
        raw.id = borrow(event.id);
        raw.type = borrow(event.type);
        raw.subject = borrow(event.subject);
        raw.title = borrow(event.title);
        raw.occurred_unix_ms = event.occurred_unix_ms;
        raw.record = &record;
        check(host_->emit_event(host_, call_, &raw), "The host refused the event.");
    }
    void emit(Record const& record) {
        std::string const text = json::serialize(record.data);
        cw_record const raw = raw_record(record, text);
        check(host_->emit_record(host_, call_, &raw), "The host refused the record.");
    }
    void set_cursor(std::string_view cursor) {
        check(host_->set_cursor(host_, call_, borrow(cursor)), "The host refused the cursor.");
    }

private:
    struct BufferGuard {
        cw_host const* host;
        cw_buf* buffer;
        BufferGuard(cw_host const* h, cw_buf* b) noexcept : host(h), buffer(b) {}
        BufferGuard(BufferGuard const&) = delete;
        BufferGuard& operator=(BufferGuard const&) = delete;
        ~BufferGuard() { host->buf_release(host, buffer); }
    };
    struct ResponseGuard {
        cw_host const* host;
        cw_http_response const* response;
        ResponseGuard(cw_host const* h, cw_http_response const* r) noexcept : host(h), response(r) {}
        ResponseGuard(ResponseGuard const&) = delete;
        ResponseGuard& operator=(ResponseGuard const&) = delete;
        ~ResponseGuard() { host->http_release(host, response); }
    };
    // An extension of the host; Failure when this host does not offer it or only a shorter one.
    template <class Table>
    [[nodiscard]] Table const& extension(char const* id) const {
        auto const* table = static_cast<Table const*>(host_->get_extension(host_, id));
        if (table == nullptr || table->struct_size < sizeof(Table)) {
            throw Failure(CW_ERR_UNSUPPORTED, std::string("This host does not offer ") + id + '.');
        }
        return *table;
    }
    [[nodiscard]] cw_files const& files() const { return extension<cw_files>(CW_EXT_FILES); }
    [[nodiscard]] cw_links const& links() const { return extension<cw_links>(CW_EXT_LINKS); }
    [[nodiscard]] cw_secrets const& secrets() const { return extension<cw_secrets>(CW_EXT_SECRETS); }
    [[nodiscard]] std::string take(cw_buf& buffer) const {
        BufferGuard const guard{host_, &buffer};
        return std::string(buffer.ptr, buffer.len);
    }
    static void check(cw_status status, char const* message) {
        if (status != CW_OK) {
            throw Failure(status, message);
        }
    }
    static char const* why_unsent(cw_status status) noexcept {
        switch (status) {
            case CW_ERR_DENIED:
                return "The host refused the request: its address is not among those that the connector declares.";
            case CW_ERR_AUTH:
                return "The vendor's consent is missing or was revoked. Authorize the connection again.";
            case CW_ERR_NOT_FOUND:
                return "The file that the request sends is not kept any more.";
            default:
                return "No answer from the vendor.";
        }
    }
    static cw_record raw_record(Record const& record, std::string const& text) noexcept {
        cw_record raw{};
        raw.struct_size = sizeof raw;
        raw.schema = borrow(record.schema);
        raw.key = borrow(record.key);
        raw.json = borrow(text);
        return raw;
    }

    cw_host const* host_;
    cw_call* call_;
};

}  // namespace crosswalk::connector

#endif
