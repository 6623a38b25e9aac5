#include "support/fake_host.hpp"

#include "support/fake_host_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace crosswalk::support {
namespace {

namespace json = boost::json;
using State = FakeHost::State;

// Runs one hook with a call of its own.
CallResult run(State& state, Phase phase, std::function<cw_status(cw_call*, CallResult&)> const& hook) {
    std::int64_t const time = state.time_max_ms;
    RunningCall at{phase, time < 0 ? -1 : state.now_ms + time, {}};
    cw_status const status = hook(reinterpret_cast<cw_call*>(&at), at.result);
    at.result.status = status;
    return std::move(at.result);
}

cw_record raw_record(std::string_view schema, std::string_view key, std::string_view record_json) {
    cw_record record{};
    record.struct_size = sizeof record;
    record.schema = borrow(schema);
    record.key = borrow(key);
    record.json = borrow(record_json);
    return record;
}

}  // namespace

// ---- requests and routes ------------------------------------------------------------------------------------

std::string SentRequest::header(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (lower(key) == lower(name)) {
            return value;
        }
    }
    return {};
}
boost::json::value SentRequest::json() const {
    return boost::json::parse(body);
}

Route& Route::reply(int status, std::string body, Headers headers) {
    return reply(Answer{.status = status, .body = std::move(body), .headers = std::move(headers)});
}
Route& Route::fail(cw_status transport) {
    return reply(Answer{.transport = transport});
}
Route& Route::reply(Answer answer) {
    return reply_with([answer = std::move(answer)](SentRequest const&) { return answer; });
}
Route& Route::reply_with(std::function<Answer(SentRequest const&)> responder) {
    answers_.push_back(std::move(responder));
    return *this;
}

Route& Route::clear() {
    answers_.clear();
    return *this;
}

std::string CallResult::note(std::int32_t what) const {
    auto const found = notes.find(what);
    return found == notes.end() ? std::string() : found->second;
}
bool CallResult::warned(std::string_view field, std::string_view words) const {
    return std::any_of(warnings.begin(), warnings.end(), [&](Warning const& warning) {
        return warning.field == field && warning.message.find(words) != std::string::npos;
    });
}

// ---- the instance -------------------------------------------------------------------------------------------

Instance::~Instance() {
    if (connector_ != nullptr) {
        connector_->deactivate(connector_);
        connector_->destroy(connector_);
    }
}

namespace {
template <class Hook>
CallResult with_request(State& state, Phase phase, Inbound const& inbound, Hook&& hook) {
    std::vector<cw_pair> headers;
    for (auto const& [name, value] : inbound.headers) {
        headers.push_back({borrow(name), borrow(value)});
    }
    cw_http_request request{};
    request.struct_size = sizeof request;
    request.method = borrow(inbound.method);
    request.url = borrow(inbound.target);
    request.headers = headers.data();
    request.header_count = headers.size();
    request.body = borrow(inbound.body);
    request.peer = borrow(inbound.peer);
    return run(state, phase, [&](cw_call* call, CallResult& result) { return hook(call, request, result); });
}
}  // namespace

CallResult Instance::verify(Inbound const& inbound) {
    return with_request(*host_->state_, Phase::verify, inbound,
                        [&](cw_call* call, cw_http_request const& request, CallResult& result) {
                            cw_webhook_verdict verdict{};
                            verdict.struct_size = sizeof verdict;
                            cw_status const status = connector_->webhook_verify(connector_, call, &request, &verdict);
                            result.disposition = verdict.disposition;
                            return status;
                        });
}
CallResult Instance::parse(Inbound const& inbound) {
    return with_request(*host_->state_, Phase::parse, inbound,
                        [&](cw_call* call, cw_http_request const& request, CallResult&) {
                            return connector_->webhook_parse(connector_, call, &request);
                        });
}
CallResult Instance::poll(PollTurn const& turn) {
    return run(*host_->state_, Phase::poll, [&](cw_call* call, CallResult& result) {
        std::uint32_t more = 0;
        cw_poll_request const request{sizeof request,      turn.full ? CW_POLL_FULL : 0U, borrow(turn.event),
                                      borrow(turn.cursor), borrow(turn.select_json),      borrow(turn.run)};
        cw_status const status = connector_->poll(connector_, call, &request, &more);
        result.more = more != 0;
        return status;
    });
}
CallResult Instance::map(std::int32_t direction, std::string_view schema, std::string_view record_json,
                         std::string_view to_schema, std::string_view key) {
    cw_record const record = raw_record(schema, key, record_json);
    cw_map_request const request{sizeof request, direction, borrow(to_schema), &record};
    return run(*host_->state_, Phase::map,
               [&](cw_call* call, CallResult&) { return connector_->map(connector_, call, &request); });
}

CallResult Instance::push_hook(bool look_up, std::string_view action, std::string_view key,
                               std::string_view record_json, std::uint32_t attempt) {
    std::string schema;
    for (cw_action const* const* at = connector_->desc->actions; at != nullptr && *at != nullptr; ++at) {
        if (action == (*at)->name) {
            schema = (*at)->schema;
        }
    }
    cw_record const record = raw_record(schema, {}, record_json);
    cw_push_request const request{sizeof request, attempt, borrow(action), borrow(key), &record};
    Phase const phase = look_up ? Phase::look_up : Phase::push;
    return run(*host_->state_, phase, [&](cw_call* call, CallResult& result) -> cw_status {
        cw_push_result pushed{};
        pushed.struct_size = sizeof pushed;
        cw_status status = CW_OK;
        if (look_up) {
            auto const* table =
                static_cast<cw_push_lookup const*>(connector_->get_extension(connector_, CW_EXT_PUSH_LOOKUP));
            status = table == nullptr ? CW_ERR_UNSUPPORTED : table->look_up(connector_, call, &request, &pushed);
        } else {
            status = connector_->push(connector_, call, &request, &pushed);
        }
        result.outcome = pushed.outcome;
        if (status == CW_OK && pushed.retry_after_ms != 0) {
            result.retry_after_ms = pushed.retry_after_ms;
        }
        return status;
    });
}
CallResult Instance::push(std::string_view action, std::string_view key, std::string_view record_json,
                          std::uint32_t attempt) {
    return push_hook(false, action, key, record_json, attempt);
}
CallResult Instance::look_up(std::string_view action, std::string_view key, std::string_view record_json,
                             std::uint32_t attempt) {
    return push_hook(true, action, key, record_json, attempt);
}
CallResult Instance::probe() {
    return run(*host_->state_, Phase::probe, [&](cw_call* call, CallResult&) -> cw_status {
        auto const* table = static_cast<cw_probe const*>(connector_->get_extension(connector_, CW_EXT_PROBE));
        return table == nullptr ? CW_ERR_UNSUPPORTED : table->probe(connector_, call);
    });
}

namespace {
// Runs `use(table)` with an extension of the connector; CW_ERR_UNSUPPORTED without one.
template <class Table, class Use>
CallResult with_extension(State& state, cw_connector* connector, Phase phase, char const* id, Use&& use) {
    return run(state, phase, [&](cw_call* call, CallResult&) -> cw_status {
        auto const* table = static_cast<Table const*>(connector->get_extension(connector, id));
        return table == nullptr ? CW_ERR_UNSUPPORTED : use(*table, call);
    });
}
}  // namespace

CallResult Instance::oauth() {
    return with_extension<cw_oauth>(
        *host_->state_, connector_, Phase::oauth, CW_EXT_OAUTH,
        [&](cw_oauth const& table, cw_call* call) { return table.describe(connector_, call); });
}
CallResult Instance::subscribe(std::string_view url, std::vector<std::string> const& events) {
    std::string const names = json::serialize(json::value_from(events));
    return with_extension<cw_subscriptions>(*host_->state_, connector_, Phase::subscribe, CW_EXT_SUBSCRIPTIONS,
                                            [&](cw_subscriptions const& table, cw_call* call) {
                                                return table.ensure(connector_, call, borrow(url), borrow(names));
                                            });
}
CallResult Instance::unsubscribe() {
    return with_extension<cw_subscriptions>(
        *host_->state_, connector_, Phase::subscribe, CW_EXT_SUBSCRIPTIONS,
        [&](cw_subscriptions const& table, cw_call* call) { return table.remove(connector_, call); });
}
CallResult Instance::find(std::string_view schema, std::string_view query_json) {
    return with_extension<cw_find>(*host_->state_, connector_, Phase::find, CW_EXT_FIND,
                                   [&](cw_find const& table, cw_call* call) {
                                       return table.find(connector_, call, borrow(schema), borrow(query_json));
                                   });
}

CallResult Instance::sweep(std::string_view event, std::int64_t from_unix_ms, std::int64_t to_unix_ms,
                           std::string_view cursor) {
    cw_sweep_request const request{sizeof request, 0, borrow(event), from_unix_ms, to_unix_ms, borrow(cursor)};
    std::uint32_t more = 0;
    CallResult result = with_extension<cw_sweep>(
        *host_->state_, connector_, Phase::sweep, CW_EXT_SWEEP,
        [&](cw_sweep const& table, cw_call* call) { return table.list(connector_, call, &request, &more); });
    result.more = more != 0;
    return result;
}
CallResult Instance::fetch_swept(CapturedEvent const& listed) {
    std::string const text = json::serialize(listed.record.data);
    cw_record const record = raw_record(listed.record.schema, listed.record.key, text);
    cw_event event{};
    event.struct_size = sizeof event;
    event.id = borrow(listed.id);
    event.type = borrow(listed.type);
    event.subject = borrow(listed.subject);
    event.title = borrow(listed.title);
    event.occurred_unix_ms = listed.occurred_unix_ms;
    event.record = &record;
    return with_extension<cw_sweep>(
        *host_->state_, connector_, Phase::fetch, CW_EXT_SWEEP,
        [&](cw_sweep const& table, cw_call* call) { return table.fetch(connector_, call, &event); });
}
CallResult Instance::diagnose(std::string_view url, std::vector<std::string> const& events) {
    std::string const names = json::serialize(json::value_from(events));
    return with_extension<cw_sweep>(*host_->state_, connector_, Phase::diagnose, CW_EXT_SWEEP,
                                    [&](cw_sweep const& table, cw_call* call) {
                                        return table.diagnose(connector_, call, borrow(url), borrow(names));
                                    });
}

// ---- the host -----------------------------------------------------------------------------------------------

FakeHost::FakeHost(std::string_view settings_json, std::string connection) : state_(std::make_unique<State>()) {
    state_->connection = std::move(connection);
    state_->settings = json::parse(settings_json);
    state_->fill_tables();
}
FakeHost::~FakeHost() {
    EXPECT_EQ(state_->borrowed.load(), 0) << "the connector kept a buffer or a response of the host";
}

void FakeHost::secret(std::string pointer, std::string value) {
    std::lock_guard const lock(state_->mutex);
    state_->secrets[std::move(pointer)] = std::move(value);
}
void FakeHost::oauth_tokens(std::vector<std::string> tokens) {
    std::lock_guard const lock(state_->mutex);
    state_->oauth_tokens.assign(tokens.begin(), tokens.end());
}
std::string FakeHost::file(std::string_view bytes) {
    std::lock_guard const lock(state_->mutex);
    return state_->keep_file(bytes);
}
void FakeHost::forget_file(std::string_view id) {
    std::lock_guard const lock(state_->mutex);
    state_->files.erase(std::string(id));
}
void FakeHost::set_file_bytes_max(std::int64_t bytes) noexcept {
    state_->file_bytes_max = bytes;
}
void FakeHost::link(Linked const& a, Linked const& b) {
    std::lock_guard const lock(state_->mutex);
    state_->put_link(a, b);
}
Route& FakeHost::on(std::string method, std::string url_prefix) {
    std::lock_guard const lock(state_->mutex);
    for (Route& route : state_->routes) {
        if (route.method_ == method && route.prefix_ == url_prefix) {
            return route;
        }
    }
    Route& route = state_->routes.emplace_back();
    route.method_ = std::move(method);
    route.prefix_ = std::move(url_prefix);
    return route;
}
void FakeHost::set_now(std::int64_t unix_ms) noexcept {
    state_->now_ms = unix_ms;
}
void FakeHost::advance(std::int64_t ms) noexcept {
    state_->now_ms += ms;
}
void FakeHost::set_time_max(std::int64_t ms) noexcept {
    state_->time_max_ms = ms;
}
void FakeHost::cancel() noexcept {
    state_->cancelled = true;
}

namespace {
// Creates and initialises; the connector is null when that failed.
std::pair<cw_connector*, CallResult> initialised(State& state, cw_library const* (*entry)(), std::string const& id) {
    cw_connector* connector = nullptr;
    CallResult result;
    result.status = entry()->create(id.c_str(), &state.table, &connector);
    if (result.status != CW_OK) {
        result.message = "create refused the id " + id;
        return {nullptr, result};
    }
    state.descriptor = connector->desc;
    result = run(state, Phase::init, [&](cw_call* call, CallResult&) { return connector->init(connector, call); });
    if (result.status != CW_OK) {
        connector->destroy(connector);
        connector = nullptr;
    }
    return {connector, std::move(result)};
}
}  // namespace

Instance FakeHost::create(cw_library const* (*entry)(), std::string const& id) {
    auto [connector, result] = initialised(*state_, entry, id);
    if (connector == nullptr) {
        throw std::runtime_error("init failed: " + result.message);
    }
    cw_connector* const ready = connector;
    result = run(*state_, Phase::activate, [&](cw_call* call, CallResult&) { return ready->activate(ready, call); });
    if (result.status != CW_OK) {
        ready->destroy(ready);
        throw std::runtime_error("activate failed: " + result.message);
    }
    return Instance(*this, ready);
}
CallResult FakeHost::try_init(cw_library const* (*entry)(), std::string const& id) {
    auto [connector, result] = initialised(*state_, entry, id);
    if (connector != nullptr) {
        connector->destroy(connector);
    }
    return result;
}

std::vector<SentRequest> FakeHost::requests() const {
    std::lock_guard const lock(state_->mutex);
    return state_->sent;
}
std::vector<SentRequest> FakeHost::requests(std::string_view method, std::string_view url_prefix) const {
    std::vector<SentRequest> found;
    for (SentRequest& request : requests()) {
        if (request.method == method && request.url.starts_with(url_prefix)) {
            found.push_back(std::move(request));
        }
    }
    return found;
}
std::vector<LogLine> FakeHost::logs() const {
    std::lock_guard const lock(state_->mutex);
    return state_->lines;
}
std::map<std::string, std::string> FakeHost::kept() const {
    std::lock_guard const lock(state_->mutex);
    std::map<std::string, std::string> out;
    for (auto const& [key, value] : state_->kept) {
        out[key] = value.first;
    }
    return out;
}
std::map<std::string, std::string> FakeHost::kept_secrets() const {
    std::lock_guard const lock(state_->mutex);
    return state_->kept_secrets;
}
std::map<std::string, std::string> FakeHost::files() const {
    std::lock_guard const lock(state_->mutex);
    return state_->files;
}
std::vector<Linked> FakeHost::linked_with(Linked const& of) const {
    std::lock_guard const lock(state_->mutex);
    return state_->linked_with(of);
}
std::int64_t FakeHost::now_ms() const noexcept {
    return state_->now_ms;
}
int FakeHost::denied() const noexcept {
    return state_->denied;
}

}  // namespace crosswalk::support
