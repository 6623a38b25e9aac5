#include "map/pointer.hpp"

#include <boost/json/array.hpp>

#include <charconv>
#include <utility>

namespace crosswalk::map {
namespace {

// "~1" is '/', "~0" is '~'; any other '~' is an error.
std::optional<std::string> unescape(std::string_view token) {
    std::string out;
    out.reserve(token.size());
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            out.push_back(token[i]);
            continue;
        }
        ++i;
        if (i == token.size() || (token[i] != '0' && token[i] != '1')) {
            return std::nullopt;
        }
        out.push_back(token[i] == '0' ? '~' : '/');
    }
    return out;
}

// RFC 6901 writes indices without leading zeros, so "01" names no element.
std::optional<std::size_t> index_of(std::string_view token, std::size_t size) {
    std::size_t index = 0;
    auto const [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    bool const whole = error == std::errc{} && end == token.data() + token.size();
    bool const canonical = token.size() == 1 || (!token.empty() && token.front() != '0');
    if (!whole || !canonical || index >= size) {
        return std::nullopt;
    }
    return index;
}

boost::json::value const* child(boost::json::value const& parent, std::string_view token) {
    if (auto const* object = parent.if_object()) {
        return object->if_contains(token);
    }
    if (auto const* array = parent.if_array()) {
        auto const index = index_of(token, array->size());
        return index ? &(*array)[*index] : nullptr;
    }
    return nullptr;
}

}  // namespace

std::optional<Pointer> parse_pointer(std::string_view text) {
    Pointer tokens;
    while (!text.empty()) {
        if (text.front() != '/' || tokens.size() == pointer_tokens_max) {
            return std::nullopt;
        }
        text.remove_prefix(1);
        std::size_t const length = std::min(text.find('/'), text.size());
        auto token = unescape(text.substr(0, length));
        if (!token) {
            return std::nullopt;
        }
        tokens.push_back(std::move(*token));
        text.remove_prefix(length);
    }
    if (tokens.empty()) {
        return std::nullopt;
    }
    return tokens;
}

boost::json::value const* find(boost::json::object const& root, Pointer const& pointer) {
    boost::json::value const* at = root.if_contains(pointer.front());
    for (std::size_t i = 1; at != nullptr && i < pointer.size(); ++i) {
        at = child(*at, pointer[i]);
    }
    return at;
}

bool put(boost::json::object& root, Pointer const& pointer, boost::json::value value) {
    // First look whether the way is free, so that a refused write leaves no half-made objects.
    boost::json::value const* seen = root.if_contains(pointer.front());
    for (std::size_t i = 1; seen != nullptr && !seen->is_null() && i < pointer.size(); ++i) {
        bool const missing_member = seen->is_object() && !seen->get_object().contains(pointer[i]);
        seen = child(*seen, pointer[i]);
        if (seen == nullptr && !missing_member) {
            return false;
        }
    }
    boost::json::value* at = &root[pointer.front()];
    for (std::size_t i = 1; i < pointer.size(); ++i) {
        if (auto* array = at->if_array()) {
            at = &(*array)[*index_of(pointer[i], array->size())];
        } else {
            at = &(at->is_null() ? at->emplace_object() : at->get_object())[pointer[i]];
        }
    }
    *at = std::move(value);
    return true;
}

void take_away(boost::json::object& root, Pointer const& pointer) {
    if (pointer.size() == 1) {
        root.erase(pointer.front());
        return;
    }
    Pointer const parent(pointer.begin(), pointer.end() - 1);
    auto* const holder = const_cast<boost::json::value*>(find(root, parent));
    if (holder == nullptr) {
        return;
    }
    if (auto* object = holder->if_object()) {
        object->erase(pointer.back());
    } else if (auto* array = holder->if_array()) {
        if (auto const index = index_of(pointer.back(), array->size())) {
            (*array)[*index] = nullptr;
        }
    }
}

}  // namespace crosswalk::map
