// Sending a person to the vendor for a consent, and knowing the answer again.
//
// Shape    one consent per connection can be under way; another begin() replaces it. Its state and code verifier are
//          sealed in the store, so that the host may be restarted in between.
// Errors   not_found: no consent with this state is under way, or it is used. deadline_exceeded: it is too old; it
//          is used up with that.
// Threads  safe from any thread; of two answers with one state only one is taken.
// Owner    borrows everything it is made with.
// Source   RFC 6749 section 4.1, RFC 7636 with S256, RFC 9700 section 2.1.
#pragma once

#include "model/clock.hpp"
#include "model/secret.hpp"
#include "plugin_host/connector.hpp"
#include "store/sealed.hpp"
#include "vault/sealer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::access {

// Where a person goes, and what will be asked there.
struct ConsentRequest {
    std::string authorize_url;
    std::vector<std::string> permissions;
    model::TimePoint expires_at;
};

class Consent {
public:
    Consent(std::string connection, store::Sealed& sealed, vault::Sealer const& sealer, model::Clock const& clock);

    [[nodiscard]] model::Result<ConsentRequest> begin(plugin_host::OAuthDescription const& description,
                                                      std::string const& redirect_uri);

    struct Answered {
        model::Secret verifier;
        std::string redirect_uri;  // as it was sent; the vendor compares
    };
    // Uses the consent up.
    [[nodiscard]] model::Result<Answered> take(std::string_view state);

private:
    std::string const connection_;
    store::Sealed& sealed_;
    vault::Sealer const& sealer_;
    model::Clock const& clock_;
};

}  // namespace crosswalk::access
