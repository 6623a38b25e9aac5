#include "sandbox/greenhouse/custom_fields.hpp"

#include <algorithm>
#include <cctype>
#include <iomanip>
#include <sstream>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

// "Requires visa sponsorship?" as "requires_visa_sponsorship?": how v1 names a field by its present name.
std::string snake(std::string_view name) {
    std::string folded = lower(name);
    std::replace(folded.begin(), folded.end(), ' ', '_');
    return folded;
}

// "job_title" as "Job Title".
std::string title_of(std::string_view key) {
    std::string title;
    for (char const letter : key) {
        bool const begins = title.empty() || title.back() == ' ';
        char const shown = letter == '_' ? ' ' : letter;
        title += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(shown))) : shown;
    }
    return title;
}

std::string type_of(json::value const& value) {
    if (auto const* const object = value.if_object(); object != nullptr) {
        return object->contains("min_value") ? "currency_range" : object->contains("user_id") ? "user" : "currency";
    }
    if (value.is_bool()) {
        return "yes_no";
    }
    if (value.is_number()) {
        return "number";
    }
    return value.is_array() ? "multi_select" : "short_text";
}

bool is_option(State const& state, std::int64_t field, json::value const& value) {
    return std::any_of(state.custom_field_options.begin(), state.custom_field_options.end(), [&](auto const& numbered) {
        json::object const& option = numbered.second.v3;
        return number_of(option, "custom_field_id") == field && value_of(option, "name") == value;
    });
}

bool is_allowed(State const& state, json::object const& definition, json::value const& value) {
    std::string const type = text_of(definition, "value_type");
    std::int64_t const field = number_of(definition, "id");
    if (type == "single_select" && !value.is_null()) {
        return is_option(state, field, value);
    }
    if (type == "multi_select" && value.is_array()) {
        return std::all_of(value.get_array().begin(), value.get_array().end(),
                           [&](json::value const& one) { return is_option(state, field, one); });
    }
    return true;
}

json::value unset(std::string_view type) {
    return type == "multi_select" ? json::value(json::array()) : json::value();
}

// "10000.0": the webhooks print money ranges as text.
json::value decimal(json::value const& number) {
    if (!number.is_number()) {
        return number;
    }
    std::ostringstream text;
    text << std::setprecision(15) << number.to_number<double>();
    std::string printed = text.str();
    return json::value(printed.find('.') == std::string::npos ? printed + ".0" : printed);
}

json::value v1_value(json::object const& field) {
    json::value value = value_of(field, "value");
    if (text_of(field, "type") == "currency" && value.is_object()) {
        return json::object{{"value", value_of(value.get_object(), "amount")},
                            {"currency", value_of(value.get_object(), "unit")}};
    }
    return value;
}

void define_unknown(State& state, std::string_view field_type, json::object const& values) {
    for (auto const& [key, value] : values) {
        std::string const name_key(key.data(), key.size());
        bool const known =
            std::any_of(state.custom_fields.begin(), state.custom_fields.end(), [&](auto const& numbered) {
                return text_of(numbered.second.v3, "field_type") == field_type &&
                       text_of(numbered.second.v3, "name_key") == name_key;
            });
        if (known) {
            continue;
        }
        std::vector<std::string> options;
        if (auto const* const chosen = value.if_array(); chosen != nullptr) {
            for (json::value const& option : *chosen) {
                options.emplace_back(option.is_string() ? option.get_string().c_str() : "");
            }
        }
        define_custom_field(state,
                            {{"field_type", std::string(field_type)},
                             {"name", title_of(name_key)},
                             {"value_type", type_of(value)},
                             {"name_key", name_key}},
                            options);
    }
}

}  // namespace

std::int64_t define_custom_field(State& state, json::object definition, std::vector<std::string> const& options) {
    definition.emplace("private", false);
    definition.emplace("required", false);
    definition.emplace("internal_type", nullptr);
    definition.emplace("active", true);
    std::int64_t const field = state.add(state.custom_fields, {.v3 = std::move(definition)});
    std::int64_t order = 0;
    for (std::string const& option : options) {
        state.add(
            state.custom_field_options,
            {.v3 = {{"custom_field_id", field}, {"name", option}, {"sort_order", order++}, {"external_id", nullptr}}});
    }
    return field;
}

model::Result<json::object> fill_custom_fields(State& state, std::string_view field_type, json::object const& values) {
    define_unknown(state, field_type, values);
    json::object keyed;
    for (auto const& [id, definition] : state.custom_fields) {
        if (text_of(definition.v3, "field_type") != field_type) {
            continue;
        }
        std::string const key = text_of(definition.v3, "name_key");
        std::string const type = text_of(definition.v3, "value_type");
        auto const* const given = values.if_contains(key);
        json::value value = given == nullptr ? unset(type) : *given;
        if (!is_allowed(state, definition.v3, value)) {
            return model::Error{model::ErrorCode::invalid_argument, key + " is not one of the field's options"};
        }
        keyed[key] = {{"name", value_of(definition.v3, "name")}, {"type", type}, {"value", std::move(value)}};
    }
    return keyed;
}

json::object v1_by_name(json::object const& keyed) {
    json::object printed;
    for (auto const& [key, field] : keyed) {
        printed[snake(text_of(field.as_object(), "name"))] = v1_value(field.as_object());
    }
    return printed;
}

json::object v1_by_key(json::object const& keyed) {
    json::object printed;
    for (auto const& [key, field] : keyed) {
        json::object shown = field.as_object();
        shown["value"] = v1_value(field.as_object());
        printed[key] = std::move(shown);
    }
    return printed;
}

json::object webhook_fields(json::object const& keyed) {
    json::object printed;
    for (auto const& [key, field] : keyed) {
        json::object shown = field.as_object();
        if (text_of(shown, "type") == "yes_no") {
            shown["type"] = "boolean";
        }
        if (auto* const range = shown.at("value").if_object();
            range != nullptr && text_of(shown, "type") == "currency_range") {
            (*range)["min_value"] = decimal(value_of(*range, "min_value"));
            (*range)["max_value"] = decimal(value_of(*range, "max_value"));
        }
        printed[key] = std::move(shown);
    }
    return printed;
}

}  // namespace crosswalk::sandbox::greenhouse
