#include "sandbox/hireguide/state.hpp"

#include "sandbox/hireguide/seed_data.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Timestamp.h>
#include <Poco/UTF8String.h>

#include <algorithm>

namespace crosswalk::sandbox::hireguide {

namespace json = boost::json;

json::object* State::find_position(std::string_view id) {
    auto const found = std::find_if(positions.begin(), positions.end(),
                                    [&](json::object const& at) { return text_of(at, "id") == id; });
    return found == positions.end() ? nullptr : &*found;
}

Candidate* State::find_candidate(std::string_view id) {
    auto const found =
        std::find_if(candidates.begin(), candidates.end(), [&](Candidate const& at) { return at.id == id; });
    return found == candidates.end() ? nullptr : &*found;
}

Interview* State::find_interview(std::string_view id) {
    auto const found =
        std::find_if(interviews.begin(), interviews.end(), [&](Interview const& at) { return at.id == id; });
    return found == interviews.end() ? nullptr : &*found;
}

json::object& State::add_position(std::string const& role) {
    return positions.emplace_back(json::object{{"id", "pos_" + std::to_string(next_position++)},
                                               {"name", role},
                                               {"role", role},
                                               {"ats_job", nullptr},
                                               {"sync",
                                                {{"import_job_details", true},
                                                 {"import_applicant_details", true},
                                                 {"last_synced_at", nullptr},
                                                 {"status", "never"}}}});
}

void State::reset() {
    settings = Settings();
    bucket = TokenBucket();
    positions.clear();
    candidates.clear();
    interviews.clear();
    sync_status.clear();
    next_position = 22;
    next_candidate = 88;
    next_interview = 55;
    std::string_view const sample = seed_data::positions_list;
    json::value const listed = json::parse({sample.data(), sample.size()});
    for (json::value const& position : listed.at("data").as_array()) {
        positions.push_back(position.as_object());
    }
}

std::string text_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_string()) {
        return {};
    }
    return {found->get_string().c_str(), found->get_string().size()};
}

std::string name_of(Candidate const& candidate) {
    std::string const last = text_of(candidate.sent, "last_name");
    return text_of(candidate.sent, "first_name") + (last.empty() ? "" : " " + last);
}

bool is_named(Candidate const& candidate, std::string const& part) {
    return Poco::UTF8::toLower(name_of(candidate)).find(Poco::UTF8::toLower(part)) != std::string::npos;
}

json::object print(Candidate const& candidate) {
    return {
        {"id", candidate.id}, {"display_name", name_of(candidate) + " (synced with ATS)"}, {"synced_with_ats", true}};
}

std::string timestamp() {
    return Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::ISO8601_FORMAT);
}

bool is_timestamp(std::string const& text) {
    Poco::DateTime moment;
    int zone = 0;
    return text.ends_with('Z') &&
           Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT, text, moment, zone);
}

}  // namespace crosswalk::sandbox::hireguide
