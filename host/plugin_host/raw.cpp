#include "plugin_host/raw.hpp"

#include "plugin_host/text.hpp"

#include <algorithm>

namespace crosswalk::plugin_host {

RawRequest::RawRequest(HttpRequestView const& from) : raw_(sized<cw_http_request>()) {
    headers_.reserve(from.headers.size());
    for (auto const& [header, value] : from.headers) {
        headers_.push_back({borrow(header), borrow(value)});
    }
    raw_.method = borrow(from.method);
    raw_.url = borrow(from.target);
    raw_.headers = headers_.data();
    raw_.header_count = headers_.size();
    raw_.body = borrow(from.body);
    raw_.peer = borrow(from.peer);
}

cw_record raw_record(model::Record const& record) noexcept {
    auto raw = sized<cw_record>();
    raw.schema = borrow(record.schema);
    raw.key = borrow(record.key);
    raw.json = borrow(record.json);
    return raw;
}

cw_event raw_event(model::Event const& event, cw_record const& record) noexcept {
    auto raw = sized<cw_event>();
    raw.id = borrow(event.id);
    raw.type = borrow(event.type);
    raw.subject = borrow(event.subject);
    raw.title = borrow(event.title);
    raw.occurred_unix_ms = event.occurred_unix_ms;
    raw.record = &record;
    return raw;
}

cw_poll_request raw_poll(PollRequest const& request) noexcept {
    auto raw = sized<cw_poll_request>();
    raw.flags = request.full ? CW_POLL_FULL : 0U;
    raw.event = borrow(request.event);
    raw.cursor = borrow(request.cursor);
    raw.select_json = borrow(request.select_json);
    raw.run = borrow(request.run);
    return raw;
}

cw_sweep_request raw_sweep(SweepRequest const& request) noexcept {
    auto raw = sized<cw_sweep_request>();
    raw.event = borrow(request.event);
    raw.from_unix_ms = request.from_unix_ms;
    raw.to_unix_ms = request.to_unix_ms;
    raw.cursor = borrow(request.cursor);
    return raw;
}

cw_map_request raw_map(std::int32_t direction, cw_record const& in, std::string_view to_schema) noexcept {
    auto raw = sized<cw_map_request>();
    raw.direction = direction;
    raw.to_schema = borrow(to_schema);
    raw.in = &in;
    return raw;
}

cw_push_request raw_push(std::string_view action, std::string_view idempotency_key, int attempt,
                         cw_record const& record) noexcept {
    auto raw = sized<cw_push_request>();
    raw.attempt = static_cast<std::uint32_t>(std::max(attempt, 1));
    raw.action = borrow(action);
    raw.idempotency_key = borrow(idempotency_key);
    raw.record = &record;
    return raw;
}

}  // namespace crosswalk::plugin_host
