// Payloads: what a vendor handed over, whole, as ciphertext.
//
// Shape    a payload is sealed with a key of its own; inbox.wrapped holds that key, sealed with the key that inbox.key
//          names and bound to the item's connection and time. Who may read the payload changes by rewrapping that key.
// Errors   as KeyRing.
// Threads  seal_payload is for any thread; the rest as the connection that it is given.
#pragma once

#include "model/clock.hpp"
#include "store/key_ring.hpp"
#include "store/sqlite.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::store {

struct SealedPayload {
    std::string wrapped;
    std::string bytes;
};

// What a payload's key is bound to, besides the item's own row.
struct PayloadPlace {
    std::string connection;
    model::TimePoint received_at;
};

[[nodiscard]] model::Result<SealedPayload> seal_payload(SealingKey const& with, PayloadPlace const& at,
                                                        std::string_view plain);
// Nothing: the key that wrapped it was erased.
[[nodiscard]] model::Result<std::optional<std::string>> open_payload(Sqlite& sqlite, KeyRing& ring, KeyId key,
                                                                     PayloadPlace const& at, std::string_view wrapped,
                                                                     std::string_view bytes);
// The payload's own key, which opens it and stays the same whoever's key wraps it. Nothing as above.
[[nodiscard]] model::Result<std::optional<vault::Key>> unwrap(Sqlite& sqlite, KeyRing& ring, KeyId key,
                                                              PayloadPlace const& at, std::string_view wrapped);
[[nodiscard]] model::Result<std::string> open_with(vault::Key const& own, std::string_view bytes);
[[nodiscard]] model::Result<std::string> wrap(SealingKey const& with, PayloadPlace const& at, vault::Key const& own);
// Its key under another one and, for a copy, at another place. failed_precondition: the key that wrapped it was erased.
[[nodiscard]] model::Result<std::string> rewrap(Sqlite& sqlite, KeyRing& ring, KeyId key, PayloadPlace const& at,
                                                std::string_view wrapped, SealingKey const& with,
                                                PayloadPlace const& then);

}  // namespace crosswalk::store
