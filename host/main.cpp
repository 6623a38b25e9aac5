// The program: parses the command line, and for `run` becomes a daemon or service around one Host.
#include "cli/command.hpp"
#include "host.hpp"
#include "platform/notify.hpp"
#include "platform/process.hpp"
#include "platform/secrets.hpp"
#include "platform/signals.hpp"
#include "schedule/timetable.hpp"

#include <Poco/Util/ServerApplication.h>

#include <iostream>

namespace crosswalk {
namespace {

std::unique_ptr<model::SecretSource> system_secrets(config::Config const& config) {
    return std::make_unique<platform::SystemSecrets>(platform::credentials_directory(), config.directory / "secrets");
}

// Poco's part: what a service manager expects, on Linux and on Windows.
class Service final : public Poco::Util::ServerApplication {
public:
    explicit Service(Host& host) : host_(host) {}

protected:
    int main(std::vector<std::string> const&) override {
        if (auto const started = host_.start(); !started) {
            std::cerr << "crosswalk: " << started.error().detail << '\n';
            host_.stop();
            return cli::exit_code(started.error().code);
        }
        platform::notify_ready();
        waitForTerminationRequest();
        platform::notify_stopping();
        host_.stop();
        return cli::ok;
    }

private:
    Host& host_;
};

int run(config::Config const& loaded, model::Clock const& clock) {
    telemetry::Logger logger(std::cout, clock, telemetry::parse_level(loaded.log_level));
    std::unique_ptr<model::SecretSource> const secrets = system_secrets(loaded);
    Libraries libraries = load_libraries(loaded, logger);
    config::Config config = loaded;
    config::apply_schema_types(config, libraries.facts());
    std::vector<config::Problem> problems = config::check(config, libraries.facts(), schedule::known_zones);
    for (config::Problem& missing : config::missing_secrets(config, *secrets)) {
        problems.push_back(std::move(missing));
    }
    libraries.let_judge(*secrets, clock, logger);
    for (config::Problem& judged : judge_settings(config, libraries.connectors, problems)) {
        problems.push_back(std::move(judged));
    }
    for (config::Problem const& problem : problems) {
        std::cerr << config::to_string(problem) << '\n';
    }
    if (!problems.empty()) {
        return cli::configuration;
    }
    std::size_t const sockets = config.limits.connections_max + 512;
    if (platform::raise_open_files_limit(sockets) < sockets) {
        logger.warn("The limit of open files is below the connection limit.", {{"wanted", sockets}});
    }
    Host host(std::move(config), std::move(libraries), *secrets, clock, logger);
    Service service(host);
    char name[] = "crosswalk";
    char* arguments[] = {name, nullptr};
    return service.run(1, arguments);
}

}  // namespace
}  // namespace crosswalk

int main(int argc, char** argv) {
    using namespace crosswalk;
    platform::block_termination_signals();
    platform::restrict_new_files();
    platform::forbid_core_dumps();
    model::SystemClock const clock;
    std::ostream silence(nullptr);  // commands print their own errors
    telemetry::Logger quiet(silence, clock, telemetry::Level::error);
    cli::Surroundings const around{
        std::cout,
        std::cerr,
        clock,
        quiet,
        version,
        platform::system_name(),
        [&](config::Config const& config) { return run(config, clock); },
        [&](config::Config const& config) { return check(config, *system_secrets(config), quiet); },
        system_secrets,
    };
    try {
        return cli::main(argc, argv, around);
    } catch (std::exception const& error) {
        std::cerr << "crosswalk: internal error: " << error.what() << '\n';
        return cli::internal;
    }
}
