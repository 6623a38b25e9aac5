#include "platform/secrets.hpp"

#include "platform/private_file.hpp"

#include <cstdlib>
#include <optional>
#include <utility>

namespace crosswalk::platform {
namespace {

using model::Error;
using model::ErrorCode;

constexpr std::size_t secret_bytes_max = 64 * 1024;

std::optional<std::string> environment(std::string const& name) {
#ifdef _WIN32
    char* text = nullptr;
    std::size_t size = 0;
    if (_dupenv_s(&text, &size, name.c_str()) != 0 || text == nullptr) {
        return std::nullopt;
    }
    std::string value(text);
    std::free(text);
    return value;
#else
    char const* const text = std::getenv(name.c_str());
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
#endif
}

model::Result<std::string> read_environment(std::string const& name) {
    auto value = environment(name);
    if (!value) {
        return Error{ErrorCode::not_found, "there is no such environment variable"};
    }
    if (value->size() > secret_bytes_max) {
        return Error{ErrorCode::too_large, "the variable is larger than a secret may be (64 KiB)"};
    }
    return std::move(*value);
}

// Names are checked by parse_secret_reference, so the path stays inside the folder.
model::Result<std::string> read_credential(std::filesystem::path const& folder, std::string const& name) {
    if (folder.empty()) {
        return Error{ErrorCode::not_found,
                     "the service manager handed over no credentials ($CREDENTIALS_DIRECTORY is not set); add "
                     "LoadCredential= to the unit, or use secret:file/ or secret:env/"};
    }
    return read_private_file(folder / name, secret_bytes_max, Access::any);
}

}  // namespace

SystemSecrets::SystemSecrets(std::filesystem::path credentials_dir, std::filesystem::path secrets_dir)
    : credentials_dir_(std::move(credentials_dir)), secrets_dir_(std::move(secrets_dir)) {}

model::Result<model::Secret> SystemSecrets::resolve(std::string_view reference) const {
    auto const parsed = model::parse_secret_reference(reference);
    if (!parsed) {
        return parsed.error();
    }
    auto bytes = parsed->provider == "credential" ? read_credential(credentials_dir_, parsed->name)
                 : parsed->provider == "file"
                     ? read_private_file(secrets_dir_ / parsed->name, secret_bytes_max, Access::owner_only)
                     : read_environment(parsed->name);
    if (!bytes) {
        return Error{bytes.error().code, std::string(reference) + ": " + bytes.error().detail};
    }
    // Wiped with its spare room; what is returned is as small as the secret.
    model::Secret const whole(std::move(*bytes));
    std::string_view text = whole.reveal();
    if (text.ends_with('\n')) {
        text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
    }
    if (text.empty()) {
        return Error{ErrorCode::not_found, std::string(reference) + ": it is there, but empty"};
    }
    return model::Secret(std::string(text));
}

std::filesystem::path credentials_directory() {
    return environment("CREDENTIALS_DIRECTORY").value_or("");
}

}  // namespace crosswalk::platform
