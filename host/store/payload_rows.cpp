#include "store/payload_rows.hpp"

namespace crosswalk::store {
namespace {

constexpr std::string_view bound_to = "payload.sealed";

std::string name_of(PayloadPlace const& at) {
    return place("inbox.wrapped", model::to_unix_us(at.received_at)).append(1, ' ').append(at.connection);
}

}  // namespace

model::Result<std::optional<vault::Key>> unwrap(Sqlite& sqlite, KeyRing& ring, KeyId key, PayloadPlace const& at,
                                                std::string_view wrapped) {
    auto const raw = ring.open(sqlite, key, name_of(at), wrapped);
    if (!raw) {
        return raw.error();
    }
    if (!*raw) {
        return std::optional<vault::Key>();
    }
    auto own = vault::Key::from(**raw);
    return own ? model::Result<std::optional<vault::Key>>(own)
               : model::Error{model::ErrorCode::corruption, "The store holds a damaged key."};
}

model::Result<std::string> open_with(vault::Key const& own, std::string_view bytes) {
    return vault::open(own, bound_to, bytes);
}

model::Result<std::string> wrap(SealingKey const& with, PayloadPlace const& at, vault::Key const& own) {
    return vault::seal(*with.key, name_of(at), own.view());
}

model::Result<SealedPayload> seal_payload(SealingKey const& with, PayloadPlace const& at, std::string_view plain) {
    auto const own = vault::Key::random();
    if (!own) {
        return own.error();
    }
    auto bytes = vault::seal(*own, bound_to, plain);
    if (!bytes) {
        return bytes.error();
    }
    auto wrapped = wrap(with, at, *own);
    return wrapped ? model::Result<SealedPayload>(SealedPayload{std::move(*wrapped), std::move(*bytes)})
                   : model::Result<SealedPayload>(wrapped.error());
}

model::Result<std::optional<std::string>> open_payload(Sqlite& sqlite, KeyRing& ring, KeyId key, PayloadPlace const& at,
                                                       std::string_view wrapped, std::string_view bytes) {
    auto const own = unwrap(sqlite, ring, key, at, wrapped);
    if (!own) {
        return own.error();
    }
    if (!*own) {
        return std::optional<std::string>();
    }
    auto plain = open_with(**own, bytes);
    return plain ? model::Result<std::optional<std::string>>(std::move(*plain))
                 : model::Result<std::optional<std::string>>(plain.error());
}

model::Result<std::string> rewrap(Sqlite& sqlite, KeyRing& ring, KeyId key, PayloadPlace const& at,
                                  std::string_view wrapped, SealingKey const& with, PayloadPlace const& then) {
    auto const own = unwrap(sqlite, ring, key, at, wrapped);
    if (!own) {
        return own.error();
    }
    if (!*own) {
        return model::Error{model::ErrorCode::failed_precondition, "The payload was erased."};
    }
    return wrap(with, then, **own);
}

}  // namespace crosswalk::store
