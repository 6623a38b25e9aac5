#include "greenhouse_data.hpp"
#include "mapping.hpp"
#include "values.hpp"

#include <algorithm>

namespace crosswalk::greenhouse {

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

// A text, or a number or truth written as one; empty for anything else.
std::string as_text(json::value const& value) {
    if (value.is_string()) {
        return std::string(trimmed(value.get_string()));
    }
    return value.is_number() || value.is_bool() ? json::serialize(value) : std::string();
}

// Puts the configured keys of custom fields where the table says {job_title} and {employment_type}.
std::string filled(Settings const& settings, std::string_view pointer) {
    std::string out(pointer);
    for (auto const& [word, key] :
         {std::pair<std::string_view, std::string const&>{"{job_title}", settings.job_title_field},
          {"{employment_type}", settings.employment_type_field}}) {
        if (std::size_t const at = out.find(word); at != std::string::npos) {
            out.replace(at, word.size(), key);
        }
    }
    return out;
}

json::value const* first_of(Settings const& settings, json::value const& hire, json::value const& pointers) {
    for (json::value const& pointer : pointers.as_array()) {
        json::value const* found = find(hire, filled(settings, pointer.as_string()));
        if (found != nullptr && !(found->is_string() && trimmed(found->get_string()).empty())) {
            return found;
        }
    }
    return nullptr;
}

// "Full Time" and "full_time" are "full-time".
void put_employment_type(json::object& out, std::string const& text) {
    std::string word = lower(text);
    std::replace_if(
        word.begin(), word.end(), [](char c) { return c == ' ' || c == '_'; }, '-');
    json::value const* known = table().at("employment_type").as_object().if_contains(word);
    if (known != nullptr) {
        out["employment_type"] = *known;
    } else if (!text.empty()) {
        out["employment_type"] = "other";
        out["employment_type_raw"] = text;
    }
}

json::object& custom_of(json::object& out) {
    json::value& place = out["custom"];
    return place.is_object() ? place.get_object() : place.emplace_object();
}

void put_field(Call& call, Settings const& settings, json::value const& hire, json::value const& row,
               json::object& out) {
    json::value const* found = first_of(settings, hire, row.at("from"));
    if (found == nullptr) {
        return;
    }
    std::string text = as_text(*found);
    std::string_view const kind = text_at(row, "/as");
    std::string_view key = text_at(row, "/to").substr(1);
    if (kind == "employment_type") {
        put_employment_type(out, text);
        return;
    }
    bool const usable = !text.empty() && (kind != "date" || is_date(text)) && (kind != "time" || unix_ms_of(text));
    if (!usable) {
        call.warn(key, "Greenhouse's value is no " + std::string(kind) + "; it was left out.");
    } else if (key.starts_with("custom/")) {
        custom_of(out)[key.substr(7)] = std::move(text);
    } else if (kind == "named") {
        out[key] = json::object{{"name", std::move(text)}};
    } else {
        out[key] = std::move(text);
    }
}

// The first value of the first type that has one.
std::string of_type(json::value const* list, json::value const& types) {
    if (list != nullptr && list->is_array()) {
        for (json::value const& type : types.as_array()) {
            for (json::value const& one : list->get_array()) {
                if (std::string_view const value = trimmed(text_at(one, "/value"));
                    text_at(one, "/type") == std::string_view(type.as_string()) && !value.empty()) {
                    return std::string(value);
                }
            }
        }
    }
    return {};
}

// Webhooks print "10000.0", Harvest prints 10000; both are amounts.
json::value money(json::value const* amount, std::string_view currency) {
    std::string digits = amount == nullptr ? std::string() : as_text(*amount);
    bool const decimal = !digits.empty() && digits.find_first_not_of("0123456789.") == std::string::npos;
    if (decimal && digits.ends_with(".0")) {
        digits.resize(digits.size() - 2);
    }
    bool const code = currency.size() == 3 &&
                      std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!decimal || !code) {
        return digits.empty() ? json::value(nullptr) : json::value(digits);
    }
    return json::object{{"amount", digits}, {"currency", currency}};
}

json::value list_of(json::array const& values) {
    json::array list;
    for (json::value const& value : values) {
        if (std::string text = as_text(value); !text.empty() && list.size() < list_max) {
            list.emplace_back(std::move(text));
        }
    }
    return list.empty() ? json::value(nullptr) : json::value(std::move(list));
}

void put(json::object& custom, std::string const& key, json::value value) {
    if (!value.is_null() && !(value.is_string() && value.get_string().empty())) {
        custom[key] = std::move(value);
    }
}

// One custom field of any type. A value of several parts becomes "key.part".
void put_custom(json::object& custom, std::string const& key, json::value const& field) {
    json::value const* value = find(field, "/value");
    if (value == nullptr) {
        return;
    }
    if (value->is_array()) {
        put(custom, key, list_of(value->get_array()));
        return;
    }
    if (!value->is_object()) {
        put(custom, key, value->is_string() ? json::value(as_text(*value)) : *value);
        return;
    }
    std::string_view currency = text_at(*value, "/unit");
    currency = currency.empty() ? text_at(*value, "/currency") : currency;
    if (text_at(field, "/type") == "user") {
        put(custom, key, json::value(text_at(*value, "/name")));
        put(custom, key + ".email", json::value(text_at(*value, "/email")));
        put(custom, key + ".employee_id", json::value(text_at(*value, "/employee_id")));
        return;
    }
    for (auto const& [part, suffix] : {std::pair<std::string_view, std::string_view>{"/amount", ""},
                                       {"/value", ""},
                                       {"/min_value", ".min"},
                                       {"/max_value", ".max"}}) {
        put(custom, key + std::string(suffix), money(find(*value, part), currency));
    }
}

void put_custom_fields(json::value const& hire, json::object& out) {
    for (json::value const& pointer : table().at("custom_fields").as_array()) {
        json::value const* fields = find(hire, pointer.as_string());
        // An empty map is printed as [] in some places.
        if (fields == nullptr || !fields->is_object()) {
            continue;
        }
        for (auto const& entry : fields->get_object()) {
            put_custom(custom_of(out), std::string(entry.key()), entry.value());
        }
    }
    if (custom_of(out).empty()) {
        out.erase("custom");
    }
}

std::string media_type(json::value const& document) {
    std::string_view const said = text_at(document, "/content_type");
    std::string const name = lower(text_at(document, "/file_name"));
    json::value const* known = table().at("content_types").as_object().if_contains(name.substr(name.rfind('.') + 1));
    // Stores of files call everything a stream of octets.
    if (!said.empty() && said.find("octet-stream") == std::string_view::npos) {
        return std::string(said);
    }
    return known == nullptr ? "application/octet-stream" : std::string(known->as_string());
}

void put_documents(Call& call, json::value const& hire, json::object& out) {
    json::value const* found = find(hire, "/documents");
    if (found == nullptr || !found->is_array()) {
        return;
    }
    json::array documents;
    int number = 0;
    for (json::value const& document : found->get_array()) {
        ++number;
        if (std::string_view const problem = text_at(document, "/problem"); !problem.empty()) {
            // By its place: file names hold people's names.
            call.warn("documents", "Document " + std::to_string(number) + " was left out. " + std::string(problem));
            continue;
        }
        json::value const* type = table().at("document_types").as_object().if_contains(text_at(document, "/type"));
        documents.push_back(json::object{{"kind", "attachment"},
                                         {"file_name", text_at(document, "/file_name")},
                                         {"content_type", media_type(document)},
                                         {"type", type == nullptr ? json::value("other") : *type},
                                         {"size", document.at("size")},
                                         {"bytes", text_at(document, "/bytes")}});
    }
    if (!documents.empty()) {
        out["documents"] = std::move(documents);
    }
}

void put_ref(Call const& call, json::object& out, std::string_view field, std::string_view kind,
             std::string const& id) {
    if (!id.empty()) {
        out[field] = json::object{{"system", call.connection()}, {"kind", kind}, {"id", id}};
    }
}

void warn_of_what_lacks(Call& call, json::value const& hire) {
    if (json::value const* unread = find(hire, "/unread"); unread != nullptr && unread->is_array()) {
        for (json::value const& one : unread->get_array()) {
            call.warn(text_at(one, "/object"), text_at(one, "/reason"));
        }
    }
    if (find(hire, "/job/offices/1") != nullptr) {
        call.warn("location", "The job has several offices; the first was taken.");
    }
    if (find(hire, "/job/departments/1") != nullptr) {
        call.warn("department", "The job has several departments; the first was taken.");
    }
}

}  // namespace

Record map_in(Call& call, Settings const& settings, json::object object) {
    json::value const hire(std::move(object));
    std::string const id = id_at(hire, "/application/id");
    std::string const candidate = id_at(hire, "/candidate/id");
    if (id.empty() || candidate.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Greenhouse application with its candidate.",
                      {{"application", "has no id"}});
    }
    json::object out{{"kind", "hire"}, {"import_source", "Greenhouse Recruiting"}};
    put_ref(call, out, "ref", "application", id);
    put_ref(call, out, "application", "application", id);
    put_ref(call, out, "candidate", "candidate", candidate);
    put_ref(call, out, "offer", "offer", id_at(hire, "/offer/id"));
    put_ref(call, out, "requisition", "job", id_at(hire, "/job/id"));
    put(out, "personal_email",
        json::value(of_type(find(hire, "/candidate/email_addresses"), table().at("email_types"))));
    put(out, "personal_phone", json::value(of_type(find(hire, "/candidate/phone_numbers"), table().at("phone_types"))));
    for (json::value const& row : table().at("fields").as_array()) {
        put_field(call, settings, hire, row, out);
    }
    put_custom_fields(hire, out);
    put_documents(call, hire, out);
    warn_of_what_lacks(call, hire);
    return {std::string(canonical_hire), id, std::move(out)};
}

}  // namespace crosswalk::greenhouse
