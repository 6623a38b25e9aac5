#include "store/checkpointer.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>

namespace crosswalk::store {
namespace {

constexpr std::chrono::milliseconds pause_between{20};
constexpr std::uintmax_t log_page_bytes = 4096 + 24;
constexpr int least_brake = 100;  // so many pages may always stand in the log
// After a write was refused, the disk counts as short until it has this much: enough for a batch of ordinary writes.
constexpr std::uintmax_t spare_bytes = std::uintmax_t{2} * 1024 * 1024;

int to_pages(std::size_t pages) {
    return static_cast<int>(std::min<std::size_t>(pages, 1'000'000));
}

std::function<std::uintmax_t()> free_bytes_of(StoreOptions const& options) {
    if (options.free_bytes) {
        return options.free_bytes;
    }
    return [folder = std::filesystem::absolute(options.path).parent_path()] {
        std::error_code failed;
        auto const space = std::filesystem::space(folder, failed);
        return failed ? std::numeric_limits<std::uintmax_t>::max() : space.available;
    };
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Sqlite> sqlite, telemetry::Logger& logger, StoreOptions const& options)
    : logger_(logger),
      pages_brake_(to_pages(options.wal_pages_brake)),
      pages_worth_it_(to_pages(options.checkpoint_pages)),
      free_bytes_(free_bytes_of(options)),
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
        short_of_room_ = short_of_room_ || kind == SQLITE_FULL;
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
        int const status = move_whole_log(writer);
        std::lock_guard const lock(mutex_);
        emptied_ = status == SQLITE_OK;
        return;
    }
    if (here) {
        checkpoint();
    }
    // A reader that sits on old pages keeps the log from starting over; asking again at each commit would only stall.
    int const most = brake(pages);
    if (pages <= most || distrusts_file() || pages - braked_at_ < most / 4) {
        return;
    }
    braked_at_ = pages;
    if (most < pages_brake_) {
        (void)move_whole_log(writer);  // a refusal is noted
        return;
    }
    std::lock_guard const running(running_);
    int const status = sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    note(status, pages);
}

// What the log holds must fit into the file, and more is written while it is moved: hence only a quarter of what is free.
int Checkpointer::brake(int pages) const {
    if (pages <= least_brake) {
        return pages_brake_;
    }
    auto const quarter = free_bytes_() / log_page_bytes / 4;
    return quarter >= static_cast<std::uintmax_t>(pages_brake_)
               ? pages_brake_
               : std::min(pages_brake_, std::max(least_brake, static_cast<int>(quarter)));
}

// Also cuts the log's file to nothing.
int Checkpointer::move_whole_log(Sqlite& writer) {
    std::lock_guard const running(running_);
    int const status =
        sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    int pages = 0;
    {
        std::lock_guard const lock(mutex_);
        pages = pages_;
    }
    note(status, pages);
    return status;
}

void Checkpointer::ran_out_of_room() noexcept {
    std::lock_guard const lock(mutex_);
    short_of_room_ = true;
}

bool Checkpointer::is_short_of_room() noexcept {
    std::lock_guard const lock(mutex_);
    return short_of_room_;
}

model::Result<void> Checkpointer::make_room(Sqlite& writer) {
    if (!is_short_of_room()) {
        return {};
    }
    int const status = move_whole_log(writer);
    if (status == SQLITE_OK && free_bytes_() >= spare_bytes) {
        std::lock_guard const lock(mutex_);
        short_of_room_ = false;
    }
    // A reader that sits on the log keeps it from being emptied, not from being moved.
    return status == SQLITE_OK || (status & 0xff) == SQLITE_BUSY ? model::Result<void>() : writer.error(status);
}

}  // namespace crosswalk::store
