// What the store adds to SQLite: accepts through the Inbox beside bare group commits of rows of the same size.
//
// crosswalk-bench-store accept <folder> <seconds> <waiting> [<events already there>]
//     as many webhooks wait for their answer at once; none has a thread of its own, as with the host's listener.
//     prints {"per_s":N,"batch":N,"bytes_per_event":N,"open_ms":N}; bytes of all the store's files, after a checkpoint.
// crosswalk-bench-store bare <folder> <seconds> <rows per commit>
//     the same bytes into tables without any index but the row number, one connection, WAL, synchronous=FULL, with the
//     same checkpointing beside it: prints {"per_s":N}.
#include "store/store.hpp"

#include "model/clock.hpp"
#include "store/inbox.hpp"
#include "telemetry/log.hpp"

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <ostream>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace crosswalk;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t body_bytes = 480;
constexpr int key_bytes = 16;

std::string random_text(std::mt19937_64& random, std::size_t size) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(size, '0');
    for (char& digit : text) {
        digit = digits[random() % digits.size()];
    }
    return text;
}

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::uintmax_t bytes_of(fs::path const& folder) {
    std::uintmax_t sum = 0;
    for (auto const& entry : fs::directory_iterator(folder)) {
        sum += entry.file_size();
    }
    return sum;
}

constexpr std::size_t threads = 2;

std::size_t accept_for(store::Inbox& inbox, std::size_t waiting, double seconds, std::size_t most) {
    std::atomic<std::size_t> accepted{0};
    std::vector<std::thread> vendors;
    std::counting_semaphore<> places(static_cast<std::ptrdiff_t>(waiting));
    auto const begin = Clock::now();
    for (std::size_t i = 0; i < threads; ++i) {
        vendors.emplace_back([&, i] {
            std::mt19937_64 random(std::random_device{}() + i);
            std::string const body = random_text(random, body_bytes);
            while (accepted < most && seconds_since(begin) < seconds) {
                places.acquire();
                store::Accepted item;
                item.connection = "lever";
                item.event_type = "candidate.hired";
                item.dedupe_key = random_text(random, 36);
                item.raw = {
                    "POST", "/hooks/lever", {{"content-type", "application/json"}, {"user-agent", "bench"}}, body};
                inbox.accept(std::move(item), [&](model::Result<store::Verdict> const& stored) {
                    accepted += stored ? 1U : 0U;
                    places.release();
                });
            }
        });
    }
    for (std::thread& vendor : vendors) {
        vendor.join();
    }
    for (std::size_t i = 0; i < waiting; ++i) {
        places.acquire();
    }
    return accepted;
}

int accept(fs::path const& folder, double seconds, std::size_t waiting, std::size_t already) {
    model::SystemClock const clock;
    std::ostream silence(nullptr);
    telemetry::Logger logger(silence, clock, telemetry::Level::error);
    store::StoreOptions options;
    options.path = folder / "bench.db";
    options.key = model::Secret(std::string(64, '5'));
    auto const begin = Clock::now();
    auto opened = store::Store::open(options, clock, logger);
    if (!opened) {
        std::cerr << opened.error().detail << '\n';
        return 70;
    }
    double const open_ms = seconds_since(begin) * 1000;
    store::Inbox inbox(**opened);
    if (already > 0) {
        accept_for(inbox, waiting, 3600, already);
    }
    accept_for(inbox, waiting, 0.5, SIZE_MAX);
    auto const before = (*opened)->status();
    auto const measured = Clock::now();
    std::size_t const accepted = accept_for(inbox, waiting, seconds, SIZE_MAX);
    double const took = seconds_since(measured);
    auto const after = (*opened)->status();
    (*opened)->close();
    std::cout << "{\"per_s\":" << static_cast<long>(static_cast<double>(accepted) / took) << ",\"batch\":"
              << static_cast<double>(after.writes - before.writes) / static_cast<double>(after.commits - before.commits)
              << ",\"bytes_per_event\":" << bytes_of(folder) / after.writes << ",\"open_ms\":" << open_ms << "}\n";
    return 0;
}

// The bare side: what one would write who wants nothing but the rows.
class Bare {
public:
    explicit Bare(fs::path const& file) {
        ok_ = sqlite3_open(file.c_str(), &database_) == SQLITE_OK &&
              run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
                  "CREATE TABLE inbox (id INTEGER PRIMARY KEY, connection TEXT, event_type TEXT, received INTEGER, "
                  "due INTEGER, state INTEGER);"
                  "CREATE TABLE payload (id INTEGER PRIMARY KEY, request TEXT, body BLOB);"
                  "CREATE TABLE dedupe (id INTEGER PRIMARY KEY, hash BLOB, received INTEGER);");
        ok_ = ok_ && prepare("INSERT INTO inbox VALUES (NULL, 'lever', 'candidate.hired', 1, 1, 0)", &inbox_) &&
              prepare("INSERT INTO payload VALUES (NULL, ?, ?)", &payload_) &&
              prepare("INSERT INTO dedupe VALUES (NULL, ?, 1)", &dedupe_);
    }
    Bare(Bare const&) = delete;
    Bare& operator=(Bare const&) = delete;
    ~Bare() {
        for (sqlite3_stmt* statement : {inbox_, payload_, dedupe_}) {
            sqlite3_finalize(statement);
        }
        sqlite3_close(database_);
    }
    [[nodiscard]] bool commit(std::size_t rows, std::mt19937_64& random) {
        ok_ = ok_ && run("BEGIN IMMEDIATE");
        for (std::size_t i = 0; ok_ && i < rows; ++i) {
            std::string const request = random_text(random, 96);
            std::string const body = random_text(random, body_bytes);
            sqlite3_bind_text(payload_, 1, request.data(), static_cast<int>(request.size()), SQLITE_TRANSIENT);
            sqlite3_bind_blob(payload_, 2, body.data(), static_cast<int>(body.size()), SQLITE_TRANSIENT);
            sqlite3_bind_blob(dedupe_, 1, body.data(), key_bytes, SQLITE_TRANSIENT);
            ok_ = step(inbox_) && step(payload_) && step(dedupe_);
        }
        return ok_ && run("COMMIT");
    }

private:
    [[nodiscard]] bool run(char const* sql) {
        return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    [[nodiscard]] bool prepare(char const* sql, sqlite3_stmt** statement) {
        return sqlite3_prepare_v2(database_, sql, -1, statement, nullptr) == SQLITE_OK;
    }
    [[nodiscard]] static bool step(sqlite3_stmt* statement) {
        bool const done = sqlite3_step(statement) == SQLITE_DONE;
        return sqlite3_reset(statement) == SQLITE_OK && done;
    }

    sqlite3* database_ = nullptr;
    sqlite3_stmt* inbox_ = nullptr;
    sqlite3_stmt* payload_ = nullptr;
    sqlite3_stmt* dedupe_ = nullptr;
    bool ok_ = false;
};

int bare(fs::path const& folder, double seconds, std::size_t rows) {
    Bare store(folder / "bare.db");
    std::mt19937_64 random(std::random_device{}());
    std::size_t written = 0;
    auto const begin = Clock::now();
    for (; seconds_since(begin) < seconds; written += rows) {
        if (!store.commit(rows, random)) {
            std::cerr << "crosswalk-bench-store: SQLite refuses to write\n";
            return 70;
        }
    }
    std::cout << "{\"per_s\":" << static_cast<long>(static_cast<double>(written) / seconds_since(begin)) << "}\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::string const what = argc > 1 ? argv[1] : "";
    if (what == "accept" && argc >= 5) {
        return accept(argv[2], std::stod(argv[3]), std::stoul(argv[4]), argc > 5 ? std::stoul(argv[5]) : 0);
    }
    if (what == "bare" && argc == 5) {
        return bare(argv[2], std::stod(argv[3]), std::stoul(argv[4]));
    }
    std::cerr << "usage: crosswalk-bench-store accept <folder> <seconds> <waiting> [<events>]\n"
                 "       crosswalk-bench-store bare <folder> <seconds> <rows per commit>\n";
    return 64;
}
