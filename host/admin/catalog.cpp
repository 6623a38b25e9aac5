#include "admin/catalog.hpp"

#include "admin/access.hpp"
#include "admin/runs.hpp"
#include "admin/sweeps.hpp"

#include <boost/json.hpp>

#include <chrono>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds probe_time_max{20};

json::object describe(plugin_host::ConnectorInfo const& info) {
    json::array triggers;
    for (plugin_host::TriggerInfo const& trigger : info.triggers) {
        triggers.push_back(
            json::object{{"event", trigger.event}, {"title", trigger.title}, {"canonical", trigger.canonical}});
    }
    json::array actions;
    for (plugin_host::ActionInfo const& action : info.actions) {
        actions.push_back(
            json::object{{"action", action.name}, {"title", action.title}, {"canonical", action.canonical}});
    }
    return {{"id", info.id},
            {"product", info.name},
            {"vendor", info.vendor},
            {"version", info.version},
            {"support", info.support},
            {"library", info.library},
            {"toolchain", info.toolchain},
            {"triggers", std::move(triggers)},
            {"actions", std::move(actions)}};
}

// Where vendors reach the hooks listener: as configured, or else as it listens.
std::string hooks_base(config::Config const& config) {
    if (!config.public_url.empty()) {
        return config.public_url;
    }
    bool const is_v6 = config.hooks.address.find(':') != std::string::npos;
    return (config.hooks.tls ? "https://" : "http://") +
           (is_v6 ? "[" + config.hooks.address + "]" : config.hooks.address) + ":" + std::to_string(config.hooks.port);
}

// The address a vendor is given, whole and without its scheme: pasting into some vendors' forms doubles "https://".
json::object webhook_address(config::Config const& config, config::Connection const& connection) {
    std::string const base = hooks_base(config);
    std::string url = base + (base.ends_with('/') ? "hooks/" : "/hooks/") + connection.name;
    if (!connection.path_key.empty()) {
        url += "/<key from " + connection.path_key + ">";
    }
    return {{"url", url}, {"without_scheme", url.substr(url.find("://") + 3)}};
}

void add_time(json::object& out, char const* key, std::optional<model::TimePoint> const& time) {
    if (time) {
        out[key] = model::to_rfc3339(*time);
    }
}

// Production or sandbox, where the connector has both and the settings say which.
void add_environment(config::Connection const& connection, json::object& entry) {
    json::object const* const settings = connection.settings.if_object();
    json::value const* const chosen = settings == nullptr ? nullptr : settings->if_contains("environment");
    if (chosen != nullptr && chosen->is_string()) {
        entry["environment"] = *chosen;
    }
}

void add_destination(Api& api, std::string const& name, json::object& entry) {
    if (!api.destination) {
        return;
    }
    Destination const destination = api.destination(name);
    json::object out{{"state", destination.state}};
    add_time(out, "since", destination.since);
    add_time(out, "next_probe", destination.next_probe);
    add_time(out, "waits_until", destination.waits_until);
    entry["destination"] = std::move(out);
}

std::string mode_of(Api& api, model::Route const& route) {
    if (!route.enabled) {
        return "stopped";
    }
    if (!route.off_because.empty()) {
        return "off";
    }
    auto const mode = api.state.route_mode(route.name);
    return std::string(store::name(mode && *mode ? **mode : store::RouteMode::running));
}

}  // namespace

http::Response list_connectors(Api& api, Call const&) {
    json::array out;
    for (LoadedConnector const& connector : api.connectors) {
        json::array infos;
        for (plugin_host::ConnectorInfo const& info : connector.infos) {
            infos.push_back(describe(info));
        }
        std::string const state = !connector.enabled ? "disabled" : connector.error.empty() ? "loaded" : "refused";
        out.push_back(json::object{{"connector", connector.name},
                                   {"state", state},
                                   {"reason", connector.error},
                                   {"provides", std::move(infos)}});
    }
    return json_ok(json::serialize(json::object{{"connectors", std::move(out)}}));
}

http::Response list_connections(Api& api, Call const&) {
    json::array out;
    for (auto const& [name, connection] : api.config.connections) {
        json::object entry{{"connection", name}, {"connector", connection.connector}};
        add_environment(connection, entry);
        if (auto const* connector = api.find_connector(name); connector == nullptr || connector->takes_webhooks()) {
            entry["webhook"] = webhook_address(api.config, connection);
        }
        auto const state = api.state.connection(name);
        auto const broken = api.connection_errors.find(name);
        if (broken != api.connection_errors.end()) {
            entry["state"] = "failed";
            entry["reason"] = broken->second;
        } else if (state) {
            entry["state"] = state->paused ? "paused" : "connected";
            entry["reason"] = state->reason;
            add_access(api, name, entry);
        }
        if (state) {
            add_time(entry, "paused_since", state->since);
            add_time(entry, "verified_at", state->verified_at);
            add_time(entry, "last_event_at", state->last_event_at);
            add_sweep(api, name, entry);
        }
        add_destination(api, name, entry);
        out.push_back(std::move(entry));
    }
    return json_ok(json::serialize(json::object{{"connections", std::move(out)}}));
}

http::Response check_connection(Api& api, Call const& call) {
    std::string const& name = call.captured.at("name");
    if (!api.config.connections.contains(name)) {
        return http::problem(404, "No connection of that name. `crosswalk connections list` shows them.");
    }
    plugin_host::Connector* const connector = api.find_connector(name);
    if (connector == nullptr) {
        auto const broken = api.connection_errors.find(name);
        return json_ok(json::serialize(json::object{
            {"connection", name},
            {"ok", false},
            {"reason", broken == api.connection_errors.end() ? "Its connector is not loaded." : broken->second}}));
    }
    auto const probed = connector->probe(probe_time_max);
    json::object out{{"connection", name}, {"ok", probed.has_value()}};
    json::array warnings;
    if (probed) {
        for (model::FieldProblem const& warning : probed->warnings) {
            warnings.push_back(json::object{{"field", warning.field}, {"reason", warning.reason}});
        }
    } else {
        out["reason"] = probed.error().detail;
    }
    out["warnings"] = std::move(warnings);
    add_sweep(api, name, out);
    return json_ok(json::serialize(out));
}

http::Response resume_connection(Api& api, Call const& call) {
    std::string const& name = call.captured.at("name");
    if (!api.config.connections.contains(name)) {
        return http::problem(404, "No connection of that name. `crosswalk connections list` shows them.");
    }
    if (auto const resumed = api.state.resume_connection(name); !resumed) {
        return http::problem(resumed.error());
    }
    api.logger.info("A connection is resumed.", {{"connection", name}});
    api.wake();
    return json_ok(R"({"status":"connected"})");
}

http::Response list_routes(Api& api, Call const&) {
    json::array out;
    for (auto const& [name, loaded] : api.config.routes) {
        model::Route const& route = loaded.route;
        json::object entry{{"route", name},
                           {"title", route.title},
                           {"support", route.support},
                           {"from", route.from_connection + " " + route.from_event},
                           {"to", route.to_connection + " " + route.to_action},
                           {"state", mode_of(api, route)}};
        if (!route.off_because.empty()) {
            entry["reason"] = route.off_because;
        }
        add_runs(api, route, entry);
        out.push_back(std::move(entry));
    }
    return json_ok(json::serialize(json::object{{"routes", std::move(out)}}));
}

http::Response set_route_mode(Api& api, Call const& call) {
    auto const found = api.config.routes.find(call.captured.at("name"));
    if (found == api.config.routes.end()) {
        return http::problem(404, "No route of that name. `crosswalk routes list` shows them.");
    }
    std::string const& verb = call.captured.at("verb");
    store::RouteMode mode = store::RouteMode::running;
    if (verb == "stop") {
        mode = store::RouteMode::stopped;
    } else if (verb == "pause") {
        mode = store::RouteMode::paused;
    } else if (verb != "start" && verb != "resume") {
        return http::problem(404, "A route can be started, stopped, paused and resumed.");
    }
    if (!found->second.route.enabled) {
        return http::problem(409, "The route's file says `enabled: false`. Change it there and restart the host.");
    }
    if (auto const set = api.state.set_route_mode(found->first, mode); !set) {
        return http::problem(set.error());
    }
    api.logger.info("The state of a route is changed.", {{"route", found->first}, {"state", store::name(mode)}});
    api.wake();
    return json_ok(json::serialize(json::object{{"route", found->first}, {"state", store::name(mode)}}));
}

}  // namespace crosswalk::admin
