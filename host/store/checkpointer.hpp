// Moves committed pages from the write-ahead log into the database file, beside the writer.
//
// Shape    a thread that sleeps until the log holds enough pages to be worth a passive checkpoint; while the store is
//          idle it never wakes. Without threads of the store's own the writer's caller does it after the commit. A
//          passive checkpoint alone never lets a busy log start over, so above the brake the writer finishes the
//          checkpoint itself and reuses the file from its start. The less room the disk has, the earlier: a log that
//          took the last of it would leave none to the file that it is to be moved into, and stay for ever.
// Errors   a checkpoint that fails loses nothing: the log keeps the pages. When there was no room, the writer tries
//          again before each commit, and until the log is moved nothing more is put into it. When the disk failed it is
//          not trusted again: what earlier checkpoints moved without a sync may be forgotten by the system, whose next
//          sync would say that all is well. Nothing is moved then until the writer has opened the store anew, which
//          moves the whole log once more.
// Threads  log_grew, finish, make_room and start_over belong to the writer; the rest is safe from any thread.
#pragma once

#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "telemetry/log.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace crosswalk::store {

class Checkpointer {
public:
    Checkpointer(std::unique_ptr<Sqlite> sqlite, telemetry::Logger& logger, StoreOptions const& options);
    Checkpointer(Checkpointer const&) = delete;
    Checkpointer& operator=(Checkpointer const&) = delete;
    ~Checkpointer();

    // The log holds `pages` pages after a commit.
    void log_grew(int pages);
    // After a commit: applies the brake through the writer's own connection, outside any transaction.
    void finish(Sqlite& writer);
    // A commit was refused for want of room.
    void ran_out_of_room() noexcept;
    // True from the first write that was refused for want of room, in a commit or a checkpoint, until the log could be
    // emptied and the disk had room to spare.
    [[nodiscard]] bool is_short_of_room() noexcept;
    // Before a commit: gives the log's room back to the disk when that is short. unavailable: what the log holds has no
    // room in the file, so nothing may be added to it.
    [[nodiscard]] model::Result<void> make_room(Sqlite& writer);
    // The next finish() moves the whole log and cuts its file to nothing, so that no earlier page stays behind.
    void empty_log() noexcept;
    // Did that work? False when a reader or the disk kept it from it; ask again.
    [[nodiscard]] bool log_was_emptied() noexcept;
    // True from a checkpoint that the disk failed until start_over() was given a connection.
    [[nodiscard]] bool distrusts_file() noexcept;
    // Closes its connection, runs `reopen`, which gives a new one or an error, and goes on with that one.
    template <class Reopen>
    [[nodiscard]] model::Result<void> start_over(Reopen&& reopen) {
        std::lock_guard const running(running_);
        if (sqlite_) {
            sqlite_->leave_log_at_close();
            sqlite_.reset();
        }
        auto opened = reopen();
        if (!opened) {
            return opened.error();
        }
        sqlite_ = std::move(*opened);
        std::lock_guard const lock(mutex_);
        pages_ = moved_ = 0;
        braked_at_ = 0;
        distrusts_ = failing_ = false;
        return {};
    }
    // Joins the thread and closes the connection; safe to call twice.
    void stop() noexcept;

private:
    void work();
    void checkpoint();
    [[nodiscard]] int move_whole_log(Sqlite& writer);
    [[nodiscard]] int brake(int pages) const;
    void note(int status, int moved);
    [[nodiscard]] bool is_worth_it() const noexcept { return !distrusts_ && pages_ - moved_ > pages_worth_it_; }

    // Constant after construction.
    telemetry::Logger& logger_;
    int const pages_brake_;
    int const pages_worth_it_;
    std::function<std::uintmax_t()> const free_bytes_;
    bool const own_thread_;

    std::mutex running_;  // held during a checkpoint, for SQLite refuses a second one at once; guards the next
    std::unique_ptr<Sqlite> sqlite_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable wake_;
    int pages_ = 0;  // in the log
    int moved_ = 0;  // of these, already in the database file
    bool stopping_ = false;
    bool failing_ = false;
    bool empty_wanted_ = false;
    bool emptied_ = false;
    bool distrusts_ = false;
    bool short_of_room_ = false;

    int braked_at_ = 0;  // writer only: pages at the last brake that readers kept from completing
    std::thread thread_;
};

}  // namespace crosswalk::store
