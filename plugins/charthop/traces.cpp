#include "traces.hpp"

namespace crosswalk::charthop {
namespace {

constexpr std::int64_t settle_time_ms = 60'000;

}  // namespace

connector::Outcome not_known_yet(Call& call) {
    call.note(
        CW_NOTE_REASON,
        "ChartHop did not say what became of it. It is looked for a minute later, before anything is sent again.");
    return connector::Outcome::unknown;
}

Trace Traces::read() const {
    std::optional<Call::Stored> const stored = call_->kv_get(key_);
    if (!stored) {
        return {};
    }
    json::value const entry = connector::parse_json(stored->value, "The connector's own state");
    Trace out;
    out.push = connector::text_at(entry, "/push");
    out.id = connector::text_at(entry, "/id");
    if (json::value const* at = connector::find(entry, "/at_ms"); at != nullptr && at->is_int64()) {
        out.at_ms = at->get_int64();
    }
    json::value const* done = connector::find(entry, "/done");
    out.done = done != nullptr && done->is_bool() && done->get_bool();
    return out;
}

void Traces::write(Trace const& trace) const {
    json::object const entry{{"push", trace.push}, {"at_ms", trace.at_ms}, {"id", trace.id}, {"done", trace.done}};
    (void)call_->kv_put(key_, json::serialize(entry));
}

bool Traces::is_settling(Trace const& trace) const {
    return !trace.push.empty() && trace.id.empty() && call_->unix_ms() - trace.at_ms < settle_time_ms;
}

}  // namespace crosswalk::charthop
