// Dedupe keys in memory: which inbox rows may have been seen under a key.
//
// Shape    an open-addressing table of (8-byte fingerprint, inbox id), 16 bytes a slot, doubled when 3/4 full. It only
//          says *maybe*: a hit is confirmed with the 16-byte hash in the `dedupe` table, so that two keys with one
//          fingerprint stay two keys. One fingerprint may have several ids.
// Threads  the writer thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace crosswalk::store {

// HMAC-SHA-256 under the file's own random key, cut to 16 bytes: nobody outside can choose colliding keys.
using KeyHash = std::array<char, 16>;
[[nodiscard]] KeyHash hash_key(std::string_view secret, std::string_view connection, std::string_view dedupe_key);
[[nodiscard]] std::uint64_t fingerprint(std::string_view hash) noexcept;

class DedupeKeys {
public:
    void reserve(std::size_t keys);
    void insert(std::uint64_t fingerprint, std::int64_t id);
    // Nothing happens when the pair is not there.
    void erase(std::uint64_t fingerprint, std::int64_t id) noexcept;
    // The first id of this fingerprint for which `matches(id)` is true; 0 when there is none.
    template <class Matches>
    [[nodiscard]] std::int64_t find(std::uint64_t fingerprint, Matches&& matches) const {
        if (slots_.empty()) {
            return 0;
        }
        for (std::size_t at = home(fingerprint); slots_[at].id != 0; at = next(at)) {
            if (slots_[at].fingerprint == fingerprint && matches(slots_[at].id)) {
                return slots_[at].id;
            }
        }
        return 0;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct Slot {
        std::uint64_t fingerprint = 0;
        std::int64_t id = 0;  // 0: empty
    };
    [[nodiscard]] std::size_t home(std::uint64_t fingerprint) const noexcept {
        return fingerprint & (slots_.size() - 1);
    }
    [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }
    void grow(std::size_t slots);
    void place(Slot slot) noexcept;

    std::vector<Slot> slots_;  // a power of two
    std::size_t size_ = 0;
};

}  // namespace crosswalk::store
