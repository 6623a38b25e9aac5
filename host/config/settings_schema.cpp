#include "config/settings_schema.hpp"

#include "config/problems.hpp"
#include "config/values.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace crosswalk::config {
namespace {

namespace json = boost::json;

// The member of a schema object; nullptr when the schema is no object or lacks it.
json::value const* keyword(json::value const& schema, std::string_view name) {
    return schema.is_object() ? schema.get_object().if_contains(name) : nullptr;
}

std::vector<std::string> types_of(json::value const& schema) {
    std::vector<std::string> types;
    json::value const* const type = keyword(schema, "type");
    if (type != nullptr && type->is_string()) {
        types.emplace_back(type->get_string().c_str());
    } else if (type != nullptr && type->is_array()) {
        for (json::value const& one : type->get_array()) {
            if (one.is_string()) {
                types.emplace_back(one.get_string().c_str());
            }
        }
    }
    return types;
}

bool is_whole(json::value const& value) {
    return value.is_int64() || value.is_uint64();
}

bool has_type(json::value const& value, std::string_view type) {
    if (type == "integer") {
        return is_whole(value);
    }
    if (type == "number") {
        return value.is_number();
    }
    return (type == "string" && value.is_string()) || (type == "boolean" && value.is_bool()) ||
           (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "null" && value.is_null());
}

std::string in_words(std::string_view type) {
    if (type == "integer") {
        return "a whole number (without quotes)";
    }
    if (type == "number") {
        return "a number (without quotes)";
    }
    if (type == "boolean") {
        return "true or false (without quotes)";
    }
    if (type == "object") {
        return "a map of keys and values";
    }
    return type == "array" ? "a list" : type == "null" ? "empty" : "text";
}

std::string listed(std::vector<std::string> const& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    }
    return text;
}

std::string shown(json::value const& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// The schema of a member; nullptr when the key is not known and nothing says what it may be.
json::value const* member_schema(json::value const& schema, std::string_view key) {
    json::value const* const properties = keyword(schema, "properties");
    if (properties != nullptr && properties->is_object()) {
        if (json::value const* const found = properties->get_object().if_contains(key)) {
            return found;
        }
    }
    return keyword(schema, "additionalProperties");
}

class Checker {
public:
    Checker(std::function<bool(std::string_view)> const& is_skipped, std::string whole)
        : is_skipped_(is_skipped), whole_(std::move(whole)) {}

    void check(json::value const& value, json::value const& schema, std::string const& pointer) {
        if (is_skipped_(pointer) || !check_type(value, schema, pointer)) {
            return;
        }
        check_choice(value, schema, pointer);
        if (value.is_object()) {
            check_object(value.get_object(), schema, pointer);
        } else if (value.is_array()) {
            check_array(value.get_array(), schema, pointer);
        } else if (value.is_number()) {
            check_range(value.to_number<double>(), schema, pointer);
        } else if (value.is_string()) {
            check_length(value.get_string(), schema, pointer);
        }
    }

    [[nodiscard]] std::vector<Mismatch> take() { return std::move(found_); }

private:
    [[nodiscard]] std::string name_at(std::string_view pointer) const {
        std::size_t const slash = pointer.rfind('/');
        return "'" + (slash == std::string_view::npos ? whole_ : std::string(pointer.substr(slash + 1))) + "'";
    }

    void add(std::string const& pointer, std::string message) { found_.push_back({pointer, std::move(message)}); }

    [[nodiscard]] bool check_type(json::value const& value, json::value const& schema, std::string const& pointer) {
        std::vector<std::string> const types = types_of(schema);
        if (types.empty() ||
            std::any_of(types.begin(), types.end(), [&](std::string const& type) { return has_type(value, type); })) {
            return true;
        }
        std::vector<std::string> words;
        std::transform(types.begin(), types.end(), std::back_inserter(words), in_words);
        add(pointer, name_at(pointer) + " must be " + listed(words));
        return false;
    }

    void check_choice(json::value const& value, json::value const& schema, std::string const& pointer) {
        json::value const* const choices = keyword(schema, "enum");
        if (choices != nullptr && choices->is_array()) {
            json::array const& list = choices->get_array();
            if (std::find(list.begin(), list.end(), value) == list.end()) {
                std::vector<std::string> known;
                std::transform(list.begin(), list.end(), std::back_inserter(known), shown);
                add(pointer, "unknown value for " + name_at(pointer) +
                                 suggestion(value.is_string() ? std::string_view(value.get_string()) : "", known));
            }
        }
        json::value const* const constant = keyword(schema, "const");
        if (constant != nullptr && *constant != value) {
            add(pointer, name_at(pointer) + " must be " + shown(*constant));
        }
    }

    void check_object(json::object const& object, json::value const& schema, std::string const& pointer) {
        json::value const* const required = keyword(schema, "required");
        if (required != nullptr && required->is_array()) {
            for (json::value const& name : required->get_array()) {
                if (name.is_string() && !object.contains(name.get_string())) {
                    add(pointer, name_at(pointer) + " needs the key '" + shown(name) + "'");
                }
            }
        }
        std::vector<std::string> known;
        json::value const* const properties = keyword(schema, "properties");
        if (properties != nullptr && properties->is_object()) {
            for (auto const& property : properties->get_object()) {
                bool const is_forbidden = property.value().is_bool() && !property.value().get_bool();
                if (!is_forbidden) {
                    known.emplace_back(property.key());
                }
            }
        }
        for (auto const& member : object) {
            std::string const below = pointer + '/' + escape_segment(member.key());
            json::value const* const inner = member_schema(schema, member.key());
            if (inner != nullptr && inner->is_bool() && !inner->get_bool()) {
                add(below, (whole_ == "settings" ? "unknown setting '" : "unknown key '") + std::string(member.key()) +
                               "'" + suggestion(member.key(), known));
            } else if (inner != nullptr) {
                check(member.value(), *inner, below);
            }
        }
    }

    void check_array(json::array const& array, json::value const& schema, std::string const& pointer) {
        json::value const* const items = keyword(schema, "items");
        for (std::size_t i = 0; items != nullptr && i < array.size(); ++i) {
            check(array[i], *items, pointer + '/' + std::to_string(i));
        }
    }

    void check_length(std::string_view text, json::value const& schema, std::string const& pointer) {
        auto const is_begin = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
        auto const characters = static_cast<double>(std::count_if(text.begin(), text.end(), is_begin));
        json::value const* const least = keyword(schema, "minLength");
        if (least != nullptr && least->is_number() && characters < least->to_number<double>()) {
            add(pointer,
                name_at(pointer) + (text.empty() ? " is empty" : " is shorter than " + json::serialize(*least)));
        }
        json::value const* const most = keyword(schema, "maxLength");
        if (most != nullptr && most->is_number() && characters > most->to_number<double>()) {
            add(pointer, name_at(pointer) + " is longer than " + json::serialize(*most));
        }
    }

    void check_range(double number, json::value const& schema, std::string const& pointer) {
        json::value const* const least = keyword(schema, "minimum");
        if (least != nullptr && least->is_number() && number < least->to_number<double>()) {
            add(pointer, name_at(pointer) + " must be at least " + json::serialize(*least));
        }
        json::value const* const above = keyword(schema, "exclusiveMinimum");
        if (above != nullptr && above->is_number() && number <= above->to_number<double>()) {
            add(pointer, name_at(pointer) + " must be above " + json::serialize(*above));
        }
        json::value const* const most = keyword(schema, "maximum");
        if (most != nullptr && most->is_number() && number > most->to_number<double>()) {
            add(pointer, name_at(pointer) + " must be at most " + json::serialize(*most));
        }
    }

    std::function<bool(std::string_view)> const& is_skipped_;
    std::string const whole_;
    std::vector<Mismatch> found_;
};

void retype_scalar(json::value& value, std::vector<std::string> const& types, std::string const& text) {
    if (types.empty() ||
        std::any_of(types.begin(), types.end(), [&](std::string const& type) { return has_type(value, type); })) {
        return;
    }
    for (std::string const& type : types) {
        if (type == "string") {
            value = text;
            return;
        }
        if (auto const number = type == "number" ? parse_number(text) : std::nullopt) {
            value = *number;
            return;
        }
    }
}

void retype_at(json::value& value, json::value const& schema, std::map<std::string, std::string> const& plain,
               std::string const& pointer) {
    if (value.is_object()) {
        for (auto& member : value.get_object()) {
            if (json::value const* const inner = member_schema(schema, member.key())) {
                retype_at(member.value(), *inner, plain, pointer + '/' + escape_segment(member.key()));
            }
        }
    } else if (value.is_array()) {
        json::value const* const items = keyword(schema, "items");
        for (std::size_t i = 0; items != nullptr && i < value.get_array().size(); ++i) {
            retype_at(value.get_array()[i], *items, plain, pointer + '/' + std::to_string(i));
        }
    } else if (auto const written = plain.find(pointer); written != plain.end()) {
        retype_scalar(value, types_of(schema), written->second);
    }
}

// `value` is what stands there in the settings; nullptr when nothing does.
void collect_booleans(json::value const& schema, json::value const* value, std::string const& pointer,
                      std::vector<std::string>& found) {
    auto const collect = [&](std::string_view name, json::value const& inner, json::value const* inside) {
        std::string const below = pointer + '/' + escape_segment(name);
        if (types_of(inner) == std::vector<std::string>{"boolean"}) {
            found.push_back(below);
        }
        collect_booleans(inner, inside, below, found);
    };
    json::object const* const written = value == nullptr ? nullptr : value->if_object();
    json::value const* const properties = keyword(schema, "properties");
    json::object const* const named = properties == nullptr ? nullptr : properties->if_object();
    if (named != nullptr) {
        for (auto const& property : *named) {
            collect(property.key(), property.value(),
                    written == nullptr ? nullptr : written->if_contains(property.key()));
        }
    }
    json::value const* const others = keyword(schema, "additionalProperties");
    if (written == nullptr || others == nullptr || !others->is_object()) {
        return;
    }
    for (auto const& member : *written) {
        if (named == nullptr || !named->contains(member.key())) {
            collect(member.key(), *others, &member.value());
        }
    }
}

}  // namespace

std::vector<Mismatch> mismatches(boost::json::value const& value, boost::json::value const& schema,
                                 std::function<bool(std::string_view)> const& is_skipped, std::string whole) {
    Checker checker(is_skipped, std::move(whole));
    checker.check(value, schema, "");
    return checker.take();
}

void retype(boost::json::value& value, boost::json::value const& schema,
            std::map<std::string, std::string> const& plain) {
    retype_at(value, schema, plain, "");
}

json::value const* schema_at(json::value const& schema, std::string_view pointer) {
    json::value const* at = &schema;
    while (at != nullptr && !pointer.empty()) {
        std::size_t const end = std::min(pointer.find('/', 1), pointer.size());
        at = member_schema(*at, unescape_segment(pointer.substr(1, end - 1)));
        pointer.remove_prefix(end);
    }
    return at == nullptr || at->is_bool() ? nullptr : at;
}

std::vector<std::string> boolean_settings(json::value const& schema, json::value const& settings) {
    std::vector<std::string> found;
    collect_booleans(schema, &settings, "", found);
    return found;
}

}  // namespace crosswalk::config
