// Collects what is wrong while the files are read, so that all of it is reported at once.
//
// Limits   1,000 problems; the last one then says that there are more.
#pragma once

#include "config/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::config {

class Problems {
public:
    void add(Position const& at, std::string message);
    [[nodiscard]] std::size_t count() const noexcept { return problems_.size(); }
    // What was collected, sorted by file, line and column. The collection is empty afterwards.
    [[nodiscard]] std::vector<Problem> take();

private:
    std::vector<Problem> problems_;
};

// "; did you mean 'require'?" or, when nothing is near, "; known here: from, map, require".
[[nodiscard]] std::string suggestion(std::string_view given, std::vector<std::string> const& known);

// `problems` sorted the same way.
[[nodiscard]] std::vector<Problem> sorted(std::vector<Problem> problems);

}  // namespace crosswalk::config
