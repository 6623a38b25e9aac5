#include "sandbox/hrlogics/state.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::hrlogics {

namespace json = boost::json;

namespace {

constexpr char const* completed = "screening.completed";

json::object* find(std::deque<json::object>& applicants, std::string_view field, std::string_view value) {
    auto const found = std::find_if(applicants.begin(), applicants.end(),
                                    [&](json::object const& one) { return text_of(one, field) == value; });
    return found == applicants.end() ? nullptr : &*found;
}

std::string hmac(std::string const& secret, std::string const& message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest.data(), &size);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4];
        hex += "0123456789abcdef"[digest[i] & 0xf];
    }
    return hex;
}

Outgoing compose(Callback const& callback, std::string const& event_id, std::string const& subject, std::string body) {
    std::string const seconds = std::to_string(now_ms() / 1000);
    std::string signature = sign(callback, seconds, body);
    return {.webhook = callback.id,
            .event = completed,
            .url = callback.url,
            .subject = subject,
            .body = std::move(body),
            .headers = {{"Content-Type", "application/json"},
                        {"User-Agent", "HRLogics-Callbacks/1"},
                        {"X-Integration-Event-Id", event_id},
                        {"X-Integration-Timestamp", seconds},
                        {"X-Integration-Signature", std::move(signature)}}};
}

}  // namespace

json::object* State::find_applicant(std::string_view id) {
    return find(applicants, "id", id);
}

json::object* State::find_external(std::string_view external_id) {
    return find(applicants, "external_id", external_id);
}

void State::reset() {
    settings = Settings();
    bucket = TokenBucket();
    applicants.clear();
    changes.clear();
    callbacks.clear();
    tokens.clear();
    idempotency.clear();
    next_applicant = 5501;
    next_event = 7001;
    next_callback = 1;
    sender.clear();
}

std::string text_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_string()) {
        return {};
    }
    return {found->get_string().c_str(), found->get_string().size()};
}

std::string timestamp() {
    return Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::ISO8601_FORMAT);
}

std::string sign(Callback const& callback, std::string_view time, std::string_view body) {
    std::string const message = std::string(time) + "." + std::string(body);
    std::string signature = "v1=" + hmac(callback.secret, message);
    if (!callback.previous_secret.empty() && now_ms() < callback.previous_until_ms) {
        signature += ",v1=" + hmac(callback.previous_secret, message);
    }
    return signature;
}

std::vector<std::string> announce(State& state, json::object const& data) {
    std::string const id = "evt_" + std::to_string(state.next_event++);
    std::string const body =
        json::serialize(json::object{{"id", id}, {"type", completed}, {"occurred_at", timestamp()}, {"data", data}});
    std::vector<std::string> deliveries;
    for (Callback const& callback : state.callbacks) {
        deliveries.push_back(
            state.sender.open(compose(callback, id, text_of(data, "applicant_id"), body), state.settings.policy));
        state.sender.schedule(deliveries.back());
    }
    return deliveries;
}

std::string rerun(State& state, std::string const& delivery) {
    auto const outgoing = state.sender.find(delivery);
    auto const callback = std::find_if(state.callbacks.begin(), state.callbacks.end(),
                                       [&](Callback const& one) { return outgoing && one.id == outgoing->webhook; });
    if (callback == state.callbacks.end()) {
        return {};
    }
    std::string const event_id = text_of(json::parse(outgoing->body).as_object(), "id");
    std::string id =
        state.sender.open(compose(*callback, event_id, outgoing->subject, outgoing->body), state.settings.policy);
    state.sender.schedule(id);
    return id;
}

}  // namespace crosswalk::sandbox::hrlogics
