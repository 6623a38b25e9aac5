#include "webhook.hpp"

#include "values.hpp"

#include <algorithm>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Disposition;
using connector::Failure;
using connector::find;
using connector::text_at;
using connector::Verdict;
using connector::WebhookRequest;

namespace {

constexpr std::string_view scheme = "sha256 ";
constexpr std::size_t event_id_size_max = 128;

void check_signature(Call const& call, Settings const& settings, WebhookRequest const& request) {
    if (!settings.has_secret_key) {
        throw Failure(CW_ERR_AUTH, "No webhook secret key is configured.");
    }
    std::string_view const header = request.header("signature");
    if (!header.starts_with(scheme)) {
        throw Failure(CW_ERR_AUTH, "The webhook has no Signature header of the form 'sha256 <hex>'.");
    }
    std::string_view const hex = header.substr(scheme.size());
    if (call.hmac_matches(secret_key_pointer, {request.body()}, hex).value_or(false) ||
        (settings.has_previous_secret_key &&
         call.hmac_matches(previous_secret_key_pointer, {request.body()}, hex).value_or(false))) {
        return;
    }
    throw Failure(CW_ERR_AUTH, "The webhook's signature does not match its secret key.");
}

json::value parsed(std::string_view body) {
    json::value value = connector::parse_json(body, "The webhook");
    if (text_at(value, "/action").empty()) {
        throw Failure(CW_ERR_INVALID, "The webhook is not a JSON object with an action.");
    }
    return value;
}

// Greenhouse's own id of the delivery, else the content: whether a retry keeps the id is not known.
std::string dedupe_key(Call const& call, WebhookRequest const& request) {
    std::string_view const id = request.header("greenhouse-event-id");
    bool const usable = !id.empty() && id.size() <= event_id_size_max &&
                        std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
    return usable ? std::string(id) : call.sha256_hex(request.body());
}

}  // namespace

Verdict verify(Call const& call, Settings const& settings, WebhookRequest const& request) {
    check_signature(call, settings, request);
    json::value const body = parsed(request.body());
    std::string_view const action = text_at(body, "/action");
    if (action == "ping") {
        // A ping does not say in our words which webhook it is of: it is good when either trigger is of use.
        return {Disposition::test, std::string(hired_trigger) + " " + std::string(created_trigger), {}};
    }
    // Anything but 200 makes Greenhouse send it again, so what is of no use here is acknowledged.
    std::string_view const trigger = action == hired_action     ? hired_trigger
                                     : action == created_action ? created_trigger
                                                                : std::string_view{};
    if (trigger.empty()) {
        return {Disposition::ignore, {}, {}};
    }
    if (id_at(body, "/payload/application/id").empty()) {
        throw Failure(CW_ERR_INVALID, "The webhook names no application.");
    }
    return {Disposition::accept, std::string(trigger), dedupe_key(call, request)};
}

Delivered read_delivery(std::string_view body) {
    json::value const value = parsed(body);
    std::string_view const action = text_at(value, "/action");
    json::value const* application = find(value, "/payload/application");
    if ((action != hired_action && action != created_action) || application == nullptr ||
        id_at(*application, "/id").empty()) {
        throw Failure(CW_ERR_INVALID, "The stored webhook is neither a hire nor a new application.");
    }
    return {action == hired_action, *application};
}

std::string created_id(std::string const& application) {
    return "application:" + application + ":created";
}

}  // namespace crosswalk::greenhouse
