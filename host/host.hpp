// The running host: builds the rooms from a checked configuration, connects them, starts and stops them in order.
//
// Lifecycle  construct (no side effects) → start → stop. Stop is safe after a failed start and may be repeated.
//            Stop: webhooks are refused first, then the pipeline ends its items, then deliveries drain up to the
//            configured limit, then the store closes. What did not finish is in the store and goes on at the next
//            start.
// Errors     a connector that must not be loaded and a connection that cannot start are listed and logged; the rest
//            runs. A store that cannot be opened or a listener that cannot bind fails the start.
// Threads    start and stop from one thread.
#pragma once

#include "admin/api.hpp"
#include "config/config.hpp"
#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"
#include "plugin_host/connector.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace crosswalk {

inline constexpr char version[] = CROSSWALK_VERSION;

// Connector libraries of a configuration, loaded once per process.
struct Libraries {
    std::map<std::string, std::shared_ptr<plugin_host::Library>> loaded;  // by connector id
    std::vector<admin::LoadedConnector> connectors;                       // in order of their names

    // What config::check must know of them.
    [[nodiscard]] std::vector<config::ConnectorFacts> facts() const;
    // From here on each loaded connector can be asked what it says to settings. The references outlive the Libraries.
    void let_judge(model::SecretSource const& secrets, model::Clock const& clock, telemetry::Logger& logger);
};
[[nodiscard]] Libraries load_libraries(config::Config const& config, telemetry::Logger& logger);

// Everything that is wrong with a loaded configuration: libraries, settings, secrets, routes. Sorted.
[[nodiscard]] std::vector<config::Problem> check(config::Config const& config, model::SecretSource const& secrets,
                                                 telemetry::Logger& logger);

// What connectors say to their connections' settings, with the place of the setting that they name. A connection with
// a problem that is `known` is not asked about.
[[nodiscard]] std::vector<config::Problem> judge_settings(config::Config const& config,
                                                          std::vector<admin::LoadedConnector> const& connectors,
                                                          std::vector<config::Problem> const& known);

class Host {
public:
    // `config` is checked. The references outlive the Host.
    Host(config::Config config, Libraries libraries, model::SecretSource const& secrets, model::Clock const& clock,
         telemetry::Logger& logger);
    Host(Host const&) = delete;
    Host& operator=(Host const&) = delete;
    ~Host();

    [[nodiscard]] model::Result<void> start();
    void stop() noexcept;

    // The ports that are listened on; 0 before start.
    [[nodiscard]] std::uint16_t hooks_port() const noexcept;
    [[nodiscard]] std::uint16_t admin_port() const noexcept;

private:
    class Rooms;
    std::unique_ptr<Rooms> rooms_;
};

}  // namespace crosswalk
