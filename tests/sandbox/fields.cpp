#include "sandbox/fields.hpp"

#include <algorithm>

namespace crosswalk::sandbox {

std::optional<std::string> Fields::text(std::string_view name) {
    auto const* const found = any(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_string()) {
        blame(name, "a string");
        return std::nullopt;
    }
    return std::string(found->get_string().c_str(), found->get_string().size());
}

std::optional<bool> Fields::flag(std::string_view name) {
    auto const* const found = any(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_bool()) {
        blame(name, "a boolean");
        return std::nullopt;
    }
    return found->get_bool();
}

std::optional<std::int64_t> Fields::integer(std::string_view name) {
    auto const* const found = any(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_int64()) {
        blame(name, "an integer");
        return std::nullopt;
    }
    return found->get_int64();
}

std::optional<double> Fields::number(std::string_view name) {
    auto const* const found = any(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_number()) {
        blame(name, "a number");
        return std::nullopt;
    }
    return found->to_number<double>();
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name) {
    auto const* const found = array(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> values;
    for (auto const& element : *found) {
        if (!element.is_string()) {
            blame(name, "an array of strings");
            return std::nullopt;
        }
        values.emplace_back(element.get_string().c_str(), element.get_string().size());
    }
    return values;
}

boost::json::object const* Fields::object(std::string_view name) {
    auto const* const found = any(name);
    if (found != nullptr && !found->is_object()) {
        blame(name, "an object");
        return nullptr;
    }
    return found == nullptr ? nullptr : &found->get_object();
}

boost::json::array const* Fields::array(std::string_view name) {
    auto const* const found = any(name);
    if (found != nullptr && !found->is_array()) {
        blame(name, "an array");
        return nullptr;
    }
    return found == nullptr ? nullptr : &found->get_array();
}

boost::json::value const* Fields::any(std::string_view name) {
    asked_.emplace_back(name);
    return object_.if_contains({name.data(), name.size()});
}

std::string Fields::complaint() const {
    if (!blamed_.empty()) {
        return blamed_;
    }
    for (auto const& member : object_) {
        std::string_view const key(member.key().data(), member.key().size());
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
            return std::string(key) + " is not a known field";
        }
    }
    return {};
}

void Fields::blame(std::string_view name, std::string_view expected) {
    if (blamed_.empty()) {
        blamed_ = std::string(name) + " must be " + std::string(expected);
    }
}

}  // namespace crosswalk::sandbox
