#include "settings.hpp"

#include "goco_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace crosswalk::goco {
namespace {

constexpr std::array placeholders = {
    std::string_view("company"),   std::string_view("id"),          std::string_view("first_name"),
    std::string_view("last_name"), std::string_view("external_id"), std::string_view("by"),
    std::string_view("value"),     std::string_view("limit"),       std::string_view("offset")};
constexpr std::array top_keys = {"base_url",        "company",    "api_key",   "allow_insecure", "documents_url",
                                 "paths",           "fields",     "envelope",  "enums",          "page_size",
                                 "duplicate_match", "match_case", "otherwise", "import_sources"};
constexpr std::array may_be_empty = {std::string_view("job_titles"),     std::string_view("employee_by_external_id"),
                                     std::string_view("departments"),    std::string_view("locations"),
                                     std::string_view("manager_search"), std::string_view("document_upload")};

[[noreturn]] void refuse(std::string_view pointer, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + std::string(pointer) + " " + std::string(why));
}

template <class List>
bool contains(List const& list, std::string_view wanted) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view known) { return known == wanted; });
}

std::string text(json::value const& given, std::string const& pointer) {
    json::value const* found = connector::find(given, pointer);
    if (found == nullptr || !found->is_string() || found->get_string().empty()) {
        refuse(pointer, "is required and must be text.");
    }
    return std::string(found->get_string());
}

bool flag(json::value const& given, std::string const& pointer, bool otherwise) {
    json::value const* found = connector::find(given, pointer);
    if (found != nullptr && !found->is_bool()) {
        refuse(pointer, "must be true or false.");
    }
    return found == nullptr ? otherwise : found->get_bool();
}

double number(json::value const& given, std::string const& pointer, double otherwise, double least, double most) {
    json::value const* found = connector::find(given, pointer);
    if (found == nullptr) {
        return otherwise;
    }
    json::error_code error;
    auto const value = found->to_number<double>(error);
    if (error || !std::isfinite(value) || value < least || value > most) {
        refuse(pointer, "is out of range.");
    }
    return value;
}

std::string word(json::value const& given, std::string const& pointer, std::initializer_list<char const*> words) {
    json::value const* found = connector::find(given, pointer);
    if (found == nullptr) {
        return *words.begin();
    }
    if (found->is_string()) {
        for (char const* known : words) {
            if (found->get_string() == known) {
                return known;
            }
        }
    }
    refuse(pointer, "is not one of its allowed words.");
}

enum class Keys : unsigned char { known, any };

// Lays the texts of the object at `pointer` over `out`.
void overlay(json::value const& given, std::string const& pointer, Texts& out, Keys keys) {
    json::value const* found = connector::find(given, pointer);
    if (found == nullptr) {
        return;
    }
    if (!found->is_object()) {
        refuse(pointer, "must be a table.");
    }
    for (auto const& [key, value] : found->get_object()) {
        std::string const at = pointer + "/" + std::string(key);
        if (!value.is_string()) {
            refuse(at, "must be text.");
        }
        if (keys == Keys::known && out.find(std::string_view(key)) == out.end()) {
            refuse(at, "is not a name that this connector knows.");
        }
        out.insert_or_assign(std::string(key), std::string(value.get_string()));
    }
}

std::string_view host_of(std::string_view url) {
    std::string_view rest = url.substr(url.find("//") + 2);
    rest = rest.substr(0, rest.find('/'));
    if (rest.starts_with('[')) {
        return rest.substr(0, rest.find(']') + 1);
    }
    return rest.substr(0, rest.find(':'));
}

bool has_odd_characters(std::string_view url) {
    return std::any_of(url.begin(), url.end(),
                       [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

std::string checked_base_url(json::value const& given) {
    std::string const pointer = "/base_url";
    std::string url = text(given, pointer);
    bool const secure = url.starts_with("https://");
    if (!secure && !url.starts_with("http://")) {
        refuse(pointer, "must start with https://.");
    }
    if (url.find("://") != url.rfind("://")) {
        refuse(pointer, "has its https:// twice.");
    }
    std::string_view const host = host_of(url);
    if (host.empty() || has_odd_characters(url) || url.find_first_of("?#@") != std::string::npos) {
        refuse(pointer, "must be an address without user, query or fragment.");
    }
    bool const loopback = host == "127.0.0.1" || host == "[::1]" || host == "localhost";
    if (!secure && !(loopback && flag(given, "/allow_insecure", false))) {
        refuse(pointer, "must be https://. Plain http:// is for loopback only, with /allow_insecure: true.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

void check_path(std::string_view key, std::string_view path) {
    std::string const pointer = "/paths/" + std::string(key);
    if (path.empty()) {
        if (!contains(may_be_empty, key)) {
            refuse(pointer, "must not be empty.");
        }
        return;
    }
    if (!path.starts_with('/') || has_odd_characters(path)) {
        refuse(pointer, "must start with / and hold no spaces.");
    }
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
        std::size_t const end = path.find('}', at);
        if (end == std::string_view::npos || !contains(placeholders, path.substr(at + 1, end - at - 1))) {
            refuse(pointer, "has a {placeholder} that this connector does not know.");
        }
    }
    bool const needs_id = key == "employee_get" || key == "document_upload";
    if (needs_id && path.find("{id}") == std::string_view::npos) {
        refuse(pointer, "must hold {id}.");
    }
}

}  // namespace

Settings Settings::load(json::value const& given) {
    if (!given.is_object()) {
        throw Failure(CW_ERR_CONFIG, "The settings of this connection are missing.");
    }
    for (auto const& entry : given.get_object()) {
        if (!contains(top_keys, entry.key())) {
            refuse("/" + std::string(entry.key()), "is not known to this connector.");
        }
    }
    json::value const defaults = connector::parse_json(contract_json, "The contract");
    Settings out;
    out.base_url = checked_base_url(given);
    out.company = text(given, "/company");
    (void)text(given, "/api_key");
    for (json::value const* source : {&defaults, &given}) {
        Keys const keys = source == &defaults ? Keys::any : Keys::known;
        overlay(*source, "/paths", out.paths, keys);
        overlay(*source, "/envelope", out.envelope, keys);
        overlay(*source, "/fields", out.fields, Keys::any);
        overlay(*source, "/import_sources", out.import_sources, Keys::any);
        overlay(*source, "/enums/employment_type", out.enums["employment_type"], Keys::any);
        overlay(*source, "/enums/document_category", out.enums["document_category"], Keys::any);
    }
    json::object const& inner_names = defaults.at("fields").get_object();
    for (auto const& [key, name] : out.fields) {
        if (name.empty()) {
            refuse("/fields/" + key, "must not be empty.");
        }
        if (!inner_names.contains(key)) {
            out.contract_names.emplace(name, key);
        }
    }
    for (auto const& [key, path] : out.paths) {
        check_path(key, path);
    }
    out.page_size = static_cast<int>(number(given, "/page_size", 100, 1, 1000));
    std::string const rule = word(given, "/duplicate_match", {"first_last", "first_last_email", "off"});
    out.duplicate_match = rule == "off"                ? DuplicateMatch::off
                          : rule == "first_last_email" ? DuplicateMatch::first_last_email
                                                       : DuplicateMatch::first_last;
    out.match_case = flag(given, "/match_case", true);
    for (char const* field : {"department", "location", "job_title", "manager", "employment_type"}) {
        if (word(given, std::string("/otherwise/") + field, {"omit", "fail"}) == "fail") {
            out.must_match.insert(field);
        }
    }
    return out;
}

std::string Settings::url(std::string_view path, PathValues values) const {
    values.emplace_back("company", company);
    return base_url + connector::fill_path(paths.find(path)->second, values);
}

std::string Settings::wire(std::string_view contract_name) const {
    auto const found = fields.find(contract_name);
    return found == fields.end() ? std::string(contract_name) : found->second;
}

std::string Settings::contract(std::string_view wire_name) const {
    auto const found = contract_names.find(wire_name);
    return found == contract_names.end() ? std::string(wire_name) : found->second;
}

}  // namespace crosswalk::goco
