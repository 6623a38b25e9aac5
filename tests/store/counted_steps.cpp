#include "counted_steps.hpp"

#include <sqlite3.h>

#include <atomic>

namespace crosswalk::store {
namespace {

std::atomic<std::int64_t> steps{0};

int step(void*) {
    ++steps;
    return 0;  // go on
}

int watch(sqlite3* connection, char**, sqlite3_api_routines const*) {
    sqlite3_progress_handler(connection, 1, step, nullptr);
    return SQLITE_OK;
}

// SQLite keeps entry points as functions without arguments.
void (*entry())() {
    return reinterpret_cast<void (*)()>(watch);
}

}  // namespace

CountedSteps::CountedSteps() {
    sqlite3_auto_extension(entry());
}
CountedSteps::~CountedSteps() {
    sqlite3_cancel_auto_extension(entry());
}
std::int64_t CountedSteps::so_far() const {
    return steps;
}

}  // namespace crosswalk::store
