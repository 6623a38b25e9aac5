#include "plugin_host/remote_connector.hpp"

#include "plugin_host/host_requests.hpp"
#include "plugin_host/text.hpp"
#include "plugin_host/wire.hpp"

#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;
using std::chrono::milliseconds;

constexpr milliseconds create_time_max{10'000};
constexpr milliseconds short_time_max{2000};
constexpr std::size_t detail_bytes_max = 2000;

std::string_view view(cw_str text) noexcept {
    return {text.ptr, text.len};
}

struct Remote {
    cw_connector table{};
    cw_host const* host = nullptr;
    WorkerLink& link;
    std::string id;
};

Remote& of(cw_connector* connector) noexcept {
    return *static_cast<Remote*>(connector->self);
}

// Says why a hook has no result, and returns the status that stands for it.
cw_status without_result(Remote& at, cw_call* call, FrameType type, Fate fate) {
    cw_status status = CW_ERR_TRANSIENT;
    if (fate == Fate::overran) {
        status = CW_ERR_DEADLINE;
    } else if (fate == Fate::lost && type == FrameType::push) {
        status = CW_ERR_INTERNAL;
    }
    std::string const words = worker_words(at.id, at.link);
    return at.host->fail(at.host, call, status, -1, borrow(words), cw_str{});
}

// The first field of every hook: the time it has.
Fields hook_fields(cw_connector* connector, cw_call const* call) {
    cw_host const* const host = of(connector).host;
    return std::move(Fields().put(host->time_left_ms(host, call)));
}

// Runs a hook in the worker. `in` begins as hook_fields; `take` reads what follows the status.
template <class Take>
cw_status hook(cw_connector* connector, cw_call* call, FrameType type, Fields in, Take&& take) {
    Remote& at = of(connector);
    milliseconds const left(at.host->time_left_ms(at.host, call));
    Reply const reply = at.link.exchange(type, call, std::move(in), left, [&](std::string_view request) {
        return answer_request(*at.host, call, request);
    });
    if (reply.fate != Fate::answered) {
        return without_result(at, call, type, reply.fate);
    }
    Reader out(reply.fields);
    auto const status = static_cast<cw_status>(out.number());
    bool const threw = out.number() != 0;
    std::string_view const what = out.text();
    bool const taken = take_deferred(*at.host, call, out.text());
    if (!threw) {
        take(out);
    }
    if (!taken || !out.good()) {
        at.link.kill("it broke the protocol");
        return without_result(at, call, type, Fate::lost);
    }
    if (threw) {
        throw std::runtime_error(readable(what, detail_bytes_max));
    }
    return status;
}

cw_status plain_hook(cw_connector* connector, cw_call* call, FrameType type) {
    return hook(connector, call, type, hook_fields(connector, call), [](Reader&) {});
}

// A function of the table that has no cw_call: nothing may be asked of the host meanwhile.
Reply plain_call(Remote& at, FrameType type, Fields in, milliseconds time_max) {
    return at.link.exchange(type, nullptr, std::move(in), time_max,
                            [&](std::string_view request) { return answer_request(*at.host, nullptr, request); });
}

Fields request_fields(cw_connector* connector, cw_call const* call, cw_http_request const& request) {
    Fields in = hook_fields(connector, call);
    in.put(view(request.method)).put(view(request.url)).put(view(request.body)).put(view(request.peer));
    in.put(static_cast<std::int64_t>(request.header_count));
    for (std::size_t i = 0; i < request.header_count; ++i) {
        in.put(view(request.headers[i].name)).put(view(request.headers[i].value));
    }
    return in;
}

void put_record(Fields& in, cw_record const& record) {
    in.put(view(record.schema)).put(view(record.key)).put(view(record.revision)).put(view(record.json));
}

cw_status CW_CALL init(cw_connector* connector, cw_call* call) {
    return plain_hook(connector, call, FrameType::init);
}
cw_status CW_CALL activate(cw_connector* connector, cw_call* call) {
    return plain_hook(connector, call, FrameType::activate);
}
void CW_CALL deactivate(cw_connector* connector) {
    (void)plain_call(of(connector), FrameType::deactivate, Fields(), short_time_max);
}
void CW_CALL destroy(cw_connector* connector) {
    std::unique_ptr<Remote> const at(&of(connector));
    (void)plain_call(*at, FrameType::destroy, Fields(), short_time_max);
    // In this order: what it logged at the end is heard while the link closes.
    at->link.close();
    at->link.on_log(nullptr);
}
void CW_CALL cancel(cw_connector* connector, cw_call* call) {
    of(connector).link.cancel(call);
}
cw_status CW_CALL webhook_verify(cw_connector* connector, cw_call* call, cw_http_request const* request,
                                 cw_webhook_verdict* out) {
    return hook(connector, call, FrameType::verify, request_fields(connector, call, *request),
                [out](Reader& from) { out->disposition = static_cast<std::int32_t>(from.number()); });
}
cw_status CW_CALL webhook_parse(cw_connector* connector, cw_call* call, cw_http_request const* request) {
    return hook(connector, call, FrameType::parse, request_fields(connector, call, *request), [](Reader&) {});
}
cw_status CW_CALL poll(cw_connector* connector, cw_call* call, cw_poll_request const* request,
                       std::uint32_t* out_more) {
    Fields in = hook_fields(connector, call);
    in.put(static_cast<std::int64_t>(request->flags)).put(view(request->event)).put(view(request->cursor));
    in.put(view(request->select_json)).put(view(request->run));
    return hook(connector, call, FrameType::poll, std::move(in),
                [out_more](Reader& from) { *out_more = from.number() != 0 ? 1U : 0U; });
}
cw_status CW_CALL map(cw_connector* connector, cw_call* call, cw_map_request const* request) {
    Fields in = hook_fields(connector, call);
    in.put(request->direction).put(view(request->to_schema));
    put_record(in, *request->in);
    return hook(connector, call, FrameType::map, std::move(in), [](Reader&) {});
}
cw_status push_like(FrameType type, cw_connector* connector, cw_call* call, cw_push_request const* request,
                    cw_push_result* out) {
    Fields in = hook_fields(connector, call);
    in.put(static_cast<std::int64_t>(request->attempt)).put(view(request->action)).put(view(request->idempotency_key));
    put_record(in, *request->record);
    return hook(connector, call, type, std::move(in), [out](Reader& from) {
        out->outcome = static_cast<std::int32_t>(from.number());
        out->retry_after_ms = from.number();
    });
}
cw_status CW_CALL push(cw_connector* connector, cw_call* call, cw_push_request const* request, cw_push_result* out) {
    return push_like(FrameType::push, connector, call, request, out);
}
cw_status CW_CALL look_up(cw_connector* connector, cw_call* call, cw_push_request const* request, cw_push_result* out) {
    return push_like(FrameType::look_up, connector, call, request, out);
}
cw_status CW_CALL probe(cw_connector* connector, cw_call* call) {
    return plain_hook(connector, call, FrameType::probe);
}

cw_status CW_CALL oauth(cw_connector* connector, cw_call* call) {
    return plain_hook(connector, call, FrameType::oauth);
}
cw_status CW_CALL subscribe(cw_connector* connector, cw_call* call, cw_str url, cw_str events_json) {
    Fields in = hook_fields(connector, call);
    in.put(view(url)).put(view(events_json));
    return hook(connector, call, FrameType::subscribe, std::move(in), [](Reader&) {});
}
cw_status CW_CALL unsubscribe(cw_connector* connector, cw_call* call) {
    return plain_hook(connector, call, FrameType::unsubscribe);
}
cw_status CW_CALL find(cw_connector* connector, cw_call* call, cw_str schema, cw_str query_json) {
    Fields in = hook_fields(connector, call);
    in.put(view(schema)).put(view(query_json));
    return hook(connector, call, FrameType::find, std::move(in), [](Reader&) {});
}

cw_status CW_CALL sweep_list(cw_connector* connector, cw_call* call, cw_sweep_request const* request,
                             std::uint32_t* out_more) {
    Fields in = hook_fields(connector, call);
    in.put(view(request->event)).put(request->from_unix_ms).put(request->to_unix_ms).put(view(request->cursor));
    return hook(connector, call, FrameType::sweep, std::move(in),
                [out_more](Reader& from) { *out_more = from.number() != 0 ? 1U : 0U; });
}
cw_status CW_CALL sweep_fetch(cw_connector* connector, cw_call* call, cw_event const* listed) {
    Fields in = hook_fields(connector, call);
    in.put(view(listed->id)).put(view(listed->type)).put(view(listed->subject)).put(view(listed->title));
    in.put(listed->occurred_unix_ms);
    put_record(in, *listed->record);
    return hook(connector, call, FrameType::fetch, std::move(in), [](Reader&) {});
}
cw_status CW_CALL sweep_diagnose(cw_connector* connector, cw_call* call, cw_str url, cw_str events_json) {
    Fields in = hook_fields(connector, call);
    in.put(view(url)).put(view(events_json));
    return hook(connector, call, FrameType::diagnose, std::move(in), [](Reader&) {});
}

void const* table_of(std::string_view extension) noexcept {
    static constexpr cw_push_lookup lookup_table{sizeof(cw_push_lookup), 0, look_up};
    static constexpr cw_probe probe_table{sizeof(cw_probe), 0, probe};
    static constexpr cw_oauth oauth_table{sizeof(cw_oauth), 0, oauth};
    static constexpr cw_subscriptions subscriptions_table{sizeof(cw_subscriptions), 0, subscribe, unsubscribe};
    static constexpr cw_find find_table{sizeof(cw_find), 0, find};
    static constexpr cw_sweep sweep_table{sizeof(cw_sweep), 0, sweep_list, sweep_fetch, sweep_diagnose};
    static constexpr std::pair<std::string_view, void const*> tables[] = {
        {CW_EXT_PUSH_LOOKUP, &lookup_table},          {CW_EXT_PROBE, &probe_table}, {CW_EXT_OAUTH, &oauth_table},
        {CW_EXT_SUBSCRIPTIONS, &subscriptions_table}, {CW_EXT_FIND, &find_table},   {CW_EXT_SWEEP, &sweep_table}};
    for (auto const& [id, table] : tables) {
        if (id == extension) {
            return table;
        }
    }
    return nullptr;
}

void const* CW_CALL get_extension(cw_connector* connector, char const* id) {
    std::string_view const wanted(id);
    void const* const table = table_of(wanted);
    if (table == nullptr) {
        return nullptr;
    }
    Reply const reply =
        plain_call(of(connector), FrameType::extension, std::move(Fields().put(wanted)), short_time_max);
    return reply.fate == Fate::answered && Reader(reply.fields).number() != 0 ? table : nullptr;
}

cw_connector table_for(cw_descriptor const* descriptor) noexcept {
    cw_connector table{};
    table.struct_size = sizeof table;
    table.desc = descriptor;
    table.init = init;
    table.activate = activate;
    table.deactivate = deactivate;
    table.destroy = destroy;
    table.cancel = cancel;
    table.get_extension = get_extension;
    bool const webhooks = (descriptor->caps & CW_CAP_WEBHOOK) != 0;
    table.webhook_verify = webhooks ? webhook_verify : nullptr;
    table.webhook_parse = webhooks ? webhook_parse : nullptr;
    table.poll = (descriptor->caps & CW_CAP_POLL) != 0 ? poll : nullptr;
    table.map = (descriptor->caps & (CW_CAP_MAP_IN | CW_CAP_MAP_OUT)) != 0 ? map : nullptr;
    table.push = (descriptor->caps & CW_CAP_PUSH) != 0 ? push : nullptr;
    return table;
}

bool is_code(std::int64_t code) noexcept {
    switch (static_cast<ErrorCode>(code)) {
        case ErrorCode::unavailable:
        case ErrorCode::rate_limited:
        case ErrorCode::deadline_exceeded:
        case ErrorCode::cancelled:
        case ErrorCode::invalid_argument:
        case ErrorCode::unauthenticated:
        case ErrorCode::permission_denied:
        case ErrorCode::not_found:
        case ErrorCode::already_exists:
        case ErrorCode::failed_precondition:
        case ErrorCode::too_large:
        case ErrorCode::unsupported:
            return true;
        default:
            return false;
    }
}

}  // namespace

Error remote_error(std::int64_t code, std::string_view detail) {
    return Error{is_code(code) ? static_cast<ErrorCode>(code) : ErrorCode::internal,
                 readable(detail, detail_bytes_max)};
}

std::string worker_words(std::string_view connector, WorkerLink const& link) {
    std::string const how = link.how_it_ended();
    return "The worker process of the connector \"" + std::string(connector) + "\" ended" +
           (how.empty() ? "" : ": " + how) + ".";
}

Result<cw_connector*> make_remote(WorkerLink& link, RemoteStart const& start, cw_host const* host) {
    auto remote = std::make_unique<Remote>(Remote{table_for(start.descriptor), host, link, start.info.id});
    remote->table.self = remote.get();
    link.on_log([host](std::string_view fields) { log_line(*host, nullptr, fields); });
    Fields in;
    in.put(start.info.id).put(host->host_name).put(host->connection).put(start.settings_json);
    for (std::int32_t level = CW_LOG_DEBUG; level <= CW_LOG_ERROR; ++level) {
        in.put(static_cast<std::int64_t>(host->log_enabled(host, level)));
    }
    for (char const* const extension : host_extensions) {
        in.put(std::int64_t{host->get_extension(host, extension) != nullptr ? 1 : 0});
    }
    Reply const reply = plain_call(*remote, FrameType::create, std::move(in), create_time_max);
    if (reply.fate != Fate::answered) {
        link.on_log(nullptr);
        return Error{ErrorCode::unavailable, worker_words(start.info.id, link)};
    }
    Reader out(reply.fields);
    std::int64_t const code = out.number();
    if (code != 0 || !out.good()) {
        link.on_log(nullptr);
        return remote_error(code, out.text());
    }
    return &remote.release()->table;
}

}  // namespace crosswalk::plugin_host
