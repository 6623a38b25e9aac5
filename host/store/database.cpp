#include "store/database.hpp"

#include "store/schema.hpp"
#include "vault/sealer.hpp"

#include <algorithm>
#include <cassert>

namespace crosswalk::store {
namespace {

constexpr int forget_at_once = 2000;

std::filesystem::path lock_path(std::filesystem::path path) {
    return path += ".lock";
}

// A second database holds the lock, because an exclusive lock on the store itself would shut out its own readers.
model::Result<std::unique_ptr<Sqlite>> lock_file(std::filesystem::path const& path) {
    auto lock = Sqlite::open(lock_path(path), Sqlite::Access::read_write);
    if (!lock) {
        return lock;
    }
    sqlite3_busy_timeout((*lock)->handle(), 0);
    // Nothing is ever written there; without this SQLite would leave an empty journal beside it.
    auto locked = (*lock)->script("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    if (!locked && sqlite3_errcode((*lock)->handle()) == SQLITE_BUSY) {
        return model::Error{model::ErrorCode::already_exists,
                            "The store " + path.filename().string() + " is open in another Crosswalk."};
    }
    if (!locked) {
        return locked.error();
    }
    return lock;
}

model::Result<std::unique_ptr<Sqlite>> open_writer(std::filesystem::path const& path, KeyRing& ring) {
    auto sqlite = Sqlite::open(path, Sqlite::Access::read_write);
    if (!sqlite) {
        return sqlite;
    }
    // Before anything else: a file that is not ours must stay as it was.
    if (auto const migrated = migrate(**sqlite, ring); !migrated) {
        return migrated.error();
    }
    // Automatic checkpoints off: they would run inside a commit. No size limit for the log: truncating it would make
    // each following commit pay for growing the file again.
    auto const set = (*sqlite)->script(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
        "PRAGMA journal_size_limit = -1; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
        "PRAGMA secure_delete = ON");
    if (!set) {
        return set.error();
    }
    // The log may hold frames of a commit whose sync failed: they can be read back, and the system counts them as
    // stored although the disk never had them. Moving the whole log once more writes everything again, so that what is
    // acknowledged from here on does not stand on something that a power cut takes away.
    int const moved =
        sqlite3_wal_checkpoint_v2((*sqlite)->handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    if (moved != SQLITE_OK) {
        (*sqlite)->leave_log_at_close();
        return (*sqlite)->error(moved);
    }
    return sqlite;
}

model::Result<std::vector<std::unique_ptr<Sqlite>>> open_readers(StoreOptions const& options) {
    std::vector<std::unique_ptr<Sqlite>> readers;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.readers); ++i) {
        auto reader = Sqlite::open(options.path, Sqlite::Access::read_only);
        if (!reader) {
            return reader.error();
        }
        readers.push_back(std::move(*reader));
    }
    return readers;
}

model::Result<std::unique_ptr<Sqlite>> open_checkpointer(std::filesystem::path const& path) {
    auto sqlite = Sqlite::open(path, Sqlite::Access::read_write);
    if (!sqlite) {
        return sqlite;
    }
    auto const set = (*sqlite)->script("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    return set ? std::move(sqlite) : model::Result<std::unique_ptr<Sqlite>>(set.error());
}

}  // namespace

model::Result<std::unique_ptr<Sqlite>> Readers::take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || (!withdrawn_ && (!idle_.empty() || taken_ == 0)); });
    if (closed_) {
        return model::Error{model::ErrorCode::unavailable, "The store is closed."};
    }
    if (idle_.empty()) {
        return model::Error{model::ErrorCode::unavailable, "The store cannot be read until its disk works again."};
    }
    auto sqlite = std::move(idle_.back());
    idle_.pop_back();
    ++taken_;
    return sqlite;
}

void Readers::give_back(std::unique_ptr<Sqlite> sqlite) {
    {
        std::lock_guard const lock(mutex_);
        idle_.push_back(std::move(sqlite));
        --taken_;
    }
    changed_.notify_all();
}

void Readers::withdraw() noexcept {
    std::unique_lock lock(mutex_);
    withdrawn_ = true;
    changed_.wait(lock, [this] { return taken_ == 0; });
    idle_.clear();
}

void Readers::refill(std::vector<std::unique_ptr<Sqlite>> idle) {
    {
        std::lock_guard const lock(mutex_);
        idle_ = std::move(idle);
        withdrawn_ = false;
    }
    changed_.notify_all();
}

void Readers::close() noexcept {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return taken_ == 0; });
    idle_.clear();
}

model::Result<std::unique_ptr<Database>> Database::open(StoreOptions const& options, model::Clock const& clock,
                                                        telemetry::Logger& logger) {
    auto const key = vault::read_key(options.key);
    if (!key) {
        return key.error();
    }
    StoreOptions others = options;
    others.key = {};  // only the key ring holds it
    std::unique_ptr<Database> database(new Database(others, *key, clock, logger));
    auto const prepared = database->prepare();
    return prepared ? std::move(database) : model::Result<std::unique_ptr<Database>>(prepared.error());
}

Database::~Database() {
    close();
}

model::Result<void> Database::prepare() {
    auto lock = lock_file(options_.path);
    if (!lock) {
        return lock.error();
    }
    lock_ = std::move(*lock);
    auto writer = open_writer(options_.path, ring_);
    if (!writer) {
        return writer.error();
    }
    if (auto const loaded = load(**writer); !loaded) {
        return loaded;
    }
    auto readers = open_readers(options_);
    if (!readers) {
        return readers.error();
    }
    auto checkpoints = open_checkpointer(options_.path);
    if (!checkpoints) {
        return checkpoints.error();
    }
    readers_ = std::make_unique<Readers>(std::move(*readers));
    checkpointer_ = std::make_unique<Checkpointer>(std::move(*checkpoints), logger_, options_);
    writer_ = std::make_unique<Writer>(
        std::move(*writer), options_, ring_, indexes_, delivery_ids_, *checkpointer_,
        [this](std::unique_ptr<Sqlite>& connection) { return start_over(connection); }, logger_);
    return {};
}

// Once every connection is closed SQLite forgets how much of the log it had moved, so that opening moves all of it.
model::Result<void> Database::start_over(std::unique_ptr<Sqlite>& writer) {
    if (writer) {
        // A commit that failed may stand at the end of the log and would come back to life; this one overwrites it.
        if (auto const written = writer->run("INSERT OR REPLACE INTO probe VALUES (1, ?)", now()); !written) {
            return written;
        }
        writer->leave_log_at_close();
    }
    readers_->withdraw();
    writer.reset();
    std::vector<std::unique_ptr<Sqlite>> idle;
    auto const opened = checkpointer_->start_over([&]() -> model::Result<std::unique_ptr<Sqlite>> {
        auto writes = open_writer(options_.path, ring_);
        if (!writes) {
            return writes.error();
        }
        auto checkpoints = open_checkpointer(options_.path);
        if (!checkpoints) {
            return checkpoints;
        }
        auto readers = open_readers(options_);
        if (!readers) {
            return readers.error();  // all or nothing: nobody would open them later
        }
        idle = std::move(*readers);
        writer = std::move(*writes);
        return checkpoints;
    });
    if (!opened) {
        // With what the log has, people can read even while nothing can be written.
        auto readers = open_readers(options_);
        idle = readers ? std::move(*readers) : std::vector<std::unique_ptr<Sqlite>>();
    }
    readers_->refill(std::move(idle));
    if (opened) {
        logger_.warn("The store was opened anew, because its disk had failed.");
    }
    return opened;
}

model::Result<void> Database::load(Sqlite& sqlite) {
    // What was in flight when the last host ended may or may not have reached the target: it is looked up first.
    auto const unknown = sqlite.run(
        "UPDATE delivery SET state = 2, ready = 1, look_up = 0, due_us = ?,"
        " reason = 'The host ended while this was on its way; it is looked up before it is sent again.'"
        " WHERE state IN (1, 2) AND state = 1",
        now());
    if (!unknown) {
        return unknown;
    }
    if (auto const ring = ring_.load(sqlite); !ring) {
        return ring;
    }
    if (auto const keys = fill(keys_, sqlite, "SELECT inbox_id, hash FROM dedupe"); !keys) {
        return keys;
    }
    if (auto const indexes = indexes_.load(sqlite); !indexes) {
        return indexes;
    }
    auto const numbered = sqlite.each("SELECT max(id) FROM delivery",
                                      [this](Row const& row) { delivery_ids_.begin_after(row.integer(0)); });
    if (!numbered) {
        return numbered;
    }
    auto const counted = sqlite.each("SELECT count(*) FROM inbox INDEXED BY inbox_pending WHERE state = 0",
                                     [this](Row const& row) { pending_ = row.integer(0); });
    if (!counted) {
        return counted;
    }
    return switches_.load(sqlite);
}

StoreStatus Database::status() const {
    StoreStatus status = writer_->status();
    status.duplicates = duplicates_.load(std::memory_order_relaxed);
    return status;
}

model::Result<void> Database::cap_keys(Batch& batch, std::vector<std::pair<std::uint64_t, std::int64_t>>& gone) {
    if (keys_.size() <= options_.dedupe_keys_max) {
        return {};
    }
    // Some at once, so that a full table does not cost each accept a delete at the other end of the file.
    auto const some = std::clamp<std::size_t>(options_.dedupe_keys_max / 64, 1, forget_at_once);
    auto const listed = batch.sqlite.each(
        "SELECT inbox_id, hash FROM dedupe ORDER BY inbox_id LIMIT ?",
        [&](Row const& row) { gone.emplace_back(fingerprint(row.view(1)), row.integer(0)); }, some);
    if (!listed || gone.empty()) {
        return listed;
    }
    logger_.warn("Dedupe keys are forgotten before their window ends, because there are too many.",
                 {{"keys", gone.size()}, {"keys_max", options_.dedupe_keys_max}});
    // Out of memory at once, because the next accept of this batch counts the keys again.
    for (auto const& [print, id] : gone) {
        keys_.erase(print, id);
    }
    return batch.sqlite.run("DELETE FROM dedupe WHERE inbox_id <= ?", gone.back().second);
}

model::Result<void> Database::forget_old_keys() {
    model::TimePoint const oldest = now() - options_.dedupe_window;
    for (std::size_t forgotten = forget_at_once; forgotten == forget_at_once;) {
        auto const some = forget_keys(oldest);
        if (!some) {
            return some.error();
        }
        forgotten = *some;
    }
    return {};
}

model::Result<std::size_t> Database::forget_keys(model::TimePoint older_than) {
    std::vector<std::pair<std::uint64_t, std::int64_t>> gone;
    auto forget = [&](Batch& batch) -> model::Result<std::size_t> {
        // Ids and times rise together; stopping at the first young one keeps this at the low end of the table.
        auto const listed = batch.sqlite.each(
            "SELECT inbox_id, hash, received_us FROM dedupe ORDER BY inbox_id LIMIT ?",
            [&](Row const& row) {
                bool const old = row.time(2) < older_than;
                if (old) {
                    gone.emplace_back(fingerprint(row.view(1)), row.integer(0));
                }
                return old;
            },
            forget_at_once);
        if (!listed) {
            return listed.error();
        }
        if (!gone.empty()) {
            auto const deleted = batch.sqlite.run("DELETE FROM dedupe WHERE inbox_id <= ?", gone.back().second);
            if (!deleted) {
                return deleted.error();
            }
        }
        return gone.size();
    };
    return write(forget, [&] {
        for (auto const& [print, id] : gone) {
            keys_.erase(print, id);
        }
    });
}

model::Result<void> Database::empty_log() {
    constexpr int attempts_max = 20;
    auto const touch = [this](Batch& batch) {
        return batch.sqlite.run("INSERT OR REPLACE INTO probe VALUES (1, ?)", now());
    };
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        checkpointer_->empty_log();
        // The writer empties it after the first commit, and begins the second when that is done.
        for (int i = 0; i < 2; ++i) {
            if (auto const touched = write(touch); !touched) {
                return touched;
            }
            if (checkpointer_->log_was_emptied()) {
                return {};
            }
        }
    }
    return model::Error{model::ErrorCode::unavailable, "The store's log could not be emptied; try again."};
}

void Database::close() noexcept {
    // The writer goes first, so that what is queued still commits. The last connection to close empties the log,
    // which a reader's could not do.
    if (writer_) {
        writer_->stop();
    }
    if (readers_) {
        readers_->close();
    }
    if (checkpointer_) {
        checkpointer_->stop();
    }
    lock_.reset();
}

}  // namespace crosswalk::store
