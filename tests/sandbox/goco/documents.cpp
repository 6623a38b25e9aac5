#include "sandbox/goco/calls.hpp"
#include "sandbox/multipart.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::goco {
namespace {

namespace json = boost::json;

constexpr std::size_t documents_max = 100'000;
constexpr std::array<std::string_view, 3> known_parts{"file", "name", "category"};

Part const* find_part(std::vector<Part> const& parts, std::string_view name) {
    auto const found = std::find_if(parts.begin(), parts.end(), [&](Part const& part) { return part.name == name; });
    return found == parts.end() ? nullptr : &*found;
}

std::vector<Detail> check_parts(std::vector<Part> const& parts) {
    std::vector<Detail> details;
    for (std::string_view const name : known_parts) {
        auto const* const part = find_part(parts, name);
        auto const count =
            std::count_if(parts.begin(), parts.end(), [&](Part const& other) { return other.name == name; });
        if (count != 1) {
            details.push_back({std::string(name), count == 0 ? "is required" : "must come once"});
        } else if (part->content.empty()) {
            details.push_back({std::string(name), "must not be empty"});
        } else if ((name == "file") == part->file_name.empty()) {
            details.push_back({std::string(name), name == "file" ? "must carry a file name" : "must be a plain field"});
        }
    }
    for (Part const& part : parts) {
        if (std::find(known_parts.begin(), known_parts.end(), part.name) == known_parts.end()) {
            details.push_back({part.name, "is not a known field"});
        }
    }
    return details;
}

}  // namespace

Answer upload_document(Call const& call) {
    if (call.state.find_employee(call.ids[1]) == nullptr) {
        return not_found("No employee with that id");
    }
    auto const parts = read_multipart(call.request.header("Content-Type"), call.request.body);
    if (!parts) {
        return validation_failed(400, {{"body", "must be well-formed multipart/form-data"}});
    }
    if (auto const details = check_parts(*parts); !details.empty()) {
        return validation_failed(422, details);
    }
    if (call.state.documents.size() == documents_max) {
        return error_of_status(503);
    }
    Part const& file = *find_part(*parts, "file");
    json::object const document{
        {"id", "doc_" + std::to_string(call.state.next_document++)},
        {"employee_id", call.ids[1]},
        {"name", find_part(*parts, "name")->content},
        {"content_type", file.content_type.empty() ? "application/octet-stream" : file.content_type},
        {"size", file.content.size()},
        {"category", find_part(*parts, "category")->content},
        {"created_at", timestamp()}};
    call.state.documents.push_back(document);
    return json_answer(201, {{"data", document}});
}

}  // namespace crosswalk::sandbox::goco
