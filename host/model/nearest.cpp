#include "model/nearest.hpp"

#include <algorithm>
#include <cstddef>

namespace crosswalk::model {
namespace {

constexpr std::size_t name_bytes_max = 128;
constexpr std::size_t prefix_bytes_min = 3;

std::string folded(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

// Damerau-Levenshtein in its restricted form: a pair of letters is swapped at most once.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> two_above(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        above[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], two_above[j - 2] + 1);
            }
        }
        two_above.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

}  // namespace

std::string nearest(std::string_view given, std::vector<std::string> const& known) {
    if (given.empty() || given.size() > name_bytes_max) {
        return {};
    }
    std::string const wanted = folded(given);
    std::string best;
    std::size_t best_distance = name_bytes_max;
    for (std::string const& name : known) {
        if (name.empty() || name.size() > name_bytes_max) {
            continue;
        }
        std::string const candidate = folded(name);
        std::size_t const apart = distance(wanted, candidate);
        std::size_t const allowed = std::max<std::size_t>(1, std::min(wanted.size(), candidate.size()) / 3);
        bool const is_prefix = std::min(wanted.size(), candidate.size()) >= prefix_bytes_min &&
                               (candidate.starts_with(wanted) || wanted.starts_with(candidate));
        if ((apart <= allowed || is_prefix) && apart < best_distance &&
            apart < std::max(wanted.size(), candidate.size())) {
            best = name;
            best_distance = apart;
        }
    }
    return best;
}

}  // namespace crosswalk::model
