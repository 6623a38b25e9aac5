// Connectors as C++ objects: libraries are loaded and checked once, instances wrap the C tables.
//
// Shape    a Library describes its connectors without any host service; create() makes one instance per connection.
// Errors   a library that must not be loaded is refused with a text that names the file and the reason: path not
//          absolute, no such file, wrong file type, more or fewer than one exported symbol (named), another ABI major
//          (both sides named), a broken descriptor. A hook's failure becomes an Error or an AttemptReport; whatever
//          crosses the boundary is checked (UTF-8, JSON object, sizes) and never trusted.
// Threads  a Library and a Connector are safe from any thread: calls that the ABI wants one at a time are queued.
// Owner    libraries are never unloaded. Services outlive the connectors made with them.
// Limits   every call has a deadline; at most 1,000 events and 16 MiB of output per call.
#pragma once

#include "model/error.hpp"
#include "model/outcome.hpp"
#include "model/record.hpp"
#include "plugin_host/services.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::plugin_host {

struct TriggerInfo {
    std::string event;
    std::string title;
    std::string schema;
    std::string canonical;
    std::uint32_t flags = 0;         // CW_TRIGGER_*; never 0: a webhook when the connector does not say
    std::string select_schema = {};  // polled: JSON Schema of what a route may select; empty: nothing

    [[nodiscard]] bool is_webhook() const noexcept { return (flags & 1U) != 0; }
    [[nodiscard]] bool is_polled() const noexcept { return (flags & 2U) != 0; }
    [[nodiscard]] bool is_signal() const noexcept { return (flags & 4U) != 0; }
    [[nodiscard]] bool is_swept() const noexcept { return (flags & 8U) != 0; }
};
struct ActionInfo {
    std::string name;
    std::string title;
    std::string canonical;
    std::string schema;
};
// A connector's descriptor, copied.
struct ConnectorInfo {
    std::string id;
    std::string name;
    std::string vendor;
    std::string version;
    std::string support;
    std::uint32_t caps = 0;
    std::string settings_schema;
    std::vector<TriggerInfo> triggers;
    std::vector<ActionInfo> actions;
    std::vector<std::string> secrets;
    std::vector<std::string> egress;
    double requests_per_second = 0;  // what the vendor allows; 0: any
    double requests_burst = 0;       // at once after a pause
    std::string library;             // absolute path
    std::string toolchain;
};

struct HttpRequestView {
    std::string_view method;
    std::string_view target;
    std::vector<std::pair<std::string, std::string>> const& headers;  // names in lower case
    std::string_view body;
    std::string_view peer = {};
};

enum class Disposition : std::uint8_t { accept, ignore, test };
struct WebhookVerdict {
    Disposition disposition = Disposition::ignore;
    std::string event_type;
    std::string dedupe_key;
};

struct ParseResult {
    std::vector<model::Event> events;
    std::string reason;         // why there is none, in words
    std::string unlinked = {};  // CW_NOTE_UNLINKED: a record that should be linked and is not, by kind and id
};

// One turn of a poll: one page.
struct PollRequest {
    std::string event = {};
    std::string cursor = {};         // empty at the very first and at the start of a full run
    std::string select_json = "{}";  // what the route selects
    std::string run = {};            // the same in every turn of one run
    bool full = false;               // every record, changed or not
};

// One page of what should have come by webhook: what happened in [from, to).
struct SweepRequest {
    std::string event = {};
    std::int64_t from_unix_ms = 0;
    std::int64_t to_unix_ms = 0;
    std::string cursor = {};  // empty at first
};

struct PollResult {
    std::vector<model::Event> events;
    std::optional<std::string> cursor;
    bool more = false;
    std::string unlinked = {};  // as in ParseResult
};

// How the host gets OAuth tokens for a connection: cw_oauth of connector.h.
struct OAuthDescription {
    std::string grant;  // "authorization_code" or "client_credentials"
    std::string authorize_url;
    std::string token_url;
    std::string client_id;
    std::string client_secret;  // JSON Pointer into the settings
    std::string client_auth;    // "body" or "basic"
    std::vector<std::string> scopes;
    std::vector<std::pair<std::string, std::string>> authorize_parameters;
    std::vector<std::pair<std::string, std::string>> token_parameters;
    std::vector<std::string> permissions;  // in words, for the person who consents
};

struct MapResult {
    std::vector<model::Record> records;  // none: filtered out
    std::vector<model::FieldProblem> warnings;
    std::string reason;  // why filtered, in words
};

struct ProbeReport {
    std::vector<model::FieldProblem> warnings;  // missing rights
};

class Connector {
public:
    virtual ~Connector() = default;
    [[nodiscard]] virtual ConnectorInfo const& info() const noexcept = 0;

    [[nodiscard]] virtual model::Result<WebhookVerdict> verify_webhook(HttpRequestView const& request,
                                                                       std::chrono::milliseconds time_max) = 0;
    [[nodiscard]] virtual model::Result<ParseResult> parse_webhook(HttpRequestView const& request,
                                                                   std::chrono::milliseconds time_max) = 0;
    // not_found: the vendor no longer knows the cursor.
    [[nodiscard]] virtual model::Result<PollResult> poll(PollRequest const& request,
                                                         std::chrono::milliseconds time_max) = 0;
    [[nodiscard]] virtual model::Result<MapResult> map_in(model::Record const& record, std::string const& to_schema,
                                                          std::chrono::milliseconds time_max) = 0;
    [[nodiscard]] virtual model::Result<MapResult> map_out(model::Record const& record, std::string const& to_schema,
                                                           std::chrono::milliseconds time_max) = 0;
    // Never fails: whatever goes wrong is an outcome.
    [[nodiscard]] virtual model::AttemptReport push(std::string const& action, std::string const& idempotency_key,
                                                    int attempt, model::Record const& record,
                                                    std::chrono::milliseconds time_max) = 0;
    // delivered, duplicate, retry (it did not take effect), unknown or auth.
    [[nodiscard]] virtual model::AttemptReport look_up(std::string const& action, std::string const& idempotency_key,
                                                       int attempt, model::Record const& record,
                                                       std::chrono::milliseconds time_max) = 0;
    // False: an unknown outcome must be parked for a person unless the target honours idempotency keys.
    [[nodiscard]] virtual bool can_look_up() const noexcept = 0;
    // CW_CAP_WEBHOOK.
    [[nodiscard]] bool takes_webhooks() const noexcept { return (info().caps & 1U) != 0; }
    // CW_CAP_PUSH_IDEM: repeating a push with the same key acts once.
    [[nodiscard]] bool honours_idempotency_key() const noexcept { return (info().caps & (1U << 5U)) != 0; }
    [[nodiscard]] virtual model::Result<ProbeReport> probe(std::chrono::milliseconds time_max) = 0;
    // CW_CAP_OAUTH, CW_CAP_SUBSCRIBE, CW_CAP_FIND: unsupported without.
    // Nothing: these settings need no OAuth.
    [[nodiscard]] virtual model::Result<std::optional<OAuthDescription>> oauth(std::chrono::milliseconds /*time_max*/) {
        return lacks("describe how to get OAuth tokens");
    }
    [[nodiscard]] virtual model::Result<ProbeReport> subscribe(std::string const& /*url*/,
                                                               std::vector<std::string> const& /*events*/,
                                                               std::chrono::milliseconds /*time_max*/) {
        return lacks("make webhooks at its vendor");
    }
    [[nodiscard]] virtual model::Result<void> unsubscribe(std::chrono::milliseconds /*time_max*/) {
        return lacks("make webhooks at its vendor");
    }
    // At most 50 canonical records. `query` has "id" or "text".
    [[nodiscard]] virtual model::Result<std::vector<model::Record>> find(std::string const& /*schema*/,
                                                                         boost::json::object const& /*query*/,
                                                                         std::chrono::milliseconds /*time_max*/) {
        return lacks("search at its vendor");
    }
    // CW_CAP_SWEEP: unsupported without. Events with the ids that parse_webhook gives; their records may be only what
    // fetch_swept needs.
    [[nodiscard]] virtual model::Result<PollResult> sweep(SweepRequest const& /*request*/,
                                                          std::chrono::milliseconds /*time_max*/) {
        return lacks("list what its vendor should have sent");
    }
    // What parse_webhook would have given for one of them.
    [[nodiscard]] virtual model::Result<ParseResult> fetch_swept(model::Event const& /*listed*/,
                                                                 std::chrono::milliseconds /*time_max*/) {
        return lacks("list what its vendor should have sent");
    }
    // What keeps webhooks of these events from `url`, as warnings. unsupported: the vendor does not tell.
    [[nodiscard]] virtual model::Result<ProbeReport> diagnose(std::string const& /*url*/,
                                                              std::vector<std::string> const& /*events*/,
                                                              std::chrono::milliseconds /*time_max*/) {
        return lacks("tell why webhooks do not come");
    }
    [[nodiscard]] bool can_sweep() const noexcept { return (info().caps & (1U << 10U)) != 0; }
    [[nodiscard]] bool has_oauth() const noexcept { return (info().caps & (1U << 7U)) != 0; }
    [[nodiscard]] bool makes_subscriptions() const noexcept { return (info().caps & (1U << 8U)) != 0; }
    [[nodiscard]] bool can_find() const noexcept { return (info().caps & (1U << 9U)) != 0; }
    // Ends running calls early; the next ones fail with cancelled.
    virtual void cancel() noexcept = 0;

private:
    [[nodiscard]] model::Error lacks(std::string const& ability) const {
        return model::Error{model::ErrorCode::unsupported,
                            "The connector \"" + info().id + "\" cannot " + ability + "."};
    }
};

// One connection's settings, to be judged by its connector.
struct SettingsCheck {
    std::string connection;
    boost::json::value settings;  // with the types of the schema; secrets are references
    model::SecretSource const& secrets;
    model::Clock const& clock;
    telemetry::Logger& logger;
};

// Where a library's code runs: in this process, or in one of its own for each connection, whose end the host survives.
enum class Isolation : std::uint8_t { in_process, worker };

class Library {
public:
    // Checks the file before any of its code runs, then loads it. sha256 is compared when it is not empty.
    // With Isolation::worker none of its code ever runs in this process; unsupported where there are no workers.
    [[nodiscard]] static model::Result<std::shared_ptr<Library>> load(std::string const& absolute_path,
                                                                      std::string const& sha256,
                                                                      telemetry::Logger& logger,
                                                                      Isolation isolation = Isolation::in_process);
    virtual ~Library() = default;
    [[nodiscard]] virtual std::vector<ConnectorInfo> const& connectors() const noexcept = 0;
    // Creates, initialises and activates an instance. The Library outlives it (it is never unloaded).
    [[nodiscard]] virtual model::Result<std::unique_ptr<Connector>> create(std::string const& id,
                                                                           Services services) = 0;
    // What does the connector's init say to these settings? Nothing is activated, sent or kept. The error has the
    // connector's own words, with the settings that they are about in `fields` where it names them.
    [[nodiscard]] virtual model::Result<void> check_settings(std::string const& id, SettingsCheck check) = 0;
};

}  // namespace crosswalk::plugin_host
