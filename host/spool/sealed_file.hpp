// A file at rest: encrypted, with a key of its own in its head.
//
// Shape    "CWF1", then the head, then the content in pieces of 64 KiB, the last one shorter, each followed by its tag.
//          The head is sealed with a key that is made of the host's key; it holds the file's key, the SHA-256 and the
//          size of the content. A piece is bound to its number and to being the last or not, so that cutting, swapping
//          and appending are noticed. Without its head nobody can read a file, the host included: erasing the head
//          erases the file.
// Names    a keyed hash of the content's SHA-256, so that nobody can tell from it what a file is.
// Errors   corruption: the bytes were changed, or belong to another file or key. unavailable: the disk refuses.
// Memory   one piece, whatever the size of the file.
// Threads  one thread uses a reader or a writer. FileKeys is constant.
// Source   the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizar (2015), with AES-256-GCM.
#pragma once

#include "model/error.hpp"
#include "spool/content.hpp"
#include "vault/gcm.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace crosswalk::spool {

// What is made of the host's key for files: one key to seal heads with, one for names.
class FileKeys {
public:
    [[nodiscard]] static model::Result<FileKeys> from(vault::Key const& host_key);

    [[nodiscard]] vault::Key const& heads() const noexcept { return heads_; }
    // 64 lower-case hex digits.
    [[nodiscard]] std::string name_of(std::string_view id) const;

private:
    FileKeys(vault::Key heads, vault::Key names) : heads_(heads), names_(names) {}
    vault::Key heads_;
    vault::Key names_;
};

// How many bytes a file of that size has on disk.
[[nodiscard]] std::int64_t sealed_bytes(std::int64_t size) noexcept;

class SealedWriter {
public:
    // Makes the file, for its owner only from the first byte; whatever stood there is gone.
    [[nodiscard]] static model::Result<SealedWriter> create(std::filesystem::path const& path);

    [[nodiscard]] model::Result<void> add(std::string_view bytes);
    // Writes the last piece and the head. Until then nobody can read the file.
    [[nodiscard]] model::Result<Digest> finish(FileKeys const& keys);

private:
    SealedWriter(std::ofstream out, vault::Key key) : out_(std::move(out)), key_(key) {}
    [[nodiscard]] model::Result<void> write_piece(bool last);

    std::ofstream out_;
    vault::Key key_;
    Digester digester_;
    std::string piece_;
    std::string sealed_;
    std::uint64_t number_ = 0;
};

class SealedReader {
public:
    [[nodiscard]] static model::Result<SealedReader> open(std::filesystem::path const& path, FileKeys const& keys);

    [[nodiscard]] Digest const& content() const noexcept { return content_; }
    // All of `out`, from that offset of the content; both within its size.
    [[nodiscard]] model::Result<void> read(std::int64_t offset, std::span<char> out);

private:
    SealedReader(std::ifstream in, vault::Key key, Digest content)
        : in_(std::move(in)), key_(key), content_(std::move(content)) {}
    [[nodiscard]] model::Result<void> load(std::int64_t number);

    std::ifstream in_;
    vault::Key key_;
    Digest content_;
    std::int64_t loaded_ = -1;  // number of the piece that is held
    std::string piece_;
};

// Overwrites the head on disk. The caller removes the file.
[[nodiscard]] model::Result<void> erase_head(std::filesystem::path const& path);

}  // namespace crosswalk::spool
