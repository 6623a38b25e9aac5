#include "store/key_ring.hpp"

#include "store/dedupe.hpp"
#include "vault/base64.hpp"
#include "vault/random.hpp"
#include "vault/sealer.hpp"

#include <algorithm>

namespace crosswalk::store {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::size_t recent_max = 4096;
constexpr std::size_t secret_bytes = 32;

std::string place_of_key(KeyId id, KeyKind kind) {
    return place("key.wrapped", id, static_cast<std::int64_t>(kind));
}

Result<std::string> meta(Sqlite& sqlite, std::string_view name) {
    std::string value;
    auto const read = sqlite.each(
        "SELECT value FROM meta WHERE name = ?", [&](Row const& row) { value = row.text(0); }, name);
    return read ? Result<std::string>(std::move(value)) : Result<std::string>(read.error());
}

Error another_key() {
    return Error{ErrorCode::failed_precondition,
                 "The store was encrypted with another key. Give it the key that it was made with: store.key in "
                 "crosswalk.yaml, or the file beside the store whose name ends in .key. Nothing was changed."};
}

}  // namespace

std::string place(std::string_view column, std::int64_t row, std::int64_t part) {
    std::string text(column);
    text.append(1, ' ').append(std::to_string(row)).append(1, ' ').append(std::to_string(part));
    return text;
}

Result<void> KeyRing::check(Sqlite& sqlite) {
    auto const theirs = meta(sqlite, "host_key");
    auto const ours = vault::key_id(host_key_);
    if (!theirs || !ours) {
        return theirs ? ours.error() : theirs.error();
    }
    return theirs->empty() || *theirs == *ours ? Result<void>() : another_key();
}

Result<void> KeyRing::load(Sqlite& sqlite) {
    if (general_.id != 0) {
        return {};
    }
    if (auto const checked = check(sqlite); !checked) {
        return checked;
    }
    auto const id = vault::key_id(host_key_);
    if (!id) {
        return id.error();
    }
    auto done = sqlite.run("INSERT OR IGNORE INTO meta VALUES ('host_key', ?)", Blob{*id});
    if (done) {
        done = load_secret(sqlite);
    }
    if (done) {
        done = sqlite.each("SELECT seq FROM sqlite_sequence WHERE name = 'key'",
                           [this](Row const& row) { last_ = row.integer(0); });
    }
    if (done) {
        done = load_general(sqlite);
    }
    if (!done) {
        return done;
    }
    auto const arrival = add(sqlite, KeyKind::arrival);
    if (!arrival) {
        return arrival.error();
    }
    set_arrival(*arrival);
    return {};
}

// A store that was not encrypted yet has it in the clear; dedupe keys made with it must go on being found.
Result<void> KeyRing::load_secret(Sqlite& sqlite) {
    std::string const bound_to = "meta.secret";
    auto const wrapped = meta(sqlite, "secret");
    if (!wrapped) {
        return wrapped.error();
    }
    if (!wrapped->empty()) {
        auto opened = vault::open(host_key_, bound_to, *wrapped);
        if (opened) {
            secret_ = std::move(*opened);
        }
        return opened ? Result<void>() : Result<void>(opened.error());
    }
    auto secret = meta(sqlite, "dedupe_secret");
    if (secret && secret->empty()) {
        secret = vault::random_bytes(secret_bytes);
    }
    if (!secret) {
        return secret.error();
    }
    secret_ = std::move(*secret);
    auto const sealed = vault::seal(host_key_, bound_to, secret_);
    if (!sealed) {
        return sealed.error();
    }
    auto const kept = sqlite.run("INSERT INTO meta VALUES ('secret', ?)", Blob{*sealed});
    return kept ? sqlite.run("DELETE FROM meta WHERE name = 'dedupe_secret'") : kept;
}

Result<void> KeyRing::load_general(Sqlite& sqlite) {
    KeyId id = 0;
    auto const read = sqlite.each(
        "SELECT id FROM key WHERE kind = ? ORDER BY id LIMIT 1", [&](Row const& row) { id = row.integer(0); },
        KeyKind::general);
    if (!read) {
        return read;
    }
    auto key = id == 0 ? add(sqlite, KeyKind::general) : find(sqlite, id);
    if (!key) {
        return key.error();
    }
    general_ = std::move(*key);
    return {};
}

Result<NewKey> KeyRing::make(KeyKind kind) {
    auto key = vault::Key::random();
    if (!key) {
        return key.error();
    }
    // An id that is not kept is left out, so that no two keys ever had the same.
    KeyId const id = ++last_;
    auto wrapped = vault::seal(host_key_, place_of_key(id, kind), key->view());
    if (!wrapped) {
        return wrapped.error();
    }
    return NewKey{{id, std::make_shared<vault::Key const>(*key)}, kind, std::move(*wrapped)};
}

Result<void> KeyRing::keep(Sqlite& sqlite, NewKey const& made) {
    auto const kept = sqlite.run("INSERT INTO key (id, kind, wrapped) VALUES (?, ?, ?)", made.key.id, made.kind,
                                 Blob{made.wrapped});
    if (kept) {
        remember(made.key);
    }
    return kept;
}

Result<SealingKey> KeyRing::add(Sqlite& sqlite, KeyKind kind) {
    auto made = make(kind);
    if (!made) {
        return made.error();
    }
    auto const kept = keep(sqlite, *made);
    return kept ? Result<SealingKey>(std::move(made->key)) : kept.error();
}

Result<std::string> KeyRing::shred(Sqlite& sqlite, KeyId id) {
    std::string bytes;
    auto done = sqlite.each(
        "SELECT wrapped FROM key WHERE id = ?",
        [&](Row const& row) {
            bytes = row.view(0).substr(std::min(vault::nonce_bytes, row.view(0).size()), vault::Key::size);
        },
        id);
    if (done) {
        done = sqlite.run("UPDATE key SET wrapped = zeroblob(length(wrapped)) WHERE id = ?", id);
    }
    if (done) {
        done = sqlite.run("DELETE FROM key WHERE id = ?", id);
    }
    return done ? Result<std::string>(std::move(bytes)) : Result<std::string>(done.error());
}

Result<SealingKey> KeyRing::find(Sqlite& sqlite, KeyId id) {
    {
        std::lock_guard const lock(mutex_);
        if (auto const found = places_.find(id); found != places_.end()) {
            recent_.splice(recent_.begin(), recent_, found->second);
            return recent_.front();
        }
    }
    SealingKey found{id, nullptr};
    std::optional<Error> damage;
    auto const read = sqlite.each(
        "SELECT kind, wrapped FROM key WHERE id = ?",
        [&](Row const& row) {
            auto opened = vault::open(host_key_, place_of_key(id, static_cast<KeyKind>(row.number(0))), row.view(1));
            auto key = opened ? vault::Key::from(*opened) : std::nullopt;
            if (key) {
                found.key = std::make_shared<vault::Key const>(*key);
            } else {
                damage = opened ? Error{ErrorCode::corruption, "The store holds a damaged key."} : opened.error();
            }
        },
        id);
    if (!read || damage) {
        return read ? std::move(*damage) : read.error();
    }
    if (found.key) {
        remember(found);
    }
    return found;
}

void KeyRing::remember(SealingKey const& key) {
    std::lock_guard const lock(mutex_);
    if (places_.contains(key.id) || forgotten_.contains(key.id)) {
        return;
    }
    recent_.push_front(key);
    places_[key.id] = recent_.begin();
    if (recent_.size() > recent_max) {
        places_.erase(recent_.back().id);
        recent_.pop_back();
    }
}

std::size_t KeyRing::held() const {
    std::lock_guard const lock(mutex_);
    return recent_.size();
}

void KeyRing::forget(std::vector<KeyId> const& ids) {
    std::lock_guard const lock(mutex_);
    for (KeyId const id : ids) {
        if (auto const found = places_.find(id); found != places_.end()) {
            recent_.erase(found->second);
            places_.erase(found);
        }
        std::erase_if(retired_, [&](SealingKey const& key) { return key.id == id; });
        forgotten_.insert(id);
    }
}

SealingKey KeyRing::arrival() const {
    std::lock_guard const lock(mutex_);
    return arrival_;
}

void KeyRing::set_arrival(SealingKey key) {
    std::lock_guard const lock(mutex_);
    if (arrival_.key) {
        retired_.push_back(std::move(arrival_));
    }
    arrival_ = std::move(key);
}

bool KeyRing::is_idle_arrival(KeyId id) {
    std::lock_guard const lock(mutex_);
    auto const retired =
        std::find_if(retired_.begin(), retired_.end(), [&](SealingKey const& key) { return key.id == id; });
    // The row cache may be its second holder.
    long const ours = 1 + (places_.contains(id) ? 1 : 0);
    return id != arrival_.id && (retired == retired_.end() || retired->key.use_count() <= ours);
}

Result<std::optional<std::string>> KeyRing::open(Sqlite& sqlite, KeyId id, std::string_view bound_to,
                                                 std::string_view sealed) {
    auto const key = find(sqlite, id);
    if (!key) {
        return key.error();
    }
    if (!key->key) {
        return std::optional<std::string>();
    }
    auto opened = vault::open(*key->key, bound_to, sealed);
    return opened ? Result<std::optional<std::string>>(std::move(*opened))
                  : Result<std::optional<std::string>>(opened.error());
}

std::string KeyRing::hashed(std::string_view domain, std::string_view text) const {
    if (text.empty()) {
        return {};
    }
    // No connection's name begins with a line break: a dedupe key is never taken for one of these.
    KeyHash const hash = hash_key(secret_, '\n' + std::string(domain), text);
    return vault::base64url({hash.data(), hash.size()});
}

}  // namespace crosswalk::store
