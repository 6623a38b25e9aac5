#include "attach.hpp"

#include "create.hpp"
#include "values.hpp"
#include <crosswalk/files.hpp>

#include <algorithm>
#include <utility>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::HttpResponse;
using connector::Outcome;
using connector::PushRequest;
using connector::Record;
using connector::text_at;

namespace {

// Canonical words and what Greenhouse calls them.
std::string_view type_word(std::string_view type) {
    return type == "resume" || type == "cover_letter" || type == "offer_letter" ? type : "other";
}

struct Target {
    std::string member;  // "candidate_id" or "application_id"
    std::string id;
};

Target target_of(PushRequest const& request, Api const& api) {
    if (request.schema != attachment_schema) {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse's connector has no such action for this record.");
    }
    if (!api.is_v3()) {
        throw Failure(CW_ERR_UNSUPPORTED, "Files are attached over Harvest v3 only.");
    }
    json::value const record(request.data);
    for (char const* member : {"candidate_id", "application_id"}) {
        if (std::string id(text_at(record, std::string("/") + member)); is_id(id)) {
            return {member, std::move(id)};
        }
    }
    throw Failure(CW_ERR_INVALID, "The file names neither a candidate nor an application.", {{"owner", "is required"}});
}

[[noreturn]] void refuse(char const* field, std::string const& why) {
    throw Failure(CW_ERR_INVALID, std::string("Greenhouse would not take the file: ") + field + " " + why + ".",
                  {{field, why}});
}

std::string kept_content(Call& call, std::string_view id) {
    std::optional<std::int64_t> const size = call.file_size(id);
    if (!size) {
        refuse("bytes", "names a file that this host no longer keeps; replay the event");
    }
    if (*size > attachment_bytes_max) {
        refuse("bytes", "is more than 16 MiB");
    }
    std::string content;
    content.reserve(static_cast<std::size_t>(*size));
    while (static_cast<std::int64_t>(content.size()) < *size) {
        std::string const piece = call.read_file(id, static_cast<std::int64_t>(content.size()), CW_FILE_READ_MAX);
        if (piece.empty()) {
            throw Failure(CW_ERR_TRANSIENT, "The file could not be read to its end.");
        }
        content += piece;
    }
    return content;
}

// The SHA-256 of the content that the record brings; empty when only an address does.
std::string digest_of(Call& call, json::value const& record) {
    if (std::string_view const id = text_at(record, "/bytes"); !id.empty()) {
        return std::string(id);
    }
    auto const content = connector::decode_base64(text_at(record, "/content_base64"));
    return content && !content->empty() ? call.sha256_hex(*content) : std::string();
}

// Is what Greenhouse holds under that link the same? nullopt when it cannot be fetched.
std::optional<bool> is_same(Call& call, std::string_view url, std::string const& digest) {
    connector::HttpRequest request;
    request.url = url;  // signed by itself; our credential stays at home
    request.to_file = true;
    try {
        HttpResponse const response = call.http(request);
        if (response.status == 200 && !response.body_file.empty() && !digest.empty()) {
            return response.body_file == digest;
        }
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_RATE_LIMITED || failure.status() == CW_ERR_CANCELLED) {
            throw;
        }
    }
    return std::nullopt;
}

bool is_there(Call& call, Api& api, Target const& target, json::value const& record, bool repeated) {
    bool found = false;
    api.each(call, "/attachments", target.member + "s=" + target.id, "attachments", [&](json::value const& one) {
        // A filter that was not understood would show other people's files.
        if (id_at(one, "/" + target.member) != target.id ||
            text_at(one, "/filename") != text_at(record, "/file_name") ||
            text_at(one, "/type") != text_at(record, "/type")) {
            return true;
        }
        found = is_same(call, text_at(one, "/url"), digest_of(call, record)).value_or(repeated);
        if (found) {
            call.note(CW_NOTE_TARGET_KEY, id_at(one, "/id"));
        }
        return !found;
    });
    return found;
}

json::object body_of(Call& call, Target const& target, json::value const& record) {
    json::object body{{target.member, std::stoll(target.id)},
                      {"filename", text_at(record, "/file_name")},
                      {"type", text_at(record, "/type")},
                      {"content_type", text_at(record, "/content_type")}};
    if (std::string_view const id = text_at(record, "/bytes"); !id.empty()) {
        body["content"] = connector::encode_base64(kept_content(call, id));
    } else if (std::string_view const text = text_at(record, "/content_base64"); !text.empty()) {
        if (!connector::decode_base64(text)) {
            refuse("content_base64", "is not base64");
        }
        body["content"] = text;
    } else {
        body["url"] = text_at(record, "/url");
    }
    return body;
}

Failure refusal(Api& api, int status) {
    if (status == 403) {
        return {CW_ERR_INVALID, "Greenhouse does not let this file be attached (403): the credential lacks " +
                                    api.permission("attachments", "create") +
                                    ", or its user may not see a private candidate."};
    }
    return {CW_ERR_INVALID,
            "Greenhouse refuses the file (" + std::to_string(status) + ").",
            {{"owner", "or the file is refused"}}};
}

}  // namespace

Record map_attachment(Call& call, json::object const& data) {
    json::value const record(data);
    std::vector<connector::FieldProblem> problems;
    json::value const* owner = find(record, "/owner");
    std::string const id(owner == nullptr ? std::string_view{} : text_at(*owner, "/id"));
    std::string_view const kind = owner == nullptr ? std::string_view{} : text_at(*owner, "/kind");
    if (owner == nullptr || text_at(*owner, "/system") != call.connection() ||
        (kind != "candidate" && kind != "application") || !is_id(id)) {
        problems.push_back({"owner", "is no candidate or application of this connection"});
    }
    json::object out{{"type", type_word(text_at(record, "/type"))}};
    for (char const* name : {"file_name", "content_type"}) {
        if (std::string_view const text = trimmed(text_at(record, std::string("/") + name)); !text.empty()) {
            out[name] = text;
        } else {
            problems.push_back({name, "is required"});
        }
    }
    for (char const* name : {"bytes", "content_base64", "url"}) {
        std::string_view const text = text_at(record, std::string("/") + name);
        if (!text.empty() && !out.contains("bytes") && !out.contains("content_base64")) {
            out[name] = text;
        }
    }
    if (!out.contains("bytes") && !out.contains("content_base64") && !out.contains("url")) {
        problems.push_back({"bytes", "is missing, and so are content_base64 and url"});
    }
    if (!problems.empty()) {
        throw Failure(CW_ERR_INVALID, "The file cannot be attached in Greenhouse: it lacks its owner, name or content.",
                      std::move(problems));
    }
    out[std::string(kind) + "_id"] = id;
    return {std::string(attachment_schema), id, std::move(out)};
}

Outcome attach(Call& call, Api& api, PushRequest const& request) {
    Target const target = target_of(request, api);
    json::value const record(request.data);
    bool const repeated = request.attempt > 1;
    if (is_there(call, api, target, record, repeated)) {
        return repeated ? Outcome::delivered : Outcome::unchanged;
    }
    json::object const body = body_of(call, target, record);
    Outcome const outcome = create(
        call, "The file may have been attached before.", [&] { return api.post(call, "/attachments", body, {}); },
        [&](int status) { return refusal(api, status); });
    if (outcome == Outcome::delivered) {
        call.note(CW_NOTE_EFFECT, "created");
    }
    return outcome;
}

Outcome look_up_attachment(Call& call, Api& api, PushRequest const& request) {
    Target const target = target_of(request, api);
    return is_there(call, api, target, json::value(request.data), true) ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::greenhouse
