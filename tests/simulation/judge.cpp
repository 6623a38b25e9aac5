// The rules of design.md section 2, as an oracle outside the host sees them.
#include "simulation/schedule.hpp"
#include "store/dead_letters.hpp"

#include <algorithm>

namespace crosswalk::simulation {
namespace {

bool has_ended(store::DeliveryState state) {
    return state >= store::DeliveryState::delivered;
}

// Ended because the target has it.
bool says_it_is_there(store::DeliveryState state) {
    return state == store::DeliveryState::delivered || state == store::DeliveryState::duplicate ||
           state == store::DeliveryState::unchanged;
}

}  // namespace

// Rules 4 and 5, at the moment of the push: its effect row stands, and nothing of its lane is overtaken.
void Schedule::watch_push(store::Delivery const& delivery) {
    auto const view = inside_->history.delivery(delivery.id);
    if (!view) {
        if (!disk_.is_off()) {
            fault("delivery " + std::to_string(delivery.id) + " is pushed and cannot be read");
        }
        return;
    }
    bool const has_effect =
        std::any_of(view->attempts.begin(), view->attempts.end(), [&](store::AttemptView const& attempt) {
            return !attempt.ended_at && attempt.number == delivery.attempt && attempt.look_up == delivery.look_up;
        });
    if (view->state != store::DeliveryState::in_flight || !has_effect) {
        fault("delivery " + std::to_string(delivery.id) + " is pushed without an effect row");
    }
    store::DeliveryId& last = lanes_[{delivery.connection, delivery.subject}];
    if (last != 0 && last != delivery.id && !touched_.contains(delivery.id) && !touched_.contains(last)) {
        auto const before = inside_->history.delivery(last);
        if (delivery.id < last || (before && !has_ended(before->state))) {
            fault("delivery " + std::to_string(delivery.id) + " is out of order after " + std::to_string(last));
        }
    }
    last = delivery.id;
}

// Rule 7, at every step.
void Schedule::watch_conservation() {
    auto const sum = inside_->history.conservation();
    if (!sum) {
        fault("conservation cannot be read: " + sum.error().detail);
    } else if (sum->difference() != 0) {
        fault("conservation is off by " + std::to_string(sum->difference()));
    }
}

void Schedule::judge() {
    auto const sum = inside_->history.conservation();
    if (!sum || sum->held != 0 || inside_->inbox.pending().value() != 0) {
        fault("something is still held");
    }
    outcome_.tally.dead += sum ? static_cast<std::uint64_t>(sum->dead) : 0U;
    auto const causes = store::DeadLetters(inside_->store()).causes();
    if (!causes || std::any_of(causes->begin(), causes->end(), [](auto const& one) { return one.cause.empty(); })) {
        fault("a dead letter has no cause");
    }
    for (auto const& [name, target] : targets_) {
        for (std::string const& thing : target.doubled()) {
            fault(thing + " took effect twice at " + name);
        }
    }
    for (Happening const& event : sent_) {
        judge_event(event);
    }
    judge_board();
}

void Schedule::judge_event(Happening const& event) {
    if (event.inbox_id == 0) {
        return;  // no route wants events of the ats
    }
    auto const view = inside_->history.show(event.inbox_id);
    if (!view) {
        fault("event " + event.id + " was acknowledged and is gone");
        return;
    }
    std::string const& state = view->summary.state;
    if (state == "dead" || state == "filtered") {
        if (view->summary.reason.empty()) {
            fault("event " + event.id + " is " + state + " without a cause");
        }
        if (state == "filtered" && fate_of(event.id) != Fate::filtered) {
            fault("event " + event.id + " was filtered although a route wants it");
        }
        return;
    }
    if (state != "dispatched") {
        fault("event " + event.id + " is still " + state);
        return;
    }
    judge_deliveries(event, *view);
}

// One delivery for each event and each route that ran, each ended, and what ended well is at its target.
void Schedule::judge_deliveries(Happening const& event, store::EventView const& view) {
    std::map<std::string, std::size_t> found;
    for (store::DeliveryView const& one : view.deliveries) {
        if (one.delivery.kind != store::DeliveryKind::delivery) {
            continue;
        }
        ++found[one.delivery.route];
        if (!has_ended(one.state)) {
            fault("delivery " + std::to_string(one.delivery.id) + " of " + event.id + " has not ended");
        }
        if (one.state == store::DeliveryState::dead && one.reason.empty()) {
            fault("delivery " + std::to_string(one.delivery.id) + " is dead without a cause");
        }
        auto const ordinal = static_cast<std::size_t>(one.delivery.event_ordinal);
        std::string const thing = ordinal < view.events.size() ? view.events[ordinal].id : std::string();
        if (says_it_is_there(one.state) && !target_of(one.delivery.connection).has(thing)) {
            fault(thing + " is " + std::string(store::name(one.state)) + " and not at " + one.delivery.connection);
        }
        auto const* const route = inside_->router.find(one.delivery.route);
        bool const has_note = std::any_of(view.deliveries.begin(), view.deliveries.end(), [&](auto const& other) {
            return other.delivery.kind == store::DeliveryKind::feedback && other.delivery.about == one.delivery.id;
        });
        if (one.state == store::DeliveryState::delivered && route != nullptr && !route->feedback.empty() && !has_note) {
            fault("delivery " + std::to_string(one.delivery.id) + " ended without its note");
        }
    }
    std::map<std::string, std::size_t> wanted;
    for (std::string const& route : expected_[view.summary.id]) {
        wanted[route] = view.events.size();
    }
    if (found != wanted) {
        fault("event " + event.id + " has " + std::to_string(found.size()) + " routes' deliveries instead of " +
              std::to_string(wanted.size()));
    }
}

// Rule 2: the cursor is never ahead of what was accepted, so all that the board ever showed is here, once.
void Schedule::judge_board() {
    std::map<std::string, store::EventSummary> here;
    auto const listed = inside_->history.list({.connection = "board", .limit = 500});
    if (!listed) {
        fault("the events of the board cannot be listed");
        return;
    }
    for (store::EventSummary const& event : *listed) {
        if (event.replay_of == 0 && !here.emplace(event.title, event).second) {
            fault("posting " + event.title + " was accepted twice");
        }
    }
    for (Happening const& event : board_) {
        auto const found = here.find(event.id);
        if (found == here.end()) {
            fault("posting " + event.id + " was never accepted");
            continue;
        }
        Happening known = event;
        known.inbox_id = found->second.id;
        judge_event(known);
    }
}

}  // namespace crosswalk::simulation
