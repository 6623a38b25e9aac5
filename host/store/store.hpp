// The embedded database: one file, one writer thread with group commit, many readers.
//
// Shape    WAL with synchronous=FULL. Inbox, Outbox, State and History are views of one Store and share its writer.
// Units    times are UTC microseconds; sizes are bytes.
// Errors   every call returns Result. unavailable: the disk is full or failing and nothing was stored; the same call
//          may succeed later. rate_limited: the write queue is full. corruption: the file is damaged.
// Threads  safe from any thread. A write blocks its caller until the commit that holds it is on disk, or failed;
//          nothing of a failed commit is visible afterwards, in the file or in memory.
// Owner    the Store outlives the views. close() commits what is queued and joins the threads.
// Secrecy  what may be personal is encrypted in the file and in its log (key_ring.hpp); there is no way to turn it off.
// Source   group commit with an adaptive window, dedupe keys outside the commit's index pages and a checkpointer
//          beside the writer: research on SQLite's limits for exactly this load (docs/adr/0003-store.md).
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"
#include "store/retention.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace crosswalk::store {

struct StoreOptions {
    std::filesystem::path path;
    model::Secret key = {};  // 32 bytes as base64 or hexadecimal digits; wraps the keys of everything personal
    std::size_t write_queue_max = 4096;            // waiting writes; above it: rate_limited
    std::chrono::microseconds commit_window{200};  // waited only when the last batch had at least…
    std::size_t commit_window_from_batch = 17;     // …this many writes; 0: always
    std::size_t commit_batch_max = 256;
    std::chrono::hours dedupe_window{24 * 30};  // how long a dedupe key is remembered; outlives the payload
    std::size_t dedupe_keys_max = 4'000'000;    // the oldest are forgotten above it, with a warning
    // Keyed hashes of persons and deliveries that are not sorted into their trees yet; above it they are, some with each
    // commit.
    std::size_t recent_hashes_max = 16'384;
    std::size_t bytes_max = std::size_t{32} * 1024 * 1024 * 1024;  // in use; above it the inbox is full
    std::size_t wal_pages_brake = 8000;                            // the writer finishes the checkpoint itself above it
    std::size_t checkpoint_pages = 200;  // in the log and not yet in the file: worth a passive checkpoint
    std::size_t readers = 4;             // connections for reading
    // What the disk has left for us; asked by the writer when its log has grown. Empty: the system is asked.
    std::function<std::uintmax_t()> free_bytes = {};
    // False: no threads. Each write commits, and checkpoints when it is time, in its caller, one caller at a time; the
    // same calls then do the same work in the same order. For tests that must be repeatable.
    bool own_threads = true;
};

struct StoreStatus {
    // False from a failed commit to the next good one; when there was no room, until there is some to spare as well.
    bool writable = true;
    std::string last_error = {};  // in words; empty when writable
    std::uint64_t commits = 0;
    std::uint64_t writes = 0;      // writes / commits is the average batch
    std::int64_t used_bytes = 0;   // of the file, without what is free in it; looked at every few commits
    std::uint64_t duplicates = 0;  // accepts refused by the dedupe keys
};

// Was the file made with a key? False when there is no file, or none that Crosswalk encrypted; who opens it will say
// what is wrong with any other.
[[nodiscard]] model::Result<bool> is_encrypted(std::filesystem::path const& path);

class Database;  // the SQL side; store/ only

class Store {
public:
    // Opens or creates the file, brings its schema up to date and rebuilds what is held in memory.
    // failed_precondition: a newer host wrote this file, or it was encrypted with another key; it is as it was then.
    // invalid_argument: the key is no 32 bytes. already_exists: another host has it open.
    [[nodiscard]] static model::Result<std::unique_ptr<Store>> open(StoreOptions const& options,
                                                                    model::Clock const& clock,
                                                                    telemetry::Logger& logger);
    Store(Store const&) = delete;
    Store& operator=(Store const&) = delete;
    ~Store();

    [[nodiscard]] StoreStatus status() const;
    // Commits one empty write; what /readyz asks. unavailable with the reason when the disk refuses, or has refused a
    // larger one and not much more room since.
    [[nodiscard]] model::Result<void> probe();
    // Forgets dedupe keys older than the window, and what has reached the age of its class: retention.hpp.
    [[nodiscard]] model::Result<Purged> purge(RetentionAges const& ages);
    void close() noexcept;

    [[nodiscard]] Database& database() noexcept { return *database_; }

private:
    explicit Store(std::unique_ptr<Database> database) noexcept;
    std::unique_ptr<Database> database_;
};

}  // namespace crosswalk::store
