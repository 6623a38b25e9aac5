// The secrets of one connection that came at run time: from its vendor, or made here for the vendor to use.
//
// Shape    sealed rows "secret:" + JSON Pointer; during a rotation with grace the earlier one stands beside it under
//          the pointer + "#previous" with the time at which it ends.
// Errors   not_found; else as the store and the sealer. An empty value is refused: with it anybody could sign.
// Threads  safe from any thread. Owner  borrows everything it is made with.
#pragma once

#include "plugin_host/services.hpp"
#include "store/sealed.hpp"
#include "vault/sealer.hpp"

#include <chrono>
#include <string>

namespace crosswalk::access {

class KeptSecrets final : public plugin_host::KeptSecrets {
public:
    KeptSecrets(std::string connection, store::Sealed& sealed, vault::Sealer const& sealer, model::Clock const& clock);

    [[nodiscard]] model::Result<model::Secret> get(std::string const& pointer) override;
    [[nodiscard]] model::Result<model::Secret> get_previous(std::string const& pointer) override;
    // The earlier one is invalid at once.
    [[nodiscard]] model::Result<void> put(std::string const& pointer, model::Secret const& value) override;
    [[nodiscard]] model::Result<void> remove(std::string const& pointer) override;

    // Puts `value`; the one before counts beside it until `grace` has passed, not at all when it is zero.
    [[nodiscard]] model::Result<void> rotate(std::string const& pointer, model::Secret const& value,
                                             std::chrono::seconds grace);

private:
    [[nodiscard]] model::Result<model::Secret> open(std::string const& name);

    std::string const connection_;
    store::Sealed& sealed_;
    vault::Sealer const& sealer_;
    model::Clock const& clock_;
};

}  // namespace crosswalk::access
