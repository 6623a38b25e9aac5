#include "plugin_host/instance.hpp"

#include "plugin_host/descriptor.hpp"
#include "plugin_host/extension.hpp"
#include "plugin_host/oauth_description.hpp"
#include "plugin_host/raw.hpp"
#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace crosswalk::plugin_host {
namespace {

using model::AttemptReport;
using model::Error;
using model::ErrorCode;
using model::Outcome;
using model::Result;
using std::chrono::milliseconds;

constexpr milliseconds init_time_max{2000};
constexpr milliseconds activate_time_max{30'000};
constexpr std::size_t found_max = 50;

// Codes that connector.h does not know count as CW_ERR_INTERNAL.
cw_status known(cw_status status) noexcept {
    return status <= CW_OK && status >= CW_ERR_CONFLICT ? status : CW_ERR_INTERNAL;
}

bool takes_turns(Phase phase, bool parallel) noexcept {
    bool const may_run_beside = phase == Phase::verify || phase == Phase::parse || phase == Phase::map ||
                                phase == Phase::push || phase == Phase::look_up || phase == Phase::fetch;
    return !parallel || !may_run_beside;
}

// The report of a push or look-up whose hook never ran.
AttemptReport not_run(Error const& error, Outcome outcome) {
    AttemptReport report;
    report.outcome = outcome;
    report.reason = error.detail;
    report.error_code = error.code;
    return report;
}

class Seat {
public:
    explicit Seat(Turn* turn) noexcept : turn_(turn) {}
    Seat(Seat const&) = delete;
    Seat& operator=(Seat const&) = delete;
    ~Seat() {
        if (turn_ != nullptr) {
            turn_->give_back();
        }
    }

private:
    Turn* turn_;
};

}  // namespace

Instance::Instance(ConnectorInfo const& info, Services services, std::vector<std::string> egress)
    : info_(info), services_(info_, std::move(services), std::move(egress)) {}

Instance::~Instance() {
    cancel();
    if (connector_ == nullptr) {
        return;
    }
    if (active_) {
        (void)contained(Phase::activate, [this] { connector_->deactivate(connector_); });
    }
    (void)contained(Phase::init, [this] { connector_->destroy(connector_); });
}

// Runs code of the connector; false when something was thrown, which is logged.
template <class Work>
bool Instance::contained(Phase phase, Work&& work) noexcept {
    try {
        work();
        return true;
    } catch (std::exception const& error) {
        services_.report(telemetry::Level::error, "A connector threw across the boundary.", phase, error.what());
    } catch (...) {
        services_.report(telemetry::Level::error, "A connector threw across the boundary.", phase,
                         "no exception class");
    }
    return false;
}

template <class Hook>
Result<cw_status> Instance::run(Call& call, milliseconds time_max, Hook&& hook) {
    if (time_max <= milliseconds(0)) {
        return Error{ErrorCode::deadline_exceeded, "There was no time left to call the connector."};
    }
    auto const deadline = services_.clock().steady_now() + time_max;
    bool const turn = takes_turns(call.phase, has(CW_CAP_PARALLEL));
    if (turn) {
        if (auto const taken = turn_.take(time_max, services_.calls()); !taken) {
            return taken.error();
        }
    }
    Seat const seat(turn ? &turn_ : nullptr);
    Result<CallTable::Ticket> ticket = services_.calls().open(call, deadline);
    if (!ticket) {
        return ticket.error();
    }
    cw_status status = CW_ERR_INTERNAL;
    if (!contained(call.phase, [&] { status = known(hook(ticket->handle())); })) {
        call.failure =
            Failure{CW_ERR_INTERNAL, -1, "The connector \"" + info_.id + "\" threw an exception, which it must not."};
        return CW_ERR_INTERNAL;
    }
    return status;
}

template <class Hook>
Result<void> Instance::run_for_data(Call& call, milliseconds time_max, Hook&& hook) {
    Result<cw_status> const status = run(call, time_max, std::forward<Hook>(hook));
    if (!status) {
        return status.error();
    }
    if (*status != CW_OK) {
        return to_error(info_.id, call, *status);
    }
    if (!call.refused.empty()) {
        Error error{ErrorCode::internal,
                    "The connector \"" + info_.id + "\" gave output that the host refuses: " + call.refused + "."};
        services_.report(telemetry::Level::error, "A connector's output was refused.", call.phase, call.refused);
        return error;
    }
    return {};
}

Error Instance::unsupported(std::string_view what) const {
    return Error{ErrorCode::unsupported, "The connector \"" + info_.id + "\" does not " + std::string(what) + "."};
}

Result<std::unique_ptr<Instance>> Instance::make(ConnectorInfo const& info, cw_descriptor const* descriptor,
                                                 Services services, Create const& create) {
    auto egress = egress_hosts(info.egress, services.settings);
    if (!egress) {
        return egress.error();
    }
    auto instance = std::make_unique<Instance>(info, std::move(services), std::move(*egress));
    cw_status status = CW_ERR_INTERNAL;
    cw_connector* made = nullptr;
    bool const returned =
        instance->contained(Phase::init, [&] { status = create(instance->services_.table(), &made); });
    if (!returned || status != CW_OK) {
        return Error{to_error_code(known(status)),
                     "The connector \"" + info.id + "\" could not be created (status " + std::to_string(status) + ")."};
    }
    if (auto const sound = check_instance(info, descriptor, made); !sound) {
        if (CW_HAS(cw_connector, made, destroy) && made->destroy != nullptr) {
            (void)instance->contained(Phase::init, [made] { made->destroy(made); });
        }
        return sound.error();
    }
    instance->connector_ = made;
    return instance;
}

Result<std::unique_ptr<Connector>> Instance::start(ConnectorInfo const& info, cw_descriptor const* descriptor,
                                                   Services services, Create const& create) {
    auto instance = make(info, descriptor, std::move(services), create);
    if (!instance) {
        return instance.error();
    }
    // On failure the destructor destroys what was created.
    for (auto const step : {&Instance::init, &Instance::activate, &Instance::take_extensions}) {
        if (auto const done = ((**instance).*step)(); !done) {
            return done.error();
        }
    }
    return std::unique_ptr<Connector>(std::move(*instance));
}

Result<void> Instance::try_init(ConnectorInfo const& info, cw_descriptor const* descriptor, Services services,
                                Create const& create) {
    auto instance = make(info, descriptor, std::move(services), create);
    return instance ? (*instance)->init() : Result<void>(instance.error());
}

Result<void> Instance::init() {
    Call call{Phase::init};
    return run_for_data(call, init_time_max, [this](cw_call* at) { return connector_->init(connector_, at); });
}

Result<void> Instance::activate() {
    Call call{Phase::activate};
    auto const done =
        run_for_data(call, activate_time_max, [this](cw_call* at) { return connector_->activate(connector_, at); });
    active_ = done.has_value();
    return done;
}

Result<void> Instance::take_extensions() {
    auto const ask = [this](char const* id) {
        void const* table = nullptr;
        (void)contained(Phase::activate, [&] { table = connector_->get_extension(connector_, id); });
        return table;
    };
    look_up_ = usable_extension<cw_push_lookup>(ask(CW_EXT_PUSH_LOOKUP));
    probe_ = usable_extension<cw_probe>(ask(CW_EXT_PROBE));
    oauth_ = usable_extension<cw_oauth>(ask(CW_EXT_OAUTH));
    subscriptions_ = usable_extension<cw_subscriptions>(ask(CW_EXT_SUBSCRIPTIONS));
    find_ = usable_extension<cw_find>(ask(CW_EXT_FIND));
    sweep_ = usable_extension<cw_sweep>(ask(CW_EXT_SWEEP));
    struct Pair {
        char const* id;
        bool present;
        std::uint32_t cap;
    };
    Pair const pairs[] = {{CW_EXT_OAUTH, oauth_ != nullptr, CW_CAP_OAUTH},
                          {CW_EXT_SUBSCRIPTIONS, subscriptions_ != nullptr, CW_CAP_SUBSCRIBE},
                          {CW_EXT_FIND, find_ != nullptr, CW_CAP_FIND},
                          {CW_EXT_SWEEP, sweep_ != nullptr, CW_CAP_SWEEP}};
    for (Pair const& pair : pairs) {
        if (pair.present != has(pair.cap)) {
            return Error{ErrorCode::invalid_argument,
                         "The connector \"" + info_.id + "\" of \"" + info_.library +
                             "\" made a broken instance: " + pair.id +
                             (pair.present ? " is there but its capability bit is clear."
                                           : " is missing or cut short but its capability bit is set.")};
        }
    }
    return {};
}

Result<WebhookVerdict> Instance::verify_webhook(HttpRequestView const& request, milliseconds time_max) {
    if (!has(CW_CAP_WEBHOOK)) {
        return unsupported("take webhooks");
    }
    RawRequest const raw(request);
    Call call{Phase::verify};
    auto verdict = sized<cw_webhook_verdict>();
    auto const done = run_for_data(
        call, time_max, [&](cw_call* at) { return connector_->webhook_verify(connector_, at, raw.get(), &verdict); });
    if (!done) {
        return done.error();
    }
    WebhookVerdict result;
    switch (verdict.disposition) {
        case CW_WEBHOOK_ACCEPT:
            result.disposition = Disposition::accept;
            break;
        case CW_WEBHOOK_IGNORE:
            result.disposition = Disposition::ignore;
            break;
        case CW_WEBHOOK_TEST:
            result.disposition = Disposition::test;
            break;
        default:
            return Error{ErrorCode::internal, "The connector \"" + info_.id + "\" gave a webhook no verdict."};
    }
    result.event_type = std::move(call.notes[CW_NOTE_EVENT_TYPE]);
    result.dedupe_key = std::move(call.notes[CW_NOTE_DEDUPE_KEY]);
    return result;
}

Result<ParseResult> Instance::parse_webhook(HttpRequestView const& request, milliseconds time_max) {
    if (!has(CW_CAP_WEBHOOK)) {
        return unsupported("take webhooks");
    }
    RawRequest const raw(request);
    Call call{Phase::parse};
    auto const done =
        run_for_data(call, time_max, [&](cw_call* at) { return connector_->webhook_parse(connector_, at, raw.get()); });
    if (!done) {
        return done.error();
    }
    return ParseResult{std::move(call.events), std::move(call.notes[CW_NOTE_REASON]),
                       std::move(call.notes[CW_NOTE_UNLINKED])};
}

Result<PollResult> Instance::poll(PollRequest const& request, milliseconds time_max) {
    if (!has(CW_CAP_POLL)) {
        return unsupported("poll");
    }
    cw_poll_request const raw = raw_poll(request);
    Call call{Phase::poll};
    std::uint32_t more = 0;
    auto const done =
        run_for_data(call, time_max, [&](cw_call* at) { return connector_->poll(connector_, at, &raw, &more); });
    if (!done) {
        return done.error();
    }
    return PollResult{std::move(call.events), std::move(call.cursor), more != 0,
                      std::move(call.notes[CW_NOTE_UNLINKED])};
}

Result<MapResult> Instance::map_in(model::Record const& record, std::string const& to_schema, milliseconds time_max) {
    return has(CW_CAP_MAP_IN) ? map(CW_MAP_IN, record, to_schema, time_max)
                              : Result<MapResult>(unsupported("map its records to the canonical model"));
}

Result<MapResult> Instance::map_out(model::Record const& record, std::string const& to_schema, milliseconds time_max) {
    return has(CW_CAP_MAP_OUT) ? map(CW_MAP_OUT, record, to_schema, time_max)
                               : Result<MapResult>(unsupported("map canonical records to its own"));
}

Result<MapResult> Instance::map(std::int32_t direction, model::Record const& record, std::string const& to_schema,
                                milliseconds time_max) {
    cw_record const raw = raw_record(record);
    cw_map_request const request = raw_map(direction, raw, to_schema);
    Call call{Phase::map};
    auto const done =
        run_for_data(call, time_max, [&](cw_call* at) { return connector_->map(connector_, at, &request); });
    if (!done) {
        return done.error();
    }
    return MapResult{std::move(call.records), std::move(call.warnings), std::move(call.notes[CW_NOTE_REASON])};
}

AttemptReport Instance::push(std::string const& action, std::string const& idempotency_key, int attempt,
                             model::Record const& record, milliseconds time_max) {
    bool const known_action = std::any_of(info_.actions.begin(), info_.actions.end(),
                                          [&action](ActionInfo const& info) { return info.name == action; });
    if (!has(CW_CAP_PUSH) || !known_action) {
        return not_run(unsupported("have an action \"" + action + "\""), Outcome::rejected);
    }
    cw_record const raw = raw_record(record);
    cw_push_request const request = raw_push(action, idempotency_key, attempt, raw);
    auto result = sized<cw_push_result>();
    Call call{Phase::push};
    auto const status =
        run(call, time_max, [&](cw_call* at) { return connector_->push(connector_, at, &request, &result); });
    // The hook never ran, so nothing was applied.
    return status ? push_report(info_.id, call, *status, result) : not_run(status.error(), Outcome::retry);
}

AttemptReport Instance::look_up(std::string const& action, std::string const& idempotency_key, int attempt,
                                model::Record const& record, milliseconds time_max) {
    if (look_up_ == nullptr) {
        return not_run(unsupported("look up what became of an earlier attempt"), Outcome::unknown);
    }
    cw_record const raw = raw_record(record);
    cw_push_request const request = raw_push(action, idempotency_key, attempt, raw);
    auto result = sized<cw_push_result>();
    Call call{Phase::look_up};
    auto const status =
        run(call, time_max, [&](cw_call* at) { return look_up_->look_up(connector_, at, &request, &result); });
    return status ? look_up_report(info_.id, call, *status, result) : not_run(status.error(), Outcome::unknown);
}

Result<ProbeReport> Instance::probe(milliseconds time_max) {
    if (probe_ == nullptr) {
        return unsupported("offer a check of its connection");
    }
    Call call{Phase::probe};
    auto const done = run_for_data(call, time_max, [&](cw_call* at) { return probe_->probe(connector_, at); });
    return done ? Result<ProbeReport>(ProbeReport{std::move(call.warnings)}) : Result<ProbeReport>(done.error());
}

Result<std::optional<OAuthDescription>> Instance::oauth(milliseconds time_max) {
    if (oauth_ == nullptr) {
        return unsupported("describe how to get OAuth tokens");
    }
    Call call{Phase::oauth};
    auto const done = run_for_data(call, time_max, [&](cw_call* at) { return oauth_->describe(connector_, at); });
    if (!done) {
        return done.error();
    }
    if (call.records.empty()) {
        return std::optional<OAuthDescription>();
    }
    if (call.records.size() > 1) {
        return Error{ErrorCode::internal, "The connector \"" + info_.id + "\" describes its OAuth more than once."};
    }
    Result<OAuthDescription> description = parse_oauth(info_, services_.egress(), call.records.front());
    if (!description) {
        return description.error();
    }
    return std::optional(std::move(*description));
}

Result<ProbeReport> Instance::subscribe(std::string const& url, std::vector<std::string> const& events,
                                        milliseconds time_max) {
    if (subscriptions_ == nullptr) {
        return unsupported("make webhooks at its vendor");
    }
    std::string const names = boost::json::serialize(boost::json::value_from(events));
    Call call{Phase::subscribe};
    auto const done = run_for_data(call, time_max, [&](cw_call* at) {
        return subscriptions_->ensure(connector_, at, borrow(url), borrow(names));
    });
    return done ? Result<ProbeReport>(ProbeReport{std::move(call.warnings)}) : Result<ProbeReport>(done.error());
}

Result<void> Instance::unsubscribe(milliseconds time_max) {
    if (subscriptions_ == nullptr) {
        return unsupported("make webhooks at its vendor");
    }
    Call call{Phase::subscribe};
    return run_for_data(call, time_max, [&](cw_call* at) { return subscriptions_->remove(connector_, at); });
}

Result<std::vector<model::Record>> Instance::find(std::string const& schema, boost::json::object const& query,
                                                  milliseconds time_max) {
    if (find_ == nullptr) {
        return unsupported("search at its vendor");
    }
    std::string const query_json = boost::json::serialize(query);
    Call call{Phase::find};
    auto const done = run_for_data(
        call, time_max, [&](cw_call* at) { return find_->find(connector_, at, borrow(schema), borrow(query_json)); });
    if (!done) {
        return done.error();
    }
    if (call.records.size() > found_max) {
        return Error{ErrorCode::internal, "The connector \"" + info_.id + "\" found more than " +
                                              std::to_string(found_max) + " records, which it must not give at once."};
    }
    return std::move(call.records);
}

Result<PollResult> Instance::sweep(SweepRequest const& request, milliseconds time_max) {
    if (sweep_ == nullptr) {
        return unsupported("list what its vendor should have sent");
    }
    cw_sweep_request const raw = raw_sweep(request);
    Call call{Phase::sweep};
    std::uint32_t more = 0;
    auto const done =
        run_for_data(call, time_max, [&](cw_call* at) { return sweep_->list(connector_, at, &raw, &more); });
    if (!done) {
        return done.error();
    }
    return PollResult{std::move(call.events), std::move(call.cursor), more != 0};
}

Result<ParseResult> Instance::fetch_swept(model::Event const& listed, milliseconds time_max) {
    if (sweep_ == nullptr) {
        return unsupported("list what its vendor should have sent");
    }
    cw_record const record = raw_record(listed.record);
    cw_event const raw = raw_event(listed, record);
    Call call{Phase::fetch};
    auto const done = run_for_data(call, time_max, [&](cw_call* at) { return sweep_->fetch(connector_, at, &raw); });
    if (!done) {
        return done.error();
    }
    return ParseResult{std::move(call.events), std::move(call.notes[CW_NOTE_REASON])};
}

Result<ProbeReport> Instance::diagnose(std::string const& url, std::vector<std::string> const& events,
                                       milliseconds time_max) {
    if (sweep_ == nullptr) {
        return unsupported("tell why webhooks do not come");
    }
    std::string const names = boost::json::serialize(boost::json::value_from(events));
    Call call{Phase::diagnose};
    auto const done = run_for_data(
        call, time_max, [&](cw_call* at) { return sweep_->diagnose(connector_, at, borrow(url), borrow(names)); });
    return done ? Result<ProbeReport>(ProbeReport{std::move(call.warnings)}) : Result<ProbeReport>(done.error());
}

void Instance::cancel() noexcept {
    services_.calls().cancel_all([this](cw_call* call) {
        if (connector_ != nullptr) {
            (void)contained(Phase::activate, [&] { connector_->cancel(connector_, call); });
        }
    });
    turn_.wake();
}

}  // namespace crosswalk::plugin_host
