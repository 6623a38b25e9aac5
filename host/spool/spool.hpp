// Files on their way between systems: each on disk once, encrypted, known by the SHA-256 of its content.
//
// Shape    one folder beside the store. A file is encrypted into "incoming-<n>", synced and renamed to a keyed hash of
//          its SHA-256, so a name that is there always means whole content, and says nothing about it; leftovers of a
//          crash are swept when the folder is opened. Memory does not grow with a file. sealed_file.hpp has the form.
// Units    sizes are bytes. A file counts as at least 4 KiB, so that their number is limited too.
// Errors   too_large: one file above its limit. unavailable: all files above theirs, or the disk refuses. not_found.
//          corruption: a file that was changed; it is reported, not handed out again, and replaced when the same
//          content is put again. Texts name sizes and ids, never content; the log names files as the folder does.
// Threads  safe from any thread; no lock is held while a file is read or written. One thread uses a StoredFile or an
//          Incoming.
// Owner    one Spool per folder, guarded by the lock of the store beside it. Borrows clock and logger; outlives the
//          files that it handed out.
// Age      counted from the last time the content was put.
// Erased   a file that goes loses its head, and with it its key, before its name.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "spool/sealed_file.hpp"
#include "telemetry/log.hpp"
#include "vault/gcm.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::spool {

struct SpoolOptions {
    std::filesystem::path folder;
    std::int64_t file_bytes_max = std::int64_t{64} * 1024 * 1024;
    std::int64_t total_bytes_max = std::int64_t{2} * 1024 * 1024 * 1024;
};

class Spool;

// What is to be read of one file. It stays readable when the file is purged meanwhile.
class StoredFile {
public:
    StoredFile(Spool& spool, std::string name, SealedReader reader)
        : spool_(spool), name_(std::move(name)), reader_(std::move(reader)) {}

    [[nodiscard]] std::int64_t size() const noexcept { return reader_.content().size; }
    // All of `out`, from that offset. corruption is found when the damaged piece is reached.
    [[nodiscard]] model::Result<void> read(std::int64_t offset, std::span<char> out);

private:
    Spool& spool_;
    std::string const name_;
    SealedReader reader_;
};

// A file that is being fetched. What nobody keeps is gone with the object.
class Incoming {
public:
    Incoming(Spool& spool, std::filesystem::path path) : spool_(spool), path_(std::move(path)) {}
    Incoming(Incoming const&) = delete;
    Incoming& operator=(Incoming const&) = delete;
    ~Incoming();

    // First, and again whenever what came so far does not count.
    [[nodiscard]] model::Result<void> begin();
    [[nodiscard]] model::Result<void> add(std::string_view bytes);
    // Returns the id. Once; not begun means empty content.
    [[nodiscard]] model::Result<std::string> keep();

private:
    Spool& spool_;
    std::filesystem::path const path_;
    std::optional<SealedWriter> writer_;
};

class Spool {
public:
    // Makes the folder where it is missing, sweeps leftovers and learns what is there; files that an earlier host kept
    // in the clear are encrypted.
    [[nodiscard]] static model::Result<std::unique_ptr<Spool>> open(SpoolOptions options, vault::Key const& host_key,
                                                                    model::Clock const& clock,
                                                                    telemetry::Logger& logger);
    Spool(Spool const&) = delete;
    Spool& operator=(Spool const&) = delete;

    // Returns the id. The same content again is the same file with a new age.
    [[nodiscard]] model::Result<std::string> put(std::string_view bytes);
    [[nodiscard]] model::Result<StoredFile> find(std::string const& id);
    [[nodiscard]] model::Result<std::unique_ptr<Incoming>> incoming();

    // The ids of all files older than `age`.
    [[nodiscard]] std::vector<std::string> older_than(std::chrono::hours age) const;
    // Removes files older than `age` but those in `kept`; returns how many.
    [[nodiscard]] model::Result<std::size_t> purge(std::chrono::hours age, std::set<std::string> const& kept);
    // Removes these, whatever their age; returns how many there were.
    [[nodiscard]] model::Result<std::size_t> erase(std::vector<std::string> const& ids);

    [[nodiscard]] std::int64_t file_bytes_max() const noexcept { return options_.file_bytes_max; }
    [[nodiscard]] std::int64_t total_bytes() const;
    [[nodiscard]] std::size_t files() const;

private:
    friend class StoredFile;
    friend class Incoming;

    struct Entry {
        std::string id;  // empty: its head cannot be read
        std::int64_t disk_bytes = 0;
        model::TimePoint put_at;
        bool damaged = false;
    };

    Spool(SpoolOptions options, FileKeys keys, model::Clock const& clock, telemetry::Logger& logger)
        : options_(std::move(options)), keys_(std::move(keys)), clock_(clock), logger_(logger) {}
    [[nodiscard]] model::Result<void> sweep();
    void learn(std::filesystem::directory_entry const& found);
    [[nodiscard]] model::Result<void> encrypt_plain(std::filesystem::path const& plain);
    [[nodiscard]] model::Result<void> has_room(std::int64_t size) const;
    [[nodiscard]] model::Result<std::string> keep(std::filesystem::path const& incoming, Digest const& content);
    // True when the content is there already; its age begins anew then.
    [[nodiscard]] bool renew(Digest const& content);
    void enter(std::string const& name, Digest const& content);
    void report_damage(std::string const& name);
    // Takes a file out of the books and off the disk, unless it was put since `limit`. False: it is not there.
    [[nodiscard]] model::Result<bool> remove(std::string const& name, std::optional<model::TimePoint> limit);

    // constant after construction
    SpoolOptions const options_;
    FileKeys const keys_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;

    mutable std::mutex mutex_;              // guards what follows
    std::map<std::string, Entry> entries_;  // by name
    std::int64_t total_bytes_ = 0;
    std::uint64_t incoming_ = 0;
    std::uint64_t going_ = 0;
};

}  // namespace crosswalk::spool
