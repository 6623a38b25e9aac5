// The connector for Greenhouse Recruiting (Harvest v3, v1 as legacy, webhooks): hires, applications and jobs out of it,
// notes and files into it.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <memory>
#include <string_view>

namespace crosswalk::greenhouse {

// Constant after init() but for what the Api remembers, which guards itself; so hooks run in parallel.
class Greenhouse final : public connector::Connector {
public:
    void init(connector::Call& call) override;
    [[nodiscard]] connector::Verdict verify_webhook(connector::Call& call,
                                                    connector::WebhookRequest const& request) override;
    void parse_webhook(connector::Call& call, connector::WebhookRequest const& request) override;
    void map(connector::Call& call, connector::MapRequest const& request) override;
    [[nodiscard]] bool poll(connector::Call& call, connector::PollRequest const& request) override;
    void find(connector::Call& call, std::string_view schema, json::object const& query) override;
    [[nodiscard]] connector::Outcome push(connector::Call& call, connector::PushRequest const& request) override;
    [[nodiscard]] connector::Outcome look_up(connector::Call& call, connector::PushRequest const& request) override;
    void probe(connector::Call& call) override;
    [[nodiscard]] bool sweep(connector::Call& call, connector::SweepRequest const& request) override;
    void fetch_swept(connector::Call& call, connector::Event const& listed) override;
    void diagnose(connector::Call& call, std::string_view url, json::array const& events) override;
    [[nodiscard]] json::object oauth(connector::Call& call) override;

private:
    std::unique_ptr<Api> api_;
};

}  // namespace crosswalk::greenhouse
