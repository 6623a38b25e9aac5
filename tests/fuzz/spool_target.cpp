// A kept file that the disk, a cut or a person changed.
//
// Input    first byte: which of some sizes the content has, around the ends of pieces. Then edits of the file at rest:
//          three bytes of a place and one that is added there, or where the place's highest bit is set, how much is cut
//          off the end or, with an odd last byte, appended.
// Promises what is read is what was put, byte for byte, or an error that has words.
#include "fuzz/targets.hpp"
#include "spool/sealed_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace crosswalk::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t edits_max = 16;
constexpr std::size_t appended_max = 70'000;
constexpr std::array<std::size_t, 8> sizes{0, 1, 1000, 65'535, 65'536, 65'537, 131'072, 150'000};

spool::FileKeys const& keys() {
    static spool::FileKeys const made = *spool::FileKeys::from(*vault::Key::from(std::string(vault::Key::size, 'k')));
    return made;
}

struct Genuine {
    std::string content;
    std::string sealed;
    std::string id;
};

// A file belongs to its name.
fs::path path(std::string const& id) {
    static fs::path const folder = [] {
        fs::path made = fs::temp_directory_path() / ("crosswalk-fuzz-spool-" + std::to_string(getpid()));
        fs::create_directories(made);
        return made;
    }();
    return folder / keys().name_of(id);
}

Genuine make(std::size_t size) {
    Genuine made;
    for (std::size_t i = 0; i < size; ++i) {
        made.content += static_cast<char>('a' + i / 7 % 26);
    }
    auto writer = spool::SealedWriter::create(path("new"));
    require(writer && writer->add(made.content), "a file can be made");
    auto const digest = writer->finish(keys());
    require(digest.has_value(), "a file can be finished");
    made.id = digest->id;
    std::ifstream file(path("new"), std::ios::binary);
    made.sealed = {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    require(made.sealed.size() == static_cast<std::size_t>(spool::sealed_bytes(digest->size)),
            "a file has the size on disk that is counted for it");
    return made;
}

void edit(std::string& bytes, std::string_view edits) {
    for (std::size_t i = 0; i < edits_max && edits.size() >= 4; ++i) {
        auto const at = [&](std::size_t index) { return static_cast<unsigned char>(edits[index]); };
        std::size_t const place = (at(0) & 0x7FU) * 65536U + at(1) * 256U + at(2);
        if ((at(0) & 0x80U) == 0 && !bytes.empty()) {
            char& byte = bytes[place % bytes.size()];
            byte = static_cast<char>(static_cast<unsigned char>(byte) + at(3));
        } else if (at(3) % 2 == 1) {
            // The file's own beginning: whole pieces that were sealed with its key, in a wrong place.
            bytes += bytes.substr(0, place % appended_max);
        } else if (!bytes.empty()) {
            bytes.resize(bytes.size() - place % bytes.size());
        }
        edits.remove_prefix(4);
    }
}

// From the beginning, or only what stands after `offset`.
void read(spool::SealedReader& reader, Genuine const& genuine, std::size_t offset) {
    std::string out(genuine.content.size() - offset, '\0');
    auto const done = reader.read(static_cast<std::int64_t>(offset), out);
    require(done || !done.error().detail.empty(), "an error has words");
    require(!done || std::string_view(genuine.content).substr(offset) == out, "what is read is what was put");
}

}  // namespace

void run_spool(std::string_view input) {
    static std::array<Genuine, sizes.size()> const originals = [] {
        std::array<Genuine, sizes.size()> made;
        std::transform(sizes.begin(), sizes.end(), made.begin(), make);
        return made;
    }();
    Genuine const& genuine = originals.at(take_byte(input).value_or(0) % originals.size());
    std::string sealed = genuine.sealed;
    edit(sealed, input);
    fs::path const place = path(genuine.id);
    std::ofstream(place, std::ios::binary | std::ios::trunc) << sealed;
    auto reader = spool::SealedReader::open(place, keys());
    require(reader || !reader.error().detail.empty(), "an error has words");
    require(reader || sealed != genuine.sealed, "a file that nobody changed opens");
    if (reader) {
        require(reader->content().id == genuine.id &&
                    reader->content().size == static_cast<std::int64_t>(genuine.content.size()),
                "a head is the one that was written");
        read(*reader, genuine, genuine.content.size() / 2);
        read(*reader, genuine, 0);
    }
    fs::remove(place);
}

}  // namespace crosswalk::fuzz
