#include "sandbox/charthop/state.hpp"

#include "sandbox/charthop/seed_data.hpp"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <cstdio>

namespace crosswalk::sandbox::charthop {

namespace json = boost::json;

State::State() : contract(seed_data::openapi) {
    reset();
}

std::string State::next_id() {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%06llx", static_cast<unsigned long long>(0x700000 + last_id++));
    return "6553c1f0a1b2c3d4e5" + std::string(digits);
}

void State::reset() {
    settings = Settings();
    bucket = TokenBucket();
    jobs.clear();
    people.clear();
    changes.clear();
    groups.clear();
    fields.clear();
    events.clear();
    last_id = 0;
    seed(*this);
}

std::string State::find_group(std::string const& type, std::string const& text) const {
    auto const of_type = groups.find(type);
    if (of_type == groups.end()) {
        return {};
    }
    for (auto const& [id, group] : of_type->second) {
        if (id == text || text_of(group, "name") == text) {
            return id;
        }
    }
    return {};
}

bool State::knows_person(std::string const& text) const {
    return people.contains(text) || jobs.contains(text) ||
           std::any_of(people.begin(), people.end(), [&](auto const& entry) {
               return lower(text_of(entry.second, "contact.workEmail")) == lower(text) ||
                      lower(text_of(entry.second, "contact.homeEmail")) == lower(text);
           });
}

json::object State::add_event(std::string const& code, std::string const& user, json::object const& change,
                              json::array const& changed) {
    // "change.create.update": entity, type, subtype
    auto const first = code.find('.');
    auto const second = code.find('.', first + 1);
    auto const upper = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c == '.' ? c : static_cast<char>(c & ~0x20); });
        return text;
    };
    json::object event{{"id", next_id()},
                       {"userId", user},
                       {"orgId", org.at("id")},
                       {"type", upper(code.substr(first + 1, second - first - 1))},
                       {"subtype", code.substr(second + 1)},
                       {"entityType", upper(code.substr(0, first))},
                       {"entityId", change.contains("id") ? change.at("id") : change.at("jobId")},
                       {"jobId", change.at("jobId")},
                       {"code", code},
                       {"fields", changed}};
    json::object envelope = event;
    envelope["at"] = timestamp();
    envelope["payload"] = json::object{{"jobId", change.at("jobId")}, {"type", upper(code.substr(second + 1))}};
    event["at"] = now_ms();
    events.push_back(std::move(event));
    if (events.size() > events_max) {
        events.pop_front();
    }
    return envelope;
}

std::string text_of(json::object const& row, std::string_view code) {
    auto const* const found = row.if_contains({code.data(), code.size()});
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string today() {
    return Poco::DateTimeFormatter::format(Poco::Timestamp(), "%Y-%m-%d");
}

std::string timestamp() {
    return Poco::DateTimeFormatter::format(Poco::Timestamp(), "%Y-%m-%dT%H:%M:%SZ");
}

}  // namespace crosswalk::sandbox::charthop
