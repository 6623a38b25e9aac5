#include "admin/views.hpp"

#include <boost/json.hpp>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

json::object view(store::AttemptView const& attempt) {
    json::object out{{"number", attempt.number},
                     {"kind", attempt.look_up ? "look-up" : "push"},
                     {"started_at", model::to_rfc3339(attempt.started_at)},
                     {"outcome", attempt.outcome},
                     {"reason", attempt.reason}};
    if (attempt.ended_at) {
        out["ended_at"] = model::to_rfc3339(*attempt.ended_at);
    }
    if (!attempt.remote_request.empty()) {
        out["remote_request"] = attempt.remote_request;
    }
    return out;
}

}  // namespace

json::array view(std::vector<model::FieldProblem> const& problems) {
    json::array out;
    for (model::FieldProblem const& problem : problems) {
        out.push_back(json::object{{"field", problem.field}, {"reason", problem.reason}});
    }
    return out;
}

json::array view(std::vector<store::FieldSource> const& sources) {
    json::array out;
    for (store::FieldSource const& source : sources) {
        out.push_back(json::object{{"field", source.field}, {"source", source.source}});
    }
    return out;
}

json::value parsed(std::string const& text) {
    json::error_code error;
    json::value value = json::parse(text, error);
    return error ? json::value(text) : value;
}

std::string_view kind_name(store::DeliveryKind kind) noexcept {
    switch (kind) {
        case store::DeliveryKind::feedback:
            return "feedback";
        case store::DeliveryKind::notice:
            return "notice";
        case store::DeliveryKind::delivery:
            break;
    }
    return "delivery";
}

json::object view(store::EventSummary const& summary) {
    json::array routes;
    for (store::EventSummary::RouteOutcome const& outcome : summary.routes) {
        routes.push_back(json::object{{"delivery", outcome.delivery},
                                      {"route", outcome.route},
                                      {"state", outcome.state},
                                      {"reason", outcome.reason}});
    }
    json::object out{{"id", summary.id},           {"connection", summary.connection},
                     {"type", summary.type},       {"subject", summary.subject},
                     {"title", summary.title},     {"received_at", model::to_rfc3339(summary.received_at)},
                     {"state", summary.state},     {"reason", summary.reason},
                     {"routes", std::move(routes)}};
    if (summary.swept) {
        out["found_by"] = "sweep";
    }
    if (summary.replay_of != 0) {
        out["replay_of"] = summary.replay_of;
    }
    return out;
}

json::object view(store::DeliveryView const& delivery) {
    json::array attempts;
    for (store::AttemptView const& attempt : delivery.attempts) {
        attempts.push_back(view(attempt));
    }
    json::object out{{"id", delivery.delivery.id},
                     {"kind", kind_name(delivery.delivery.kind)},
                     {"route", delivery.delivery.route},
                     {"connection", delivery.delivery.connection},
                     {"action", delivery.delivery.action},
                     {"subject", delivery.delivery.subject},
                     {"state", store::name(delivery.state)},
                     {"reason", delivery.reason},
                     {"fields", view(delivery.fields)},
                     {"warnings", view(delivery.delivery.warnings)},
                     {"sources", view(delivery.sources)},
                     {"schema", delivery.delivery.record.schema},
                     {"record", parsed(delivery.delivery.record.json)},
                     {"idempotency_key", delivery.delivery.idempotency_key},
                     {"target_key", delivery.target_key},
                     {"target_url", delivery.target_url},
                     {"created_at", model::to_rfc3339(delivery.created_at)},
                     {"attempts", std::move(attempts)}};
    if (delivery.due_at) {
        out["due_at"] = model::to_rfc3339(*delivery.due_at);
    }
    if (delivery.delivery.about != 0) {
        out["about"] = delivery.delivery.about;
    }
    return out;
}

json::object view(store::EventView const& event) {
    json::object out = view(event.summary);
    json::array events;
    for (model::Event const& found : event.events) {
        events.push_back(json::object{{"id", found.id},
                                      {"type", found.type},
                                      {"subject", found.subject},
                                      {"title", found.title},
                                      {"schema", found.record.schema},
                                      {"record", parsed(found.record.json)}});
    }
    json::array deliveries;
    for (store::DeliveryView const& delivery : event.deliveries) {
        deliveries.push_back(view(delivery));
    }
    out["events"] = std::move(events);
    out["deliveries"] = std::move(deliveries);
    return out;
}

json::object view(store::Conservation const& counted) {
    return {{"received", counted.received},      {"held", counted.held},           {"filtered", counted.filtered},
            {"delivered", counted.delivered},    {"duplicate", counted.duplicate}, {"unchanged", counted.unchanged},
            {"skipped", counted.skipped},        {"dead", counted.dead},           {"discarded", counted.discarded},
            {"difference", counted.difference()}};
}

}  // namespace crosswalk::admin
