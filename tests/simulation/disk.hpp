// A disk in memory under SQLite, whose power can be cut: it knows what was synced and what was only written.
//
// Shape    a table of files by path. A write is visible at once, and durable once its file is synced. Creating a file
//          is durable with its first sync, removing one at once.
// Faults   fail_next() makes the next writes and syncs fail; a sync that fails may have lost what it should have
//          written, although reading still shows it, as a page cache does. power_off_after() ends the power in the
//          middle of the work: every later call fails until power_on().
// Power    power_on(kill) keeps what was written, as the end of a process does. power_on(cut) keeps what was synced;
//          each write after that is kept, dropped or torn at a sector, and a length that grew or shrank may not have.
// Chance   all of it comes from the seed, and so do the random numbers that SQLite asks for.
// Threads  one. Owner  installing it makes it the default for connections opened afterwards; one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace crosswalk::simulation {

using Random = std::mt19937_64;

// A number below `end`, the same with every compiler.
[[nodiscard]] inline std::uint64_t below(Random& random, std::uint64_t end) {
    return random() % end;
}

constexpr std::size_t sector_bytes = 512;

enum class Loss : std::uint8_t { kill, cut };

// One file: what a reader sees, and how to get from there to what is on the platter.
struct File {
    struct Change {
        std::size_t offset = 0;
        std::string before = {};  // what stood there
        std::string after = {};   // what stands there now
        std::size_t size_before = 0;
        std::size_t size_after = 0;
        bool synced = false;
        bool lost = false;  // a sync failed over it: it never reaches the platter
    };
    std::string bytes = {};
    std::vector<Change> changes = {};  // since everything was on the platter
    bool created = false;              // durably
    bool removed = false;

    // SQLite's locks on the whole file, and the eight of its write-ahead log's index.
    int shared = 0;
    void const* reserved = nullptr;
    void const* exclusive = nullptr;
    std::vector<std::unique_ptr<char[]>> index = {};
    int index_users = 0;
    int index_shared[8] = {};
    void const* index_exclusive[8] = {};
};

class Disk {
public:
    Disk();
    Disk(Disk const&) = delete;
    Disk& operator=(Disk const&) = delete;
    ~Disk();

    // An empty or copied disk without faults, and everything by this seed from here on.
    void reset(std::uint64_t seed, std::map<std::string, std::string> const& files);
    // The content of all files.
    [[nodiscard]] std::map<std::string, std::string> files() const;

    // The next `calls` writes and syncs fail with `status`, a SQLite result code.
    void fail_next(int calls, int status);
    void heal() noexcept { failing_ = 0; }
    // After `calls` more writes and syncs the power is off. `on_loss` is called when that happens.
    void power_off_after(int calls, std::function<void()> on_loss);
    void power_off();
    [[nodiscard]] bool is_off() const noexcept { return off_; }
    // What survived. Every connection must be closed.
    void power_on(Loss loss);
    // Calls that wrote or synced, and how many of them were refused.
    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

    // ---- for the file layer
    [[nodiscard]] std::shared_ptr<File> open(std::string const& path, bool create);
    [[nodiscard]] bool exists(std::string const& path) const;
    void remove(std::string const& path);
    [[nodiscard]] int write(File& file, char const* bytes, std::size_t size, std::size_t offset);
    [[nodiscard]] int truncate(File& file, std::size_t size);
    [[nodiscard]] int sync(File& file);
    void randomness(char* bytes, int size);

private:
    // SQLITE_OK, or what this write or sync fails with.
    [[nodiscard]] int next_call();
    void lose(File& file);
    [[nodiscard]] std::string survivor(File const& file, File::Change const& change);

    std::map<std::string, std::shared_ptr<File>> files_;
    Random random_;
    int failing_ = 0;
    int failure_ = 0;
    int power_left_ = -1;  // calls; below 0: no end in sight
    std::function<void()> on_loss_;
    bool off_ = false;
    std::uint64_t calls_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace crosswalk::simulation
