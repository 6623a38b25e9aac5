// crosswalk-coverage <repository> <counts> <excuses.txt>: judges what the tests ran; coverage.sh calls it. Ends
// with 1 when too little ran and with 2 when it cannot tell.
#include "coverage/judge.hpp"

#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace {

std::string text_of(char const* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(std::string("cannot read ") + path);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    using namespace crosswalk::coverage;
    if (argc != 4) {
        std::cerr << "usage: crosswalk-coverage <repository> <counts> <excuses.txt>\n";
        return 2;
    }
    try {
        auto const judgement =
            judge(read_counts(text_of(argv[2]), argv[1]), read_excuses(text_of(argv[3])), Limits{}, argv[1]);
        std::cout << to_text(judgement);
        return judgement.complaints.empty() ? 0 : 1;
    } catch (std::exception const& error) {
        std::cerr << "crosswalk-coverage: " << error.what() << '\n';
        return 2;
    }
}
