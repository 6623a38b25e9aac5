// The connector for HRLogics' WOTC screening: applicants into it, screening results and tags out of it.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <memory>

namespace crosswalk::hrlogics {

// Constant after init(), so hooks run in parallel.
class Hrlogics final : public connector::Connector {
public:
    void init(connector::Call& call) override;
    [[nodiscard]] connector::Verdict verify_webhook(connector::Call& call,
                                                    connector::WebhookRequest const& request) override;
    void parse_webhook(connector::Call& call, connector::WebhookRequest const& request) override;
    [[nodiscard]] bool poll(connector::Call& call, connector::PollRequest const& request) override;
    void map(connector::Call& call, connector::MapRequest const& request) override;
    [[nodiscard]] connector::Outcome push(connector::Call& call, connector::PushRequest const& request) override;
    [[nodiscard]] connector::Outcome look_up(connector::Call& call, connector::PushRequest const& request) override;
    void probe(connector::Call& call) override;
    [[nodiscard]] json::object oauth(connector::Call& call) override;
    void subscribe(connector::Call& call, std::string_view url, json::array const& events) override;
    void unsubscribe(connector::Call& call) override;

private:
    std::unique_ptr<Api> api_;
};

}  // namespace crosswalk::hrlogics
