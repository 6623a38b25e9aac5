// A sandbox in this process and a plain HTTP client for it.
#pragma once

#include "sandbox/sandbox.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace crosswalk::sandbox {

struct Got {
    int status = 0;  // 0: no answer
    std::string body = {};
    std::map<std::string, std::string> headers = {};  // names in lower case

    [[nodiscard]] boost::json::value json() const;
};

class Played : public ::testing::Test {
protected:
    void SetUp() override;

    // A call by a correct Lever client, unless `headers` say otherwise.
    Got lever(std::string const& method, std::string const& path, std::string const& body = {},
              std::map<std::string, std::string> headers = {});
    // A call by a correct GoCo client; `path` is what follows the company.
    Got goco(std::string const& method, std::string const& path, std::string const& body = {},
             std::map<std::string, std::string> headers = {});
    Got send(std::string const& method, std::string const& target, std::string const& body,
             std::map<std::string, std::string> const& headers);

    // A control call that must succeed.
    boost::json::object control(std::string const& method, std::string const& path,
                                boost::json::object const& body = {});
    // The opportunity's id.
    std::string candidate(boost::json::object const& fields);

    Sandbox sandbox_;
};

inline constexpr char const* basic_key = "Basic bGV2ZXItc2FuZGJveC1rZXk6";                // lever-sandbox-key:
inline constexpr char const* basic_plain_key = "Basic bGV2ZXItc2FuZGJveC1rZXktcGxhaW46";  // lever-sandbox-key-plain:
inline constexpr char const* bearer_token = "Bearer lever-sandbox-token";
inline constexpr char const* sample_opportunity = "250d8f03-738a-4bba-a671-8a3d73477145";

// The bytes of a sample payload, by its path under tests/sandbox.
[[nodiscard]] std::string sample(std::string const& path);

// multipart/form-data with the boundary "edge".
struct FormPart {
    std::string name;
    std::string file_name;
    std::string content;
};
[[nodiscard]] std::string form(std::vector<FormPart> const& parts);
inline constexpr char const* form_type = "multipart/form-data; boundary=edge";

}  // namespace crosswalk::sandbox
