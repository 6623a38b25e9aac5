// Fresh identifiers and secrets: random, never repeated in practice, of the vendors' shapes.
//
// Threads  safe from any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <random>
#include <string>

namespace crosswalk::sandbox {

class Ids {
public:
    Ids();

    // Lower-case hexadecimal digits.
    [[nodiscard]] std::string hex(std::size_t digits);

    // A version 4 UUID.
    [[nodiscard]] std::string uuid();

private:
    std::mutex mutex_;
    std::mt19937_64 random_;  // guarded by mutex_
};

}  // namespace crosswalk::sandbox
