#include "failing_statement.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>

namespace crosswalk::store {
namespace {

constexpr int never = -1;
std::atomic<int> left{never};
std::atomic<bool> refused{false};
std::atomic<char const*> unwanted{nullptr};  // the beginning of statements

// The last one measures the file; that it may fail in silence is the writer's decision.
bool can_be_interrupted(std::string_view sql) {
    constexpr std::array<std::string_view, 8> words{"BEGIN",   "COMMIT", "ROLLBACK", "SAVEPOINT",
                                                    "RELEASE", "PRAGMA", "--",       "SELECT (SELECT page_count"};
    return std::none_of(words.begin(), words.end(), [&](std::string_view word) { return sql.starts_with(word); });
}

// The writer runs a batch a second time when a write without a savepoint failed by itself. That try is refused as well,
// or no call would ever fail: it begins a transaction where the refused one never committed.
std::atomic<void*> may_try_again{nullptr};
void watch_second_try(void* connection, std::string_view sql) {
    if (may_try_again.load() != connection) {
        return;
    }
    bool const again = sql.starts_with("BEGIN IMMEDIATE");
    if (again) {
        left = 0;
    }
    if (again || sql.starts_with("COMMIT")) {
        may_try_again = nullptr;
    }
}

int began(unsigned, void* connection, void*, void* sql) {
    char const* const beginning = unwanted;
    if (beginning != nullptr && std::string_view(static_cast<char const*>(sql)).starts_with(beginning)) {
        refused = true;
        sqlite3_interrupt(static_cast<sqlite3*>(connection));
        return 0;
    }
    if (!can_be_interrupted(static_cast<char const*>(sql))) {
        watch_second_try(connection, static_cast<char const*>(sql));
        return 0;
    }
    int now = left.load();
    while (now != never && !left.compare_exchange_weak(now, now - 1)) {
    }
    if (now == 0) {
        may_try_again = refused.exchange(true) ? nullptr : connection;
        sqlite3_interrupt(static_cast<sqlite3*>(connection));
    }
    return 0;
}

int watch(sqlite3* connection, char**, sqlite3_api_routines const*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, began, connection);
}

// SQLite keeps entry points as functions without arguments.
void (*entry())() {
    return reinterpret_cast<void (*)()>(watch);
}

}  // namespace

FailingStatement::FailingStatement() {
    left = never;
    sqlite3_auto_extension(entry());
}
FailingStatement::~FailingStatement() {
    heal();
    sqlite3_cancel_auto_extension(entry());
}
void FailingStatement::fail_after(int statements) {
    refused = false;
    may_try_again = nullptr;
    left = statements;
}
void FailingStatement::refuse(char const* beginning) {
    refused = false;
    unwanted = beginning;
}
bool FailingStatement::has_refused() const {
    return refused;
}
bool FailingStatement::heal() {
    left = never;
    unwanted = nullptr;
    may_try_again = nullptr;
    return refused.exchange(false);
}

}  // namespace crosswalk::store
