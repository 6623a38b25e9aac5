// What one connector instance may use of the rest of the host. Whoever makes connectors implements these; absent ones
// answer the connector with "unsupported".
//
// Threads  every implementation is safe from any thread.
// Errors   model::Result; details hold neither secrets nor personal values.
// Owner    references and pointers outlive the instance.
#pragma once

#include "http/client.hpp"
#include "http/rate_limiter.hpp"
#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"
#include "telemetry/log.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::plugin_host {

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

// Files on their way between systems, each known by the SHA-256 of its content in lower-case hex.
class Files {
public:
    virtual ~Files() = default;
    // too_large; unavailable when the disk is full. Returns the id; the same content twice is one file.
    [[nodiscard]] virtual model::Result<std::string> put(std::string_view bytes) = 0;
    // not_found, corruption. It stays readable when the file is purged meanwhile.
    [[nodiscard]] virtual model::Result<std::unique_ptr<http::FileSource>> open(std::string const& id) = 0;
    // A file that is being fetched. What nobody keeps is gone with the object.
    class Incoming : public http::FileSink {
    public:
        // Takes it over and returns its id. Once.
        [[nodiscard]] virtual model::Result<std::string> keep() = 0;
    };
    [[nodiscard]] virtual model::Result<std::unique_ptr<Incoming>> incoming() = 0;
    [[nodiscard]] virtual std::int64_t bytes_max() const noexcept = 0;  // of one file
};

// One record, in one connection's system.
struct Ref {
    std::string system;  // the connection
    std::string kind;
    std::string id;
    friend bool operator==(Ref const&, Ref const&) = default;
};

// Which record is the same thing as which record of another connection.
class Links {
public:
    virtual ~Links() = default;
    // An earlier link of `theirs` with a record of the system and kind of `ours` is replaced.
    [[nodiscard]] virtual model::Result<void> put(Ref const& ours, Ref const& theirs) = 0;
    [[nodiscard]] virtual model::Result<std::vector<Ref>> find(Ref const& of) = 0;
    // not_found.
    [[nodiscard]] virtual model::Result<void> remove(Ref const& ours, Ref const& theirs) = 0;
};

// Secrets of one connection that came from the vendor at run time, kept encrypted.
class KeptSecrets {
public:
    virtual ~KeptSecrets() = default;
    // not_found. `pointer` is a JSON Pointer into the settings.
    [[nodiscard]] virtual model::Result<model::Secret> get(std::string const& pointer) = 0;
    // The one before, as long as a rotation lets it count beside the new one: a signature may be made with either.
    // not_found.
    [[nodiscard]] virtual model::Result<model::Secret> get_previous(std::string const& /*pointer*/) {
        return model::Error{model::ErrorCode::not_found, "There is no earlier secret that still counts."};
    }
    [[nodiscard]] virtual model::Result<void> put(std::string const& pointer, model::Secret const& value) = 0;
    [[nodiscard]] virtual model::Result<void> remove(std::string const& pointer) = 0;  // not_found
};

// The OAuth access token of one connection.
class AccessTokens {
public:
    virtual ~AccessTokens() = default;
    // A token that is good for at least a minute; it is fetched or refreshed first where needed.
    // unauthenticated: consent is missing, refused or revoked. unavailable: the vendor does not answer.
    [[nodiscard]] virtual model::Result<model::Secret> current() = 0;
    // The vendor refused this one with 401: another one, or unauthenticated when there will be none.
    [[nodiscard]] virtual model::Result<model::Secret> instead_of(model::Secret const& refused) = 0;
};

struct Services {
    std::string connection;
    boost::json::value settings;  // secrets are references
    http::Client& http;
    model::SecretSource const& secrets;
    KeyValues& key_values;
    model::Clock const& clock;
    telemetry::Logger& logger;
    double requests_per_second = 0;  // 0: what the descriptor says
    Files* files = nullptr;
    Links* links = nullptr;
    KeptSecrets* kept_secrets = nullptr;
    AccessTokens* access_tokens = nullptr;
    http::RateLimiters* rates = nullptr;  // absent: the connection shares its rate with no other
};

}  // namespace crosswalk::plugin_host
