// The one thread that writes: takes what is queued, runs it in one transaction, commits once, wakes everyone.
//
// Shape    a batch is what waits when the writer is free. Only when the last batch was large it waits a moment for
//          more: that makes fewer, larger commits under load and costs a lone caller nothing. Without threads of the
//          store's own the caller itself works off its write, as a batch of one.
// Errors   a write that fails by itself is undone alone (its savepoint); a disk that fails takes the whole batch with
//          it, and every caller gets the error. rate_limited: the queue is full. unavailable: the store is closed.
// Threads  submit and status are safe from any thread; everything in a Write runs on the writer thread.
// Owner    what a Write refers to lives until submit returns, or done does.
#pragma once

#include "store/checkpointer.hpp"
#include "store/indexes.hpp"
#include "store/key_ring.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace crosswalk::store {

// The numbers of deliveries, given before their rows are written; one whose row is never written is left out.
class DeliveryIds {
public:
    void begin_after(std::int64_t last) noexcept { last_ = last; }
    [[nodiscard]] std::int64_t next() noexcept { return ++last_; }

private:
    std::atomic<std::int64_t> last_{0};
};

// The transaction that a write runs in.
struct Batch {
    Sqlite& sqlite;
    KeyRing& ring;
    Indexes& indexes;
    DeliveryIds& delivery_ids;
    std::int64_t promised = 0;  // by how much Conservation::received grows when the batch commits
};

struct Write {
    std::function<model::Result<void>(Batch&)> run;
    // After the commit, before the caller wakes: what memory must know.
    std::function<void()> committed = {};
    // Whenever run() was called and nothing of it stays.
    std::function<void()> undone = {};
    // False for a write that hardly ever fails but with the disk: it saves the copy of each page that a savepoint makes.
    // When it does, the batch is run once more with a savepoint for each write, so run() must begin from nothing again.
    bool savepoint = true;
    // With submit_late: what came of it, instead of waking a caller. Called once, after all of the above; it must not
    // wait.
    std::function<void(model::Result<void> const&)> done = {};
};

class Writer {
public:
    // Replaces the writer's connection, as all others of the store; null when an earlier attempt left none.
    using StartOver = std::function<model::Result<void>(std::unique_ptr<Sqlite>&)>;

    // `start_over` runs on the writer thread, before the first batch after the checkpointer distrusts the file.
    Writer(std::unique_ptr<Sqlite> sqlite, StoreOptions const& options, KeyRing& ring, Indexes& indexes,
           DeliveryIds& delivery_ids, Checkpointer& checkpointer, StartOver start_over, telemetry::Logger& logger);
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;
    ~Writer();

    // Blocks until the commit that holds the write is on disk, or failed.
    [[nodiscard]] model::Result<void> submit(Write write);
    // Returns at once; write.done says what came of it. An error means that it was not even queued.
    [[nodiscard]] model::Result<void> submit_late(Write write);
    // Writable, last error, commits and writes.
    [[nodiscard]] StoreStatus status() const;
    // More bytes are in use than the store may hold.
    [[nodiscard]] bool is_full() const noexcept { return full_.load(std::memory_order_relaxed); }
    // Commits what is queued and joins the thread and closes the connection; safe to call twice.
    void stop() noexcept;

private:
    struct Waiting {
        Write write;
        std::optional<model::Error> error = {};
        bool ran = false;
        std::atomic<int> done{0};
        explicit Waiting(Write w) : write(std::move(w)) {}
    };
    // Shared by the caller and the batch: the writer still touches `done` to notify after the caller has seen it.
    using Queue = std::deque<std::shared_ptr<Waiting>>;

    [[nodiscard]] model::Result<void> enqueue(std::shared_ptr<Waiting> waiting);
    void work();
    [[nodiscard]] Queue next_batch();
    void work_off(Queue batch);
    void commit(Queue& batch);
    [[nodiscard]] model::Result<void> trust_again();
    enum class Guard : unsigned char { as_asked, all };
    [[nodiscard]] model::Result<void> transact(Queue& batch, Guard guard);
    [[nodiscard]] model::Result<void> run_all(Queue& batch, Guard guard);
    static void take_back(Queue& batch);
    [[nodiscard]] model::Result<void> run_guarded(Batch& batch, Waiting& waiting);
    void conclude(Queue& batch, model::Result<void> const& committed);
    void measure();
    void note(model::Result<void> const& committed, std::size_t writes);

    std::unique_ptr<Sqlite> sqlite_;  // writer thread only, until stop() has joined it
    // Constant after construction.
    StoreOptions const options_;
    KeyRing& ring_;
    Indexes& indexes_;
    DeliveryIds& delivery_ids_;
    Checkpointer& checkpointer_;
    StartOver const start_over_;

    std::atomic<bool> full_ = false;
    telemetry::Logger& logger_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable work_;
    Queue queue_;
    std::size_t wake_at_ = 1;  // the queue length that the thread waits for
    bool stopping_ = false;
    StoreStatus status_;
    bool complained_ = false;  // the log's last word is that the store cannot be written
    std::optional<std::chrono::steady_clock::time_point> complained_at_;

    std::size_t last_batch_ = 0;       // writer thread only
    std::size_t crowd_ = 1;            // writer thread only: callers who come within a window
    unsigned windows_ = 0;             // writer thread only
    unsigned commits_unmeasured_ = 0;  // writer thread only
    std::thread thread_;
};

}  // namespace crosswalk::store
