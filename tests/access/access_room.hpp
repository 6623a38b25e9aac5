// A store, a clock, a sealer, and a vendor's token endpoint on loopback that answers what a test scripts.
#pragma once

#include "access/token_keeper.hpp"
#include "http/server.hpp"
#include "support/fake_clock.hpp"
#include "support/test_store.hpp"
#include "vault/base64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace crosswalk::access {

// Answers each request with the next script; 500 when there is none left.
class TokenServer {
public:
    using Script = std::function<http::Response(http::Request const&)>;

    explicit TokenServer(telemetry::Logger& logger)
        : server_(
              http::ServerOptions{}, [this](http::Request const& request) { return handle(request); }, logger) {
        EXPECT_TRUE(server_.start());
    }
    TokenServer(TokenServer const&) = delete;
    TokenServer& operator=(TokenServer const&) = delete;
    ~TokenServer() { server_.stop(std::chrono::seconds(1)); }

    void then(Script script) {
        std::lock_guard const lock(mutex_);
        scripts_.push_back(std::move(script));
    }
    void then(int status, std::string body) {
        then([=](http::Request const&) { return http::Response{status, "application/json", body, {}}; });
    }
    // A good answer of that pair, lasting an hour.
    void grant(std::string const& access, std::string const& refresh) {
        then(200, R"({"access_token":")" + access + R"(","refresh_token":")" + refresh +
                      R"(","token_type":"Bearer","expires_in":3600})");
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/token"; }
    [[nodiscard]] std::vector<http::Request> requests() const {
        std::lock_guard const lock(mutex_);
        return requests_;
    }
    [[nodiscard]] std::string last_body() const {
        auto const all = requests();
        return all.empty() ? "nothing was asked" : all.back().body;
    }

private:
    http::Response handle(http::Request const& request) {
        Script script;
        {
            std::lock_guard const lock(mutex_);
            requests_.push_back(request);
            if (scripts_.empty()) {
                return {500, "text/plain", "no script", {}};
            }
            script = std::move(scripts_.front());
            scripts_.pop_front();
        }
        return script(request);
    }

    mutable std::mutex mutex_;  // guards what follows
    std::deque<Script> scripts_;
    std::vector<http::Request> requests_;
    http::Server server_;  // goes first: it uses all of the above
};

// Sealed rows whose writes fail while a test says so.
class FailingSealed final : public store::Sealed {
public:
    using store::Sealed::Sealed;
    model::Result<void> change(std::string const& connection, std::vector<Change> const& changes) override {
        if (fails) {
            return model::Error{model::ErrorCode::unavailable, "The disk is full."};
        }
        return store::Sealed::change(connection, changes);
    }
    std::atomic<bool> fails{false};
};

struct AccessRoom : testing::Test {
    // Wall time is the test's; deadlines of requests are real.
    struct Clock final : model::Clock {
        support::FakeClock wall;
        [[nodiscard]] model::TimePoint now() const noexcept override { return wall.now(); }
        [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const noexcept override {
            return std::chrono::steady_clock::now();
        }
        void advance(std::chrono::microseconds by) noexcept { wall.advance(by); }
    };

    Clock clock;
    support::TestStore store{clock};
    FailingSealed sealed{store.store()};
    vault::Sealer sealer = vault::Sealer::from(model::Secret(vault::base64(std::string(32, 'k')))).value();
    http::Client client{{}, clock, store.logger()};
    TokenServer vendor{store.logger()};

    [[nodiscard]] plugin_host::OAuthDescription description(std::string grant = "authorization_code") const {
        plugin_host::OAuthDescription how;
        how.grant = std::move(grant);
        how.authorize_url = "https://auth.example.com/authorize";
        how.token_url = vendor.url();
        how.client_id = "client-1";
        how.client_secret = "/auth/client_secret";
        how.client_auth = "body";
        how.scopes = {"people:read", "offline_access"};
        how.permissions = {"Read people"};
        return how;
    }
    std::unique_ptr<TokenKeeper> keeper(plugin_host::OAuthDescription how) {
        auto made = std::make_unique<TokenKeeper>("lever", sealed, sealer, clock, store.logger());
        auto const used = made->use(std::make_unique<TokenEndpoint const>(
            std::move(how), http::EgressPolicy({"127.0.0.1"}),
            [](std::string const&) { return model::Result<model::Secret>(model::Secret("client-secret")); }, client,
            clock));
        EXPECT_TRUE(used) << used.error().detail;
        return made;
    }
    std::unique_ptr<TokenKeeper> keeper() { return keeper(description()); }
    // A keeper of a connection that was consented to: access-1 and refresh-1.
    std::unique_ptr<TokenKeeper> consented() {
        auto made = keeper();
        vendor.grant("access-1", "refresh-1");
        EXPECT_TRUE(made->exchange("code-1", model::Secret("verifier-1"), "https://hooks.example.com/oauth/callback"));
        return made;
    }
    static std::string text(model::Result<model::Secret> const& token) {
        return token ? std::string(token->reveal()) : std::string(model::name(token.error().code));
    }
};

}  // namespace crosswalk::access
