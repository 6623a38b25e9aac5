#include "store/title_search.hpp"

namespace crosswalk::store {
namespace {

bool between(unsigned value, unsigned low, unsigned high) noexcept {
    return value >= low && value <= high;
}

// The small letter of a two-byte code point, after Unicode's simple case mapping of these blocks.
unsigned small_letter(unsigned point) noexcept {
    bool const latin_1 = between(point, 0xC0, 0xDE) && point != 0xD7;
    bool const greek = between(point, 0x391, 0x3AB) && point != 0x3A2;
    bool const cyrillic = between(point, 0x410, 0x42F);
    if (latin_1 || greek || cyrillic) {
        return point + 32;
    }
    if (between(point, 0x400, 0x40F)) {
        return point + 80;
    }
    bool const even_is_capital = (between(point, 0x100, 0x137) && point != 0x130) || between(point, 0x14A, 0x177) ||
                                 between(point, 0x460, 0x481) || between(point, 0x48A, 0x4BF);
    bool const odd_is_capital = between(point, 0x139, 0x148) || between(point, 0x179, 0x17E);
    bool const capital = (even_is_capital && point % 2 == 0) || (odd_is_capital && point % 2 == 1);
    return capital ? point + 1 : point;
}

}  // namespace

std::string fold_case(std::string_view utf8) {
    std::string folded(utf8);
    for (std::size_t i = 0; i < folded.size(); ++i) {
        auto const lead = static_cast<unsigned char>(folded[i]);
        if (between(lead, 'A', 'Z')) {
            folded[i] = static_cast<char>(lead + 32);
        } else if (between(lead, 0xC2, 0xDF) && i + 1 < folded.size()) {
            unsigned const point = (lead & 0x1FU) << 6U | (static_cast<unsigned char>(folded[i + 1]) & 0x3FU);
            unsigned const small = small_letter(point);
            folded[i] = static_cast<char>(0xC0U | small >> 6U);
            folded[++i] = static_cast<char>(0x80U | (small & 0x3FU));
        }
    }
    return folded;
}

}  // namespace crosswalk::store
