#include "postings/posting.hpp"
#include "requisitions/requisition.hpp"
#include "values.hpp"
#include "writes/push.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::MapRequest;
using connector::Record;
using connector::text_at;

namespace {

// Opportunities carry notes, tags and files, so that is what a ref must lead to. Canonical refs of this connection that
// other connectors made say "application" for it.
std::string opportunity_of(Call const& call, json::value const& record) {
    auto const fits = [&](json::value const* ref) {
        std::string_view const kind = ref == nullptr ? std::string_view{} : text_at(*ref, "/kind");
        return ref != nullptr && text_at(*ref, "/system") == call.connection() &&
               (kind == "opportunity" || kind == "application") && is_id(text_at(*ref, "/id"));
    };
    for (std::string_view const field : {"/application", "/target", "/owner", "/candidate"}) {
        if (json::value const* ref = find(record, field); fits(ref)) {
            return std::string(text_at(*ref, "/id"));
        }
    }
    if (json::value const* links = find(record, "/links"); links != nullptr && links->is_array()) {
        for (json::value const& ref : links->get_array()) {
            if (fits(&ref)) {
                return std::string(text_at(ref, "/id"));
            }
        }
    }
    throw Failure(CW_ERR_INVALID, "The record does not say which opportunity of this Lever connection it is about.",
                  {{"application", "holds no opportunity of this connection"}});
}

std::string required(json::value const& record, std::string const& field) {
    std::string_view const text = text_at(record, "/" + field);
    if (folded(text).empty()) {
        throw Failure(CW_ERR_INVALID, "The record lacks its " + field + ".", {{field, "is required"}});
    }
    return std::string(text);
}

// "@name" in a note notifies that user, and this text was not written to call anybody. A word joiner, which nobody
// sees, ends the mention before it begins.
std::string without_mentions(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        out.push_back(c);
        if (c == '@') {
            out += "\u2060";
        }
    }
    return out;
}

json::object note(json::value const& record) {
    std::string body = required(record, "body");
    if (std::string_view const subject = text_at(record, "/subject"); !subject.empty()) {
        body = std::string(subject) + "\n\n" + body;
    }
    std::string_view const visibility = text_at(record, "/visibility");
    return {{"value", without_mentions(body)}, {"secret", visibility == "private" || visibility == "admin_only"}};
}

json::object tag(json::value const& record) {
    // Case and inner blanks are part of a tag.
    json::object out{{"tag", required(record, "name")}};
    if (std::string_view const op = text_at(record, "/op"); !op.empty()) {
        out["op"] = op;
    }
    if (json::value const* replaces = find(record, "/replaces"); replaces != nullptr && replaces->is_array()) {
        out["replaces"] = *replaces;
    }
    return out;
}

json::object file(json::value const& record) {
    json::object out{{"file_name", required(record, "file_name")}, {"content_type", required(record, "content_type")}};
    for (std::string_view const source : {"bytes", "content_base64", "url"}) {
        if (std::string_view const text = text_at(record, "/" + std::string(source)); !text.empty()) {
            out[source] = text;
            return out;
        }
    }
    throw Failure(CW_ERR_INVALID, "The attachment has neither bytes nor content_base64 nor a url.",
                  {{"bytes", "is required"}});
}

}  // namespace

Record map_out(Call& call, MapRequest const& request) {
    if (request.to_schema == requisition_update_schema) {
        return map_requisition_out(call, request.data);
    }
    if (request.to_schema == posting_update_schema) {
        return map_posting_out(call, request.data);
    }
    json::value const record(request.data);
    std::string const opportunity = opportunity_of(call, record);
    json::object out;
    if (request.to_schema == note_schema) {
        out = note(record);
    } else if (request.to_schema == tag_schema) {
        out = tag(record);
    } else if (request.to_schema == file_schema) {
        out = file(record);
    } else {
        throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector does not make this kind of record.");
    }
    out["opportunity_id"] = opportunity;
    // Two writes to one opportunity never run at once: a tag is not added while it is removed.
    return {std::string(request.to_schema), opportunity, std::move(out)};
}

}  // namespace crosswalk::lever
