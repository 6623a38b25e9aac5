#include "sweeps/sweep.hpp"
#include "webhook.hpp"

#include <algorithm>
#include <string>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;

namespace {

constexpr std::string_view page = "Settings > Integrations and API > Webhooks";

// A webhook whose token is not known here is refused with 401 each time, until Lever gives up.
void check_token(Call& call, Settings const& settings, std::string_view event) {
    auto const configured = settings.webhooks.find(event);
    if (configured != settings.webhooks.end() && configured->second.allow_unsigned) {
        return;
    }
    std::string const pointer = configured != settings.webhooks.end() && !configured->second.signature_token.empty()
                                    ? configured->second.signature_token
                                    : token_pointer(event);
    if (!call.secret(pointer)) {
        call.warn(event,
                  "No signature token is known here, so Lever's webhooks are refused. Copy the token of this webhook "
                  "from Lever into " +
                      pointer + " of the settings.");
    }
}

void check_limits(Call& call, json::value const& webhook, std::string_view event) {
    json::value const* origins = find(webhook, "/configuration/conditions/origins");
    if (origins != nullptr && origins->is_array() && !origins->get_array().empty()) {
        call.warn(event,
                  "Lever's webhook is limited to some origins of candidates; the others are not sent. Remove the "
                  "limit in Lever where they are wanted.");
    }
}

void check_webhook(Call& call, json::array const& all, std::string_view event, std::string_view url) {
    bool elsewhere = false;
    for (json::value const& webhook : all) {
        if (text_at(webhook, "/event") != event) {
            continue;
        }
        if (!url.empty() && text_at(webhook, "/url") != url) {
            elsewhere = true;
            continue;
        }
        check_limits(call, webhook, event);
        // Neither the switch of the group nor the answers that Lever got can be read by its API.
        call.warn(event,
                  "Lever has this webhook. When nothing comes, its group of events is switched off, the address was "
                  "not reachable, or the signature token was regenerated: look at the switch and at the list of "
                  "requests under " +
                      std::string(page) + ".");
        return;
    }
    call.warn(event, elsewhere ? "Lever's webhook for this event sends to another address than this connection's. "
                                 "Change it to the address that `crosswalk connections list` shows."
                               : "Lever has no webhook for this event: it was deleted or never made. Make it under " +
                                     std::string(page) + ", with the address that `crosswalk connections list` shows.");
}

}  // namespace

void diagnose(Call& call, Api& api, std::string_view url, json::array const& triggers) {
    json::array all;
    bool readable = true;
    try {
        api.each(call, "/webhooks", "webhooks", "List webhooks", [&](json::value const& one) {
            all.push_back(one);
            return true;
        });
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_INVALID) {
            throw;
        }
        readable = false;
        call.warn("webhooks",
                  "Lever does not let this connection see its webhooks. Look yourself under " + std::string(page) +
                      ": is each there, with this connection's address, verified, and its group of events switched "
                      "on?");
    }
    for (WebhookEvent const& known : webhook_events) {
        bool const asked = std::any_of(triggers.begin(), triggers.end(), [&](json::value const& trigger) {
            return trigger.is_string() && trigger.get_string() == known.trigger;
        });
        if (!asked) {
            continue;
        }
        check_token(call, api.settings(), known.event);
        if (readable) {
            check_webhook(call, all, known.event, url);
        }
    }
}

}  // namespace crosswalk::lever
