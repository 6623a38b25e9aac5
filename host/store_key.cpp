#include "store_key.hpp"

#include "platform/private_file.hpp"
#include "store/store.hpp"
#include "vault/base64.hpp"
#include "vault/gcm.hpp"

namespace crosswalk {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::size_t file_bytes_max = 1024;

Error about(std::filesystem::path const& file, Error error) {
    error.detail = "The key of the store, " + file.string() + ": " + error.detail + ".";
    return error;
}

Result<model::Secret> make_key(std::filesystem::path const& file, telemetry::Logger& logger) {
    auto const key = vault::Key::random();
    if (!key) {
        return key.error();
    }
    model::Secret text(vault::base64(key->view()));
    // Revealed to keep it.
    if (auto const written = platform::write_private_file(file, text.reveal()); !written) {
        return about(file, written.error());
    }
    logger.info("A key for the store was made. Keep a copy of this file apart from backups of the store.",
                {{"file", file.string()}});
    return text;
}

// Editors end a file with a line break.
model::Secret trimmed(std::string bytes) {
    while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r' || bytes.back() == ' ')) {
        bytes.pop_back();
    }
    return model::Secret(std::move(bytes));
}

}  // namespace

std::filesystem::path store_key_file(std::filesystem::path store) {
    return store += ".key";
}

Result<model::Secret> find_store_key(config::Config const& config, model::SecretSource const& secrets,
                                     telemetry::Logger& logger) {
    if (!config.store_key.empty()) {
        return secrets.resolve(config.store_key);
    }
    auto const file = store_key_file(config.store_path);
    auto bytes = platform::read_private_file(file, file_bytes_max, platform::Access::owner_only);
    if (bytes) {
        return trimmed(std::move(*bytes));
    }
    if (bytes.error().code != ErrorCode::not_found) {
        return about(file, bytes.error());
    }
    auto const encrypted = store::is_encrypted(config.store_path);
    if (!encrypted) {
        return encrypted.error();
    }
    if (*encrypted) {
        return Error{ErrorCode::failed_precondition,
                     "The store is encrypted, and its key is gone: neither store.key is set nor is there a file " +
                         file.string() + ". Bring the key back from its own backup."};
    }
    return make_key(file, logger);
}

}  // namespace crosswalk
