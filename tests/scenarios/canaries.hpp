// Values that nobody else has, planted where people and secrets are, and the search for them where they must not be.
//
// Shape    a value is looked for as it is, in any case, and in the forms it takes on its way: percent-encoded, in hex,
//          and in Base64 at each of the three places it can begin at.
// Errors   the constructor throws for a value that is too short to be distinctive. What cannot be searched counts as a
//          finding: a missing folder, one without files, a file that cannot be read.
// Threads  any; constant after construction.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::scenarios {

class Canaries {
public:
    static constexpr std::size_t value_bytes_min = 8;

    explicit Canaries(std::vector<std::string> const& values);

    // One line for each value that is there: "Canarylast is in the log".
    [[nodiscard]] std::vector<std::string> in(std::string_view place, std::string_view bytes) const;
    // The same for the raw bytes and the name of every file below `folder`. Files that go during the search are left
    // out.
    [[nodiscard]] std::vector<std::string> below(std::filesystem::path const& folder) const;

private:
    struct Canary {
        std::string value;
        std::vector<std::string> in_any_case;  // lower case
        std::vector<std::string> exact;
    };

    std::vector<Canary> canaries_;
};

}  // namespace crosswalk::scenarios
