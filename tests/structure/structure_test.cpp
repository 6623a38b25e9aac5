// The house as it stands, and proof that a broken wall would be seen.
#include "structure/walls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace crosswalk::structure {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lines_of(std::vector<Finding> const& findings) {
    std::vector<std::string> out;
    for (Finding const& finding : findings) {
        out.push_back(to_string(finding));
    }
    return out;
}

TEST(House, KeepsItsWalls) {
    EXPECT_THAT(lines_of(check_includes(CROSSWALK_ROOT)), IsEmpty());
}
TEST(House, HasOnlyRoomsOfTheTable) {
    EXPECT_THAT(lines_of(check_rooms(CROSSWALK_ROOT)), IsEmpty());
}
TEST(House, HasNoFileOfMoreThan700Lines) {
    EXPECT_THAT(lines_of(check_lengths(CROSSWALK_ROOT, 700)), IsEmpty());
}

// A house of a few files in a folder of its own.
class SmallHouse : public testing::Test {
protected:
    SmallHouse() : root_(fs::temp_directory_path() / ("crosswalk-walls-" + std::to_string(std::random_device{}()))) {
        fs::remove_all(root_);
        fs::create_directories(root_ / "host");
    }
    ~SmallHouse() override {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    void write(fs::path const& file, std::string const& text) const {
        fs::create_directories((root_ / file).parent_path());
        std::ofstream(root_ / file) << text;
    }
    [[nodiscard]] std::vector<std::string> includes() const { return lines_of(check_includes(root_)); }
    // What is said of one file with one line.
    [[nodiscard]] std::vector<std::string> said_of(fs::path const& file, std::string const& line) const {
        write(file, line + "\n");
        return includes();
    }

    fs::path root_;
};

TEST_F(SmallHouse, IsCleanWhenEveryIncludeIsAllowed) {
    write("host/map/mapper.cpp",
          "#include \"map/mapper.hpp\"\n#include \"model/error.hpp\"\n#include <vector>\n"
          "#include <cstdint>\n#include <boost/json.hpp>\n#include <utf8proc.h>\n");
    write("host/store/store.cpp", "#include <sqlite3.h>\n#include <openssl/evp.h>\n#include \"telemetry/log.hpp\"\n");
    write("host/http/server.cpp", "#include <Poco/Net/TCPServer.h>\n#include \"platform/socket.hpp\"\n");
    write("host/platform/process.cpp", "#include <unistd.h>\n#include <sys/stat.h>\n#include <windows.h>\n");
    write("host/plugin_host/load.cpp", "#include <boost/dll/shared_library.hpp>\n#include <crosswalk/connector.h>\n");
    write("host/pipeline.cpp", "#include \"map/mapper.hpp\"\n#include \"store/store.hpp\"\n#include \"route/x.hpp\"\n");
    EXPECT_THAT(includes(), IsEmpty());
}

TEST_F(SmallHouse, ReportsARoomThatReachesUp) {
    EXPECT_THAT(said_of("host/map/mapper.cpp", "\n#include \"store/outbox.hpp\""),
                ElementsAre("host/map/mapper.cpp:2: The room 'map' may not include room 'store'."));
}

TEST_F(SmallHouse, ReportsALibraryInTheWrongRoom) {
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <Poco/Net/HTTPServer.h>"),
                ElementsAre("host/ingest/a.cpp:1: The room 'ingest' may not use poco."));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#  include  <sqlite3.h> // why"),
                ElementsAre(HasSubstr("may not use sqlite")));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <yaml-cpp/yaml.h>"), ElementsAre(HasSubstr("yaml-cpp")));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <CLI/CLI.hpp>"), ElementsAre(HasSubstr("cli11")));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <boost/dll.hpp>"), ElementsAre(HasSubstr("boost-dll")));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <boost/beast/http/parser.hpp>"),
                ElementsAre(HasSubstr("boost-beast")));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <openssl/hmac.h>"), ElementsAre(HasSubstr("openssl")));
    EXPECT_THAT(said_of("host/ingest/a.cpp", "#include <crosswalk/connector.h>"), ElementsAre(HasSubstr("plugin-api")));
}

TEST_F(SmallHouse, ReportsAHeaderOfTheOperatingSystemOutsideOfPlatform) {
    for (char const* header : {"<unistd.h>", "<sys/socket.h>", "<windows.h>", "<poll.h>"}) {
        EXPECT_THAT(said_of("host/http/a.cpp", std::string("#include ") + header),
                    ElementsAre(HasSubstr("belong to host/platform/")))
            << header;
    }
}

TEST_F(SmallHouse, ReportsAHeaderOfTheOperatingSystemAtTheTop) {
    EXPECT_THAT(said_of("host/main.cpp", "#include <unistd.h>"), ElementsAre(HasSubstr("host/main.cpp:1")));
}

TEST_F(SmallHouse, ReportsALibraryThatNobodyChose) {
    EXPECT_THAT(said_of("host/http/a.cpp", "#include <boost/asio.hpp>"),
                ElementsAre(HasSubstr("library of the table")));
}

TEST_F(SmallHouse, ReportsAnIncludeThatClimbs) {
    EXPECT_THAT(said_of("host/map/a.cpp", "#include \"../store/outbox.hpp\""), ElementsAre(HasSubstr("climb")));
}

TEST_F(SmallHouse, ReportsAnIncludeWithoutItsRoomUnlessTheFileIsNextToIt) {
    EXPECT_THAT(said_of("host/map/a.cpp", "#include \"b.hpp\""), ElementsAre(HasSubstr("with its room")));
    write("host/map/b.hpp", "");
    EXPECT_THAT(includes(), IsEmpty());
}

TEST_F(SmallHouse, ReportsAnIncludeOfNoRoom) {
    EXPECT_THAT(said_of("host/map/a.cpp", "#include \"utils/x.hpp\""), ElementsAre(HasSubstr("is no room")));
}

TEST_F(SmallHouse, ReportsAnIncludeHiddenBehindAMacro) {
    EXPECT_THAT(said_of("host/map/a.cpp", "#include STORE_HEADER"), ElementsAre(HasSubstr("names its file")));
}

TEST_F(SmallHouse, LetsAConnectorUseThePluginApiAndItsOwnFiles) {
    write("plugins/lever/lever.hpp", "#include <crosswalk/connector.hpp>\n#include <boost/json.hpp>\n");
    write("plugins/lever/data.hpp.in", "");
    write("plugins/lever/mapping/hire.cpp", "#include \"lever.hpp\"\n#include \"data.hpp\"\n#include <utf8proc.h>\n");
    write("plugins/lever/tests/lever_test.cpp", "#include <gtest/gtest.h>\n#include \"support/fake_clock.hpp\"\n");
    EXPECT_THAT(includes(), IsEmpty());
}

TEST_F(SmallHouse, ReportsAConnectorThatLooksIntoTheHostOrAtAnother) {
    write("plugins/goco/goco.hpp", "");
    EXPECT_THAT(said_of("plugins/lever/a.cpp", "#include \"model/error.hpp\""),
                ElementsAre(HasSubstr("its own files")));
    EXPECT_THAT(said_of("plugins/lever/a.cpp", "#include \"goco/goco.hpp\""), ElementsAre(HasSubstr("its own files")));
    EXPECT_THAT(said_of("plugins/lever/a.cpp", "#include \"../goco/goco.hpp\""), ElementsAre(HasSubstr("climb")));
    EXPECT_THAT(said_of("plugins/lever/a.cpp", "#include <Poco/URI.h>"),
                ElementsAre("plugins/lever/a.cpp:1: The connector 'lever' may not use poco."));
    EXPECT_THAT(said_of("plugins/lever/a.cpp", "#include <sys/socket.h>"), ElementsAre(HasSubstr("platform")));
}

TEST_F(SmallHouse, ReportsARoomThatIsNotInTheTable) {
    fs::create_directories(root_ / "host/model");
    fs::create_directories(root_ / "host/utils");
    EXPECT_THAT(lines_of(check_rooms(root_)), ElementsAre(HasSubstr("host/utils: ")));
}

TEST_F(SmallHouse, ReportsAFileThatIsTooLong) {
    write("host/map/a.cpp", "1\n2\n3\n");
    write("tests/map/a_test.cpp", "1\n2\n3\n4\n");
    EXPECT_THAT(lines_of(check_lengths(root_, 3)), ElementsAre(HasSubstr("tests/map/a_test.cpp: It has 4 lines")));
}

}  // namespace
}  // namespace crosswalk::structure
