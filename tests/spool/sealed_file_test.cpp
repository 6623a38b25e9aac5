// What anybody with a hand on the disk may do to a file, and that it is noticed.
#include "spool/sealed_file.hpp"

#include "platform/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <iterator>

namespace crosswalk::spool {
namespace {

namespace fs = std::filesystem;
using model::ErrorCode;

constexpr std::size_t head = 136;
constexpr std::size_t piece = 64 * 1024;
constexpr std::size_t sealed_piece = piece + 16;

class SealedFile : public testing::Test {
protected:
    // Under the name that it must have.
    fs::path write(std::string_view content) {
        fs::path const incoming = folder_.path() / "incoming";
        auto writer = SealedWriter::create(incoming);
        EXPECT_TRUE(writer);
        EXPECT_TRUE(writer->add(content));
        auto const digest = writer->finish(keys_);
        EXPECT_TRUE(digest);
        fs::path path = folder_.path() / keys_.name_of(digest->id);
        fs::rename(incoming, path);
        return path;
    }
    // The content, or the words of what is wrong.
    [[nodiscard]] std::string read(fs::path const& path) const {
        auto reader = SealedReader::open(path, keys_);
        if (!reader) {
            return reader.error().detail;
        }
        std::string out(static_cast<std::size_t>(reader->content().size), '\0');
        auto const done = reader->read(0, out);
        return done ? out : done.error().detail;
    }
    [[nodiscard]] static std::string bytes_of(fs::path const& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static void replace(fs::path const& path, std::string_view bytes) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
    // A text in which every piece is another.
    [[nodiscard]] static std::string numbered(std::size_t bytes) {
        std::string out;
        while (out.size() < bytes) {
            out += std::to_string(out.size()) + ",";
        }
        out.resize(bytes);
        return out;
    }

    platform::TemporaryFolder folder_;
    FileKeys keys_ = FileKeys::from(vault::Key::from(std::string(32, 'k')).value()).value();
    std::string const damaged_ = "A stored file was changed, or encrypted with another key.";
};

TEST_F(SealedFile, GivesBackContentOfAnySizeAroundAPiece) {
    for (std::size_t const size : {std::size_t{0}, std::size_t{1}, piece - 1, piece, piece + 1, 3 * piece}) {
        std::string const content = numbered(size);
        fs::path const path = write(content);
        EXPECT_TRUE(read(path) == content) << size;
        EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(path)), sealed_bytes(static_cast<std::int64_t>(size)));
    }
}

TEST_F(SealedFile, IsReadFromAnyPlace) {
    std::string const content = numbered(3 * piece + 100);
    auto reader = SealedReader::open(write(content), keys_);
    ASSERT_TRUE(reader);
    for (std::size_t const offset : {2 * piece + 7, std::size_t{3}, piece - 1, 3 * piece}) {
        std::string out(100, '\0');
        ASSERT_TRUE(reader->read(static_cast<std::int64_t>(offset), out));
        EXPECT_EQ(out, content.substr(offset, 100)) << offset;
    }
    std::string out(101, '\0');
    EXPECT_EQ(reader->read(3 * piece, out).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(reader->read(-1, out).error().code, ErrorCode::invalid_argument);
}

TEST_F(SealedFile, IsEncryptedAnewEachTime) {
    std::string const first = bytes_of(write("the same"));
    EXPECT_NE(bytes_of(write("the same")).substr(head), first.substr(head));
}

TEST_F(SealedFile, TellsOfAnyByteThatChanged) {
    fs::path const path = write("abc");
    std::string const whole = bytes_of(path);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        replace(path, changed);
        EXPECT_EQ(read(path), damaged_) << at;
    }
}

TEST_F(SealedFile, TellsOfAnEndThatIsCutOff) {
    fs::path const path = write(numbered(3 * piece));
    std::string const whole = bytes_of(path);
    for (std::size_t const left : {whole.size() - 1, head + 2 * sealed_piece, head, std::size_t{1}, std::size_t{0}}) {
        replace(path, whole.substr(0, left));
        EXPECT_EQ(read(path), damaged_) << left;
    }
}

TEST_F(SealedFile, TellsOfWhatIsAppended) {
    fs::path const path = write(numbered(piece));
    std::string const whole = bytes_of(path);
    for (std::string const& more : {std::string(1, 'x'), whole.substr(head)}) {
        replace(path, whole + more);
        EXPECT_EQ(read(path), damaged_);
    }
}

TEST_F(SealedFile, TellsOfPiecesThatChangedPlaces) {
    fs::path const path = write(numbered(3 * piece));
    std::string const whole = bytes_of(path);
    auto const part = [&](std::size_t number) { return whole.substr(head + number * sealed_piece, sealed_piece); };
    std::string const top = whole.substr(0, head);
    replace(path, top + part(1) + part(0) + part(2));
    EXPECT_EQ(read(path), damaged_);
    replace(path, top + part(0) + part(2) + part(1));
    EXPECT_EQ(read(path), damaged_);
    replace(path, top + part(0) + part(1) + part(2));
    EXPECT_EQ(read(path), numbered(3 * piece));
}

TEST_F(SealedFile, TellsOfAFileThatStandsInThePlaceOfAnother) {
    fs::path const one = write("one");
    fs::path const two = write("two");
    fs::rename(one, two);
    EXPECT_EQ(read(two), damaged_);
}

TEST_F(SealedFile, TellsOfAHeadThatBelongsToAnotherFile) {
    std::string const one = bytes_of(write("one"));
    fs::path const path = write("two");
    replace(path, bytes_of(path).substr(0, head) + one.substr(head));
    EXPECT_EQ(read(path), damaged_);
}

TEST_F(SealedFile, CannotBeReadWithAnotherKey) {
    fs::path const path = write("abc");
    auto const other = FileKeys::from(vault::Key::from(std::string(32, 'o')).value()).value();
    EXPECT_EQ(SealedReader::open(path, other).error().code, ErrorCode::corruption);
}

TEST_F(SealedFile, CannotBeReadBeforeItIsFinishedOrAfterItsHeadIsErased) {
    fs::path const path = write("abc");
    ASSERT_TRUE(erase_head(path));
    EXPECT_EQ(read(path), damaged_);
    auto writer = SealedWriter::create(path);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->add("abc"));
    EXPECT_EQ(read(path), damaged_);
}

TEST_F(SealedFile, IsRefusedByAFolderThatIsNotThere) {
    EXPECT_EQ(SealedWriter::create(folder_.path() / "none" / "file").error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace crosswalk::spool
