#include "rooms.hpp"

#include <algorithm>

namespace crosswalk {

// The keys of the deliveries that an event would start: what came and was forgotten since is known by them.
std::vector<std::string> Host::Rooms::delivery_keys(std::string const& connection, model::Event const& listed) const {
    store::InboxItem item;
    item.connection = connection;
    std::vector<std::string> keys;
    for (model::Route const* route : router_.match(connection, listed.type)) {
        keys.push_back(idempotency_key(item, listed, *route));
    }
    return keys;
}

model::Result<sweep::Source> Host::Rooms::sweep_source(config::Connection const& connection,
                                                       plugin_host::Connector& connector) {
    auto address = accounts_->webhook_address(connection);
    if (!address) {
        return address.error();
    }
    auto const wanted = [this, &connector, name = connection.name] {
        std::vector<std::string> events = wanted_webhooks(name);
        auto const& triggers = connector.info().triggers;
        std::erase_if(events, [&](std::string const& event) {
            return std::none_of(triggers.begin(), triggers.end(), [&](plugin_host::TriggerInfo const& trigger) {
                return trigger.event == event && trigger.is_swept();
            });
        });
        return events;
    };
    return sweep::Source{
        connector,
        {connection.sweep.every, connection.sweep.look_back, connection.sweep.settle},
        std::move(*address),
        wanted,
        [this, name = connection.name](model::Event const& listed) { return delivery_keys(name, listed); }};
}

model::Result<void> Host::Rooms::make_sweeper() {
    std::map<std::string, sweep::Source> sources;
    for (auto const& [name, connection] : config_.connections) {
        plugin_host::Connector* const connector = find(name);
        if (connector == nullptr || !connector->can_sweep() || !connection.sweep.enabled) {
            continue;
        }
        auto source = sweep_source(connection, *connector);
        if (!source) {
            return source.error();
        }
        sources.emplace(name, std::move(*source));
    }
    sweep::Limits limits;
    limits.page_time_max = config_.limits.hook_time_max;
    limits.inbox_pending_max = config_.limits.inbox_pending_max;
    arrivals_ = std::make_unique<store::Arrivals>(*store_);
    sweeper_ = std::make_unique<sweep::Sweeper>(
        std::move(sources), sweep::Surroundings{limits, *inbox_, *arrivals_, *state_, clock_, logger_, metrics_,
                                                [this](std::string const& connection) { pipeline_->wake(connection); },
                                                [this](std::string const& connection, std::int64_t missing,
                                                       std::vector<model::FieldProblem> const& why) {
                                                    tell_of_missing(connection, missing, why);
                                                }});
    return {};
}

// To those who hear of the connection's routes, once each.
void Host::Rooms::tell_of_missing(std::string const& connection, std::int64_t missing,
                                  std::vector<model::FieldProblem> const& why) {
    for (auto const& [name, loaded] : config_.routes) {
        model::Route const& route = loaded.route;
        if (!route.is_on() || route.from_connection != connection) {
            continue;
        }
        std::string const key = "sweep-" + connection + "-" + name;
        deliver::Subject const about{name, connection, {}, connection, key, 0};
        for (store::NewDelivery const& notice : follow_ups_->compose_missing(about, missing, why)) {
            if (mailer_->send(notice.record).outcome != model::Outcome::delivered) {
                logger_.warn("A mail about missing events was not sent.", {{"connection", connection}});
            }
        }
    }
}

}  // namespace crosswalk
