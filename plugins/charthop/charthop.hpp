// The ChartHop connector: open jobs go out as requisitions, requisitions and hires come in.
//
// Shape    requisitions reads jobs, mapping applies the tables of mapping/, hire and upsert write; verdict says which
//          switches go together.
// Threads  verify, parse, map, push and look_up run concurrently: the settings are constant after init, the cache of
//          people has its own lock.
#pragma once

#include "directory.hpp"
#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::charthop {

class ChartHop final : public connector::Connector {
public:
    void init(Call& call) override;
    [[nodiscard]] connector::Verdict verify_webhook(Call& call, connector::WebhookRequest const& request) override;
    void parse_webhook(Call& call, connector::WebhookRequest const& request) override;
    [[nodiscard]] bool poll(Call& call, connector::PollRequest const& request) override;
    void map(Call& call, connector::MapRequest const& request) override;
    [[nodiscard]] connector::Outcome push(Call& call, connector::PushRequest const& request) override;
    [[nodiscard]] connector::Outcome look_up(Call& call, connector::PushRequest const& request) override;
    void probe(Call& call) override;
    void find(Call& call, std::string_view schema, json::object const& query) override;
    [[nodiscard]] bool sweep(Call& call, connector::SweepRequest const& request) override;
    void fetch_swept(Call& call, connector::Event const& event) override;
    void diagnose(Call& call, std::string_view url, json::array const& triggers) override;

private:
    Settings settings_;
    PersonCache people_;
};

}  // namespace crosswalk::charthop
