#include "store/cause.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace crosswalk::store {
namespace {

constexpr std::size_t fields_named_max = 3;
constexpr std::size_t field_bytes_max = 60;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' || c == '.';
}

// "/openings/3/id" and "openings/17/id" are the same place of two records: "openings/*/id".
std::string place_of(std::string_view field) {
    std::string place;
    while (!field.empty()) {
        std::size_t const end = std::min(field.find('/'), field.size());
        std::string_view const step = field.substr(0, end);
        field.remove_prefix(std::min(end + 1, field.size()));
        if (step.empty()) {
            continue;
        }
        place += place.empty() ? "" : "/";
        if (std::all_of(step.begin(), step.end(), is_digit)) {
            place += '*';
        } else {
            std::transform(step.begin(), step.end(), std::back_inserter(place),
                           [](char c) { return is_plain(c) ? c : '_'; });
        }
    }
    return place.substr(0, field_bytes_max);
}

std::string cause(std::string_view stage, model::ErrorCode code, std::vector<model::FieldProblem> const& fields) {
    std::string text = std::string(stage) + "." + std::string(model::name(code));
    std::set<std::string> places;
    for (model::FieldProblem const& problem : fields) {
        if (std::string place = place_of(problem.field); !place.empty()) {
            places.insert(std::move(place));
        }
    }
    std::size_t named = 0;
    for (std::string const& place : places) {
        text += named == 0 ? ":" : ",";
        if (named == fields_named_max) {
            return text + "more";
        }
        text += place;
        ++named;
    }
    return text;
}

}  // namespace

std::string cause_of_item(model::Error const& error) {
    return cause("read", error.code, error.fields);
}

std::string cause_of_mapping(model::AttemptReport const& report) {
    return cause("map", report.error_code, report.fields);
}

std::string cause_of_attempt(model::AttemptReport const& report) {
    return cause(report.outcome == model::Outcome::unknown ? "unknown" : "push", report.error_code, report.fields);
}

}  // namespace crosswalk::store
