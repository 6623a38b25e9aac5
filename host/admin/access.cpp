#include "admin/access.hpp"

#include <boost/json.hpp>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

json::object view(access::WebhookStatus const& status) {
    json::array events;
    for (std::string const& event : status.events) {
        events.emplace_back(event);
    }
    json::array warnings;
    for (model::FieldProblem const& warning : status.warnings) {
        warnings.push_back(json::object{{"field", warning.field}, {"reason", warning.reason}});
    }
    return {{"state", access::name(status.state)},
            {"at", model::to_rfc3339(status.at)},
            {"reason", status.reason},
            {"events", std::move(events)},
            {"warnings", std::move(warnings)}};
}

http::Response without_access() {
    return http::problem(503, "This host cannot change the access of connections.");
}

// The state after a change, as `connections list` shows it.
http::Response state_of(Api& api, std::string const& connection) {
    json::object out{{"connection", connection}};
    add_access(api, connection, out);
    return json_ok(json::serialize(out));
}

// A whole number that is a member of the body; `otherwise` when it is not there, nothing when it is something else.
std::optional<std::int64_t> number_in(json::value const& body, std::string_view name, std::int64_t otherwise) {
    auto const* const member = body.is_object() ? body.get_object().if_contains(name) : nullptr;
    if (member == nullptr) {
        return otherwise;
    }
    return member->is_int64() ? std::optional(member->get_int64()) : std::nullopt;
}

}  // namespace

void add_access(Api& api, std::string const& connection, json::object& out) {
    if (api.access == nullptr) {
        return;
    }
    access::Desk::View const access = api.access->view(connection);
    out["state"] = access.state;
    out["reason"] = access.reason;
    if (access.connected_at) {
        out["connected_at"] = model::to_rfc3339(*access.connected_at);
    }
    if (access.webhooks) {
        out["webhooks"] = view(*access.webhooks);
    }
}

http::Response authorize_connection(Api& api, Call const& call) {
    if (api.access == nullptr) {
        return without_access();
    }
    auto const request = api.access->authorize(call.captured.at("name"));
    if (!request) {
        return http::problem(request.error());
    }
    json::array permissions;
    for (std::string const& permission : request->permissions) {
        permissions.emplace_back(permission);
    }
    return json_ok(json::serialize(json::object{{"authorize_url", request->authorize_url},
                                                {"permissions", std::move(permissions)},
                                                {"expires_at", model::to_rfc3339(request->expires_at)}}));
}

http::Response subscribe_connection(Api& api, Call const& call) {
    if (api.access == nullptr) {
        return without_access();
    }
    auto const status = api.access->subscribe(call.captured.at("name"));
    return status ? json_ok(json::serialize(view(*status))) : http::problem(status.error());
}

http::Response rotate_secret(Api& api, Call const& call) {
    if (api.access == nullptr) {
        return without_access();
    }
    json::error_code broken;
    json::value const body = json::parse(call.request.body, broken);
    auto const grace = number_in(body, "grace_seconds", 0);
    if (broken || !grace) {
        return http::problem(400,
                             "The body is JSON with \"pointer\" and, where wanted, \"grace_seconds\" and \"value\".");
    }
    // An empty value is a value, which is refused; none makes a new one.
    bool const given = body.is_object() && body.get_object().contains("value");
    auto const made = api.access->rotate_secret(
        call.captured.at("name"), call.body_text("pointer"),
        given ? std::optional(model::Secret(call.body_text("value"))) : std::nullopt, std::chrono::seconds(*grace));
    if (!made) {
        return http::problem(made.error());
    }
    // Revealed this once, so that it can be entered at the vendor; what the caller brought is not repeated.
    http::Response response =
        json_ok(json::serialize(given ? json::object{{"status", "replaced"}}
                                      : json::object{{"status", "replaced"}, {"secret", made->reveal()}}));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

http::Response disconnect_connection(Api& api, Call const& call) {
    if (api.access == nullptr) {
        return without_access();
    }
    std::string const& name = call.captured.at("name");
    auto const done = api.access->disconnect(name, call.body_flag("force"));
    return done ? state_of(api, name) : http::problem(done.error());
}

http::Response connect_connection(Api& api, Call const& call) {
    if (api.access == nullptr) {
        return without_access();
    }
    std::string const& name = call.captured.at("name");
    auto const done = api.access->connect(name);
    return done ? state_of(api, name) : http::problem(done.error());
}

}  // namespace crosswalk::admin
