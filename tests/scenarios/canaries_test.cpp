// The search for canaries can fail: it finds what was planted.
#include "scenarios/canaries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <stdexcept>

namespace crosswalk::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Canaries const canaries({"Canarylast", "canary.mail@example.com", "+1 202 555 0177"});

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("canaries-" + std::to_string(std::random_device{}()))) {
        fs::create_directory(path_);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    void write(std::string const& name, std::string const& content) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << content;
    }
    [[nodiscard]] fs::path const& path() const noexcept { return path_; }

private:
    fs::path const path_;
};

TEST(Canaries, AreFoundAsTheyAreAndInAnyCase) {
    EXPECT_THAT(canaries.in("the log", "{\"a\":\"Canarylast\"}"), ElementsAre("Canarylast is in the log"));
    EXPECT_THAT(canaries.in("the log", "CANARYLAST canary.Mail@Example.com").size(), 2U);
}

TEST(Canaries, AreFoundPercentEncodedAndInHex) {
    EXPECT_THAT(canaries.in("an address", "?email=canary.mail%40example.com&x=1").size(), 1U);
    EXPECT_THAT(canaries.in("an address", "?phone=%2B1%20202%20555%200177").size(), 1U);
    EXPECT_THAT(canaries.in("a dump", "0043616E6172796C61737400").size(), 1U);
}

// As the encoders of other people write "Canarylast", with 0, 1 and 2 bytes before it and some after it.
TEST(Canaries, AreFoundInBase64WhereverTheyBegin) {
    for (char const* const text : {"Q2FuYXJ5bGFzdA==", "OkNhbmFyeWxhc3Q6", "OjpDYW5hcnlsYXN0Ojo="}) {
        EXPECT_THAT(canaries.in("a header", text), ElementsAre("Canarylast is in a header")) << text;
    }
}

TEST(Canaries, AreNotFoundWhereThereAreNone) {
    EXPECT_THAT(canaries.in("the log", "Canary last, mail@example.com, 555 0177, Q2FuYXJ5"), IsEmpty());
}

TEST(Canaries, AreFoundInAnyFileBelowAFolderUpToItsLastByte) {
    Folder const folder;
    folder.write("store.db", std::string(3'000'000, '\0') + "Canarylast");
    folder.write("spool/ab/file", std::string("\x01\xff", 2) + "canary.mail@example.com");
    folder.write("spool/Canarylast.pdf", "%PDF");
    EXPECT_THAT(
        canaries.below(folder.path()),
        testing::UnorderedElementsAre("Canarylast is in store.db", "canary.mail@example.com is in spool/ab/file",
                                      "Canarylast is in the name of spool/Canarylast.pdf"));
}

TEST(Canaries, ReportAFolderInWhichNothingCouldBeSearched) {
    Folder const folder;
    EXPECT_THAT(canaries.below(folder.path()), ElementsAre(HasSubstr("nothing could be searched")));
    EXPECT_THAT(canaries.below(folder.path() / "none"), ElementsAre(HasSubstr("nothing could be searched")));
    folder.write("store.db", "bytes of nobody");
    EXPECT_THAT(canaries.below(folder.path()), IsEmpty());
}

TEST(Canaries, AreLongEnoughToBeDistinctive) {
    EXPECT_THROW(Canaries({"short"}), std::invalid_argument);
}

}  // namespace
}  // namespace crosswalk::scenarios
