// The C++ layer over connector.h: derive from Connector, describe it, export one function.
//
//     class Acme : public crosswalk::connector::Connector { … };
//     extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
//         return crosswalk::connector::library<Acme>(acme_descriptor);
//     }
//
// Shape    header-only, compiled into the connector; nothing of it crosses the boundary.
// Units    times are milliseconds since 1970-01-01 UTC, durations std::chrono.
// Errors   a hook throws Failure to say which status, which words and which fields; every other
//          exception becomes CW_ERR_INTERNAL. Nothing is thrown across the boundary.
// Threads  with CW_CAP_PARALLEL verify_webhook, parse_webhook, map, push and look_up run concurrently
//          on one object: keep what they share constant after activate(), or guard it.
// Owner    a Call and every view taken from it end with the hook that received it.
#ifndef CROSSWALK_CONNECTOR_HPP
#define CROSSWALK_CONNECTOR_HPP

#include <crosswalk/connector.h>

#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::connector {

namespace json = boost::json;

[[nodiscard]] inline std::string_view view(cw_str text) noexcept {
    return text.len == 0 ? std::string_view{} : std::string_view{text.ptr, text.len};
}
[[nodiscard]] inline cw_str borrow(std::string_view text) noexcept {
    return cw_str{text.data(), text.size()};
}

// One field that kept a record from being accepted. `reason` holds no value of the field.
struct FieldProblem {
    std::string field;
    std::string reason;
};

// Why a hook cannot do its work. `message` is for people: what is wrong and what to do about it; it must
// hold neither secrets nor personal values.
class Failure : public std::exception {
public:
    Failure(cw_status status, std::string message, std::vector<FieldProblem> fields = {},
            std::optional<std::chrono::milliseconds> retry_after = std::nullopt)
        : status_(status), message_(std::move(message)), fields_(std::move(fields)), retry_after_(retry_after) {}

    [[nodiscard]] char const* what() const noexcept override { return message_.c_str(); }
    [[nodiscard]] cw_status status() const noexcept { return status_; }
    [[nodiscard]] std::string const& message() const noexcept { return message_; }
    [[nodiscard]] std::vector<FieldProblem> const& fields() const noexcept { return fields_; }
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }

private:
    cw_status status_;
    std::string message_;
    std::vector<FieldProblem> fields_;
    std::optional<std::chrono::milliseconds> retry_after_;
};

// Parses JSON that came from outside. Failure(CW_ERR_INVALID) names `what` when it is not JSON.
[[nodiscard]] inline json::value parse_json(std::string_view text, std::string_view what) {
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) {
        throw Failure(CW_ERR_INVALID, std::string(what) + " is not valid JSON: " + error.message());
    }
    return value;
}

// The value at a JSON Pointer, or nullptr when nothing stands there or null does: both mean "absent".
[[nodiscard]] inline json::value const* find(json::value const& root, std::string_view pointer) {
    json::error_code error;
    json::value const* found = root.find_pointer(pointer, error);
    return (error || found == nullptr || found->is_null()) ? nullptr : found;
}
// The text at a JSON Pointer; empty when it is absent or no string.
[[nodiscard]] inline std::string_view text_at(json::value const& root, std::string_view pointer) {
    json::value const* found = find(root, pointer);
    return (found != nullptr && found->is_string()) ? std::string_view(found->get_string()) : std::string_view{};
}

// Percent-encodes one query value or path segment (RFC 3986 unreserved characters stay).
[[nodiscard]] inline std::string url_encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' || byte == '~';
        if (plain) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 15U]);
        }
    }
    return out;
}

// ---- HTTP ---------------------------------------------------------------------------------------------------

enum class Auth : std::int32_t { none = CW_AUTH_NONE, bearer = CW_AUTH_BEARER, basic = CW_AUTH_BASIC };

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Auth auth = Auth::none;
    std::string auth_secret;  // JSON Pointer into the settings
    bool idempotent = true;   // may the host repeat it by itself? Say false for every create.
};

struct HttpResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names are lower case
    std::string body;
    std::optional<std::chrono::milliseconds> retry_after;

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
    std::string event_type;  // with accept and test
    std::string dedupe_key;  // with accept: the same on every redelivery
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
        raw.flags = request.idempotent ? CW_HTTP_IDEMPOTENT : 0U;
        raw.method = borrow(request.method);
        raw.url = borrow(request.url);
        raw.headers = headers.data();
        raw.header_count = headers.size();
        raw.body = borrow(request.body);
        raw.auth = static_cast<std::int32_t>(request.auth);
        raw.auth_secret = borrow(request.auth_secret);
        cw_http_response const* answer = nullptr;
        if (cw_status const status = host_->http_send(host_, call_, &raw, &answer); status != CW_OK) {
            throw Failure(status, status == CW_ERR_DENIED ? "The host refused the request: its address is not among "
                                                            "those that the connector declares."
                                                          : "No answer from the vendor.");
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
        return response;
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
    static void check(cw_status status, char const* message) {
        if (status != CW_OK) {
            throw Failure(status, message);
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

// ---- the base of every connector ----------------------------------------------------------------------------

// Override the hooks whose capability bits the descriptor sets; the others are never called.
class Connector {
public:
    Connector() = default;
    Connector(Connector const&) = delete;
    Connector& operator=(Connector const&) = delete;
    virtual ~Connector() = default;

    // Reads and checks the settings. Failure(CW_ERR_CONFIG) names the setting. No network yet.
    virtual void init(Call& call) = 0;
    virtual void activate(Call&) {}
    virtual void deactivate() noexcept {}

    [[nodiscard]] virtual Verdict verify_webhook(Call&, WebhookRequest const&) { unsupported(); }
    virtual void parse_webhook(Call&, WebhookRequest const&) { unsupported(); }
    // True asks for another turn at once.
    [[nodiscard]] virtual bool poll(Call&, std::string_view /*cursor*/) { unsupported(); }
    // Emits the mapped records; none means that the record is filtered out.
    virtual void map(Call&, MapRequest const&) { unsupported(); }
    [[nodiscard]] virtual Outcome push(Call&, PushRequest const&) { unsupported(); }
    // Did an earlier attempt take effect? delivered, duplicate, retry (no) or unknown.
    [[nodiscard]] virtual Outcome look_up(Call&, PushRequest const&) { return Outcome::unknown; }
    // Failure says what is broken, Call::warn names each missing right.
    virtual void probe(Call&) { unsupported(); }

private:
    [[noreturn]] static void unsupported() {
        throw Failure(CW_ERR_UNSUPPORTED, "The connector does not implement this hook.");
    }
};

// ---- glue: one C table per library, one per instance --------------------------------------------------------

namespace detail {

struct Instance {
    cw_connector table{};  // first, so that the host's pointer is ours
    cw_host const* host = nullptr;
    std::unique_ptr<Connector> self;
    std::atomic<bool> initialised{false};
    std::atomic<bool> active{false};
};

inline Instance& instance(cw_connector* connector) noexcept {
    return *static_cast<Instance*>(connector->self);
}

inline cw_status report(Instance& at, cw_call* call, Failure const& failure) noexcept {
    try {
        json::object detail;
        if (!failure.fields().empty()) {
            json::array& fields = detail["fields"].emplace_array();
            for (FieldProblem const& problem : failure.fields()) {
                fields.push_back(json::object{{"field", problem.field}, {"reason", problem.reason}});
            }
        }
        std::string const text = detail.empty() ? std::string{} : json::serialize(detail);
        std::int64_t const wait = failure.retry_after() ? failure.retry_after()->count() : -1;
        return at.host->fail(at.host, call, failure.status(), wait, borrow(failure.message()), borrow(text));
    } catch (...) {
        return CW_ERR_NO_MEMORY;
    }
}

// Runs one hook: no exception leaves it, and a hook outside its phase is refused, not run.
template <class Hook>
cw_status guarded(cw_connector* connector, cw_call* call, bool needs_activation, Hook&& hook) noexcept {
    Instance& at = instance(connector);
    if (needs_activation && !at.active.load(std::memory_order_relaxed)) {
        return at.host->fail(at.host, call, CW_ERR_INTERNAL, -1,
                             borrow("The host called a hook of a connector that is not active."), cw_str{});
    }
    try {
        Call wrapped(*at.host, call);
        hook(*at.self, wrapped);
        return CW_OK;
    } catch (Failure const& failure) {
        return report(at, call, failure);
    } catch (std::bad_alloc const&) {
        return CW_ERR_NO_MEMORY;
    } catch (std::exception const& error) {
        return at.host->fail(at.host, call, CW_ERR_INTERNAL, -1, borrow(error.what()), cw_str{});
    } catch (...) {
        return CW_ERR_INTERNAL;
    }
}

inline json::object record_object(cw_record const& record) {
    json::value value = parse_json(view(record.json), "The record");
    if (!value.is_object()) {
        throw Failure(CW_ERR_INVALID, "The record is not a JSON object.");
    }
    return std::move(value.get_object());
}

inline PushRequest push_request(cw_push_request const& raw) {
    PushRequest request;
    request.action = view(raw.action);
    request.idempotency_key = view(raw.idempotency_key);
    request.attempt = raw.attempt;
    request.schema = view(raw.record->schema);
    request.key = view(raw.record->key);
    request.data = record_object(*raw.record);
    return request;
}

inline cw_status CW_CALL init(cw_connector* connector, cw_call* call) noexcept {
    cw_status const status = guarded(connector, call, false, [](Connector& self, Call& at) { self.init(at); });
    instance(connector).initialised = status == CW_OK;
    return status;
}
inline cw_status CW_CALL activate(cw_connector* connector, cw_call* call) noexcept {
    Instance& at = instance(connector);
    if (!at.initialised) {
        return at.host->fail(at.host, call, CW_ERR_INTERNAL, -1, borrow("The host called activate before init."),
                             cw_str{});
    }
    cw_status const status = guarded(connector, call, false, [](Connector& self, Call& c) { self.activate(c); });
    at.active = status == CW_OK;
    return status;
}
inline void CW_CALL deactivate(cw_connector* connector) noexcept {
    Instance& at = instance(connector);
    if (at.active.exchange(false)) {
        at.self->deactivate();
    }
}
inline void CW_CALL destroy(cw_connector* connector) noexcept {
    delete &instance(connector);
}
inline void CW_CALL cancel(cw_connector*, cw_call*) noexcept {}  // every wait of a Call ends with its call

inline cw_status CW_CALL webhook_verify(cw_connector* connector, cw_call* call, cw_http_request const* request,
                                        cw_webhook_verdict* out) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        Verdict const verdict = self.verify_webhook(at, WebhookRequest(*request));
        out->disposition = static_cast<std::int32_t>(verdict.disposition);
        at.note(CW_NOTE_EVENT_TYPE, verdict.event_type);
        at.note(CW_NOTE_DEDUPE_KEY, verdict.dedupe_key);
    });
}
inline cw_status CW_CALL webhook_parse(cw_connector* connector, cw_call* call,
                                       cw_http_request const* request) noexcept {
    return guarded(connector, call, true,
                   [&](Connector& self, Call& at) { self.parse_webhook(at, WebhookRequest(*request)); });
}
inline cw_status CW_CALL poll(cw_connector* connector, cw_call* call, cw_str cursor, std::uint32_t* out_more) noexcept {
    return guarded(connector, call, true,
                   [&](Connector& self, Call& at) { *out_more = self.poll(at, view(cursor)) ? 1U : 0U; });
}
inline cw_status CW_CALL map(cw_connector* connector, cw_call* call, cw_map_request const* raw) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        MapRequest const request{static_cast<Direction>(raw->direction), view(raw->to_schema), view(raw->in->schema),
                                 view(raw->in->key), record_object(*raw->in)};
        self.map(at, request);
    });
}
inline cw_status CW_CALL push(cw_connector* connector, cw_call* call, cw_push_request const* raw,
                              cw_push_result* out) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        out->outcome = static_cast<std::int32_t>(self.push(at, push_request(*raw)));
    });
}
inline cw_status CW_CALL look_up(cw_connector* connector, cw_call* call, cw_push_request const* raw,
                                 cw_push_result* out) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        out->outcome = static_cast<std::int32_t>(self.look_up(at, push_request(*raw)));
    });
}
inline cw_status CW_CALL probe(cw_connector* connector, cw_call* call) noexcept {
    return guarded(connector, call, false, [](Connector& self, Call& at) { self.probe(at); });
}

inline void const* CW_CALL get_extension(cw_connector* connector, char const* id) noexcept {
    static constexpr cw_push_lookup lookup_table{sizeof(cw_push_lookup), 0, look_up};
    static constexpr cw_probe probe_table{sizeof(cw_probe), 0, probe};
    std::string_view const wanted = id == nullptr ? std::string_view{} : std::string_view{id};
    if (wanted == CW_EXT_PUSH_LOOKUP && (connector->desc->caps & CW_CAP_PUSH) != 0) {
        return &lookup_table;
    }
    return wanted == CW_EXT_PROBE ? static_cast<void const*>(&probe_table) : nullptr;
}

}  // namespace detail

// The library table of a connector of type T. `descriptor` lives as long as the library.
template <class T>
[[nodiscard]] cw_library const* library(cw_descriptor const& descriptor) noexcept {
    static cw_descriptor const* described = nullptr;
    static constexpr auto create = [](char const* id, cw_host const* host, cw_connector** out) noexcept -> cw_status {
        if (id == nullptr || std::string_view(id) != described->id) {
            return CW_ERR_NOT_FOUND;
        }
        try {
            auto at = std::make_unique<detail::Instance>();
            at->host = host;
            at->self = std::make_unique<T>();
            std::uint32_t const caps = described->caps;
            cw_connector& table = at->table;
            table.struct_size = sizeof table;
            table.desc = described;
            table.self = at.get();
            table.init = detail::init;
            table.activate = detail::activate;
            table.deactivate = detail::deactivate;
            table.destroy = detail::destroy;
            table.cancel = detail::cancel;
            table.get_extension = detail::get_extension;
            bool const webhook = (caps & CW_CAP_WEBHOOK) != 0;
            table.webhook_verify = webhook ? detail::webhook_verify : nullptr;
            table.webhook_parse = webhook ? detail::webhook_parse : nullptr;
            table.poll = (caps & CW_CAP_POLL) != 0 ? detail::poll : nullptr;
            table.map = (caps & (CW_CAP_MAP_IN | CW_CAP_MAP_OUT)) != 0 ? detail::map : nullptr;
            table.push = (caps & CW_CAP_PUSH) != 0 ? detail::push : nullptr;
            *out = &at.release()->table;
            return CW_OK;
        } catch (...) {
            return CW_ERR_NO_MEMORY;
        }
    };
    static constexpr cw_library table{
        sizeof(cw_library),
        CW_ABI_MINOR,
        0,
        0,
        "crosswalk-cpp 0.1; " __VERSION__,
        [](char const*) noexcept -> cw_status { return CW_OK; },
        []() noexcept {},
        []() noexcept -> std::uint32_t { return 1; },
        [](std::uint32_t index) noexcept -> cw_descriptor const* { return index == 0 ? described : nullptr; },
        create,
    };
    described = &descriptor;
    return &table;
}

}  // namespace crosswalk::connector

#endif
