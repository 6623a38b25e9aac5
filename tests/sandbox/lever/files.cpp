#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/paging.hpp"
#include "sandbox/multipart.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::size_t file_bytes_max = 30UL * 1024 * 1024;
constexpr std::uint64_t kept_bytes_max = 512ULL * 1024 * 1024;
constexpr std::array<std::string_view, 7> formats{".docx", ".doc", ".js", ".jpg", ".png", ".pdf", ".txt"};

std::string extension_of(std::string const& name) {
    auto const dot = name.rfind('.');
    return dot == std::string::npos ? "" : lower(std::string_view(name).substr(dot));
}

// What is wrong with an upload; empty if it is one part named "file" of a known format and size.
std::string complaint_about(std::optional<std::vector<Part>> const& parts) {
    if (!parts) {
        return "the body is not well-formed multipart/form-data";
    }
    if (parts->size() != 1 || parts->front().name != "file" || parts->front().file_name.empty()) {
        return "exactly one part named file, with a file name, is required";
    }
    std::string const extension = extension_of(parts->front().file_name);
    if (std::find(formats.begin(), formats.end(), extension) == formats.end()) {
        return "file format is not supported";
    }
    return parts->front().content.size() > file_bytes_max ? "file must not be larger than 30 MB" : "";
}

// The file that the second id names; null: see `refusal`.
struct FileAccess {
    Candidate* candidate = nullptr;
    std::deque<File>::iterator file = {};
    Answer refusal = {};
};

FileAccess find_file(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return {.refusal = access.refusal};
    }
    auto& files = access.candidate->files;
    auto const found =
        std::find_if(files.begin(), files.end(), [&](File const& file) { return id_of(file) == call.ids[1]; });
    if (found == files.end()) {
        return {.refusal = not_found("files", call.ids[1])};
    }
    return {.candidate = access.candidate, .file = found};
}

}  // namespace

// The documented exception: the list has no envelope, and so no next page.
Answer list_files(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    auto const start = call.request.parameter("uploaded_at_start");
    auto const end = call.request.parameter("uploaded_at_end");
    if ((start && !parse_number(*start)) || (end && !parse_number(*end))) {
        return bad_request("uploaded_at_start and uploaded_at_end must be milliseconds");
    }
    Page page;
    if (auto refusal = read_page(call.request, page)) {
        return *refusal;
    }
    json::array files;
    for (File const& file : access.candidate->files) {
        bool const fits =
            (!start || created_of(file) >= *parse_number(*start)) && (!end || created_of(file) <= *parse_number(*end));
        if (fits && files.size() < page.limit) {
            files.push_back(file.printed);
        }
    }
    return json_answer(200, files);
}

Answer get_file(Call const& call) {
    auto const access = find_file(call);
    return access.candidate == nullptr ? access.refusal : json_answer(200, {{"data", access.file->printed}});
}

Answer download_file(Call const& call) {
    auto const access = find_file(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    if (text_of(access.file->printed, "status") != "processed") {
        return unprocessed_file();
    }
    return {.status = 200, .body = access.file->content, .content_type = "application/octet-stream"};
}

Answer upload_file(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    if (auto refusal = check_perform_as(call, true)) {
        return *refusal;
    }
    auto parts = read_multipart(call.request.header("Content-Type"), call.request.body);
    if (auto const complaint = complaint_about(parts); !complaint.empty()) {
        return bad_request(complaint);
    }
    Part& part = parts->front();
    if (call.state.file_bytes + part.content.size() > kept_bytes_max) {
        return error_of_status(503);
    }
    call.state.file_bytes += part.content.size();
    std::string const id = call.state.ids.uuid();
    json::object const printed{
        {"id", id},
        {"downloadUrl", "https://hire.lever.co/candidates/" + access.candidate->id + "/files/" + id + "/download"},
        {"ext", extension_of(part.file_name)},
        {"name", part.file_name},
        {"uploadedAt", std::to_string(now_ms())},
        {"status", "processed"},
        {"size", std::to_string(part.content.size())}};
    access.candidate->files.push_back({printed, std::move(part.content)});
    return json_answer(200, {{"data", printed}});
}

Answer delete_file(Call const& call) {
    auto const access = find_file(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    if (auto refusal = check_perform_as(call, true)) {
        return *refusal;
    }
    call.state.file_bytes -= access.file->content.size();
    access.candidate->files.erase(access.file);
    return {.status = 204};
}

}  // namespace crosswalk::sandbox::lever
