// Dead letters meet the mapping again: the admin room's ReplayDesk, over the store and the routes.
//
// Shape    what may have been applied goes out again only as it was, so that it is looked up first; a record that
//          differs from the one that was sent goes out under a new idempotency key, derived from the old one and from
//          the record, because targets refuse a known key with another body.
// Threads  safe from any thread; constant after construction. Owner  borrows everything.
#pragma once

#include "admin/replay_desk.hpp"
#include "deliver/feedback.hpp"
#include "map/mapper.hpp"
#include "route/router.hpp"
#include "route_mapping.hpp"
#include "store/dead_letters.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace crosswalk {

class ReplayDesk final : public admin::ReplayDesk {
public:
    using FindMapper = std::function<map::Mapper const&(std::string const& route)>;

    ReplayDesk(route::Router const& router, FindMapper mappers, deliver::FindConnector connectors,
               std::chrono::milliseconds hook_time_max, store::DeadLetters& letters, store::Inbox& inbox,
               store::Outbox& outbox, store::History& history);

    [[nodiscard]] model::Result<admin::Replayed> replay(store::LetterId id, admin::ReplayOrder const& order) override;
    [[nodiscard]] model::Result<admin::Replayed> edit(store::DeliveryId id, std::vector<admin::Edit> const& edits,
                                                      bool dry_run) override;

private:
    struct Remapped;
    [[nodiscard]] model::Result<admin::Replayed> from_raw(store::DeadLetter const& letter,
                                                          admin::ReplayOrder const& order);
    [[nodiscard]] model::Result<admin::Replayed> from_mapped(store::DeadLetter const& letter,
                                                             admin::ReplayOrder const& order);
    [[nodiscard]] model::Result<void> send_as_stored(store::DeadLetter const& letter, store::DeliveryView const& view,
                                                     bool never_mapped, admin::ReplayOrder const& order,
                                                     admin::Replayed& out);
    [[nodiscard]] model::Result<void> send_as_present(store::DeliveryView const& view, admin::ReplayOrder const& order,
                                                      admin::Replayed& out);
    [[nodiscard]] model::Result<std::vector<admin::Preview>> rehearse_raw(store::DeadLetter const& letter);
    [[nodiscard]] model::Result<Remapped> remap(store::DeliveryView const& view, std::string edits);
    [[nodiscard]] std::vector<model::Route const*> routes_of(store::DeadLetter const& letter,
                                                             store::InboxItem const& item,
                                                             std::string const& event_type) const;

    route::Router const& router_;
    FindMapper const mappers_;
    deliver::FindConnector const connectors_;
    std::chrono::milliseconds const hook_time_max_;
    store::DeadLetters& letters_;
    store::Inbox& inbox_;
    store::Outbox& outbox_;
    store::History& history_;
};

}  // namespace crosswalk
