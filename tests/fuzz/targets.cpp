#include "fuzz/targets.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace crosswalk::fuzz {
namespace {

constexpr Target all[] = {
    {"charthop", run_charthop},
    {"goco", run_goco},
    {"greenhouse", run_greenhouse},
    {"hireguide", run_hireguide},
    {"hrlogics", run_hrlogics},
    {"lever", run_lever},
    {"http_request", run_http_request},
    {"http_response", run_http_response},
    {"url", run_url},
    {"rate", run_rate},
    {"token", run_token},
    {"config", run_config},
    {"mapping", run_mapping},
    {"pointer", run_pointer},
    {"store", run_store},
    {"codec", run_codec},
    {"wire", run_wire},
    {"sealed", run_sealed},
    {"spool", run_spool},
};

constexpr std::string_view divider = "--";

}  // namespace

std::span<Target const> targets() noexcept {
    return all;
}

Target const* find_target(std::string_view name) noexcept {
    auto const* const found =
        std::find_if(std::begin(all), std::end(all), [&](Target const& target) { return target.name == name; });
    return found == std::end(all) ? nullptr : found;
}

void require(bool holds, std::string_view promise) {
    if (!holds) {
        std::fprintf(stderr, "Broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
        std::abort();
    }
}

std::string_view take_line(std::string_view& text) {
    std::size_t const end = std::min(text.find('\n'), text.size());
    std::string_view const line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::optional<std::uint8_t> take_byte(std::string_view& bytes) {
    if (bytes.empty()) {
        return std::nullopt;
    }
    auto const byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    return byte;
}

std::vector<std::string_view> parts_of(std::string_view input) {
    std::vector<std::string_view> parts;
    char const* begin = input.data();
    std::size_t size = 0;
    while (!input.empty()) {
        std::string_view const line = take_line(input);
        if (line == divider) {
            parts.emplace_back(begin, size);
            begin = input.data();
            size = 0;
        } else {
            size = static_cast<std::size_t>(input.data() - begin);
        }
    }
    parts.emplace_back(begin, size);
    return parts;
}

}  // namespace crosswalk::fuzz
