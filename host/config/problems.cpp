#include "config/problems.hpp"

#include "model/nearest.hpp"

#include <algorithm>
#include <tuple>

namespace crosswalk::config {
namespace {

constexpr std::size_t problems_max = 1000;
constexpr std::size_t names_listed_max = 40;

}  // namespace

std::string to_string(Problem const& problem) {
    std::string text = problem.file;
    if (problem.line > 0) {
        text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
    }
    return text.empty() ? problem.message : text + ": " + problem.message;
}

std::string nearest(std::string_view given, std::vector<std::string> const& known) {
    return model::nearest(given, known);
}

void Problems::add(Position const& at, std::string message) {
    if (problems_.size() < problems_max) {
        problems_.push_back({at.file, at.line, at.column, std::move(message)});
    } else if (problems_.size() == problems_max) {
        problems_.push_back({at.file, 0, 0, "there are more problems than are shown; correct these first"});
    }
}

std::vector<Problem> Problems::take() {
    std::vector<Problem> taken;
    taken.swap(problems_);
    return sorted(std::move(taken));
}

std::vector<Problem> sorted(std::vector<Problem> problems) {
    std::stable_sort(problems.begin(), problems.end(), [](Problem const& a, Problem const& b) {
        return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
    });
    return problems;
}

std::string suggestion(std::string_view given, std::vector<std::string> const& known) {
    std::string const meant = nearest(given, known);
    if (!meant.empty()) {
        return "; did you mean '" + meant + "'?";
    }
    if (known.empty()) {
        return "; none is known here";
    }
    std::string list;
    for (std::size_t i = 0; i < known.size() && i < names_listed_max; ++i) {
        list += (i == 0 ? "" : ", ") + known[i];
    }
    return "; known here: " + list + (known.size() > names_listed_max ? ", …" : "");
}

}  // namespace crosswalk::config
