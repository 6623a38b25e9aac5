#include "config/table.hpp"

#include "config/values.hpp"

#include <map>
#include <utility>
#include <vector>

namespace crosswalk::config {
namespace {

constexpr std::size_t rows_max = 100'000;
constexpr std::size_t file_bytes_max = 16 * 1024 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct Field {
    std::string text;
    Position position;
};
using Row = std::vector<Field>;

// Reads field by field; after a problem there is no telling where the next row begins, so it stops at the first.
class CsvReader {
public:
    CsvReader(std::string const& file, std::string_view text, Problems& problems)
        : file_(file), text_(text), problems_(problems) {}

    [[nodiscard]] bool at_end() const noexcept { return next_ >= text_.size(); }

    // The next row; nothing after a problem.
    [[nodiscard]] std::optional<Row> row() {
        Row row;
        for (;;) {
            auto field = next_is('"') ? quoted_field() : bare_field();
            if (!field) {
                return std::nullopt;
            }
            row.push_back(std::move(*field));
            if (next_is(',')) {
                step();
                continue;
            }
            if (next_is('\r')) {
                step();
            }
            if (next_is('\n')) {
                step();
            }
            return row;
        }
    }

private:
    [[nodiscard]] bool next_is(char c) const noexcept { return !at_end() && text_[next_] == c; }
    [[nodiscard]] bool at_field_end() const noexcept {
        return at_end() || next_is(',') || next_is('\n') || text_.substr(next_).starts_with("\r\n");
    }
    [[nodiscard]] Position here() const { return {file_, line_, column_}; }
    char step() noexcept {
        char const c = text_[next_++];
        column_ = c == '\n' ? 1 : column_ + 1;
        line_ += c == '\n' ? 1 : 0;
        return c;
    }
    [[nodiscard]] std::optional<Field> bare_field() {
        Field field{{}, here()};
        while (!at_field_end()) {
            if (next_is('"')) {
                problems_.add(here(), "a quote inside a field without quotes; put the field in quotes and double it");
                return std::nullopt;
            }
            field.text += step();
        }
        return field;
    }
    [[nodiscard]] std::optional<Field> quoted_field() {
        Field field{{}, here()};
        step();
        while (!at_end()) {
            char const c = step();
            if (c != '"') {
                field.text += c;
            } else if (next_is('"')) {
                field.text += step();
            } else if (at_field_end()) {
                return field;
            } else {
                problems_.add(here(), "text after a closing quote; a quote inside a field is written twice");
                return std::nullopt;
            }
        }
        problems_.add(field.position, "this quote is never closed");
        return std::nullopt;
    }

    std::string const& file_;
    std::string_view text_;
    Problems& problems_;
    std::size_t next_ = 0;
    int line_ = 1;
    int column_ = 1;
};

bool is_blank(Row const& row) {
    return row.size() == 1 && row.front().text.empty();
}

bool check_header(Row const& row, Problems& problems) {
    if (row.size() == 2 && row[0].text == "from" && row[1].text == "to") {
        return true;
    }
    problems.add(row.front().position, "the first line must be 'from,to'");
    return false;
}

void add_row(Row const& row, model::ValueTable& table, std::map<std::string, int, std::less<>>& lines,
             Problems& problems) {
    if (row.size() != 2) {
        problems.add(row.front().position, "the row needs two fields and has " + std::to_string(row.size()) +
                                               "; put a value with a comma in quotes");
    } else if (row[0].text.empty()) {
        problems.add(row[0].position, "the column 'from' is empty");
    } else if (auto const [first, is_new] = lines.emplace(row[0].text, row[0].position.line); !is_new) {
        problems.add(row[0].position, "this 'from' value is already on line " + std::to_string(first->second));
    } else {
        table.emplace(row[0].text, row[1].text);
    }
}

}  // namespace

std::optional<model::ValueTable> parse_table(std::string const& file, std::string_view text, Problems& problems) {
    Position const whole{file, 0, 0};
    std::size_t const problems_before = problems.count();
    if (text.size() > file_bytes_max || !is_utf8(text) || text.find('\0') != std::string_view::npos) {
        problems.add(whole,
                     text.size() > file_bytes_max ? "the table is larger than 16 MiB" : "the table is not UTF-8 text");
        return std::nullopt;
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    CsvReader reader(file, text, problems);
    auto const header = reader.row();
    if (!header || !check_header(*header, problems)) {
        return std::nullopt;
    }
    model::ValueTable table;
    std::map<std::string, int, std::less<>> lines;
    std::size_t rows = 0;
    while (!reader.at_end()) {
        auto const row = reader.row();
        if (!row) {
            return std::nullopt;
        }
        if (is_blank(*row)) {
            continue;
        }
        if (++rows > rows_max) {
            problems.add(row->front().position, "the table has more than 100,000 rows");
            return std::nullopt;
        }
        add_row(*row, table, lines, problems);
    }
    return problems.count() == problems_before ? std::optional(std::move(table)) : std::nullopt;
}

}  // namespace crosswalk::config
