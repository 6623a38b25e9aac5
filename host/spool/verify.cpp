#include "spool/content.hpp"
#include "spool/spool.hpp"

#include <algorithm>
#include <system_error>

namespace crosswalk::spool {

model::Result<Verdict> verify(std::filesystem::path const& folder) {
    namespace fs = std::filesystem;
    Verdict verdict;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        auto const named = parse_name(it->path().filename().string());
        if (!named) {
            continue;
        }
        ++verdict.files;
        auto const actual = digest_of_file(it->path());
        if (!actual || actual->id != named->id || actual->size != named->size) {
            verdict.damaged.push_back(it->path().filename().string());
        }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        return model::Error{model::ErrorCode::unavailable,
                            "The folder for files cannot be read: " + error.message() + "."};
    }
    std::sort(verdict.damaged.begin(), verdict.damaged.end());
    return verdict;
}

}  // namespace crosswalk::spool
