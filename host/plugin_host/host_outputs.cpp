// Outputs of the trigger and map hooks: every string is checked and copied before the host relies on it.
#include "plugin_host/host_services.hpp"
#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::plugin_host {
namespace {

// Reads members one after another and remembers the first that is wrong.
class Reader {
public:
    std::string word(cw_str from, char const* member, bool may_be_empty, std::size_t bytes_max = word_bytes_max) {
        std::optional<std::string_view> const bytes = bytes_of(from);
        if (!bytes || !is_utf8(*bytes)) {
            complain(std::string(member) + " is not UTF-8");
        } else if (bytes->empty() && !may_be_empty) {
            complain(std::string(member) + " is empty");
        } else if (bytes->size() > bytes_max) {
            complain(std::string(member) + " is longer than " + std::to_string(bytes_max) + " bytes");
        } else {
            return std::string(*bytes);
        }
        return {};
    }
    model::Record record(cw_record const* from, std::size_t bytes_max) {
        if (!CW_HAS(cw_record, from, json)) {
            complain("the record is missing or its struct_size is too small");
            return {};
        }
        if (from->flags != 0) {
            complain("the record sets flags that this host does not know");
        }
        model::Record record{
            word(from->schema, "the record's schema", false), word(from->key, "the record's key", true), {}};
        std::optional<std::string_view> const json = bytes_of(from->json);
        if (json && json->size() > bytes_max) {
            too_large_ = true;
            complain("one call may give 16 MiB");
        } else if (!json || !is_json_object(*json)) {
            complain("the record is not a JSON object in UTF-8");
        } else {
            record.json = *json;
        }
        return record;
    }
    void complain(std::string what) {
        if (problem_.empty()) {
            problem_ = std::move(what);
        }
    }
    [[nodiscard]] bool good() const noexcept { return problem_.empty(); }
    [[nodiscard]] cw_status refuse(Call& call) const {
        return refuse_output(call, too_large_ ? CW_ERR_TOO_LARGE : CW_ERR_INVALID, problem_);
    }

private:
    std::string problem_;
    bool too_large_ = false;
};

std::size_t bytes_in(model::Record const& record) noexcept {
    return record.schema.size() + record.key.size() + record.json.size();
}

// Takes the bytes from what the call may still give.
bool spend(Call& call, std::size_t bytes) noexcept {
    if (bytes > output_bytes_max - call.output_bytes) {
        return false;
    }
    call.output_bytes += bytes;
    return true;
}

}  // namespace

cw_status HostServices::emit_event(Call& call, cw_event const* event) const {
    if (call.events.size() == outputs_max) {
        return refuse_output(call, CW_ERR_TOO_LARGE, "one call may give 1,000 events");
    }
    Reader reader;
    if (!CW_HAS(cw_event, event, record)) {
        reader.complain("the event is missing or its struct_size is too small");
        return reader.refuse(call);
    }
    if (event->flags != 0) {
        reader.complain("the event sets flags that this host does not know");
    }
    model::Event copy;
    copy.id = reader.word(event->id, "the event's id", false);
    copy.type = reader.word(event->type, "the event's type", false);
    copy.subject = reader.word(event->subject, "the event's subject", false);
    copy.title = reader.word(event->title, "the event's title", true, title_bytes_max);
    copy.occurred_unix_ms = std::max<std::int64_t>(event->occurred_unix_ms, 0);
    bool const bare = event->record == nullptr || event->record->schema.len == 0;
    if (bare && is_signal(copy.type)) {
        copy.record.json = "{}";  // a signal says that something happened and carries nothing
    } else {
        copy.record = reader.record(event->record, output_bytes_max - call.output_bytes);
    }
    if (!reader.good()) {
        return reader.refuse(call);
    }
    std::size_t const bytes =
        copy.id.size() + copy.type.size() + copy.subject.size() + copy.title.size() + bytes_in(copy.record);
    if (!spend(call, bytes)) {
        return refuse_output(call, CW_ERR_TOO_LARGE, "one call may give 16 MiB");
    }
    call.events.push_back(std::move(copy));
    return CW_OK;
}

cw_status HostServices::emit_record(Call& call, cw_record const* record) const {
    if (call.records.size() == outputs_max) {
        return refuse_output(call, CW_ERR_TOO_LARGE, "one call may give 1,000 records");
    }
    Reader reader;
    model::Record copy = reader.record(record, output_bytes_max - call.output_bytes);
    if (!reader.good()) {
        return reader.refuse(call);
    }
    if (!spend(call, bytes_in(copy))) {
        return refuse_output(call, CW_ERR_TOO_LARGE, "one call may give 16 MiB");
    }
    call.records.push_back(std::move(copy));
    return CW_OK;
}

cw_status HostServices::set_cursor(Call& call, std::string_view cursor) const {
    if (cursor.size() > cursor_bytes_max) {
        return refuse_output(call, CW_ERR_TOO_LARGE, "a cursor may have 64 KiB");
    }
    if (!is_utf8(cursor)) {
        return refuse_output(call, CW_ERR_INVALID, "the cursor is not UTF-8");
    }
    call.cursor = cursor;
    return CW_OK;
}

}  // namespace crosswalk::plugin_host
