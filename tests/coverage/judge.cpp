#include "coverage/judge.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace crosswalk::coverage {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// host/<room>/<file>, or host/<file>.
std::string room_of(std::string const& file) {
    auto const first = file.find('/');
    auto const second = file.find('/', first + 1);
    return second == std::string::npos ? "(top)" : file.substr(first + 1, second - first - 1);
}

// The lines of one file, read when first asked for.
class Sources {
public:
    explicit Sources(fs::path root) : root_(std::move(root)) {}

    [[nodiscard]] std::string line(std::string const& file, std::size_t number) {
        auto const [found, fresh] = files_.try_emplace(file);
        if (fresh) {
            std::ifstream in(root_ / file);
            for (std::string text; std::getline(in, text);) {
                found->second.push_back(trimmed(text));
            }
        }
        return number == 0 || number > found->second.size() ? std::string() : found->second[number - 1];
    }

private:
    fs::path root_;
    std::map<std::string, std::vector<std::string>> files_;
};

// What gcov counts though nothing of its own stands there: the end of a block, for destructors, and the head of a
// lambda, for what an exception would destroy. The lines inside speak for both.
bool is_frame(std::string const& code) {
    static std::regex const head(R"(\[[^\]]*\]\s*(\([^()]*\)[^{]*)?\{$)");
    return code.find_first_not_of("{}()[];, ") == std::string::npos || std::regex_search(code, head);
}

// "a ? b : c", with its question mark on this line or at the beginning of the next.
bool is_choice(std::string const& code, std::string const& next) {
    return code.find(" ? ") != std::string::npos || next.starts_with("? ");
}

std::string percent(RoomSum const& sum) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(1)
        << (sum.lines == 0 ? 0.0 : 100.0 * static_cast<double>(sum.run) / static_cast<double>(sum.lines));
    return out.str();
}

void add(RoomSum& sum, LineCount const& line) {
    ++sum.lines;
    sum.run += line.runs > 0 ? 1 : 0;
}

// One function's share of a line.
void add_share(json::value const& share, LineCount& line) {
    line.runs += share.at("count").to_number<std::int64_t>();
    int ways = 0;
    for (json::value const& way : share.at("branches").as_array()) {
        if (way.at("throw").as_bool() || ways == 2) {
            continue;
        }
        (ways == 0 ? line.first_taken : line.second_taken) |= way.at("count").to_number<std::int64_t>() > 0;
        ++ways;
    }
    line.has_ways = line.has_ways || ways == 2;
}

void add_document(std::string_view text, fs::path const& root,
                  std::map<std::pair<std::string, std::size_t>, LineCount>& lines) {
    boost::system::error_code wrong;
    json::value const whole = json::parse(json::string_view(text.data(), text.size()), wrong);
    if (wrong) {
        throw std::runtime_error("The counts are no JSON: " + wrong.message());
    }
    fs::path const built_in(std::string(whole.at("current_working_directory").as_string()));
    for (json::value const& file : whole.at("files").as_array()) {
        fs::path const path = (built_in / std::string(file.at("file").as_string())).lexically_normal();
        std::string const name = path.lexically_relative(root).generic_string();
        if (!name.starts_with("host/")) {
            continue;
        }
        for (json::value const& share : file.at("lines").as_array()) {
            auto const number = share.at("line_number").to_number<std::size_t>();
            LineCount& line = lines.try_emplace({name, number}, LineCount{name, number}).first->second;
            add_share(share, line);
        }
    }
}

}  // namespace

std::vector<LineCount> read_counts(std::string_view documents, fs::path const& root) {
    std::map<std::pair<std::string, std::size_t>, LineCount> lines;
    for (std::size_t at = 0; at < documents.size();) {
        std::size_t const end = std::min(documents.find('\n', at), documents.size());
        std::string_view const document = documents.substr(at, end - at);
        at = end + 1;
        if (!document.empty()) {
            add_document(document, root, lines);
        }
    }
    if (lines.empty()) {
        throw std::runtime_error("The counts name no line of code.");
    }
    std::vector<LineCount> counts;
    for (auto& [place, line] : lines) {
        counts.push_back(std::move(line));
    }
    return counts;
}

std::vector<Excuse> read_excuses(std::string_view text) {
    std::vector<Excuse> excuses;
    std::istringstream in{std::string(text)};
    bool reasoned = false;
    std::size_t number = 0;
    for (std::string raw; std::getline(in, raw);) {
        ++number;
        std::string const line = trimmed(raw);
        if (line.empty() || line.front() == '#') {
            reasoned = !line.empty();
            continue;
        }
        auto const colon = line.find(": ");
        if (colon == std::string::npos || !line.starts_with("host/")) {
            throw std::runtime_error("Line " + std::to_string(number) + " of the excuses is no \"host/…: <code>\".");
        }
        if (!reasoned) {
            throw std::runtime_error("Line " + std::to_string(number) + " of the excuses has no reason above it.");
        }
        excuses.push_back({line.substr(0, colon), trimmed(line.substr(colon + 2)), number});
    }
    return excuses;
}

Judgement judge(std::vector<LineCount> const& counts, std::vector<Excuse> const& excuses, Limits const& limits,
                fs::path const& root) {
    Judgement out;
    Sources sources(root);
    std::vector<Excuse> left = excuses;
    for (LineCount const& line : counts) {
        std::string const code = sources.line(line.file, line.number);
        if (is_frame(code)) {
            continue;
        }
        std::string const room = room_of(line.file);
        add(out.rooms[room], line);
        add(out.whole, line);
        bool const one_sided = line.has_ways && line.first_taken != line.second_taken &&
                               is_choice(code, sources.line(line.file, line.number + 1));
        auto const& strict = limits.strict_rooms;
        if ((line.runs > 0 && !one_sided) || std::find(strict.begin(), strict.end(), room) == strict.end()) {
            continue;
        }
        Gap gap{line.file, line.number, code, line.runs == 0 ? "never run" : "one side never taken"};
        auto const excuse = std::find_if(left.begin(), left.end(), [&](Excuse const& known) {
            return known.file == gap.file && known.code == gap.code;
        });
        if (excuse != left.end()) {
            left.erase(excuse);
            ++out.excused;
            continue;
        }
        out.gaps.push_back(std::move(gap));
    }
    if (out.whole.run * 100 < out.whole.lines * static_cast<std::size_t>(limits.lines_percent)) {
        out.complaints.push_back("Tests run " + percent(out.whole) + " % of the lines of host/; " +
                                 std::to_string(limits.lines_percent) + " % are wanted.");
    }
    if (!out.gaps.empty()) {
        out.complaints.push_back(std::to_string(out.gaps.size()) +
                                 " error branches of the strict rooms are neither reached nor excused.");
    }
    for (Excuse const& stale : left) {
        out.complaints.push_back("Line " + std::to_string(stale.at_line) +
                                 " of the excuses is not needed: " + stale.file + ": " + stale.code);
    }
    return out;
}

std::string to_text(Judgement const& judgement) {
    std::ostringstream out;
    auto const row = [&](std::string const& name, RoomSum const& sum) {
        out << std::left << std::setw(12) << name << std::right << std::setw(7) << sum.run << " of " << std::setw(6)
            << sum.lines << " lines  " << std::setw(5) << percent(sum) << " %\n";
    };
    for (auto const& [name, sum] : judgement.rooms) {
        row(name, sum);
    }
    row("host/", judgement.whole);
    out << "\nNot reached in the strict rooms (" << judgement.gaps.size() << ", and " << judgement.excused
        << " excused):\n";
    for (Gap const& gap : judgement.gaps) {
        out << gap.file << ':' << gap.number << ": " << gap.words << ": " << gap.code << '\n';
    }
    for (std::string const& complaint : judgement.complaints) {
        out << complaint << '\n';
    }
    return out.str();
}

}  // namespace crosswalk::coverage
