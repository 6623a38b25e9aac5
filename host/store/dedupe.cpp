#include "store/dedupe.hpp"

#include "vault/hmac.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string>

namespace crosswalk::store {

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
    std::uint64_t value = 0;
    std::memcpy(&value, hash.data(), std::min(hash.size(), sizeof value));
    return value;
}

void DedupeKeys::reserve(std::size_t keys) {
    std::size_t const slots = std::bit_ceil(std::max<std::size_t>(1024, keys + keys / 2));
    if (slots > slots_.size()) {
        grow(slots);
    }
}

void DedupeKeys::insert(std::uint64_t fingerprint, std::int64_t id) {
    assert(id != 0);
    if ((size_ + 1) * 4 > slots_.size() * 3) {
        grow(std::max<std::size_t>(1024, slots_.size() * 2));
    }
    place(Slot{fingerprint, id});
    ++size_;
}

void DedupeKeys::erase(std::uint64_t fingerprint, std::int64_t id) noexcept {
    if (slots_.empty()) {
        return;
    }
    std::size_t hole = home(fingerprint);
    while (slots_[hole].id != id || slots_[hole].fingerprint != fingerprint) {
        if (slots_[hole].id == 0) {
            return;
        }
        hole = next(hole);
    }
    // Linear probing: what comes later and would no longer be found across the hole moves into it.
    for (std::size_t at = next(hole); slots_[at].id != 0; at = next(at)) {
        std::size_t const mask = slots_.size() - 1;
        std::size_t const from_home = (at - home(slots_[at].fingerprint)) & mask;
        std::size_t const from_hole = (at - hole) & mask;
        if (from_home >= from_hole) {
            slots_[hole] = slots_[at];
            hole = at;
        }
    }
    slots_[hole] = Slot{};
    --size_;
}

void DedupeKeys::grow(std::size_t slots) {
    std::vector<Slot> old(slots);
    old.swap(slots_);
    for (Slot const& slot : old) {
        if (slot.id != 0) {
            place(slot);
        }
    }
}

void DedupeKeys::place(Slot slot) noexcept {
    std::size_t at = home(slot.fingerprint);
    while (slots_[at].id != 0) {
        at = next(at);
    }
    slots_[at] = slot;
}

}  // namespace crosswalk::store
