#include "store/checkpointer.hpp"

#include <algorithm>
#include <chrono>

namespace crosswalk::store {
namespace {

constexpr std::chrono::milliseconds pause_between{20};

int to_pages(std::size_t pages) {
    return static_cast<int>(std::min<std::size_t>(pages, 1'000'000));
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Sqlite> sqlite, telemetry::Logger& logger, StoreOptions const& options)
    : logger_(logger),
      pages_brake_(to_pages(options.wal_pages_brake)),
      pages_worth_it_(to_pages(options.checkpoint_pages)),
      own_thread_(options.own_threads),
      sqlite_(std::move(sqlite)) {
    if (own_thread_) {
        thread_ = std::thread([this] { work(); });
    }
}

Checkpointer::~Checkpointer() {
    stop();
}

void Checkpointer::stop() noexcept {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
    if (sqlite_ && distrusts_file()) {
        sqlite_->leave_log_at_close();
    }
    sqlite_.reset();
}

bool Checkpointer::distrusts_file() noexcept {
    std::lock_guard const lock(mutex_);
    return distrusts_;
}

void Checkpointer::log_grew(int pages) {
    bool worth_it = false;
    {
        std::lock_guard const lock(mutex_);
        if (pages < pages_) {
            moved_ = 0;  // the log started over
            braked_at_ = 0;
        }
        pages_ = pages;
        worth_it = is_worth_it();
    }
    if (worth_it) {
        wake_.notify_one();
    }
}

void Checkpointer::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || is_worth_it(); });
        if (stopping_) {
            return;
        }
        lock.unlock();
        checkpoint();
        lock.lock();
        // Gathers pages instead of chasing each commit, and does not hammer a failing disk.
        wake_.wait_for(lock, failing_ ? pause_between * 50 : pause_between, [this] { return stopping_; });
    }
}

void Checkpointer::checkpoint() {
    std::lock_guard const running(running_);
    if (!sqlite_ || distrusts_file()) {
        return;
    }
    int log = 0;
    int moved = 0;
    int const status = sqlite3_wal_checkpoint_v2(sqlite_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log, &moved);
    note(status, moved);
}

void Checkpointer::note(int status, int moved) {
    int const kind = status & 0xff;
    bool const failed = status != SQLITE_OK && kind != SQLITE_BUSY;
    bool news = false;
    {
        std::lock_guard const lock(mutex_);
        if (status == SQLITE_OK && moved <= pages_) {
            moved_ = std::max(moved, 0);
        }
        news = failed != failing_;
        failing_ = failed;
        distrusts_ = distrusts_ || (failed && kind != SQLITE_FULL);
    }
    if (failed && news) {
        logger_.warn("A checkpoint failed and will be tried again.",
                     {{"error_code", "unavailable"}, {"error", sqlite3_errstr(status)}});
    }
}

void Checkpointer::empty_log() noexcept {
    std::lock_guard const lock(mutex_);
    empty_wanted_ = true;
    emptied_ = false;
}

bool Checkpointer::log_was_emptied() noexcept {
    std::lock_guard const lock(mutex_);
    return emptied_;
}

void Checkpointer::finish(Sqlite& writer) {
    int pages = 0;
    bool here = false;
    bool empty = false;
    {
        std::lock_guard const lock(mutex_);
        pages = pages_;
        empty = empty_wanted_ && !distrusts_;
        empty_wanted_ = false;
        here = !own_thread_ && is_worth_it();
    }
    if (empty) {
        std::lock_guard const running(running_);
        int const status =
            sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        note(status, pages);
        std::lock_guard const lock(mutex_);
        emptied_ = status == SQLITE_OK;
        return;
    }
    if (here) {
        checkpoint();
    }
    // A reader that sits on old pages keeps the log from starting over; asking again at each commit would only stall.
    if (pages <= pages_brake_ || distrusts_file() || pages - braked_at_ < pages_brake_ / 4) {
        return;
    }
    std::lock_guard const running(running_);
    int const status = sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    braked_at_ = pages;
    note(status, pages);
}

}  // namespace crosswalk::store
