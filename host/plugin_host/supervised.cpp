#include "plugin_host/supervised.hpp"

#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::AttemptReport;
using model::Error;
using model::ErrorCode;
using model::Outcome;
using model::Result;
using std::chrono::milliseconds;

// The report of a push or look-up for which there was no worker, so that nothing was applied.
AttemptReport not_run(Error const& error, Outcome outcome) {
    AttemptReport report;
    // A quarantined connector waits for a person: pausing its connection keeps every delivery.
    report.outcome = error.code == ErrorCode::failed_precondition ? Outcome::auth : outcome;
    report.reason = error.detail;
    report.error_code = error.code;
    return report;
}

}  // namespace

Supervised::Supervised(Parts parts) : parts_(std::move(parts)), policy_(parts_.restart) {}

Supervised::~Supervised() {
    cancel();
    {
        std::lock_guard const lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    if (supervisor_.joinable()) {
        supervisor_.join();
    }
}

Result<std::unique_ptr<Connector>> Supervised::start(Parts parts) {
    auto supervised = std::make_unique<Supervised>(std::move(parts));
    Supervised& at = *supervised;
    at.supervisor_ = std::thread([&at] { at.supervise(); });
    std::unique_lock lock(at.mutex_);
    at.changed_.wait(lock, [&at] { return at.first_start_.has_value(); });
    if (!*at.first_start_) {
        return at.first_start_->error();
    }
    lock.unlock();
    return std::unique_ptr<Connector>(std::move(supervised));
}

Result<Supervised::Running> Supervised::running() {
    std::lock_guard const lock(mutex_);
    if (current_ != nullptr) {
        return current_;
    }
    if (cancelled_) {
        return Error{ErrorCode::cancelled, "The host is shutting this connection down."};
    }
    if (quarantined_) {
        return Error{ErrorCode::failed_precondition, "The connector \"" + parts_.info.id + "\" of the connection \"" +
                                                         parts_.connection +
                                                         "\" is quarantined: its worker process ended too often (" +
                                                         last_end_ + "). Replace the connector, then start again."};
    }
    return Error{ErrorCode::unavailable, "The worker process of the connector \"" + parts_.info.id + "\" ended (" +
                                             last_end_ + ") and is being started again."};
}

Result<WebhookVerdict> Supervised::verify_webhook(HttpRequestView const& request, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->verify_webhook(request, time_max) : at.error();
}
Result<ParseResult> Supervised::parse_webhook(HttpRequestView const& request, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->parse_webhook(request, time_max) : at.error();
}
Result<PollResult> Supervised::poll(PollRequest const& request, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->poll(request, time_max) : at.error();
}
Result<MapResult> Supervised::map_in(model::Record const& record, std::string const& to_schema, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->map_in(record, to_schema, time_max) : at.error();
}
Result<MapResult> Supervised::map_out(model::Record const& record, std::string const& to_schema,
                                      milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->map_out(record, to_schema, time_max) : at.error();
}
Result<ProbeReport> Supervised::probe(milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->probe(time_max) : at.error();
}
Result<std::optional<OAuthDescription>> Supervised::oauth(milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->oauth(time_max) : at.error();
}
Result<ProbeReport> Supervised::subscribe(std::string const& url, std::vector<std::string> const& events,
                                          milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->subscribe(url, events, time_max) : at.error();
}
Result<void> Supervised::unsubscribe(milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->unsubscribe(time_max) : at.error();
}
Result<std::vector<model::Record>> Supervised::find(std::string const& schema, boost::json::object const& query,
                                                    milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->find(schema, query, time_max) : at.error();
}
Result<PollResult> Supervised::sweep(SweepRequest const& request, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->sweep(request, time_max) : at.error();
}
Result<ParseResult> Supervised::fetch_swept(model::Event const& listed, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->fetch_swept(listed, time_max) : at.error();
}
Result<ProbeReport> Supervised::diagnose(std::string const& url, std::vector<std::string> const& events,
                                         milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->diagnose(url, events, time_max) : at.error();
}
AttemptReport Supervised::push(std::string const& action, std::string const& idempotency_key, int attempt,
                               model::Record const& record, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->push(action, idempotency_key, attempt, record, time_max)
              : not_run(at.error(), Outcome::retry);
}
AttemptReport Supervised::look_up(std::string const& action, std::string const& idempotency_key, int attempt,
                                  model::Record const& record, milliseconds time_max) {
    auto const at = running();
    return at ? (*at)->instance->look_up(action, idempotency_key, attempt, record, time_max)
              : not_run(at.error(), Outcome::unknown);
}

void Supervised::cancel() noexcept {
    Running at;
    {
        std::lock_guard const lock(mutex_);
        cancelled_ = true;
        at = current_;
        if (starting_ != nullptr) {
            starting_->kill("the host is shutting down");
        }
    }
    changed_.notify_all();
    if (at != nullptr) {
        at->instance->cancel();
    }
}

// ---- the supervising thread -------------------------------------------------------------------------------------

void Supervised::supervise() {
    Result<Running> first = launch();
    can_look_up_ = first && (*first)->instance->can_look_up();
    std::unique_lock lock(mutex_);
    first_start_ = first ? Result<void>() : Result<void>(first.error());
    current_ = first ? std::move(*first) : nullptr;
    changed_.notify_all();
    bool hopeful = current_ != nullptr;
    while (!closing_) {
        changed_.wait(lock, [&] { return closing_ || (hopeful && ended_ && !cancelled_); });
        if (!closing_) {
            lock.unlock();
            hopeful = restart();
            lock.lock();
        }
    }
    // Here and not in the destructor: a worker dies with the thread that started it, and should leave in good order.
    Running last = std::move(current_);
    lock.unlock();
    last.reset();
}

Result<Supervised::Running> Supervised::launch() {
    {
        std::lock_guard const lock(mutex_);
        if (cancelled_) {
            return Error{ErrorCode::cancelled, "The host is shutting this connection down."};
        }
        ended_ = false;
    }
    start_crashed_ = false;
    auto link = parts_.start_worker();
    if (!link) {
        return link.error();
    }
    auto worker = std::make_shared<RunningWorker>();
    worker->link = std::move(*link);
    {
        std::lock_guard const lock(mutex_);
        starting_ = worker->link.get();
    }
    auto instance = parts_.start_instance(*worker->link);
    {
        std::lock_guard const lock(mutex_);
        starting_ = nullptr;
    }
    start_crashed_ = worker->link->crashed();
    if (!instance) {
        return instance.error();
    }
    worker->instance = std::move(*instance);
    policy_.started(parts_.clock.steady_now());
    worker->link->on_end([this] {
        {
            std::lock_guard const lock(mutex_);
            ended_ = true;
        }
        changed_.notify_all();
    });
    // It may have ended before there was somebody to tell.
    if (worker->link->ended()) {
        std::lock_guard const lock(mutex_);
        ended_ = true;
    }
    return worker;
}

bool Supervised::restart() {
    Running dead;
    {
        std::lock_guard const lock(mutex_);
        dead = std::move(current_);
        last_end_ = dead->link->how_it_ended();
    }
    std::optional<milliseconds> delay = policy_.crashed(parts_.clock.steady_now());
    note_crash(dead->link->how_it_ended(), delay);
    dead->link->on_end(nullptr);
    dead.reset();
    while (delay && wait_before_restart(*delay)) {
        Result<Running> next = launch();
        std::unique_lock lock(mutex_);
        if (next) {
            current_ = std::move(*next);
            lock.unlock();
            parts_.logger.info("A connector's worker process was started again.",
                               {{"connector", parts_.info.id}, {"connection", parts_.connection}});
            return true;
        }
        last_end_ = next.error().detail;
        lock.unlock();
        delay = start_crashed_ ? policy_.crashed(parts_.clock.steady_now()) : policy_.failed_to_start();
        note_crash(next.error().detail, delay);
    }
    return false;
}

bool Supervised::wait_before_restart(milliseconds delay) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, delay, [this] { return cancelled_ || closing_; });
}

void Supervised::note_crash(std::string const& how, std::optional<milliseconds> delay) {
    if (delay) {
        parts_.logger.error("A connector's worker process ended and will be started again.",
                            {{"connector", parts_.info.id},
                             {"connection", parts_.connection},
                             {"detail", how},
                             {"delay_ms", delay->count()}});
        return;
    }
    {
        std::lock_guard const lock(mutex_);
        quarantined_ = true;
    }
    parts_.logger.error("A connector is quarantined: its worker process ended too often.",
                        {{"connector", parts_.info.id}, {"connection", parts_.connection}, {"detail", how}});
}

}  // namespace crosswalk::plugin_host
