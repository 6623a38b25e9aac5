// The keys that the store's personal content is encrypted with, and the keyed hashes that stand in its place.
//
// Shape    a tree: the host key, which is not in the store, wraps one row per key. Kinds:
//          arrival  for what nobody has read yet; a new one at every start and from time to time
//          general  for what is about nobody
//          person   for one person: all that is known to be about them, whatever it came with
//          single   for one item of which it is not known whose it is
//          An item's payload has a key of its own, wrapped by one of these, so that it is written once: when the
//          person becomes known, only those few bytes are written anew.
// Erased   a key whose row is gone. What was sealed with it opens as nothing, which is no error.
// Errors   as Store; failed_precondition: the store was encrypted with another host key. corruption: a key or a text
//          was changed, or moved to another row.
// Threads  load, keep, add and forget belong to the writer; the rest is safe from any thread.
// Limits   4096 unwrapped keys are held in memory. An id is never used twice, so none of them can be wrong.
#pragma once

#include "model/error.hpp"
#include "store/sqlite.hpp"
#include "vault/gcm.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace crosswalk::store {

using KeyId = std::int64_t;

enum class KeyKind : int { arrival = 0, general = 1, person = 2, single = 3 };

struct SealingKey {
    KeyId id = 0;
    std::shared_ptr<vault::Key const> key;  // shared by the ring and whoever is using it; nullptr: erased
};

// A key that is in no file yet.
struct NewKey {
    SealingKey key = {};
    KeyKind kind = KeyKind::single;
    std::string wrapped = {};
};

class KeyRing {
public:
    explicit KeyRing(vault::Key host_key) : host_key_(std::move(host_key)) {}
    KeyRing(KeyRing const&) = delete;
    KeyRing& operator=(KeyRing const&) = delete;

    // Compares the host key with that of the file. failed_precondition: it is another one.
    [[nodiscard]] model::Result<void> check(Sqlite& sqlite);
    // Reads what is needed at all times, and makes what is missing. Nothing happens the second time.
    [[nodiscard]] model::Result<void> load(Sqlite& sqlite);

    // [any thread] A new key, which is worth nothing until keep().
    [[nodiscard]] model::Result<NewKey> make(KeyKind kind);
    // As a row in the caller's transaction.
    [[nodiscard]] model::Result<void> keep(Sqlite& sqlite, NewKey const& made);
    // Both.
    [[nodiscard]] model::Result<SealingKey> add(Sqlite& sqlite, KeyKind kind);
    // Overwrites the row and deletes it; returns the bytes that the wrapped key had there, to look for. Call forget()
    // after the commit.
    [[nodiscard]] model::Result<std::string> shred(Sqlite& sqlite, KeyId id);
    // Its `key` is nullptr when it was erased.
    [[nodiscard]] model::Result<SealingKey> find(Sqlite& sqlite, KeyId id);
    // What is accepted now is sealed with; for as long as somebody holds it, it is not retired.
    [[nodiscard]] SealingKey arrival() const;
    void set_arrival(SealingKey key);
    // False for the one that is used now, and for one of this run that somebody still seals with.
    [[nodiscard]] bool is_idle_arrival(KeyId id);
    [[nodiscard]] SealingKey const& general() const noexcept { return general_; }
    // How many unwrapped keys are remembered.
    [[nodiscard]] std::size_t held() const;
    // After the commit that deleted them.
    void forget(std::vector<KeyId> const& ids);

    // Nothing: its key was erased.
    [[nodiscard]] model::Result<std::optional<std::string>> open(Sqlite& sqlite, KeyId id, std::string_view bound_to,
                                                                 std::string_view sealed);

    // HMAC-SHA-256 under the store's secret, cut to 16 bytes, as 22 characters; nothing stays nothing. `domain` keeps
    // equal texts of two columns apart.
    [[nodiscard]] std::string hashed(std::string_view domain, std::string_view text) const;
    [[nodiscard]] std::string_view secret() const noexcept { return secret_; }

private:
    [[nodiscard]] model::Result<void> load_secret(Sqlite& sqlite);
    [[nodiscard]] model::Result<void> load_general(Sqlite& sqlite);
    void remember(SealingKey const& key);

    // Constant after load().
    vault::Key const host_key_;
    std::string secret_;
    SealingKey general_;
    std::atomic<KeyId> last_ = 0;  // the highest id ever given

    mutable std::mutex mutex_;  // guards what follows
    SealingKey arrival_;
    std::vector<SealingKey> retired_;
    std::list<SealingKey> recent_;  // the latest first
    std::unordered_map<KeyId, std::list<SealingKey>::iterator> places_;
    std::unordered_set<KeyId> forgotten_;  // a reader with an older view of the file must not bring them back
};

// What a sealed text is bound to: its column and its row.
[[nodiscard]] std::string place(std::string_view column, std::int64_t row, std::int64_t part = 0);

}  // namespace crosswalk::store
