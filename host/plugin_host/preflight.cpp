#include "plugin_host/preflight.hpp"

#include "plugin_host/digest.hpp"
#include <crosswalk/connector.h>

#include <boost/dll/library_info.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::string_view entry_prefix = "cw_connector_entry_v";
constexpr std::uintmax_t file_bytes_max = 512ULL * 1024 * 1024;
constexpr std::size_t named_symbols_max = 10;

Error refusal(ErrorCode code, std::string const& path, std::string const& why) {
    return Error{code, "The connector library \"" + path + "\" " + why};
}

// The N of cw_connector_entry_v<N>.
std::optional<unsigned> entry_major(std::string_view symbol) noexcept {
    if (symbol.substr(0, entry_prefix.size()) != entry_prefix) {
        return std::nullopt;
    }
    symbol.remove_prefix(entry_prefix.size());
    unsigned major = 0;
    auto const [end, error] = std::from_chars(symbol.data(), symbol.data() + symbol.size(), major);
    return error == std::errc{} && end == symbol.data() + symbol.size() ? std::optional(major) : std::nullopt;
}

template <class Integer>
Integer read_at(std::ifstream& file, std::uint64_t offset) {
    Integer value{};
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char*>(&value), sizeof value);
    return value;
}

// Boost.DLL believes the sizes that an ELF file states. A file cut short by a broken copy would make it read
// uninitialised sizes and ask for that much memory, so every section must lie inside the file first.
bool is_whole_elf(std::ifstream& file, std::uint64_t file_bytes) {
    constexpr std::uint64_t header_bytes = 64;
    constexpr std::uint64_t section_bytes = 64;
    constexpr std::uint32_t without_bytes = 8;  // SHT_NOBITS
    if (file_bytes < header_bytes) {
        return false;
    }
    auto const sections_at = read_at<std::uint64_t>(file, 0x28);
    std::uint64_t const sections = read_at<std::uint16_t>(file, 0x3C);
    std::uint64_t const names_index = read_at<std::uint16_t>(file, 0x3E);
    if (!file || sections == 0 || names_index >= sections || sections_at > file_bytes ||
        sections * section_bytes > file_bytes - sections_at) {
        return false;
    }
    for (std::uint64_t i = 0; i < sections; ++i) {
        std::uint64_t const at = sections_at + i * section_bytes;
        auto const type = read_at<std::uint32_t>(file, at + 4);
        auto const offset = read_at<std::uint64_t>(file, at + 0x18);
        auto const bytes = read_at<std::uint64_t>(file, at + 0x20);
        if (!file || (type != without_bytes && (offset > file_bytes || bytes > file_bytes - offset))) {
            return false;
        }
    }
    return true;
}

Result<void> check_format(std::string const& path, std::uint64_t file_bytes) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 5> magic{};
    file.read(magic.data(), magic.size());
    bool const elf = std::memcmp(magic.data(),
                                 "\x7F"
                                 "ELF",
                                 4) == 0;
    bool const portable_executable = std::memcmp(magic.data(), "MZ", 2) == 0;
    if (!elf && !portable_executable) {
        return refusal(ErrorCode::invalid_argument, path,
                       "is not a shared library: it starts like neither an ELF nor a PE file.");
    }
    if (elf && magic[4] != 2) {
        return refusal(ErrorCode::invalid_argument, path, "is a 32-bit library; this host is 64-bit.");
    }
    if (elf && !is_whole_elf(file, file_bytes)) {
        return refusal(ErrorCode::invalid_argument, path,
                       "is damaged: its section table does not fit the file. Copy it again.");
    }
    return {};
}

// Lower-case hex of the file's SHA-256; empty when it cannot be read.
std::string file_sha256(std::string const& path) {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::ifstream file(path, std::ios::binary);
    if (!context || !file || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
        return {};
    }
    std::array<char, 65536> chunk{};
    while (file) {
        file.read(chunk.data(), chunk.size());
        if (EVP_DigestUpdate(context.get(), chunk.data(), static_cast<std::size_t>(file.gcount())) != 1) {
            return {};
        }
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned bytes = 0;
    if (!file.eof() || EVP_DigestFinal_ex(context.get(), digest.data(), &bytes) != 1) {
        return {};
    }
    return hex({digest.data(), bytes});
}

Result<void> check_sha256(std::string const& path, std::string expected) {
    std::transform(expected.begin(), expected.end(), expected.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::string const actual = file_sha256(path);
    if (actual.empty()) {
        return refusal(ErrorCode::permission_denied, path, "cannot be read.");
    }
    if (actual != expected) {
        return refusal(
            ErrorCode::failed_precondition, path,
            "is not the file that the configuration pins: its sha256 is " + actual + ", expected " + expected + ".");
    }
    return {};
}

}  // namespace

std::string entry_symbol() {
    return std::string(entry_prefix) + std::to_string(CW_ABI_MAJOR);
}

Result<void> check_exports(std::string const& path, std::vector<std::string> const& exported) {
    std::vector<std::string> surplus;
    std::optional<unsigned> other_major;
    bool ours = false;
    for (std::string const& symbol : exported) {
        std::optional<unsigned> const major = entry_major(symbol);
        if (major == CW_ABI_MAJOR) {
            ours = true;
        } else {
            other_major = major ? major : other_major;
            surplus.push_back(symbol);
        }
    }
    std::string const here = std::to_string(CW_ABI_MAJOR);
    if (!ours && other_major) {
        return refusal(ErrorCode::failed_precondition, path,
                       "speaks connector ABI " + std::to_string(*other_major) + ", this host speaks " + here +
                           "; build it against the connector.h of this host.");
    }
    if (!ours) {
        return refusal(ErrorCode::failed_precondition, path,
                       "exports no connector entry; a connector exports the function " + entry_symbol() + ".");
    }
    if (surplus.empty()) {
        return {};
    }
    std::sort(surplus.begin(), surplus.end());
    std::string names;
    for (std::size_t i = 0; i < std::min(surplus.size(), named_symbols_max); ++i) {
        names += (i == 0 ? "" : ", ") + surplus[i];
    }
    if (surplus.size() > named_symbols_max) {
        names += " and " + std::to_string(surplus.size() - named_symbols_max) + " more";
    }
    return refusal(ErrorCode::failed_precondition, path,
                   "exports more than " + entry_symbol() + ": " + names +
                       ". Hide them; exported symbols can be confused with those of the host.");
}

Result<void> check_file(std::string const& absolute_path, std::string const& sha256) {
    std::filesystem::path const file(absolute_path);
    if (!file.is_absolute()) {
        return refusal(ErrorCode::invalid_argument, absolute_path, "must be named by its absolute path.");
    }
    std::error_code error;
    std::filesystem::file_status const status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        return refusal(ErrorCode::not_found, absolute_path, "does not exist.");
    }
    if (!std::filesystem::is_regular_file(status)) {
        return refusal(ErrorCode::invalid_argument, absolute_path, "is not a regular file.");
    }
    std::uintmax_t const bytes = std::filesystem::file_size(file, error);
    if (error || !std::ifstream(absolute_path, std::ios::binary)) {
        return refusal(ErrorCode::permission_denied, absolute_path, "cannot be read.");
    }
    if (bytes > file_bytes_max) {
        return refusal(ErrorCode::too_large, absolute_path, "is larger than 512 MiB.");
    }
    if (!sha256.empty()) {
        if (auto const same = check_sha256(absolute_path, sha256); !same) {
            return same.error();
        }
    }
    if (auto const format = check_format(absolute_path, bytes); !format) {
        return format.error();
    }
    try {
        return check_exports(absolute_path, boost::dll::library_info(absolute_path).symbols());
    } catch (std::exception const& problem) {
        return refusal(ErrorCode::invalid_argument, absolute_path,
                       std::string("cannot be examined: ") + problem.what());
    }
}

}  // namespace crosswalk::plugin_host
