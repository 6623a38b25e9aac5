#include "lever.hpp"

#include "access/oauth.hpp"
#include "access/probe.hpp"
#include "access/subscriptions.hpp"
#include "applications/application.hpp"
#include "descriptor.hpp"
#include "events.hpp"
#include "hires/hire.hpp"
#include "postings/posting.hpp"
#include "requisitions/requisition.hpp"
#include "sweeps/sweep.hpp"
#include "webhook.hpp"
#include "writes/push.hpp"

#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;

namespace {

json::value parsed(std::string_view body, json::storage_ptr memory) {
    json::error_code error;
    json::value value = json::parse(body, error, std::move(memory));
    if (error) {
        throw Failure(CW_ERR_INVALID, "The webhook is not JSON: " + error.message() + ".");
    }
    return value;
}

}  // namespace

void Lever::init(Call& call) {
    api_ = std::make_unique<Api>(read_settings(call.config()));
}

connector::Verdict Lever::verify_webhook(Call& call, connector::WebhookRequest const& request) {
    // The vendor waits for this one: a delivery fits into the stack and nothing of it is copied.
    std::array<unsigned char, 4096> room;
    json::monotonic_resource memory(room.data(), room.size());
    json::value const body = parsed(request.body(), &memory);
    return verify(call, api_->settings(), read_delivery(body));
}

void Lever::parse_webhook(Call& call, connector::WebhookRequest const& request) {
    json::value const body = parsed(request.body(), {});
    Delivery const delivery = read_delivery(body);
    WebhookEvent const* known = event_named(delivery.event);
    if (known == nullptr || !is_id(delivery.opportunity_id)) {
        throw Failure(CW_ERR_INVALID, "The stored webhook is none that this connector accepts.");
    }
    emit_event(call, *api_, known->trigger, delivery, dedupe_key(call, delivery));
}

bool Lever::poll(Call& call, connector::PollRequest const& request) {
    if (request.event == "application.changed") {
        return poll_applications(call, *api_, request);
    }
    if (request.event == "posting.changed") {
        return poll_postings(call, *api_, request);
    }
    if (request.event == "requisition.listed") {
        return poll_requisitions(call, *api_, request);
    }
    if (request.event == "requisition.metrics") {
        return poll_metrics(call, *api_, request);
    }
    throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector does not poll for this.");
}

void Lever::find(Call& call, std::string_view schema, json::object const& query) {
    if (schema == canonical_posting) {
        find_postings(call, *api_, query);
    } else if (schema == canonical_requisition) {
        find_requisitions(call, *api_, query);
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector cannot search for this kind of record.");
    }
}

void Lever::map(Call& call, connector::MapRequest const& request) {
    if (request.direction == connector::Direction::out) {
        call.emit(map_out(call, request));
    } else if (request.schema == hire_schema && request.to_schema == canonical_hire) {
        call.emit(map_hire(call, api_->settings(), request.data));
    } else if (request.schema == application_schema && request.to_schema == canonical_application) {
        call.emit(map_application(call, api_->settings(), request.data));
    } else if (request.schema == posting_schema && request.to_schema == canonical_posting) {
        call.emit(map_posting(call, request.data));
    } else if (request.schema == requisition_schema && request.to_schema == canonical_requisition) {
        call.emit(map_requisition(call, request.data));
    } else if (request.schema == metrics_schema && request.to_schema == canonical_metrics) {
        call.emit(map_metrics(call, request.data));
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector does not map this kind of record.");
    }
}

connector::Outcome Lever::push(Call& call, connector::PushRequest const& request) {
    return lever::push(call, *api_, request);
}

connector::Outcome Lever::look_up(Call& call, connector::PushRequest const& request) {
    return lever::look_up(call, *api_, request);
}

json::object Lever::oauth(Call&) {
    return describe_oauth(api_->settings());
}

void Lever::subscribe(Call& call, std::string_view url, json::array const& events) {
    lever::subscribe(call, *api_, url, events);
}

void Lever::unsubscribe(Call& call) {
    lever::unsubscribe(call, *api_);
}

bool Lever::sweep(Call& call, connector::SweepRequest const& request) {
    return lever::sweep(call, *api_, request);
}

void Lever::fetch_swept(Call& call, connector::Event const& listed) {
    lever::fetch_swept(call, *api_, listed);
}

void Lever::diagnose(Call& call, std::string_view url, json::array const& events) {
    lever::diagnose(call, *api_, url, events);
}

void Lever::probe(Call& call) {
    lever::probe(call, *api_);
}

}  // namespace crosswalk::lever

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::lever::Lever>(crosswalk::lever::descriptor());
}
