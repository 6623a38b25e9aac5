#include "spool/spool.hpp"

#include "platform/durable.hpp"

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
constexpr std::string_view going_prefix = "going-";

std::int64_t counted(std::int64_t disk_bytes) noexcept {
    return std::max(disk_bytes, counted_bytes_min);
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

model::Result<void> StoredFile::read(std::int64_t offset, std::span<char> out) {
    auto const done = reader_.read(offset, out);
    if (!done && done.error().code == ErrorCode::corruption) {
        spool_.report_damage(name_);
    }
    return done;
}

Incoming::~Incoming() {
    writer_.reset();
    discard(path_);
}

model::Result<void> Incoming::begin() {
    writer_.reset();
    auto writer = SealedWriter::create(path_);
    if (!writer) {
        return writer.error();
    }
    writer_.emplace(std::move(*writer));
    return {};
}

model::Result<void> Incoming::add(std::string_view bytes) {
    return writer_->add(bytes);
}

model::Result<std::string> Incoming::keep() {
    if (!writer_) {
        if (auto const begun = begin(); !begun) {
            return begun.error();
        }
    }
    auto const content = writer_->finish(spool_.keys_);
    return content ? spool_.keep(path_, *content) : model::Result<std::string>(content.error());
}

model::Result<std::unique_ptr<Spool>> Spool::open(SpoolOptions options, vault::Key const& host_key,
                                                  model::Clock const& clock, telemetry::Logger& logger) {
    auto keys = FileKeys::from(host_key);
    if (!keys) {
        return keys.error();
    }
    std::error_code error;
    fs::create_directories(options.folder, error);
    if (!error) {
        fs::permissions(options.folder, fs::perms::owner_all, error);
    }
    if (error) {
        return refused_by_disk(error);
    }
    std::unique_ptr<Spool> spool(new Spool(std::move(options), std::move(*keys), clock, logger));
    if (auto const swept = spool->sweep(); !swept) {
        return swept.error();
    }
    return spool;
}

model::Result<void> Spool::sweep() {
    std::error_code error;
    std::size_t leftovers = 0;
    std::vector<fs::path> gone;
    std::vector<fs::path> plain;
    for (fs::directory_iterator it(options_.folder, error), end; !error && it != end; it.increment(error)) {
        std::string const name = it->path().filename().string();
        if (name.starts_with(incoming_prefix) || name.starts_with(going_prefix)) {
            gone.push_back(it->path());
        } else if (is_id(name)) {
            learn(*it);
        } else if (parse_plain_name(name)) {
            plain.push_back(it->path());
        }
    }
    if (error) {
        return refused_by_disk(error);
    }
    for (fs::path const& path : gone) {
        // Most have no head yet; one that was on its way out may have.
        static_cast<void>(erase_head(path));
        leftovers += fs::remove(path, error) ? 1U : 0U;
    }
    if (leftovers > 0) {
        logger_.info("Unfinished files of an earlier run were removed.", {{"count", leftovers}});
    }
    for (fs::path const& path : plain) {
        if (auto const encrypted = encrypt_plain(path); !encrypted) {
            return encrypted;
        }
    }
    return {};
}

void Spool::learn(fs::directory_entry const& found) {
    std::string const name = found.path().filename().string();
    std::error_code error;
    auto const size = found.is_regular_file(error) ? static_cast<std::int64_t>(found.file_size(error)) : 0;
    auto const time = found.last_write_time(error);
    Entry entry{{}, size, error ? clock_.now() : from_file_time(time)};
    if (auto const reader = SealedReader::open(found.path(), keys_)) {
        entry.id = reader->content().id;
    }
    total_bytes_ += counted(size);
    bool const damaged = entry.id.empty();
    entries_[name] = std::move(entry);
    if (damaged) {
        report_damage(name);
    }
}

// A file that was kept before files were encrypted. One that no longer fits its name is of no use to anybody.
model::Result<void> Spool::encrypt_plain(fs::path const& plain) {
    auto const named = parse_plain_name(plain.filename().string());
    auto const time = fs::last_write_time(plain);
    Incoming incoming(*this, options_.folder / (std::string(incoming_prefix) + "plain"));
    if (auto const begun = incoming.begin(); !begun) {
        return begun;
    }
    std::ifstream in(plain, std::ios::binary);
    std::vector<char> piece(64 * 1024);
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (auto const added = incoming.add({piece.data(), static_cast<std::size_t>(in.gcount())}); !added) {
            return added;
        }
    }
    in.close();
    auto const id = incoming.keep();
    if (!id) {
        return id.error();
    }
    std::string const name = keys_.name_of(*id);
    std::error_code error;
    fs::last_write_time(options_.folder / name, time, error);
    {
        std::lock_guard const lock(mutex_);
        entries_[name].put_at = from_file_time(time);
    }
    if (*id != named->id) {
        static_cast<void>(erase({*id}));
    }
    fs::remove(plain, error);
    return error ? model::Result<void>(refused_by_disk(error)) : model::Result<void>();
}

void Spool::report_damage(std::string const& name) {
    {
        std::lock_guard const lock(mutex_);
        auto const entry = entries_.find(name);
        if (entry == entries_.end() || entry->second.damaged) {
            return;
        }
        entry->second.damaged = true;
    }
    logger_.error("A stored file was changed or is gone; it will not be sent.", {{"file", name}});
}

model::Result<void> Spool::has_room(std::int64_t size) const {
    if (size > options_.file_bytes_max) {
        return Error{ErrorCode::too_large,
                     "The file has more than " + in_words(options_.file_bytes_max) + " (limits.file_bytes_max)."};
    }
    std::lock_guard const lock(mutex_);
    if (total_bytes_ + counted(sealed_bytes(size)) > options_.total_bytes_max) {
        return Error{ErrorCode::unavailable, "The folder for files is full: all files together may have " +
                                                 in_words(options_.total_bytes_max) +
                                                 " (limits.files_total_bytes_max)."};
    }
    return {};
}

bool Spool::renew(Digest const& content) {
    std::string const name = keys_.name_of(content.id);
    {
        std::lock_guard const lock(mutex_);
        auto const found = entries_.find(name);
        if (found == entries_.end() || found->second.damaged) {
            return false;
        }
        found->second.put_at = clock_.now();
    }
    std::error_code error;
    fs::path const path = options_.folder / name;
    auto const actual = fs::file_size(path, error);
    if (error || static_cast<std::int64_t>(actual) != sealed_bytes(content.size)) {
        return false;
    }
    fs::last_write_time(path, to_file_time(clock_.now()), error);  // without it the file is purged early, not wrongly
    return true;
}

void Spool::enter(std::string const& name, Digest const& content) {
    std::int64_t const bytes = sealed_bytes(content.size);
    std::lock_guard const lock(mutex_);
    Entry& entry = entries_[name];
    total_bytes_ += counted(bytes) - (entry.disk_bytes > 0 ? counted(entry.disk_bytes) : 0);
    entry = {content.id, bytes, clock_.now()};
}

model::Result<std::string> Spool::put(std::string_view bytes) {
    Digest const content{digest_of(bytes), static_cast<std::int64_t>(bytes.size())};
    if (renew(content)) {
        return content.id;
    }
    if (auto const room = has_room(content.size); !room) {
        return room.error();
    }
    auto const file = incoming();
    if (!file) {
        return file.error();
    }
    if (auto const begun = (*file)->begin(); !begun) {
        return begun.error();
    }
    auto const added = (*file)->add(bytes);
    return added ? (*file)->keep() : model::Result<std::string>(added.error());
}

model::Result<StoredFile> Spool::find(std::string const& id) {
    std::string const name = keys_.name_of(id);
    bool known = false;
    bool damaged = false;
    {
        std::lock_guard const lock(mutex_);
        auto const found = entries_.find(name);
        known = found != entries_.end();
        damaged = known && found->second.damaged;
    }
    if (!known) {
        return Error{ErrorCode::not_found, "There is no file of that id; files are kept for a limited time."};
    }
    if (!damaged) {
        if (auto reader = SealedReader::open(options_.folder / name, keys_)) {
            return StoredFile(*this, name, std::move(*reader));
        }
        report_damage(name);
    }
    return Error{ErrorCode::corruption, "The stored file " + id + " is damaged or gone; fetch it again."};
}

model::Result<std::unique_ptr<Incoming>> Spool::incoming() {
    if (auto const room = has_room(0); !room) {
        return room.error();
    }
    std::lock_guard const lock(mutex_);
    return std::make_unique<Incoming>(*this,
                                      options_.folder / (std::string(incoming_prefix) + std::to_string(++incoming_)));
}

model::Result<std::string> Spool::keep(fs::path const& incoming, Digest const& content) {
    if (content.size <= options_.file_bytes_max && renew(content)) {
        return content.id;
    }
    if (auto const room = has_room(content.size); !room) {
        return room.error();
    }
    if (auto const synced = platform::sync_file(incoming); !synced) {
        return synced.error();
    }
    std::string const name = keys_.name_of(content.id);
    std::error_code error;
    fs::last_write_time(incoming, to_file_time(clock_.now()), error);
    fs::rename(incoming, options_.folder / name, error);
    if (error) {
        return refused_by_disk(error);
    }
    if (auto const synced = platform::sync_folder(options_.folder); !synced) {
        return synced.error();
    }
    enter(name, content);
    return content.id;
}

std::vector<std::string> Spool::older_than(std::chrono::hours age) const {
    auto const limit = clock_.now() - age;
    std::vector<std::string> old;
    std::lock_guard const lock(mutex_);
    for (auto const& [name, entry] : entries_) {
        if (entry.put_at < limit && !entry.id.empty()) {
            old.push_back(entry.id);
        }
    }
    return old;
}

model::Result<bool> Spool::remove(std::string const& name, std::optional<model::TimePoint> limit) {
    fs::path gone;
    {
        // Renamed under the lock, so that a put of the same content either finds it whole or writes it anew.
        std::lock_guard const lock(mutex_);
        auto const entry = entries_.find(name);
        if (entry == entries_.end() || (limit && entry->second.put_at >= *limit)) {
            return false;
        }
        gone = options_.folder / (std::string(going_prefix) + std::to_string(++going_));
        std::error_code error;
        fs::rename(options_.folder / name, gone, error);
        if (error && error != std::errc::no_such_file_or_directory) {
            return refused_by_disk(error);
        }
        total_bytes_ -= counted(entry->second.disk_bytes);
        entries_.erase(entry);
        if (error) {
            return true;  // somebody else removed it
        }
    }
    if (auto const erased = erase_head(gone); !erased) {
        return erased.error();
    }
    std::error_code error;
    fs::remove(gone, error);
    return error ? model::Result<bool>(refused_by_disk(error)) : model::Result<bool>(true);
}

model::Result<std::size_t> Spool::purge(std::chrono::hours age, std::set<std::string> const& kept) {
    auto const limit = clock_.now() - age;
    std::vector<std::string> names;
    {
        std::lock_guard const lock(mutex_);
        for (auto const& [name, entry] : entries_) {
            if (entry.put_at < limit && !kept.contains(entry.id)) {
                names.push_back(name);
            }
        }
    }
    std::size_t gone = 0;
    for (std::string const& name : names) {
        auto const removed = remove(name, limit);
        if (!removed) {
            return removed.error();
        }
        gone += *removed ? 1U : 0U;
    }
    return gone;
}

model::Result<std::size_t> Spool::erase(std::vector<std::string> const& ids) {
    std::size_t gone = 0;
    for (std::string const& id : ids) {
        auto const removed = remove(keys_.name_of(id), std::nullopt);
        if (!removed) {
            return removed.error();
        }
        gone += *removed ? 1U : 0U;
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
