// A create at Greenhouse, which has no idempotency keys: what its answer means, and what none means.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <functional>
#include <string_view>

namespace crosswalk::greenhouse {

// Sends it once. A 2xx is delivered, with the id that Greenhouse gave noted; 408 and 503 are Failure(TRANSIENT);
// another 5xx is unknown with `may_have_worked` as its last sentence, and so is an answer that did not arrive whole.
// `refusal` makes the Failure of every other status.
[[nodiscard]] connector::Outcome create(connector::Call& call, std::string_view may_have_worked,
                                        std::function<connector::HttpResponse()> const& send,
                                        std::function<connector::Failure(int status)> const& refusal);

}  // namespace crosswalk::greenhouse
