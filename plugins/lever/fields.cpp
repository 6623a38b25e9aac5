#include "fields.hpp"

#include "lever_data.hpp"
#include "values.hpp"

#include <algorithm>

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::text_at;

namespace {

constexpr std::size_t list_max = 200;

json::value const* first_of(json::value const& record, json::array const& pointers) {
    for (json::value const& pointer : pointers) {
        json::value const* found = find(record, pointer.as_string());
        if (found != nullptr && !(found->is_string() && folded(found->get_string()).empty())) {
            return found;
        }
    }
    return nullptr;
}

std::optional<std::string> as_date(json::value const& value) {
    if (value.is_string() && is_date(value.get_string())) {
        return std::string(value.get_string());
    }
    auto const ms = integer_of(&value);
    return ms ? utc_date(*ms) : std::nullopt;
}

std::optional<std::string> as_time(json::value const& value) {
    auto const ms = integer_of(&value);
    return ms ? utc_time(*ms) : std::nullopt;
}

// "Full Time" and "full_time" are "full-time".
std::string normal(std::string_view text) {
    std::string out = folded(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c == ' ' || c == '_' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    });
    return out;
}

// A word out of words.json; one that it does not know becomes "other", and the text itself <field>_raw.
void put_word(json::object& out, std::string const& field, std::string const& table, std::string const& text) {
    json::object const& known = words().at(table).as_object();
    json::value const* word = known.if_contains(table == "employment_type" ? normal(text) : text);
    if (word != nullptr) {
        out[field] = *word;
    } else if (!text.empty()) {
        out[field] = "other";
        out[field + "_raw"] = text;
    }
}

// The object and the last segment of "/a/b".
std::pair<json::object&, std::string_view> place(json::object& root, std::string_view pointer) {
    std::size_t const slash = pointer.rfind('/');
    if (slash == 0) {
        return {root, pointer.substr(1)};
    }
    json::value& parent = root[pointer.substr(1, slash - 1)];
    if (!parent.is_object()) {
        parent.emplace_object();
    }
    return {parent.get_object(), pointer.substr(slash + 1)};
}

json::array as_list(json::value const& value) {
    json::array list;
    if (value.is_array()) {
        for (json::value const& item : value.get_array()) {
            if (std::string text = as_text(item); !text.empty() && list.size() < list_max) {
                list.emplace_back(std::move(text));
            }
        }
    }
    return list;
}

// One value of the table's kinds; null when it cannot be used.
json::value converted(json::value const& value, std::string_view kind) {
    auto const or_null = [](auto&& made) { return made ? json::value(*made) : json::value(nullptr); };
    if (kind == "date") {
        return or_null(as_date(value));
    }
    if (kind == "time") {
        return or_null(as_time(value));
    }
    if (kind == "list") {
        json::array list = as_list(value);
        return list.empty() ? json::value(nullptr) : json::value(std::move(list));
    }
    std::string text = as_text(value);
    if (text.empty()) {
        return nullptr;
    }
    json::object named{{"name", text}};
    if (kind == "named") {
        return named;
    }
    return kind == "named_list" ? json::value(json::array{std::move(named)}) : json::value(std::move(text));
}

void put_field(Call& call, json::value const& record, json::value const& row, json::object& out) {
    std::string_view const unwanted = text_at(row, "/not");
    json::array from = row.at("from").as_array();
    if (!unwanted.empty() && text_at(record, from.front().as_string()) == unwanted) {
        from.erase(from.begin());
    }
    json::value const* found = first_of(record, from);
    if (found == nullptr) {
        return;
    }
    std::string_view const kind = text_at(row, "/as");
    if (kind == "word") {
        put_word(out, std::string(text_at(row, "/to").substr(1)), std::string(text_at(row, "/table")), as_text(*found));
        return;
    }
    json::value value = converted(*found, kind);
    if (!value.is_null()) {
        auto const [object, key] = place(out, text_at(row, "/to"));
        object[key] = std::move(value);
    } else if (!(found->is_array() || found->is_object())) {
        std::string_view const to = text_at(row, "/to");
        call.warn(to.substr(to.rfind('/') + 1), "Lever's value is no " + std::string(kind) + "; it was left out.");
    }
}

void put_custom_below(json::object const& fields, std::string const& prefix, json::object& custom) {
    for (auto const& entry : fields) {
        std::string const key = prefix + std::string(entry.key());
        json::value const& value = entry.value();
        if (value.is_object() && prefix.empty()) {
            put_custom_below(value.get_object(), key + ".", custom);
        } else if (value.is_array()) {
            custom[key] = as_list(value);
        } else if (!value.is_null() && !value.is_object()) {
            custom[key] = value;
        }
    }
}

}  // namespace

void fill(Call& call, json::value const& table, json::value const& record, json::object& out,
          std::string_view switched_off) {
    for (json::value const& row : table.at("fields").as_array()) {
        std::string_view const when = text_at(row, "/when");
        if (when.empty() || when != switched_off) {
            put_field(call, record, row, out);
        }
    }
}

std::string as_text(json::value const& value) {
    if (value.is_string()) {
        std::string_view text(value.get_string());
        std::size_t const first = text.find_first_not_of(" \t\r\n");
        return first == std::string_view::npos
                   ? std::string()
                   : std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
    }
    return value.is_number() || value.is_bool() ? json::serialize(value) : std::string();
}

json::object ref_to(Call const& call, std::string_view kind, std::string_view id) {
    return {{"system", call.connection()}, {"kind", kind}, {"id", id}};
}

void put_ref(Call const& call, json::object& out, std::string_view field, std::string_view kind, std::string_view id) {
    if (!id.empty()) {
        out[field] = ref_to(call, kind, id);
    }
}

void put_custom(json::object const& fields, json::object& custom) {
    put_custom_below(fields, {}, custom);
}

json::value const& words() {
    static json::value const parsed = json::parse(words_json);
    return parsed;
}

std::string_view word_of(std::string_view table, std::string_view canonical) {
    json::value const* word = words().at(table).as_object().if_contains(canonical);
    return word == nullptr ? std::string_view{} : std::string_view(word->as_string());
}

}  // namespace crosswalk::lever
