// What the vault sealed and the disk changed.
//
// Input    edits of a sealed value: pairs of a place and a byte that is added there. An odd number of bytes: the value
//          is cut or lengthened first, by the last byte. The same bytes are also read as base64 and as a key.
#include "fuzz/targets.hpp"
#include "vault/base64.hpp"
#include "vault/sealer.hpp"

#include <algorithm>

namespace crosswalk::fuzz {

void run_sealed(std::string_view input) {
    static vault::Sealer const sealer = *vault::Sealer::from(model::Secret(std::string(64, 'a')));
    static std::string const genuine =
        *sealer.seal("lever", "oauth", model::Secret("a token of thirty-two characters"));
    static_cast<void>(vault::Sealer::from(model::Secret(std::string(input))));
    if (auto const decoded = vault::from_base64(input)) {
        require(vault::base64(*decoded) == input, "what base64 takes is whole and has one form");
    }
    require(input.empty() || vault::from_base64(vault::base64(input)) == std::string(input),
            "base64 gives back what it got");
    require(!sealer.open("lever", "oauth", input), "nobody without the key makes a value that opens");

    std::string sealed = genuine;
    if (input.size() % 2 == 1) {
        auto const by = static_cast<signed char>(input.back());
        sealed.resize(static_cast<std::size_t>(std::max(0, static_cast<int>(sealed.size()) + by)));
        input.remove_suffix(1);
    }
    for (std::size_t i = 0; i + 1 < input.size() && !sealed.empty(); i += 2) {
        char& at = sealed[static_cast<unsigned char>(input[i]) % sealed.size()];
        at = static_cast<char>(static_cast<unsigned char>(at) + static_cast<unsigned char>(input[i + 1]));
    }
    auto const opened = sealer.open("lever", "oauth", sealed);
    require(opened.has_value() == (sealed == genuine), "a changed value does not open, an unchanged one does");
    require(!sealer.open("goco", "oauth", sealed) && !sealer.open("lever", "secret:/k", sealed),
            "a value opens in its own place only");
}

}  // namespace crosswalk::fuzz
