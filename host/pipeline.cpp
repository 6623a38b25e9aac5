#include "pipeline.hpp"

#include "deliver/backoff.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace crosswalk {
namespace {

constexpr std::size_t page = 512;
// After that the inbox is looked at again, however much of a page is left.
constexpr std::chrono::milliseconds page_time_max{250};
constexpr std::size_t origins = 3;  // that take turns in a page
// How many decided items share a commit, and how long one waits for others.
constexpr std::size_t group_max = 128;
constexpr std::chrono::milliseconds group_time_max{4};
constexpr std::chrono::seconds idle_look{30};
constexpr std::chrono::seconds paused_look{5};

model::AttemptReport rejected(std::string reason, std::vector<model::FieldProblem> fields, model::ErrorCode code) {
    model::AttemptReport report{model::Outcome::rejected, std::move(reason), std::move(fields)};
    report.error_code = code;
    return report;
}

}  // namespace

Pipeline::Pipeline(PipelineOptions options, std::vector<std::string> connections, route::Router const& router,
                   Decider::FindMapper mappers, deliver::FindConnector connectors, deliver::FollowUps const& follow_ups,
                   std::function<void()> on_dispatched, store::Inbox& inbox, store::Outbox& outbox, store::State& state,
                   model::Clock const& clock, telemetry::Logger& logger, telemetry::Metrics& metrics,
                   Decider::OnSignal on_signal, store::LeaseAtOnce at_once)
    : options_(options),
      decider_(options.decider, router, std::move(mappers), std::move(connectors), follow_ups, std::move(on_signal),
               outbox, state, logger),
      follow_ups_(follow_ups),
      on_dispatched_(std::move(on_dispatched)),
      at_once_(std::move(at_once)),
      inbox_(inbox),
      state_(state),
      clock_(clock),
      logger_(logger),
      dispatched_(metrics.counter("crosswalk_pipeline_items_total", "Inbox items by what became of them.",
                                  {{"result", "dispatched"}})),
      kept_(metrics.counter("crosswalk_pipeline_items_total", "Inbox items by what became of them.",
                            {{"result", "kept"}})),
      buried_(metrics.counter("crosswalk_pipeline_items_total", "Inbox items by what became of them.",
                              {{"result", "dead"}})) {
    for (std::string& connection : connections) {
        lanes_.emplace_back(std::move(connection));
    }
}

Pipeline::~Pipeline() {
    stop();
}

void Pipeline::start() {
    for (Lane& lane : lanes_) {
        lane.thread = std::thread([this, &lane] { run(lane); });
    }
}

void Pipeline::wake() noexcept {
    for (Lane& lane : lanes_) {
        wake(lane);
    }
}

void Pipeline::wake(std::string_view connection) noexcept {
    for (Lane& lane : lanes_) {
        if (lane.connection == connection && !lane.held.load()) {
            wake(lane);
        }
    }
}

void Pipeline::wake(Lane& lane) noexcept {
    if (lane.woken.exchange(true)) {
        return;  // whoever woke it first does the rest
    }
    { std::lock_guard const lock(mutex_); }
    lane.changed.notify_one();
}

void Pipeline::stop() noexcept {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    for (Lane& lane : lanes_) {
        lane.changed.notify_one();
        if (lane.thread.joinable()) {
            lane.thread.join();
        }
    }
}

void Pipeline::run(Lane& lane) {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        // Forgotten before it looks, so that what comes while it looks makes it look again.
        lane.woken.store(false);
        lane.held.store(false);
        bool worked = false;
        std::chrono::microseconds pause = idle_look;
        auto const state = state_.connection(lane.connection);
        if (state && state->paused) {
            lane.held.store(true);  // until somebody resumes the connection, who wakes every lane
            pause = paused_look;
        } else if (auto const items = inbox_.due(lane.connection, clock_.now(), page)) {
            worked = !items->empty();
            dispatch_all(*items);
            if (!worked) {
                if (auto const next = inbox_.next_due(lane.connection); next && *next) {
                    pause = std::clamp<std::chrono::microseconds>(**next - clock_.now(), std::chrono::milliseconds(1),
                                                                  pause);
                }
            }
        } else {
            pause = std::chrono::seconds(1);
        }
        lock.lock();
        if (!worked) {
            lane.changed.wait_for(lock, pause, [&] { return stopping_ || lane.woken.load(); });
        }
    }
}

// What is decided quickly shares a commit; nothing that is decided waits for a vendor that answers the next one slowly.
// When the store refuses, the rest of the page waits: it comes again, after what was refused.
void Pipeline::dispatch_all(std::vector<store::InboxItem> const& items) {
    Decided decided;
    Look look;
    std::shared_ptr<UnderWay> under_way;
    auto const begun_at = clock_.steady_now();
    auto first_at = begun_at;
    std::size_t looked_at = 0;
    bool stored = true;
    for (store::InboxItem const& item : items) {
        stored = look.taken.count(item.id) > 0 || decide(item, decided, look);
        if (decided.items.size() == 1) {
            first_at = clock_.steady_now();
        }
        bool const ready = decided.items.size() >= group_max ||
                           (!decided.items.empty() && clock_.steady_now() - first_at >= group_time_max);
        if (stored && ready) {
            stored = await(under_way);
            if (stored) {
                send(std::exchange(decided, {}), under_way);
            }
        }
        std::lock_guard const check(mutex_);
        // What came meanwhile shall have its turn; each origin has had one.
        bool const long_enough = ++looked_at >= origins && clock_.steady_now() - begun_at >= page_time_max;
        if (stopping_ || !stored || long_enough) {
            break;
        }
    }
    if (await(under_way) && !decided.items.empty()) {
        (void)finish(std::move(decided));  // refused ones are still pending
    }
}

void Pipeline::send(Decided decided, std::shared_ptr<UnderWay>& under_way) {
    under_way = std::make_shared<UnderWay>();
    under_way->decided = std::move(decided);
    inbox_.dispatch(under_way->decided.dispatches, at_once_,
                    [under_way](model::Result<void> const& stored) { under_way->stored.set_value(stored); });
}

// True when there is none.
bool Pipeline::await(std::shared_ptr<UnderWay>& under_way) {
    if (!under_way) {
        return true;
    }
    auto const stored = under_way->stored.get_future().get();
    Decided decided = std::move(under_way->decided);
    under_way.reset();
    return conclude(std::move(decided), stored);
}

bool Pipeline::dispatch(store::InboxItem const& item) {
    Decided decided;
    Look look;
    return decide(item, decided, look) && finish(std::move(decided));
}

// Adds what becomes of the item, or keeps it for later, or buries it. False: the store refused that.
bool Pipeline::decide(store::InboxItem const& item, Decided& decided, Look& look) {
    auto parsed = decider_.events_of(item);
    if (!parsed) {
        return keep_or_bury(item, parsed.error());
    }
    if (item.overtakes && !decide_overtaken(item, *parsed, decided, look)) {
        return false;
    }
    return add(item, std::move(*parsed), decided, look);
}

// What was there before it about the same subjects comes first.
bool Pipeline::decide_overtaken(store::InboxItem const& item, plugin_host::ParseResult const& parsed, Decided& decided,
                                Look& look) {
    std::set<std::string_view> subjects;
    for (model::Event const& event : parsed.events) {
        if (!subjects.insert(event.subject).second) {
            continue;
        }
        auto before = inbox_.overtaken(item, event.subject, clock_.now());
        if (!before) {
            return finish(item, before.error());
        }
        for (store::InboxItem& one : *before) {
            if (!look.taken.insert(one.id).second) {
                continue;
            }
            look.pulled.push_back(std::move(one));
            store::InboxItem const& first = look.pulled.back();
            auto events = decider_.events_of(first);
            bool const stored =
                events ? add(first, std::move(*events), decided, look) : keep_or_bury(first, events.error());
            if (!stored) {
                return false;
            }
        }
    }
    return true;
}

bool Pipeline::add(store::InboxItem const& item, plugin_host::ParseResult parsed, Decided& decided, Look& look) {
    auto dispatch = decider_.decide(item, std::move(parsed));
    if (!dispatch) {
        return keep_or_bury(item, dispatch.error());
    }
    decided.items.push_back(&item);
    decided.dispatches.push_back(std::move(*dispatch));
    look.taken.insert(item.id);
    return true;
}

bool Pipeline::finish(Decided decided) {
    if (decided.items.empty()) {
        return true;
    }
    auto const stored = inbox_.dispatch(decided.dispatches, at_once_);
    return conclude(std::move(decided), stored);
}

bool Pipeline::conclude(Decided decided, model::Result<void> const& stored) {
    bool const unstorable = !stored && (stored.error().code == model::ErrorCode::too_large ||
                                        stored.error().code == model::ErrorCode::invalid_argument);
    if (!unstorable) {
        dispatched_.add(stored ? decided.items.size() : 0);
        if (stored && at_once_.take) {
            return true;  // the dispatcher was told with the commit
        }
        return finish(*decided.items.front(), stored);
    }
    if (decided.items.size() == 1) {
        return keep_or_bury(*decided.items.front(), stored.error());
    }
    // One of them cannot be stored; alone it holds up none of the others.
    for (std::size_t i = 0; i < decided.items.size(); ++i) {
        if (!finish(Decided{{decided.items[i]}, {std::move(decided.dispatches[i])}})) {
            return false;
        }
    }
    return true;
}

// Pauses the item's connection; what to tell people the first time.
std::vector<store::NewDelivery> Pipeline::pause(store::InboxItem const& item, model::Error const& error) {
    auto const before = state_.connection(item.connection);
    logger_.error("A connection is paused: its access was refused.",
                  {{"connection", item.connection}, {"event_id", item.id}});
    if (auto const paused = state_.pause_connection(item.connection, error.detail); !paused) {
        logger_.warn("A pause could not be stored.", {{"detail", paused.error().detail}});
    }
    std::vector<store::NewDelivery> notices;
    if (before && before->paused) {
        return notices;
    }
    for (model::Route const* route : decider_.routes_of(item, item.event_type)) {
        // The same item may meet a refused credential again after a resume.
        std::string const key =
            "inbox-" + std::to_string(item.id) + "-" + std::to_string(item.attempts) + "-" + route->name;
        for (store::NewDelivery& notice :
             follow_ups_.compose_pause({route->name, item.connection, item.event_type, key, key, 0}, error.detail)) {
            notices.push_back(std::move(notice));
        }
    }
    return notices;
}

bool Pipeline::keep_or_bury(store::InboxItem const& item, model::Error const& error) {
    bool const access =
        error.code == model::ErrorCode::unauthenticated || error.code == model::ErrorCode::failed_precondition;
    std::vector<store::NewDelivery> notices;
    if (access) {
        notices = pause(item, error);
    }
    bool const again = access || model::is_retryable(error.code) || error.code == model::ErrorCode::internal;
    if (again && (access || item.attempts + 1 < options_.retry.attempts_max)) {
        auto const due =
            access ? clock_.now() : clock_.now() + deliver::backoff(options_.retry, item.attempts + 1, 0.5);
        kept_.add();
        return finish(item, inbox_.retry_at(item.id, due, error, std::move(notices)));
    }
    logger_.warn("An event became a dead letter before it reached a route.",
                 {{"connection", item.connection}, {"event_id", item.id}, {"error_code", model::name(error.code)}});
    buried_.add();
    model::AttemptReport const report = rejected(error.detail, error.fields, error.code);
    for (model::Route const* route : decider_.routes_of(item, item.event_type)) {
        std::string const key = "inbox-" + std::to_string(item.id) + "-" + route->name;
        for (store::NewDelivery& notice :
             follow_ups_.compose_notice({route->name, item.connection, item.event_type, key, key, 0}, {}, report)) {
            notices.push_back(std::move(notice));
        }
    }
    return finish(item, inbox_.bury(item.id, error, std::move(notices)));
}

bool Pipeline::finish(store::InboxItem const& item, model::Result<void> const& stored) {
    if (!stored) {
        // The item is still pending: the next look at the inbox takes it up again.
        logger_.error("An event could not be dispatched.", {{"event_id", item.id}, {"detail", stored.error().detail}});
        std::unique_lock lock(mutex_);
        stopped_.wait_for(lock, options_.store_pause, [this] { return stopping_; });
        return false;
    }
    on_dispatched_();
    return true;
}

}  // namespace crosswalk
