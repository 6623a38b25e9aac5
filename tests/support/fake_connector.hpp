// A connector whose every answer a test decides: the host's rooms are tested against it without any library.
#pragma once

#include "plugin_host/connector.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace crosswalk::support {

class FakeConnector final : public plugin_host::Connector {
public:
    struct Push {
        std::string action;
        std::string idempotency_key;
        int attempt = 0;
        bool look_up = false;
        model::Record record;
    };

    FakeConnector() {
        info_.id = "fake";
        info_.name = "Fake";
        info_.triggers = {{"candidate.hired", "A hire", "fake.hire/1", "crosswalk.hire/1"}};
        info_.actions = {{"create", "Create", "crosswalk.hire/1", "fake.person/1"},
                         {"add_note", "Add a note", "crosswalk.note/1", "fake.note/1"}};
    }

    // What the hooks do; replace them in a test.
    std::function<model::Result<plugin_host::WebhookVerdict>(plugin_host::HttpRequestView const&)> on_verify =
        [](plugin_host::HttpRequestView const& request) -> model::Result<plugin_host::WebhookVerdict> {
        return plugin_host::WebhookVerdict{plugin_host::Disposition::accept, "candidate.hired",
                                           std::string(request.body)};
    };
    std::function<model::Result<plugin_host::ParseResult>(plugin_host::HttpRequestView const&)> on_parse =
        [](plugin_host::HttpRequestView const& request) -> model::Result<plugin_host::ParseResult> {
        std::string const id(request.body);
        return plugin_host::ParseResult{
            {{id, "candidate.hired", "person:" + id, "Person " + id, 0, {"fake.hire/1", {}, R"({"first_name":"A"})"}}},
            {}};
    };
    std::function<model::Result<plugin_host::MapResult>(model::Record const&, std::string const&)> on_map =
        [](model::Record const& record, std::string const& schema) -> model::Result<plugin_host::MapResult> {
        return plugin_host::MapResult{{{schema, record.key, record.json}}, {}, {}};
    };
    std::function<model::AttemptReport(Push const&)> on_push = [](Push const&) {
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    std::function<model::Result<plugin_host::PollResult>(plugin_host::PollRequest const&)> on_poll =
        [](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        return plugin_host::PollResult{};
    };
    std::function<model::Result<plugin_host::ProbeReport>()> on_probe =
        []() -> model::Result<plugin_host::ProbeReport> { return plugin_host::ProbeReport{}; };
    std::function<model::Result<std::optional<plugin_host::OAuthDescription>>()> on_oauth =
        []() -> model::Result<std::optional<plugin_host::OAuthDescription>> {
        return std::optional<plugin_host::OAuthDescription>();
    };
    std::function<model::Result<plugin_host::ProbeReport>(std::string const&, std::vector<std::string> const&)>
        on_subscribe =
            [](std::string const&, std::vector<std::string> const&) -> model::Result<plugin_host::ProbeReport> {
        return plugin_host::ProbeReport{};
    };
    std::function<model::Result<plugin_host::PollResult>(plugin_host::SweepRequest const&)> on_sweep =
        [](plugin_host::SweepRequest const&) -> model::Result<plugin_host::PollResult> {
        return plugin_host::PollResult{};
    };
    std::function<model::Result<plugin_host::ParseResult>(model::Event const&)> on_fetch_swept =
        [](model::Event const& listed) -> model::Result<plugin_host::ParseResult> {
        return plugin_host::ParseResult{{listed}, {}};
    };
    std::function<model::Result<plugin_host::ProbeReport>(std::string const&, std::vector<std::string> const&)>
        on_diagnose =
            [](std::string const&, std::vector<std::string> const&) -> model::Result<plugin_host::ProbeReport> {
        return plugin_host::ProbeReport{};
    };
    std::function<model::Result<void>()> on_unsubscribe = []() -> model::Result<void> { return {}; };
    bool looks_up = true;

    [[nodiscard]] std::vector<Push> pushes() const {
        std::lock_guard const lock(mutex_);
        return pushes_;
    }

    [[nodiscard]] plugin_host::ConnectorInfo const& info() const noexcept override { return info_; }
    plugin_host::ConnectorInfo& info() noexcept { return info_; }
    model::Result<plugin_host::WebhookVerdict> verify_webhook(plugin_host::HttpRequestView const& request,
                                                              std::chrono::milliseconds) override {
        return on_verify(request);
    }
    model::Result<plugin_host::ParseResult> parse_webhook(plugin_host::HttpRequestView const& request,
                                                          std::chrono::milliseconds) override {
        return on_parse(request);
    }
    model::Result<plugin_host::PollResult> poll(plugin_host::PollRequest const& request,
                                                std::chrono::milliseconds) override {
        return on_poll(request);
    }
    model::Result<plugin_host::MapResult> map_in(model::Record const& record, std::string const& to_schema,
                                                 std::chrono::milliseconds) override {
        return on_map(record, to_schema);
    }
    model::Result<plugin_host::MapResult> map_out(model::Record const& record, std::string const& to_schema,
                                                  std::chrono::milliseconds) override {
        return on_map(record, to_schema);
    }
    model::AttemptReport push(std::string const& action, std::string const& idempotency_key, int attempt,
                              model::Record const& record, std::chrono::milliseconds) override {
        return remember({action, idempotency_key, attempt, false, record});
    }
    model::AttemptReport look_up(std::string const& action, std::string const& idempotency_key, int attempt,
                                 model::Record const& record, std::chrono::milliseconds) override {
        return remember({action, idempotency_key, attempt, true, record});
    }
    [[nodiscard]] bool can_look_up() const noexcept override { return looks_up; }
    model::Result<plugin_host::ProbeReport> probe(std::chrono::milliseconds) override { return on_probe(); }
    model::Result<std::optional<plugin_host::OAuthDescription>> oauth(std::chrono::milliseconds) override {
        return on_oauth();
    }
    model::Result<plugin_host::ProbeReport> subscribe(std::string const& url, std::vector<std::string> const& events,
                                                      std::chrono::milliseconds) override {
        return on_subscribe(url, events);
    }
    model::Result<void> unsubscribe(std::chrono::milliseconds) override { return on_unsubscribe(); }
    model::Result<plugin_host::PollResult> sweep(plugin_host::SweepRequest const& request,
                                                 std::chrono::milliseconds) override {
        return on_sweep(request);
    }
    model::Result<plugin_host::ParseResult> fetch_swept(model::Event const& listed,
                                                        std::chrono::milliseconds) override {
        return on_fetch_swept(listed);
    }
    model::Result<plugin_host::ProbeReport> diagnose(std::string const& url, std::vector<std::string> const& events,
                                                     std::chrono::milliseconds) override {
        return on_diagnose(url, events);
    }
    void cancel() noexcept override { cancelled = true; }

    std::atomic<bool> cancelled{false};

private:
    model::AttemptReport remember(Push push) {
        {
            std::lock_guard const lock(mutex_);
            pushes_.push_back(push);
        }
        return on_push(push);
    }

    plugin_host::ConnectorInfo info_;
    mutable std::mutex mutex_;  // guards pushes_
    std::vector<Push> pushes_;
};

}  // namespace crosswalk::support
