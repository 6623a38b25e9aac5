#include "spool/spool.hpp"

#include "platform/durable.hpp"
#include "spool/content.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace crosswalk::spool {
namespace {

namespace fs = std::filesystem;
using model::Error;
using model::ErrorCode;

constexpr std::int64_t counted_bytes_min = 4096;
constexpr std::string_view incoming_prefix = "incoming-";

std::int64_t counted(std::int64_t size) noexcept {
    return std::max(size, counted_bytes_min);
}

std::string in_words(std::int64_t bytes) {
    constexpr std::int64_t mebi = 1024 * 1024;
    return bytes >= mebi ? std::to_string(bytes / mebi) + " MiB" : std::to_string(bytes) + " bytes";
}

Error refused_by_disk(std::error_code const& error) {
    return {ErrorCode::unavailable, "The folder for files cannot be used: " + error.message() + "."};
}

// The file clock's epoch is its own on every system; only distances can be carried over.
fs::file_time_type to_file_time(model::TimePoint time) {
    auto const distance =
        time - std::chrono::time_point_cast<model::TimePoint::duration>(std::chrono::system_clock::now());
    return fs::file_time_type::clock::now() + std::chrono::duration_cast<fs::file_time_type::duration>(distance);
}

model::TimePoint from_file_time(fs::file_time_type time) {
    auto const distance = time - fs::file_time_type::clock::now();
    return std::chrono::time_point_cast<model::TimePoint::duration>(std::chrono::system_clock::now()) +
           std::chrono::duration_cast<model::TimePoint::duration>(distance);
}

void discard(fs::path const& path) noexcept {
    std::error_code ignored;
    fs::remove(path, ignored);
}

}  // namespace

model::Result<std::unique_ptr<Spool>> Spool::open(SpoolOptions options, model::Clock const& clock,
                                                  telemetry::Logger& logger) {
    std::error_code error;
    fs::create_directories(options.folder, error);
    if (!error) {
        fs::permissions(options.folder, fs::perms::owner_all, error);
    }
    if (error) {
        return refused_by_disk(error);
    }
    std::unique_ptr<Spool> spool(new Spool(std::move(options), clock, logger));
    if (auto const swept = spool->sweep(); !swept) {
        return swept.error();
    }
    return spool;
}

model::Result<void> Spool::sweep() {
    std::error_code error;
    std::size_t leftovers = 0;
    std::vector<fs::path> gone;
    for (fs::directory_iterator it(options_.folder, error), end; !error && it != end; it.increment(error)) {
        std::string const name = it->path().filename().string();
        if (name.starts_with(incoming_prefix)) {
            gone.push_back(it->path());
        } else if (auto const named = parse_name(name)) {
            learn(*it, named->id, named->size);
        }
    }
    if (error) {
        return refused_by_disk(error);
    }
    for (fs::path const& path : gone) {
        leftovers += fs::remove(path, error) ? 1U : 0U;
    }
    if (leftovers > 0) {
        logger_.info("Unfinished files of an earlier run were removed.", {{"count", leftovers}});
    }
    return {};
}

void Spool::learn(fs::directory_entry const& found, std::string const& id, std::int64_t size) {
    std::error_code error;
    auto const actual = found.is_regular_file(error) ? static_cast<std::int64_t>(found.file_size(error)) : -1;
    auto const time = found.last_write_time(error);
    Entry entry{size, error ? clock_.now() : from_file_time(time), error || actual != size};
    if (entry.damaged) {
        report_damage(id, size);
    }
    total_bytes_ += counted(size);
    entries_[id] = entry;
}

void Spool::report_damage(std::string const& id, std::int64_t size) {
    logger_.error("A stored file no longer has the content that it is named for; it will not be sent.",
                  {{"file", id}, {"bytes", size}});
}

fs::path Spool::path_of(std::string const& id, std::int64_t size) const {
    return options_.folder / name_of(id, size);
}

model::Result<void> Spool::has_room(std::int64_t size) const {
    if (size > options_.file_bytes_max) {
        return Error{ErrorCode::too_large,
                     "The file has more than " + in_words(options_.file_bytes_max) + " (limits.file_bytes_max)."};
    }
    std::lock_guard const lock(mutex_);
    if (total_bytes_ + counted(size) > options_.total_bytes_max) {
        return Error{ErrorCode::unavailable, "The folder for files is full: all files together may have " +
                                                 in_words(options_.total_bytes_max) +
                                                 " (limits.files_total_bytes_max)."};
    }
    return {};
}

bool Spool::renew(std::string const& id, std::int64_t size) {
    {
        std::lock_guard const lock(mutex_);
        auto const found = entries_.find(id);
        if (found == entries_.end() || found->second.damaged) {
            return false;
        }
        found->second.put_at = clock_.now();
    }
    std::error_code error;
    fs::path const path = path_of(id, size);
    auto const actual = fs::file_size(path, error);
    if (error || static_cast<std::int64_t>(actual) != size) {
        return false;
    }
    fs::last_write_time(path, to_file_time(clock_.now()), error);  // without it the file is purged early, not wrongly
    return true;
}

void Spool::enter(std::string const& id, std::int64_t size) {
    std::lock_guard const lock(mutex_);
    auto const [entry, is_new] = entries_.insert_or_assign(id, Entry{size, clock_.now(), false});
    if (is_new) {
        total_bytes_ += counted(size);
    }
}

model::Result<std::string> Spool::put(std::string_view bytes) {
    auto const size = static_cast<std::int64_t>(bytes.size());
    std::string const id = digest_of(bytes);
    if (renew(id, size)) {
        return id;
    }
    if (auto const room = has_room(size); !room) {
        return room.error();
    }
    auto const path = incoming();
    if (!path) {
        return path.error();
    }
    std::ofstream out(*path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
        discard(*path);
        return Error{ErrorCode::unavailable, "The disk took no more of a file."};
    }
    return keep(*path, id, size);
}

model::Result<StoredFile> Spool::find(std::string const& id) {
    std::int64_t size = 0;
    bool damaged = false;
    {
        std::lock_guard const lock(mutex_);
        auto const found = entries_.find(id);
        if (found == entries_.end()) {
            return Error{ErrorCode::not_found, "There is no file of that id; files are kept for a limited time."};
        }
        size = found->second.size;
        damaged = found->second.damaged;
    }
    std::error_code error;
    StoredFile file{path_of(id, size), size};
    auto const actual = fs::file_size(file.path, error);
    if (damaged || error || static_cast<std::int64_t>(actual) != size) {
        if (!damaged) {
            report_damage(id, size);
            std::lock_guard const lock(mutex_);
            if (auto const entry = entries_.find(id); entry != entries_.end()) {
                entry->second.damaged = true;
            }
        }
        return Error{ErrorCode::corruption, "The stored file " + id + " is damaged or gone; fetch it again."};
    }
    return file;
}

model::Result<fs::path> Spool::incoming() {
    if (auto const room = has_room(0); !room) {
        return room.error();
    }
    fs::path path;
    {
        std::lock_guard const lock(mutex_);
        path = options_.folder / (std::string(incoming_prefix) + std::to_string(++incoming_));
    }
    std::ofstream const made(path, std::ios::binary);
    std::error_code error;
    // Owner only from its first byte, whatever the process's mask.
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    if (!made || error) {
        discard(path);
        return Error{ErrorCode::unavailable, "No file can be made in the folder for files."};
    }
    return path;
}

model::Result<std::string> Spool::adopt(fs::path const& incoming) {
    std::string const name = incoming.filename().string();
    bool const ours = name.starts_with(incoming_prefix) && incoming == options_.folder / name;
    if (!ours) {
        return Error{ErrorCode::invalid_argument, "Only a file that incoming() named can be taken over."};
    }
    std::error_code error;
    auto const size = fs::file_size(incoming, error);
    if (error) {
        return Error{ErrorCode::not_found, "There is no file to take over."};
    }
    // Before hashing: what is too large is not worth reading.
    if (static_cast<std::int64_t>(size) > options_.file_bytes_max) {
        discard(incoming);
        return has_room(static_cast<std::int64_t>(size)).error();
    }
    auto const digest = digest_of_file(incoming);
    if (!digest) {
        discard(incoming);
        return digest.error();
    }
    if (renew(digest->id, digest->size)) {
        discard(incoming);
        return digest->id;
    }
    if (auto const room = has_room(digest->size); !room) {
        discard(incoming);
        return room.error();
    }
    return keep(incoming, digest->id, digest->size);
}

model::Result<std::string> Spool::keep(fs::path const& incoming, std::string id, std::int64_t size) {
    if (auto const synced = platform::sync_file(incoming); !synced) {
        discard(incoming);
        return synced.error();
    }
    std::error_code error;
    fs::last_write_time(incoming, to_file_time(clock_.now()), error);
    fs::rename(incoming, path_of(id, size), error);
    if (error) {
        discard(incoming);
        return refused_by_disk(error);
    }
    if (auto const synced = platform::sync_folder(options_.folder); !synced) {
        return synced.error();
    }
    enter(id, size);
    return id;
}

std::vector<std::string> Spool::older_than(std::chrono::hours age) const {
    auto const limit = clock_.now() - age;
    std::vector<std::string> old;
    std::lock_guard const lock(mutex_);
    for (auto const& [id, entry] : entries_) {
        if (entry.put_at < limit) {
            old.push_back(id);
        }
    }
    return old;
}

model::Result<std::size_t> Spool::purge(std::chrono::hours age, std::set<std::string> const& kept) {
    auto const limit = clock_.now() - age;
    std::size_t gone = 0;
    for (std::string const& id : older_than(age)) {
        if (kept.contains(id)) {
            continue;
        }
        // Removed under the lock, so that a put of the same content either finds it whole or writes it anew.
        std::lock_guard const lock(mutex_);
        auto const entry = entries_.find(id);
        if (entry == entries_.end() || entry->second.put_at >= limit) {
            continue;
        }
        std::error_code error;
        fs::remove(path_of(id, entry->second.size), error);
        if (error) {
            return refused_by_disk(error);
        }
        total_bytes_ -= counted(entry->second.size);
        entries_.erase(entry);
        ++gone;
    }
    return gone;
}

std::int64_t Spool::total_bytes() const {
    std::lock_guard const lock(mutex_);
    return total_bytes_;
}

std::size_t Spool::files() const {
    std::lock_guard const lock(mutex_);
    return entries_.size();
}

}  // namespace crosswalk::spool
