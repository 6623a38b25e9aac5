#include "settings.hpp"

#include "hrlogics_data.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::hrlogics {

using connector::Failure;
using connector::find;

namespace {

constexpr std::array<std::string_view, 11> top_keys{
    "base_url",  "auth",       "webhook_secret", "previous_webhook_secret",
    "per",       "status_map", "exclusive_tags", "skip_statuses",
    "page_size", "paths",      "fields"};
constexpr std::array<std::string_view, 5> placeholders{"id", "external_id", "since", "page", "per_page"};
constexpr std::size_t statuses_max = 100;

[[noreturn]] void wrong(std::string const& setting, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + setting + " " + std::string(why), {{setting, std::string(why)}});
}

template <class List>
bool contains(List const& list, std::string_view wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

std::string text(json::value const& root, std::string const& pointer, std::string otherwise = {}) {
    json::value const* found = find(root, pointer);
    if (found == nullptr) {
        return otherwise;
    }
    if (!found->is_string() || found->get_string().empty()) {
        wrong(pointer, "must be a text that is not empty.");
    }
    return std::string(found->get_string());
}

std::string required(json::value const& root, std::string const& pointer, std::string_view why) {
    std::string found = text(root, pointer);
    if (found.empty()) {
        wrong(pointer, why);
    }
    return found;
}

bool is_loopback(std::string_view authority) {
    for (std::string_view const host : {"127.0.0.1", "localhost", "[::1]"}) {
        if (authority == host || authority.starts_with(std::string(host) + ":")) {
            return true;
        }
    }
    return false;
}

std::string address(json::value const& root, std::string const& pointer, std::string_view why) {
    std::string url = required(root, pointer, why);
    if (!url.starts_with("https://") && !url.starts_with("http://")) {
        wrong(pointer, "must start with https://.");
    }
    std::string const rest = url.substr(url.find("://") + 3);
    if (rest.find("://") != std::string::npos) {
        wrong(pointer, "has its https:// twice; remove one.");
    }
    std::string const authority = rest.substr(0, rest.find('/'));
    if (authority.empty() || rest.find_first_of("?#@ ") != std::string::npos) {
        wrong(pointer, "must be a host and a path only.");
    }
    if (url.starts_with("http://") && !is_loopback(authority)) {
        wrong(pointer, "must use https: the credential would travel in the clear.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

void read_auth(json::value const& root, Settings& settings) {
    std::string const type = required(root, "/auth/type", "is required: bearer or oauth2_client_credentials.");
    if (type == "bearer") {
        (void)required(root, std::string(api_token_pointer), "is required by bearer.");
        return;
    }
    if (type != "oauth2_client_credentials") {
        wrong("/auth/type", "must be bearer or oauth2_client_credentials.");
    }
    std::string const why = "is required by oauth2_client_credentials.";
    (void)required(root, std::string(client_secret_pointer), why);
    std::string const client_auth = text(root, "/auth/client_auth", "body");
    if (client_auth != "body" && client_auth != "basic") {
        wrong("/auth/client_auth", "must be body or basic.");
    }
    json::array scopes;
    std::string const scope = text(root, "/auth/scope");
    for (std::size_t at = 0; at < scope.size();) {
        std::size_t const end = std::min(scope.find(' ', at), scope.size());
        if (end > at) {
            scopes.emplace_back(scope.substr(at, end - at));
        }
        at = end + 1;
    }
    settings.oauth = true;
    settings.oauth_description = {{"grant", "client_credentials"},
                                  {"token_url", address(root, "/auth/token_url", why)},
                                  {"client_id", required(root, "/auth/client_id", why)},
                                  {"client_secret", client_secret_pointer},
                                  {"client_auth", client_auth},
                                  {"scopes", std::move(scopes)}};
}

// Lays the texts of the object at `pointer` over `out`, which knows every key there may be.
void overlay(json::value const& root, std::string const& pointer, Texts& out) {
    json::value const* found = find(root, pointer);
    if (found == nullptr) {
        return;
    }
    if (!found->is_object()) {
        wrong(pointer, "must be a table.");
    }
    for (auto const& [key, value] : found->get_object()) {
        std::string const at = pointer + "/" + std::string(key);
        auto const known = out.find(std::string_view(key));
        if (known == out.end()) {
            wrong(at, "is not a name that this connector knows.");
        }
        if (!value.is_string() || !value.get_string().starts_with("/")) {
            wrong(at, "must be a text that starts with /.");
        }
        known->second = std::string(value.get_string());
    }
}

Texts texts_of(json::value const& object) {
    Texts out;
    for (auto const& [key, value] : object.as_object()) {
        out.emplace(key, value.as_string());
    }
    return out;
}

void check_path(std::string const& key, std::string_view path) {
    std::string const pointer = "/paths/" + key;
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
        std::size_t const end = path.find('}', at);
        if (end == std::string_view::npos || !contains(placeholders, path.substr(at + 1, end - at - 1))) {
            wrong(pointer, "has a {placeholder} that this connector does not know.");
        }
    }
    bool const needs_id = key == "applicant_get" || key == "disconnect";
    if (needs_id && path.find("{id}") == std::string_view::npos) {
        wrong(pointer, "must hold {id}.");
    }
}

void read_contract(json::value const& root, json::value const& defaults, Settings& settings) {
    settings.paths = texts_of(defaults.at("paths"));
    overlay(root, "/paths", settings.paths);
    for (auto const& [key, path] : settings.paths) {
        check_path(key, path);
    }
    for (auto const& [group, names] : defaults.at("fields").as_object()) {
        overlay(root, "/fields/" + std::string(group), settings.fields.emplace(group, texts_of(names)).first->second);
    }
    if (json::value const* fields = find(root, "/fields"); fields != nullptr && fields->is_object()) {
        for (auto const& entry : fields->get_object()) {
            if (!settings.fields.contains(std::string_view(entry.key()))) {
                wrong("/fields/" + std::string(entry.key()), "is not a group that this connector knows.");
            }
        }
    }
}

void read_tags(json::value const& root, json::value const& defaults, Settings& settings) {
    json::value const* given = find(root, "/status_map");
    json::value const& map = given == nullptr ? defaults.at("status_map") : *given;
    if (!map.is_object() || map.get_object().size() > statuses_max) {
        wrong("/status_map", "must be a table of statuses and their tags, with at most 100 rows.");
    }
    for (auto const& [status, tag] : map.get_object()) {
        std::string const at = "/status_map/" + std::string(status);
        if (!tag.is_string() || tag.get_string().empty() || folded(status).empty()) {
            wrong(at, "must name a tag.");
        }
        if (!settings.tags.emplace(folded(status), std::string(tag.get_string())).second) {
            wrong(at, "is the same status as another row, written differently.");
        }
    }
    if (json::value const* exclusive = find(root, "/exclusive_tags"); exclusive != nullptr) {
        if (!exclusive->is_bool()) {
            wrong("/exclusive_tags", "must be true or false.");
        }
        settings.exclusive_tags = exclusive->get_bool();
    }
}

void read_statuses(json::value const& root, json::value const& defaults, Settings& settings) {
    json::value const* given = find(root, "/skip_statuses");
    json::value const& list = given == nullptr ? defaults.at("skip_statuses") : *given;
    if (!list.is_array() || list.get_array().size() > statuses_max) {
        wrong("/skip_statuses", "must be a list of statuses.");
    }
    for (json::value const& status : list.get_array()) {
        if (!status.is_string()) {
            wrong("/skip_statuses", "must be a list of statuses.");
        }
        settings.skip_statuses.emplace_back(status.get_string());
    }
}

}  // namespace

Settings read_settings(json::value const& root) {
    if (!root.is_object()) {
        wrong("/", "must be an object.");
    }
    for (auto const& entry : root.get_object()) {
        if (!contains(top_keys, std::string_view(entry.key()))) {
            wrong("/" + std::string(entry.key()), "is not known.");
        }
    }
    json::value const defaults = connector::parse_json(contract_json, "The contract");
    Settings settings;
    settings.base_url = address(root, "/base_url", "is required: the address that HRLogics gave you.");
    read_auth(root, settings);
    (void)text(root, std::string(webhook_secret_pointer));
    if (!text(root, std::string(previous_webhook_secret_pointer)).empty() &&
        text(root, std::string(webhook_secret_pointer)).empty()) {
        wrong(std::string(previous_webhook_secret_pointer), "needs the webhook_secret that replaces it.");
    }
    std::string const per = text(root, "/per", "opportunity");
    if (per != "opportunity" && per != "application") {
        wrong("/per", "must be opportunity or application.");
    }
    settings.per = per == "application" ? Per::application : Per::opportunity;
    read_contract(root, defaults, settings);
    read_tags(root, defaults, settings);
    read_statuses(root, defaults, settings);
    if (json::value const* size = find(root, "/page_size"); size != nullptr) {
        if (!size->is_int64() || size->get_int64() < 1 || size->get_int64() > 100) {
            wrong("/page_size", "must be a whole number from 1 to 100.");
        }
        settings.page_size = static_cast<int>(size->get_int64());
    }
    return settings;
}

std::string const& Settings::pointer(std::string_view group, std::string_view name) const {
    return fields.find(group)->second.find(name)->second;
}

std::string Settings::url(std::string_view path, PathValues const& values) const {
    return base_url + connector::fill_path(paths.find(path)->second, values);
}

std::string const* Settings::tag_of(std::string_view status) const {
    auto const found = tags.find(folded(status));
    return found == tags.end() ? nullptr : &found->second;
}

}  // namespace crosswalk::hrlogics
