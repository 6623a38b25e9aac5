// Files that a caller attaches over v3: v1's body with the ids beside it, as greenhouse.md section 6 has it.

#include "sandbox/fields.hpp"
#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/errors.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/Exception.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> types{"resume",         "cover_letter", "other",
                                                "take_home_test", "offer_letter", "signed_offer_letter"};

// Nothing when it is not base64.
std::optional<std::string> decoded(std::string const& text) {
    try {
        std::istringstream in(text);
        Poco::Base64Decoder decoder(in);
        return std::string(std::istreambuf_iterator<char>(decoder), {});
    } catch (Poco::Exception const&) {
        return std::nullopt;
    }
}

// Whom the file belongs to; the application's candidate counts when only the application is named.
struct Owner {
    std::int64_t candidate = 0;
    std::int64_t application = 0;
};

std::optional<Owner> owner_of(State const& state, Owner named) {
    if (named.application != 0) {
        auto const* const application = find(state.applications, named.application);
        if (application == nullptr) {
            return std::nullopt;
        }
        std::int64_t const candidate = number_of(application->v3, "candidate_id");
        if (named.candidate != 0 && named.candidate != candidate) {
            return std::nullopt;
        }
        return named;
    }
    return find(state.candidates, named.candidate) == nullptr ? std::nullopt : std::optional(named);
}

}  // namespace

Answer v3_create_attachment(Call const& call) {
    auto const body = call.request.json_object();
    if (!body || call.request.media_type() != "application/json") {
        return unprocessable("body", "must be a JSON object");
    }
    Fields fields(*body);
    auto const owner = owner_of(call.state, {.candidate = fields.integer("candidate_id").value_or(0),
                                             .application = fields.integer("application_id").value_or(0)});
    std::string const name = fields.text("filename").value_or("");
    std::string const type = fields.text("type").value_or("");
    std::string const content_type = fields.text("content_type").value_or("");
    auto const content = fields.text("content");
    auto const url = fields.text("url");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return unprocessable(complaint.substr(0, complaint.find(' ')), complaint);
    }
    if (!owner) {
        return unprocessable("candidate_id", "or application_id must be that of a candidate or an application");
    }
    if (name.empty() || std::find(types.begin(), types.end(), type) == types.end()) {
        return unprocessable("filename", "and a known type are required");
    }
    if (content.has_value() == url.has_value()) {
        return unprocessable("content", "or url is required, and only one of them");
    }
    auto bytes = content ? decoded(*content) : std::optional(std::string("fetched from " + *url));
    if (!bytes || bytes->empty() || (content && content_type.empty())) {
        return unprocessable("content", "must be base64 and needs content_type");
    }
    if (call.state.attachments.size() >= State::records_max ||
        call.state.document_bytes + bytes->size() > State::document_bytes_max) {
        return error_of_status(Api::v3, 500);
    }
    auto const id_or_null = [](std::int64_t id) { return id == 0 ? json::value() : json::value(id); };
    std::int64_t const id =
        call.state.add(call.state.attachments, {.v3 = {{"application_id", id_or_null(owner->application)},
                                                       {"candidate_id", id_or_null(owner->candidate)},
                                                       {"type", type},
                                                       {"filename", name}}});
    call.state.document_bytes += bytes->size();
    call.state.documents[id] = {.content = std::move(*bytes), .content_type = content_type};
    json::object printed = call.state.attachments.at(id).v3;
    printed["url"] = call.state.link_to(id);
    return json_answer(201, printed);
}

}  // namespace crosswalk::sandbox::greenhouse
