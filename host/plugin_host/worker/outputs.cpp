#include "plugin_host/worker/outputs.hpp"

#include "plugin_host/text.hpp"

namespace crosswalk::plugin_host::worker {
namespace {

bool is_word(cw_str raw, bool may_be_empty, std::size_t bytes_max = word_bytes_max) noexcept {
    auto const text = bytes_of(raw);
    return text && (may_be_empty || !text->empty()) && text->size() <= bytes_max && is_utf8(*text);
}

bool is_record(cw_record const* record) noexcept {
    if (!CW_HAS(cw_record, record, json) || record->flags != 0) {
        return false;
    }
    auto const json = bytes_of(record->json);
    return is_word(record->schema, false) && is_word(record->key, true) && json && json->size() <= output_bytes_max &&
           is_json_object(*json);
}

std::size_t bytes_in(cw_record const& record) noexcept {
    return record.schema.len + record.key.len + record.json.len;
}

// Takes the bytes from what the call may still give.
bool spend(Given& given, std::size_t bytes) noexcept {
    given.output_bytes += bytes;
    return given.output_bytes <= output_bytes_max;
}

}  // namespace

bool surely_taken(RunningCall& call, cw_event const* event) noexcept {
    bool const room = call.given().events++ < outputs_max && may_use(call.phase(), Service::emit_event);
    // A signal without a record is for the host, which knows the descriptor.
    bool const sound = CW_HAS(cw_event, event, record) && event->flags == 0 && is_word(event->id, false) &&
                       is_word(event->type, false) && is_word(event->subject, false) &&
                       is_word(event->title, true, title_bytes_max) && is_record(event->record);
    return room && sound &&
           spend(call.given(),
                 event->id.len + event->type.len + event->subject.len + event->title.len + bytes_in(*event->record));
}

bool surely_taken(RunningCall& call, cw_record const* record) noexcept {
    bool const room = call.given().records++ < outputs_max && may_use(call.phase(), Service::emit_record);
    return room && is_record(record) && spend(call.given(), bytes_in(*record));
}

bool cursor_surely_taken(RunningCall& call, cw_str cursor) noexcept {
    return may_use(call.phase(), Service::set_cursor) && is_word(cursor, true, cursor_bytes_max);
}

bool note_surely_taken(RunningCall& call, std::int32_t what, std::string_view text) noexcept {
    bool const known = what >= CW_NOTE_TARGET_KEY && what < CW_NOTE_EFFECT;
    return known && may_use(call.phase(), Service::note) && text.size() <= note_bytes_max && is_utf8(text);
}

bool warning_surely_taken(RunningCall& call) noexcept {
    return call.given().warnings++ < warnings_max && may_use(call.phase(), Service::warn);
}

}  // namespace crosswalk::plugin_host::worker
