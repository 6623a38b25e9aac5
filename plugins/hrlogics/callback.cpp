#include "callback.hpp"

#include <algorithm>
#include <charconv>

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Disposition;
using connector::Failure;
using connector::Verdict;
using connector::WebhookRequest;

namespace {

constexpr std::int64_t skew_s_max = 300;
constexpr int signatures_max = 8;
constexpr std::size_t event_id_bytes_max = 128;
constexpr std::size_t field_bytes_max = 500;

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

void check_time(Call const& call, std::string_view timestamp) {
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
    if (timestamp.empty() || error != std::errc{} || end != timestamp.data() + timestamp.size() || seconds < 0) {
        throw Failure(CW_ERR_AUTH, "The callback's X-Integration-Timestamp is missing or no number of seconds.");
    }
    std::int64_t const now = call.unix_ms() / 1000;
    if (seconds < now - skew_s_max || seconds > now + skew_s_max) {
        throw Failure(
            CW_ERR_AUTH,
            "The callback's X-Integration-Timestamp is more than 300 seconds off: check this machine's clock.");
    }
}

// While a secret is replaced HRLogics signs with both, and this side may know both: one match is enough.
void check_signature(Call const& call, std::string_view header, std::string_view timestamp, std::string_view body) {
    bool has_secret = false;
    for (int count = 0; !header.empty() && count < signatures_max; ++count) {
        std::string_view const part = header.substr(0, header.find(','));
        header.remove_prefix(std::min(header.size(), part.size() + 1));
        std::string_view hex = trimmed(part);
        if (!hex.starts_with("v1=")) {
            continue;
        }
        hex.remove_prefix(3);
        for (std::string_view const pointer : {webhook_secret_pointer, previous_webhook_secret_pointer}) {
            auto const matches = call.hmac_matches(pointer, {timestamp, ".", body}, hex);
            has_secret = has_secret || matches.has_value();
            if (matches.value_or(false)) {
                return;
            }
        }
    }
    throw Failure(CW_ERR_AUTH, has_secret ? "The callback's X-Integration-Signature does not match webhook_secret."
                                          : "The callback has no v1 signature, or no webhook_secret is set here.");
}

std::string short_text(json::value const& from, std::string const& pointer) {
    std::string_view const text = connector::text_at(from, pointer);
    return text.size() <= field_bytes_max ? std::string(text) : std::string{};
}

}  // namespace

Screening read_screening(Settings const& settings, std::string_view group, json::value const& from) {
    Screening out;
    out.applicant_id = id_at(from, settings.pointer(group, "applicant_id"));
    out.external_id = id_at(from, settings.pointer(group, "external_id"));
    out.program = short_text(from, settings.pointer(group, "program"));
    out.status = short_text(from, settings.pointer(group, "status"));
    out.changed_at = short_text(from, settings.pointer(group, "changed_at"));
    out.survey_submitted_at = short_text(from, settings.pointer(group, "survey_submitted_at"));
    return out;
}

Verdict verify(Call& call, Settings const& settings, WebhookRequest const& request) {
    std::string_view const timestamp = request.header("x-integration-timestamp");
    check_time(call, timestamp);
    check_signature(call, request.header("x-integration-signature"), timestamp, request.body());
    json::value const body = connector::parse_json(request.body(), "The callback");
    std::string id = id_at(body, settings.pointer("callback", "id"));
    std::string_view const type = connector::text_at(body, settings.pointer("callback", "type"));
    if (id.empty() || id.size() > event_id_bytes_max || type.empty()) {
        throw Failure(CW_ERR_INVALID, "The callback is not a JSON object with an id and a type.");
    }
    // The header is not signed, so it must not say anything else than the body.
    if (request.header("x-integration-event-id") != id) {
        throw Failure(CW_ERR_INVALID, "The callback's X-Integration-Event-Id is missing or not the id of its body.");
    }
    if (type != callback_type) {
        return {Disposition::ignore, std::string(type), {}};
    }
    if (!read_screening(settings, "callback", body).names_applicant_and_status()) {
        throw Failure(CW_ERR_INVALID, "The callback names no applicant or no status.");
    }
    return {Disposition::accept, std::string(completed_event) + ' ' + std::string(decided_event), std::move(id)};
}

}  // namespace crosswalk::hrlogics
