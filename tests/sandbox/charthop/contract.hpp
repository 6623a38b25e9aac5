// ChartHop's OpenAPI document as a judge of every request that is played and every answer that is given.
//
// Shape    the operation is found by method and path; query parameters, body and answer are checked against it, JSON
//          with valijson.
// Rules    where the document is known to be wrong, charthop.md is followed:
//            {"type": "object"} that describes nothing is how the converter wrote "any value";
//            an operation that lists no success but 202 may answer any other 2xx; 201 stands for 200;
//            202 on jobs, people and groups, 401, 403, 429 and 5xx are not always listed.
// Errors   complaints are words; empty means that it fits.
// Threads  one call at a time.
#pragma once

#include "sandbox/exchange.hpp"

#include <boost/json.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace valijson {
class Schema;
}

namespace crosswalk::sandbox::charthop {

class Contract {
public:
    // Throws when the document cannot be read: it is part of the build.
    explicit Contract(std::string_view document);
    ~Contract();

    // `path` begins with the version: {"v2", "org", "acme", "job"}.
    [[nodiscard]] bool knows(Request const& request) const;
    [[nodiscard]] std::string request_complaint(Request const& request);
    [[nodiscard]] std::string answer_complaint(Request const& request, Answer const& answer);
    // A value against one of the document's schemas: "Change".
    [[nodiscard]] std::string complaint(std::string const& schema, boost::json::value const& value);

private:
    [[nodiscard]] boost::json::object const* operation(Request const& request) const;
    [[nodiscard]] std::string check(boost::json::value const& schema, boost::json::value const& value);

    boost::json::object document_;                                      // constant after construction
    std::map<std::string, std::unique_ptr<valijson::Schema>> schemas_;  // by their text
};

}  // namespace crosswalk::sandbox::charthop
