#include "charthop.hpp"

#include "charthop_data.hpp"
#include "hire.hpp"
#include "mapping.hpp"
#include "probe.hpp"
#include "requisitions.hpp"
#include "sweep.hpp"
#include "upsert.hpp"

namespace crosswalk::charthop {
namespace {

constexpr char canonical_requisition[] = "crosswalk.requisition/1";

constexpr cw_trigger changed{sizeof(cw_trigger),
                             CW_TRIGGER_WEBHOOK | CW_TRIGGER_SWEEP,
                             changed_trigger,
                             "An open job was changed",
                             job_schema,
                             canonical_requisition,
                             nullptr};
constexpr cw_trigger listed{sizeof(cw_trigger), CW_TRIGGER_POLL,       listed_trigger, "Every open job",
                            job_schema,         canonical_requisition, nullptr};
constexpr cw_trigger const* triggers[] = {&changed, &listed, nullptr};

constexpr cw_action new_hire{sizeof(cw_action),  0,
                             "create_new_hire",  "Create a person and hire them into a job",
                             "crosswalk.hire/1", hire_schema};
constexpr cw_action job{sizeof(cw_action), 0, "upsert_job", "Create or change a job", canonical_requisition,
                        job_update_schema};
constexpr cw_action metrics{sizeof(cw_action),
                            0,
                            "update_job_metrics",
                            "Write the numbers of candidates into a job's fields",
                            "crosswalk.requisition_metrics/1",
                            job_metrics_schema};
constexpr cw_action const* actions[] = {&new_hire, &job, &metrics, nullptr};
constexpr char const* secrets[] = {"/api_token", nullptr};
constexpr char const* egress[] = {"api.charthop.com", "setting:/base_url", nullptr};

// ChartHop publishes no limit; five a second is ours.
constexpr cw_descriptor descriptor{sizeof(cw_descriptor),
                                   CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH |
                                       CW_CAP_PARALLEL | CW_CAP_FIND | CW_CAP_SWEEP,
                                   "charthop",
                                   "ChartHop",
                                   "Crosswalk",
                                   "0.1.0",
                                   "https://docs.charthop.com",
                                   settings_schema,
                                   triggers,
                                   actions,
                                   secrets,
                                   egress,
                                   5,
                                   5};

[[noreturn]] void refuse(std::string_view what, std::string_view name) {
    throw Failure(CW_ERR_UNSUPPORTED, "ChartHop has no " + std::string(what) + " " + std::string(name) + ".");
}

}  // namespace

void ChartHop::init(Call& call) {
    settings_ = Settings::load(call.config());
    if (!settings_.warning.empty()) {
        call.warn("/requisitions/reconciliation", settings_.warning);
        call.log(CW_LOG_WARN, "Two options of the requisition flow contradict each other.",
                 {{"detail", settings_.warning}});
    }
}

connector::Verdict ChartHop::verify_webhook(Call& call, connector::WebhookRequest const& request) {
    return verify(call, settings_, request);
}

void ChartHop::parse_webhook(Call& call, connector::WebhookRequest const& request) {
    parse(Api(call, settings_), people_, request);
}

bool ChartHop::poll(Call& call, connector::PollRequest const& request) {
    if (request.event != listed_trigger) {
        refuse("polled event", request.event);
    }
    return charthop::poll(Api(call, settings_), people_, request);
}

void ChartHop::map(Call& call, connector::MapRequest const& request) {
    json::value const data(request.data);
    bool const out = request.direction == connector::Direction::out;
    if (!out && request.schema == job_schema && request.to_schema == canonical_requisition) {
        call.emit(map_job(call, settings_, data));
    } else if (out && request.to_schema == hire_schema) {
        call.emit(map_hire(call, data));
    } else if (out && request.to_schema == job_update_schema) {
        call.emit(map_requisition(call, settings_, data));
    } else if (out && request.to_schema == job_metrics_schema) {
        call.emit(map_metrics(data));
    } else {
        refuse("mapping to", request.to_schema);
    }
}

connector::Outcome ChartHop::push(Call& call, connector::PushRequest const& request) {
    Api const api(call, settings_);
    if (request.action == new_hire.name) {
        return create_new_hire(api, people_, request);
    }
    if (request.action == job.name) {
        return upsert_job(api, people_, request);
    }
    if (request.action == metrics.name) {
        return update_job_metrics(api, request);
    }
    refuse("action", request.action);
}

connector::Outcome ChartHop::look_up(Call& call, connector::PushRequest const& request) {
    Api const api(call, settings_);
    if (request.action == new_hire.name) {
        return look_up_new_hire(api, request);
    }
    if (request.action == job.name) {
        return look_up_job(api, request);
    }
    // Numbers are compared before they are written, so it may be pushed again.
    return connector::Outcome::retry;
}

void ChartHop::probe(Call& call) {
    charthop::probe(Api(call, settings_));
}

void ChartHop::find(Call& call, std::string_view schema, json::object const& query) {
    if (schema != canonical_requisition) {
        refuse("search for", schema);
    }
    find_requisitions(Api(call, settings_), people_, query);
}

bool ChartHop::sweep(Call& call, connector::SweepRequest const& request) {
    return charthop::sweep(Api(call, settings_), request);
}

void ChartHop::fetch_swept(Call& call, connector::Event const& event) {
    charthop::fetch_swept(Api(call, settings_), people_, event);
}

void ChartHop::diagnose(Call& call, std::string_view, json::array const&) {
    charthop::diagnose(Api(call, settings_));
}

}  // namespace crosswalk::charthop

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::charthop::ChartHop>(crosswalk::charthop::descriptor);
}
