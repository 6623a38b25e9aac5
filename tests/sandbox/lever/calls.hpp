// The endpoints of the played Data API, one function each; lever.cpp has the table. The state's lock is held.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/lever/hooks.hpp"
#include "sandbox/lever/state.hpp"

#include <optional>
#include <string_view>

namespace crosswalk::sandbox::lever {

struct Call {
    State& state;
    Hooks& hooks;
    Credential const& credential;
    Request const& request;
    Arguments ids;
};

// opportunities.cpp
[[nodiscard]] Answer list_opportunities(Call const& call);
[[nodiscard]] Answer list_deleted_opportunities(Call const& call);
[[nodiscard]] Answer get_opportunity(Call const& call);
[[nodiscard]] Answer list_applications(Call const& call);
[[nodiscard]] Answer get_application(Call const& call);
[[nodiscard]] Answer list_offers(Call const& call);
[[nodiscard]] Answer get_contact(Call const& call);
[[nodiscard]] Answer add_tags(Call const& call);
[[nodiscard]] Answer remove_tags(Call const& call);

// catalogue.cpp
[[nodiscard]] Answer list_postings(Call const& call);
[[nodiscard]] Answer get_posting(Call const& call);
[[nodiscard]] Answer list_users(Call const& call);
[[nodiscard]] Answer get_user(Call const& call);
[[nodiscard]] Answer list_stages(Call const& call);
[[nodiscard]] Answer get_stage(Call const& call);
[[nodiscard]] Answer list_archive_reasons(Call const& call);
[[nodiscard]] Answer get_archive_reason(Call const& call);
[[nodiscard]] Answer list_tags(Call const& call);

// postings.cpp
[[nodiscard]] Answer update_posting(Call const& call);

// requisitions.cpp
[[nodiscard]] Answer list_requisitions(Call const& call);
[[nodiscard]] Answer get_requisition(Call const& call);
[[nodiscard]] Answer create_requisition(Call const& call);
[[nodiscard]] Answer replace_requisition(Call const& call);
[[nodiscard]] Answer delete_requisition(Call const& call);
[[nodiscard]] Answer list_requisition_fields(Call const& call);
[[nodiscard]] Answer get_requisition_field(Call const& call);

// notes.cpp
[[nodiscard]] Answer list_notes(Call const& call);
[[nodiscard]] Answer get_note(Call const& call);
[[nodiscard]] Answer create_note(Call const& call);

// files.cpp
[[nodiscard]] Answer list_files(Call const& call);
[[nodiscard]] Answer get_file(Call const& call);
[[nodiscard]] Answer download_file(Call const& call);
[[nodiscard]] Answer upload_file(Call const& call);
[[nodiscard]] Answer delete_file(Call const& call);

// webhooks.cpp
[[nodiscard]] Answer list_webhooks(Call const& call);
[[nodiscard]] Answer create_webhook(Call const& call);
[[nodiscard]] Answer update_webhooks(Call const& call);
[[nodiscard]] Answer delete_webhook(Call const& call);

// The candidate that the first id of the path names, or why the caller does not get to see it (opportunities.cpp).
struct Access {
    Candidate* candidate = nullptr;
    Answer refusal = {};
};
[[nodiscard]] Access find_visible(Call const& call);

// The refusal when perform_as is missing though required, or names nobody (opportunities.cpp).
[[nodiscard]] std::optional<Answer> check_perform_as(Call const& call, bool required);

// An opportunity as printed for this request, without expansion (opportunities.cpp).
[[nodiscard]] boost::json::object print_plain(Candidate const& candidate);

// The application of a candidate, its archive state put in (opportunities.cpp).
[[nodiscard]] boost::json::object print_application(Candidate const& candidate);

// Keeps only the fields that `include` names, besides expanded ones.
void keep_included(boost::json::object& printed, Request const& request);

// True if the parameter was not sent or one of its values fits: repeating a filter widens it.
[[nodiscard]] bool wanted(Request const& request, std::string_view parameter, std::string_view value);

}  // namespace crosswalk::sandbox::lever
