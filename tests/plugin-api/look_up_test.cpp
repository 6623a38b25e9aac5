// Whether the C++ layer offers a look-up, which decides what the host does about a push of unknown outcome.
#include <crosswalk/connector.hpp>

#include <gtest/gtest.h>

namespace crosswalk::connector {
namespace {

class Silent : public Connector {
public:
    void init(Call&) override {}
};
class Asked : public Silent {
public:
    Outcome look_up(Call&, PushRequest const&) override { return Outcome::retry; }
};
class Heir final : public Asked {};
class Shy final : public Silent {
    Outcome look_up(Call&, PushRequest const&) override { return Outcome::retry; }
};

constexpr char const* none[] = {nullptr};
constexpr cw_trigger const* no_triggers[] = {nullptr};
constexpr cw_action const* no_actions[] = {nullptr};
constexpr cw_descriptor described{sizeof(cw_descriptor), CW_CAP_PUSH, "x",  "X",  "X", "1", "", "{}",
                                  no_triggers,           no_actions,  none, none, 0,   0};

template <class T>
bool offers_look_up() {
    cw_connector* made = nullptr;
    cw_host const host{};
    EXPECT_EQ(library<T>(described)->create("x", &host, &made), CW_OK);
    bool const offered = made->get_extension(made, CW_EXT_PUSH_LOOKUP) != nullptr;
    EXPECT_NE(made->get_extension(made, CW_EXT_PROBE), nullptr);
    made->destroy(made);
    return offered;
}

TEST(LookUp, IsOfferedByThoseThatHaveOneOfTheirOwn) {
    EXPECT_TRUE(offers_look_up<Asked>());
    EXPECT_TRUE(offers_look_up<Heir>());
    EXPECT_TRUE(offers_look_up<Shy>());
}

TEST(LookUp, IsNotOfferedByAConnectorThatWouldNotKnow) {
    EXPECT_FALSE(offers_look_up<Silent>());
}

}  // namespace
}  // namespace crosswalk::connector
