#include "hrlogics_data.hpp"
#include "mapping.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Record;
using connector::text_at;

namespace {

constexpr std::size_t extra_max = 50;
constexpr std::array<std::string_view, 4> known_statuses{"pre_qualified", "not_qualified", "certified", "denied"};

json::value const& table() {
    static json::value const parsed = connector::parse_json(applicant_json, "The applicant's field table");
    return parsed;
}

// The text at the first of some JSON Pointers that holds one.
std::string first_text(json::value const& record, json::value const& pointers) {
    for (json::value const& pointer : pointers.as_array()) {
        if (std::string id = id_at(record, pointer.as_string()); !id.empty()) {
            return id;
        }
    }
    return {};
}

std::string canonical_status(std::string_view status) {
    std::string word = folded(status);
    std::replace(word.begin(), word.end(), ' ', '_');
    return std::find(known_statuses.begin(), known_statuses.end(), word) == known_statuses.end() ? "other" : word;
}

// A name as it would be compared by somebody who looks for it: letters and digits only.
std::string letters(std::string_view name) {
    std::string out = folded(name);
    std::erase_if(out, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9'); });
    return out;
}

bool is_never_sent(std::string_view name) {
    std::string const plain = letters(name);
    json::array const& never = table().at("never").as_array();
    return std::any_of(never.begin(), never.end(), [&](json::value const& one) { return one.as_string() == plain; });
}

std::string first_email(json::value const& record) {
    json::value const* emails = find(record, table().at("emails").as_string());
    if (emails != nullptr && emails->is_array()) {
        for (json::value const& email : emails->get_array()) {
            if (std::string_view const value = text_at(email, "/value"); is_email(value)) {
                return std::string(value);
            }
        }
    }
    return {};
}

// What a route added for HRLogics: a field of the contract takes the place of what was mapped, any other goes along.
void add_extra(Call& call, Settings const& settings, json::object const& application, json::object& out) {
    json::value const* extra = application.if_contains("extra");
    if (extra == nullptr || !extra->is_object()) {
        return;
    }
    Texts const& contract = settings.fields.find("applicant")->second;
    json::object others;
    for (auto const& [name, value] : extra->get_object()) {
        bool const is_identity = name == "external_id" || name == "external_application_id" || name == "source";
        if (is_never_sent(name)) {
            call.warn(name,
                      "HRLogics asks the applicant itself; social security numbers and dates of birth are never sent.");
        } else if (is_identity) {
            call.warn(name, "The applicant's identity is not a route's to change.");
        } else if (contract.contains(std::string_view(name))) {
            out.insert_or_assign(name, value);
        } else if (others.size() < extra_max) {
            others.emplace(name, value);
        }
    }
    if (!others.empty()) {
        out["extra"] = std::move(others);
    }
}

std::string time_at(json::value const& record, std::string_view pointer) {
    auto const ms = unix_ms_of(text_at(record, pointer));
    return ms ? time_of(*ms) : std::string{};
}

json::object own_ref(Call const& call, json::value const& record) {
    return {{"system", call.connection()}, {"kind", "applicant"}, {"id", text_at(record, "/applicant_id")}};
}

}  // namespace

Record map_result(Call const& call, json::object const& screening) {
    json::value const record(screening);
    bool const wotc = folded(text_at(record, "/program")) == "wotc" || text_at(record, "/program").empty();
    json::object out{{"kind", "screening_result"},
                     {"ref", own_ref(call, record)},
                     {"candidate", record.at("candidate")},
                     {"application", record.at("application")},
                     {"program", wotc ? "wotc" : "other"},
                     {"status", canonical_status(text_at(record, "/status"))},
                     {"status_raw", text_at(record, "/status")},
                     {"provider", "HRLogics"}};
    for (auto const& [to, from] : {std::pair{"completed_at", "/survey_submitted_at"}, {"updated_at", "/changed_at"}}) {
        if (std::string const time = time_at(record, from); !time.empty()) {
            out[to] = time;
        }
    }
    return {"crosswalk.screening_result/1", std::string(text_at(record, "/applicant_id")), std::move(out)};
}

Record map_decision(Call const& call, Settings const& settings, json::object const& decision) {
    json::value const record(decision);
    std::string const* tag = settings.tag_of(text_at(record, "/status"));
    if (tag == nullptr) {
        throw Failure(CW_ERR_INVALID, "status_map has no tag for this status any more.", {{"status", "has no tag"}});
    }
    json::object out{{"kind", "tag"},
                     {"ref", own_ref(call, record)},
                     {"target", record.at("application")},
                     {"name", *tag},
                     {"op", "add"}};
    std::set<std::string> others;
    for (auto const& [status, other] : settings.tags) {
        if (settings.exclusive_tags && other != *tag) {
            others.insert(other);
        }
    }
    if (!others.empty()) {
        out["replaces"] = json::value_from(others);
    }
    return {"crosswalk.tag/1", std::string(text_at(record, "/applicant_id")), std::move(out)};
}

Record map_applicant(Call& call, Settings const& settings, json::object const& application) {
    json::value const record(application);
    std::string const system(text_at(record, "/ref/system"));
    std::string const id = id_at(record, "/ref/id");
    if (system.empty() || id.empty()) {
        throw Failure(CW_ERR_INVALID, "The application has no identity at its source.", {{"ref", "is required"}});
    }
    std::string const application_id = system + ":app:" + first_text(record, table().at("application_id"));
    json::object out{{"external_id", settings.per == Per::application ? application_id : system + ":opp:" + id},
                     {"external_application_id", application_id},
                     {"source", system},
                     {"email", first_email(record)},
                     {"application", {{"system", system}, {"kind", "application"}, {"id", id}}}};
    for (json::value const& row : table().at("text").as_array()) {
        if (std::string text = first_text(record, row.at("from")); !text.empty()) {
            out[row.at("to").as_string()] = std::move(text);
        }
    }
    for (json::value const& pointer : table().at("job").as_array()) {
        json::value const* job = find(record, pointer.as_string());
        if (job != nullptr && !out.contains("job_external_id") && !id_at(*job, "/id").empty()) {
            out["job_external_id"] = std::string(text_at(*job, "/system")) + ':' + std::string(text_at(*job, "/kind")) +
                                     ':' + id_at(*job, "/id");
        }
    }
    if (json::value const* candidate = find(record, "/candidate"); candidate != nullptr && candidate->is_object()) {
        out["candidate"] = *candidate;
    }
    if (json::value const* deleted = find(record, "/deleted"); deleted != nullptr) {
        out["deleted"] = *deleted;
    }
    add_extra(call, settings, application, out);
    std::string key(out.at("external_id").as_string());
    return {std::string(applicant_schema), std::move(key), std::move(out)};
}

}  // namespace crosswalk::hrlogics
