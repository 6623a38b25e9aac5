// Reads a JSON object member by member and keeps the first thing that is wrong with it.
//
// Errors   a member of the wrong type reads as absent and becomes the complaint; so does, at the end, a member that
//          nobody asked for. Members that are absent are never a complaint: the caller decides what is required.
// Owner    borrows the object and must not outlive it.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox {

class Fields {
public:
    explicit Fields(boost::json::object const& object) : object_(object) {}

    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::optional<bool> flag(std::string_view name);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name);
    [[nodiscard]] std::optional<double> number(std::string_view name);
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
    // Null when absent.
    [[nodiscard]] boost::json::object const* object(std::string_view name);
    [[nodiscard]] boost::json::array const* array(std::string_view name);
    [[nodiscard]] boost::json::value const* any(std::string_view name);

    // Empty if every member was asked for and had the right type.
    [[nodiscard]] std::string complaint() const;

private:
    void blame(std::string_view name, std::string_view expected);

    boost::json::object const& object_;
    std::vector<std::string> asked_;
    std::string blamed_;
};

}  // namespace crosswalk::sandbox
