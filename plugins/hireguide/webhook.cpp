#include "webhook.hpp"

#include "times.hpp"

#include <algorithm>
#include <charconv>

namespace crosswalk::hireguide {

using connector::Disposition;
using connector::text_at;
using connector::Verdict;
using connector::WebhookRequest;

namespace {

constexpr std::int64_t skew_max_ms = 300'000;
constexpr std::string_view scheme = "v1=";
constexpr int signatures_max = 8;

bool has_signature(Call const& call, Settings const& settings, std::string_view timestamp, std::string_view body,
                   std::string_view header) {
    for (int count = 0; count < signatures_max && !header.empty(); ++count) {
        std::size_t const comma = header.find(',');
        std::string_view one = header.substr(0, comma);
        header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        one = one.substr(0, one.find(' '));
        if (!one.starts_with(scheme)) {
            continue;
        }
        std::string_view const hex = one.substr(scheme.size());
        if (call.hmac_matches(secret_pointer, {timestamp, ".", body}, hex).value_or(false) ||
            (settings.has_previous_secret &&
             call.hmac_matches(previous_secret_pointer, {timestamp, ".", body}, hex).value_or(false))) {
            return true;
        }
    }
    return false;
}

void check_age(Call const& call, std::string_view timestamp) {
    std::int64_t seconds = 0;
    auto const read = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
    bool const whole = read.ec == std::errc{} && read.ptr == timestamp.data() + timestamp.size();
    if (!whole || seconds <= 0 || seconds > INT64_MAX / 1000) {
        throw Failure(CW_ERR_AUTH, "The callback has no X-Integration-Timestamp in whole seconds.");
    }
    std::int64_t const off = seconds * 1000 - call.unix_ms();
    if (off > skew_max_ms || off < -skew_max_ms) {
        throw Failure(CW_ERR_AUTH, "The callback's time is more than 300 seconds off: check this machine's clock.");
    }
}

}  // namespace

Callback read_callback(std::string_view body) {
    json::value value = connector::parse_json(body, "The callback");
    Callback callback{std::string(text_at(value, "/id")),
                      std::string(text_at(value, "/type")),
                      parse_time(text_at(value, "/occurred_at")),
                      {}};
    if (!is_id(callback.id) || callback.type.empty()) {
        throw Failure(CW_ERR_INVALID, "The callback is not a JSON object with an id and a type.");
    }
    if (json::value* data = value.get_object().if_contains("data"); data != nullptr && data->is_object()) {
        callback.data = std::move(data->get_object());
    }
    return callback;
}

Verdict verify(Call const& call, Settings const& settings, WebhookRequest const& request) {
    std::string_view const timestamp = request.header("x-integration-timestamp");
    check_age(call, timestamp);
    std::string_view const signature = request.header("x-integration-signature");
    if (signature.empty()) {
        throw Failure(CW_ERR_AUTH, "The callback has no X-Integration-Signature.");
    }
    if (!has_signature(call, settings, timestamp, request.body(), signature)) {
        throw Failure(CW_ERR_AUTH, "The callback's signature does not match the webhook secret.");
    }
    Callback const callback = read_callback(request.body());
    if (request.header("x-integration-event-id") != callback.id) {
        throw Failure(CW_ERR_INVALID, "The callback's X-Integration-Event-Id is not the id in its body.");
    }
    if (callback.type == "ping") {
        return {Disposition::test, exported_event, {}};
    }
    if (callback.type == exported_event || callback.type == sync_event) {
        return {Disposition::accept, callback.type, callback.id};
    }
    return {Disposition::ignore, {}, {}};
}

}  // namespace crosswalk::hireguide
