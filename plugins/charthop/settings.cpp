#include "settings.hpp"

#include "charthop_data.hpp"

#include <algorithm>

namespace crosswalk::charthop {

using connector::find;

namespace {

[[noreturn]] void refuse(std::string_view pointer, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + std::string(pointer) + " " + std::string(why),
                  {{std::string(pointer), std::string(why)}});
}

std::string text(json::value const& given, std::string_view pointer, std::string_view otherwise) {
    json::value const* found = find(given, pointer);
    if (found == nullptr) {
        return std::string(otherwise);
    }
    if (!found->is_string() || found->get_string().empty()) {
        refuse(pointer, "must be a text that is not empty.");
    }
    return std::string(found->get_string());
}

std::string required(json::value const& given, std::string_view pointer) {
    std::string value = text(given, pointer, {});
    if (value.empty()) {
        refuse(pointer, "is required.");
    }
    return value;
}

bool flag(json::value const& given, std::string_view pointer, bool otherwise) {
    json::value const* found = find(given, pointer);
    if (found != nullptr && !found->is_bool()) {
        refuse(pointer, "must be true or false.");
    }
    return found == nullptr ? otherwise : found->get_bool();
}

// Is it the first of two words? Any other than those two is refused.
bool first_of(json::value const& given, std::string_view pointer, std::string_view first, std::string_view second) {
    std::string const word = text(given, pointer, first);
    if (word != first && word != second) {
        refuse(pointer, "must be " + std::string(first) + " or " + std::string(second) + ".");
    }
    return word == first;
}

std::string base_url(json::value const& given) {
    std::string url = text(given, "/base_url", "https://api.charthop.com");
    bool const loopback = url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:") ||
                          url.starts_with("http://[::1]:");
    if (!url.starts_with("https://") && !loopback) {
        refuse("/base_url", "must start with https://: the token would travel in the clear.");
    }
    if (url.find_first_of("?#@ ") != std::string::npos) {
        refuse("/base_url", "must be a host and a path only.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

Switches switches(json::value const& given) {
    Switches out;
    if (required(given, "/requisitions/source_of_truth") == "remote") {
        out.source_of_truth = Source::remote;
    } else {
        (void)first_of(given, "/requisitions/source_of_truth", "charthop", "remote");
    }
    out.run_daily = flag(given, "/requisitions/run_daily", false);
    out.sync_on_change = flag(given, "/requisitions/sync_on_change", false);
    out.reverse_sync = flag(given, "/requisitions/reverse_sync", false);
    out.reconciliation = flag(given, "/requisitions/reconciliation", false);
    out.remote_location_as_default = flag(given, "/requisitions/remote_location_as_default", false);
    out.strict_direction = flag(given, "/requisitions/strict_direction", true);
    return out;
}

// Lays the texts at `pointer` over the table there. A closed table takes no names that it does not have.
void overlay(json::value const& given, std::string const& pointer, json::value& contract, bool closed) {
    json::value const* over = find(given, pointer);
    if (over == nullptr) {
        return;
    }
    if (!over->is_object()) {
        refuse(pointer, "must be an object.");
    }
    json::object& table = contract.at_pointer(pointer).as_object();
    for (auto const& [name, value] : over->get_object()) {
        std::string const at = pointer + "/" + std::string(name);
        if (closed && !table.contains(name)) {
            refuse(at, "is not known.");
        }
        if (!value.is_string()) {
            refuse(at, "must be a text.");
        }
        table[name] = value;
    }
}

std::vector<std::string> texts(json::value const& given, std::string_view pointer) {
    std::vector<std::string> out;
    json::value const* found = find(given, pointer);
    if (found != nullptr && !found->is_array()) {
        refuse(pointer, "must be a list of texts.");
    }
    for (json::value const& one : found == nullptr ? json::array{} : found->get_array()) {
        if (!one.is_string() || one.get_string().empty()) {
            refuse(pointer, "must be a list of texts.");
        }
        out.emplace_back(one.get_string());
    }
    return out;
}

}  // namespace

Settings Settings::load(json::value const& given) {
    Settings out;
    out.base_url = charthop::base_url(given);
    out.org = required(given, "/org");
    (void)required(given, token_pointer);
    out.app_user_id = text(given, "/app_user_id", {});
    out.requisitions = switches(given);
    Judgement const judgement = judge(out.requisitions);
    if (!judgement.refusal.empty()) {
        throw Failure(CW_ERR_CONFIG, judgement.refusal, {{"/requisitions", judgement.refusal}});
    }
    out.warning = judgement.warning;
    out.remote_location = text(given, "/remote_location", "Remote Location");
    out.create_groups = flag(given, "/create_groups", false);
    out.group_ids = first_of(given, "/group_values", "id", "name");
    out.people_emails = first_of(given, "/people_values", "email", "id");
    out.hire_pay = flag(given, "/hire_pay", true);
    out.custom_fields = texts(given, "/custom_fields");
    if (json::value const* metrics = find(given, "/metrics"); metrics != nullptr && metrics->is_object()) {
        out.metrics = metrics->get_object();
        for (auto const& [name, code] : out.metrics) {
            if (!code.is_string() || code.get_string().empty()) {
                refuse("/metrics/" + std::string(name), "must be the code of a field.");
            }
        }
    }
    if (json::value const* size = find(given, "/page_size"); size != nullptr) {
        if (!size->is_int64() || size->get_int64() < 1 || size->get_int64() > 1000) {
            refuse("/page_size", "must be from 1 to 1000.");
        }
        out.page_size = static_cast<int>(size->get_int64());
    }
    json::value contract = json::parse(contract_json);
    for (char const* closed : {"/fields/job", "/fields/person", "/queries"}) {
        overlay(given, closed, contract, true);
    }
    for (char const* open : {"/status_out", "/status_in", "/employment_out", "/employment_in"}) {
        overlay(given, open, contract, false);
    }
    out.contract = std::move(contract.as_object());
    return out;
}

std::string_view Settings::member(std::string_view group, std::string_view inner, std::string_view name) const {
    json::value const& value = contract.at(group).at(inner).at(name);
    return value.get_string();
}

std::string_view Settings::translate(std::string_view table, std::string_view word) const {
    std::string const wanted = folded(word);
    for (auto const& [from, to] : contract.at(table).get_object()) {
        if (folded(from) == wanted) {
            return to.get_string();
        }
    }
    return {};
}

std::string Settings::query(std::string_view name, std::string_view value, std::string_view field) const {
    std::string escaped;
    for (char const c : value) {
        if (c == '"' || c == '\\') {
            escaped += '\\';
        }
        escaped += c;
    }
    std::string out(contract.at("queries").at(name).get_string());
    // The value last: it may hold what looks like a placeholder.
    for (auto const& [placeholder, text] : {std::pair<std::string_view, std::string_view>{"{field}", field},
                                            std::pair<std::string_view, std::string_view>{"{value}", escaped}}) {
        if (std::size_t const at = out.find(placeholder); at != std::string::npos) {
            out.replace(at, placeholder.size(), text);
        }
    }
    return out;
}

std::string folded(std::string_view text) {
    std::size_t const begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return {};
    }
    std::string out(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

}  // namespace crosswalk::charthop
