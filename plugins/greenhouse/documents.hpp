// The files of a candidate and of the accepted offer, fetched at once: their links die after seven days.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string>
#include <vector>

namespace crosswalk::greenhouse {

inline constexpr std::size_t documents_max = 50;

struct Link {
    std::string file_name;
    std::string type;  // as Greenhouse says: resume, signed_offer_letter, …
    std::string url;
};

// What Greenhouse lists now, and what only the webhook named. `remote` is the application as Harvest has it. What may
// not be read is told in `unread`, as hire.hpp says.
[[nodiscard]] std::vector<Link> document_links(connector::Call& call, Api& api, json::value const& application,
                                               json::value const& remote, json::array& unread);

// Each file, fetched into one that the host keeps, as {file_name, type, content_type, size, bytes}, or {problem} in
// words that name no person. Failure(CW_ERR_RATE_LIMITED or CW_ERR_CANCELLED) when all of it is to be done again.
[[nodiscard]] json::array download(connector::Call& call, std::vector<Link> const& links);

}  // namespace crosswalk::greenhouse
