// The GoCo connector: hires become employees, attachments become documents.
//
// Shape    mapping/ holds the tables, map_out applies them, create pushes, search and match ask GoCo first.
// Threads  map, push and look_up run concurrently: the settings are constant after init, Lists has its own lock.
#pragma once

#include "match.hpp"
#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::goco {

class Goco final : public connector::Connector {
public:
    void init(Call& call) override;
    void map(Call& call, connector::MapRequest const& request) override;
    [[nodiscard]] connector::Outcome push(Call& call, connector::PushRequest const& request) override;
    [[nodiscard]] connector::Outcome look_up(Call& call, connector::PushRequest const& request) override;
    void probe(Call& call) override;

private:
    Settings settings_;
    Lists lists_;
};

}  // namespace crosswalk::goco
