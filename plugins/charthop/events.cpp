#include "events.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace crosswalk::charthop {
namespace {

constexpr std::size_t event_id_bytes_max = 128;

// "change.create.update", however it is spelt; empty in a custom payload that says nothing.
std::string event_code(Row const& event) {
    std::string code = folded(event.text("code"));
    if (code.empty() && !event.text("entityType").empty()) {
        code = folded(event.text("entityType")) + "." + folded(event.text("type"));
    }
    std::replace(code.begin(), code.end(), '-', '.');
    return code;
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = !text.empty() && error == std::errc{} && end == text.data() + text.size() && value >= 0;
    return whole ? std::optional(value) : std::nullopt;
}

// "2026-11-21T21:39:58Z", with or without a fraction.
std::optional<std::int64_t> utc_ms(std::string_view text) {
    constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
    if (text.size() <= shape.size() || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    std::array<std::optional<std::int64_t>, 6> const parts{number(text.substr(0, 4)),  number(text.substr(5, 2)),
                                                           number(text.substr(8, 2)),  number(text.substr(11, 2)),
                                                           number(text.substr(14, 2)), number(text.substr(17, 2))};
    if (!std::all_of(parts.begin(), parts.end(), [](auto const& part) { return part.has_value(); })) {
        return std::nullopt;
    }
    using namespace std::chrono;
    year_month_day const day{year(static_cast<int>(*parts[0])), month(static_cast<unsigned>(*parts[1])),
                             std::chrono::day(static_cast<unsigned>(*parts[2]))};
    if (!day.ok() || *parts[3] > 23 || *parts[4] > 59 || *parts[5] > 60) {
        return std::nullopt;
    }
    auto const at = sys_days(day) + hours(*parts[3]) + minutes(*parts[4]) + seconds(*parts[5]);
    return duration_cast<milliseconds>(at.time_since_epoch()).count();
}

}  // namespace

Row body_of(connector::WebhookRequest const& request) {
    json::value const body = connector::parse_json(request.body(), "The webhook");
    if (!body.is_object()) {
        throw Failure(CW_ERR_INVALID, "The webhook is not a JSON object.");
    }
    return Row(body);
}

bool is_of_interest(Settings const& settings, Row const& event) {
    std::string const code = event_code(event);
    bool const is_job_change = code.empty() || code.starts_with("change.") || code.starts_with("job.");
    // What we wrote ourselves must not come back as news.
    bool const is_ours = !settings.app_user_id.empty() && event.text("userId") == settings.app_user_id;
    return settings.requisitions.sync_on_change && is_job_change && !is_ours;
}

std::string job_in(Row const& event) {
    std::string id = event.text("jobId");
    if (id.empty()) {
        id = event.text("payload.jobId");
    }
    if (id.empty() && folded(event.text("entityType")) == "job") {
        id = event.text("entityId");
    }
    return id;
}

std::string change_id(Call const& call, Row const& event, std::string_view bytes) {
    std::string const id = event.text("id");
    return "change:" + (id.empty() || id.size() > event_id_bytes_max ? call.sha256_hex(bytes) : id);
}

bool touches_status(Settings const& settings, Row const& event) {
    std::string const field(settings.job_field("status"));
    json::value const* fields = event.find("fields");
    json::value const* update = event.find("payload.update");
    if (fields != nullptr && fields->is_array()) {
        return std::any_of(fields->get_array().begin(), fields->get_array().end(),
                           [&](json::value const& one) { return folded(id_text(&one)) == folded(field); });
    }
    return update == nullptr || event.find("payload.update." + field) != nullptr;
}

std::optional<std::int64_t> happened_at(Row const& event) {
    std::string const text = event.text("at");
    auto const ms = number(text);
    return ms ? ms : utc_ms(text);
}

}  // namespace crosswalk::charthop
