// The smallest connector that does the whole work of one: verifies Lever's signed webhooks, makes a canonical hire of
// one without asking anybody, maps a hire to ten fields of its own and posts it once. So that what is measured is the
// host and the ABI, and a peer can be given the same work (peers/node-red/flows.json does it word for word).
#include <crosswalk/connector.hpp>

#include <boost/json.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace crosswalk::bench {
namespace {

namespace json = boost::json;
using connector::Call;
using connector::Failure;
using connector::text_at;

constexpr char const* settings_schema =
    R"({"type":"object","additionalProperties":false,"required":["base_url"],"properties":{)"
    R"("base_url":{"type":"string"},"signature_token":{"type":"string"},"allow_insecure":{"type":"boolean"}}})";

constexpr cw_trigger hired{
    sizeof(cw_trigger), CW_TRIGGER_WEBHOOK, "candidate.hired", "Hired", "relay.hired/1", "crosswalk.hire/1", nullptr};
constexpr cw_trigger const* triggers[] = {&hired, nullptr};
constexpr cw_action create{sizeof(cw_action), 0, "create_person", "Create a person", "crosswalk.hire/1",
                           "relay.person/1"};
constexpr cw_action const* actions[] = {&create, nullptr};
constexpr char const* secrets[] = {"/signature_token", nullptr};
constexpr char const* egress[] = {"setting:/base_url", nullptr};
constexpr cw_descriptor descriptor{
    sizeof(cw_descriptor),
    CW_CAP_WEBHOOK | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH | CW_CAP_PUSH_IDEM | CW_CAP_PARALLEL,
    "relay",
    "Relay",
    "Crosswalk",
    "0.1.0",
    "",
    settings_schema,
    triggers,
    actions,
    secrets,
    egress,
    0,
    0};

// What of a person the peer's flow writes too: {field, JSON Pointer into the hire}.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> fields{{{"id", "/candidate/id"},
                                                                                {"firstName", "/first_name"},
                                                                                {"lastName", "/last_name"},
                                                                                {"email", "/personal_email"},
                                                                                {"phone", "/personal_phone"},
                                                                                {"jobTitle", "/job_title"},
                                                                                {"employmentType", "/employment_type"},
                                                                                {"startDate", "/start_date"},
                                                                                {"department", "/department/name"},
                                                                                {"location", "/location/name"}}};

class Relay final : public connector::Connector {
public:
    void init(Call& call) override { url_ = std::string(text_at(call.config(), "/base_url")) + "/people"; }

    connector::Verdict verify_webhook(Call& call, connector::WebhookRequest const& request) override {
        json::value const body = connector::parse_json(request.body(), "The webhook");
        json::value const* const at = connector::find(body, "/triggeredAt");
        std::string const triggered_at = at != nullptr && at->is_int64() ? std::to_string(at->get_int64()) : "";
        auto const matches =
            call.hmac_matches("/signature_token", {text_at(body, "/token"), triggered_at}, text_at(body, "/signature"));
        if (!matches.value_or(false)) {
            throw Failure(CW_ERR_AUTH, "The signature does not match.");
        }
        return {connector::Disposition::accept, hired.event, std::string(text_at(body, "/id"))};
    }

    void parse_webhook(Call& call, connector::WebhookRequest const& request) override {
        json::value const body = connector::parse_json(request.body(), "The webhook");
        std::string const id(text_at(body, "/data/opportunityId"));
        connector::Event event;
        event.id = std::string(text_at(body, "/id"));
        event.type = hired.event;
        event.subject = id;
        event.title = "Person " + id;
        event.occurred_unix_ms = call.unix_ms();
        event.record = {hired.schema, id, json::object{{"id", id}, {"at", event.occurred_unix_ms}}};
        call.emit(event);
    }

    void map(Call& call, connector::MapRequest const& request) override {
        if (request.direction == connector::Direction::in) {
            std::string const id(text_at(json::value(request.data), "/id"));
            call.emit(connector::Record{"crosswalk.hire/1", id, hire(call, id)});
            return;
        }
        json::value const in(request.data);
        json::object out;
        for (auto const& [field, pointer] : fields) {
            out[field] = text_at(in, pointer);
        }
        call.emit(connector::Record{create.schema, std::string(request.key), std::move(out)});
    }

    connector::Outcome push(Call& call, connector::PushRequest const& request) override {
        connector::HttpRequest post;
        post.method = "POST";
        post.url = url_;
        post.headers = {{"Content-Type", "application/json"},
                        {"Idempotency-Key", std::string(request.idempotency_key)}};
        post.body = json::serialize(request.data);
        connector::HttpResponse const answer = call.http(post);
        if (answer.status >= 200 && answer.status < 300) {
            return connector::Outcome::delivered;
        }
        return answer.status == 429 || answer.status >= 500 ? connector::Outcome::retry : connector::Outcome::rejected;
    }

private:
    static json::object hire(Call const& call, std::string const& id) {
        return {{"kind", "hire"},
                {"first_name", id.substr(0, 8)},
                {"last_name", id.substr(24)},
                {"personal_email", id + "@example.com"},
                {"personal_phone", "+1 555 0100"},
                {"job_title", "Engineer"},
                {"employment_type", "full_time"},
                {"start_date", "2026-12-01"},
                {"hired_at", "2026-11-22T12:00:00Z"},
                {"department", {{"name", "Research"}}},
                {"location", {{"name", "Remote"}}},
                {"candidate", {{"system", call.connection()}, {"kind", "candidate"}, {"id", id}}}};
    }

    std::string url_;
};

}  // namespace
}  // namespace crosswalk::bench

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::bench::Relay>(crosswalk::bench::descriptor);
}
