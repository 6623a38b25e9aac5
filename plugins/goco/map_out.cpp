#include "map_out.hpp"

#include "documents.hpp"
#include "goco_data.hpp"
#include "names.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::goco {
namespace {

constexpr std::size_t extras_max = 100;
constexpr std::array reserved = {
    "id",         "external_id", "import_source",   "first_name", "last_name", "personal_email", "personal_phone",
    "department", "location",    "employment_type", "job_title",  "manager",   "start_date",     "documents"};

json::value const& table() {
    static json::value const parsed = connector::parse_json(employee_json, "The field table");
    return parsed;
}

// The first text that stands at one of the pointers, trimmed.
std::string first_text(json::value const& record, json::value const& pointers) {
    for (json::value const& pointer : pointers.as_array()) {
        if (std::string text = tidy(connector::text_at(record, pointer.get_string())); !text.empty()) {
            return text;
        }
    }
    return {};
}

// "lever:opportunity:250d8f03". A reference may stand alone or under `ref`.
std::string external_id_of(json::value const& ref) {
    json::value const* inner = connector::find(ref, "/ref");
    json::value const& at = inner != nullptr ? *inner : ref;
    std::string_view const system = connector::text_at(at, "/system");
    std::string_view const kind = connector::text_at(at, "/kind");
    std::string_view const id = connector::text_at(at, "/id");
    if (system.empty() || id.empty()) {
        return {};
    }
    return std::string(system) + ":" + std::string(kind) + ":" + std::string(id);
}

json::value const* source_ref(json::value const& hire) {
    for (json::value const& pointer : table().at("refs").as_array()) {
        json::value const* ref = connector::find(hire, pointer.get_string());
        if (ref != nullptr && !external_id_of(*ref).empty()) {
            return ref;
        }
    }
    return nullptr;
}

// What people see in GoCo as the origin: "Lever".
std::string import_source(Settings const& settings, json::value const& hire, json::value const& ref) {
    std::string source = first_text(hire, table().at("import_source"));
    if (source.empty()) {
        json::value const* inner = connector::find(ref, "/ref");
        source = connector::text_at(inner != nullptr ? *inner : ref, "/system");
    }
    auto const shown = settings.import_sources.find(source);
    return shown == settings.import_sources.end() ? source : shown->second;
}

// A canonical word becomes GoCo's; a text that is one of GoCo's own values stays as it is.
std::optional<std::string> employment_type(Texts const& words, std::string const& text) {
    if (auto const found = words.find(text); found != words.end()) {
        return found->second;
    }
    bool const is_theirs = std::any_of(words.begin(), words.end(), [&](auto const& w) { return w.second == text; });
    return is_theirs ? std::optional(text) : std::nullopt;
}

void map_employment_type(Call& call, Settings const& settings, json::value const& hire, json::object& out,
                         std::vector<FieldProblem>& problems) {
    bool present = false;
    for (json::value const& pointer : table().at("employment_type").as_array()) {
        std::string const text = tidy(connector::text_at(hire, pointer.get_string()));
        present = present || !text.empty();
        if (auto value = employment_type(settings.enums.find("employment_type")->second, text)) {
            out["employment_type"] = *value;
            return;
        }
    }
    if (present && settings.must_match.contains("employment_type")) {
        problems.push_back({"employment_type", "is not one of GoCo's employment types"});
    } else if (present) {
        call.warn("employment_type", "It is not one of GoCo's employment types and was left out.");
    }
}

bool is_date(std::string_view text) {
    static constexpr std::string_view shape = "dddd-dd-dd";
    return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char s) {
               return s == 'd' ? c >= '0' && c <= '9' : c == s;
           });
}

void map_texts(json::value const& hire, json::object& out, std::vector<FieldProblem>& problems) {
    for (json::value const& rule : table().at("text").as_array()) {
        std::string const field(rule.at("to").as_string());
        if (std::string text = first_text(hire, rule.at("from")); !text.empty()) {
            out[field] = std::move(text);
        } else if (rule.as_object().contains("required")) {
            problems.push_back({field, "is missing"});
        }
    }
    if (json::value* start = out.if_contains("start_date"); start != nullptr) {
        std::string text(start->get_string());
        if (text.size() > 10 && text[10] == 'T') {
            text.resize(10);  // a time of day means nothing to GoCo
        }
        if (!is_date(text)) {
            problems.push_back({"start_date", "must be YYYY-MM-DD"});
        }
        *start = text;
    }
}

// Fields that a route added. They may be anything but what the connector itself decides.
void map_extras(Call& call, json::value const& hire, json::object& out) {
    json::value const* extra = connector::find(hire, "/extra");
    if (extra == nullptr || !extra->is_object()) {
        return;
    }
    std::size_t count = 0;
    for (auto const& [name, value] : extra->get_object()) {
        if (std::find(reserved.begin(), reserved.end(), std::string_view(name)) != reserved.end()) {
            call.warn(name, "The connector sets this field itself; the route's value was left out.");
        } else if (++count > extras_max) {
            call.warn(name, "More than 100 extra fields; this one was left out.");
        } else if (!value.is_null()) {
            out[name] = value;
        }
    }
}

json::object document(Settings const& settings, json::value const& attachment) {
    json::object out;
    for (char const* name : {"file_name", "content_type", "bytes", "content_base64", "url"}) {
        if (std::string_view const text = connector::text_at(attachment, std::string("/") + name); !text.empty()) {
            out[name] = text;
        }
    }
    Texts const& categories = settings.enums.find("document_category")->second;
    std::string const type(connector::text_at(attachment, "/type"));
    auto const found = categories.find(type.empty() ? "other" : type);
    out["category"] = found == categories.end() ? type : found->second;
    return out;
}

}  // namespace

void map_employee(Call& call, Settings const& settings, json::object const& record) {
    json::value const hire(record);
    json::object out;
    std::vector<FieldProblem> problems;
    json::value const* ref = source_ref(hire);
    if (ref == nullptr) {
        problems.push_back({"application", "neither application nor candidate says where the hire comes from"});
    } else {
        out["external_id"] = external_id_of(*ref);
        out["import_source"] = import_source(settings, hire, *ref);
    }
    map_texts(hire, out, problems);
    map_employment_type(call, settings, hire, out, problems);
    json::object manager;
    for (char const* part : {"name", "email"}) {
        if (std::string text = first_text(hire, table().at("manager").at(part)); !text.empty()) {
            manager[part] = std::move(text);
        }
    }
    if (!manager.empty()) {
        out["manager"] = std::move(manager);
    }
    map_extras(call, hire, out);
    if (json::value const* files = connector::find(hire, "/documents"); files != nullptr && files->is_array()) {
        json::array& documents = out["documents"].emplace_array();
        for (json::value const& file : files->get_array()) {
            documents.push_back(document(settings, file));
        }
    }
    if (!problems.empty()) {
        std::string names;
        for (FieldProblem const& problem : problems) {
            names += (names.empty() ? "" : ", ") + problem.field;
        }
        throw Failure(CW_ERR_INVALID,
                      "The hire cannot be sent to GoCo: " + names + ". Correct it at the source and replay the event.",
                      std::move(problems));
    }
    std::string key = fold(out.at("first_name").as_string()) + " " + fold(out.at("last_name").as_string());
    call.emit({"goco.employee/1", std::move(key), std::move(out)});
}

void map_document(Call& call, Settings const& settings, json::object const& record) {
    json::value const attachment(record);
    json::object out = document(settings, attachment);
    std::vector<FieldProblem> problems;
    if (!out.contains("file_name")) {
        problems.push_back({"file_name", "is missing"});
    }
    if (!has_content(out)) {
        problems.push_back({"bytes", "is missing, and so are content_base64 and url"});
    }
    json::value const* owner = connector::find(attachment, "/owner");
    std::string external_id = owner == nullptr ? std::string{} : external_id_of(*owner);
    if (external_id.empty()) {
        problems.push_back({"owner", "is missing"});
    }
    if (!problems.empty()) {
        throw Failure(CW_ERR_INVALID, "The attachment cannot be sent to GoCo: it lacks its name, content or owner.",
                      std::move(problems));
    }
    json::value const* inner = connector::find(*owner, "/ref");
    json::value const& ref = inner != nullptr ? *inner : *owner;
    if (connector::text_at(ref, "/system") == call.connection() && connector::text_at(ref, "/kind") == "employee") {
        out["employee_id"] = connector::text_at(ref, "/id");
    }
    out["external_id"] = external_id;
    call.emit({"goco.document/1", std::move(external_id), std::move(out)});
}

}  // namespace crosswalk::goco
