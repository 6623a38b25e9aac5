#include "requirements/checklist.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace crosswalk::requirements {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t cells = 5;
constexpr std::string_view ending = "_max";

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view trimmed(std::string_view text) noexcept {
    std::size_t const begin = std::min(text.find_first_not_of(' '), text.size());
    std::size_t const end = text.find_last_not_of(' ');
    return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t const end = std::min(text.find(at, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

// What stands between each pair of backticks.
std::vector<std::string_view> code_of(std::string_view cell) {
    std::vector<std::string_view> const parts = split(cell, '`');
    std::vector<std::string_view> spans;
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
        spans.push_back(parts[i]);
    }
    return spans;
}

// The cells of a row; nothing for headings, rulers and prose.
std::optional<std::vector<std::string_view>> row_of(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with('|') || !line.ends_with('|')) {
        return std::nullopt;
    }
    std::vector<std::string_view> row = split(line.substr(1, line.size() - 2), '|');
    std::transform(row.begin(), row.end(), row.begin(), trimmed);
    bool const ruler = row[0].find_first_not_of("-:") == std::string_view::npos;
    return ruler || row[0] == "limit" ? std::nullopt : std::optional(std::move(row));
}

}  // namespace

std::set<std::string> limits_in_text(std::string_view file, std::string_view source) {
    std::set<std::string> limits;
    for (std::string_view const line : split(source, '\n')) {
        std::size_t const declared = line.find("constexpr ");
        if (declared == std::string_view::npos) {
            continue;
        }
        for (std::size_t at = line.find(ending, declared); at != std::string_view::npos; at = line.find(ending, at + 1)) {
            std::string_view const rest = line.substr(at + ending.size());
            if (!rest.starts_with('{') && !rest.starts_with(" =")) {
                continue;
            }
            std::size_t begin = at;
            while (begin > 0 && is_word(line[begin - 1])) {
                --begin;
            }
            limits.insert(std::string(file) + ' ' + std::string(line.substr(begin, at + ending.size() - begin)));
        }
    }
    return limits;
}

std::set<std::string> limits_in_tree(fs::path const& root) {
    std::set<std::string> limits;
    for (fs::directory_entry const& entry : fs::recursive_directory_iterator(root / "host")) {
        if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") {
            std::ifstream file(entry.path(), std::ios::binary);
            limits.merge(limits_in_text(entry.path().lexically_relative(root / "host").generic_string(),
                                        std::string(std::istreambuf_iterator<char>(file), {})));
        }
    }
    return limits;
}

std::vector<std::string> limit_problems(std::string_view table, std::set<std::string> const& limits,
                                        std::set<std::string> const& tests) {
    std::vector<std::string> found;
    std::set<std::string> missing = limits;
    for (std::string_view const line : split(table, '\n')) {
        auto const row = row_of(line);
        if (!row) {
            continue;
        }
        std::string const name((*row)[0]);
        if (row->size() != cells) {
            found.push_back("The row \"" + name + "\" has not five cells.");
            continue;
        }
        for (std::string_view const where : code_of((*row)[2])) {
            std::vector<std::string_view> const words = split(where, ' ');
            for (std::size_t i = 1; i < words.size(); ++i) {
                missing.erase(std::string(words[0]) + ' ' + std::string(words[i]));
            }
        }
        std::vector<std::string_view> const shown_by = code_of((*row)[4]);
        // Said openly, with the reason.
        constexpr std::string_view nothing = "none: ";
        if ((*row)[4].starts_with(nothing) && (*row)[4].size() > nothing.size()) {
            continue;
        }
        if (shown_by.empty()) {
            found.push_back("The row \"" + name + "\" names no test.");
        }
        for (std::string_view const test : shown_by) {
            if (!tests.contains(std::string(test))) {
                found.push_back("The row \"" + name + "\" names the test " + std::string(test) +
                                ", which does not exist.");
            }
        }
    }
    for (std::string const& limit : missing) {
        found.push_back("No row has the limit " + limit + ".");
    }
    return found;
}

}  // namespace crosswalk::requirements
