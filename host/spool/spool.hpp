// Files on their way between systems: each on disk once, under the SHA-256 of its content.
//
// Shape    one folder beside the store. A file is written as "incoming-<n>", synced and renamed to "<sha-256>-<size>",
//          so a name that is there always means whole content; leftovers of a crash are swept when the folder is
//          opened. Hashing and checking read in pieces: memory does not grow with a file.
// Units    sizes are bytes. A file counts as at least 4 KiB, so that their number is limited too.
// Errors   too_large: one file above its limit. unavailable: all files above theirs, or the disk refuses. not_found.
//          corruption: a file that no longer fits its name; it is reported, never handed out, and replaced when the
//          same content is put again. Texts name sizes and ids, never content.
// Threads  safe from any thread; no lock is held while a file is read or written.
// Owner    one Spool per folder, guarded by the lock of the store beside it. Borrows clock and logger.
// Age      counted from the last time the content was put.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::spool {

struct SpoolOptions {
    std::filesystem::path folder;
    std::int64_t file_bytes_max = std::int64_t{64} * 1024 * 1024;
    std::int64_t total_bytes_max = std::int64_t{2} * 1024 * 1024 * 1024;
};

struct StoredFile {
    std::filesystem::path path;
    std::int64_t size = 0;
};

class Spool {
public:
    // Makes the folder where it is missing, sweeps leftovers and learns what is there.
    [[nodiscard]] static model::Result<std::unique_ptr<Spool>> open(SpoolOptions options, model::Clock const& clock,
                                                                    telemetry::Logger& logger);
    Spool(Spool const&) = delete;
    Spool& operator=(Spool const&) = delete;

    // Returns the id. The same content again is the same file with a new age.
    [[nodiscard]] model::Result<std::string> put(std::string_view bytes);
    // The path stays readable until the file is purged.
    [[nodiscard]] model::Result<StoredFile> find(std::string const& id);

    // An empty file for a download to be written to. Whoever gives up removes it.
    [[nodiscard]] model::Result<std::filesystem::path> incoming();
    // Takes it over under its SHA-256; on error it is gone.
    [[nodiscard]] model::Result<std::string> adopt(std::filesystem::path const& incoming);

    // The ids of all files older than `age`.
    [[nodiscard]] std::vector<std::string> older_than(std::chrono::hours age) const;
    // Removes files older than `age` but those in `kept`; returns how many.
    [[nodiscard]] model::Result<std::size_t> purge(std::chrono::hours age, std::set<std::string> const& kept);

    [[nodiscard]] std::int64_t file_bytes_max() const noexcept { return options_.file_bytes_max; }
    [[nodiscard]] std::int64_t total_bytes() const;
    [[nodiscard]] std::size_t files() const;

private:
    struct Entry {
        std::int64_t size = 0;
        model::TimePoint put_at;
        bool damaged = false;
    };

    Spool(SpoolOptions options, model::Clock const& clock, telemetry::Logger& logger)
        : options_(std::move(options)), clock_(clock), logger_(logger) {}
    [[nodiscard]] model::Result<void> sweep();
    void learn(std::filesystem::directory_entry const& found, std::string const& id, std::int64_t size);
    [[nodiscard]] std::filesystem::path path_of(std::string const& id, std::int64_t size) const;
    [[nodiscard]] model::Result<void> has_room(std::int64_t size) const;
    [[nodiscard]] model::Result<std::string> keep(std::filesystem::path const& incoming, std::string id,
                                                  std::int64_t size);
    // True when the content is there already; its age begins anew then.
    [[nodiscard]] bool renew(std::string const& id, std::int64_t size);
    void enter(std::string const& id, std::int64_t size);
    void report_damage(std::string const& id, std::int64_t size);

    SpoolOptions const options_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;

    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, Entry> entries_;
    std::int64_t total_bytes_ = 0;
    std::uint64_t incoming_ = 0;
};

struct Verdict {
    std::size_t files = 0;
    std::vector<std::string> damaged;  // names whose content is another
};
// Reads every file of a folder and compares it with its name; for a folder that no Spool need have open.
[[nodiscard]] model::Result<Verdict> verify(std::filesystem::path const& folder);

}  // namespace crosswalk::spool
