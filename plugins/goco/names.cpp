#include "names.hpp"

#include <crosswalk/connector.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace crosswalk::goco {
namespace {

constexpr utf8proc_int32_t combining_dot_above = 0x0307;
constexpr utf8proc_int32_t dotless_i = 0x0131;

std::string mapped(std::string_view text, int options) {
    utf8proc_uint8_t* out = nullptr;
    utf8proc_ssize_t const size =
        utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &out, static_cast<utf8proc_option_t>(options));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const guard(out, &std::free);
    if (size < 0) {
        throw connector::Failure(CW_ERR_INVALID, "A text is not valid UTF-8.");
    }
    return {reinterpret_cast<char const*>(out), static_cast<std::size_t>(size)};
}

bool is_space(utf8proc_int32_t point) {
    if (point < 0x80) {
        return point == ' ' || (point >= 0x09 && point <= 0x0D);
    }
    if (point == 0x85) {
        return true;
    }
    utf8proc_category_t const category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

// Calls `each(point, bytes)` for every code point of valid UTF-8.
template <class Each>
void walk(std::string_view text, Each&& each) {
    while (!text.empty()) {
        utf8proc_int32_t point = 0;
        utf8proc_ssize_t const size = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
        if (size <= 0) {
            return;
        }
        each(point, text.substr(0, static_cast<std::size_t>(size)));
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

std::string with_single_spaces(std::string_view text) {
    std::string out;
    bool gap = false;
    walk(text, [&](utf8proc_int32_t point, std::string_view bytes) {
        if (is_space(point)) {
            gap = true;
            return;
        }
        if (gap && !out.empty()) {
            out.push_back(' ');
        }
        gap = false;
        out.append(bytes);
    });
    return out;
}

}  // namespace

std::string tidy(std::string_view text) {
    // Most texts are ASCII, which composing would not change.
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return with_single_spaces(text);
    }
    return with_single_spaces(mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

std::string fold(std::string_view text) {
    std::string const folded =
        with_single_spaces(mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE));
    std::string out;
    bool after_i = false;
    walk(folded, [&](utf8proc_int32_t point, std::string_view bytes) {
        if (point == combining_dot_above && after_i) {
            return;  // İ folds to i and this mark
        }
        after_i = point == 'i' || point == dotless_i;
        out.append(after_i ? std::string_view("i") : bytes);
    });
    return out;
}

bool same_name(std::string_view left, std::string_view right) {
    return fold(left) == fold(right);
}

}  // namespace crosswalk::goco
