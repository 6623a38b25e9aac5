#include "subscription.hpp"

#include "callback.hpp"

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Failure;

namespace {

constexpr std::string_view kept_id = "callback";

// Nobody can guess it who does not know the credential: it is hashed with the address and the moment.
std::string new_secret(Call& call, Api const& api, std::string_view url) {
    std::string_view const pointer = api.settings().oauth ? client_secret_pointer : api_token_pointer;
    std::optional<std::string> const credential = call.secret(pointer);
    if (!credential || credential->empty()) {
        throw Failure(CW_ERR_CONFIG, "The secret of " + std::string(pointer) + " cannot be read.");
    }
    std::string const moment = std::to_string(call.unix_ms()) + '.' + std::to_string(call.steady_ms());
    return "whsec_" + call.sha256_hex("callback\n" + *credential + '\n' + std::string(url) + '\n' + moment);
}

json::object body_of(Settings const& settings, std::string_view url, std::string const& secret) {
    json::object body;
    bool const placed = set_at(body, settings.pointer("registration", "url"), json::string(url)) &&
                        set_at(body, settings.pointer("registration", "events"), json::array{callback_type}) &&
                        set_at(body, settings.pointer("registration", "secret"), json::string(secret));
    if (!placed) {
        throw Failure(CW_ERR_CONFIG, "Two fields of /fields/registration have the same place.");
    }
    return body;
}

}  // namespace

void register_callback(Call& call, Api const& api, std::string_view url) {
    std::optional<std::string> secret = call.secret(webhook_secret_pointer);
    if (!secret || secret->empty()) {
        // Kept before it is told: a callback may come while HRLogics still answers.
        secret = new_secret(call, api, url);
        call.keep_secret(webhook_secret_pointer, *secret);
    }
    json::value const body = body_of(api.settings(), url, *secret);
    auto const response = api.write(call, "PUT", "callback_register", {}, body);
    if (!response) {
        throw Failure(CW_ERR_TRANSIENT, "HRLogics did not answer when the callback was registered.");
    }
    if (response->status == 403) {
        throw Failure(CW_ERR_UNSUPPORTED,
                      "HRLogics does not let this credential register a callback (403). Enter the address and the "
                      "secret in HRLogics by hand.");
    }
    if (!is_success(response->status)) {
        throw api.refusal("callback_register", *response, body);
    }
    std::optional<json::value> const answer = parsed(*response);
    json::value const* data = answer ? api.data(*answer) : nullptr;
    std::string const id = data == nullptr ? std::string{} : api.stored(*data, "id");
    if (id.empty()) {
        call.warn("webhook", "HRLogics did not say which callback it made; remove it there by hand when it is over.");
    }
    (void)call.kv_put(kept_id, id);
}

void remove_callback(Call& call, Api const& api) {
    auto const kept = call.kv_get(kept_id);
    if (kept && !kept->value.empty()) {
        auto const response = api.write(call, "DELETE", "disconnect", {{"id", kept->value}}, nullptr);
        if (!response) {
            throw Failure(CW_ERR_TRANSIENT, "HRLogics did not answer when the callback was removed.");
        }
        if (!is_success(response->status) && response->status != 404) {
            throw api.refusal("disconnect", *response);
        }
        (void)call.kv_put(kept_id, {});
    }
    call.forget_secret(webhook_secret_pointer);
}

}  // namespace crosswalk::hrlogics
