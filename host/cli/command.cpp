#include "cli/command.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace crosswalk::cli {

int exit_code(model::ErrorCode code) noexcept {
    switch (code) {
        case model::ErrorCode::unavailable:
        case model::ErrorCode::deadline_exceeded:
            return unavailable;
        case model::ErrorCode::rate_limited:
        case model::ErrorCode::cancelled:
            return try_again;
        case model::ErrorCode::unauthenticated:
        case model::ErrorCode::permission_denied:
            return permission;
        case model::ErrorCode::invalid_argument:
        case model::ErrorCode::not_found:
        case model::ErrorCode::already_exists:
        case model::ErrorCode::failed_precondition:
        case model::ErrorCode::too_large:
        case model::ErrorCode::unsupported:
            return data;
        default:
            return internal;
    }
}

int main(int argc, char const* const* argv, Surroundings const& around) {
    CLI::App parser("Crosswalk carries people data between hiring and HR systems.", "crosswalk");
    Options options;
    options.config_dir = "/etc/crosswalk";
    std::string output = "text";
    parser.add_option("-c,--config", options.config_dir, "Folder of the configuration")->envname("CROSSWALK_CONFIG");
    parser.add_option("-o,--output", output, "How to print: text or json")->check(CLI::IsMember({"text", "json"}));
    parser.set_version_flag("--version", "crosswalk " + around.version);
    parser.require_subcommand(1);
    parser.fallthrough();
    Action chosen;
    for (AddCommand const add : commands()) {
        add(parser, options, around, chosen);
    }
    try {
        parser.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        bool const asked = error.get_exit_code() == 0;  // --help, --version
        parser.exit(error, around.out, around.err);
        return asked ? ok : usage;
    }
    options.json = output == "json";
    return chosen();
}

}  // namespace crosswalk::cli
