// /livez /readyz /version /metrics
#include "admin/health.hpp"

#include <boost/json.hpp>

namespace crosswalk::admin {

namespace json = boost::json;

http::Response livez(Api&, Call const&) {
    return json_ok(R"({"status":"ok"})");
}

// Ready: the store takes writes and the host is not draining. A connector or connection that could not be started is
// listed, but does not make the host unready: the others work.
http::Response readyz(Api& api, Call const&) {
    json::array degraded;
    for (LoadedConnector const& connector : api.connectors) {
        if (!connector.error.empty()) {
            degraded.push_back(json::object{{"connector", connector.name}, {"reason", connector.error}});
        }
    }
    for (auto const& [connection, reason] : api.connection_errors) {
        degraded.push_back(json::object{{"connection", connection}, {"reason", reason}});
    }
    json::object out{{"status", "ok"}, {"degraded", std::move(degraded)}};
    int status = 200;
    if (api.draining()) {
        out["status"] = "draining";
        status = 503;
    } else if (auto const writable = api.store.probe(); !writable) {
        out["status"] = "store unavailable";
        out["reason"] = writable.error().detail;
        status = 503;
    }
    http::Response response = json_ok(json::serialize(out));
    response.status = status;
    return response;
}

http::Response version(Api& api, Call const&) {
    return json_ok(json::serialize(json::object{{"name", "crosswalk"}, {"version", api.version}}));
}

http::Response metrics(Api& api, Call const&) {
    return {200, "text/plain; version=0.0.4", api.metrics.render(), {}};
}

}  // namespace crosswalk::admin
