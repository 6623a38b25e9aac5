// A connector for torture: takes things by webhook, hands them to a target, and misbehaves when a thing says so.
//
// A webhook is {"id", "subject", "act"}; the target answers POST and GET at <base_url>/things. `act` is what the first
// push does before anything else: "crash", "hang", "allocate" (2 GB, every page touched), or nothing. What kind of target
// it is for is told by THING_CAN_BE_ASKED, what became of a push, and by THING_HONOURS_KEYS.
#include <crosswalk/connector.hpp>

#include <cstdlib>
#include <new>
#include <thread>
#include <type_traits>
#include <vector>

namespace crosswalk::torture {
namespace {

using connector::Call;
using connector::Failure;
using connector::Outcome;
namespace json = boost::json;

constexpr char thing_schema[] = "torture.thing/1";
constexpr std::size_t allocated_bytes = std::size_t{2} * 1024 * 1024 * 1024;

std::string text_at(json::object const& object, std::string_view name) {
    json::value const* const found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

void act_out(std::string const& act) {
    if (act == "crash") {
        std::abort();
    } else if (act == "hang") {
        for (;;) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
        }
    } else if (act == "allocate") {
        std::vector<char> const taken(allocated_bytes, 'x');
        if (taken.back() != 'x') {
            throw std::bad_alloc();
        }
    }
}

class Thing : public connector::Connector {
public:
    void init(Call& call) override { base_url_ = json::value_to<std::string>(call.config("/base_url")); }

    connector::Verdict verify_webhook(Call&, connector::WebhookRequest const& request) override {
        return {connector::Disposition::accept, "thing.changed", text_at(read(request), "id")};
    }

    void parse_webhook(Call& call, connector::WebhookRequest const& request) override {
        json::object thing = read(request);
        connector::Event event;
        event.id = text_at(thing, "id");
        event.type = "thing.changed";
        event.subject = text_at(thing, "subject");
        event.title = event.subject;
        event.occurred_unix_ms = call.unix_ms();
        event.record = {thing_schema, event.id, std::move(thing)};
        call.emit(event);
    }

    void map(Call& call, connector::MapRequest const& request) override {
        call.emit(connector::Record{std::string(request.to_schema), text_at(request.data, "id"), request.data});
    }

    Outcome push(Call& call, connector::PushRequest const& request) override {
        if (request.attempt == 1) {
            act_out(text_at(request.data, "act"));
        }
        connector::HttpRequest post;
        post.method = "POST";
        post.url = base_url_ + "/things";
        post.headers = {{"Content-Type", "application/json"},
                        {"X-Key", text_at(request.data, "id")},
                        {"Idempotency-Key", std::string(request.idempotency_key)}};
        post.body = json::serialize(request.data);
        post.idempotent = false;
        auto const answer = call.http(post);
        if (answer.status == 429) {
            throw Failure(CW_ERR_RATE_LIMITED, "The target is busy.", {}, answer.retry_after);
        }
        if (answer.status == 503) {
            throw Failure(CW_ERR_TRANSIENT, "The target is away.");
        }
        return answer.status == 201 ? Outcome::delivered : Outcome::unknown;
    }

protected:
    std::string base_url_;

private:
    static json::object read(connector::WebhookRequest const& request) {
        json::value thing = connector::parse_json(request.body(), "The webhook");
        if (!thing.is_object()) {
            throw Failure(CW_ERR_INVALID, "The webhook is not a JSON object.");
        }
        return std::move(thing.get_object());
    }
};

class AskableThing final : public Thing {
public:
    Outcome look_up(Call& call, connector::PushRequest const& request) override {
        connector::HttpRequest get;
        get.url = base_url_ + "/things?key=" + text_at(request.data, "id");
        int const status = call.http(get).status;
        return status == 200 ? Outcome::delivered : status == 404 ? Outcome::retry : Outcome::unknown;
    }
};

constexpr cw_trigger changed{sizeof(cw_trigger), CW_TRIGGER_WEBHOOK, "thing.changed", "A thing changed",
                             thing_schema,       thing_schema,       nullptr};
constexpr cw_trigger const* triggers[] = {&changed, nullptr};
constexpr cw_action keep{sizeof(cw_action), 0, "keep_thing", "Keep a thing", thing_schema, thing_schema};
constexpr cw_action const* actions[] = {&keep, nullptr};
constexpr char const* secrets[] = {nullptr};
constexpr char const* egress[] = {"setting:/base_url", nullptr};
constexpr cw_descriptor descriptor{
    sizeof(cw_descriptor),
    CW_CAP_WEBHOOK | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH | CW_CAP_PARALLEL |
        (THING_HONOURS_KEYS ? CW_CAP_PUSH_IDEM : 0U),
    THING_ID,
    "Thing",
    "Crosswalk",
    "0.1.0",
    "https://example.com/support",
    R"({"type":"object","required":["base_url"],"properties":{"base_url":{"type":"string"}}})",
    triggers,
    actions,
    secrets,
    egress,
    0,
    0};

}  // namespace
}  // namespace crosswalk::torture

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    using namespace crosswalk;
    return connector::library<std::conditional_t<THING_CAN_BE_ASKED, torture::AskableThing, torture::Thing>>(
        torture::descriptor);
}
