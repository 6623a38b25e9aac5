#include "plugin_host/preflight.hpp"

#include "versatile.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace crosswalk::plugin_host {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The refusal's text; empty when the file passes.
std::string refusal(std::string const& path, std::string const& sha256 = {}) {
    auto const checked = check_file(path, sha256);
    return checked ? std::string() : checked.error().detail;
}

std::string scratch_file(std::string const& name, std::string const& content) {
    std::string const path = ::testing::TempDir() + "crosswalk_preflight_" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

std::string content_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Preflight, PassesALibraryThatExportsTheEntryOnly) {
    EXPECT_EQ(refusal(fixture("versatile")), "");
}

TEST(Preflight, RefusesARelativePath) {
    EXPECT_THAT(refusal("versatile.so"), AllOf(HasSubstr("versatile.so"), HasSubstr("absolute path")));
}

TEST(Preflight, NamesAFileThatDoesNotExist) {
    auto const checked = check_file("/nowhere/acme.so", "");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, model::ErrorCode::not_found);
    EXPECT_THAT(checked.error().detail, HasSubstr("/nowhere/acme.so"));
}

TEST(Preflight, RefusesADirectory) {
    EXPECT_THAT(refusal(std::filesystem::temp_directory_path()), HasSubstr("not a regular file"));
}

TEST(Preflight, SaysThatATextIsNoLibrary) {
    EXPECT_THAT(refusal(scratch_file("text.so", "#!/bin/sh\necho hello\n")), HasSubstr("neither an ELF nor a PE file"));
    EXPECT_THAT(refusal(scratch_file("empty.so", "")), HasSubstr("neither an ELF nor a PE file"));
}

TEST(Preflight, RefusesALibraryThatWasCutShortWhereverItWasCut) {
    std::string const whole = content_of(fixture("versatile"));
    for (std::size_t const bytes :
         {std::size_t{5}, std::size_t{63}, std::size_t{64}, whole.size() / 2, whole.size() - 1}) {
        EXPECT_THAT(refusal(scratch_file("cut.so", whole.substr(0, bytes))), HasSubstr("damaged")) << bytes;
    }
}

TEST(Preflight, NamesBothSidesWhenTheAbiMajorDiffers) {
    EXPECT_THAT(refusal(fixture("other_major")),
                AllOf(HasSubstr("speaks connector ABI 1, this host speaks 0"), HasSubstr("other_major")));
}

TEST(Preflight, SaysThatALibraryExportsNoEntry) {
    EXPECT_THAT(refusal(fixture("no_entry")),
                AllOf(HasSubstr("exports no connector entry"), HasSubstr("cw_connector_entry_v0")));
}

TEST(Preflight, NamesAnExportBesideTheEntry) {
    EXPECT_THAT(refusal(fixture("two_exports")), HasSubstr("leaked_symbol"));
}

TEST(Preflight, NamesTheFirstTenOfManyExports) {
    std::vector<std::string> symbols{entry_symbol()};
    for (char c = 'a'; c <= 'l'; ++c) {
        symbols.push_back(std::string("leak_") + c);
    }
    auto const checked = check_exports("/x.so", symbols);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().detail,
                AllOf(HasSubstr("leak_a"), HasSubstr("leak_j"), Not(HasSubstr("leak_k")), HasSubstr("2 more")));
}

TEST(Preflight, RefusesAnEntryOfAnotherMajorBesideOurs) {
    EXPECT_FALSE(check_exports("/x.so", {entry_symbol(), "cw_connector_entry_v1"}));
}

TEST(Preflight, TakesNoNameThatOnlyBeginsLikeTheEntryForAMajor) {
    auto const checked = check_exports("/x.so", {"cw_connector_entry_v1_helper"});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().detail, HasSubstr("exports no connector entry"));
}

TEST(Preflight, ComparesThePinnedHash) {
    std::string const path = scratch_file("pinned.so", content_of(fixture("versatile")));
    EXPECT_THAT(refusal(path, std::string(64, '0')), AllOf(HasSubstr("sha256"), HasSubstr(std::string(64, '0'))));
    // SHA-256 of three letters, from FIPS 180-4; the text is refused later, for what it is.
    std::string const abc = scratch_file("abc.so", "abc");
    EXPECT_THAT(refusal(abc, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
                HasSubstr("neither an ELF nor a PE file"));
}

}  // namespace
}  // namespace crosswalk::plugin_host
