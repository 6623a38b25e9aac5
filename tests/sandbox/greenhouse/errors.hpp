// Greenhouse's error answers, one shape each for v1, v3, the token endpoint and the file host.
//
// Source   samples/errors/; what they mark as constructed is told in ../README.md.
#pragma once

#include "sandbox/exchange.hpp"

#include <boost/json.hpp>

#include <string_view>

namespace crosswalk::sandbox::greenhouse {

enum class Api { v1, v3 };

// What Greenhouse says with this status.
[[nodiscard]] Answer error_of_status(Api api, int status);

// v1, 422: {"message":"Validation error","errors":[{"message","field"}]}
[[nodiscard]] Answer validation_error(std::string_view field, std::string_view message);

// v3, 422: {"message":"Unprocessable Content","errors":[…]}; an entry is a text or {field: text}.
[[nodiscard]] Answer unprocessable(boost::json::value entry);
[[nodiscard]] Answer unprocessable(std::string_view field, std::string_view message);

// The token endpoint's, which may carry an id to quote to the vendor.
[[nodiscard]] Answer token_refusal(int status, std::string_view message);
[[nodiscard]] Answer token_refusal_with_id(int status, std::string_view message);
[[nodiscard]] Answer token_error(int status, std::string_view error);

// The file host is not Greenhouse's own and speaks XML.
[[nodiscard]] Answer file_refusal(int status, std::string_view code, std::string_view message);

}  // namespace crosswalk::sandbox::greenhouse
