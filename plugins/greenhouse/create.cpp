#include "create.hpp"

#include "values.hpp"

#include <string>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::HttpResponse;
using connector::Outcome;

namespace {

Outcome judged(Call& call, HttpResponse const& response, std::string_view may_have_worked,
               std::function<Failure(int status)> const& refusal) {
    int const status = response.status;
    std::string const said = "(" + std::to_string(status) + ").";
    if (status >= 200 && status <= 299) {
        json::error_code error;
        json::value const answer = json::parse(response.body, error);
        if (!error) {
            call.note(CW_NOTE_TARGET_KEY, id_at(answer, "/id"));
        }
        return Outcome::delivered;
    }
    if (status == 408 || status == 503) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse is not available " + said, {}, response.retry_after);
    }
    if (status >= 500) {
        call.note(CW_NOTE_REASON, "Greenhouse failed " + said + " " + std::string(may_have_worked));
        return Outcome::unknown;
    }
    throw refusal(status);
}

}  // namespace

Outcome create(Call& call, std::string_view may_have_worked, std::function<HttpResponse()> const& send,
               std::function<Failure(int status)> const& refusal) {
    try {
        return judged(call, send(), may_have_worked, refusal);
    } catch (Failure const& failure) {
        switch (failure.status()) {
            case CW_ERR_DEADLINE:
            case CW_ERR_INTERNAL:
            case CW_ERR_CANCELLED:
            case CW_ERR_TOO_LARGE:
                call.note(CW_NOTE_REASON, "The request left, but Greenhouse's answer did not arrive whole.");
                return Outcome::unknown;
            default:
                throw;
        }
    }
}

}  // namespace crosswalk::greenhouse
