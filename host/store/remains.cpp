#include "store/remains.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

namespace crosswalk::store {
namespace {

constexpr std::size_t chunk_bytes = 1024 * 1024;

model::Result<void> search_file(std::filesystem::path const& path, std::vector<std::string> const& texts,
                                Remains& remains) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return model::Error{model::ErrorCode::unavailable, "A file of the store cannot be read."};
    }
    std::size_t longest = 1;
    for (std::string const& text : texts) {
        longest = std::max(longest, text.size());
    }
    std::string chunk;
    std::size_t kept = 0;  // the end of the last chunk, where a text may have begun
    while (file) {
        chunk.resize(kept + chunk_bytes);
        file.read(chunk.data() + kept, static_cast<std::streamsize>(chunk_bytes));
        auto const read = static_cast<std::size_t>(file.gcount());
        chunk.resize(kept + read);
        remains.bytes_searched += static_cast<std::int64_t>(read);
        for (std::string const& text : texts) {
            remains.found = remains.found || chunk.find(text) != std::string::npos;
        }
        kept = std::min(longest - 1, chunk.size());
        chunk.erase(0, chunk.size() - kept);
    }
    return file.bad() ? model::Error{model::ErrorCode::unavailable, "A file of the store cannot be read."}
                      : model::Result<void>();
}

}  // namespace

model::Result<Remains> search_files(std::filesystem::path const& database, std::vector<std::string> const& texts) {
    Remains remains;
    std::filesystem::path log = database;
    log += "-wal";
    if (auto const searched = search_file(database, texts, remains); !searched) {
        return searched.error();
    }
    std::error_code error;
    if (std::filesystem::exists(log, error)) {
        if (auto const searched = search_file(log, texts, remains); !searched) {
            return searched.error();
        }
    }
    return remains;
}

}  // namespace crosswalk::store
