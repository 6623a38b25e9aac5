#include "simulation/disk.hpp"

#include "simulation/file_layer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace crosswalk::simulation {
namespace {

void put(std::string& bytes, std::size_t offset, std::string_view content) {
    if (bytes.size() < offset + content.size()) {
        bytes.resize(offset + content.size());
    }
    content.copy(bytes.data() + offset, content.size());
}

// Undoes a change in what readers see.
void undo(std::string& bytes, File::Change const& change) {
    bytes.resize(change.size_before);
    put(bytes, change.offset, change.before);
}

void redo(std::string& bytes, File::Change const& change, std::string_view after) {
    if (change.after.empty()) {
        bytes.resize(change.size_after);
    } else {
        put(bytes, change.offset, after);
    }
}

}  // namespace

Disk::Disk() {
    install_file_layer(*this);
}

Disk::~Disk() {
    remove_file_layer();
}

void Disk::reset(std::uint64_t seed, std::map<std::string, std::string> const& files) {
    files_.clear();
    for (auto const& [path, bytes] : files) {
        auto file = std::make_shared<File>();
        file->bytes = bytes;
        file->created = true;
        files_.emplace(path, std::move(file));
    }
    random_.seed(seed);
    failing_ = 0;
    power_left_ = -1;
    on_loss_ = {};
    off_ = false;
    calls_ = 0;
    refused_ = 0;
    // SQLite's own generator starts over and asks this disk for its seed.
    sqlite3_randomness(0, nullptr);
}

std::map<std::string, std::string> Disk::files() const {
    std::map<std::string, std::string> all;
    for (auto const& [path, file] : files_) {
        all.emplace(path, file->bytes);
    }
    return all;
}

void Disk::fail_next(int calls, int status) {
    failing_ = calls;
    failure_ = status;
}

void Disk::power_off_after(int calls, std::function<void()> on_loss) {
    power_left_ = calls;
    on_loss_ = std::move(on_loss);
}

void Disk::power_off() {
    off_ = true;
    power_left_ = -1;
}

int Disk::next_call() {
    if (off_) {
        return SQLITE_IOERR;
    }
    ++calls_;
    if (power_left_ == 0) {
        power_off();
        if (on_loss_) {
            on_loss_();
        }
        return SQLITE_IOERR;
    }
    power_left_ -= power_left_ > 0 ? 1 : 0;
    if (failing_ > 0) {
        --failing_;
        ++refused_;
        return failure_;
    }
    return SQLITE_OK;
}

std::shared_ptr<File> Disk::open(std::string const& path, bool create) {
    auto const found = files_.find(path);
    if (found != files_.end()) {
        return found->second;
    }
    return create ? files_.emplace(path, std::make_shared<File>()).first->second : nullptr;
}

bool Disk::exists(std::string const& path) const {
    return files_.contains(path);
}

void Disk::remove(std::string const& path) {
    files_.erase(path);
}

int Disk::write(File& file, char const* bytes, std::size_t size, std::size_t offset) {
    int const status = next_call();
    if (status != SQLITE_OK && (off_ || failure_ == SQLITE_FULL)) {
        // The last write of a dying machine may still reach the platter in part; a full disk takes nothing.
        if (off_ && on_loss_ && below(random_, 2) == 0) {
            size = size / 2 / sector_bytes * sector_bytes;
        } else {
            return status;
        }
    } else if (status != SQLITE_OK) {
        size /= 2;
    }
    if (size == 0) {
        return status;
    }
    File::Change change;
    change.offset = offset;
    change.size_before = file.bytes.size();
    change.before = offset < file.bytes.size() ? file.bytes.substr(offset, size) : std::string();
    change.after.assign(bytes, size);
    put(file.bytes, offset, change.after);
    change.size_after = file.bytes.size();
    file.changes.push_back(std::move(change));
    return status;
}

int Disk::truncate(File& file, std::size_t size) {
    int const status = next_call();
    if (status != SQLITE_OK || size == file.bytes.size()) {
        return status;
    }
    File::Change change;
    change.size_before = file.bytes.size();
    change.size_after = size;
    change.offset = std::min(size, file.bytes.size());
    change.before = file.bytes.substr(change.offset);
    file.bytes.resize(size);
    file.changes.push_back(std::move(change));
    return status;
}

int Disk::sync(File& file) {
    int const status = next_call();
    if (status != SQLITE_OK) {
        if (!off_ && below(random_, 2) == 0) {
            for (File::Change& change : file.changes) {
                change.lost = change.lost || !change.synced;
            }
        }
        return status;
    }
    file.created = true;
    bool any_lost = false;
    for (File::Change& change : file.changes) {
        change.synced = !change.lost;
        any_lost = any_lost || change.lost;
    }
    if (!any_lost) {
        file.changes.clear();
    }
    return status;
}

std::string Disk::survivor(File const&, File::Change const& change) {
    std::string after = change.after;
    if (change.synced) {
        return after;
    }
    if (change.lost) {
        return {};
    }
    switch (below(random_, 3)) {
        case 0:
            return {};
        case 1:
            return after;
        default:
            break;
    }
    // Torn: up to some sector of the file, the new bytes.
    std::size_t const first = sector_bytes - change.offset % sector_bytes;
    if (first >= after.size()) {
        return {};
    }
    std::size_t const sectors = (after.size() - first) / sector_bytes + 1;
    after.resize(std::min(after.size(), first + below(random_, sectors) * sector_bytes));
    return after;
}

void Disk::lose(File& file) {
    for (auto change = file.changes.rbegin(); change != file.changes.rend(); ++change) {
        undo(file.bytes, *change);
    }
    for (File::Change const& change : file.changes) {
        if (change.after.empty()) {
            if (change.synced || (!change.lost && below(random_, 2) == 0)) {
                redo(file.bytes, change, {});
            }
            continue;
        }
        std::string const kept = survivor(file, change);
        if (!kept.empty()) {
            redo(file.bytes, change, kept);
        }
    }
}

void Disk::power_on(Loss loss) {
    for (auto file = files_.begin(); file != files_.end();) {
        File& one = *file->second;
        if (loss == Loss::cut) {
            lose(one);
            if (!one.created && below(random_, 2) == 0) {
                file = files_.erase(file);
                continue;
            }
            one.changes.clear();
            one.created = true;
        }
        assert(one.shared == 0 && one.index_users == 0);
        ++file;
    }
    off_ = false;
    power_left_ = -1;
    on_loss_ = {};
    failing_ = 0;
}

void Disk::randomness(char* bytes, int size) {
    for (int i = 0; i < size; ++i) {
        bytes[i] = static_cast<char>(below(random_, 256));
    }
}

}  // namespace crosswalk::simulation
