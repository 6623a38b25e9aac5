#include "sandbox/lever/lever.hpp"

#include "sandbox/endpoints.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/controls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/oauth.hpp"

#include <Poco/Base64Decoder.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <sstream>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

std::vector<Endpoint<Call>> const& table() {
    static std::vector<std::string_view> const opportunity_filters{"limit",
                                                                   "offset",
                                                                   "include",
                                                                   "expand",
                                                                   "tag",
                                                                   "email",
                                                                   "origin",
                                                                   "source",
                                                                   "confidentiality",
                                                                   "stage_id",
                                                                   "posting_id",
                                                                   "archived_posting_id",
                                                                   "archived",
                                                                   "archive_reason_id",
                                                                   "snoozed",
                                                                   "contact_id",
                                                                   "location",
                                                                   "created_at_start",
                                                                   "created_at_end",
                                                                   "updated_at_start",
                                                                   "updated_at_end",
                                                                   "advanced_at_start",
                                                                   "advanced_at_end",
                                                                   "archived_at_start",
                                                                   "archived_at_end"};
    static std::vector<std::string_view> const posting_filters{
        "limit", "offset",     "include",  "expand",     "state", "distributionChannel", "confidentiality", "group",
        "team",  "department", "location", "commitment", "tag",   "updated_at_start",    "updated_at_end"};
    static std::vector<std::string_view> const page{"limit", "offset"};
    static std::vector<Endpoint<Call>> const endpoints{
        {"GET", "/opportunities", list_opportunities, opportunity_filters, "opportunities:read"},
        {"GET",
         "/opportunities/deleted",
         list_deleted_opportunities,
         {"limit", "offset", "deleted_at_start", "deleted_at_end"},
         "opportunities:read"},
        {"GET", "/opportunities/:id", get_opportunity, {"include", "expand"}, "opportunities:read"},
        {"GET", "/opportunities/:id/applications", list_applications, page, "applications:read"},
        {"GET", "/opportunities/:id/applications/:application", get_application, {}, "applications:read"},
        {"GET", "/opportunities/:id/offers", list_offers, {"limit", "offset", "expand"}, "offers:read"},
        {"POST", "/opportunities/:id/addTags", add_tags, {"perform_as"}, "opportunities:write"},
        {"POST", "/opportunities/:id/removeTags", remove_tags, {"perform_as"}, "opportunities:write"},
        {"GET", "/opportunities/:id/notes", list_notes, page, "notes:read"},
        {"POST", "/opportunities/:id/notes", create_note, {"perform_as", "note_id"}, "notes:write"},
        {"GET", "/opportunities/:id/notes/:note", get_note, {}, "notes:read"},
        {"GET",
         "/opportunities/:id/files",
         list_files,
         {"limit", "offset", "uploaded_at_start", "uploaded_at_end"},
         "files:read"},
        {"POST", "/opportunities/:id/files", upload_file, {"perform_as"}, "files:write"},
        {"GET", "/opportunities/:id/files/:file", get_file, {}, "files:read"},
        {"GET", "/opportunities/:id/files/:file/download", download_file, {}, "files:read"},
        {"DELETE", "/opportunities/:id/files/:file", delete_file, {"perform_as"}, "files:write"},
        {"GET", "/contacts/:id", get_contact, {}, "contact:read"},
        {"GET", "/postings", list_postings, posting_filters, "postings:read"},
        {"GET", "/postings/:id", get_posting, {"include", "expand"}, "postings:read"},
        {"POST", "/postings/:id", update_posting, {"perform_as"}, "postings:write"},
        {"GET",
         "/requisitions",
         list_requisitions,
         {"limit", "offset", "created_at_start", "created_at_end", "requisition_code", "status", "confidentiality"},
         "requisitions:read"},
        {"POST", "/requisitions", create_requisition, {}, "requisitions:write"},
        {"GET", "/requisitions/:id", get_requisition, {}, "requisitions:read"},
        {"PUT", "/requisitions/:id", replace_requisition, {}, "requisitions:write"},
        {"DELETE", "/requisitions/:id", delete_requisition, {}, "requisitions:write"},
        {"GET",
         "/requisition_fields",
         list_requisition_fields,
         {"limit", "offset", "isRequired", "type"},
         "requisition_fields:read"},
        {"GET", "/requisition_fields/:id", get_requisition_field, {}, "requisition_fields:read"},
        {"GET",
         "/users",
         list_users,
         {"limit", "offset", "include", "email", "accessRole", "includeDeactivated", "external_directory_id"},
         "users:read"},
        {"GET", "/users/:id", get_user, {"include"}, "users:read"},
        {"GET", "/archive_reasons", list_archive_reasons, {"limit", "offset", "type"}, "archive_reasons:read"},
        {"GET", "/archive_reasons/:id", get_archive_reason, {}, "archive_reasons:read"},
        {"GET", "/stages", list_stages, page, "stages:read"},
        {"GET", "/stages/:id", get_stage, {}, "stages:read"},
        {"GET", "/tags", list_tags, page, "tags:read"},
        {"GET", "/webhooks", list_webhooks, page, "webhooks:read"},
        {"POST", "/webhooks", create_webhook, {}, "webhooks:write"},
        {"PUT", "/webhooks", update_webhooks, {}, "webhooks:write"},
        {"DELETE", "/webhooks/:id", delete_webhook, {}, "webhooks:write"},
    };
    return endpoints;
}

// The path behind v1, or nothing when the request is for something else.
std::optional<std::span<std::string const>> api_path(Request const& request, bool& redirected) {
    std::span<std::string const> path(request.path);
    redirected = !path.empty() && path.front() == "eu";
    if (redirected) {
        path = path.subspan(1);
    }
    if (path.empty() || path.front() != "v1") {
        return std::nullopt;
    }
    return path.subspan(1);
}

Answer redirect(std::string const& base, Request const& request, std::span<std::string const> path) {
    std::string location = base;
    for (std::string const& segment : path) {
        location += "/" + segment;
    }
    char separator = '?';
    for (Pair const& pair : request.query) {
        location += separator + pair.name + "=" + pair.value;
        separator = '&';
    }
    return {.status = 301, .headers = {{"Location", location}}};
}

std::string decode_base64(std::string_view text) {
    std::istringstream stream{std::string(text)};
    Poco::Base64Decoder decoder(stream);
    return {std::istreambuf_iterator<char>(decoder), std::istreambuf_iterator<char>()};
}

// Basic with the key as user and no password, or Bearer with an access token; null for anything else.
Credential* find_credential(State& state, Request const& request) {
    std::string_view const header = request.header("Authorization");
    bool const bearer = header.starts_with("Bearer ");
    std::string secret;
    if (bearer) {
        secret = header.substr(7);
    } else if (header.starts_with("Basic ")) {
        secret = decode_base64(header.substr(6));
        if (!secret.ends_with(':')) {
            return nullptr;
        }
        secret.pop_back();
    }
    auto const found = state.credentials.find(secret);
    if (found == state.credentials.end() || found->second.bearer != bearer) {
        return nullptr;
    }
    bool const ended = found->second.ends_at != 0 && now_ms() >= found->second.ends_at;
    return ended ? nullptr : &found->second;
}

// Writing is answered only in the format that is documented for it.
std::optional<Answer> check_content(Request const& request, Endpoint<Call> const& endpoint) {
    if (request.method == "GET" || request.method == "DELETE") {
        return request.body.empty() ? std::nullopt : std::optional(bad_request("a body is not expected"));
    }
    std::string_view const expected = endpoint.path.ends_with("/files") ? "multipart/form-data" : "application/json";
    if (request.media_type() != expected) {
        return bad_request("Content-Type must be " + std::string(expected));
    }
    return std::nullopt;
}

bool has_right(Credential const& credential, std::string_view right) {
    if (!credential.rights || credential.rights->contains(std::string(right))) {
        return true;
    }
    // Writing implies reading.
    auto const colon = right.find(':');
    return right.ends_with(":read") && credential.rights->contains(std::string(right.substr(0, colon)) + ":write");
}

}  // namespace

Lever::Lever() : streams_(state_, hooks_) {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Lever::~Lever() {
    stop();
}

void Lever::start() {
    hooks_.sender().start();
}

void Lever::stop() {
    hooks_.sender().stop();
    streams_.clear();
}

void Lever::reset() {
    streams_.clear();
    hooks_.clear();
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Answer Lever::call(Request const& request) {
    if (auto const answer = answer_oauth(state_, request)) {
        return *answer;
    }
    bool redirected = false;
    auto const path = api_path(request, redirected);
    if (!path) {
        return unknown_path(request.target);
    }
    std::lock_guard const lock(state_.mutex);
    if (!state_.settings.redirect_to.empty() && !redirected) {
        return redirect(state_.settings.redirect_to, request, *path);
    }
    if (request.header("Authorization") == "Bearer lever-other-environment-token") {
        return unknown_signing_key();
    }
    Credential* const credential = find_credential(state_, request);
    if (credential == nullptr) {
        return unauthorized();
    }
    auto const now = std::chrono::steady_clock::now();
    if (!credential->bucket.take(now, state_.settings.rate_per_s, state_.settings.burst)) {
        return too_many_requests();
    }
    auto found = find_endpoint<Call>(table(), request.method, *path);
    if (found.endpoint == nullptr) {
        return found.path_known ? wrong_method(request.method) : unknown_path(request.target);
    }
    if (!has_right(*credential, found.endpoint->right)) {
        return forbidden();
    }
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        return bad_request(unknown + " is not a known query parameter");
    }
    if (auto refusal = check_content(request, *found.endpoint)) {
        return *refusal;
    }
    return found.endpoint->answer({.state = state_,
                                   .hooks = hooks_,
                                   .credential = *credential,
                                   .request = request,
                                   .ids = std::move(found.arguments)});
}

Answer Lever::control(Request const& request) {
    auto found = find_endpoint<ControlCall>(controls(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return control_refusal(found.path_known ? 405 : 404, "no such control call");
    }
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        return control_refusal(400, unknown + " is not a known query parameter");
    }
    boost::json::object body;
    if (!request.body.empty()) {
        auto parsed = request.json_object();
        if (!parsed) {
            return control_refusal(400, "the body must be a JSON object");
        }
        body = std::move(*parsed);
    }
    return found.endpoint->answer({.state = state_,
                                   .hooks = hooks_,
                                   .streams = streams_,
                                   .request = request,
                                   .body = body,
                                   .ids = std::move(found.arguments)});
}

Answer Lever::error(int status) const {
    return error_of_status(status);
}

json::object Lever::metrics() {
    json::object printed;
    {
        std::lock_guard const lock(state_.mutex);
        std::size_t notes = 0;
        std::size_t files = 0;
        for (Candidate const& candidate : state_.candidates) {
            notes += candidate.notes.size();
            files += candidate.files.size();
        }
        printed = {
            {"candidates", state_.candidates.size()}, {"hired", state_.hired}, {"notes", notes}, {"files", files}};
    }
    printed["deliveries"] = hooks_.sender().counts();
    return printed;
}

}  // namespace crosswalk::sandbox::lever
