#include "access/probe.hpp"

#include "values.hpp"

#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::text_at;

namespace {

struct Check {
    std::string_view path;
    std::string_view right;
    std::string_view needed_for;
};

constexpr std::array<Check, 5> account_checks = {{
    {"/postings?limit=1", "List all postings", "department, location and job title"},
    {"/users?limit=1", "List all users", "the manager"},
    {"/archive_reasons?type=hired", "List all archive reasons", "telling hires from rejections"},
    {"/requisitions?limit=1", "List all requisitions", "the employment type and custom fields of requisitions"},
    {"/tags?limit=1", "List all tags", "adding and removing tags"},
}};

constexpr std::array<Check, 2> confidential_checks = {{
    {"/opportunities?limit=1&confidentiality=all", "confidential opportunities", "hires on confidential jobs"},
    {"/postings?limit=1&confidentiality=all", "confidential postings", "hires on confidential jobs"},
}};

constexpr std::array<Check, 3> candidate_checks = {{
    {"/offers?limit=1", "List offers", "start date, job title and manager"},
    {"/notes?limit=1", "List notes", "notes about the result"},
    {"/files?limit=1", "List all files", "attaching files"},
}};

bool is_forbidden(Call& call, Api& api, std::string const& path) {
    return api.read(call, path).kind == Read::Kind::forbidden;
}

void check_right(Call& call, Api& api, std::string const& path, Check const& check) {
    if (is_forbidden(call, api, path)) {
        call.warn(check.right, "The key lacks this right, needed for " + std::string(check.needed_for) +
                                   ". Make a key with all endpoints selected.");
    }
}

void check_confidential(Call& call, Api& api) {
    for (Check const& check : confidential_checks) {
        if (is_forbidden(call, api, std::string(check.path))) {
            call.warn(check.right, "The key may not read them, so " + std::string(check.needed_for) +
                                       " are not synced. Lever grants access to confidential data only when a key is "
                                       "made: make a new one with 'Allow access to confidential data'.");
        }
    }
}

// Contacts, offers, notes and files have no list of their own; any candidate will do.
void check_candidate(Call& call, Api& api, json::value const& opportunity) {
    std::string_view const id = text_at(opportunity, "/id");
    if (!is_id(id)) {
        return;
    }
    for (Check const& check : candidate_checks) {
        check_right(call, api, "/opportunities/" + std::string(id) + std::string(check.path), check);
    }
    if (std::string_view const contact = id_of(find(opportunity, "/contact")); is_id(contact)) {
        check_right(call, api, "/contacts/" + std::string(contact),
                    {{}, "Retrieve contact", "e-mail and phone of the candidate"});
    }
}

void check_acting_user(Call& call, Api& api) {
    std::string const& user = api.settings().perform_as;
    if (user.empty()) {
        // A key may well be used for hires alone; who consents to an app means to write.
        if (api.settings().auth == connector::Auth::oauth) {
            call.warn("/perform_as",
                      "No acting user is chosen. Lever takes files and changes of postings only in a "
                      "user's name.");
        }
        return;
    }
    Read const answer = api.read(call, "/users/" + user);
    if (answer.kind == Read::Kind::missing) {
        call.warn("/perform_as", "Lever has no such user.");
    } else if (find(unwrapped(answer.data), "/deactivatedAt") != nullptr) {
        call.warn("/perform_as", "The user is deactivated in Lever.");
    }
}

}  // namespace

void probe(Call& call, Api& api) {
    Read const opportunities = api.read(call, "/opportunities?limit=1");
    if (opportunities.kind == Read::Kind::forbidden) {
        call.warn("List all opportunities",
                  "The key lacks this right, needed for everything. Make a key with all endpoints selected.");
    }
    for (Check const& check : account_checks) {
        check_right(call, api, std::string(check.path), check);
    }
    check_confidential(call, api);
    if (json::value const* first = find(opportunities.data, "/data/0"); first != nullptr) {
        check_candidate(call, api, *first);
    }
    check_acting_user(call, api);
}

}  // namespace crosswalk::lever
