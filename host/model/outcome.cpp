#include "model/outcome.hpp"

#include <array>

namespace crosswalk::model {
namespace {

struct Named {
    Outcome outcome;
    std::string_view text;
};
constexpr std::array<Named, 8> names{{{Outcome::delivered, "delivered"},
                                      {Outcome::duplicate, "duplicate"},
                                      {Outcome::unchanged, "unchanged"},
                                      {Outcome::skipped, "skipped"},
                                      {Outcome::rejected, "rejected"},
                                      {Outcome::retry, "retry"},
                                      {Outcome::auth, "auth"},
                                      {Outcome::unknown, "unknown"}}};

}  // namespace

std::string_view name(Outcome outcome) noexcept {
    for (Named const& named : names) {
        if (named.outcome == outcome) {
            return named.text;
        }
    }
    return "unknown";
}

std::optional<Outcome> parse_outcome(std::string_view text) noexcept {
    for (Named const& named : names) {
        if (named.text == text) {
            return named.outcome;
        }
    }
    return std::nullopt;
}

}  // namespace crosswalk::model
