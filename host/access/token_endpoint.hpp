// Asks a vendor for tokens.
//
// Shape    a form-encoded POST with the client's credentials in the body or in the Authorization header, as the
//          connector describes. One redirect is followed, to a host of the connector's egress list: vendors send
//          customers of other regions elsewhere.
// Errors   as read_token_answer; unavailable also when there is no whole answer. failed_precondition: the client
//          secret cannot be read.
// Limits   20 seconds. The answer is limited by the client that is given.
// Threads  safe from any thread; constant after construction.
// Source   RFC 6749 section 3.2.
#pragma once

#include "access/token_answer.hpp"
#include "http/client.hpp"
#include "plugin_host/connector.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::access {

// Fields of a form; values may be secret.
using Form = std::vector<std::pair<std::string, model::Secret>>;
// Reads the client secret anew each time.
using FindSecret = std::function<model::Result<model::Secret>(std::string const& pointer)>;

class TokenEndpoint {
public:
    // Borrows the client and the clock. `description` is checked: see check_description.
    TokenEndpoint(plugin_host::OAuthDescription description, http::EgressPolicy egress, FindSecret find_secret,
                  http::Client& client, model::Clock const& clock);

    [[nodiscard]] model::Result<Tokens> ask(Form form) const;
    [[nodiscard]] plugin_host::OAuthDescription const& description() const noexcept { return description_; }

private:
    [[nodiscard]] model::Result<http::ClientResponse> send(http::ClientRequest request) const;

    plugin_host::OAuthDescription const description_;
    http::EgressPolicy const egress_;
    FindSecret const find_secret_;
    http::Client& client_;
    model::Clock const& clock_;
};

// failed_precondition, in words: a description that no tokens can be got with.
[[nodiscard]] model::Result<void> check_description(plugin_host::OAuthDescription const& description,
                                                    http::EgressPolicy const& egress);

// application/x-www-form-urlencoded, for a body or a query.
[[nodiscard]] std::string form_encoded(std::string_view text);

}  // namespace crosswalk::access
