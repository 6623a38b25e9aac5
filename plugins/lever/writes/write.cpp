#include "writes/write.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::HttpResponse;
using connector::text_at;

namespace {

[[noreturn]] void refuse(HttpResponse const& response, Purpose const& purpose, std::string const& said) {
    if (response.status == 403) {
        throw Failure(CW_ERR_AUTH, "Lever does not let this key write here " + said + ". The key lacks the right '" +
                                       std::string(purpose.right) +
                                       "', or the record is confidential and the key was made without access to "
                                       "confidential data.");
    }
    std::string const field(purpose.field);
    if (response.status == 404) {
        throw Failure(CW_ERR_INVALID, "Lever has no such " + std::string(purpose.thing) + " any more " + said + ".",
                      {{std::string(purpose.thing) + "_id", "does not exist in Lever"}});
    }
    throw Failure(CW_ERR_INVALID, "Lever refuses the data " + said + ".", {{field, "is refused by Lever " + said}});
}

std::optional<json::value> judged(Call& call, Purpose const& purpose, HttpResponse const& response) {
    int const status = response.status;
    if (status >= 200 && status <= 299) {
        json::error_code error;
        json::value answer = json::parse(response.body, error);
        return error ? json::value(nullptr) : unwrapped(std::move(answer));
    }
    std::string const code = error_code(response);
    std::string const said = "(" + std::to_string(status) + (code.empty() ? "" : " " + code) + ")";
    // The body never arrived whole, or nothing was looked at: in neither case was anything written.
    if (status == 408 || status == 503 || (status >= 500 && purpose.repeatable)) {
        throw Failure(CW_ERR_TRANSIENT, "Lever is not available " + said + ".", {}, response.retry_after);
    }
    if (status >= 500) {
        call.note(CW_NOTE_REASON, "Lever failed " + said + " and may have written it before.");
        return std::nullopt;
    }
    refuse(response, purpose, said);
}

}  // namespace

std::optional<json::value> written(Call& call, Api& api, Ask const& ask, Purpose const& purpose) {
    HttpResponse response;
    try {
        response = api.write(call, ask);
    } catch (Failure const& failure) {
        switch (failure.status()) {
            case CW_ERR_DEADLINE:
            case CW_ERR_INTERNAL:
            case CW_ERR_CANCELLED:
            case CW_ERR_TOO_LARGE:
                call.note(CW_NOTE_REASON, "The request left, but Lever's answer did not arrive whole.");
                return std::nullopt;
            default:
                throw;
        }
    }
    return judged(call, purpose, response);
}

Ask json_ask(std::string method, std::string path, json::object const& body) {
    Ask ask;
    ask.method = std::move(method);
    ask.path = std::move(path);
    ask.body = json::serialize(body);
    ask.content_type = "application/json";
    return ask;
}

std::string opportunity_path(json::value const& record) {
    std::string_view const id = text_at(record, "/opportunity_id");
    if (!is_id(id)) {
        throw Failure(CW_ERR_INVALID, "The record names no opportunity.", {{"opportunity_id", "is required"}});
    }
    return "/opportunities/" + std::string(id);
}

}  // namespace crosswalk::lever
