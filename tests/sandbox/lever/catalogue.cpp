#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/paging.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> posting_states{"published", "internal", "closed",
                                                         "draft",     "pending",  "rejected"};

json::object included(json::object const& record, Request const& request) {
    json::object printed = record;
    keep_included(printed, request);
    return printed;
}

Answer get_from(Call const& call, Collection const& collection, std::string_view resource) {
    auto const* const found = collection.find(call.ids.front());
    return found == nullptr ? not_found(resource, call.ids.front())
                            : json_answer(200, {{"data", included(*found, call.request)}});
}

bool all_pass(json::object const& /*record*/) {
    return true;
}

bool confidential(json::object const& posting) {
    return text_of(posting, "confidentiality") == "confidential";
}

json::array channels_of(json::object const& posting) {
    auto const* const channels = posting.if_contains("distributionChannels");
    return channels != nullptr && channels->is_array() ? channels->get_array() : json::array();
}

// A plain list of published postings leaves out those that are only distributed internally.
bool internal_only(json::object const& posting) {
    json::array const channels = channels_of(posting);
    return text_of(posting, "state") == "published" && channels.size() == 1 && channels[0] == "internal";
}

bool channel_wanted(Request const& request, json::object const& posting) {
    if (!request.has_parameter("distributionChannel")) {
        return !(request.has_parameter("state") && internal_only(posting));
    }
    json::array const channels = channels_of(posting);
    return std::any_of(channels.begin(), channels.end(), [&](json::value const& channel) {
        return channel.is_string() && wanted(request, "distributionChannel", channel.get_string().c_str());
    });
}

bool category_wanted(Request const& request, json::object const& posting, std::string_view category) {
    auto const* const categories = posting.if_contains("categories");
    return wanted(request, category,
                  categories != nullptr && categories->is_object() ? text_of(categories->get_object(), category) : "");
}

bool tag_wanted(Request const& request, json::object const& posting) {
    auto const* const tags = posting.if_contains("tags");
    return !request.has_parameter("tag") ||
           (tags != nullptr && tags->is_array() &&
            std::any_of(tags->get_array().begin(), tags->get_array().end(),
                        [&](json::value const& tag) { return wanted(request, "tag", tag.as_string().c_str()); }));
}

bool fits(Request const& request, json::object const& posting) {
    std::string const confidentiality = request.parameter("confidentiality").value_or("non-confidential");
    auto const start = parse_number(request.parameter("updated_at_start").value_or(""));
    auto const end = parse_number(request.parameter("updated_at_end").value_or(""));
    std::int64_t const updated = number_of(posting, "updatedAt");
    return (confidentiality == "all" || (confidentiality == "confidential") == confidential(posting)) &&
           wanted(request, "state", text_of(posting, "state")) && channel_wanted(request, posting) &&
           category_wanted(request, posting, "team") && category_wanted(request, posting, "department") &&
           category_wanted(request, posting, "location") && category_wanted(request, posting, "commitment") &&
           tag_wanted(request, posting) && (!start || updated >= *start) && (!end || updated <= *end);
}

std::optional<Answer> check_posting_list(Call const& call) {
    Request const& request = call.request;
    bool const by_update = request.has_parameter("updated_at_start") || request.has_parameter("updated_at_end");
    for (Pair const& pair : request.query) {
        static constexpr std::array<std::string_view, 5> combinable{"updated_at_start", "updated_at_end",
                                                                    "confidentiality", "limit", "offset"};
        if (by_update && std::find(combinable.begin(), combinable.end(), pair.name) == combinable.end()) {
            return bad_request(pair.name + " cannot be combined with updated_at");
        }
        if (pair.name.starts_with("updated_at") && !parse_number(pair.value)) {
            return bad_request(pair.name + " must be milliseconds");
        }
        if (pair.name == "state" &&
            std::find(posting_states.begin(), posting_states.end(), pair.value) == posting_states.end()) {
            return bad_request("state does not know " + pair.value);
        }
    }
    std::string const confidentiality = request.parameter("confidentiality").value_or("non-confidential");
    if (confidentiality != "non-confidential" && confidentiality != "confidential" && confidentiality != "all") {
        return bad_request("confidentiality does not know " + confidentiality);
    }
    if (confidentiality != "non-confidential" && !call.credential.confidential) {
        return forbidden();
    }
    return std::nullopt;
}

// Users in place of ids; nothing else of a posting can be expanded.
std::optional<Answer> expand_users(Call const& call, json::object& posting) {
    for (std::string const& field : call.request.parameters("expand")) {
        if (field != "user" && field != "owner" && field != "hiringManager") {
            return bad_request("expand does not know " + field);
        }
        if (auto const* const user = call.state.users.find(text_of(posting, field)); user != nullptr) {
            posting[field] = *user;
        }
    }
    return std::nullopt;
}

}  // namespace

Answer list_postings(Call const& call) {
    if (auto refusal = check_posting_list(call)) {
        return *refusal;
    }
    json::object nobody;
    if (auto refusal = expand_users(call, nobody)) {
        return *refusal;
    }
    return answer_list(
        call.request, call.state.postings.all(),
        [&](json::object const& posting) { return fits(call.request, posting); },
        [&](json::object const& posting) {
            json::object expanded = posting;
            (void)expand_users(call, expanded);
            return included(expanded, call.request);
        });
}

Answer get_posting(Call const& call) {
    auto const* const posting = call.state.postings.find(call.ids.front());
    if (posting == nullptr) {
        return not_found("postings", call.ids.front());
    }
    if (confidential(*posting) && !call.credential.confidential) {
        return forbidden();
    }
    json::object expanded = *posting;
    if (auto refusal = expand_users(call, expanded)) {
        return *refusal;
    }
    return json_answer(200, {{"data", included(expanded, call.request)}});
}

Answer list_users(Call const& call) {
    Request const& request = call.request;
    std::string const deactivated = request.parameter("includeDeactivated").value_or("false");
    if (deactivated != "true" && deactivated != "false") {
        return bad_request("includeDeactivated must be true or false");
    }
    return answer_list(
        request, call.state.users.all(),
        [&](json::object const& user) {
            return (deactivated == "true" || number_of(user, "deactivatedAt") == 0) &&
                   wanted(request, "email", text_of(user, "email")) &&
                   wanted(request, "accessRole", text_of(user, "accessRole")) &&
                   wanted(request, "external_directory_id", text_of(user, "externalDirectoryId"));
        },
        [&](json::object const& user) { return included(user, request); }, PageEnd::silent);
}

Answer get_user(Call const& call) {
    return get_from(call, call.state.users, "users");
}

Answer list_stages(Call const& call) {
    return answer_list(
        call.request, call.state.stages.all(), all_pass, [](json::object const& stage) { return stage; },
        PageEnd::silent);
}

Answer get_stage(Call const& call) {
    return get_from(call, call.state.stages, "stages");
}

Answer list_archive_reasons(Call const& call) {
    return answer_list(
        call.request, call.state.archive_reasons.all(),
        [&](json::object const& reason) { return wanted(call.request, "type", text_of(reason, "type")); },
        [](json::object const& reason) { return reason; }, PageEnd::silent);
}

Answer get_archive_reason(Call const& call) {
    return get_from(call, call.state.archive_reasons, "archive_reasons");
}

Answer list_tags(Call const& call) {
    std::map<std::string, std::int64_t> counts;
    for (Candidate const& candidate : call.state.candidates) {
        for (json::value const& tag : candidate.opportunity.at("tags").as_array()) {
            ++counts[tag.as_string().c_str()];
        }
    }
    std::deque<json::object> tags;
    for (auto const& [text, count] : counts) {
        tags.push_back({{"id", text}, {"text", text}, {"count", count}});
    }
    return answer_list(
        call.request, tags, all_pass,
        [](json::object tag) {
            tag.erase("id");  // only there for the offset token
            return tag;
        },
        PageEnd::silent);
}

}  // namespace crosswalk::sandbox::lever
