#include "plugin_host/wire.hpp"

#include <gtest/gtest.h>

#include <random>

namespace crosswalk::plugin_host {
namespace {

TEST(Wire, FieldsComeBackInOrder) {
    Fields fields;
    fields.put("one").put(std::int64_t{-2}).put("");
    Reader reader(fields.bytes());
    EXPECT_EQ(reader.text(), "one");
    EXPECT_EQ(reader.number(), -2);
    EXPECT_EQ(reader.text(), "");
    EXPECT_TRUE(reader.good());
}

TEST(Wire, AMissingFieldIsEmptyOrZero) {
    Reader reader("");
    EXPECT_EQ(reader.text(), "");
    EXPECT_EQ(reader.number(), 0);
    EXPECT_TRUE(reader.good());
}

TEST(Wire, AFieldThatEndsAfterItsFrameIsBadForGood) {
    std::string bytes(Fields().put("four").put("more").bytes());
    bytes.resize(bytes.size() - 1);
    Reader reader(bytes);
    EXPECT_EQ(reader.text(), "four");
    EXPECT_EQ(reader.text(), "");
    EXPECT_FALSE(reader.good());
    EXPECT_EQ(reader.number(), 0);
}

TEST(Wire, ANumberThatIsNotEightBytesIsBad) {
    std::string const bytes(Fields().put("123").bytes());
    Reader reader(bytes);
    EXPECT_EQ(reader.number(), 0);
    EXPECT_FALSE(reader.good());
}

TEST(Wire, ACountBeyondItsLimitIsBad) {
    for (std::int64_t const wanted : {std::int64_t{-1}, std::int64_t{5}, INT64_MAX}) {
        std::string const bytes(Fields().put(wanted).bytes());
        Reader reader(bytes);
        EXPECT_EQ(reader.count(4), 0U);
        EXPECT_FALSE(reader.good()) << wanted;
    }
}

TEST(Wire, AFrameSaysItsTypeCallAndSize) {
    Fields fields;
    auto const bytes = fields.put("fields").frame(FrameType::push, 77);
    ASSERT_TRUE(bytes);
    auto const header = parse_frame_header(bytes->substr(0, frame_header_bytes));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->type, FrameType::push);
    EXPECT_EQ(header->call, 77U);
    EXPECT_EQ(header->bytes, 10U);
    EXPECT_EQ(Reader(bytes->substr(frame_header_bytes)).text(), "fields");
}

TEST(Wire, AFrameBeyondTheLimitIsNeitherMadeNorTaken) {
    Fields large;
    EXPECT_FALSE(large.put(std::string(frame_bytes_max, 'x')).frame(FrameType::push, 1));
    Fields none;
    std::string header(*none.frame(FrameType::push, 1));
    header[3] = '\x7F';
    EXPECT_FALSE(parse_frame_header(header));
    header.assign(frame_header_bytes, '\0');
    EXPECT_FALSE(parse_frame_header(header)) << "shorter than its own header";
}

TEST(Wire, AnUnknownTypeIsNoFrame) {
    Fields none;
    std::string header(*none.frame(FrameType::push, 1));
    header[4] = 99;
    EXPECT_FALSE(parse_frame_header(header));
}

// F.1
TEST(Wire, RandomBytesNeverLeadOutOfTheFrame) {
    std::mt19937 random(20261122);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 64, '\0');
        for (char& byte : bytes) {
            // Small numbers make plausible lengths.
            byte = static_cast<char>(random() % 3 == 0 ? random() % 256 : random() % 12);
        }
        Reader reader(bytes);
        for (int i = 0; i < 20; ++i) {
            std::string_view const text = reader.text();
            ASSERT_TRUE(text.empty() ||
                        (text.data() >= bytes.data() && text.data() + text.size() <= bytes.data() + bytes.size()));
            (void)reader.count(8);
        }
    }
}

}  // namespace
}  // namespace crosswalk::plugin_host
