// The scripted fixture connector with everything that it needs around it.
#pragma once

#include "kept_services.hpp"
#include "plugin_host/connector.hpp"
#include "support/fake_clock.hpp"
#include "support/shared_log.hpp"
#include <crosswalk/connector.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace crosswalk::plugin_host {

inline std::string fixture(std::string const& name) {
    return FIXTURES + name + LIBRARY_SUFFIX;
}

// "secret:test/<name>" resolves to what the test put there; anything else is not found.
class TestSecrets final : public model::SecretSource {
public:
    std::map<std::string, std::string, std::less<>> values{{"secret:test/key", "s3cret"}};
    mutable int resolved = 0;

    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const override {
        ++resolved;
        auto const at = values.find(reference);
        if (at == values.end()) {
            return model::Error{model::ErrorCode::not_found, "There is no " + std::string(reference) + "."};
        }
        return model::Secret(at->second);
    }
};

class TestKeyValues final : public KeyValues {
public:
    [[nodiscard]] model::Result<std::pair<std::string, std::uint64_t>> get(std::string const& key) override {
        std::lock_guard const lock(mutex_);
        auto const at = values_.find(key);
        if (at == values_.end()) {
            return model::Error{model::ErrorCode::not_found, "no such key"};
        }
        return at->second;
    }
    [[nodiscard]] model::Result<void> put(std::string const& key, std::string const& value,
                                          std::optional<std::uint64_t> if_version) override {
        std::lock_guard const lock(mutex_);
        auto const at = values_.find(key);
        std::uint64_t const version = at == values_.end() ? 0 : at->second.second;
        if (if_version && *if_version != version) {
            return model::Error{model::ErrorCode::already_exists, "changed meanwhile"};
        }
        values_[key] = {value, version + 1};
        return {};
    }
    [[nodiscard]] model::Result<void> remove(std::string const& key, std::optional<std::uint64_t>) override {
        std::lock_guard const lock(mutex_);
        values_.erase(key);
        return {};
    }

private:
    std::mutex mutex_;  // guards values_
    std::map<std::string, std::pair<std::string, std::uint64_t>> values_;
};

// Where connectors run in this run of the tests: CMake runs most of them twice.
inline Isolation isolation() {
    char const* const wanted = std::getenv("CROSSWALK_TEST_ISOLATION");
    return wanted != nullptr && std::string_view(wanted) == "worker" ? Isolation::worker : Isolation::in_process;
}

class Versatile : public ::testing::Test {
protected:
    // Starts an instance; `settings` are merged over the usual ones.
    [[nodiscard]] model::Result<std::unique_ptr<Connector>> try_start(boost::json::object settings = {},
                                                                      std::string const& id = "versatile") {
        auto library = Library::load(fixture("versatile"), "", logger_, isolation());
        if (!library) {
            return library.error();
        }
        boost::json::object all{{"api_key", "secret:test/key"},
                                {"webhooks", {{"hired", {{"token", "secret:test/key"}}}}},
                                {"base_url", "https://api.example.com/v1"}};
        for (auto const& [name, value] : settings) {
            all[name] = value;
        }
        return (*library)->create(
            id, Services{name_, boost::json::value(std::move(all)), http_, secrets_, key_values_, clock(), logger_,
                         requests_per_second_, keeps_ ? &files_ : nullptr, keeps_ ? &links_ : nullptr,
                         keeps_ ? &kept_secrets_ : nullptr, keeps_ ? &tokens_ : nullptr, rates_});
    }
    void start(boost::json::object settings = {}, std::string const& id = "versatile") {
        auto started = try_start(std::move(settings), id);
        ASSERT_TRUE(started) << started.error().detail;
        connector_ = std::move(*started);
    }
    // One push; the script's answers are the reason.
    [[nodiscard]] model::AttemptReport push(std::string const& script, std::chrono::milliseconds time_max = patience) {
        return connector_->push("obey", "idem-1", 1, {"versatile.thing/1", script, "{}"}, time_max);
    }
    [[nodiscard]] model::AttemptReport look_up(std::string const& script) {
        return connector_->look_up("obey", "idem-1", 2, {"versatile.thing/1", script, "{}"}, patience);
    }
    [[nodiscard]] model::Result<MapResult> map(std::string const& script) {
        return connector_->map_in({"versatile.thing/1", "k", "{}"}, script, patience);
    }
    [[nodiscard]] model::Result<ParseResult> parse(std::string const& script) {
        return connector_->parse_webhook({"POST", "/hooks/here", headers_, script, "127.0.0.1"}, patience);
    }
    [[nodiscard]] model::Result<WebhookVerdict> verify(std::string const& script) {
        return connector_->verify_webhook({"POST", "/hooks/here", headers_, script, "127.0.0.1"}, patience);
    }
    [[nodiscard]] std::string log() const { return sink_.text(); }
    // The log, once it has the text: what a worker logs outside of a call comes beside the call's result. Without the
    // text when its patience is over.
    [[nodiscard]] std::string log_with(std::string const& text) const {
        auto const end = std::chrono::steady_clock::now() + patience;
        while (log().find(text) == std::string::npos && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return log();
    }
    [[nodiscard]] std::size_t log_lines_with(std::string const& text) const {
        std::string const all = log();
        std::size_t count = 0;
        for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) {
            ++count;
        }
        return count;
    }
    [[nodiscard]] virtual model::Clock const& clock() const { return fake_clock_; }

    // Longer than a call takes; a sanitized build multiplies it.
    static constexpr std::chrono::seconds patience{10 * TEST_PATIENCE};
    std::vector<std::pair<std::string, std::string>> headers_{{"x-event-type", "thing.happened"}};
    std::string name_ = "here";  // of the connection
    http::RateLimiters* rates_ = nullptr;
    double requests_per_second_ = 0;
    support::FakeClock fake_clock_;
    model::SystemClock system_clock_;
    support::SharedLog sink_;
    telemetry::Logger logger_{sink_.stream(), fake_clock_, telemetry::Level::debug};
    http::Client http_{{}, system_clock_, logger_};
    TestSecrets secrets_;
    TestKeyValues key_values_;
    bool keeps_ = true;  // false: nobody is behind cw.files/1, cw.links/1, cw.secrets/1 and the access tokens
    TestFiles files_;
    TestLinks links_;
    TestKeptSecrets kept_secrets_;
    TestTokens tokens_;
    std::unique_ptr<Connector> connector_;  // last, so that it goes first
};

}  // namespace crosswalk::plugin_host
