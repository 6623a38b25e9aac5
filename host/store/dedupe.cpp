#include "store/dedupe.hpp"

#include "vault/hmac.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

namespace crosswalk::store {
namespace {

constexpr std::size_t slots_before_split = 1024;
constexpr unsigned depth_max = 20;  // beyond it a table grows instead: so many tags with the same beginning

}  // namespace

KeyHash hash_key(std::string_view secret, std::string_view connection, std::string_view dedupe_key) {
    std::string message;
    message.reserve(connection.size() + 1 + dedupe_key.size());
    message.append(connection).append(1, '\0').append(dedupe_key);
    auto const digest = vault::hmac_sha256(secret, message);
    KeyHash hash{};
    std::memcpy(hash.data(), digest.data(), hash.size());
    return hash;
}

std::uint64_t fingerprint(std::string_view hash) noexcept {
    std::array<char, sizeof(std::uint64_t)> bytes{};
    (void)hash.copy(bytes.data(), bytes.size());
    return std::bit_cast<std::uint64_t>(bytes);
}

void DedupeKeys::insert(std::uint64_t fingerprint, std::int64_t id) {
    assert(id > 0);
    std::uint32_t const tag = tag_of(fingerprint);
    make_room(tag);
    Table& table = tables_[directory_[entry_of(tag)]];
    table.place(Slot{tag, static_cast<std::uint32_t>(id)});
    ++table.size;
    ++size_;
    newest_ = std::max(newest_, id);
}

void DedupeKeys::erase(std::uint64_t fingerprint, std::int64_t id) noexcept {
    Slot const gone{tag_of(fingerprint), static_cast<std::uint32_t>(id)};
    Table& table = tables_[directory_[entry_of(gone.tag)]];
    std::vector<Slot>& slots = table.slots;
    std::size_t hole = table.home(gone.tag);
    while (slots[hole].id != gone.id || slots[hole].tag != gone.tag) {
        if (slots[hole].tag == 0) {
            return;
        }
        hole = table.next(hole);
    }
    // Linear probing: what comes later and would no longer be found across the hole moves into it.
    for (std::size_t at = table.next(hole); slots[at].tag != 0; at = table.next(at)) {
        std::size_t const mask = slots.size() - 1;
        std::size_t const from_home = (at - table.home(slots[at].tag)) & mask;
        std::size_t const from_hole = (at - hole) & mask;
        if (from_home >= from_hole) {
            slots[hole] = slots[at];
            hole = at;
        }
    }
    slots[hole] = Slot{};
    --table.size;
    --size_;
}

void DedupeKeys::make_room(std::uint32_t tag) {
    while (true) {
        std::uint32_t const number = directory_[entry_of(tag)];
        Table& table = tables_[number];
        if ((table.size + 1) * 4 <= table.slots.size() * 3) {
            return;
        }
        if (table.slots.size() < slots_before_split || table.depth == depth_max) {
            table.rebuild(table.slots.size() * 2, [](Slot const&) { return true; });
        } else {
            split(number);
        }
    }
}

// One bit more of the tags says to which half each goes.
void DedupeKeys::split(std::uint32_t number) {
    unsigned const bit = 31U - tables_[number].depth;
    if (tables_[number].depth == depth_) {
        std::vector<std::uint32_t> twice;
        twice.reserve(directory_.size() * 2);
        for (std::uint32_t const table : directory_) {
            twice.insert(twice.end(), 2, table);
        }
        directory_ = std::move(twice);
        ++depth_;
    }
    auto const other = static_cast<std::uint32_t>(tables_.size());
    tables_.push_back(tables_[number]);
    Table& lower = tables_[number];
    Table& upper = tables_[other];
    lower.depth = ++upper.depth;
    lower.rebuild(lower.slots.size(), [bit](Slot const& slot) { return (slot.tag >> bit & 1U) == 0; });
    upper.rebuild(upper.slots.size(), [bit](Slot const& slot) { return (slot.tag >> bit & 1U) != 0; });
    // A table's entries stand together; the second half of them is where the bit is set.
    auto const half = static_cast<std::ptrdiff_t>(directory_.size() >> upper.depth);
    std::fill_n(std::find(directory_.begin(), directory_.end(), number) + half, half, other);
}

template <class Stays>
void DedupeKeys::Table::rebuild(std::size_t room, Stays&& stays) {
    std::vector<Slot> old(room);
    old.swap(slots);
    size = 0;
    for (Slot const& slot : old) {
        if (slot.tag != 0 && stays(slot)) {
            place(slot);
            ++size;
        }
    }
}

void DedupeKeys::Table::place(Slot slot) noexcept {
    std::size_t at = home(slot.tag);
    while (slots[at].tag != 0) {
        at = next(at);
    }
    slots[at] = slot;
}

}  // namespace crosswalk::store
