#include "torture/chance.hpp"

#include <cstdio>

namespace crosswalk::torture {

std::uint32_t Chance::below(std::uint32_t end) {
    std::uint32_t const drawn = static_cast<std::uint32_t>(generator_()) % end;
    note(drawn);
    return drawn;
}

std::string Chance::plan() const {
    char digits[5];
    std::snprintf(digits, sizeof digits, "%04x", static_cast<unsigned>((hash_ >> 32 ^ hash_) & 0xffffU));
    return digits;
}

void Chance::note(std::uint64_t value) {
    constexpr std::uint64_t prime = 1099511628211ULL;
    for (int byte = 0; byte < 8; ++byte) {
        hash_ = (hash_ ^ (value >> (8 * byte) & 0xffU)) * prime;
    }
}

double chance_of(std::uint32_t seed, std::string_view name, int number) {
    std::seed_seq mixed(name.begin(), name.end());
    std::uint32_t of_name = 0;
    mixed.generate(&of_name, &of_name + 1);
    std::seed_seq all{seed, of_name, static_cast<std::uint32_t>(number)};
    std::uint32_t drawn = 0;
    all.generate(&drawn, &drawn + 1);
    return static_cast<double>(drawn) / 4294967296.0;
}

}  // namespace crosswalk::torture
