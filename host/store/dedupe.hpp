// Dedupe keys in memory: which inbox rows may have been seen under a key.
//
// Shape    extendible hashing: tables of at most 1024 slots of 8 bytes, found by the leading bits of the fingerprint. A
//          table that is 3/4 full is split in two, and nothing else moves: growing leaves no large old table behind and
//          makes no insert wait for all keys. 11 to 22 bytes a key. It only says *maybe*: a hit is confirmed with the
//          16-byte hash in the `dedupe` table, so that two keys with one fingerprint stay two keys. One fingerprint may
//          have several ids.
// Limits   ids are positive and lie within 2^32 of the newest; an older one would be looked for under another id and not
//          be found.
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
// Its first 8 bytes; what is shorter, as in a damaged row, counts as if zeros followed.
[[nodiscard]] std::uint64_t fingerprint(std::string_view hash) noexcept;

class DedupeKeys {
public:
    void insert(std::uint64_t fingerprint, std::int64_t id);
    // Nothing happens when the pair is not there.
    void erase(std::uint64_t fingerprint, std::int64_t id) noexcept;
    // The first id of this fingerprint for which `matches(id)` is true; 0 when there is none.
    template <class Matches>
    [[nodiscard]] std::int64_t find(std::uint64_t fingerprint, Matches&& matches) const {
        std::uint32_t const tag = tag_of(fingerprint);
        Table const& table = tables_[directory_[entry_of(tag)]];
        for (std::size_t at = table.home(tag); table.slots[at].tag != 0; at = table.next(at)) {
            if (table.slots[at].tag == tag) {
                if (std::int64_t const id = whole(table.slots[at].id); matches(id)) {
                    return id;
                }
            }
        }
        return 0;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct Slot {
        std::uint32_t tag = 0;  // of the fingerprint; 0: empty
        std::uint32_t id = 0;   // its low half
    };
    struct Table {
        std::vector<Slot> slots = std::vector<Slot>(16);  // a power of two
        std::size_t size = 0;
        unsigned depth = 0;  // so many leading bits do its tags share
        [[nodiscard]] std::size_t home(std::uint32_t tag) const noexcept { return tag & (slots.size() - 1); }
        [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & (slots.size() - 1); }
        void place(Slot slot) noexcept;
        // With room for so many slots, and only with what `stays`.
        template <class Stays>
        void rebuild(std::size_t room, Stays&& stays);
    };
    // Mixed, because both ends of a tag are used and a fingerprint may be text: its low bits have few values.
    [[nodiscard]] static std::uint32_t tag_of(std::uint64_t fingerprint) noexcept {
        auto const tag = static_cast<std::uint32_t>(fingerprint * 0x9E37'79B9'7F4A'7C15U >> 32U);
        return tag == 0 ? 1 : tag;
    }
    [[nodiscard]] std::size_t entry_of(std::uint32_t tag) const noexcept {
        return static_cast<std::size_t>(std::uint64_t{tag} >> (32U - depth_));
    }
    void make_room(std::uint32_t tag);
    void split(std::uint32_t table);
    // Of all ids with this low half, the last that is not newer than the newest.
    [[nodiscard]] std::int64_t whole(std::uint32_t id) const noexcept {
        return newest_ - static_cast<std::int64_t>(static_cast<std::uint32_t>(newest_) - id);
    }

    std::vector<Table> tables_{1};
    std::vector<std::uint32_t> directory_{0};  // by the first depth_ bits of a tag: which table
    unsigned depth_ = 0;
    std::int64_t newest_ = 0;
    std::size_t size_ = 0;
};

}  // namespace crosswalk::store
