#include "store/sqlite.hpp"

#include "store/log_vfs.hpp"

#include <cassert>

namespace crosswalk::store {
namespace {

// Writers of one process never wait for each other here; this only covers a moment's lock of a checkpoint or a reader.
constexpr int busy_wait_ms = 100;

model::ErrorCode code_for(int status) noexcept {
    switch (status & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return model::ErrorCode::corruption;
        case SQLITE_TOOBIG:
            return model::ErrorCode::too_large;
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM:
            return model::ErrorCode::unavailable;
        default:
            return model::ErrorCode::internal;
    }
}

}  // namespace

std::string_view Row::view(int column) const noexcept {
    void const* const bytes = sqlite3_column_blob(statement_, column);
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string_view() : std::string_view(static_cast<char const*>(bytes), size);
}

model::Result<std::unique_ptr<Sqlite>> Sqlite::open(std::filesystem::path const& path, Access access) {
    // Nobody reads SQLite's count of its memory, and keeping it takes a lock of the whole process at every malloc. Says
    // no when SQLite is in use already, which only costs that lock.
    [[maybe_unused]] static int const uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    std::u8string const utf8 = path.u8string();
    int const flags = SQLITE_OPEN_NOMUTEX |
                      (access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    sqlite3* handle = nullptr;
    // Whoever reads only never writes the log.
    char const* const vfs = access == Access::read_only ? nullptr : log_vfs();
    int const status = sqlite3_open_v2(reinterpret_cast<char const*>(utf8.c_str()), &handle, flags, vfs);
    if (handle == nullptr) {
        return model::Error{model::ErrorCode::unavailable, "SQLite could not be started: out of memory."};
    }
    std::unique_ptr<Sqlite> sqlite(new Sqlite(handle));
    if (status != SQLITE_OK) {
        return sqlite->error(status);
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, busy_wait_ms);
    return sqlite;
}

Sqlite::~Sqlite() {
    for (auto const& [text, statement] : statements_) {
        sqlite3_finalize(statement);
    }
    sqlite3_close(handle_);
}

void Sqlite::leave_log_at_close() noexcept {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

model::Result<void> Sqlite::script(char const* text) {
    int const status = sqlite3_exec(handle_, text, nullptr, nullptr, nullptr);
    return status == SQLITE_OK ? model::Result<void>() : model::Result<void>(error(status));
}

model::Result<sqlite3_stmt*> Sqlite::prepared(Sql sql) {
    auto& statement = statements_[sql.text];
    if (statement == nullptr) {
        int const status = sqlite3_prepare_v3(handle_, sql.text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (status != SQLITE_OK) {
            return error(status);
        }
    }
    assert(sqlite3_stmt_busy(statement) == 0);
    return statement;
}

int Sqlite::prepared_again() const noexcept {
    int count = 0;
    for (auto const& [text, statement] : statements_) {
        count += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0);
    }
    return count;
}

model::Error Sqlite::error(int status) const {
    no_room_ = no_room_ || (status & 0xff) == SQLITE_FULL;
    return model::Error{code_for(status), "The store's database refused: " + std::string(sqlite3_errmsg(handle_)) +
                                              " (SQLite " + std::to_string(status) + ")."};
}

int Sqlite::bind_text(sqlite3_stmt* statement, int index, std::string_view text) noexcept {
    // A null pointer would bind NULL, and an empty view may hold one.
    char const* const data = text.empty() ? "" : text.data();
    return sqlite3_bind_text64(statement, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int Sqlite::bind_blob(sqlite3_stmt* statement, int index, std::string_view bytes) noexcept {
    return bytes.empty() ? sqlite3_bind_zeroblob(statement, index, 0)
                         : sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC);
}

}  // namespace crosswalk::store
