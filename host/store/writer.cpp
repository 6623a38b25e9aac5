#include "store/writer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace crosswalk::store {
namespace {

constexpr unsigned measure_every_commits = 32;
constexpr std::chrono::seconds complaint_interval{10};
constexpr unsigned windows_for_each_count = 16;

// The number of pages in the write-ahead log arrives here after each commit.
int log_size_after_commit(void* checkpointer, sqlite3*, char const*, int pages) {
    static_cast<Checkpointer*>(checkpointer)->log_grew(pages);
    return SQLITE_OK;
}

// Errors of the disk concern the whole batch; any other error is the write's own.
bool spoils_batch(model::Error const& error) noexcept {
    return model::is_retryable(error.code) || error.code == model::ErrorCode::corruption;
}

}  // namespace

Writer::Writer(std::unique_ptr<Sqlite> sqlite, StoreOptions const& options, KeyRing& ring, Indexes& indexes,
               DeliveryIds& delivery_ids, Checkpointer& checkpointer, StartOver start_over, telemetry::Logger& logger)
    : sqlite_(std::move(sqlite)),
      options_(options),
      ring_(ring),
      indexes_(indexes),
      delivery_ids_(delivery_ids),
      checkpointer_(checkpointer),
      start_over_(std::move(start_over)),
      logger_(logger) {
    sqlite3_wal_hook(sqlite_->handle(), log_size_after_commit, &checkpointer_);
    measure();
    if (options_.own_threads) {
        thread_ = std::thread([this] { work(); });
    }
}

Writer::~Writer() {
    stop();
}

void Writer::stop() noexcept {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    work_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
    if (sqlite_ && checkpointer_.distrusts_file()) {
        sqlite_->leave_log_at_close();
    }
    sqlite_.reset();
}

model::Result<void> Writer::submit(Write write) {
    auto const waiting = std::make_shared<Waiting>(std::move(write));
    if (auto const queued = enqueue(waiting); !queued) {
        return queued;
    }
    waiting->done.wait(0);
    return waiting->error ? model::Result<void>(std::move(*waiting->error)) : model::Result<void>();
}

model::Result<void> Writer::submit_late(Write write) {
    return enqueue(std::make_shared<Waiting>(std::move(write)));
}

model::Result<void> Writer::enqueue(std::shared_ptr<Waiting> waiting) {
    bool wake = false;
    {
        std::lock_guard const lock(mutex_);
        if (stopping_) {
            return model::Error{model::ErrorCode::unavailable, "The store is closed."};
        }
        if (queue_.size() >= options_.write_queue_max) {
            return model::Error{model::ErrorCode::rate_limited, "Too many writes are waiting for the disk."};
        }
        queue_.push_back(std::move(waiting));
        wake = queue_.size() >= wake_at_;
    }
    if (!options_.own_threads) {
        work_off(next_batch());
    }
    if (wake) {
        work_.notify_one();
    }
    return {};
}

StoreStatus Writer::status() const {
    std::lock_guard const lock(mutex_);
    return status_;
}

void Writer::work() {
    for (Queue batch = next_batch(); !batch.empty(); batch = next_batch()) {
        work_off(std::move(batch));
    }
}

void Writer::work_off(Queue batch) {
    commit(batch);
    // The callers are already awake; only the next batch waits for this.
    if (sqlite_) {
        if (is_full() || ++commits_unmeasured_ >= measure_every_commits) {
            measure();
        }
        checkpointer_.finish(*sqlite_);
    }
}

void Writer::measure() {
    commits_unmeasured_ = 0;
    std::int64_t used = 0;
    auto const asked = sqlite_->each(
        "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count),"
        " page_size FROM pragma_page_size",
        [&](Row const& row) { used = row.integer(0) * row.integer(1); });
    if (!asked) {
        return;  // a disk that cannot be read fails the next commit as well, which says so
    }
    bool const full = used > static_cast<std::int64_t>(options_.bytes_max);
    {
        std::lock_guard const lock(mutex_);
        status_.used_bytes = used;
    }
    if (full_.exchange(full) == full) {
        return;
    }
    if (full) {
        logger_.error("The store holds as much as it may; nothing is accepted until old content is purged.",
                      {{"used_bytes", used}, {"bytes_max", options_.bytes_max}});
    } else {
        logger_.info("The store has room again.", {{"used_bytes", used}});
    }
}

Writer::Queue Writer::next_batch() {
    std::size_t const most = std::max<std::size_t>(1, options_.commit_batch_max);
    std::unique_lock lock(mutex_);
    wake_at_ = 1;
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (last_batch_ >= options_.commit_window_from_batch) {
        // A moderate batch is a moderate number of callers, who come again together: waiting for more of them would be
        // waiting for nobody. Of many callers only some come at once, and the window pays until as many have come as
        // ever do; how many that is a whole window tells from time to time.
        bool const moderate = last_batch_ < 2 * options_.commit_window_from_batch;
        bool const counts = !moderate && windows_++ % windows_for_each_count == 0;
        std::size_t const expected = moderate ? last_batch_ : counts ? most : crowd_;
        wake_at_ = expected;
        work_.wait_for(lock, options_.commit_window, [&] { return stopping_ || queue_.size() >= expected; });
        crowd_ = counts ? std::max<std::size_t>(1, queue_.size()) : crowd_;
    }
    // While a batch is being written nobody has to wake this thread.
    wake_at_ = std::numeric_limits<std::size_t>::max();
    Queue batch;
    if (queue_.size() <= most) {
        batch.swap(queue_);
    } else {
        auto const end = queue_.begin() + static_cast<std::ptrdiff_t>(most);
        batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
    }
    last_batch_ = batch.size();
    return batch;
}

model::Result<void> Writer::trust_again() {
    if (!checkpointer_.distrusts_file()) {
        return {};
    }
    if (auto const started = start_over_(sqlite_); !started) {
        return started;
    }
    sqlite3_wal_hook(sqlite_->handle(), log_size_after_commit, &checkpointer_);
    return {};
}

void Writer::commit(Queue& batch) {
    if (auto const trusted = trust_again(); !trusted) {
        conclude(batch, trusted);
        return;
    }
    model::Result<void> result = checkpointer_.make_room(*sqlite_);
    if (result) {
        result = transact(batch, Guard::as_asked);
    }
    if (!result && !spoils_batch(result.error())) {
        // One that has no savepoint failed by itself; the others shall not fail with it.
        take_back(batch);
        result = transact(batch, Guard::all);
    }
    if (sqlite_->ran_out_of_room()) {
        checkpointer_.ran_out_of_room();
    }
    conclude(batch, result);
}

model::Result<void> Writer::transact(Queue& batch, Guard guard) {
    model::Result<void> result = sqlite_->run("BEGIN IMMEDIATE");
    if (result) {
        result = run_all(batch, guard);
    }
    if (result) {
        result = indexes_.move_some(*sqlite_);
    }
    if (result) {
        result = sqlite_->run("COMMIT");
    }
    if (result) {
        indexes_.committed();
        return result;
    }
    indexes_.rolled_back();
    if (sqlite_->in_transaction()) {
        // The first error is the one to report. If this fails too, the next BEGIN says so.
        (void)sqlite_->run("ROLLBACK");
    }
    return result;
}

// Backwards: a later write may have changed what an earlier one put into memory.
void Writer::take_back(Queue& batch) {
    std::for_each(batch.rbegin(), batch.rend(), [](auto const& waiting) {
        waiting->error.reset();
        if (std::exchange(waiting->ran, false) && waiting->write.undone) {
            waiting->write.undone();
        }
    });
}

model::Result<void> Writer::run_all(Queue& queue, Guard guard) {
    Batch batch{*sqlite_, ring_, indexes_, delivery_ids_};
    for (auto const& waiting : queue) {
        model::Result<void> result;
        if (waiting->write.savepoint || guard == Guard::all) {
            result = run_guarded(batch, *waiting);
        } else {
            waiting->ran = true;
            result = waiting->write.run(batch);
        }
        if (!result) {
            return result;
        }
        if (!sqlite_->in_transaction()) {
            return model::Error{model::ErrorCode::unavailable, "The store's database gave up the transaction."};
        }
    }
    if (batch.promised == 0) {
        return {};
    }
    return sqlite_->run("UPDATE tally SET received = received + ? WHERE id = 1", batch.promised);
}

model::Result<void> Writer::run_guarded(Batch& batch, Waiting& waiting) {
    if (auto const opened = sqlite_->run("SAVEPOINT one_write"); !opened) {
        return opened;
    }
    std::int64_t const promised = batch.promised;
    auto const mark = indexes_.mark();
    waiting.ran = true;
    auto const result = waiting.write.run(batch);
    if (result) {
        return sqlite_->run("RELEASE one_write");
    }
    if (spoils_batch(result.error()) || !sqlite_->in_transaction()) {
        return result;
    }
    waiting.error = result.error();
    batch.promised = promised;
    indexes_.rolled_back_to(mark);
    // At once, because the writes after it in the batch look at the same memory.
    waiting.ran = false;
    if (waiting.write.undone) {
        waiting.write.undone();
    }
    if (auto const undone = sqlite_->run("ROLLBACK TO one_write"); !undone) {
        return undone;
    }
    return sqlite_->run("RELEASE one_write");
}

void Writer::conclude(Queue& batch, model::Result<void> const& committed) {
    note(committed, batch.size());
    if (committed) {
        for (auto const& waiting : batch) {
            if (!waiting->error && waiting->write.committed) {
                waiting->write.committed();
            }
        }
    } else {
        take_back(batch);
        for (auto const& waiting : batch) {
            waiting->error = committed.error();
        }
    }
    for (auto const& waiting : batch) {
        if (waiting->write.done) {
            waiting->write.done(waiting->error ? model::Result<void>(*waiting->error) : model::Result<void>());
        }
        waiting->done.store(1, std::memory_order_release);
        waiting->done.notify_one();
    }
}

void Writer::note(model::Result<void> const& committed, std::size_t writes) {
    bool complain = false;
    bool calm = false;
    bool const writable = committed && !checkpointer_.is_short_of_room();
    {
        std::lock_guard const lock(mutex_);
        status_.writable = writable;
        status_.last_error = committed ? std::string() : committed.error().detail;
        status_.commits += committed ? 1U : 0U;
        status_.writes += committed ? writes : 0U;
        // On a disk that is nearly full small commits pass and large ones fail, by turns.
        auto const now = std::chrono::steady_clock::now();
        complain = !committed && !complained_ && (!complained_at_ || now - *complained_at_ >= complaint_interval);
        calm = writable && complained_;
        complained_ = complain || (complained_ && !calm);
        complained_at_ = complain ? now : complained_at_;
    }
    if (calm) {
        logger_.info("The store can be written again.");
    } else if (complain) {
        logger_.error("The store cannot be written; nothing is accepted until it can.",
                      {{"error_code", model::name(committed.error().code)}, {"error", committed.error().detail}});
    }
}

}  // namespace crosswalk::store
