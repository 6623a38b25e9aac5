// Encrypted values of connections; the store does not know what they say.
//
// Shape    one row per (connection, name). Who keeps something here seals it first (vault/sealer.hpp).
// Errors   as Store. Threads  safe from any thread; reads see what is committed. Owner  borrows the Store.
// Limits   64 KiB for a value.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crosswalk::store {

struct SealedValue {
    std::string bytes;
    model::TimePoint changed_at;
};

class Sealed {
public:
    explicit Sealed(Store& store) noexcept : store_(store) {}
    virtual ~Sealed() = default;

    // not_found: nothing is kept under that name.
    [[nodiscard]] virtual model::Result<SealedValue> get(std::string const& connection, std::string const& name);

    struct Change {
        std::string name;
        std::optional<std::string> bytes;  // nothing: the value is removed
    };
    // All of them or none.
    [[nodiscard]] virtual model::Result<void> change(std::string const& connection, std::vector<Change> const& changes);
    // not_found: somebody else removed it, or it never was. Of two callers at once only one succeeds.
    [[nodiscard]] virtual model::Result<void> remove(std::string const& connection, std::string const& name);
    [[nodiscard]] virtual model::Result<void> remove_all(std::string const& connection);

private:
    Store& store_;
};

}  // namespace crosswalk::store
