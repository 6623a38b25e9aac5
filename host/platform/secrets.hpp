// The secrets of this system: "secret:<provider>/<name>" to bytes.
//
//   credential  a file in the directory that systemd hands over (LoadCredential=, $CREDENTIALS_DIRECTORY)
//   file        a file in the secrets folder, by default <config>/secrets; it must belong to us or to root and be
//   closed
//               to group and others (chmod 600)
//   env         an environment variable of that name; for tests and containers: children and core dumps see it
//
// Shape    nothing is cached: each resolve() reads anew, so that a changed file is taken up.
// Limits   64 KiB. One newline at the end, which editors leave, is not part of the secret.
// Errors   as model::SecretSource; an empty secret is not_found. Windows: modes are not examined, access is ruled by
//          the folder's access list.
// Threads  safe from any thread as long as nobody changes the environment.
#pragma once

#include "model/secret.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace crosswalk::platform {

class SystemSecrets final : public model::SecretSource {
public:
    // An empty credentials folder: the service manager handed none over.
    SystemSecrets(std::filesystem::path credentials_dir, std::filesystem::path secrets_dir);

    // too_large as well: above 64 KiB.
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const override;

private:
    std::filesystem::path const credentials_dir_;
    std::filesystem::path const secrets_dir_;
};

// $CREDENTIALS_DIRECTORY, or empty.
[[nodiscard]] std::filesystem::path credentials_directory();

}  // namespace crosswalk::platform
