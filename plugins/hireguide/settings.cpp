#include "settings.hpp"

#include "hireguide_data.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::hireguide {
namespace {

constexpr std::array<std::string_view, 12> top_keys = {
    "base_url", "api_token", "workspace_id", "webhook_secret", "previous_webhook_secret", "ats",
    "paths",    "fields",    "kinds",        "page_size",      "max_pdf_bytes",           "positions"};
constexpr std::array<std::string_view, 5> position_keys = {"position", "role", "job", "import_job_details",
                                                           "import_applicant_details"};
constexpr std::array<std::string_view, 5> placeholders = {"workspace", "id", "ats", "page_size", "cursor"};
constexpr std::size_t positions_max = 1000;

[[noreturn]] void refuse(std::string const& pointer, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + pointer + " " + std::string(why), {{pointer, std::string(why)}});
}

template <class List>
bool contains(List const& list, std::string_view wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

// Empty when it is absent, unless it is required.
std::string member(json::object const& given, std::string_view key, std::string const& where, bool required) {
    json::value const* found = given.if_contains(key);
    bool const absent = found == nullptr || found->is_null();
    if (!absent && !found->is_string()) {
        refuse(where + std::string(key), "must be text.");
    }
    std::string out = absent ? std::string{} : std::string(found->get_string());
    if (required && out.empty()) {
        refuse(where + std::string(key), "is required and must be text.");
    }
    return out;
}

// On unless it says otherwise, as the schema's default tells the host.
bool flag(json::object const& given, std::string_view key, std::string const& where) {
    json::value const* found = given.if_contains(key);
    if (found != nullptr && !found->is_bool()) {
        refuse(where + std::string(key), "must be true or false.");
    }
    return found == nullptr || found->get_bool();
}

std::int64_t number(json::object const& given, std::string_view key, std::int64_t otherwise, std::int64_t most) {
    json::value const* found = given.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return otherwise;
    }
    if (!found->is_int64() || found->get_int64() < 1 || found->get_int64() > most) {
        refuse("/" + std::string(key), "must be a whole number from 1 to " + std::to_string(most) + ".");
    }
    return found->get_int64();
}

// Lays the texts of a table of the settings over `out`; `closed`: only over keys that are there.
void overlay(json::object const& given, std::string const& table, bool closed, Texts& out) {
    json::value const* found = given.if_contains(table);
    if (found == nullptr || found->is_null()) {
        return;
    }
    if (!found->is_object()) {
        refuse("/" + table, "must be a table.");
    }
    for (auto const& [key, value] : found->get_object()) {
        std::string const at = "/" + table + "/" + std::string(key);
        if (!value.is_string()) {
            refuse(at, "must be text.");
        }
        if (closed && out.find(std::string_view(key)) == out.end()) {
            refuse(at, "is not a name that this connector knows.");
        }
        out.insert_or_assign(std::string(key), std::string(value.get_string()));
    }
}

bool is_loopback(std::string_view authority) {
    for (std::string_view const host : {"127.0.0.1", "localhost", "[::1]"}) {
        if (authority == host || authority.starts_with(std::string(host) + ":")) {
            return true;
        }
    }
    return false;
}

std::string checked_base_url(json::object const& given) {
    std::string url = member(given, "base_url", "/", true);
    std::size_t const scheme = url.find("://");
    if (scheme == std::string::npos || (!url.starts_with("https://") && !url.starts_with("http://"))) {
        refuse("/base_url", "must start with https://.");
    }
    std::string const rest = url.substr(scheme + 3);
    std::string const authority = rest.substr(0, rest.find('/'));
    bool const odd =
        std::any_of(rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
    if (authority.empty() || odd || rest.find("://") != std::string::npos ||
        rest.find_first_of("?#@") != std::string::npos) {
        refuse("/base_url", "must be a host and a path only.");
    }
    if (url.starts_with("http://") && !is_loopback(authority)) {
        refuse("/base_url", "must use https: the token would travel in the clear.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

void check_path(std::string const& key, std::string_view path) {
    std::string const pointer = "/paths/" + key;
    if (path.empty() && key == "sync_status") {
        return;
    }
    bool const odd =
        std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
    if (!path.starts_with('/') || odd) {
        refuse(pointer, "must start with / and hold no spaces.");
    }
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
        std::size_t const end = path.find('}', at);
        if (end == std::string_view::npos || !contains(placeholders, path.substr(at + 1, end - at - 1))) {
            refuse(pointer, "has a {placeholder} that this connector does not know.");
        }
    }
    bool const lists = key == "workspace" || key == "positions" || key == "position_create" || key == "disconnect";
    if (!lists && path.find("{id}") == std::string_view::npos) {
        refuse(pointer, "must hold {id}.");
    }
    if (key == "positions" && path.find("{cursor}") == std::string_view::npos) {
        refuse(pointer, "must hold {cursor}.");
    }
}

std::vector<Position> positions_in(json::object const& given) {
    std::vector<Position> out;
    json::value const* found = given.if_contains("positions");
    if (found == nullptr || found->is_null()) {
        return out;
    }
    if (!found->is_object() || found->get_object().size() > positions_max) {
        refuse("/positions", "must be a table of at most 1,000 positions.");
    }
    for (auto const& [key, value] : found->get_object()) {
        std::string const where = "/positions/" + std::string(key) + "/";
        if (!value.is_object()) {
            refuse("/positions/" + std::string(key), "must be a table.");
        }
        for (auto const& member : value.get_object()) {
            if (!contains(position_keys, member.key())) {
                refuse(where + std::string(member.key()), "is not known to this connector.");
            }
        }
        json::object const& at = value.get_object();
        Position position{std::string(key),
                          member(at, "position", where, false),
                          member(at, "role", where, true),
                          member(at, "job", where, true),
                          flag(at, "import_job_details", where),
                          flag(at, "import_applicant_details", where)};
        if (!position.id.empty() && !is_id(position.id)) {
            refuse(where + "position", "must be the id of a position in Hireguide.");
        }
        if (std::count(position.job.begin(), position.job.end(), ':') < 2) {
            refuse(where + "job", "must be <connection>:<kind>:<id>, such as lever:posting:730e37db.");
        }
        for (Position const& other : out) {
            if (other.job == position.job || (!position.id.empty() && other.id == position.id)) {
                refuse(where + "job", "and position belong to /positions/" + other.name + " already.");
            }
        }
        out.push_back(std::move(position));
    }
    return out;
}

}  // namespace

bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

Settings Settings::load(json::value const& given) {
    if (!given.is_object()) {
        throw Failure(CW_ERR_CONFIG, "The settings of this connection are missing.");
    }
    json::object const& root = given.get_object();
    for (auto const& entry : root) {
        if (!contains(top_keys, entry.key())) {
            refuse("/" + std::string(entry.key()), "is not known to this connector.");
        }
    }
    Settings out;
    out.base_url = checked_base_url(root);
    out.workspace = member(root, "workspace_id", "/", true);
    (void)member(root, "api_token", "/", true);
    (void)member(root, "webhook_secret", "/", true);
    out.has_previous_secret = !member(root, "previous_webhook_secret", "/", false).empty();
    out.ats = member(root, "ats", "/", false);
    if (out.ats.empty()) {
        out.ats = "lever";
    }
    json::value const contract = connector::parse_json(contract_json, "The contract");
    for (char const* table : {"paths", "fields", "kinds"}) {
        Texts& texts = table == std::string_view("paths")    ? out.paths
                       : table == std::string_view("fields") ? out.fields
                                                             : out.kinds;
        overlay(contract.get_object(), table, false, texts);
        overlay(root, table, &texts == &out.paths, texts);
    }
    for (auto const& [key, path] : out.paths) {
        check_path(key, path);
    }
    out.page_size = static_cast<int>(number(root, "page_size", out.page_size, 1000));
    out.max_pdf_bytes = number(root, "max_pdf_bytes", out.max_pdf_bytes, out.max_pdf_bytes);
    out.positions = positions_in(root);
    return out;
}

std::string Settings::url(std::string_view path, PathValues values) const {
    values.emplace_back("workspace", workspace);
    values.emplace_back("ats", ats);
    values.emplace_back("page_size", std::to_string(page_size));
    return base_url + connector::fill_path(paths.find(path)->second, values);
}

std::string_view Settings::wire(std::string_view name) const {
    auto const found = fields.find(name);
    return found == fields.end() ? name : std::string_view(found->second);
}

json::value const* Settings::field(json::object const& row, std::string_view name) const {
    json::value const* found = row.if_contains(wire(name));
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string_view Settings::text(json::object const& row, std::string_view name) const {
    json::value const* found = field(row, name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view{};
}

json::object Settings::on_the_wire(json::object const& row) const {
    json::object out;
    for (auto const& [name, value] : row) {
        out[wire(name)] = value;
    }
    return out;
}

std::string Settings::external_id(json::value const& ref) const {
    std::string_view const system = connector::text_at(ref, "/system");
    std::string_view const kind = connector::text_at(ref, "/kind");
    std::string_view const id = connector::text_at(ref, "/id");
    if (system.empty() || kind.empty() || id.empty()) {
        return {};
    }
    auto const word = kinds.find(kind);
    return std::string(system) + ":" + (word == kinds.end() ? std::string(kind) : word->second) + ":" + std::string(id);
}

}  // namespace crosswalk::hireguide
