#include "schedule/turns.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::schedule {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds store_pause{1000};
constexpr milliseconds full_inbox_pause{1000};
constexpr milliseconds first_pause{2000};  // doubles with each try
constexpr milliseconds longest_pause{60 * 60 * 1000};

// The same in every turn of a run and in no other run, not even one of the same number in a store made anew.
std::string run_name(store::Run const& run) {
    return std::to_string(run.id) + "-" + std::to_string(model::to_unix_ms(run.queued_at) / 1000);
}

store::Accepted accepted(std::string const& connection, model::Event event) {
    store::Accepted item;
    item.connection = connection;
    item.event_type = event.type;
    item.dedupe_key = event.id;
    item.event = std::move(event);
    return item;
}

}  // namespace

Turns::Turns(Surroundings const& around, model::Route const& route, store::Run run)
    : around_(around), route_(route), selection_(selection_of(route)), run_(std::move(run)) {}

Step Turns::step() {
    if (std::string const held = why_held(around_, route_); !held.empty()) {
        return suspend(held);
    }
    auto const pending = around_.inbox.pending();
    if (around_.inbox.is_full() ||
        (pending && *pending >= static_cast<std::int64_t>(around_.limits.inbox_pending_max))) {
        say("It waits until fewer events are pending.");
        return {Step::Kind::wait, around_.clock.now() + full_inbox_pause};
    }
    if (run_.turns >= around_.limits.turns_max) {
        return fail("The source gave " + std::to_string(run_.turns) + " pages and still promises more.");
    }
    auto const cursor = around_.runs.cursor(route_.name, selection_);
    if (!cursor) {
        bool const is_lost = cursor.error().code == model::ErrorCode::corruption && !started_over_;
        return is_lost ? start_over("Where the last turn ended cannot be read any more; everything is read again.")
                       : wait_for_store(cursor.error());
    }
    plugin_host::Connector* const source = around_.find_connector(route_.from_connection);
    auto page = source->poll({route_.from_event, *cursor, route_.select, run_name(run_), run_.full},
                             around_.limits.turn_time_max);
    if (page && !page->unlinked.empty() && !links_are_final_) {
        return look_again(page->unlinked);
    }
    return page ? take(std::move(*page), *cursor) : go_on_after(page.error(), *cursor);
}

Step Turns::take(plugin_host::PollResult page, std::string const& cursor) {
    bool const moved = page.cursor && *page.cursor != cursor;
    if (page.more && !moved && page.events.empty()) {
        return fail("The connector asks for another page without an event or a new cursor.");
    }
    store::PollTurn turn;
    turn.run = run_.id;
    turn.selection = selection_;
    turn.cursor = std::move(page.cursor);
    turn.last = !page.more;
    for (model::Event& event : page.events) {
        turn.events.push_back(accepted(route_.from_connection, std::move(event)));
    }
    auto const stored = around_.inbox.accept_poll(std::move(turn));
    if (!stored) {
        // A run that was ended meanwhile takes no more turns.
        return stored.error().code == model::ErrorCode::failed_precondition ? Step{Step::Kind::left}
                                                                            : wait_for_store(stored.error());
    }
    auto const added = std::count_if(stored->begin(), stored->end(), [](auto const& one) { return !one.duplicate; });
    tries_ = 0;
    unlinked_since_.reset();
    links_are_final_ = false;
    run_.reason.clear();
    ++run_.turns;
    run_.events += added;
    if (added > 0) {
        around_.on_stored(route_.from_connection);
    }
    if (page.more && !moved && added == 0) {
        return fail("The connector gives the same page again and asks for another one.");
    }
    if (page.more) {
        return {};
    }
    around_.logger.info("A run is done.", {{"route", route_.name},
                                           {"run", run_.id},
                                           {"cause", store::name(run_.cause)},
                                           {"full", run_.full},
                                           {"turns", run_.turns},
                                           {"events", run_.events}});
    return {Step::Kind::left};
}

// Once the cursor has moved nobody asks for this page again, so it is not taken while a push that went out before may
// still link what it tells of. Only those count that were out when the record was first met: others cannot have made
// it.
Step Turns::look_again(std::string const& unlinked) {
    unlinked_since_ = unlinked_since_.value_or(around_.clock.now());
    auto const on_its_way = around_.outbox.is_on_its_way(route_.from_connection, *unlinked_since_);
    if (!on_its_way) {
        return wait_for_store(on_its_way.error());
    }
    if (*on_its_way) {
        return try_again({model::ErrorCode::unavailable,
                          "The source tells of " + unlinked + ", which is linked with nothing yet. A delivery to " +
                              route_.from_connection + " that went out before has no known end."});
    }
    // The last of them may have ended just after the connector looked.
    links_are_final_ = true;
    return {};
}

Step Turns::go_on_after(model::Error const& error, std::string const& cursor) {
    if (error.code == model::ErrorCode::unauthenticated || error.code == model::ErrorCode::failed_precondition) {
        return pause_source(error);
    }
    if (error.code == model::ErrorCode::not_found && !cursor.empty() && !started_over_) {
        return start_over("The source no longer knows where the last turn ended; everything is read again.");
    }
    if (model::is_retryable(error.code)) {
        return try_again(error);
    }
    return fail(error.detail);
}

Step Turns::try_again(model::Error const& error) {
    ++tries_;
    if (tries_ >= around_.limits.tries_max) {
        return fail("After " + std::to_string(tries_) + " tries: " + error.detail);
    }
    say(error.detail);
    milliseconds const asked(error.retry_after_ms);
    milliseconds const pause = std::min(std::max(first_pause * (1 << (tries_ - 1)), asked), longest_pause);
    around_.logger.debug("A turn of a run is tried again.",
                         {{"route", route_.name}, {"run", run_.id}, {"error_code", model::name(error.code)}});
    return {Step::Kind::wait, around_.clock.now() + pause};
}

Step Turns::pause_source(model::Error const& error) {
    auto const before = around_.state.connection(route_.from_connection);
    around_.logger.error("A connection is paused: its access was refused.",
                         {{"connection", route_.from_connection}, {"route", route_.name}, {"run", run_.id}});
    if (auto const paused = around_.state.pause_connection(route_.from_connection, error.detail); !paused) {
        return wait_for_store(paused.error());
    }
    std::vector<store::NewDelivery> letters;
    if (!before || !before->paused) {
        letters = around_.letters.paused(route_, run_, error.detail);
    }
    return suspend("The connection " + route_.from_connection + " is paused: " + error.detail, std::move(letters));
}

Step Turns::start_over(std::string const& why) {
    if (auto const changed = around_.runs.start_over(run_.id, why); !changed) {
        return wait_for_store(changed.error());
    }
    around_.logger.warn("A run starts over, because its cursor is lost.",
                        {{"route", route_.name}, {"run", run_.id}, {"detail", why}});
    started_over_ = true;
    run_.full = true;
    run_.reason = why;
    return {};
}

Step Turns::suspend(std::string const& reason, std::vector<store::NewDelivery> letters) {
    if (auto const suspended = around_.runs.suspend(run_.id, reason, std::move(letters)); !suspended) {
        return wait_for_store(suspended.error());
    }
    around_.logger.info("A run waits.", {{"route", route_.name}, {"run", run_.id}, {"turns", run_.turns}});
    return {Step::Kind::left};
}

Step Turns::fail(std::string const& reason) {
    std::vector<store::NewDelivery> letters;
    if (is_news(reason)) {
        letters = around_.letters.failed(route_, run_, reason);
    }
    if (auto const failed = around_.runs.fail(run_.id, reason, std::move(letters)); !failed) {
        return wait_for_store(failed.error());
    }
    around_.logger.warn("A run failed.", {{"route", route_.name},
                                          {"run", run_.id},
                                          {"cause", store::name(run_.cause)},
                                          {"full", run_.full},
                                          {"turns", run_.turns},
                                          {"events", run_.events},
                                          {"detail", reason}});
    return {Step::Kind::left};
}

// The same step again soon: everything it did up to the store can be done twice.
Step Turns::wait_for_store(model::Error const& error) {
    around_.logger.error("A run cannot reach the store.",
                         {{"route", route_.name}, {"run", run_.id}, {"detail", error.detail}});
    return {Step::Kind::wait, around_.clock.now() + store_pause};
}

// Written once per reason, so that waiting costs no writes.
void Turns::say(std::string const& reason) {
    if (run_.reason == reason) {
        return;
    }
    if (auto const noted = around_.runs.note(run_.id, reason)) {
        run_.reason = reason;
    }
}

// A run that fails every half hour for one reason is one mail.
bool Turns::is_news(std::string const& reason) const {
    auto const before = around_.runs.list(route_.name, run_.id, 1);
    bool const same = before && !before->empty() && before->front().state == store::RunState::failed &&
                      before->front().reason == reason;
    return !same;
}

}  // namespace crosswalk::schedule
