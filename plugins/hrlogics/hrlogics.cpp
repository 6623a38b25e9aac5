#include "hrlogics.hpp"

#include "applicant.hpp"
#include "callback.hpp"
#include "hrlogics_data.hpp"
#include "mapping.hpp"
#include "screening.hpp"
#include "subscription.hpp"

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Failure;

void Hrlogics::init(Call& call) {
    api_ = std::make_unique<Api>(read_settings(call.config()));
}

connector::Verdict Hrlogics::verify_webhook(Call& call, connector::WebhookRequest const& request) {
    return verify(call, api_->settings(), request);
}

void Hrlogics::parse_webhook(Call& call, connector::WebhookRequest const& request) {
    parse_callback(call, *api_, request);
}

bool Hrlogics::poll(Call& call, connector::PollRequest const& request) {
    return poll_changes(call, *api_, request);
}

void Hrlogics::map(Call& call, connector::MapRequest const& request) {
    bool const in = request.direction == connector::Direction::in;
    if (in && request.schema == result_schema) {
        call.emit(map_result(call, request.data));
    } else if (in && request.schema == decision_schema) {
        call.emit(map_decision(call, api_->settings(), request.data));
    } else if (!in && request.to_schema == applicant_schema) {
        call.emit(map_applicant(call, api_->settings(), request.data));
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "HRLogics' connector does not map this kind of record.");
    }
}

connector::Outcome Hrlogics::push(Call& call, connector::PushRequest const& request) {
    return create_applicant(call, *api_, request);
}

connector::Outcome Hrlogics::look_up(Call& call, connector::PushRequest const& request) {
    return look_up_applicant(call, *api_, request);
}

void Hrlogics::probe(Call& call) {
    if (!api_->read(call, "ping", {})) {
        throw Failure(CW_ERR_CONFIG, "HRLogics found nothing (404): check /base_url and /paths/ping.");
    }
}

json::object Hrlogics::oauth(Call&) {
    return api_->settings().oauth_description;
}

void Hrlogics::subscribe(Call& call, std::string_view url, json::array const&) {
    register_callback(call, *api_, url);
}

void Hrlogics::unsubscribe(Call& call) {
    remove_callback(call, *api_);
}

namespace {

constexpr cw_trigger completed{sizeof(cw_trigger),
                               CW_TRIGGER_WEBHOOK | CW_TRIGGER_POLL,
                               "screening.completed",
                               "A screening has a result",
                               "hrlogics.screening/1",
                               "crosswalk.screening_result/1",
                               nullptr};
constexpr cw_trigger decided{sizeof(cw_trigger),
                             CW_TRIGGER_WEBHOOK | CW_TRIGGER_POLL,
                             "screening.decided",
                             "An applicant is pre-qualified or not qualified",
                             "hrlogics.decision/1",
                             "crosswalk.tag/1",
                             nullptr};
constexpr cw_trigger const* triggers[] = {&completed, &decided, nullptr};

constexpr cw_action create{sizeof(cw_action),         0,
                           "create_applicant",        "Send the applicant a screening survey",
                           "crosswalk.application/1", "hrlogics.applicant/1"};
constexpr cw_action const* actions[] = {&create, nullptr};

constexpr char const* secrets[] = {"/auth/api_token", "/auth/client_secret", "/webhook_secret",
                                   "/previous_webhook_secret", nullptr};
constexpr char const* egress[] = {"setting:/base_url", "setting:/auth/token_url", nullptr};

// HRLogics states no limit; five a second is the contract's own.
constexpr cw_descriptor descriptor{sizeof(cw_descriptor),
                                   CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH |
                                       CW_CAP_PARALLEL | CW_CAP_OAUTH | CW_CAP_SUBSCRIBE,
                                   "hrlogics",
                                   "HRLogics",
                                   "Crosswalk",
                                   "0.1.0",
                                   "https://www.hrlogics.com",
                                   settings_schema,
                                   triggers,
                                   actions,
                                   secrets,
                                   egress,
                                   5,
                                   5};

}  // namespace
}  // namespace crosswalk::hrlogics

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::hrlogics::Hrlogics>(crosswalk::hrlogics::descriptor);
}
