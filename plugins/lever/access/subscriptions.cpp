#include "access/subscriptions.hpp"

#include "webhook.hpp"

#include <algorithm>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::HttpResponse;
using connector::text_at;

namespace {

constexpr std::string_view by_hand =
    "Lever does not let this connection make webhooks. Make them by hand in Lever, Settings > Integrations and API > "
    "Webhooks: add one for each event with the address shown here, and enter its signature token.";

struct There {
    std::string id;
    std::string event;
    std::string url;
};

std::string memory_of(std::string_view event) {
    return "webhook/" + std::string(event);
}

std::string token_memory_of(std::string_view event) {
    return "webhook-token/" + std::string(event);
}

std::string remembered(Call& call, std::string_view event) {
    auto const stored = call.kv_get(memory_of(event));
    return stored ? stored->value : std::string();
}

// With the hash of the token that Lever told; both empty when there is no webhook.
void remember(Call& call, std::string_view event, std::string_view id, std::string_view token_hash) {
    (void)call.kv_put(memory_of(event), id);
    (void)call.kv_put(token_memory_of(event), token_hash);
}

// Whether the token that verifies is the one that Lever told: with another, every delivery would be refused.
bool has_its_token(Call& call, std::string_view event) {
    std::optional<std::string> const token = call.secret(token_pointer(event));
    auto const told = call.kv_get(token_memory_of(event));
    // An earlier release remembered no hash.
    return token && (!told || told->value.empty() || told->value == call.sha256_hex(*token));
}

std::vector<There> list(Call& call, Api& api) {
    std::vector<There> all;
    try {
        api.each(call, "/webhooks", "webhooks", "List webhooks", [&](json::value const& one) {
            all.push_back({std::string(text_at(one, "/id")), std::string(text_at(one, "/event")),
                           std::string(text_at(one, "/url"))});
            return true;
        });
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_INVALID) {
            throw Failure(CW_ERR_UNSUPPORTED, std::string(by_hand));
        }
        throw;
    }
    return all;
}

[[noreturn]] void fail(HttpResponse const& response, std::string const& what) {
    std::string const said = "(" + std::to_string(response.status) + ")";
    if (response.status == 403) {
        throw Failure(CW_ERR_UNSUPPORTED, std::string(by_hand));
    }
    throw Failure(response.status >= 500 ? CW_ERR_TRANSIENT : CW_ERR_INVALID,
                  "Lever did not " + what + " " + said + ".");
}

// False when Lever does not let it go: a person made it.
bool erase(Call& call, Api& api, std::string const& id) {
    Ask ask;
    ask.method = "DELETE";
    ask.path = "/webhooks/" + id;
    HttpResponse const response = api.write(call, ask);
    bool const gone = (response.status >= 200 && response.status <= 299) || response.status == 404;
    if (!gone && response.status != 403) {
        fail(response, "remove a webhook");
    }
    return gone;
}

void make(Call& call, Api& api, std::string_view event, std::string_view url) {
    Ask ask;
    ask.method = "POST";
    ask.path = "/webhooks";
    ask.body = json::serialize(json::object{{"url", url}, {"event", event}});
    ask.content_type = "application/json";
    HttpResponse const response = api.write(call, ask);
    if (response.status < 200 || response.status > 299) {
        fail(response, "make a webhook");
    }
    // Lever's page prints `data` twice, running clients see it once.
    json::value const webhook = unwrapped(unwrapped(connector::parse_json(response.body, "Lever's answer")));
    std::string_view const token = text_at(webhook, "/configuration/signatureToken");
    std::string_view const id = text_at(webhook, "/id");
    if (token.empty() || !is_id(id)) {
        throw Failure(CW_ERR_INVALID, "Lever made a webhook but did not tell its signature token.");
    }
    call.keep_secret(token_pointer(event), token);
    remember(call, event, id, call.sha256_hex(token));
    call.warn(event,
              "The webhook was made. Lever sends nothing until its group of events is switched on, too: "
              "Settings > Integrations and API > Webhooks.");
}

// A token in the settings belongs to a webhook that a person made and this connector leaves alone.
bool is_made_by_hand(Settings const& settings, std::string_view event) {
    return settings.webhooks.find(event) != settings.webhooks.end();
}

void ensure_by_hand(Call& call, std::vector<There> const& all, std::string_view event, std::string_view url) {
    bool const there =
        std::any_of(all.begin(), all.end(), [&](There const& one) { return one.event == event && one.url == url; });
    if (!there) {
        call.warn(event,
                  "The settings name a signature token, so the webhook is made by hand; Lever has none with this "
                  "address. Make it, or remove the token from the settings to have it made.");
    }
}

void ensure(Call& call, Api& api, std::vector<There> const& all, std::string_view event, std::string_view url) {
    std::string const ours = remembered(call, event);
    bool const has_token = has_its_token(call, event);
    bool in_place = false;
    for (There const& one : all) {
        bool const is_remembered = !ours.empty() && one.id == ours;
        if (one.event != event || (one.url != url && !is_remembered) || !is_id(one.id)) {
            continue;
        }
        if (is_remembered && one.url == url && has_token) {
            in_place = true;
        } else if (!erase(call, api, one.id)) {
            call.warn(event,
                      "Lever has another webhook with this address that a person made; its deliveries are "
                      "refused. Delete it there.");
        }
    }
    if (!in_place) {
        make(call, api, event, url);
    }
}

// Removes the one that is remembered for the event, and what is known of it.
void forget(Call& call, Api& api, std::string_view event) {
    std::string const id = remembered(call, event);
    if (!is_id(id)) {
        return;
    }
    if (!erase(call, api, id)) {
        throw Failure(CW_ERR_AUTH,
                      "Lever does not let this connection remove its webhook (403). The right 'Delete a "
                      "webhook' is missing; delete it in Lever by hand.");
    }
    call.forget_secret(token_pointer(event));
    remember(call, event, {}, {});
}

}  // namespace

void subscribe(Call& call, Api& api, std::string_view url, json::array const& triggers) {
    std::vector<There> const all = list(call, api);
    for (WebhookEvent const& known : webhook_events) {
        bool const is_wanted = std::any_of(triggers.begin(), triggers.end(), [&](json::value const& trigger) {
            return trigger.is_string() && trigger.get_string() == known.trigger;
        });
        if (!is_wanted) {
            forget(call, api, known.event);
        } else if (is_made_by_hand(api.settings(), known.event)) {
            ensure_by_hand(call, all, known.event, url);
        } else {
            ensure(call, api, all, known.event, url);
        }
    }
}

void unsubscribe(Call& call, Api& api) {
    for (WebhookEvent const& known : webhook_events) {
        forget(call, api, known.event);
    }
}

}  // namespace crosswalk::lever
