// crosswalk-sandbox: the vendors on a loopback port, until it is told to end.
//
// Prints one line of JSON to stdout when it is ready: {"port":40123,"lever":"http://127.0.0.1:40123/lever/v1",…}.

#include "sandbox/sandbox.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>

namespace {

// Nothing here outlives the process, so a signal may end it on the spot.
extern "C" void end_at_once(int /*signal*/) {
    std::_Exit(0);
}

void wait_for_end(bool until_stdin_closes) {
    if (!until_stdin_closes) {
        std::promise<void>().get_future().wait();
    }
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Plays Lever, GoCo and Greenhouse on loopback, strictly.", "crosswalk-sandbox");
    crosswalk::sandbox::Options options;
    bool until_stdin_closes = false;
    app.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one");
    app.add_option("--threads", options.threads, "Connections answered at once")->check(CLI::Range(2, 1024));
    app.add_flag("--until-stdin-closes", until_stdin_closes, "End when standard input does");
    CLI11_PARSE(app, argc, argv);

    std::signal(SIGTERM, end_at_once);
    std::signal(SIGINT, end_at_once);
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN);
#endif
    crosswalk::sandbox::Sandbox sandbox;
    auto const port = sandbox.start(options);
    if (!port) {
        std::cerr << port.error().detail << '\n';
        return 69;
    }
    std::string const base = "http://127.0.0.1:" + std::to_string(*port);
    std::cout << boost::json::serialize(boost::json::object{{"port", *port},
                                                            {"lever", base + "/lever/v1"},
                                                            {"charthop", base + "/charthop"},
                                                            {"goco", base + "/goco"},
                                                            {"greenhouse", base + "/greenhouse"},
                                                            {"hireguide", base + "/hireguide"},
                                                            {"hrlogics", base + "/hrlogics"},
                                                            {"control", base + "/control"}})
              << std::endl;
    wait_for_end(until_stdin_closes);
    sandbox.stop();
    return 0;
}
