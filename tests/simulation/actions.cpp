// What can happen to a host in a storm.
#include "simulation/schedule.hpp"

#include <boost/json.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <map>

namespace crosswalk::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t events_max = 40;

bool is_polled(model::Route const& route) {
    return route.schedule.has_value();
}

model::Route const* polled(Setting const& setting) {
    auto const found = std::find_if(setting.routes.begin(), setting.routes.end(), is_polled);
    return found == setting.routes.end() ? nullptr : &*found;
}

std::string words(model::Result<void> const& result) {
    return result ? "yes" : std::string(model::name(result.error().code));
}

}  // namespace

void Schedule::send_new() {
    if (sent_.size() >= events_max) {
        return;
    }
    Happening event;
    event.id = "e" + std::to_string(sent_.size());
    event.subject = "person-" + std::to_string(below(random_, 3));
    sent_.push_back(event);
    // One in six is late: others overtake it.
    if (!chance(16)) {
        send(sent_.back());
    }
}

void Schedule::send_again() {
    if (!sent_.empty()) {
        send(sent_[below(random_, sent_.size())]);
    }
}

void Schedule::send(Happening& event) {
    http::Response const answer = inside_->receive(event.id);
    std::string const status = answer.status == 200 ? answer.body : std::to_string(answer.status);
    say("sends " + event.id + ": " + status);
    if (answer.status != 200) {
        return;
    }
    boost::json::value const body = boost::json::parse(answer.body);
    auto const* const number = body.as_object().if_contains("event");
    if (number == nullptr) {
        event.acknowledged = true;  // and of no use to any route
        return;
    }
    bool const duplicate = body.at("status").as_string() == "duplicate";
    outcome_.tally.duplicates += duplicate ? 1U : 0U;
    if (event.acknowledged && !duplicate) {
        fault("event " + event.id + " was accepted twice");
    }
    if (event.acknowledged && event.inbox_id != number->as_int64()) {
        fault("event " + event.id + " changed its number");
    }
    outcome_.tally.acknowledged += event.acknowledged ? 0U : 1U;
    event.acknowledged = true;
    event.inbox_id = number->as_int64();
}

void Schedule::post_on_board() {
    if (polled(setting_) == nullptr || board_.size() >= events_max) {
        return;
    }
    Happening event;
    event.id = "p" + std::to_string(board_.size());
    event.subject = "posting-" + std::to_string(below(random_, 3));
    board_.push_back(std::move(event));
}

void Schedule::dispatch_some() {
    std::string const connection = chance(70) ? "ats" : "board";
    auto const state = inside_->state.connection(connection);
    if (state && !state->paused) {
        dispatch_due(connection, 1 + below(random_, 4));
    }
}

void Schedule::dispatch_due(std::string const& connection, std::size_t limit) {
    auto const due = inside_->inbox.due(connection, clock_.now(), limit);
    if (!due) {
        return;
    }
    std::map<std::string, store::InboxId> ended;  // in this page, by subject: the latest
    for (store::InboxItem const& item : *due) {
        store::InboxId& before = ended[subject_of(item)];
        if (item.run > 0 && item.id < before) {
            say("has dispatched " + std::to_string(item.id) + " before " + std::to_string(before));
            continue;  // what a later one overtook was decided with it
        }
        say("dispatches " + std::to_string(item.id));
        if (auto const overtaken = inside_->inbox.overtaken(item, subject_of(item), clock_.now())) {
            for (store::InboxItem const& one : *overtaken) {
                expected_[one.id] = routes_for(one);  // decided with it
            }
        }
        expect(item);
        if (!inside_->pipeline.dispatch(item)) {
            return;
        }
        before = std::max(before, item.id);
        store::InboxId& latest = dispatched_[subject_of(item)];
        latest = std::max(latest, item.id);
    }
}

// Which take the item if it is dispatched now.
std::set<std::string> Schedule::routes_for(store::InboxItem const& item) {
    std::set<std::string> all;
    std::set<std::string> running;
    for (model::Route const& route : setting_.routes) {
        if (route.from_connection != item.connection) {
            continue;
        }
        all.insert(route.name);
        auto const mode = inside_->state.route_mode(route.name);
        if (mode && (!*mode || **mode != store::RouteMode::stopped)) {
            running.insert(route.name);
        }
    }
    return running.empty() ? all : running;
}

// By which routes it is taken, and that it is not dispatched before an earlier one of its person.
void Schedule::expect(store::InboxItem const& item) {
    expected_[item.id] = routes_for(item);
    if (item.attempts > 0 || item.replay_of != 0) {
        return;  // it had its turn, or has another one
    }
    store::InboxId const latest = dispatched_[subject_of(item)];
    if (item.id < latest) {
        fault("item " + std::to_string(item.id) + " was overtaken by " + std::to_string(latest) + " of its subject");
    }
}

std::string Schedule::subject_of(store::InboxItem const& item) const {
    std::string subject = item.event ? item.event->subject : std::string();
    for (Happening const& event : sent_) {
        subject = event.id == item.raw.body ? event.subject : subject;
    }
    return subject;
}

void Schedule::lease_some() {
    if (leased_.size() >= leased_max) {
        return;
    }
    auto leased = inside_->outbox.lease_due(clock_.now(), 1 + below(random_, 4));
    if (!leased) {
        say("leases nothing: " + std::string(model::name(leased.error().code)));
        return;
    }
    for (store::Delivery& delivery : *leased) {
        say("leases " + std::to_string(delivery.id) + (delivery.look_up ? " to look it up" : ""));
        leased_.push_back(std::move(delivery));
    }
}

void Schedule::push_one() {
    if (leased_.empty()) {
        return;
    }
    // Several workers push at once: any of them may be the first to end.
    auto const chosen = leased_.begin() + static_cast<std::ptrdiff_t>(below(random_, leased_.size()));
    store::Delivery const delivery = std::move(*chosen);
    leased_.erase(chosen);
    attempt(delivery);
}

void Schedule::attempt(store::Delivery const& delivery) {
    current_ = &delivery;
    inside_->dispatcher.attempt(delivery);
    current_ = nullptr;
}

void Schedule::release_one() {
    if (leased_.empty()) {
        return;
    }
    store::Delivery const delivery = std::move(leased_.back());
    leased_.pop_back();
    auto const released = inside_->outbox.release(delivery.id, clock_.now());
    say("releases " + std::to_string(delivery.id) + ": " + words(released));
    if (!released) {
        leased_.push_back(delivery);
    }
}

void Schedule::turn() {
    model::Route const* const route = polled(setting_);
    if (route == nullptr) {
        return;
    }
    if (!turns_) {
        auto const unfinished = inside_->runs.unfinished();
        if (!unfinished) {
            return;
        }
        auto run = unfinished->empty() ? inside_->runs.open(route->name, store::RunCause::schedule, false)
                                       : model::Result<store::Run>(unfinished->front());
        if (run && run->state == store::RunState::queued) {
            run = inside_->runs.begin(run->id, schedule::selection_of(*route));
        }
        if (!run) {
            say("no run: " + std::string(model::name(run.error().code)));
            return;
        }
        turns_.emplace(inside_->around, *route, *run);
    }
    auto const step = turns_->step();
    say("turn: " + std::to_string(static_cast<int>(step.kind)));
    if (step.kind == schedule::Step::Kind::left) {
        turns_.reset();
    }
}

void Schedule::pass_time() {
    static constexpr std::array<std::chrono::microseconds, 5> pauses{std::chrono::milliseconds(700), seconds(2),
                                                                     seconds(20), minutes(10), hours(2)};
    auto const pause = pauses.at(below(random_, pauses.size()));
    clock_.advance(pause);
    say("time passes: " + std::to_string(pause.count()));
}

void Schedule::pause_or_resume() {
    static constexpr std::array connections{"ats", "board", "a", "b", "c", "d"};
    std::string const connection = connections.at(below(random_, connections.size()));
    bool const pause = chance(40);
    auto const done = pause ? inside_->state.pause_connection(connection, "A person said so.") : model::Result<void>();
    say((pause ? "pauses " : "resumes all, asked for ") + connection + ": " + words(done));
    for (char const* const one : connections) {
        if (!pause) {
            say("resumes: " + words(inside_->state.resume_connection(one)));
        }
    }
}

void Schedule::change_mode() {
    model::Route const& route = setting_.routes[below(random_, setting_.routes.size())];
    auto const mode = chance(50) ? store::RouteMode::running : static_cast<store::RouteMode>(1 + below(random_, 2));
    auto const set = inside_->state.set_route_mode(route.name, mode);
    say(route.name + " is " + std::string(store::name(mode)) + ": " + words(set));
}

// Somebody looks at the list of events and does something about one of them.
void Schedule::operate() {
    auto const events = inside_->history.list({.limit = 20});
    if (!events || events->empty()) {
        return;
    }
    store::EventSummary const& event = (*events)[below(random_, events->size())];
    for (auto const& one : event.routes) {
        auto const state = store::parse_delivery_state(one.state);
        bool const again = state == store::DeliveryState::skipped || state == store::DeliveryState::duplicate;
        if (state == store::DeliveryState::dead && chance(25)) {
            say("discards " + std::to_string(one.delivery) + ": " +
                words(inside_->outbox.discard(one.delivery, "Not wanted.")));
            return;
        }
        if (state == store::DeliveryState::dead || again) {
            auto const view = inside_->history.delivery(one.delivery);
            bool const force = again || chance(30);
            touched_.insert(one.delivery);
            auto const opened = inside_->outbox.retry_now(one.delivery, force);
            say("retries " + std::to_string(one.delivery) + (force ? " by force: " : ": ") + words(opened));
            // With force it is sent again on a person's own word, whatever the target may have.
            if (force && (opened || opened.error().code == model::ErrorCode::unavailable)) {
                target_of(view->delivery.connection).allow_again(thing_of(view->delivery.record.json));
            }
            return;
        }
    }
    replay(event);
}

void Schedule::replay(store::EventSummary const& event) {
    // Of an event that never reached a route only what was received says whose it is; and its sender may have heard 503
    // although it is in the store, so that the number says nothing to the vendor.
    auto const item = inside_->inbox.read(event.id);
    if (!item) {
        say("cannot read " + std::to_string(event.id) + ": " + std::string(model::name(item.error().code)));
        return;
    }
    auto const replayed = inside_->inbox.replay(event.id);
    say("replays " + std::to_string(event.id) + ": " +
        (replayed ? std::to_string(*replayed) : std::string(model::name(replayed.error().code))));
    // A replay that failed with the disk may have happened all the same.
    if (!replayed && replayed.error().code != model::ErrorCode::unavailable) {
        return;
    }
    std::string const thing = item->event ? item->event->id : item->raw.body;
    for (auto& [name, target] : targets_) {
        target.allow_again(thing);
        target.allow_again(second_of(thing));
    }
}

void Schedule::spoil_disk() {
    static constexpr std::array failures{SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};
    int const failure = failures.at(below(random_, failures.size()));
    int const calls = 1 + static_cast<int>(below(random_, 12));
    disk_.fail_next(calls, failure);
    say("the disk fails " + std::to_string(calls) + " times: " + std::to_string(failure));
}

void Schedule::arm_power() {
    lose_power_after(static_cast<int>(below(random_, 40)));
}

void Schedule::end_process() {
    disk_.power_off();
}

// A stop and a start, as an upgrade does it: what no worker has begun is put back.
void Schedule::restart() {
    say("restarts");
    while (!leased_.empty() && chance(80)) {
        release_one();
        if (disk_.is_off()) {
            return;
        }
    }
    disk_.heal();
    leased_.clear();
    turns_.reset();
    inside_.reset();
    if (disk_.is_off()) {
        disk_.power_on(chance(50) ? Loss::cut : Loss::kill);
    }
    open();
}

void Schedule::purge() {
    auto const purged = inside_->store().purge(hours(chance(50) ? 1 : 24));
    say("purges: " + (purged ? std::to_string(purged->payloads + purged->dead_letters)
                             : std::string(model::name(purged.error().code))));
}

}  // namespace crosswalk::simulation
