#include "store/state.hpp"

#include "store/database.hpp"
#include "store/state_rows.hpp"

namespace crosswalk::store {
namespace {

constexpr std::size_t value_bytes_max = 1024 * 1024;

// The version of a pair; 0 when it does not exist.
model::Result<std::uint64_t> version_of(Sqlite& sqlite, std::string const& connection, std::string const& key) {
    std::uint64_t version = 0;
    auto const read = sqlite.each(
        "SELECT version FROM kv WHERE connection = ? AND key = ?",
        [&](Row const& row) { version = static_cast<std::uint64_t>(row.integer(0)); }, connection, key);
    return read ? model::Result<std::uint64_t>(version) : model::Result<std::uint64_t>(read.error());
}

model::Error changed_meanwhile() {
    return model::Error{model::ErrorCode::already_exists, "The value was changed by someone else; read it again."};
}

}  // namespace

std::string_view name(RouteMode mode) noexcept {
    switch (mode) {
        case RouteMode::paused:
            return "paused";
        case RouteMode::stopped:
            return "stopped";
        case RouteMode::running:
            break;
    }
    return "running";
}

model::Result<VersionedValue> State::get(std::string const& connection, std::string const& key) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<VersionedValue> {
        VersionedValue found;
        std::string sealed;
        auto const read = sqlite.each(
            "SELECT value, version FROM kv WHERE connection = ? AND key = ?",
            [&](Row const& row) {
                sealed = row.text(0);
                found.version = static_cast<std::uint64_t>(row.integer(1));
            },
            connection, key);
        if (!read) {
            return read.error();
        }
        if (found.version == 0) {
            return model::Error{model::ErrorCode::not_found, "There is no such key."};
        }
        auto plain = open_value(store_.database().ring(), connection, key, sealed);
        if (!plain) {
            return plain.error();
        }
        found.value = std::move(*plain);
        return found;
    });
}

model::Result<std::uint64_t> State::put(std::string const& connection, std::string const& key, std::string const& value,
                                        std::optional<std::uint64_t> if_version) {
    if (value.size() > value_bytes_max) {
        return model::Error{model::ErrorCode::too_large, "A value may have at most 1 MiB."};
    }
    auto const sealed = seal_value(store_.database().ring(), connection, key, value);
    if (!sealed) {
        return sealed.error();
    }
    return store_.database().write([&](Batch& batch) -> model::Result<std::uint64_t> {
        auto const version = version_of(batch.sqlite, connection, key);
        if (!version) {
            return version;
        }
        if (if_version && *if_version != *version) {
            return changed_meanwhile();
        }
        auto const put = batch.sqlite.run("INSERT OR REPLACE INTO kv VALUES (?, ?, ?, ?)", connection, key,
                                          Blob{*sealed}, *version + 1);
        return put ? model::Result<std::uint64_t>(*version + 1) : model::Result<std::uint64_t>(put.error());
    });
}

model::Result<void> State::remove(std::string const& connection, std::string const& key,
                                  std::optional<std::uint64_t> if_version) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        auto const version = version_of(batch.sqlite, connection, key);
        if (!version) {
            return version.error();
        }
        if (if_version && *if_version != *version) {
            return changed_meanwhile();
        }
        return batch.sqlite.run("DELETE FROM kv WHERE connection = ? AND key = ?", connection, key);
    });
}

model::Result<ConnectionState> State::connection(std::string const& connection) {
    return store_.database().switches().connection(connection);
}

model::Result<void> State::pause_connection(std::string const& connection, std::string const& reason) {
    Database& database = store_.database();
    auto const now = database.now();
    auto pause = [&](Batch& batch) {
        // A connection that is paused already keeps the time of its pause; a removed one also why.
        return batch.sqlite.run(
            "INSERT INTO connection_state (connection, paused, reason, since_us) VALUES (?1, 1, ?2, ?3)"
            " ON CONFLICT (connection) DO UPDATE SET since_us = iif(paused, since_us, ?3), paused = 1,"
            " reason = iif(access = ?4, reason, ?2)",
            connection, reason, now, Access::removed);
    };
    return database.write(pause, [&] {
        database.switches().change_connection(connection, [&](ConnectionState& state) {
            state.since = state.paused ? state.since : now;
            state.paused = true;
            state.reason = state.access == Access::removed ? state.reason : reason;
        });
    });
}

model::Result<void> State::resume_connection(std::string const& connection) {
    Database& database = store_.database();
    if (database.switches().connection(connection).access == Access::removed) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "The connection is disconnected; it has to be connected again first."};
    }
    auto resume = [&](Batch& batch) {
        return batch.sqlite.run(
            "UPDATE connection_state SET paused = 0, reason = '', since_us = NULL WHERE connection = ?", connection);
    };
    return database.write(resume, [&] {
        database.switches().change_connection(connection, [](ConnectionState& state) {
            state.paused = false;
            state.reason.clear();
            state.since.reset();
        });
    });
}

model::Result<void> State::remove_connection(std::string const& connection, std::string const& reason) {
    Database& database = store_.database();
    auto const now = database.now();
    auto remove = [&](Batch& batch) -> model::Result<void> {
        auto const forgotten = batch.sqlite.run("DELETE FROM kv WHERE connection = ?", connection);
        if (!forgotten) {
            return forgotten;
        }
        return batch.sqlite.run(
            "INSERT INTO connection_state (connection, paused, reason, since_us, access) VALUES (?1, 1, ?2, ?3, ?4)"
            " ON CONFLICT (connection) DO UPDATE SET since_us = ?3, paused = 1, reason = ?2, access = ?4",
            connection, reason, now, Access::removed);
    };
    return database.write(remove, [&] {
        database.switches().change_connection(connection, [&](ConnectionState& state) {
            state.access = Access::removed;
            state.paused = true;
            state.reason = reason;
            state.since = now;
        });
    });
}

model::Result<void> State::connect_again(std::string const& connection) {
    Database& database = store_.database();
    auto connect = [&](Batch& batch) {
        return batch.sqlite.run(
            "UPDATE connection_state SET paused = 0, reason = '', since_us = NULL, verified_us = NULL, access = ?2"
            " WHERE connection = ?1",
            connection, Access::in_use);
    };
    return database.write(connect, [&] {
        database.switches().change_connection(connection, [](ConnectionState& state) { state = {}; });
    });
}

model::Result<void> State::mark_verified(std::string const& connection, model::TimePoint at) {
    Database& database = store_.database();
    auto mark = [&](Batch& batch) {
        return batch.sqlite.run(
            "INSERT INTO connection_state (connection, verified_us) VALUES (?1, ?2)"
            " ON CONFLICT (connection) DO UPDATE SET verified_us = ?2",
            connection, at);
    };
    return database.write(mark, [&] {
        database.switches().change_connection(connection, [&](ConnectionState& state) { state.verified_at = at; });
    });
}

model::Result<std::optional<RouteMode>> State::route_mode(std::string const& route) {
    return store_.database().switches().route_mode(route);
}

model::Result<void> State::set_route_mode(std::string const& route, RouteMode mode) {
    Database& database = store_.database();
    auto set = [&](Batch& batch) {
        return batch.sqlite.run("INSERT OR REPLACE INTO route_state VALUES (?, ?)", route, mode);
    };
    return database.write(set, [&] { database.switches().set_route_mode(route, mode); });
}

}  // namespace crosswalk::store
