#include "http/body_file.hpp"

#include <algorithm>
#include <vector>

namespace crosswalk::http {
namespace {

constexpr std::int64_t piece_bytes = 256 * 1024;

}  // namespace

Transfer send_file(Channel& channel, std::filesystem::path const& path, std::int64_t size, std::string& trouble) {
    std::ifstream in(path, std::ios::binary);
    std::vector<char> piece(static_cast<std::size_t>(std::min(size, piece_bytes)));
    for (std::int64_t left = size; left > 0;) {
        auto const wanted = std::min(left, piece_bytes);
        in.read(piece.data(), wanted);
        if (in.gcount() != wanted) {
            trouble = "The file to send became shorter or cannot be read.";
            return Transfer::broken;
        }
        if (auto const sent = channel.send({piece.data(), static_cast<std::size_t>(wanted)}); sent != Transfer::done) {
            return sent;
        }
        left -= wanted;
    }
    return Transfer::done;
}

bool Download::open(std::filesystem::path const& path) {
    out_.open(path, std::ios::binary | std::ios::trunc);
    return out_.is_open();
}

bool Download::add(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    size_ += static_cast<std::int64_t>(bytes.size());
    return out_.good();
}

bool Download::finish() {
    out_.close();
    return !out_.fail();
}

}  // namespace crosswalk::http
