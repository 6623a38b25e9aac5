// Configuration: a folder of strict YAML (or JSON) in, one checked struct out.
//
// Shape    <dir>/crosswalk.yaml, <dir>/connections/*.yaml, <dir>/routes/*.yaml, <dir>/tables/*.csv (also *.json).
// Paths    relative paths in any file are relative to the folder.
// Strict   unknown and duplicate keys, anchors, aliases, merge keys, tags and `${…}` are errors. Strings stay strings:
//          `yes`, `0012` and dates are not retyped. Files, depth and size are limited.
// Errors   every problem of every file is reported at once, each with file, line, column, what is wrong, the nearest
//          known name and what to do. Nothing is returned when there is one.
// Secrets  only as references ("secret:<provider>/<name>"); they are resolved by whoever needs them, never stored.
// Threads  load is a plain function; a Config is constant afterwards.
#pragma once

#include "model/mapping.hpp"
#include "model/route.hpp"
#include "model/secret.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::config {

struct Problem {
    std::string file;  // relative to the folder
    int line = 0;      // from 1; 0 when the file as a whole is meant
    int column = 0;
    std::string message;  // what is wrong and what to do about it
};
// "routes/x.yaml:7:3: unknown key 'requird'; did you mean 'require'?"
[[nodiscard]] std::string to_string(Problem const& problem);

struct Position {
    std::string file;
    int line = 0;
    int column = 0;
};

struct TlsFiles {
    std::string certificate;  // path
    std::string key;          // secret reference
};
struct Listen {
    std::string address;
    std::uint16_t port = 0;
    std::optional<TlsFiles> tls = std::nullopt;
};

struct Connector {
    std::string name;  // the key under `connectors:`; equals the descriptor's id
    bool enabled = true;
    std::string library = {};              // absolute after load; empty: <connectors_dir>/<name>/<name>.so
    std::string sha256 = {};               // pinned digest, may be empty
    std::string isolation = "in-process";  // or "worker"
    Position position = {};
};

// Looking for events that the vendor should have sent and did not.
struct Sweep {
    bool enabled = true;  // where the connector can list them
    std::chrono::milliseconds every = std::chrono::hours(1);
    std::chrono::milliseconds look_back = std::chrono::hours(72);
    std::chrono::milliseconds settle = std::chrono::minutes(10);  // younger than this is not missing yet
};

struct Connection {
    std::string name;
    std::string connector;
    boost::json::value settings = nullptr;           // as written; secrets are still references
    std::map<std::string, Position> positions = {};  // JSON Pointer into settings → where its key is written
    std::map<std::string, std::string> plain = {};   // JSON Pointer → text of what was written without quotes
    std::string path_key = {};                       // secret reference; the last segment of /hooks/<name>/<key>
    // Who makes the webhooks at the vendor: "automatic" (the host), "manual" (a person), or empty: the host where it
    // can (store.key and public_url are set, the connector knows how).
    std::string webhooks = {};
    double requests_per_second = 0;  // 0: the connector's own default
    int deliveries_at_once = 0;      // 0: limits.deliveries_at_once
    Sweep sweep = {};
    Position position = {};            // of the file
    Position connector_position = {};  // of `connector:`
    Position path_key_position = {};   // of `path_key:`
    Position webhooks_position = {};   // of `webhooks:`
};

struct Route {
    model::Route route;
    std::map<std::string, Position> positions = {};        // JSON Pointer into the file → where its key is written
    boost::json::value select = boost::json::object{};     // `from.select` as written
    std::map<std::string, std::string> select_plain = {};  // as Connection::plain
};

struct Smtp {
    std::string host;
    std::uint16_t port = 587;
    std::string user = {};
    std::string password = {};  // secret reference, may be empty
    std::string from = {};
    bool starttls = true;  // false only for a loopback host
};
struct Notify {
    std::vector<std::string> email_to = {};  // empty: no mail
    std::optional<Smtp> smtp = std::nullopt;
    std::chrono::minutes throttle{15};  // one mail per route and reason in this time
};

struct Limits {
    std::size_t body_bytes_max = 1024 * 1024;
    std::size_t connections_max = 1000;
    std::size_t inbox_pending_max = 1'000'000;  // above it webhooks get 429
    int delivery_workers = 64;                  // threads at most; no more are started than all connections can use
    int deliveries_at_once = 8;                 // to one connection
    int polls_at_once = 4;                      // runs of routes that ask for their events
    std::chrono::milliseconds hook_time_max{30'000};
    std::chrono::milliseconds drain_time_max{30'000};
    std::chrono::hours dedupe_window{24 * 30};
    std::size_t file_bytes_max = std::size_t{64} * 1024 * 1024;          // of one attachment
    std::size_t store_bytes_max = std::size_t{32} * 1024 * 1024 * 1024;  // above it webhooks get 503
    std::size_t files_total_bytes_max = std::size_t{2} * 1024 * 1024 * 1024;
};

// When a target is taken for down, and how often it is tried then; see deliver/breaker.hpp.
struct Breaker {
    int failures = 5;  // in a row
    std::chrono::milliseconds first{30'000};
    std::chrono::milliseconds longest{600'000};
};

// How long what is kept is kept; counted from when an event was received, or a file was last fetched.
struct Retention {
    std::chrono::hours payloads{24 * 30};       // content of events that ended; their history stays
    std::chrono::hours dead_letters{24 * 180};  // content of events that can still be replayed from a dead letter
    std::chrono::hours history{24 * 400};       // not below the others, nor limits.dedupe_window
    std::chrono::hours files{24 * 30};          // attachments that no record names
};

// A secret reference and where it is written.
struct SecretUse {
    std::string reference;
    Position position = {};
};

struct Config {
    std::filesystem::path directory = {};  // absolute
    Listen hooks{"127.0.0.1", 8470, std::nullopt};
    Listen admin{"127.0.0.1", 8471, std::nullopt};
    std::string admin_token = {};               // secret reference
    std::string public_url = {};                // how vendors reach the hooks listener: "https://hooks.example.com"
    std::filesystem::path store_path = {};      // absolute after load
    std::string store_key = {};                 // secret reference; empty: nothing can be kept encrypted
    std::filesystem::path connectors_dir = {};  // absolute after load; empty: not set, the host looks beside itself
    std::string log_level = "info";
    std::string ca_file = {};  // absolute after load, may be empty
    Notify notify = {};
    Limits limits = {};
    Breaker breaker = {};
    Retention retention = {};
    std::map<std::string, Connector> connectors = {};
    std::map<std::string, Connection> connections = {};
    std::map<std::string, Route> routes = {};
    std::map<std::string, model::ValueTable, std::less<>> tables = {};
    std::vector<SecretUse> secrets = {};  // every reference; those in connections of disabled connectors are left out
};

struct Loaded {
    std::optional<Config> config = std::nullopt;  // set exactly when `problems` is empty
    std::vector<Problem> problems = {};           // sorted by file and line
};
// Reads the folder. Problems that need a connector's description are found by check().
[[nodiscard]] Loaded load(std::filesystem::path const& directory);

// What check() must know of a loaded connector: the descriptor, as plain data.
struct ConnectorFacts {
    struct Trigger {
        std::string event;
        std::string schema;
        std::string canonical;  // "crosswalk.hire/1"
        bool polled = false;
        bool signal = false;             // carries no record; only starts runs
        std::string select_schema = {};  // JSON Schema text; empty: a route may select nothing
    };
    struct Action {
        std::string name;
        std::string canonical;
        std::string schema;
    };
    std::string id;
    std::string settings_schema;  // JSON Schema text
    std::vector<Trigger> triggers = {};
    std::vector<Action> actions = {};
    std::vector<std::string> secrets = {};  // JSON Pointers, a segment * is any name
};

// Checks settings against the connectors' schemas, that secrets stand exactly where a connector declares them (a
// plain value there is refused without being shown), and that routes name known events, actions, tables and
// fields; that schedules stand at polled events, selections fit them, and switches name boolean settings. `facts` holds
// the connectors that could be loaded; connections of others are reported by the caller. `zones` gives the time zones
// that this machine knows, and is asked only if a schedule names one, since it reads hundreds of files; without it, or
// when it gives none, they are not checked.
[[nodiscard]] std::vector<Problem> check(Config const& config, std::vector<ConnectorFacts> const& facts,
                                         std::function<std::vector<std::string>()> const& zones = {});

// Settings as their connector wants them. After load a value written without quotes is a number or boolean only if it
// cannot be anything else (`true`, `12`, `1.5`; but `yes`, `0012`, `1.10` are strings); here the type that the schema
// names for the key decides: `company: 12` becomes "12" where a string is wanted, `rate: 1.10` a number where one is.
// Selections get their types the same way, and routes learn which of their switches is off.
// Call it once between load() and making connectors; check() judges settings as this leaves them.
void apply_schema_types(Config& config, std::vector<ConnectorFacts> const& facts);

// Every reference that `secrets` does not resolve, with its position and the reason; never a value.
[[nodiscard]] std::vector<Problem> missing_secrets(Config const& config, model::SecretSource const& secrets);

// Of `known`, the one most like `given`; empty when none is close.
[[nodiscard]] std::string nearest(std::string_view given, std::vector<std::string> const& known);

}  // namespace crosswalk::config
