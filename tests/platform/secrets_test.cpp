#include "platform/secrets.hpp"

#include "temporary_folder.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

namespace crosswalk::platform {
namespace {

using model::ErrorCode;
using testing::HasSubstr;
using testing::Not;

// Both providers' folders, and what they give.
class Secrets : public testing::Test {
protected:
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const {
        return SystemSecrets(credentials.path(), files.path()).resolve(reference);
    }
    // The bytes, or the code's name.
    [[nodiscard]] std::string bytes(std::string_view reference) const {
        auto const secret = resolve(reference);
        return secret ? std::string(secret->reveal()) : std::string(model::name(secret.error().code));
    }

    TemporaryFolder credentials;
    TemporaryFolder files;
};

TEST_F(Secrets, ReadAPrivateFile) {
    files.write("smtp", "pass word", 0600);
    EXPECT_EQ(bytes("secret:file/smtp"), "pass word");
}

TEST_F(Secrets, ReadAFileInAFolder) {
    files.write("vendors/lever", "x", 0400);
    EXPECT_EQ(bytes("secret:file/vendors/lever"), "x");
}

TEST_F(Secrets, LoseOneNewlineAtTheEndAndNoMore) {
    files.write("unix", "a\n", 0600);
    files.write("dos", "a\r\n", 0600);
    files.write("two", " a\n\n", 0600);
    files.write("middle", "a\nb", 0600);
    EXPECT_EQ(bytes("secret:file/unix"), "a");
    EXPECT_EQ(bytes("secret:file/dos"), "a");
    EXPECT_EQ(bytes("secret:file/two"), " a\n");
    EXPECT_EQ(bytes("secret:file/middle"), "a\nb");
}

TEST_F(Secrets, RefuseAFileThatGroupOrOthersMayOpen) {
    for (unsigned const mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U}) {
        files.write("smtp", "hunter2", mode);
        auto const secret = resolve("secret:file/smtp");
        ASSERT_FALSE(secret) << std::oct << mode;
        EXPECT_EQ(secret.error().code, ErrorCode::permission_denied);
        EXPECT_THAT(secret.error().detail, HasSubstr("secret:file/smtp: "));
        EXPECT_THAT(secret.error().detail, HasSubstr("chmod 600"));
        EXPECT_THAT(secret.error().detail, Not(HasSubstr("hunter2")));
    }
}

TEST_F(Secrets, RefuseAFileOfAnotherUser) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give files away";
    }
    files.write("smtp", "hunter2", 0600);
    ASSERT_EQ(::chown((files.path() / "smtp").c_str(), 12345, 12345), 0);
    auto const secret = resolve("secret:file/smtp");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, ErrorCode::permission_denied);
    EXPECT_THAT(secret.error().detail, HasSubstr("belongs to another user"));
}

TEST_F(Secrets, JudgeWhatALinkLeadsTo) {
    files.write("open", "x", 0644);
    std::filesystem::create_symlink(files.path() / "open", files.path() / "smtp");
    EXPECT_EQ(bytes("secret:file/smtp"), "permission_denied");
}

TEST_F(Secrets, AreReadAnewEachTime) {
    SystemSecrets const secrets(credentials.path(), files.path());
    files.write("smtp", "old", 0600);
    EXPECT_EQ(secrets.resolve("secret:file/smtp")->reveal(), "old");
    files.write("smtp", "new", 0600);
    EXPECT_EQ(secrets.resolve("secret:file/smtp")->reveal(), "new");
}

TEST_F(Secrets, SayWhichReferenceIsMissing) {
    auto const secret = resolve("secret:file/smtp");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, ErrorCode::not_found);
    EXPECT_EQ(secret.error().detail, "secret:file/smtp: there is no such file");
}

TEST_F(Secrets, AreNotFoundWhenEmpty) {
    files.write("none", "", 0600);
    files.write("newline", "\n", 0600);
    EXPECT_EQ(bytes("secret:file/none"), "not_found");
    EXPECT_EQ(bytes("secret:file/newline"), "not_found");
}

TEST_F(Secrets, MayHave64KiBAndNoMore) {
    files.write("most", std::string(64 * 1024, 'x'), 0600);
    files.write("more", std::string(64 * 1024 + 1, 'x'), 0600);
    EXPECT_EQ(bytes("secret:file/most").size(), 64U * 1024);
    EXPECT_EQ(bytes("secret:file/more"), "too_large");
}

TEST_F(Secrets, AreRegularFiles) {
    std::filesystem::create_directory(files.path() / "folder");
    ASSERT_EQ(::mkfifo((files.path() / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(bytes("secret:file/folder"), "permission_denied");
    EXPECT_EQ(bytes("secret:file/pipe"), "permission_denied");
}

TEST_F(Secrets, DoNotLeaveTheirFolder) {
    files.write("inner/x", "x", 0600);
    for (std::string_view const reference :
         {"secret:file/../x", "secret:file/inner/../../x", "secret:file//etc/passwd", "secret:file/./x", "secret:file/",
          "secret:file/inner//x", "secret:file/inner/", "secret:file/a\\b", "secret:file/C:x", "secret:credential/..",
          "secret:file"}) {
        EXPECT_EQ(bytes(reference), "invalid_argument") << reference;
    }
}

TEST_F(Secrets, ComeFromTheServiceManager) {
    credentials.write("admin-token", "t0ken\n", 0440);  // systemd guards the folder
    EXPECT_EQ(bytes("secret:credential/admin-token"), "t0ken");
    EXPECT_EQ(bytes("secret:credential/other"), "not_found");
}

TEST_F(Secrets, SayThatTheServiceManagerHandedOverNone) {
    auto const secret = SystemSecrets({}, files.path()).resolve("secret:credential/admin-token");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, ErrorCode::not_found);
    EXPECT_THAT(secret.error().detail, HasSubstr("LoadCredential="));
}

TEST_F(Secrets, ComeFromTheEnvironment) {
    Variable const variable("CROSSWALK_TEST_SECRET", "from the environment");
    EXPECT_EQ(bytes("secret:env/CROSSWALK_TEST_SECRET"), "from the environment");
    EXPECT_EQ(bytes("secret:env/CROSSWALK_TEST_NO_SECRET"), "not_found");
}

TEST_F(Secrets, AreNotFoundInAnEmptyVariable) {
    Variable const variable("CROSSWALK_TEST_SECRET", "");
    EXPECT_EQ(bytes("secret:env/CROSSWALK_TEST_SECRET"), "not_found");
}

TEST_F(Secrets, NameTheNearestProvider) {
    auto const secret = resolve("secret:files/smtp");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(secret.error().detail, "unknown secret provider 'files'; did you mean 'file'?");
}

TEST_F(Secrets, DoNotRepeatWhatIsNoReference) {
    auto const secret = resolve("hunter2");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(secret.error().detail, Not(HasSubstr("hunter2")));
}

TEST(CredentialsDirectory, IsWhatTheServiceManagerSays) {
    EXPECT_EQ(credentials_directory(), std::filesystem::path());
    Variable const variable("CREDENTIALS_DIRECTORY", "/run/credentials/crosswalk.service");
    EXPECT_EQ(credentials_directory(), std::filesystem::path("/run/credentials/crosswalk.service"));
}

}  // namespace
}  // namespace crosswalk::platform
