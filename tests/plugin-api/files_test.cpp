#include <crosswalk/files.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace crosswalk::connector {
namespace {

TEST(Base64, KnowsTheVectorsOfRfc4648BothWays) {
    for (auto const& [text, bytes] : {std::pair{"", ""},
                                      {"Zg==", "f"},
                                      {"Zm8=", "fo"},
                                      {"Zm9v", "foo"},
                                      {"Zm9vYmE=", "fooba"},
                                      {"+/+/", "\xFB\xFF\xBF"}}) {
        EXPECT_EQ(decode_base64(text), bytes);
        EXPECT_EQ(encode_base64(bytes), text);
    }
}

TEST(Base64, RefusesEverythingElse) {
    for (char const* text :
         {"Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "Z===", "Zm9v\n", "Zm 9", "Zm9-", "====", "Zm9v=", "="}) {
        EXPECT_EQ(decode_base64(text), std::nullopt) << text;
    }
}

TEST(UploadForm, PicksABoundaryThatNoPartContains) {
    Form form;
    form.add_file("file", "a", "text/plain", "--crosswalk-form-0\r\n--crosswalk-form-1--");
    EXPECT_EQ(form.content_type(), "multipart/form-data; boundary=crosswalk-form-2");
}

TEST(UploadForm, LetsNoNameOrTypeBreakOutOfItsHeader) {
    Form form;
    form.add_file("file", "a\"\r\nX-Evil: 1", "text/plain\r\nX-Evil: 1", "x");
    EXPECT_EQ(form.body().find("\r\nX-Evil"), std::string::npos);
    EXPECT_NE(form.body().find("application/octet-stream"), std::string::npos);
}

TEST(UploadForm, WritesItsPartsInOrder) {
    Form form;
    form.add_text("name", "a");
    form.add_file("file", "a.txt", "text/plain", "bytes");
    EXPECT_EQ(form.body(),
              "--crosswalk-form-0\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n"
              "--crosswalk-form-0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
              "Content-Type: text/plain\r\n\r\nbytes\r\n--crosswalk-form-0--\r\n");
}

}  // namespace
}  // namespace crosswalk::connector
