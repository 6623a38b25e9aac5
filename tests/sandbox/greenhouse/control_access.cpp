#include "sandbox/fields.hpp"
#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/controls.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, ExpiryField>, 4> expiry_fields{
    {{"expires_in", ExpiryField::expires_in},
     {"expires_at", ExpiryField::expires_at},
     {"expires", ExpiryField::expires},
     {"none", ExpiryField::none}}};

void read_rate(Fields& fields, std::string const& prefix, RateLimit& rate) {
    rate.limit = fields.integer(prefix + "_limit").value_or(rate.limit);
    rate.window_ms = fields.integer(prefix + "_window_ms").value_or(rate.window_ms);
}

bool is_sensible(Settings const& settings) {
    auto const sensible = [](RateLimit const& rate) { return rate.limit >= 0 && rate.window_ms >= 0; };
    std::int64_t const retired = settings.v1_retired_status;
    return sensible(settings.v1_rate) && sensible(settings.v3_rate) && sensible(settings.token_rate) &&
           settings.token_ttl_ms >= 0 && (retired == 0 || (retired >= 400 && retired <= 599));
}

}  // namespace

Answer control_add_credential(ControlCall const& call) {
    Fields fields(call.body);
    std::string const kind = fields.text("kind").value_or("");
    std::string const value = fields.text("value").value_or("");
    Credential credential{.client = kind == "client", .secret = fields.text("secret").value_or("")};
    if (auto const permissions = fields.texts("permissions")) {
        credential.permissions = std::set<std::string>(permissions->begin(), permissions->end());
    }
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    if ((kind != "api_key" && kind != "client") || value.empty() || credential.client == credential.secret.empty()) {
        return control_refusal(400, "kind must be api_key, or client with a secret; value must not be empty");
    }
    auto const known = credential.client ? v3_permissions() : v1_permissions();
    for (std::string const& permission : credential.permissions.value_or(std::set<std::string>())) {
        if (!known.contains(permission)) {
            return control_refusal(400, permission + " is not a permission; GET /permissions lists them");
        }
    }
    std::lock_guard const lock(call.state.mutex);
    call.state.credentials.insert_or_assign(value, std::move(credential));
    return json_answer(201, {{"kind", kind}, {"value", value}});
}

// Its tokens die with it.
Answer control_revoke_credential(ControlCall const& call) {
    Fields fields(call.body);
    std::string const value = fields.text("value").value_or("");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    std::lock_guard const lock(call.state.mutex);
    return call.state.credentials.erase(value) == 0 ? control_refusal(404, "no such credential")
                                                    : json_answer(200, {{"revoked", value}});
}

Answer control_list_permissions(ControlCall const& /*call*/) {
    return json_answer(
        200, {{"api_key", json::value_from(v1_permissions())}, {"client", json::value_from(v3_permissions())}});
}

Answer control_expire_tokens(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    std::size_t const expired = call.state.tokens.size();
    call.state.tokens.clear();
    return json_answer(200, {{"expired", expired}});
}

Answer control_change_settings(ControlCall const& call) {
    Fields fields(call.body);
    std::lock_guard const lock(call.state.mutex);
    Settings settings = call.state.settings;
    read_rate(fields, "v1", settings.v1_rate);
    read_rate(fields, "v3", settings.v3_rate);
    read_rate(fields, "token", settings.token_rate);
    settings.token_ttl_ms = fields.integer("token_ttl_ms").value_or(settings.token_ttl_ms);
    settings.attachment_ttl_ms = fields.integer("attachment_ttl_ms").value_or(settings.attachment_ttl_ms);
    settings.v1_retired_status = fields.integer("v1_retired_status").value_or(settings.v1_retired_status);
    settings.lists_empty_without_admin =
        fields.flag("lists_empty_without_admin").value_or(settings.lists_empty_without_admin);
    settings.user_by_email_bare = fields.flag("user_by_email_bare").value_or(settings.user_by_email_bare);
    bool understood = true;
    if (auto const word = fields.text("expiry_field")) {
        auto const known = std::find_if(expiry_fields.begin(), expiry_fields.end(),
                                        [&](auto const& pair) { return pair.first == *word; });
        understood = known != expiry_fields.end();
        settings.expiry_field = understood ? known->second : settings.expiry_field;
    }
    if (auto const complaint = fields.complaint(); !complaint.empty() || !understood || !is_sensible(settings)) {
        return control_refusal(400, complaint.empty() ? "a setting has a value that makes no sense" : complaint);
    }
    call.state.settings = settings;
    call.state.anonymous_window = RateWindow();
    call.state.token_window = RateWindow();
    for (auto& [value, credential] : call.state.credentials) {
        credential.window = RateWindow();
    }
    return json_answer(200, {{"changed", true}});
}

}  // namespace crosswalk::sandbox::greenhouse
