#include "store/sealed.hpp"

#include "store/database.hpp"

#include <algorithm>

namespace crosswalk::store {
namespace {

constexpr std::size_t value_bytes_max = 64 * 1024;

model::Error not_kept() {
    return model::Error{model::ErrorCode::not_found, "Nothing is kept under that name."};
}

}  // namespace

model::Result<SealedValue> Sealed::get(std::string const& connection, std::string const& name) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<SealedValue> {
        std::optional<SealedValue> found;
        auto const read = sqlite.each(
            "SELECT value, changed_us FROM sealed WHERE connection = ? AND name = ?",
            [&](Row const& row) {
                found = SealedValue{row.text(0), row.time(1)};
            },
            connection, name);
        if (!read) {
            return read.error();
        }
        return found ? model::Result<SealedValue>(std::move(*found)) : model::Result<SealedValue>(not_kept());
    });
}

model::Result<void> Sealed::change(std::string const& connection, std::vector<Change> const& changes) {
    if (std::any_of(changes.begin(), changes.end(),
                    [](Change const& change) { return change.bytes && change.bytes->size() > value_bytes_max; })) {
        return model::Error{model::ErrorCode::too_large, "A value that is kept encrypted may have at most 64 KiB."};
    }
    Database& database = store_.database();
    auto const now = database.now();
    return database.write([&](Batch& batch) -> model::Result<void> {
        for (Change const& change : changes) {
            auto const done = change.bytes ? batch.sqlite.run(
                                                 "INSERT OR REPLACE INTO sealed (connection, name, value, changed_us)"
                                                 " VALUES (?, ?, ?, ?)",
                                                 connection, change.name, Blob{*change.bytes}, now)
                                           : batch.sqlite.run("DELETE FROM sealed WHERE connection = ? AND name = ?",
                                                              connection, change.name);
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

model::Result<void> Sealed::remove(std::string const& connection, std::string const& name) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        auto const removed = batch.sqlite.run("DELETE FROM sealed WHERE connection = ? AND name = ?", connection, name);
        if (removed && batch.sqlite.changes() == 0) {
            return not_kept();
        }
        return removed;
    });
}

model::Result<void> Sealed::remove_all(std::string const& connection) {
    return store_.database().write(
        [&](Batch& batch) { return batch.sqlite.run("DELETE FROM sealed WHERE connection = ?", connection); });
}

}  // namespace crosswalk::store
