#include "model/secret.hpp"

#include "model/nearest.hpp"

#include <algorithm>

namespace crosswalk::model {
namespace {

constexpr std::string_view scheme = "secret:";
constexpr std::size_t name_bytes_max = 255;

Error refused(std::string detail) {
    return Error{ErrorCode::invalid_argument, std::move(detail)};
}

// Names become file names, so none may climb out of its folder; '\' and ':' would on Windows.
bool stays_inside(std::string_view name) {
    if (name.size() > name_bytes_max || name.find_first_of("\\:") != std::string_view::npos) {
        return false;
    }
    std::size_t begin = 0;
    while (begin <= name.size()) {
        std::size_t const end = std::min(name.find('/', begin), name.size());
        std::string_view const segment = name.substr(begin, end - begin);
        if (segment.empty() || segment == "." || segment == "..") {
            return false;
        }
        begin = end + 1;
    }
    return std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

std::vector<std::string> const& secret_providers() {
    static std::vector<std::string> const providers{"credential", "file", "env"};
    return providers;
}

bool is_secret_reference(std::string_view text) noexcept {
    return text.starts_with(scheme);
}

Result<SecretReference> parse_secret_reference(std::string_view text) {
    if (!is_secret_reference(text)) {
        return refused("must be a secret reference of the form \"secret:<provider>/<name>\"; the value is not shown");
    }
    std::string_view const rest = text.substr(scheme.size());
    std::size_t const slash = rest.find('/');
    std::string_view const provider = rest.substr(0, slash);
    std::vector<std::string> const& known = secret_providers();
    if (std::find(known.begin(), known.end(), provider) == known.end()) {
        std::string const meant = nearest(provider, known);
        // A word that is near no provider is not repeated: it could be the secret itself, written after the colon.
        return refused(meant.empty()
                           ? "unknown secret provider; known: credential, file, env"
                           : "unknown secret provider '" + std::string(provider) + "'; did you mean '" + meant + "'?");
    }
    if (slash == std::string_view::npos || !stays_inside(rest.substr(slash + 1))) {
        return refused("a secret's name must be relative to its provider, without '..', '.', ':' and '\\': \"secret:" +
                       std::string(provider) + "/<name>\"");
    }
    return SecretReference{std::string(provider), std::string(rest.substr(slash + 1))};
}

}  // namespace crosswalk::model
