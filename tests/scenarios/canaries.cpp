#include "scenarios/canaries.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/DigestEngine.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace crosswalk::scenarios {
namespace {

namespace fs = std::filesystem;

// The characters that depend on `value` alone when it begins `lead` bytes after a multiple of three.
std::string in_base64(std::string const& value, std::size_t lead) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << std::string(lead, '\0') << value;
    encoder.close();
    std::size_t const first = (lead * 8 + 5) / 6;
    std::size_t const end = (lead + value.size()) * 8 / 6;
    return text.str().substr(first, end - first);
}

bool holds(std::string const& bytes, std::vector<std::string> const& forms) {
    return std::any_of(forms.begin(), forms.end(),
                       [&](std::string const& form) { return bytes.find(form) != std::string::npos; });
}

}  // namespace

Canaries::Canaries(std::vector<std::string> const& values) {
    for (std::string const& value : values) {
        if (value.size() < value_bytes_min) {
            throw std::invalid_argument(value + " is too short for a canary");
        }
        std::string encoded;
        Poco::URI::encode(value, "+@ ", encoded);
        std::string const hex = Poco::DigestEngine::digestToHex({value.begin(), value.end()});
        canaries_.push_back({value,
                             {Poco::toLower(value), Poco::toLower(encoded), Poco::toLower(hex)},
                             {in_base64(value, 0), in_base64(value, 1), in_base64(value, 2)}});
    }
}

std::vector<std::string> Canaries::in(std::string_view place, std::string_view bytes) const {
    std::string const all(bytes);
    std::string const lower = Poco::toLower(all);
    std::vector<std::string> found;
    for (Canary const& canary : canaries_) {
        if (holds(lower, canary.in_any_case) || holds(all, canary.exact)) {
            found.push_back(canary.value + " is in " + std::string(place));
        }
    }
    return found;
}

std::vector<std::string> Canaries::below(fs::path const& folder) const {
    std::vector<std::string> found;
    std::size_t files = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
        std::error_code gone;
        if (!each->is_regular_file(gone)) {
            continue;
        }
        std::string const name = fs::relative(each->path(), folder).generic_string();
        std::ifstream file(each->path(), std::ios::binary);
        if (!file) {
            if (fs::exists(each->path(), gone)) {
                found.push_back(name + " cannot be read");
            }
            continue;
        }
        ++files;
        std::string const bytes(std::istreambuf_iterator<char>(file), {});
        for (auto const& findings : {in("the name of " + name, name), in(name, bytes)}) {
            found.insert(found.end(), findings.begin(), findings.end());
        }
    }
    if (error || files == 0) {
        found.push_back("nothing could be searched in " + folder.generic_string());
    }
    return found;
}

}  // namespace crosswalk::scenarios
