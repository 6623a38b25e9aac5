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

#include <crosswalk/call.hpp>
#include <crosswalk/connector.h>
#include <crosswalk/values.hpp>

#include <boost/json.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

namespace crosswalk::connector {

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
    // Emits one page of events, sets the cursor behind it; true asks for another turn at once.
    [[nodiscard]] virtual bool poll(Call&, PollRequest const&) { unsupported(); }
    // Emits the mapped records; none means that the record is filtered out.
    virtual void map(Call&, MapRequest const&) { unsupported(); }
    [[nodiscard]] virtual Outcome push(Call&, PushRequest const&) { unsupported(); }
    // Did an earlier attempt take effect? delivered, duplicate, retry (no) or unknown. The host asks only a connector
    // that overrides this; of the others it repeats what the target tells apart (CW_CAP_PUSH_IDEM), or asks a person.
    [[nodiscard]] virtual Outcome look_up(Call&, PushRequest const&) { return Outcome::unknown; }
    // Failure says what is broken, Call::warn names each missing right.
    virtual void probe(Call&) { unsupported(); }
    // How the host gets tokens, as cw_oauth::describe says; an empty object: these settings need none. CW_CAP_OAUTH.
    [[nodiscard]] virtual json::object oauth(Call&) { unsupported(); }
    // Makes the vendor send `events` to `url`, and removes that again. CW_CAP_SUBSCRIBE.
    virtual void subscribe(Call&, std::string_view /*url*/, json::array const& /*events*/) { unsupported(); }
    virtual void unsubscribe(Call&) { unsupported(); }
    // Emits the canonical records of that schema that fit `query` ("id" or "text"), at most 50. CW_CAP_FIND.
    virtual void find(Call&, std::string_view /*schema*/, json::object const& /*query*/) { unsupported(); }
    // CW_CAP_SWEEP. Emits one page of what should have come by webhook, with the ids that parse_webhook gives; the
    // records may be only what fetch_swept needs. Sets the cursor; true asks for the next page.
    [[nodiscard]] virtual bool sweep(Call&, SweepRequest const&) { unsupported(); }
    // Emits what parse_webhook would have emitted for one of them.
    virtual void fetch_swept(Call&, Event const& /*listed*/) { unsupported(); }
    // Warns of each thing at the vendor that keeps webhooks of `events` from `url`; changes nothing.
    virtual void diagnose(Call&, std::string_view /*url*/, json::array const& /*events*/) { unsupported(); }

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
    bool looks_up = false;
    std::atomic<bool> initialised{false};
    std::atomic<bool> active{false};
};

// Whether a class of connectors has a look_up of its own; one that cannot be named from here is private, so it has.
template <class T>
[[nodiscard]] constexpr bool looks_up() noexcept {
    if constexpr (requires { &T::look_up; }) {
        return !std::is_same_v<decltype(&T::look_up), decltype(&Connector::look_up)>;
    } else {
        return true;
    }
}

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

inline json::object object_of(std::string_view text, std::string_view what) {
    json::value value = parse_json(text, what);
    if (!value.is_object()) {
        throw Failure(CW_ERR_INVALID, std::string(what) + " is not a JSON object.");
    }
    return std::move(value.get_object());
}
inline json::object record_object(cw_record const& record) {
    return object_of(view(record.json), "The record");
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
inline cw_status CW_CALL poll(cw_connector* connector, cw_call* call, cw_poll_request const* raw,
                              std::uint32_t* out_more) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        PollRequest const request{view(raw->event), view(raw->cursor),
                                  object_of(view(raw->select_json), "The route's selection"), view(raw->run),
                                  (raw->flags & CW_POLL_FULL) != 0};
        *out_more = self.poll(at, request) ? 1U : 0U;
    });
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

inline cw_status CW_CALL oauth(cw_connector* connector, cw_call* call) noexcept {
    return guarded(connector, call, false, [](Connector& self, Call& at) {
        if (json::object const description = self.oauth(at); !description.empty()) {
            at.emit(Record{"crosswalk.oauth/1", {}, description});
        }
    });
}
inline json::array event_names(cw_str events) {
    json::value names = parse_json(view(events), "The list of events");
    if (!names.is_array()) {
        throw Failure(CW_ERR_INVALID, "The list of events is not a JSON array.");
    }
    return std::move(names.get_array());
}
inline cw_status CW_CALL subscribe(cw_connector* connector, cw_call* call, cw_str url, cw_str events) noexcept {
    return guarded(connector, call, true,
                   [&](Connector& self, Call& at) { self.subscribe(at, view(url), event_names(events)); });
}
inline cw_status CW_CALL unsubscribe(cw_connector* connector, cw_call* call) noexcept {
    return guarded(connector, call, true, [](Connector& self, Call& at) { self.unsubscribe(at); });
}
inline cw_status CW_CALL find(cw_connector* connector, cw_call* call, cw_str schema, cw_str query) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        self.find(at, view(schema), object_of(view(query), "The query"));
    });
}
inline cw_status CW_CALL sweep_list(cw_connector* connector, cw_call* call, cw_sweep_request const* raw,
                                    std::uint32_t* out_more) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        SweepRequest const request{view(raw->event), raw->from_unix_ms, raw->to_unix_ms, view(raw->cursor)};
        *out_more = self.sweep(at, request) ? 1U : 0U;
    });
}
inline cw_status CW_CALL sweep_fetch(cw_connector* connector, cw_call* call, cw_event const* raw) noexcept {
    return guarded(connector, call, true, [&](Connector& self, Call& at) {
        Event listed;
        listed.id = view(raw->id);
        listed.type = view(raw->type);
        listed.subject = view(raw->subject);
        listed.title = view(raw->title);
        listed.occurred_unix_ms = raw->occurred_unix_ms;
        listed.record = {std::string(view(raw->record->schema)), std::string(view(raw->record->key)),
                         record_object(*raw->record)};
        self.fetch_swept(at, listed);
    });
}
inline cw_status CW_CALL sweep_diagnose(cw_connector* connector, cw_call* call, cw_str url, cw_str events) noexcept {
    return guarded(connector, call, true,
                   [&](Connector& self, Call& at) { self.diagnose(at, view(url), event_names(events)); });
}

inline void const* CW_CALL get_extension(cw_connector* connector, char const* id) noexcept {
    static constexpr cw_push_lookup lookup_table{sizeof(cw_push_lookup), 0, look_up};
    static constexpr cw_probe probe_table{sizeof(cw_probe), 0, probe};
    static constexpr cw_oauth oauth_table{sizeof(cw_oauth), 0, oauth};
    static constexpr cw_subscriptions subscriptions_table{sizeof(cw_subscriptions), 0, subscribe, unsubscribe};
    static constexpr cw_find find_table{sizeof(cw_find), 0, find};
    static constexpr cw_sweep sweep_table{sizeof(cw_sweep), 0, sweep_list, sweep_fetch, sweep_diagnose};
    struct Offer {
        std::string_view id;
        std::uint32_t cap;  // 0: always there
        void const* table;
    };
    static constexpr Offer offers[] = {{CW_EXT_PUSH_LOOKUP, CW_CAP_PUSH, &lookup_table},
                                       {CW_EXT_PROBE, 0, &probe_table},
                                       {CW_EXT_OAUTH, CW_CAP_OAUTH, &oauth_table},
                                       {CW_EXT_SUBSCRIPTIONS, CW_CAP_SUBSCRIBE, &subscriptions_table},
                                       {CW_EXT_FIND, CW_CAP_FIND, &find_table},
                                       {CW_EXT_SWEEP, CW_CAP_SWEEP, &sweep_table}};
    std::string_view const wanted = id == nullptr ? std::string_view{} : std::string_view{id};
    for (Offer const& offer : offers) {
        if (wanted == offer.id && (connector->desc->caps & offer.cap) == offer.cap) {
            return offer.table == &lookup_table && !instance(connector).looks_up ? nullptr : offer.table;
        }
    }
    return nullptr;
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
            at->looks_up = detail::looks_up<T>();
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
