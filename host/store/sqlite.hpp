// One open SQLite connection with its prepared statements.
//
// Shape    statements are constants of the program: prepared at first use, kept, found again by their address.
// Errors   unavailable: disk full or failing, or a lock that did not come free. corruption: the file is damaged.
//          The text is SQLite's own; it names tables and columns, never values.
// Threads  one thread at a time.
// Owner    text and blobs are bound without a copy; they only need to live until the call returns.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace crosswalk::store {

// SQL text that is a constant of the program, so that its address can stand for it.
struct Sql {
    char const* text;
    consteval Sql(char const* constant) noexcept : text(constant) {}
};

// Binds as a blob what would otherwise bind as text.
struct Blob {
    std::string_view bytes;
};

// The current row of a query; valid inside the visitor only.
class Row {
public:
    explicit Row(sqlite3_stmt* statement) noexcept : statement_(statement) {}
    [[nodiscard]] bool is_null(int column) const noexcept {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const noexcept { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] int number(int column) const noexcept { return sqlite3_column_int(statement_, column); }
    [[nodiscard]] model::TimePoint time(int column) const noexcept { return model::from_unix_us(integer(column)); }
    [[nodiscard]] std::optional<model::TimePoint> optional_time(int column) const noexcept {
        return is_null(column) ? std::nullopt : std::optional(time(column));
    }
    // Bytes of a text or a blob; valid until the visitor returns.
    [[nodiscard]] std::string_view view(int column) const noexcept;
    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }

private:
    sqlite3_stmt* statement_;
};

class Sqlite {
public:
    enum class Access { read_write, read_only };
    [[nodiscard]] static model::Result<std::unique_ptr<Sqlite>> open(std::filesystem::path const& path, Access access);
    Sqlite(Sqlite const&) = delete;
    Sqlite& operator=(Sqlite const&) = delete;
    ~Sqlite();

    // Runs SQL text of several statements that takes no values and gives no rows.
    [[nodiscard]] model::Result<void> script(char const* text);
    // Runs one statement to its end.
    template <class... Values>
    [[nodiscard]] model::Result<void> run(Sql sql, Values const&... values) {
        return each(
            sql, [](Row const&) {}, values...);
    }
    // Calls `visit` with each row; a visitor that returns false ends the query early. The statement is free again when
    // this returns; a visitor may run other statements, not this one.
    template <class Visit, class... Values>
    [[nodiscard]] model::Result<void> each(Sql sql, Visit&& visit, Values const&... values) {
        auto const statement = prepared(sql);
        if (!statement) {
            return statement.error();
        }
        Use const use{*statement};
        int status = SQLITE_OK;
        int index = 0;
        ((status = status == SQLITE_OK ? bind(*statement, ++index, values) : status), ...);
        while (status == SQLITE_OK || status == SQLITE_ROW) {
            status = sqlite3_step(*statement);
            if (status == SQLITE_ROW && !visited(visit, Row(*statement))) {
                return {};
            }
        }
        return status == SQLITE_DONE ? model::Result<void>() : model::Result<void>(error(status));
    }

    // Rows changed by the last run(), and the id of the row it inserted.
    [[nodiscard]] int changes() const noexcept { return sqlite3_changes(handle_); }
    [[nodiscard]] std::int64_t inserted_id() const noexcept { return sqlite3_last_insert_rowid(handle_); }
    // How often statements had to be compiled again; of all that are kept.
    [[nodiscard]] int prepared_again() const noexcept;
    // False when no transaction is open; after a disk error SQLite may have ended it by itself.
    [[nodiscard]] bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle_) == 0; }
    // The last connection that closes would move the log into the file and remove it; not this one.
    void leave_log_at_close() noexcept;
    [[nodiscard]] sqlite3* handle() noexcept { return handle_; }
    [[nodiscard]] model::Error error(int status) const;
    // Whether a call since the last time of asking was refused because the disk has no room.
    [[nodiscard]] bool ran_out_of_room() noexcept { return std::exchange(no_room_, false); }

private:
    // Frees a statement for its next use, however the query ended.
    struct Use {
        sqlite3_stmt* statement;
        explicit Use(sqlite3_stmt* used) noexcept : statement(used) {}
        Use(Use const&) = delete;
        Use& operator=(Use const&) = delete;
        ~Use() {
            sqlite3_reset(statement);
            sqlite3_clear_bindings(statement);
        }
    };

    explicit Sqlite(sqlite3* handle) noexcept : handle_(handle) {}
    [[nodiscard]] model::Result<sqlite3_stmt*> prepared(Sql sql);

    template <class Visit>
    static bool visited(Visit& visit, Row const& row) {
        if constexpr (std::is_same_v<std::invoke_result_t<Visit&, Row const&>, bool>) {
            return visit(row);
        } else {
            visit(row);
            return true;
        }
    }

    static int bind_text(sqlite3_stmt* statement, int index, std::string_view text) noexcept;
    static int bind_blob(sqlite3_stmt* statement, int index, std::string_view bytes) noexcept;

    template <class Value>
    static int bind(sqlite3_stmt* statement, int index, Value const& value) noexcept {
        if constexpr (std::is_same_v<Value, std::nullptr_t>) {
            return sqlite3_bind_null(statement, index);
        } else if constexpr (std::is_same_v<Value, model::TimePoint>) {
            return sqlite3_bind_int64(statement, index, model::to_unix_us(value));
        } else if constexpr (std::is_same_v<Value, Blob>) {
            return bind_blob(statement, index, value.bytes);
        } else if constexpr (std::is_enum_v<Value> || std::is_integral_v<Value>) {
            return sqlite3_bind_int64(statement, index, static_cast<std::int64_t>(value));
        } else if constexpr (std::is_convertible_v<Value const&, std::string_view>) {
            return bind_text(statement, index, value);
        } else {
            return value ? bind(statement, index, *value) : sqlite3_bind_null(statement, index);  // std::optional
        }
    }

    sqlite3* handle_;
    mutable bool no_room_ = false;
    std::unordered_map<char const*, sqlite3_stmt*> statements_;
};

}  // namespace crosswalk::store
