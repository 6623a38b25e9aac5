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

// The last one measures the file; that it may fail in silence is the writer's decision.
bool can_be_interrupted(std::string_view sql) {
    constexpr std::array<std::string_view, 8> words{"BEGIN",   "COMMIT", "ROLLBACK", "SAVEPOINT",
                                                    "RELEASE", "PRAGMA", "--",       "SELECT (SELECT page_count"};
    return std::none_of(words.begin(), words.end(), [&](std::string_view word) { return sql.starts_with(word); });
}

int began(unsigned, void* connection, void*, void* sql) {
    if (!can_be_interrupted(static_cast<char const*>(sql))) {
        return 0;
    }
    // From the one that is refused to heal() all are, so that a second try of the writer fails as well.
    int now = left.load();
    while (now > 0 && !left.compare_exchange_weak(now, now - 1)) {
    }
    if (now == 0) {
        refused = true;
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
    left = never;
    sqlite3_cancel_auto_extension(entry());
}
void FailingStatement::fail_after(int statements) {
    refused = false;
    left = statements;
}
bool FailingStatement::has_refused() const {
    return refused;
}
bool FailingStatement::heal() {
    left = never;
    return refused.exchange(false);
}

}  // namespace crosswalk::store
