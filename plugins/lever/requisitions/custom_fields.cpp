#include "requisitions/custom_fields.hpp"

#include "fields.hpp"
#include "values.hpp"
#include "writes/write.hpp"

#include <charconv>
#include <chrono>

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::text_at;

namespace {

// The definition of that id in a list of them; null when there is none.
json::value const* definition(json::array const& fields, std::string_view id) {
    for (json::value const& field : fields) {
        if (text_at(field, "/id") == id) {
            return &field;
        }
    }
    return nullptr;
}

std::optional<json::value> as_date(json::value const& value) {
    if (auto const ms = integer_of(&value)) {
        return json::value(*ms);
    }
    if (!value.is_string() || !is_date(value.get_string())) {
        return std::nullopt;
    }
    auto const number = [&](std::size_t at, std::size_t size) {
        int out = 0;
        std::from_chars(value.get_string().data() + at, value.get_string().data() + at + size, out);
        return out;
    };
    std::chrono::year_month_day const day(std::chrono::year(number(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                          std::chrono::day(static_cast<unsigned>(number(8, 2))));
    std::chrono::sys_time<std::chrono::milliseconds> const midnight = std::chrono::sys_days(day);
    return json::value(midnight.time_since_epoch().count());
}

// nullopt when the value does not fit the type that Lever defines.
std::optional<json::value> converted(json::value const& value, std::string_view type) {
    if (type == "date") {
        return as_date(value);
    }
    if (value.is_object() || value.is_array() || type == "object") {
        return std::nullopt;
    }
    if (type == "number") {
        // Lever prints numbers of its own as text here and there, and takes them so.
        return value.is_number() || integer_of(&value) ? std::optional(value) : std::nullopt;
    }
    std::string text = as_text(value);
    return text.empty() ? std::nullopt : std::optional(json::value(std::move(text)));
}

void leave_out(Call& call, std::string_view key, std::string_view why) {
    call.warn("custom." + std::string(key), why);
}

void put(Call& call, std::string_view key, json::value const& value, json::value const& field, json::object& into,
         std::string_view member) {
    if (auto made = converted(value, text_at(field, "/type"))) {
        into[member] = std::move(*made);
    } else {
        leave_out(call, key, "The value does not fit the type of Lever's field; it was left out.");
    }
}

}  // namespace

void merge_custom_fields(Call& call, Api& api, json::object const& wanted, json::object& custom) {
    if (wanted.empty()) {
        return;
    }
    json::array const fields = with_rights(
        [&] { return api.catalogue(call, "/requisition_fields", "requisition fields", "List requisition fields"); });
    for (auto const& entry : wanted) {
        std::string_view const key = entry.key();
        if (json::value const* field = definition(fields, key); field != nullptr) {
            put(call, key, entry.value(), *field, custom, key);
            continue;
        }
        std::size_t const dot = key.find('.');
        json::value const* object = dot == key.npos ? nullptr : definition(fields, key.substr(0, dot));
        json::value const* members = object == nullptr ? nullptr : find(*object, "/subfields");
        json::value const* member = members == nullptr || !members->is_array()
                                        ? nullptr
                                        : definition(members->get_array(), key.substr(dot + 1));
        if (member == nullptr) {
            leave_out(call, key, "Lever defines no such requisition field; it was left out.");
            continue;
        }
        json::value& place = custom[key.substr(0, dot)];
        put(call, key, entry.value(), *member, place.is_object() ? place.get_object() : place.emplace_object(),
            key.substr(dot + 1));
    }
}

}  // namespace crosswalk::lever
