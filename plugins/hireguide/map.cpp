#include "map.hpp"

#include "hireguide_data.hpp"

#include <algorithm>

namespace crosswalk::hireguide {
namespace {

using connector::Record;
using connector::text_at;

// mapping/records.json; what stands in it is ours, so reading it does not fail.
json::value const& tables() {
    static json::value const parsed = json::parse(records_json);
    return parsed;
}

bool has(char const* list, std::string_view word) {
    json::array const& words = tables().at(list).as_array();
    return std::any_of(words.begin(), words.end(),
                       [&](json::value const& known) { return std::string_view(known.as_string()) == word; });
}

void copy_texts(char const* table, json::value const& from, json::object& to) {
    for (json::value const& row : tables().at(table).as_array()) {
        for (json::value const& pointer : row.at("from").as_array()) {
            if (std::string_view const text = text_at(from, pointer.as_string()); !text.empty()) {
                to[row.at("to").as_string()] = text;
                break;
            }
        }
    }
}

// The refs at these members that name a record.
json::array refs_at(Settings const& settings, json::object const& record, std::initializer_list<char const*> members) {
    json::array out;
    for (char const* member : members) {
        json::value const* ref = record.if_contains(member);
        if (ref != nullptr && !settings.external_id(*ref).empty()) {
            out.push_back(*ref);
        }
    }
    return out;
}

[[noreturn]] void incomplete(std::string const& what, std::vector<FieldProblem> problems) {
    std::string names;
    for (FieldProblem const& problem : problems) {
        names += (names.empty() ? "" : ", ") + problem.field;
    }
    throw Failure(CW_ERR_INVALID, "The " + what + " cannot be sent to Hireguide: " + names + ".", std::move(problems));
}

}  // namespace

std::string export_key(std::string_view interview_id, std::string_view sha256) {
    return std::string(interview_id) + "/" + std::string(sha256);
}

Record candidate_of(Settings const& settings, json::object const& application) {
    json::value const from(application);
    json::array own = refs_at(settings, application, {"ref"});
    json::object candidate{{"synced_with_ats", true}};
    copy_texts("candidate", from, candidate);
    json::value const* deleted = connector::find(from, "/deleted");
    bool const is_deleted = deleted != nullptr && deleted->is_bool() && deleted->get_bool();
    candidate["archived"] = is_deleted || has("gone_statuses", text_at(from, "/status"));
    if (is_deleted && !candidate.contains("first_name")) {
        candidate["first_name"] = tables().at("removed_name");  // the ATS has forgotten the name, and so must Hireguide
    }
    std::vector<FieldProblem> problems;
    if (own.empty()) {
        problems.push_back({"ref", "is missing"});
    }
    if (!candidate.contains("first_name")) {
        problems.push_back({"person", "holds no name"});
    }
    if (!problems.empty()) {
        incomplete("application", std::move(problems));
    }
    std::string const external_id = settings.external_id(own.front());
    candidate["external_id"] = external_id;
    json::object out{{"application", own.front()},
                     {"jobs", refs_at(settings, application, {"posting", "job"})},
                     {"candidate", std::move(candidate)}};
    if (std::string_view const name = text_at(from, "/job_title"); !name.empty()) {
        out["job_name"] = name;
    }
    if (is_deleted) {
        out["deleted"] = true;
    }
    return {"hireguide.candidate/1", external_id, std::move(out)};
}

Record position_of(Settings const& settings, json::object const& posting) {
    json::value const from(posting);
    json::array jobs = refs_at(settings, posting, {"ref", "requisition"});
    json::object details;
    copy_texts("position", from, details);
    std::vector<FieldProblem> problems;
    if (jobs.empty()) {
        problems.push_back({"ref", "is missing"});
    }
    if (!details.contains("name")) {
        problems.push_back({"title", "is missing"});
    }
    if (!problems.empty()) {
        incomplete("posting", std::move(problems));
    }
    std::string key = settings.external_id(jobs.front());
    return {"hireguide.position/1", std::move(key), {{"jobs", std::move(jobs)}, {"details", std::move(details)}}};
}

Record report_of(json::object const& note) {
    json::value const from(note);
    std::string_view const key = text_at(from, "/about/record");
    std::size_t const slash = key.find('/');
    std::string_view const interview = key.substr(0, slash);
    if (slash == std::string_view::npos || !is_id(interview)) {
        incomplete("report", {{"about", "does not name an interview's export"}});
    }
    bool const done = has("done_outcomes", text_at(from, "/about/outcome"));
    json::object out{{"interview_id", interview},
                     {"sha256", key.substr(slash + 1)},
                     {"status", done ? "done" : "failed"},
                     {"message", tables().at("done_message")}};
    if (!done) {
        std::string_view const reason = text_at(from, "/about/reason");
        out["message"] = reason.empty() ? text_at(from, "/body") : reason;
    }
    if (std::string_view const file = text_at(from, "/about/target_key"); done && !file.empty()) {
        out["ats_file_id"] = file;
    }
    return {"hireguide.report/1", std::string(interview), std::move(out)};
}

Record attachment_of(Call const& call, json::object const& exported) {
    json::value const from(exported);
    std::string const key = export_key(text_at(from, "/interview_id"), text_at(from, "/sha256"));
    json::object out{{"kind", "attachment"},
                     {"ref", {{"system", call.connection()}, {"kind", "export"}, {"id", key}}},
                     {"type", "interview_notes"}};
    for (char const* name : {"owner", "file_name", "content_type", "size", "sha256"}) {
        out[name] = exported.at(name);
    }
    out["bytes"] = exported.at("sha256");
    return {"crosswalk.attachment/1", key, std::move(out)};
}

}  // namespace crosswalk::hireguide
