#include "store/handles.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace crosswalk::store {
namespace {

namespace json = boost::json;

constexpr std::size_t handles_max = 64;
constexpr std::size_t handle_bytes_max = 512;
constexpr int depth_max = 32;

// Members of a canonical record that refer to the person it is about, or to something that is theirs alone.
constexpr std::array reference_members{"ref", "links", "candidate", "application", "applications", "owner", "target"};
constexpr std::array address_members{"personal_email", "work_email"};
// Kinds of records about jobs; and what kinds of references are called that lead to no person.
constexpr std::array job_kinds{"requisition", "posting", "requisition_metrics", "opening", "job",
                               "department",  "location"};

template <class List>
bool has(List const& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view view(json::string const& text) noexcept {
    return {text.data(), text.size()};
}

std::string_view text_of(json::object const& object, std::string_view name) noexcept {
    json::value const* const found = object.if_contains(json::string_view(name.data(), name.size()));
    json::string const* const text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string_view() : view(*text);
}

bool is_blank(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// Domains and, in practice, mailboxes are ASCII and know no case; other letters stay as they are.
std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

void add(Handles& handles, std::string handle) {
    if (!handle.empty() && handle.size() <= handle_bytes_max && handles.texts.size() < handles_max &&
        !has(handles.texts, handle)) {
        handles.texts.push_back(std::move(handle));
    }
}

void add_address(Handles& handles, std::string_view text) {
    text = trimmed(text);
    if (is_address(text)) {
        add(handles, in_lower_case(text));
    }
}

// A reference or a list of them.
void add_references(Handles& handles, json::value const& value) {
    if (json::array const* const list = value.if_array()) {
        for (json::value const& one : *list) {
            if (one.is_object()) {
                add_references(handles, one);
            }
        }
        return;
    }
    json::object const* const ref = value.if_object();
    if (ref == nullptr) {
        return;
    }
    std::string_view const system = text_of(*ref, "system");
    std::string_view const kind = text_of(*ref, "kind");
    std::string_view const id = text_of(*ref, "id");
    if (!system.empty() && !kind.empty() && !id.empty() && !has(job_kinds, kind)) {
        add(handles, std::string(system).append(1, '/').append(kind).append(1, '/').append(id));
    }
}

void add_emails(Handles& handles, json::object const& person) {
    json::value const* const emails = person.if_contains("emails");
    if (emails == nullptr || !emails->is_array()) {
        return;
    }
    for (json::value const& email : emails->get_array()) {
        if (email.is_object()) {
            add_address(handles, text_of(email.get_object(), "value"));
        }
    }
}

void add_canonical(Handles& handles, json::object const& record) {
    add_emails(handles, record);
    for (char const* const member : address_members) {
        add_address(handles, text_of(record, member));
    }
    if (json::value const* const person = record.if_contains("person"); person != nullptr && person->is_object()) {
        add_emails(handles, person->get_object());
    }
    for (char const* const member : reference_members) {
        if (json::value const* const found = record.if_contains(member)) {
            add_references(handles, *found);
        }
    }
}

// Every text that is an address, wherever it stands.
void add_all_addresses(Handles& handles, json::value const& value, int depth) {
    if (depth == depth_max) {
        return;
    }
    if (json::string const* const text = value.if_string()) {
        add_address(handles, view(*text));
    } else if (json::array const* const list = value.if_array()) {
        for (json::value const& one : *list) {
            add_all_addresses(handles, one, depth + 1);
        }
    } else if (json::object const* const object = value.if_object()) {
        for (json::key_value_pair const& member : *object) {
            add_all_addresses(handles, member.value(), depth + 1);
        }
    }
}

// "crosswalk.hire/1" → "hire"; nothing for a schema that is not canonical.
std::string_view canonical_kind(std::string_view schema) noexcept {
    constexpr std::string_view prefix = "crosswalk.";
    if (!schema.starts_with(prefix)) {
        return {};
    }
    schema.remove_prefix(prefix.size());
    return schema.substr(0, schema.find('/'));
}

}  // namespace

Handles handles_of(model::Record const& record) {
    Handles handles;
    json::error_code error;
    json::value const value = json::parse(json::string_view(record.json.data(), record.json.size()), error);
    if (error) {
        return handles;
    }
    std::string_view const kind = canonical_kind(record.schema);
    if (kind.empty() || !value.is_object()) {
        add_all_addresses(handles, value, 0);
        return handles;
    }
    json::object const& object = value.get_object();
    // An opening that somebody fills is about them; its own reference stays the job's.
    if (has(job_kinds, kind)) {
        if (json::value const* const application = object.if_contains("application")) {
            add_references(handles, *application);
        }
        handles.owner = handles.texts.empty() ? Owner::nobody : Owner::person;
        return handles;
    }
    add_canonical(handles, object);
    handles.owner = handles.texts.empty() ? Owner::unsure : Owner::person;
    return handles;
}

bool is_address(std::string_view handle) noexcept {
    auto const at = handle.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < handle.size() &&
           handle.find('@', at + 1) == std::string_view::npos && handle.size() <= handle_bytes_max &&
           std::none_of(handle.begin(), handle.end(), is_blank);
}

std::string handle_from(std::string_view typed) {
    typed = trimmed(typed);
    auto const first = typed.find('/');
    auto const second = first == std::string_view::npos ? first : typed.find('/', first + 1);
    bool const is_reference =
        second != std::string_view::npos && first > 0 && second > first + 1 && second + 1 < typed.size();
    if (is_reference) {
        return typed.size() <= handle_bytes_max ? std::string(typed) : std::string();
    }
    return is_address(typed) ? in_lower_case(typed) : std::string();
}

}  // namespace crosswalk::store
