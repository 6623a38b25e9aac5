// A terminal with a configuration folder and, when a test wants one, a host that gives canned answers.
#pragma once

#include "cli/command.hpp"
#include "http/server.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

namespace crosswalk::cli {

struct Terminal : testing::Test {
    // Knows one secret.
    class Secrets final : public model::SecretSource {
    public:
        explicit Secrets(bool known) : known_(known) {}
        [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const override {
            if (!known_ || reference != "secret:env/ADMIN_TOKEN") {
                return model::Error{model::ErrorCode::not_found, "No secret " + std::string(reference) + "."};
            }
            return model::Secret("correct-horse");
        }

    private:
        bool const known_;
    };

    support::TemporaryFolder folder;
    model::SystemClock clock;
    std::ostringstream log;
    telemetry::Logger logger{log, clock};
    std::ostringstream out;
    std::ostringstream err;
    bool secret_known = true;
    int run_exit = 0;
    int runs = 0;
    std::vector<config::Problem> found;  // by `check`

    std::mutex mutex;  // guards asked
    std::vector<http::Request> asked;
    http::Response answer{200, "application/json", "{}", {}};
    std::map<std::string, http::Response> answers;  // by target, instead of `answer`
    std::unique_ptr<http::Server> host;

    Terminal() { configure(1); }
    ~Terminal() override {
        if (host) {
            host->stop(std::chrono::seconds(1));
        }
    }

    void write(std::string const& file, std::string const& text) const {
        std::ofstream(folder.path() / file, std::ios::binary) << text;
    }
    void configure(std::uint16_t port) const {
        write("crosswalk.yaml", "version: 1\nlisten:\n  admin: { address: \"127.0.0.1:" + std::to_string(port) +
                                    "\", token: \"secret:env/ADMIN_TOKEN\" }\n");
    }
    void start_host() {
        http::ServerOptions options;
        options.name = "admin";
        host = std::make_unique<http::Server>(
            options,
            [this](http::Request const& request) {
                std::lock_guard const lock(mutex);
                asked.push_back(request);
                if (auto const own = answers.find(request.target); own != answers.end()) {
                    return own->second;
                }
                return request.header("authorization") == "Bearer correct-horse"
                           ? answer
                           : http::problem(401, "This needs the admin token.");
            },
            logger);
        ASSERT_TRUE(host->start());
        configure(host->port());
    }
    // Runs a command against a host that answers with this body; returns its exit code.
    int with(std::string body, std::vector<std::string> arguments, int status = 200) {
        if (!host) {
            start_host();
        }
        answer = {status, "application/json", std::move(body), {}};
        return run(std::move(arguments));
    }
    int run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"crosswalk", "--config", folder.path().string()});
        return run_as_given(arguments);
    }
    int run_as_given(std::vector<std::string> const& arguments) {
        out.str({});
        err.str({});
        std::vector<char const*> argv;
        for (std::string const& argument : arguments) {
            argv.push_back(argument.c_str());
        }
        Surroundings const around{out,
                                  err,
                                  clock,
                                  logger,
                                  "1.2.3",
                                  "Testix 1.0 riscv64",
                                  [this](config::Config const&) {
                                      ++runs;
                                      return run_exit;
                                  },
                                  [this](config::Config const&) { return found; },
                                  [this](config::Config const&) { return std::make_unique<Secrets>(secret_known); }};
        return main(static_cast<int>(argv.size()), argv.data(), around);
    }
    // "POST /api/v1/…" of the last request, and its body.
    std::string last_request() {
        std::lock_guard const lock(mutex);
        return asked.empty() ? "none" : asked.back().method + " " + asked.back().target;
    }
    std::string last_body() {
        std::lock_guard const lock(mutex);
        return asked.empty() ? "none" : asked.back().body;
    }
};

}  // namespace crosswalk::cli
