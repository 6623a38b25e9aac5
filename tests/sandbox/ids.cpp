#include "sandbox/ids.hpp"

namespace crosswalk::sandbox {

Ids::Ids() {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    random_.seed(seed);
}

std::string Ids::hex(std::size_t digits) {
    std::lock_guard const lock(mutex_);
    std::string text;
    text.reserve(digits);
    while (text.size() < digits) {
        auto bits = random_();
        for (int i = 0; i < 16 && text.size() < digits; ++i, bits >>= 4) {
            text += "0123456789abcdef"[bits & 0xf];
        }
    }
    return text;
}

std::string Ids::uuid() {
    std::string text = hex(36);
    for (std::size_t const at : {8U, 13U, 18U, 23U}) {
        text[at] = '-';
    }
    text[14] = '4';
    text[19] = 'a';
    return text;
}

}  // namespace crosswalk::sandbox
