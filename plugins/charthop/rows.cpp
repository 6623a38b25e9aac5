#include "rows.hpp"

#include "settings.hpp"

namespace crosswalk::charthop {
namespace {

constexpr int depth_max = 4;

}  // namespace

Row::Row(json::value const& answer) {
    json::object const* object = answer.if_object();
    if (object == nullptr) {
        return;
    }
    if (json::value const* data = object->if_contains("data"); data != nullptr && data->is_object()) {
        object = &data->get_object();
    }
    take({}, *object, 0);
}

void Row::take(std::string const& prefix, json::object const& object, int depth) {
    for (auto const& [key, value] : object) {
        if (value.is_null()) {
            continue;
        }
        std::string const code = prefix + folded(key);
        values_.emplace(code, value);
        if (value.is_object() && depth < depth_max) {
            take(code == "fields" ? std::string() : code + ".", value.get_object(), depth + 1);
        }
    }
}

json::value const* Row::find(std::string_view code) const {
    auto const found = values_.find(folded(code));
    return found == values_.end() || code.empty() ? nullptr : &found->second;
}

std::string Row::text(std::string_view code) const {
    return id_text(find(code));
}

std::string Row::name(std::string_view code) const {
    std::string named = text(std::string(code) + ".name");
    if (!named.empty()) {
        return named;
    }
    json::value const* found = find(code);
    if (found != nullptr && found->is_array() && !found->get_array().empty()) {
        // A job may have several locations; only the first one travels.
        json::value const& first = found->get_array().front();
        return first.is_object() ? Row(first).text("name") : id_text(&first);
    }
    return id_text(found);
}

std::string Row::id(std::string_view preferred) const {
    std::string own = text(preferred);
    return own.empty() ? text("id") : own;
}

std::string id_text(json::value const* value) {
    if (value == nullptr) {
        return {};
    }
    if (value->is_string()) {
        return std::string(value->get_string());
    }
    return value->is_int64() || value->is_uint64() ? json::serialize(*value) : std::string{};
}

}  // namespace crosswalk::charthop
