#include "torture/row.hpp"

#include <cstdio>
#include <ostream>

namespace crosswalk::torture {

void Report::expect(bool holds, std::string what) {
    if (!holds) {
        broken_.push_back(std::move(what));
    }
}

void Report::figure(std::string_view name, std::string_view value) {
    figures_.append(figures_.empty() ? "" : ", ").append(name).append(" ").append(value);
}

void Report::figure(std::string_view name, double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.3g", value);
    figure(name, std::string_view(digits));
}

void Report::print(std::ostream& out) const {
    if (!figures_.empty()) {
        out << "     " << figures_ << '\n';
    }
    for (std::string const& what : broken_) {
        out << "     BROKEN: " << what << '\n';
    }
    if (!passed() && !last_words_.empty()) {
        out << "---- the end of the host's log\n" << last_words_ << "\n----\n";
    }
}

std::vector<Row> const& rows() {
    static std::vector<Row> const all{
        {"T1", "kill -9 and SIGSTOP at random moments of the whole pipeline",
         "0 acknowledged lost, 0 duplicate employees, difference 0", kills},
    };
    return all;
}

}  // namespace crosswalk::torture
