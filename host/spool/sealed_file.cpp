#include "spool/sealed_file.hpp"

#include "platform/durable.hpp"
#include "vault/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace crosswalk::spool {
namespace {

namespace fs = std::filesystem;
using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::string_view magic = "CWF1";
constexpr std::int64_t piece_bytes = 64 * 1024;
constexpr std::size_t id_bytes = 64;
constexpr std::size_t head_content_bytes = vault::Key::size + id_bytes + 8;
constexpr std::size_t head_sealed_bytes = vault::nonce_bytes + head_content_bytes + vault::tag_bytes;
constexpr std::size_t head_bytes = magic.size() + head_sealed_bytes;
constexpr std::int64_t piece_sealed_bytes = piece_bytes + static_cast<std::int64_t>(vault::tag_bytes);

Error disk_took_no_more() {
    return {ErrorCode::unavailable, "The disk took no more of a file."};
}
Error damaged() {
    return {ErrorCode::corruption, "A stored file was changed, or encrypted with another key."};
}

std::string big_endian(std::uint64_t number) {
    std::string out(8, '\0');
    for (std::size_t i = 8; i-- > 0; number >>= 8U) {
        out[i] = static_cast<char>(number & 0xFFU);
    }
    return out;
}

std::uint64_t from_big_endian(std::string_view bytes) noexcept {
    std::uint64_t number = 0;
    for (char const c : bytes) {
        number = (number << 8U) | static_cast<unsigned char>(c);
    }
    return number;
}

// Unique under a file's key, which no other file has.
std::string nonce_of(std::uint64_t number) {
    return std::string(4, '\0') + big_endian(number);
}
std::string bound_of(std::uint64_t number, bool last) {
    return big_endian(number) + (last ? '\1' : '\0');
}

std::int64_t pieces_of(std::int64_t size) noexcept {
    return size == 0 ? 1 : (size + piece_bytes - 1) / piece_bytes;
}

Result<vault::Key> derived(vault::Key const& from, std::string_view purpose) {
    auto bytes = vault::hmac_sha256(from.view(), purpose);
    auto const key = vault::Key::from({bytes.data(), bytes.size()});
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return key ? Result<vault::Key>(*key) : Result<vault::Key>(damaged());
}

}  // namespace

Result<FileKeys> FileKeys::from(vault::Key const& host_key) {
    auto const heads = derived(host_key, "crosswalk file heads 1");
    auto const names = derived(host_key, "crosswalk file names 1");
    if (!heads || !names) {
        return damaged();
    }
    return FileKeys(*heads, *names);
}

std::string FileKeys::name_of(std::string_view id) const {
    auto const hash = vault::hmac_sha256(names_.view(), id);
    return hex({hash.data(), hash.size()});
}

std::int64_t sealed_bytes(std::int64_t size) noexcept {
    return static_cast<std::int64_t>(head_bytes) + size + pieces_of(size) * static_cast<std::int64_t>(vault::tag_bytes);
}

Result<SealedWriter> SealedWriter::create(fs::path const& path) {
    auto const key = vault::Key::random();
    if (!key) {
        return key.error();
    }
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    std::error_code error;
    // Whatever the process's mask.
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    out << std::string(head_bytes, '\0');
    if (!out || error) {
        return Error{ErrorCode::unavailable, "No file can be made in the folder for files."};
    }
    return SealedWriter(std::move(out), *key);
}

Result<void> SealedWriter::add(std::string_view bytes) {
    digester_.add(bytes);
    while (!bytes.empty()) {
        // A full piece waits until it is known that it is not the last.
        if (piece_.size() == piece_bytes) {
            if (auto const written = write_piece(false); !written) {
                return written;
            }
        }
        std::size_t const taken = std::min(bytes.size(), piece_bytes - piece_.size());
        piece_.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
    }
    return {};
}

Result<void> SealedWriter::write_piece(bool last) {
    sealed_.resize(piece_.size() + vault::tag_bytes);
    auto const done = vault::encrypt(key_, nonce_of(number_), bound_of(number_, last), piece_, sealed_.data());
    if (!done) {
        return done;
    }
    ++number_;
    piece_.clear();
    out_.write(sealed_.data(), static_cast<std::streamsize>(sealed_.size()));
    return out_ ? Result<void>() : Result<void>(disk_took_no_more());
}

Result<Digest> SealedWriter::finish(FileKeys const& keys) {
    if (auto const written = write_piece(true); !written) {
        return written.error();
    }
    Digest content = digester_.finish();
    std::string head(key_.view());
    head.reserve(head_content_bytes);  // no copy of the key is left behind
    head.append(content.id).append(big_endian(static_cast<std::uint64_t>(content.size)));
    auto const sealed = vault::seal(keys.heads(), magic, head);
    OPENSSL_cleanse(head.data(), head.size());
    if (!sealed) {
        return sealed.error();
    }
    out_.seekp(0);
    out_ << magic << *sealed;
    out_.close();
    return out_ ? Result<Digest>(std::move(content)) : Result<Digest>(disk_took_no_more());
}

Result<SealedReader> SealedReader::open(fs::path const& path, FileKeys const& keys) {
    std::ifstream in(path, std::ios::binary);
    std::string head(head_bytes, '\0');
    if (!in || !in.read(head.data(), static_cast<std::streamsize>(head.size())) || !head.starts_with(magic)) {
        return damaged();
    }
    auto opened = vault::open(keys.heads(), magic, std::string_view(head).substr(magic.size()));
    if (!opened) {
        return damaged();
    }
    std::string_view const fields(*opened);
    auto const key = vault::Key::from(fields.substr(0, vault::Key::size));
    Digest content{std::string(fields.substr(vault::Key::size, id_bytes)),
                   static_cast<std::int64_t>(from_big_endian(fields.substr(vault::Key::size + id_bytes)))};
    OPENSSL_cleanse(opened->data(), opened->size());
    std::error_code error;
    bool const whole = key && content.size >= 0 &&
                       fs::file_size(path, error) == static_cast<std::uintmax_t>(sealed_bytes(content.size)) && !error;
    if (!whole || keys.name_of(content.id) != path.filename().string()) {
        return damaged();
    }
    return SealedReader(std::move(in), *key, std::move(content));
}

Result<void> SealedReader::load(std::int64_t number) {
    loaded_ = -1;
    bool const last = number == pieces_of(content_.size) - 1;
    std::int64_t const plain = last ? content_.size - number * piece_bytes : piece_bytes;
    std::string sealed(static_cast<std::size_t>(plain) + vault::tag_bytes, '\0');
    in_.clear();
    in_.seekg(static_cast<std::int64_t>(head_bytes) + number * piece_sealed_bytes);
    if (!in_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()))) {
        return damaged();
    }
    auto const counter = static_cast<std::uint64_t>(number);
    auto opened = vault::decrypt(key_, nonce_of(counter), bound_of(counter, last), sealed);
    if (!opened) {
        return damaged();
    }
    piece_ = std::move(*opened);
    loaded_ = number;
    return {};
}

Result<void> SealedReader::read(std::int64_t offset, std::span<char> out) {
    if (offset < 0 || offset + static_cast<std::int64_t>(out.size()) > content_.size) {
        return Error{ErrorCode::invalid_argument, "A file has no bytes beyond its end."};
    }
    while (!out.empty()) {
        if (std::int64_t const number = offset / piece_bytes; number != loaded_) {
            if (auto const loaded = load(number); !loaded) {
                return loaded;
            }
        }
        auto const from = static_cast<std::size_t>(offset % piece_bytes);
        std::size_t const taken = std::min(out.size(), piece_.size() - from);
        std::copy_n(piece_.data() + from, taken, out.data());
        out = out.subspan(taken);
        offset += static_cast<std::int64_t>(taken);
    }
    return {};
}

Result<void> erase_head(fs::path const& path) {
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file << std::string(head_bytes, '\0');
        file.close();
        if (!file) {
            return Error{ErrorCode::unavailable, "A stored file cannot be overwritten."};
        }
    }
    return platform::sync_file(path);
}

}  // namespace crosswalk::spool
