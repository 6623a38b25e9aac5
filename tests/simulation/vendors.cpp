#include "simulation/vendors.hpp"

#include <utility>

namespace crosswalk::simulation {

model::AttemptReport report(model::Outcome outcome, std::string reason) {
    model::AttemptReport made;
    made.outcome = outcome;
    made.reason = std::move(reason);
    return made;
}

void Target::apply(std::string const& thing, std::string const& key) {
    if (memory_ == Memory::honours_keys && keys_.contains(key)) {
        return;
    }
    keys_.insert(key);
    ++effects_[thing];
    ++total_;
}

model::AttemptReport Target::push(std::string const& thing, std::string const& key, Answer answer) {
    switch (answer) {
        case Answer::delivered:
            break;
        case Answer::unchanged:
        case Answer::duplicate:
            if (has(thing)) {
                return report(answer == Answer::duplicate ? model::Outcome::duplicate : model::Outcome::unchanged,
                              "It is there.");
            }
            break;
        case Answer::skipped:
            return report(model::Outcome::skipped, "A rule of the target says no.");
        case Answer::rejected:
            return report(model::Outcome::rejected, "The target refuses this record.");
        case Answer::retry:
            return report(model::Outcome::retry, "The target is busy.");
        case Answer::auth:
            return report(model::Outcome::auth, "The target refuses the key.");
        case Answer::unknown_applied:
            apply(thing, key);
            return report(model::Outcome::unknown, "The connection was cut.");
        case Answer::unknown_not_applied:
            return report(model::Outcome::unknown, "The connection was cut.");
        case Answer::dies_before:
            throw Died{};
        case Answer::dies_after:
            apply(thing, key);
            throw Died{};
    }
    apply(thing, key);
    return report(model::Outcome::delivered);
}

model::AttemptReport Target::look_up(std::string const& key, Answer answer) const {
    switch (answer) {
        case Answer::retry:
        case Answer::unknown_applied:
        case Answer::unknown_not_applied:
            return report(model::Outcome::unknown, "The target does not answer.");
        case Answer::auth:
            return report(model::Outcome::auth, "The target refuses the key.");
        case Answer::dies_before:
        case Answer::dies_after:
            throw Died{};
        default:
            return keys_.contains(key) ? report(model::Outcome::delivered)
                                       : report(model::Outcome::retry, "It is not there.");
    }
}

std::vector<std::string> Target::doubled() const {
    std::vector<std::string> found;
    for (auto const& [thing, times] : effects_) {
        auto const more = allowed_.find(thing);
        if (times > 1 + (more == allowed_.end() ? 0 : more->second)) {
            found.push_back(thing);
        }
    }
    return found;
}

}  // namespace crosswalk::simulation
