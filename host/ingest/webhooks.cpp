#include "ingest/webhooks.hpp"

#include <utility>

namespace crosswalk::ingest {
namespace {

constexpr std::string_view prefix = "/hooks/";

struct Address {
    std::string_view connection;
    std::string_view key;
    bool valid = false;
};

Address parse_address(std::string_view path) {
    if (!path.starts_with(prefix)) {
        return {};
    }
    path.remove_prefix(prefix.size());
    std::size_t const slash = path.find('/');
    if (slash == std::string_view::npos) {
        return {path, {}, !path.empty()};
    }
    std::string_view const key = path.substr(slash + 1);
    return {path.substr(0, slash), key, slash > 0 && !key.empty() && key.find('/') == std::string_view::npos};
}

// Credentials that came along are not needed to parse the event later.
bool is_kept(std::string_view header) noexcept {
    return header != "authorization" && header != "cookie";
}

store::RawRequest keep(http::Request const& request) {
    store::RawRequest raw{request.method, request.target, {}, request.body};
    for (auto const& header : request.headers) {
        if (is_kept(header.first)) {
            raw.headers.push_back(header);
        }
    }
    return raw;
}

http::Response ok(std::string body) {
    return {200, "application/json", std::move(body), {}};
}

}  // namespace

Webhooks::Webhooks(std::vector<Source> sources, WebhookOptions options, AskGate gate, OnStored on_stored,
                   store::Inbox& inbox, store::State& state, model::Clock const& clock, telemetry::Logger& logger,
                   telemetry::Metrics& metrics)
    : options_(options),
      gate_(std::move(gate)),
      on_stored_(std::move(on_stored)),
      inbox_(inbox),
      state_(state),
      clock_(clock),
      logger_(logger),
      counters_{metrics.counter("crosswalk_ingest_webhooks_total", "Webhooks by what became of them.",
                                {{"result", "accepted"}}),
                metrics.counter("crosswalk_ingest_webhooks_total", "Webhooks by what became of them.",
                                {{"result", "duplicate"}}),
                metrics.counter("crosswalk_ingest_webhooks_total", "Webhooks by what became of them.",
                                {{"result", "ignored"}}),
                metrics.counter("crosswalk_ingest_webhooks_total", "Webhooks by what became of them.",
                                {{"result", "tested"}}),
                metrics.counter("crosswalk_ingest_webhooks_total", "Webhooks by what became of them.",
                                {{"result", "refused"}}),
                metrics.counter("crosswalk_ingest_webhooks_total", "Webhooks by what became of them.",
                                {{"result", "unavailable"}})} {
    for (Source& source : sources) {
        std::string name = source.connection;
        sources_.emplace(std::move(name), std::move(source));
    }
}

void Webhooks::handle(http::Request const& request, http::Answer const& answer) {
    Address const address = parse_address(request.path());
    auto const found = address.valid ? sources_.find(std::string(address.connection)) : sources_.end();
    if (found == sources_.end() || !found->second.path_key.matches(address.key)) {
        return answer(
            refuse(404, "No webhook is expected at this address. Copy it again from `crosswalk connections list`."));
    }
    if (request.method != "POST") {
        http::Response response = refuse(405, "Webhooks are sent with POST.");
        response.headers.emplace_back("Allow", "POST");
        return answer(std::move(response));
    }
    if (auto now = receive(found->second, request, answer)) {
        answer(std::move(*now));
    }
}

Webhooks::Now Webhooks::receive(Source const& source, http::Request const& request, http::Answer const& answer) {
    auto const state = state_.connection(source.connection);
    if (state && state->access == store::Access::removed) {
        return refuse(410, "This connection is disconnected and takes no webhooks. Remove the webhook at the vendor.");
    }
    if (source.connector == nullptr) {
        return refuse(503, "The connector of this connection is not loaded.");
    }
    plugin_host::HttpRequestView const view{request.method, request.target, request.headers, request.body,
                                            request.peer};
    auto verdict = source.connector->verify_webhook(view, options_.verify_time_max);
    if (!verdict) {
        switch (verdict.error().code) {
            case model::ErrorCode::unauthenticated:
                return refuse(401, "The signature of this webhook is missing or wrong, or it is too old.");
            case model::ErrorCode::invalid_argument:
            case model::ErrorCode::too_large:
                return refuse(400, "The body is not a webhook that this connection understands.");
            default:
                logger_.warn("A webhook could not be verified.", {{"connection", source.connection},
                                                                  {"error_code", model::name(verdict.error().code)},
                                                                  {"detail", verdict.error().detail}});
                return refuse(503, "The webhook could not be verified now. Send it again later.");
        }
    }
    switch (verdict->disposition) {
        case plugin_host::Disposition::test:
            return answer_test(source, verdict->event_type);
        case plugin_host::Disposition::accept:
            return take(source, request, std::move(*verdict), answer);
        case plugin_host::Disposition::ignore:
            break;
    }
    counters_.ignored.add();
    return ok(R"({"status":"ignored"})");
}

// A vendor's "verify connection" succeeds only while the route runs, so that its green tick means that hires flow.
http::Response Webhooks::answer_test(Source const& source, std::string const& event_type) {
    if (choose(source.connection, event_type).gate != Gate::open) {
        return refuse(409, "No running route takes this event. Start the route, then verify again.");
    }
    counters_.tested.add();
    if (auto const marked = state_.mark_verified(source.connection, clock_.now()); !marked) {
        logger_.warn("The time of a webhook test was not stored.",
                     {{"connection", source.connection}, {"detail", marked.error().detail}});
    }
    return ok(R"({"status":"verified"})");
}

Webhooks::Choice Webhooks::choose(std::string_view connection, std::string_view event_types) const {
    std::string_view const first = event_types.substr(0, event_types.find(' '));
    Choice choice{std::string(first), gate_(connection, first)};
    while (choice.gate != Gate::open && event_types.find(' ') != std::string_view::npos) {
        event_types.remove_prefix(event_types.find(' ') + 1);
        std::string_view const next = event_types.substr(0, event_types.find(' '));
        Gate const gate = gate_(connection, next);
        if (gate == Gate::open || (gate == Gate::stopped && choice.gate == Gate::unwanted)) {
            choice = {std::string(next), gate};
        }
    }
    return choice;
}

Webhooks::Now Webhooks::take(Source const& source, http::Request const& request, plugin_host::WebhookVerdict verdict,
                             http::Answer const& answer) {
    Choice choice = choose(source.connection, verdict.event_type);
    switch (choice.gate) {
        case Gate::unwanted:
            counters_.ignored.add();
            return ok(R"({"status":"ignored"})");
        case Gate::stopped:
            return refuse(409, "The route is stopped and takes no events.");
        case Gate::open:
            break;
    }
    auto const pending = inbox_.pending();
    if (pending && *pending >= static_cast<std::int64_t>(options_.inbox_pending_max)) {
        return put_off(429, "The inbox is full. Send it again later.", "30");
    }
    if (inbox_.is_full()) {
        return put_off(503, "The store is full. Send it again later.", "30");
    }
    store::Accepted item;
    item.connection = source.connection;
    item.event_type = std::move(choice.event_type);
    item.dedupe_key = std::move(verdict.dedupe_key);
    item.raw = keep(request);
    inbox_.accept(std::move(item), [this, &source, answer](model::Result<store::Verdict> const& stored) {
        answer(report(source, stored));
    });
    return std::nullopt;
}

http::Response Webhooks::report(Source const& source, model::Result<store::Verdict> const& stored) {
    if (!stored) {
        bool const full = stored.error().code == model::ErrorCode::rate_limited;
        return full ? put_off(429, "The host is busy. Send it again later.", "5")
                    : put_off(503, "The event could not be stored. Send it again later.", "30");
    }
    std::string const id = std::to_string(stored->id);
    if (stored->duplicate) {
        counters_.duplicate.add();
        return ok(R"({"status":"duplicate","event":)" + id + "}");
    }
    counters_.accepted.add();
    on_stored_(source.connection);
    return ok(R"({"status":"accepted","event":)" + id + "}");
}

http::Response Webhooks::refuse(int status, std::string_view detail) {
    (status == 429 || status >= 500 ? counters_.unavailable : counters_.refused).add();
    return http::problem(status, detail);
}

http::Response Webhooks::put_off(int status, std::string_view detail, char const* seconds) {
    http::Response response = refuse(status, detail);
    // Instead of the short one that any problem of this status comes with: of two a sender obeys the first.
    std::erase_if(response.headers, [](auto const& header) { return header.first == "Retry-After"; });
    response.headers.emplace_back("Retry-After", seconds);
    return response;
}

}  // namespace crosswalk::ingest
