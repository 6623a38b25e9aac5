// The key of the store: as the configuration gives it, or a file beside the store that the host made itself.
//
// Errors   as SecretSource for a configured key. failed_precondition: the store is encrypted and the file with its key
//          is gone. permission_denied: others may open that file. unavailable: it cannot be written.
// Threads  one, before the store is opened.
#pragma once

#include "config/config.hpp"
#include "model/secret.hpp"
#include "telemetry/log.hpp"

#include <filesystem>

namespace crosswalk {

[[nodiscard]] std::filesystem::path store_key_file(std::filesystem::path store);

// 32 bytes as text (vault::read_key). Without a configured key and without the file it makes one, unless a store that
// needs another key is there already, and says once where it is.
[[nodiscard]] model::Result<model::Secret> find_store_key(config::Config const& config,
                                                          model::SecretSource const& secrets,
                                                          telemetry::Logger& logger);

}  // namespace crosswalk
