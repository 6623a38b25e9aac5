// Bodies that are files: sent from one, and fetched into one, a piece at a time.
#pragma once

#include "http/channel.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace crosswalk::http {

// Sends exactly `size` bytes of the file. `trouble` is set when the file has no more of them or cannot be read.
[[nodiscard]] Transfer send_file(Channel& channel, std::filesystem::path const& path, std::int64_t size,
                                 std::string& trouble);

// A file that a response's body is written to.
class Download {
public:
    // Begins anew, whatever was there.
    [[nodiscard]] bool open(std::filesystem::path const& path);
    [[nodiscard]] bool add(std::string_view bytes);
    // False when the disk did not take all of it.
    [[nodiscard]] bool finish();
    [[nodiscard]] std::int64_t size() const noexcept { return size_; }

private:
    std::ofstream out_;
    std::int64_t size_ = 0;
};

}  // namespace crosswalk::http
