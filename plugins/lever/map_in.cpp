#include "hire.hpp"
#include "lever_data.hpp"
#include "mapping.hpp"
#include "values.hpp"

#include <algorithm>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Record;
using connector::text_at;

namespace {

constexpr std::size_t list_max = 200;

// mapping/hire.json; what stands in it is ours, so reading it does not fail.
json::value const& table() {
    static json::value const parsed = json::parse(hire_json);
    return parsed;
}

json::value const* first_of(json::value const& hire, json::value const& pointers) {
    for (json::value const& pointer : pointers.as_array()) {
        json::value const* found = find(hire, pointer.as_string());
        if (found != nullptr && !(found->is_string() && folded(found->get_string()).empty())) {
            return found;
        }
    }
    return nullptr;
}

// A text, or a number or truth written as one; empty for anything else.
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

void put_employment_type(json::object& out, std::string const& text) {
    json::value const* known = table().at("employment_type").as_object().if_contains(normal(text));
    if (known != nullptr) {
        out["employment_type"] = *known;
    } else if (!text.empty()) {
        out["employment_type"] = "other";
        out["employment_type_raw"] = text;
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
    return kind == "named" ? json::value(json::object{{"name", std::move(text)}}) : json::value(std::move(text));
}

void put_field(Call& call, Settings const& settings, json::value const& hire, json::value const& row,
               json::object& out) {
    if (text_at(row, "/when") == "send_start_date" && !settings.send_start_date) {
        return;
    }
    std::string_view const unwanted = text_at(row, "/not");
    json::array from = row.at("from").as_array();
    if (!unwanted.empty() && text_at(hire, from.front().as_string()) == unwanted) {
        from.erase(from.begin());
    }
    json::value const* found = first_of(hire, from);
    if (found == nullptr) {
        return;
    }
    std::string_view const kind = text_at(row, "/as");
    if (kind == "employment_type") {
        put_employment_type(out, as_text(*found));
        return;
    }
    json::value value = converted(*found, kind);
    auto const [object, key] = place(out, text_at(row, "/to"));
    if (!value.is_null()) {
        object[key] = std::move(value);
    } else if (!(found->is_array() || found->is_object())) {
        call.warn(key, "Lever's value is no " + std::string(kind) + "; it was left out.");
    }
}

// Lever has one full name. A name of one word is a first name only: the missing last name is for people to add.
void put_name(Settings const& settings, json::value const& hire, json::object& out) {
    std::string const name = name_of(hire);
    if (name.empty()) {
        return;
    }
    std::size_t const at = settings.name_split == NameSplit::last_token ? name.rfind(' ') : name.find(' ');
    out["first_name"] = name.substr(0, at);
    if (at != std::string::npos) {
        out["last_name"] = name.substr(at + 1);
    }
}

// The first mobile number, else the first of any kind that rings.
void put_phone(json::value const& hire, json::object& out) {
    std::string first;
    for (json::value const& pointer : table().at("phones").as_array()) {
        json::value const* found = find(hire, pointer.as_string());
        if (found == nullptr) {
            continue;
        }
        json::array const one = found->is_array() ? found->get_array() : json::array{*found};
        for (json::value const& phone : one) {
            json::value const* value = find(phone, "/value");
            std::string number = value == nullptr ? std::string() : as_text(*value);
            std::string_view const type = text_at(phone, "/type");
            if (number.empty() || type == "skype") {
                continue;
            }
            if (type == "mobile") {
                out["personal_phone"] = std::move(number);
                return;
            }
            if (first.empty()) {
                first = std::move(number);
            }
        }
    }
    if (!first.empty()) {
        out["personal_phone"] = std::move(first);
    }
}

json::object ref(Call const& call, std::string_view kind, std::string_view id) {
    return {{"system", call.connection()}, {"kind", kind}, {"id", id}};
}

void put_ref(Call const& call, json::object& out, std::string_view field, std::string_view kind, std::string_view id) {
    if (!id.empty()) {
        out[field] = ref(call, kind, id);
    }
}

void put_manager(Call const& call, json::value const& hire, json::object& out) {
    json::object manager;
    if (std::string name = folded(text_at(hire, "/manager/name")); !name.empty()) {
        manager["name"] = std::move(name);
    }
    if (std::string_view const email = text_at(hire, "/manager/email"); !email.empty()) {
        manager["email"] = email;
    }
    if (!manager.empty()) {
        put_ref(call, manager, "ref", "user", text_at(hire, "/manager/id"));
        out["manager"] = std::move(manager);
    }
}

// Fields that a customer added, under the names that they have in Lever. An object's members become "object.member".
void put_custom(json::object const& fields, std::string_view prefix, json::object& custom) {
    for (auto const& entry : fields) {
        std::string const key = std::string(prefix) + std::string(entry.key());
        json::value const& value = entry.value();
        if (value.is_object() && prefix.empty()) {
            put_custom(value.get_object(), key + ".", custom);
        } else if (value.is_array()) {
            custom[key] = as_list(value);
        } else if (value.is_primitive() && !value.is_null()) {
            custom[key] = value;
        }
    }
}

void put_custom_fields(json::value const& hire, json::object& out) {
    json::value& place = out["custom"];
    json::object& custom = place.is_object() ? place.get_object() : place.emplace_object();
    if (json::value const* fields = find(hire, "/requisition/customFields"); fields != nullptr && fields->is_object()) {
        put_custom(fields->get_object(), {}, custom);
    }
    if (json::value const* fields = find(hire, "/offerFields"); fields != nullptr && fields->is_object()) {
        json::object own;
        for (auto const& entry : fields->get_object()) {
            if (entry.key().starts_with("custom_")) {
                own.emplace(entry.key(), entry.value());
            }
        }
        put_custom(own, {}, custom);
    }
    if (custom.empty()) {
        out.erase("custom");
    }
}

void warn_of_unread(Call& call, json::value const& hire) {
    json::value const* unread = find(hire, "/unread");
    if (unread != nullptr && unread->is_array()) {
        for (json::value const& one : unread->get_array()) {
            call.warn(text_at(one, "/object"), text_at(one, "/reason"));
        }
    }
}

}  // namespace

Record map_in(Call& call, Settings const& settings, json::object object) {
    json::value const hire(std::move(object));
    std::string const id(text_at(hire, "/opportunity/id"));
    if (id.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Lever opportunity.", {{"opportunity", "has no id"}});
    }
    json::object out{{"kind", "hire"}, {"ref", ref(call, "opportunity", id)}, {"import_source", "Lever"}};
    std::string_view const contact = id_of(find(hire, "/opportunity/contact"));
    // Lever's person is the contact; without one the opportunity stands for it.
    out["candidate"] = contact.empty() ? ref(call, "opportunity", id) : ref(call, "contact", contact);
    out["application"] = ref(call, "opportunity", id);
    put_ref(call, out, "offer", "offer", text_at(hire, "/offer/id"));
    put_ref(call, out, "requisition", "requisition", text_at(hire, "/application/requisitionForHire/id"));
    put_name(settings, hire, out);
    put_phone(hire, out);
    put_manager(call, hire, out);
    for (json::value const& row : table().at("fields").as_array()) {
        put_field(call, settings, hire, row, out);
    }
    put_custom_fields(hire, out);
    warn_of_unread(call, hire);
    return {std::string(canonical_hire), id, std::move(out)};
}

}  // namespace crosswalk::lever
