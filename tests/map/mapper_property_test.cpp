// Random records and random rules. Whatever they are, the Mapper answers, and its answer keeps its promises.
// The seed is fixed and printed on failure, so that a finding can be repeated.
#include "map/transform.hpp"
#include "rules.hpp"

#include <gtest/gtest.h>

#include <random>

namespace crosswalk::map {
namespace {

constexpr int rounds = 4000;

class Random {
public:
    explicit Random(unsigned seed) : engine_(seed) {}

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_); }
    bool one_in(std::size_t n) { return below(n) == 0; }

    template <class T>
    T const& pick(std::vector<T> const& from) {
        return from[below(from.size())];
    }

    std::string word() {
        static std::vector<std::string> const words{
            "first_name", "last_name", "address", "custom", "extra", "a", "b", "0", "1", "01", "-", "", "~", "/", "é"};
        return pick(words);
    }
    std::string bytes() {
        std::string out;
        for (std::size_t left = below(12); left > 0; --left) {
            out.push_back(static_cast<char>(below(256)));
        }
        return out;
    }
    std::string pointer() {
        std::string out;
        for (std::size_t left = below(4); left > 0; --left) {
            out += "/" + (one_in(8) ? bytes() : word());
        }
        return out;
    }
    boost::json::value value(std::size_t depth) {
        switch (below(depth == 0 ? 7 : 9)) {
            case 0:
                return nullptr;
            case 1:
                return one_in(2);
            case 2:
                return static_cast<std::int64_t>(engine_()) << below(32);
            case 3:
                return static_cast<std::uint64_t>(engine_()) << 32U;
            case 4:
                return static_cast<double>(engine_()) * (one_in(2) ? 1e300 : 1.0);
            case 5:
                return boost::json::value(bytes());
            case 6:
                return boost::json::value(pick(std::vector<std::string>{"2026-11-22", "1795334400000", " x ", ""}));
            case 7: {
                boost::json::array out;
                for (std::size_t left = below(4); left > 0; --left) {
                    out.push_back(value(depth - 1));
                }
                return out;
            }
            default:
                return object(depth - 1);
        }
    }
    boost::json::object object(std::size_t depth) {
        boost::json::object out;
        for (std::size_t left = below(5); left > 0; --left) {
            out[word()] = value(depth);
        }
        return out;
    }
    std::string json_text() { return one_in(6) ? bytes() : boost::json::serialize(boost::json::value(word())); }
    model::FieldRule rule() {
        model::FieldRule out;
        out.field = one_in(2) ? word() : pointer();
        for (std::size_t left = below(4); left > 0; --left) {
            out.from.push_back(pointer());
        }
        if (one_in(4)) {
            out.join = bytes();
        }
        if (one_in(6)) {
            out.constant = json_text();
        }
        for (std::size_t left = below(3); left > 0; --left) {
            out.transforms.push_back(static_cast<model::Transform>(below(5)));
        }
        if (one_in(3)) {
            out.table = one_in(2) ? "t" : "gone";
        }
        out.otherwise = static_cast<model::Otherwise>(below(3));
        if (one_in(3)) {
            out.fallback = json_text();
        }
        return out;
    }

private:
    std::mt19937 engine_;
};

TEST(MapperProperties, AnyRulesOnAnyRecordGiveAnAnswerThatKeepsItsPromises) {
    for (unsigned seed = 0; seed < rounds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        model::Mapping mapping;
        for (std::size_t left = random.below(6); left > 0; --left) {
            mapping.rules.push_back(random.rule());
        }
        for (std::size_t left = random.below(3); left > 0; --left) {
            mapping.required.push_back(random.one_in(2) ? random.word() : random.pointer());
        }
        boost::json::object const record = random.object(4);
        boost::json::object const before = record;
        Mapper const mapper(mapping, {{"t", {{"x", "y"}, {"2026-11-22", ""}}}});

        Mapped const mapped = mapper.apply(random.one_in(5) ? "acme.person/1" : hire, record);

        EXPECT_EQ(record, before);
        EXPECT_LE(mapped.lineage.size(), mapping.rules.size());
        std::size_t fewest = 0;
        for (Lineage const& line : mapped.lineage) {
            fewest += line.source.empty() ? 1 : 0;
        }
        // A rule without any source writes nothing, so each entry has words.
        EXPECT_EQ(fewest, 0U);
        Mapped const again = mapper.apply("", record);
        EXPECT_EQ(mapper.apply("", record).record, again.record);
        if (::testing::Test::HasFailure()) {
            return;
        }
    }
}

TEST(MapperProperties, RulesForDifferentFieldsGiveTheSameInAnyOrder) {
    for (unsigned seed = 0; seed < rounds / 4; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        std::vector<model::FieldRule> rules;
        for (char const* field : {"first_name", "last_name", "job_title", "cost_center"}) {
            rules.push_back(random.rule());
            rules.back().field = field;
        }
        boost::json::object const record = random.object(4);
        std::vector<model::FieldRule> const reversed(rules.rbegin(), rules.rend());
        EXPECT_EQ(Mapper({rules, {}}, {}).apply(hire, record).record,
                  Mapper({reversed, {}}, {}).apply(hire, record).record);
        if (::testing::Test::HasFailure()) {
            return;
        }
    }
}

TEST(MapperProperties, TransformsAnswerForAnyValueAndNeverWithBlankText) {
    for (unsigned seed = 0; seed < rounds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        boost::json::value const value = random.value(2);
        for (unsigned each = 0; each < 5; ++each) {
            auto const text = transformed(static_cast<model::Transform>(each), value);
            EXPECT_TRUE(!text || !is_blank(*text));
            // What a transform made it makes again: all five are idempotent on their own output.
            if (text) {
                auto const transform = static_cast<model::Transform>(each);
                EXPECT_EQ(transformed(transform, boost::json::value(*text)), text);
            }
        }
        if (::testing::Test::HasFailure()) {
            return;
        }
    }
}

}  // namespace
}  // namespace crosswalk::map
