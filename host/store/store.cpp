#include "store/store.hpp"

#include "store/database.hpp"

namespace crosswalk::store {

model::Result<bool> is_encrypted(std::filesystem::path const& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        return false;
    }
    auto const sqlite = Sqlite::open(path, Sqlite::Access::read_only);
    if (!sqlite) {
        return sqlite.error();
    }
    bool is_ours = false;
    auto read = (*sqlite)->each("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'",
                                [&](Row const&) { is_ours = true; });
    bool encrypted = false;
    if (read && is_ours) {
        read = (*sqlite)->each("SELECT 1 FROM meta WHERE name = 'host_key'", [&](Row const&) { encrypted = true; });
    }
    return read ? model::Result<bool>(encrypted) : model::Result<bool>(read.error());
}

Store::Store(std::unique_ptr<Database> database) noexcept : database_(std::move(database)) {}

Store::~Store() {
    close();
}

model::Result<std::unique_ptr<Store>> Store::open(StoreOptions const& options, model::Clock const& clock,
                                                  telemetry::Logger& logger) {
    auto database = Database::open(options, clock, logger);
    if (!database) {
        return database.error();
    }
    return std::unique_ptr<Store>(new Store(std::move(*database)));
}

StoreStatus Store::status() const {
    return database_->status();
}

model::Result<void> Store::probe() {
    // It must change a row: a commit that changes nothing never reaches the disk.
    auto const written = database_->write([now = database_->now()](Batch& batch) {
        return batch.sqlite.run("INSERT OR REPLACE INTO probe VALUES (1, ?)", now);
    });
    if (!written || database_->status().writable) {
        return written;
    }
    return model::Error{model::ErrorCode::unavailable, "The disk of the store has next to no room left."};
}

model::Result<Purged> Store::purge(RetentionAges const& ages) {
    if (auto const forgotten = database_->forget_old_keys(); !forgotten) {
        return forgotten.error();
    }
    return purge_by_age(*database_, ages);
}

void Store::close() noexcept {
    database_->close();
}

}  // namespace crosswalk::store
