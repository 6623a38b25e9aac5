// crosswalk validate
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

int validate(Options const& options, Surroundings const& around) {
    config::Loaded loaded = config::load(options.config_dir);
    std::vector<config::Problem> problems = std::move(loaded.problems);
    if (loaded.config) {
        problems = around.check(*loaded.config);
    }
    if (options.json) {
        json::array list;
        for (config::Problem const& problem : problems) {
            list.push_back(json::object{{"file", problem.file},
                                        {"line", problem.line},
                                        {"column", problem.column},
                                        {"message", problem.message}});
        }
        around.out << json::serialize(json::object{{"valid", problems.empty()}, {"problems", std::move(list)}}) << '\n';
    } else {
        for (config::Problem const& problem : problems) {
            around.err << config::to_string(problem) << '\n';
        }
        if (problems.empty()) {
            around.out << "The configuration in " << options.config_dir.string()
                       << " is valid: " << loaded.config->connections.size() << " connections, "
                       << loaded.config->routes.size() << " routes.\n";
        }
    }
    return problems.empty() ? ok : configuration;
}

}  // namespace

void add_validate(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const command =
        parser.add_subcommand("validate", "Check the configuration, its secrets and its connector libraries");
    command->callback([&] { chosen = [&] { return validate(options, around); }; });
}

}  // namespace crosswalk::cli
