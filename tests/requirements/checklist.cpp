#include "requirements/checklist.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

namespace crosswalk::requirements {
namespace {

namespace fs = std::filesystem;

std::string_view trimmed(std::string_view text) {
    auto const begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view leading_word(std::string_view text) {
    auto const end = std::find_if_not(text.begin(), text.end(), is_word);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// "A.21"; a whole section, "B", is read too, and found to be no line of the checklist.
bool is_id(std::string_view text) {
    if (text.empty() || text.front() < 'A' || text.front() > 'G') {
        return false;
    }
    std::string_view const rest = text.substr(1);
    return rest.empty() || (rest.size() > 1 && rest.front() == '.' &&
                            rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

// Both words of Suite.Name begin with a capital; file names and settings do not.
bool is_test_name(std::string_view text) {
    auto const dot = text.find('.');
    auto const is_name = [](std::string_view word) {
        return !word.empty() && word.front() >= 'A' && word.front() <= 'Z' &&
               std::all_of(word.begin(), word.end(), is_word);
    };
    return dot != std::string_view::npos && is_name(text.substr(0, dot)) && is_name(text.substr(dot + 1));
}

bool is_command(std::string_view text) {
    return text.starts_with("./dev ") || text.starts_with("crosswalk ");
}

std::vector<std::string_view> code_spans(std::string_view text) {
    std::vector<std::string_view> spans;
    for (auto open = text.find('`'); open != std::string_view::npos; open = text.find('`', open + 1)) {
        auto const close = text.find('`', open + 1);
        if (close == std::string_view::npos) {
            break;
        }
        spans.push_back(text.substr(open + 1, close - open - 1));
        open = close;
    }
    return spans;
}

struct Row {
    std::string id;
    std::string_view shown_by;
};

// A line of the table that begins with an id; nothing for headings, prose and rulers.
std::optional<Row> parse_row(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with('|') || !line.ends_with('|')) {
        return std::nullopt;
    }
    auto const first = line.find('|', 1);
    auto const last = line.rfind('|', line.size() - 2);
    if (first == std::string_view::npos || last == 0) {
        return std::nullopt;
    }
    std::string_view const id = trimmed(line.substr(1, first - 1));
    if (!is_id(id)) {
        return std::nullopt;
    }
    // With two cells only, the second is no answer to anything.
    return Row{std::string(id), last > first ? trimmed(line.substr(last + 1, line.size() - last - 2)) : ""};
}

void check_answer(Row const& row, std::set<std::string> const& tests, std::vector<std::string>& found) {
    bool shows = row.shown_by.starts_with("vendor's own screen:") || row.shown_by.starts_with("open");
    for (std::string_view const span : code_spans(row.shown_by)) {
        bool const is_test = is_test_name(span);
        shows = shows || is_test || is_command(span);
        if (is_test && !tests.contains(std::string(span))) {
            found.push_back(row.id + " names the test " + std::string(span) + ", which does not exist.");
        }
    }
    if (!shows) {
        found.push_back(row.id + " has no answer: name a test or a command, or say open.");
    }
}

}  // namespace

std::vector<std::string> const& wanted_ids() {
    static std::vector<std::string> const ids = [] {
        std::vector<std::string> made;
        auto const add = [&](std::string const& section, int last) {
            for (int line = 1; line <= last; ++line) {
                made.push_back(section + "." + std::to_string(line));
            }
        };
        add("A", 46);
        add("B", 33);
        add("C", 36);
        add("D", 25);
        add("E", 37);
        add("F", 8);
        return made;
    }();
    return ids;
}

std::set<std::string> tests_in_text(std::string_view source) {
    std::set<std::string> tests;
    for (auto at = source.find("TEST"); at != std::string_view::npos; at = source.find("TEST", at + 4)) {
        if (at != 0 && source[at - 1] != '\n') {
            continue;  // part of another word, or in a comment
        }
        std::string_view rest = source.substr(at + 4);
        if (rest.starts_with("_F") || rest.starts_with("_P")) {
            rest.remove_prefix(2);
        }
        if (!rest.starts_with('(')) {
            continue;
        }
        std::string_view const suite = leading_word(trimmed(rest.substr(1)));
        auto const comma = rest.find(',');
        if (!suite.empty() && comma != std::string_view::npos) {
            std::string_view const name = leading_word(trimmed(rest.substr(comma + 1)));
            tests.insert(std::string(suite) + "." + std::string(name));
        }
    }
    return tests;
}

std::set<std::string> tests_in_tree(fs::path const& root) {
    std::vector<fs::path> folders{root / "tests"};
    for (fs::directory_entry const& plugin : fs::directory_iterator(root / "plugins")) {
        if (fs::is_directory(plugin.path() / "tests")) {
            folders.push_back(plugin.path() / "tests");
        }
    }
    std::set<std::string> tests;
    for (fs::path const& folder : folders) {
        for (fs::directory_entry const& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".cpp") {
                std::ifstream file(entry.path(), std::ios::binary);
                tests.merge(tests_in_text(std::string(std::istreambuf_iterator<char>(file), {})));
            }
        }
    }
    return tests;
}

std::vector<std::string> problems(std::string_view table, std::set<std::string> const& tests) {
    std::vector<std::string> found;
    std::map<std::string, int> answered;
    while (!table.empty()) {
        auto const end = std::min(table.find('\n'), table.size());
        if (auto const row = parse_row(table.substr(0, end))) {
            ++answered[row->id];
            check_answer(*row, tests, found);
        }
        table.remove_prefix(std::min(end + 1, table.size()));
    }
    auto const& wanted = wanted_ids();
    for (std::string const& id : wanted) {
        if (!answered.contains(id)) {
            found.push_back(id + " is missing.");
        }
    }
    for (auto const& [id, times] : answered) {
        if (std::find(wanted.begin(), wanted.end(), id) == wanted.end()) {
            found.push_back(id + " is no line of the checklist.");
        } else if (times > 1) {
            found.push_back(id + " is answered " + std::to_string(times) + " times.");
        }
    }
    return found;
}

}  // namespace crosswalk::requirements
