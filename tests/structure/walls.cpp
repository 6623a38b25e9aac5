#include "structure/walls.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <regex>
#include <string_view>
#include <system_error>

namespace crosswalk::structure {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string_view>;

struct Room {
    std::string_view name;
    Words rooms;          // besides itself
    Words libraries;      // names of Library below, besides those that all may use
    bool system = false;  // may include headers of the operating system
};

// Lowest first. What is not listed is forbidden.
Room const rooms[] = {
    {"model", {}, {}},
    {"platform", {"model"}, {}, true},
    {"telemetry", {"model"}, {}},
    {"config", {"model"}, {"yaml-cpp"}},
    {"vault", {"model"}, {"openssl"}},
    {"store", {"model", "telemetry", "vault"}, {"sqlite", "openssl"}},
    {"http", {"model", "telemetry", "platform"}, {"boost-beast", "poco", "openssl"}},
    {"plugin_host", {"model", "telemetry", "http", "platform"}, {"boost-dll", "openssl", "plugin-api"}},
    {"spool", {"model", "telemetry", "platform", "vault"}, {"openssl"}},
    {"access", {"model", "telemetry", "http", "store", "vault", "plugin_host"}, {}},
    {"schedule", {"model", "telemetry", "store", "plugin_host"}, {"date"}},
    {"sweep", {"model", "telemetry", "store", "plugin_host"}, {}},
    {"ingest", {"model", "telemetry", "http", "store", "plugin_host"}, {}},
    {"route", {"model"}, {}},
    {"map", {"model"}, {"utf8proc"}},
    {"deliver", {"model", "telemetry", "store", "plugin_host"}, {}},
    {"notify", {"model", "telemetry"}, {"poco"}},
    {"admin", {"model", "telemetry", "config", "http", "store", "plugin_host", "access", "sweep"}, {}},
    {"cli", {"model", "telemetry", "config", "http"}, {"cli11"}},  // telemetry: http's client is handed a logger
};
// main.cpp, pipeline.cpp and the other files directly in host/ see every room.
Words const top_libraries{"poco", "poco-util"};
Words const connector_libraries{"plugin-api", "utf8proc"};

struct Library {
    std::string_view name;
    Words prefixes;  // the first that fits decides, so longer ones come first
};
Library const libraries[] = {
    {"", {"boost/json", "boost/system/", "boost/assert/source_location"}},  // for everybody
    {"boost-dll", {"boost/dll", "boost/filesystem"}},
    {"boost-beast", {"boost/beast/"}},
    {"poco-util", {"Poco/Util/"}},
    {"poco", {"Poco/"}},
    {"sqlite", {"sqlite3"}},
    {"yaml-cpp", {"yaml-cpp/"}},
    {"cli11", {"CLI/"}},
    {"openssl", {"openssl/"}},
    {"utf8proc", {"utf8proc.h"}},
    {"date", {"date/"}},
    {"plugin-api", {"crosswalk/"}},
};

// Every header of C++20 and, without its 'c' or '.h', of C; each between two blanks.
constexpr std::string_view cpp_headers =
    " algorithm any array atomic barrier bit bitset charconv chrono compare complex concepts condition_variable "
    "coroutine "
    "deque exception execution filesystem format forward_list fstream functional future initializer_list iomanip ios "
    "iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric "
    "optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span "
    "sstream stack stdexcept stop_token streambuf string string_view strstream syncstream system_error thread tuple "
    "type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version ";
constexpr std::string_view c_headers =
    " assert ctype errno fenv float inttypes limits locale math setjmp signal stdarg stddef stdint stdio stdlib string "
    "time uchar wchar wctype ";

bool is_listed(std::string_view list, std::string_view header) {
    return list.find(" " + std::string(header) + " ") != std::string_view::npos;
}

// <cstdint> in C++, <stdint.h> in C.
bool is_standard(std::string_view header) {
    return is_listed(cpp_headers, header) || (header.starts_with('c') && is_listed(c_headers, header.substr(1))) ||
           (header.ends_with(".h") && is_listed(c_headers, header.substr(0, header.size() - 2)));
}

bool has(Words const& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Room const* find_room(std::string_view name) {
    auto const* const found =
        std::find_if(std::begin(rooms), std::end(rooms), [&](Room const& room) { return room.name == name; });
    return found == std::end(rooms) ? nullptr : found;
}

Library const* find_library(std::string_view header) {
    for (Library const& library : libraries) {
        for (std::string_view const prefix : library.prefixes) {
            if (header.starts_with(prefix)) {
                return &library;
            }
        }
    }
    return nullptr;
}

// What a file stands in: a room, the top of host/, or a connector.
struct Place {
    std::string words;  // for people: "room 'map'"
    Words libraries;
    bool system = false;
    Room const* room = nullptr;           // in a room
    std::optional<fs::path> connector{};  // in a connector: its folder
};

// The sentence that is wrong about <header>, or nothing.
std::optional<std::string> judge_angled(Place const& place, std::string_view header) {
    if (is_standard(header)) {
        return std::nullopt;
    }
    if (Library const* const library = find_library(header)) {
        if (library->name.empty() || has(place.libraries, library->name)) {
            return std::nullopt;
        }
        return "The " + place.words + " may not use " + std::string(library->name) + ".";
    }
    if (place.system) {
        return std::nullopt;
    }
    return "<" + std::string(header) + "> is neither standard nor a library of the table; headers of the operating " +
           "system belong to host/platform/.";
}

std::optional<std::string> judge_quoted(Place const& place, fs::path const& file, std::string const& header) {
    if (header.find("..") != std::string::npos) {
        return "An #include does not climb with '..'.";
    }
    if (place.connector) {
        // A header made from a template by CMake counts as the connector's own.
        for (fs::path const& base : {file.parent_path(), *place.connector}) {
            if (fs::exists(base / header) || fs::exists(base / (header + ".in"))) {
                return std::nullopt;
            }
        }
        return "A connector includes only its own files with quotes, and \"" + header + "\" is none.";
    }
    std::size_t const slash = header.find('/');
    if (slash == std::string::npos) {
        if (fs::exists(file.parent_path() / header)) {
            return std::nullopt;
        }
        return "Write it with its room: \"<room>/" + header + "\".";
    }
    std::string const other = header.substr(0, slash);
    if (find_room(other) == nullptr) {
        return "'" + other + "' is no room of the table.";
    }
    bool const allowed = place.room == nullptr || place.room->name == other || has(place.room->rooms, other);
    if (allowed) {
        return std::nullopt;
    }
    return "The " + place.words + " may not include room '" + other + "'.";
}

bool is_source(fs::path const& file) {
    static std::array<std::string_view, 6> const extensions{".c", ".cpp", ".h", ".hpp", ".inc", ".ipp"};
    std::string const extension = file.extension().string();
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

// Sorted, so that findings come in the same order everywhere. A folder that is not there has no files.
std::vector<fs::path> sources_below(fs::path const& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->is_regular_file() && is_source(it->path())) {
            files.push_back(it->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string path_in(fs::path const& root, fs::path const& file) {
    return file.lexically_relative(root).generic_string();
}

void check_file(fs::path const& root, fs::path const& file, Place const& place, std::vector<Finding>& findings) {
    static std::regex const include(R"(^\s*#\s*include\s*(.*)$)");
    static std::regex const name(R"(^([<"])([^>"]+)[>"].*$)");
    std::ifstream in(file);
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        std::smatch match;
        if (!std::regex_match(line, match, include)) {
            continue;
        }
        std::string const what = match[1];
        std::optional<std::string> wrong = "An #include names its file, so that its room can be seen.";
        if (std::regex_match(what, match, name)) {
            wrong = match[1] == "<" ? judge_angled(place, match[2].str()) : judge_quoted(place, file, match[2].str());
        }
        if (wrong) {
            findings.push_back({path_in(root, file), number, std::move(*wrong)});
        }
    }
}

}  // namespace

std::string to_string(Finding const& finding) {
    return finding.file + (finding.line == 0 ? "" : ":" + std::to_string(finding.line)) + ": " + finding.words;
}

std::vector<Finding> check_includes(fs::path const& root) {
    std::vector<Finding> findings;
    for (fs::path const& file : sources_below(root / "host")) {
        fs::path const inside = file.lexically_relative(root / "host");
        Place place{"top of host/", top_libraries};
        if (inside.has_parent_path()) {
            std::string const name = inside.begin()->string();
            Room const* const room = find_room(name);
            if (room == nullptr) {
                continue;  // check_rooms reports the folder
            }
            place = {"room '" + name + "'", room->libraries, room->system, room};
        }
        check_file(root, file, place, findings);
    }
    for (fs::path const& file : sources_below(root / "plugins")) {
        fs::path const inside = file.lexically_relative(root / "plugins");
        auto part = inside.begin();
        std::string const name = part->string();
        if (std::next(part) != inside.end() && *std::next(part) == "tests") {
            continue;  // tests may use what tests use
        }
        Place const place{"connector '" + name + "'", connector_libraries, false, nullptr, root / "plugins" / name};
        check_file(root, file, place, findings);
    }
    return findings;
}

std::vector<Finding> check_rooms(fs::path const& root) {
    std::vector<Finding> findings;
    for (fs::directory_entry const& entry : fs::directory_iterator(root / "host")) {
        std::string const name = entry.path().filename().string();
        if (entry.is_directory() && find_room(name) == nullptr) {
            findings.push_back({"host/" + name, 0,
                                "The table in tests/structure/walls.cpp has no such room. Add it with what it may "
                                "include, or put the files into a room that is there."});
        }
    }
    return findings;
}

std::vector<Finding> check_lengths(fs::path const& root, std::size_t lines_max) {
    std::vector<Finding> findings;
    for (char const* folder : {"host", "plugins", "plugin-api", "tests"}) {
        for (fs::path const& file : sources_below(root / folder)) {
            std::ifstream in(file);
            std::string line;
            std::size_t lines = 0;
            while (std::getline(in, line)) {
                ++lines;
            }
            if (lines > lines_max) {
                findings.push_back({path_in(root, file), 0,
                                    "It has " + std::to_string(lines) + " lines; at most " + std::to_string(lines_max) +
                                        " are allowed. Split it where its subject splits."});
            }
        }
    }
    return findings;
}

}  // namespace crosswalk::structure
