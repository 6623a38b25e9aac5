// The Hireguide connector: applicants and jobs of an ATS become candidates and positions, interview PDFs go back.
//
// Shape    mapping/ holds the contract and the field tables; positions, candidates and exports are the three flows,
//          webhook trusts the callbacks.
// Threads  verify, parse, map, push and look_up run concurrently: the settings are constant after init, Positions has
//          its own locking.
#pragma once

#include "positions.hpp"
#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::hireguide {

class Hireguide final : public connector::Connector {
public:
    void init(Call& call) override;
    [[nodiscard]] connector::Verdict verify_webhook(Call& call, connector::WebhookRequest const& request) override;
    void parse_webhook(Call& call, connector::WebhookRequest const& request) override;
    void map(Call& call, connector::MapRequest const& request) override;
    [[nodiscard]] connector::Outcome push(Call& call, connector::PushRequest const& request) override;
    [[nodiscard]] connector::Outcome look_up(Call& call, connector::PushRequest const& request) override;
    void probe(Call& call) override;
    void subscribe(Call& call, std::string_view url, json::array const& events) override;
    void unsubscribe(Call& call) override;
    void find(Call& call, std::string_view schema, json::object const& query) override;

private:
    Settings settings_;
    Positions positions_;
};

}  // namespace crosswalk::hireguide
