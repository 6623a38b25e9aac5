// crosswalk-fuzz --target=<name> [libFuzzer's own options] [corpus folders]
//
// libFuzzer leaves options that begin with two dashes to us and hands them on to the processes that it starts.
#include "fuzz/json_mutator.hpp"
#include "fuzz/targets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

crosswalk::fuzz::Target const* chosen = nullptr;

// FakeHost notes what a connector does against its contract as a failure of a test; here it ends the process.
class Strict final : public testing::EmptyTestEventListener {
    void OnTestPartResult(testing::TestPartResult const& result) override {
        crosswalk::fuzz::require(!result.failed(), result.summary());
    }
};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
    constexpr std::string_view option = "--target=";
    for (int i = 1; i < *count; ++i) {
        std::string_view const word = (*words)[i];
        if (word.starts_with(option)) {
            chosen = crosswalk::fuzz::find_target(word.substr(option.size()));
        }
    }
    if (chosen == nullptr) {
        std::fputs("Say what to fuzz with --target=<name>; there are:\n", stderr);
        for (crosswalk::fuzz::Target const& target : crosswalk::fuzz::targets()) {
            std::fprintf(stderr, "  %.*s\n", static_cast<int>(target.name.size()), target.name.data());
        }
        std::exit(64);
    }
    testing::UnitTest::GetInstance()->listeners().Append(new Strict);
    return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t size_max);

// Two of three changes keep JSON what it is, where there is any.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
    if (seed % 3 != 0) {
        auto const changed = crosswalk::fuzz::mutate_json({reinterpret_cast<char const*>(bytes), size}, seed);
        if (changed && changed->size() <= size_max) {
            std::copy(changed->begin(), changed->end(), bytes);
            return changed->size();
        }
    }
    return LLVMFuzzerMutate(bytes, size, size_max);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    chosen->run({reinterpret_cast<char const*>(bytes), size});
    return 0;
}
