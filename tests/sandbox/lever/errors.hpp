// Lever's error answers: {"code", "message"}.
//
// Source   samples/errors/; only ResourceNotFound is a code that the vendor has printed, the others are as there.
#pragma once

#include "sandbox/exchange.hpp"

#include <string_view>

namespace crosswalk::sandbox::lever {

[[nodiscard]] Answer bad_request(std::string_view what);
[[nodiscard]] Answer unauthorized();
[[nodiscard]] Answer forbidden();
// What a token of the other environment gets.
[[nodiscard]] Answer unknown_signing_key();
// "stages a80bbbe0-… was not found"
[[nodiscard]] Answer not_found(std::string_view resource, std::string_view id);
[[nodiscard]] Answer unknown_path(std::string_view path);
[[nodiscard]] Answer wrong_method(std::string_view method);
[[nodiscard]] Answer unprocessed_file();
// Carries no header that tells when to come back: none is documented.
[[nodiscard]] Answer too_many_requests();

// What Lever says with this status.
[[nodiscard]] Answer error_of_status(int status);

}  // namespace crosswalk::sandbox::lever
