// The SQL side of a Store: its connections, its threads, and what it holds in memory. Only store/ includes this.
//
// Errors, Threads  as Store.
#pragma once

#include "store/checkpointer.hpp"
#include "store/dedupe.hpp"
#include "store/indexes.hpp"
#include "store/key_ring.hpp"
#include "store/ready_rows.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "store/switches.hpp"
#include "store/writer.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::store {

// A few read-only connections. A caller waits until one is free; reads are short.
// Errors   unavailable: closed, or there are none because opening them again failed.
class Readers {
public:
    explicit Readers(std::vector<std::unique_ptr<Sqlite>> idle) : idle_(std::move(idle)) {}
    [[nodiscard]] model::Result<std::unique_ptr<Sqlite>> take();
    void give_back(std::unique_ptr<Sqlite> sqlite);
    // Waits for those taken and closes all; callers of take() wait until refill().
    void withdraw() noexcept;
    void refill(std::vector<std::unique_ptr<Sqlite>> idle);
    // Waits for those taken and closes all.
    void close() noexcept;

private:
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::vector<std::unique_ptr<Sqlite>> idle_;
    std::size_t taken_ = 0;
    bool withdrawn_ = false;
    bool closed_ = false;
};

class Database {
public:
    [[nodiscard]] static model::Result<std::unique_ptr<Database>> open(StoreOptions const& options,
                                                                       model::Clock const& clock,
                                                                       telemetry::Logger& logger);
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;
    ~Database();

    [[nodiscard]] StoreStatus status() const;
    [[nodiscard]] bool is_full() const noexcept { return writer_->is_full(); }
    // Dedupe keys older than the window.
    [[nodiscard]] model::Result<void> forget_old_keys();
    void close() noexcept;

    // Runs `work(Batch&) -> Result<T>` in a savepoint on the writer thread and returns its value once it is on disk;
    // `committed` runs on the writer thread between the commit and the return.
    template <class Work>
    [[nodiscard]] auto write(Work&& work, std::function<void()> committed = {}) -> std::invoke_result_t<Work&, Batch&> {
        using Outcome = std::invoke_result_t<Work&, Batch&>;
        if constexpr (std::is_same_v<Outcome, model::Result<void>>) {
            return writer_->submit({std::ref(work), std::move(committed)});
        } else {
            std::optional<Outcome> outcome;
            auto run = [&](Batch& batch) -> model::Result<void> {
                outcome = work(batch);
                return *outcome ? model::Result<void>() : model::Result<void>(outcome->error());
            };
            auto const stored = writer_->submit({std::ref(run), std::move(committed)});
            return stored ? std::move(*outcome) : Outcome(stored.error());
        }
    }
    [[nodiscard]] model::Result<void> write(Write write) { return writer_->submit(std::move(write)); }
    // Returns at once; see Write::done.
    [[nodiscard]] model::Result<void> write_late(Write write) { return writer_->submit_late(std::move(write)); }

    // Runs `work(Sqlite&) -> Result<T>` in one read transaction that ends before this returns.
    template <class Work>
    [[nodiscard]] auto read(Work&& work) -> std::invoke_result_t<Work&, Sqlite&> {
        using Outcome = std::invoke_result_t<Work&, Sqlite&>;
        auto taken = readers_->take();
        if (!taken) {
            return Outcome(taken.error());
        }
        std::unique_ptr<Sqlite> const& sqlite = *taken;
        auto const begun = sqlite->run("BEGIN");
        Outcome outcome = begun ? work(*sqlite) : Outcome(begun.error());
        if (sqlite->in_transaction()) {
            // Ending a read changes nothing; a failure shows at the next BEGIN.
            (void)sqlite->run("ROLLBACK");
        }
        readers_->give_back(std::move(*taken));
        return outcome;
    }

    // [writer] What an accept needs of the keys in memory; see acceptance.cpp.
    [[nodiscard]] DedupeKeys& keys() noexcept { return keys_; }
    // [writer] Forgets the oldest keys when there are more than allowed, and says which: if the batch does not commit,
    // they must be inserted again.
    [[nodiscard]] model::Result<void> cap_keys(Batch& batch, std::vector<std::pair<std::uint64_t, std::int64_t>>& gone);
    void count_duplicates(std::uint64_t count) noexcept { duplicates_.fetch_add(count, std::memory_order_relaxed); }

    // [writer] Whose turn it is in a lease.
    [[nodiscard]] Turns& turns() noexcept { return turns_; }

    void count_pending(std::int64_t change) noexcept { pending_.fetch_add(change, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t pending() const noexcept { return pending_.load(std::memory_order_relaxed); }

    [[nodiscard]] model::TimePoint now() const noexcept { return clock_.now(); }
    [[nodiscard]] Switches& switches() noexcept { return switches_; }
    // Moves the whole log into the file and cuts it to nothing; unavailable: readers or the disk kept it from it.
    [[nodiscard]] model::Result<void> empty_log();
    [[nodiscard]] KeyRing& ring() noexcept { return ring_; }
    [[nodiscard]] telemetry::Logger& logger() noexcept { return logger_; }
    [[nodiscard]] DeliveryIds& delivery_ids() noexcept { return delivery_ids_; }
    [[nodiscard]] StoreOptions const& options() const noexcept { return options_; }

private:
    Database(StoreOptions const& options, vault::Key const& key, model::Clock const& clock, telemetry::Logger& logger)
        : options_(options), clock_(clock), logger_(logger), ring_(key), indexes_(options.recent_hashes_max) {}
    [[nodiscard]] model::Result<void> prepare();
    [[nodiscard]] model::Result<void> load(Sqlite& sqlite);
    [[nodiscard]] model::Result<void> start_over(std::unique_ptr<Sqlite>& writer);
    [[nodiscard]] model::Result<std::size_t> forget_keys(model::TimePoint older_than);

    // Constant after open().
    StoreOptions const options_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;

    KeyRing ring_;
    DedupeKeys keys_;  // writer thread only
    Indexes indexes_;  // writer thread only
    DeliveryIds delivery_ids_;
    Turns turns_;      // writer thread only
    Switches switches_;
    std::atomic<std::uint64_t> duplicates_{0};
    std::atomic<std::int64_t> pending_{0};  // inbox items

    std::unique_ptr<Sqlite> lock_;  // holds `<path>.lock` for as long as it is open
    std::unique_ptr<Readers> readers_;
    std::unique_ptr<Checkpointer> checkpointer_;
    std::unique_ptr<Writer> writer_;  // goes first: it uses all of the above
};

}  // namespace crosswalk::store
