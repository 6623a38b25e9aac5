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

#include "http/client.hpp"
#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/outcome.hpp"
#include "model/record.hpp"
#include "model/secret.hpp"
#include "telemetry/log.hpp"

#include <boost/json/value.hpp>

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

// A connector's private durable state; the store implements it.
class KeyValues {
public:
    virtual ~KeyValues() = default;
    // not_found; already_exists when the version no longer holds.
    [[nodiscard]] virtual model::Result<std::pair<std::string, std::uint64_t>> get(std::string const& key) = 0;
    [[nodiscard]] virtual model::Result<void> put(std::string const& key, std::string const& value,
                                                  std::optional<std::uint64_t> if_version) = 0;
    [[nodiscard]] virtual model::Result<void> remove(std::string const& key,
                                                     std::optional<std::uint64_t> if_version) = 0;
};

// What one instance may use. References outlive the instance.
struct Services {
    std::string connection;
    boost::json::value settings;  // secrets are references
    http::Client& http;
    model::SecretSource const& secrets;
    KeyValues& key_values;
    model::Clock const& clock;
    telemetry::Logger& logger;
    double requests_per_second = 0;  // 0: what the descriptor says
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
    std::string reason;  // why there is none, in words
};

struct PollResult {
    std::vector<model::Event> events;
    std::optional<std::string> cursor;
    bool more = false;
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
    [[nodiscard]] virtual model::Result<PollResult> poll(std::string const& cursor,
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
    // Ends running calls early; the next ones fail with cancelled.
    virtual void cancel() noexcept = 0;
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
};

}  // namespace crosswalk::plugin_host
