#include "writes/files.hpp"

#include "values.hpp"
#include "writes/actions.hpp"
#include "writes/write.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Outcome;
using connector::PushRequest;
using connector::text_at;

namespace {

// Is the file at Lever, which has the same name and size, this one? nullopt when Lever does not let it be read back.
std::optional<bool> same_content(Call& call, Api& api, std::string const& path, File const& file, std::string_view id) {
    if (!is_id(id)) {
        return std::nullopt;
    }
    connector::HttpResponse answer;
    try {
        answer = api.fetch(call, path + "/files/" + std::string(id) + "/download");
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_AUTH || failure.status() == CW_ERR_RATE_LIMITED) {
            throw;
        }
        return std::nullopt;
    }
    if (answer.status != 200 || answer.body_file.empty()) {
        return std::nullopt;
    }
    return answer.body_file == (file.id.empty() ? call.sha256_hex(file.content) : file.id);
}

// A first attempt that finds a file of the same name and size is no repetition unless the content is the same, too: an
// interview that was scored anew can make a file of the same length. A later attempt goes by name and size.
bool is_there(Call& call, Api& api, std::string const& path, File const& file, bool repeated) {
    bool found = false;
    with_rights([&] {
        api.each(call, path + "/files", "files", "List all files", [&](json::value const& one) {
            std::string_view const id = text_at(one, "/id");
            if (text_at(one, "/name") != file.name || integer_of(find(one, "/size")) != file.size) {
                return true;
            }
            found = same_content(call, api, path, file, id).value_or(repeated);
            if (found) {
                call.note(CW_NOTE_TARGET_KEY, id);
            }
            return !found;
        });
    });
    return found;
}

}  // namespace

Outcome push_file(Call& call, Api& api, PushRequest const& request) {
    if (api.settings().perform_as.empty()) {
        throw Failure(CW_ERR_CONFIG, "Lever takes files only in a user's name. Set perform_as to the id of a user.",
                      {{"/perform_as", "is required by attach_file"}});
    }
    json::value const record(request.data);
    std::string const path = opportunity_path(record);
    File const file = load_file(call, api, record);
    bool const repeated = request.attempt > 1;
    if (is_there(call, api, path, file, repeated)) {
        return repeated ? Outcome::delivered : Outcome::unchanged;
    }
    Ask const ask = upload_of(call, file, api.as_user(path + "/files"), request.idempotency_key);
    auto const answer =
        written(call, api, ask, {.right = "Upload a single file", .field = "file", .thing = "opportunity"});
    if (!answer) {
        return Outcome::unknown;
    }
    call.note(CW_NOTE_TARGET_KEY, text_at(*answer, "/id"));
    call.note(CW_NOTE_EFFECT, "created");
    return Outcome::delivered;
}

Outcome look_up_file(Call& call, Api& api, PushRequest const& request) {
    json::value const record(request.data);
    std::string const path = opportunity_path(record);
    return is_there(call, api, path, load_file(call, api, record), true) ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::lever
