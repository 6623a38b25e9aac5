// cw.files/1, cw.links/1 and cw.secrets/1, as a connector sees them.
#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string const denied = std::to_string(CW_ERR_DENIED);
std::string const invalid = std::to_string(CW_ERR_INVALID);
std::string const not_found = std::to_string(CW_ERR_NOT_FOUND);
std::string const too_large = std::to_string(CW_ERR_TOO_LARGE);
std::string const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class Kept : public Versatile {
protected:
    void SetUp() override { start(); }
    [[nodiscard]] std::string answer(std::string const& script) { return push(script).reason; }
};

TEST_F(Kept, AFileIsKnownByTheHashOfItsContentAndReadInPieces) {
    EXPECT_EQ(answer("file_put|abc"), abc);
    EXPECT_EQ(answer("file_size|" + abc), "size 3");
    EXPECT_EQ(answer("file_read|" + abc + "|1|100"), "bc");
    EXPECT_EQ(answer("file_read|" + abc + "|0|2"), "ab");
    EXPECT_EQ(answer("file_read|" + abc + "|3|10"), "");
    EXPECT_EQ(answer("file_read|" + abc + "|99|10"), "");
    EXPECT_EQ(answer("file_read|" + abc + "|-1|10\nfile_read|" + abc + "|0|-1"), invalid + "\n" + invalid);
}

TEST_F(Kept, OneReadGivesAtMostAMebibyte) {
    std::string const id = answer("file_put_many|1500000");
    EXPECT_EQ(answer("file_read|" + id + "|0|9000000000"), "1048576 bytes");
    EXPECT_EQ(answer("file_read|" + id + "|1048576|9000000000"), "451424 bytes");
}

TEST_F(Kept, AFileAboveTheLimitIsRefused) {
    EXPECT_EQ(answer("file_put_many|4194304").size(), 64U);
    EXPECT_EQ(answer("file_put_many|4194305"), too_large);
    files_.bytes_max_ = std::int64_t{1} << 40;
    EXPECT_EQ(answer("file_put_many|33554433"), too_large);
}

TEST_F(Kept, WhatIsNoIdNamesNoFile) {
    for (std::string const& id : {std::string(), std::string("../../etc/passwd"), std::string("ABC"),
                                  std::string("ba78"), std::string(64, 'g')}) {
        EXPECT_EQ(answer("file_size|" + id), not_found) << id;
        EXPECT_EQ(answer("file_read|" + id + "|0|1"), not_found) << id;
    }
    EXPECT_EQ(answer("file_size|" + std::string(64, '0')), not_found);
}

TEST_F(Kept, LinksRecordsOfThisConnectionWithThoseOfAnother) {
    std::string const theirs = R"({"system":"lever","kind":"requisition","id":"r-1"})";
    EXPECT_EQ(answer("link_find|" + theirs), "[]");
    EXPECT_EQ(answer("link_put|job|j-1|" + theirs), "0");
    EXPECT_EQ(answer("link_find|" + theirs), R"([{"system":"here","kind":"job","id":"j-1"}])");
    EXPECT_EQ(answer(R"(link_find|{"system":"here","kind":"job","id":"j-1","title":"for people"})"),
              "[" + theirs + "]");
    EXPECT_EQ(answer("link_remove|job|j-2|" + theirs), not_found);
    EXPECT_EQ(answer("link_remove|job|j-1|" + theirs + "\nlink_find|" + theirs), "0\n[]");
}

TEST_F(Kept, WhatIsNoRefIsNotLinked) {
    std::string const theirs = R"({"system":"lever","kind":"requisition","id":"r-1"})";
    for (std::string const broken :
         {"", "{}", "[]", "no json", R"({"system":"lever","kind":"requisition"})",
          R"({"system":"lever","kind":"requisition","id":""})", R"({"system":"lever","kind":"requisition","id":7})"}) {
        EXPECT_EQ(answer("link_put|job|j-1|" + broken), invalid) << broken;
        EXPECT_EQ(answer("link_find|" + broken), invalid) << broken;
        EXPECT_EQ(answer("link_remove|job|j-1|" + broken), invalid) << broken;
    }
    EXPECT_EQ(answer("link_put||j-1|" + theirs), invalid);
    EXPECT_EQ(answer("link_put|job||" + theirs), invalid);
    EXPECT_EQ(answer("link_put|job|" + std::string(513, 'j') + "|" + theirs), invalid);
}

TEST_F(Kept, ASecretFromTheVendorIsReadLikeOneOfTheSettings) {
    // printf 'ab' | openssl dgst -sha256 -hmac s3cret
    std::string const mac = "5aa06cbea1b8c821496a399880e503518992131924d8b4ca5275f0c60e999931";
    EXPECT_EQ(answer("secret|/absent"), not_found);
    EXPECT_EQ(answer("secret_put|/absent|s3cret"), "0");
    EXPECT_EQ(answer("secret|/absent"), "s3cret");
    EXPECT_EQ(answer("hmac|/absent|a|b|" + mac), "0");
    EXPECT_EQ(answer("secret_remove|/absent\nsecret|/absent"), "0\n" + not_found);
    EXPECT_EQ(answer("secret_remove|/absent"), not_found);
}

TEST_F(Kept, ASignatureMadeWithTheSecretBeforeCountsAsLongAsARotationLetsIt) {
    std::string const mac = "5aa06cbea1b8c821496a399880e503518992131924d8b4ca5275f0c60e999931";
    kept_secrets_.values["/absent"] = "new";
    EXPECT_EQ(answer("hmac|/absent|a|b|" + mac), std::to_string(CW_ERR_AUTH));
    kept_secrets_.previous["/absent"] = "s3cret";
    EXPECT_EQ(answer("hmac|/absent|a|b|" + mac), "0");
    kept_secrets_.previous.clear();
    EXPECT_EQ(answer("hmac|/absent|a|b|" + mac), std::to_string(CW_ERR_AUTH));
}

TEST_F(Kept, ASecretIsKeptOnlyWhereTheDescriptorSaysSoAndNeverEmpty) {
    EXPECT_EQ(answer("secret_put|/base_url|x"), denied);
    EXPECT_EQ(answer("secret_put|/absent|"), invalid);
    EXPECT_EQ(answer("secret_put|/absent|" + std::string(64 * 1024 + 1, 's')), too_large);
    EXPECT_TRUE(kept_secrets_.values.empty());
    EXPECT_THAT(log(), Not(HasSubstr("sss")));
}

TEST_F(Kept, AVerifyReadsAKeptSecretButKeepsNone) {
    kept_secrets_.values["/absent"] = "s3cret";
    std::string const mac = "5aa06cbea1b8c821496a399880e503518992131924d8b4ca5275f0c60e999931";
    ASSERT_TRUE(verify("hmac|/absent|a|b|" + mac + "\nsecret|/absent\nsecret_put|/absent|x\nfile_put|x\nlink_find|{}"));
    EXPECT_EQ(kept_secrets_.values["/absent"], "s3cret");
    for (char const* service : {"cw.secrets/1", "cw.files/1", "cw.links/1"}) {
        EXPECT_THAT(log(), HasSubstr("\"hook\":\"webhook_verify\",\"service\":\"" + std::string(service) + "\""));
    }
    EXPECT_THAT(log(), Not(HasSubstr("\"service\":\"cw.crypto/1\"")));
}

TEST_F(Kept, AMapKeepsNothing) {
    auto const mapped = map("file_put|x\nfile_size|x\nlink_find|{}\nsecret_put|/absent|x");
    ASSERT_TRUE(mapped);
    EXPECT_EQ(mapped->reason, denied + "\n" + denied + "\n" + denied + "\n" + denied);
}

TEST_F(Kept, AParseAndAPollMayUseAll) {
    std::string const script =
        "file_put|abc\nlink_put|job|j|{\"system\":\"a\",\"kind\":\"b\",\"id\":\"c\"}\n"
        "secret_put|/absent|x\nevent|e|s|{}";
    auto const parsed = parse(script);
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->reason, abc + "\n0\n0\n0");
    auto const polled = connector_->poll({"thing.happened", script}, patience);
    ASSERT_TRUE(polled) << polled.error().detail;
    EXPECT_THAT(log(), Not(HasSubstr("its hook may not use")));
}

TEST_F(Kept, WithoutAnybodyBehindThemTheExtensionsAreNotThere) {
    keeps_ = false;
    start();
    EXPECT_EQ(answer("extension|cw.files/1\nextension|cw.links/1\nextension|cw.secrets/1\nextension|cw.crypto/1"),
              "none\nnone\nnone\nsome");
}

}  // namespace
}  // namespace crosswalk::plugin_host
