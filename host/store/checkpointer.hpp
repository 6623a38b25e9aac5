// Moves committed pages from the write-ahead log into the database file, beside the writer.
//
// Shape    a thread that sleeps until the log holds enough pages to be worth a passive checkpoint; while the store is
//          idle it never wakes. Without threads of the store's own the writer's caller does it after the commit. A
//          passive checkpoint alone never lets a busy log start over, so above the brake the writer finishes the
//          checkpoint itself and reuses the file from its start.
// Errors   a checkpoint that fails loses nothing: the log keeps the pages and the next one tries again.
// Threads  log_grew and finish belong to the writer; the rest is safe from any thread.
#pragma once

#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "telemetry/log.hpp"

#include <condition_variable>
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
    // Joins the thread and closes the connection; safe to call twice.
    void stop() noexcept;

private:
    void work();
    void checkpoint();
    [[nodiscard]] bool is_worth_it() const noexcept { return pages_ - moved_ > pages_worth_it_; }

    // Constant until stop() closes it.
    std::unique_ptr<Sqlite> sqlite_;
    // Constant after construction.
    telemetry::Logger& logger_;
    int const pages_brake_;
    int const pages_worth_it_;
    bool const own_thread_;

    std::mutex running_;  // held during a checkpoint: SQLite refuses a second one at once

    std::mutex mutex_;  // guards what follows
    std::condition_variable wake_;
    int pages_ = 0;  // in the log
    int moved_ = 0;  // of these, already in the database file
    bool stopping_ = false;
    bool failing_ = false;

    int braked_at_ = 0;  // writer only: pages at the last brake that readers kept from completing
    std::thread thread_;
};

}  // namespace crosswalk::store
