// A host for one connector, played in memory: a test drives the connector's library table without the daemon.
//
//     support::FakeHost host(R"({"base_url": "https://api.example.com"})", "acme");
//     host.secret("/api_key", "k");
//     host.on("GET", "https://api.example.com/people").reply(429).reply(200, R"({"data": []})");
//     auto acme = host.create(cw_connector_entry_v0, "acme");
//     auto const verdict = acme.verify({.body = "…"});
//
// Rules    the phases of connector.h are kept: no HTTP, state or waiting in verify and map, files, links and kept
//          secrets only where docs/connectors.md says so, no secrets outside those that the descriptor declares, no
//          address outside its egress list: CW_ERR_DENIED, and denied() counts it.
//          A request that no route answers and a buffer that is not released fail the test that runs.
// Units    virtual milliseconds; only sleep_ms, slow replies and advance() move the clock.
// Threads  the services are safe from any thread, so that hooks may run concurrently; setting up is not.
// Owner    an Instance must not outlive its FakeHost.
#pragma once

#include <crosswalk/connector.h>

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::support {

using Headers = std::vector<std::pair<std::string, std::string>>;

// What a connector sent.
struct SentRequest {
    std::string method;
    std::string url;
    Headers headers;
    std::string body;  // whole: with the content of body_file and body_tail
    std::int32_t auth = CW_AUTH_NONE;
    std::string auth_secret;  // JSON Pointer
    bool idempotent = false;
    std::int64_t at_ms = 0;
    std::string body_file = {};    // id
    std::string oauth_token = {};  // with CW_AUTH_OAUTH: the one that was sent
    bool to_file = false;          // CW_HTTP_TO_FILE

    [[nodiscard]] std::string header(std::string_view name) const;  // any case; empty when absent
    [[nodiscard]] boost::json::value json() const;                  // throws when the body is not JSON
};

struct Answer {
    int status = 200;
    std::string body = {};
    Headers headers = {};         // names in lower case; retry-after in whole seconds is parsed
    cw_status transport = CW_OK;  // other than CW_OK: no answer, http_send returns this
    std::int64_t takes_ms = 0;    // how far the clock moves before the answer is there
};

// The answers to one method and URL prefix, in sequence; the last one is given again and again.
class Route {
public:
    Route& reply(int status, std::string body = {}, Headers headers = {});
    Route& fail(cw_status transport);
    Route& reply(Answer answer);
    Route& reply_with(std::function<Answer(SentRequest const&)> responder);
    Route& clear();  // forgets the answers given so far, to say others

private:
    friend class FakeHost;
    std::string method_;
    std::string prefix_;
    std::deque<std::function<Answer(SentRequest const&)>> answers_;
};

struct CapturedRecord {
    std::string schema;
    std::string key;
    boost::json::value data;
};
struct CapturedEvent {
    std::string id;
    std::string type;
    std::string subject;
    std::string title;
    std::int64_t occurred_unix_ms = 0;
    CapturedRecord record;
};
struct Warning {
    std::string field;
    std::string message;
};
// One record, in one connection's system: a canonical ref.
struct Linked {
    std::string system;
    std::string kind;
    std::string id;
    friend bool operator==(Linked const&, Linked const&) = default;
};
struct LogLine {
    std::int32_t level = 0;
    std::string message;
    std::string fields;
};

// Everything that one hook call gave the host.
struct CallResult {
    cw_status status = CW_OK;
    std::string message;        // of fail()
    boost::json::value detail;  // of fail(); null when empty
    std::int64_t retry_after_ms = -1;
    std::map<std::int32_t, std::string> notes;  // CW_NOTE_* → text
    std::vector<Warning> warnings;
    std::vector<CapturedEvent> events;
    std::vector<CapturedRecord> records;
    std::optional<std::string> cursor;
    std::int32_t disposition = 0;  // verify: CW_WEBHOOK_*
    std::int32_t outcome = 0;      // push, look_up: CW_PUSH_*
    bool more = false;             // poll

    [[nodiscard]] std::string note(std::int32_t what) const;  // empty when absent
    // Is there a warning about that field whose message contains the text?
    [[nodiscard]] bool warned(std::string_view field, std::string_view text = {}) const;
};

struct Inbound {
    std::string method = "POST";
    std::string target = "/hooks/test";
    Headers headers = {{"content-type", "application/json"}};  // names in lower case
    std::string body = {};
    std::string peer = "192.0.2.1";
};

// One turn of a poll.
struct PollTurn {
    std::string event = {};
    std::string cursor = {};
    std::string select_json = "{}";
    std::string run = "run-1";
    bool full = false;
};

class FakeHost;

// One connector instance, initialised and activated; deactivated and destroyed at the end.
class Instance {
public:
    Instance(FakeHost& host, cw_connector* connector) noexcept : host_(&host), connector_(connector) {}
    Instance(Instance&& other) noexcept : host_(other.host_), connector_(std::exchange(other.connector_, nullptr)) {}
    Instance& operator=(Instance&&) = delete;
    ~Instance();

    [[nodiscard]] CallResult verify(Inbound const& request);
    [[nodiscard]] CallResult parse(Inbound const& request);
    [[nodiscard]] CallResult poll(PollTurn const& turn = {});
    // `direction` is CW_MAP_IN or CW_MAP_OUT.
    [[nodiscard]] CallResult map(std::int32_t direction, std::string_view schema, std::string_view record_json,
                                 std::string_view to_schema, std::string_view key = {});
    // The record's schema is that of the action.
    [[nodiscard]] CallResult push(std::string_view action, std::string_view idempotency_key,
                                  std::string_view record_json, std::uint32_t attempt = 1);
    [[nodiscard]] CallResult look_up(std::string_view action, std::string_view idempotency_key,
                                     std::string_view record_json, std::uint32_t attempt = 2);
    [[nodiscard]] CallResult probe();
    // The description is the first of CallResult::records; none: these settings need no OAuth.
    [[nodiscard]] CallResult oauth();
    [[nodiscard]] CallResult subscribe(std::string_view url, std::vector<std::string> const& events);
    [[nodiscard]] CallResult unsubscribe();
    // `query` is a JSON object with "id" or "text".
    [[nodiscard]] CallResult find(std::string_view schema, std::string_view query_json);
    // One page of what should have come by webhook in [from, to).
    [[nodiscard]] CallResult sweep(std::string_view event, std::int64_t from_unix_ms, std::int64_t to_unix_ms,
                                   std::string_view cursor = {});
    [[nodiscard]] CallResult fetch_swept(CapturedEvent const& listed);
    [[nodiscard]] CallResult diagnose(std::string_view url, std::vector<std::string> const& events);
    [[nodiscard]] cw_connector* table() const noexcept { return connector_; }

private:
    [[nodiscard]] CallResult push_hook(bool look_up, std::string_view action, std::string_view key,
                                       std::string_view record_json, std::uint32_t attempt);
    FakeHost* host_;
    cw_connector* connector_;
};

class FakeHost {
public:
    explicit FakeHost(std::string_view settings_json = "{}", std::string connection = "test");
    FakeHost(FakeHost const&) = delete;
    FakeHost& operator=(FakeHost const&) = delete;
    ~FakeHost();

    // ---- setting up
    void secret(std::string pointer, std::string value);
    // The tokens that CW_AUTH_OAUTH sends: the first until the vendor answers 401, then the next one, and so on. None:
    // consent is missing, CW_ERR_AUTH. At first there is one, "token-1".
    void oauth_tokens(std::vector<std::string> tokens);
    // Keeps a file and returns its id.
    std::string file(std::string_view bytes);
    void forget_file(std::string_view id);
    void set_file_bytes_max(std::int64_t bytes) noexcept;  // of one file; default 64 MiB
    // Links two records, as cw.links/1 does.
    void link(Linked const& a, Linked const& b);
    // The longest prefix that fits a request answers it. The same method and prefix give the same route again.
    Route& on(std::string method, std::string url_prefix);
    void set_now(std::int64_t unix_ms) noexcept;
    void advance(std::int64_t ms) noexcept;
    void set_time_max(std::int64_t ms) noexcept;  // deadline of each later call; -1: none. Default 30,000.
    void cancel() noexcept;                       // running and later calls are cancelled

    // ---- driving; throws std::runtime_error with the connector's words when init or activate fails
    [[nodiscard]] Instance create(cw_library const* (*entry)(), std::string const& id);
    // What init says to these settings; nothing is activated.
    [[nodiscard]] CallResult try_init(cw_library const* (*entry)(), std::string const& id);

    // ---- looking
    [[nodiscard]] std::vector<SentRequest> requests() const;
    [[nodiscard]] std::vector<SentRequest> requests(std::string_view method, std::string_view url_prefix) const;
    [[nodiscard]] std::vector<LogLine> logs() const;
    [[nodiscard]] std::map<std::string, std::string> kept() const;  // key → value of kv_put
    // The secrets that cw.secrets/1 holds: pointer → value. secret() comes before them.
    [[nodiscard]] std::map<std::string, std::string> kept_secrets() const;
    [[nodiscard]] std::map<std::string, std::string> files() const;  // id → content
    [[nodiscard]] std::vector<Linked> linked_with(Linked const& of) const;
    [[nodiscard]] std::int64_t now_ms() const noexcept;
    [[nodiscard]] int denied() const noexcept;  // calls that the host's policy refused

    struct State;  // the services behind the C table

private:
    friend class Instance;
    std::unique_ptr<State> state_;
};

}  // namespace crosswalk::support
