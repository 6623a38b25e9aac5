// A worker's hooks: from the fields of a frame to the structs of connector.h, and back.
#include "plugin_host/text.hpp"
#include "plugin_host/worker/session.hpp"

#include <string_view>
#include <vector>

namespace crosswalk::plugin_host::worker {
namespace {

cw_record record(Reader& in) noexcept {
    cw_record raw{};
    raw.struct_size = sizeof raw;
    raw.schema = borrow(in.text());
    raw.key = borrow(in.text());
    raw.revision = borrow(in.text());
    raw.json = borrow(in.text());
    return raw;
}

}  // namespace

// The host asks only for what the descriptor promises; a frame for anything else finds no function.
cw_status Session::call_hook(FrameType type, cw_call* call, Reader& in, Fields& out) {
    cw_connector* const connector = connector_.load();
    if (connector == nullptr) {
        return CW_ERR_UNSUPPORTED;
    }
    switch (type) {
        case FrameType::init:
            return connector->init(connector, call);
        case FrameType::activate:
            return connector->activate(connector, call);
        case FrameType::verify:
        case FrameType::parse:
            return call_webhook(type, call, in, out);
        case FrameType::poll: {
            std::uint32_t more = 0;
            cw_poll_request request{};
            request.struct_size = sizeof request;
            request.flags = static_cast<std::uint32_t>(in.number() & 0xFFFFFFFF);
            request.event = borrow(in.text());
            request.cursor = borrow(in.text());
            request.select_json = borrow(in.text());
            request.run = borrow(in.text());
            cw_status const status =
                connector->poll == nullptr ? CW_ERR_UNSUPPORTED : connector->poll(connector, call, &request, &more);
            out.put(static_cast<std::int64_t>(more));
            return status;
        }
        case FrameType::map:
            return call_map(call, in);
        case FrameType::push:
        case FrameType::look_up:
            return call_push(type, call, in, out);
        case FrameType::sweep:
        case FrameType::fetch:
        case FrameType::diagnose:
            return call_sweep(type, call, in, out);
        default:
            return call_extension(type, call, in);
    }
}

cw_status Session::call_extension(FrameType type, cw_call* call, Reader& in) {
    cw_connector* const connector = connector_.load();
    // In the order in which the host wrote them.
    cw_str const first = borrow(in.text());
    cw_str const second = borrow(in.text());
    switch (type) {
        case FrameType::probe: {
            cw_probe const* const table = probe_.load();
            return table == nullptr ? CW_ERR_UNSUPPORTED : table->probe(connector, call);
        }
        case FrameType::oauth: {
            cw_oauth const* const table = oauth_.load();
            return table == nullptr ? CW_ERR_UNSUPPORTED : table->describe(connector, call);
        }
        case FrameType::subscribe: {
            cw_subscriptions const* const table = subscriptions_.load();
            return table == nullptr ? CW_ERR_UNSUPPORTED : table->ensure(connector, call, first, second);
        }
        case FrameType::unsubscribe: {
            cw_subscriptions const* const table = subscriptions_.load();
            return table == nullptr ? CW_ERR_UNSUPPORTED : table->remove(connector, call);
        }
        case FrameType::find: {
            cw_find const* const table = find_.load();
            return table == nullptr ? CW_ERR_UNSUPPORTED : table->find(connector, call, first, second);
        }
        default:
            return CW_ERR_UNSUPPORTED;
    }
}

cw_status Session::call_sweep(FrameType type, cw_call* call, Reader& in, Fields& out) {
    cw_connector* const connector = connector_.load();
    cw_sweep const* const table = sweep_.load();
    if (table == nullptr) {
        return CW_ERR_UNSUPPORTED;
    }
    if (type == FrameType::sweep) {
        std::uint32_t more = 0;
        cw_sweep_request request{};
        request.struct_size = sizeof request;
        request.event = borrow(in.text());
        request.from_unix_ms = in.number();
        request.to_unix_ms = in.number();
        request.cursor = borrow(in.text());
        cw_status const status = table->list(connector, call, &request, &more);
        out.put(static_cast<std::int64_t>(more));
        return status;
    }
    if (type == FrameType::diagnose) {
        cw_str const url = borrow(in.text());
        cw_str const events_json = borrow(in.text());
        return table->diagnose(connector, call, url, events_json);
    }
    cw_event listed{};
    listed.struct_size = sizeof listed;
    listed.id = borrow(in.text());
    listed.type = borrow(in.text());
    listed.subject = borrow(in.text());
    listed.title = borrow(in.text());
    listed.occurred_unix_ms = in.number();
    cw_record const raw = record(in);
    listed.record = &raw;
    return table->fetch(connector, call, &listed);
}

cw_status Session::call_webhook(FrameType type, cw_call* call, Reader& in, Fields& out) {
    cw_connector* const connector = connector_.load();
    if (connector->webhook_verify == nullptr || connector->webhook_parse == nullptr) {
        return CW_ERR_UNSUPPORTED;
    }
    cw_http_request raw{};
    raw.struct_size = sizeof raw;
    raw.method = borrow(in.text());
    raw.url = borrow(in.text());
    raw.body = borrow(in.text());
    raw.peer = borrow(in.text());
    // The host has its own limit for headers; this only keeps a wrong number from becoming memory.
    std::vector<cw_pair> headers(in.count(100'000));
    for (cw_pair& header : headers) {
        header.name = borrow(in.text());
        header.value = borrow(in.text());
    }
    raw.headers = headers.data();
    raw.header_count = headers.size();
    if (type == FrameType::parse) {
        return connector->webhook_parse(connector, call, &raw);
    }
    cw_webhook_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    cw_status const status = connector->webhook_verify(connector, call, &raw, &verdict);
    out.put(static_cast<std::int64_t>(verdict.disposition));
    return status;
}

cw_status Session::call_map(cw_call* call, Reader& in) {
    cw_connector* const connector = connector_.load();
    if (connector->map == nullptr) {
        return CW_ERR_UNSUPPORTED;
    }
    cw_map_request request{};
    request.struct_size = sizeof request;
    request.direction = static_cast<std::int32_t>(in.number());
    request.to_schema = borrow(in.text());
    cw_record const raw = record(in);
    request.in = &raw;
    return connector->map(connector, call, &request);
}

cw_status Session::call_push(FrameType type, cw_call* call, Reader& in, Fields& out) {
    cw_connector* const connector = connector_.load();
    cw_push_lookup const* const look_up = look_up_.load();
    auto* const hook = type == FrameType::push ? connector->push : look_up == nullptr ? nullptr : look_up->look_up;
    if (hook == nullptr) {
        return CW_ERR_UNSUPPORTED;
    }
    cw_push_request request{};
    request.struct_size = sizeof request;
    request.attempt = static_cast<std::uint32_t>(in.number());
    request.action = borrow(in.text());
    request.idempotency_key = borrow(in.text());
    cw_record const raw = record(in);
    request.record = &raw;
    cw_push_result answer{};
    answer.struct_size = sizeof answer;
    cw_status const status = hook(connector, call, &request, &answer);
    out.put(static_cast<std::int64_t>(answer.outcome)).put(answer.retry_after_ms);
    return status;
}

}  // namespace crosswalk::plugin_host::worker
