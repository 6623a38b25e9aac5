// Pay as ChartHop and the canonical model write it.
//
// ChartHop  Money {"amount", "currency"}, which is for a year, or {"interval", "pay": Money}.
// Canonical {"amount": {"amount": "98000", "currency": "USD"}, "interval": "year"}.
#pragma once

#include "settings.hpp"

#include <optional>
#include <string>

namespace crosswalk::charthop {

struct Pay {
    std::string amount;    // a decimal number
    std::string currency;  // ISO 4217
    std::string interval;  // canonical
    [[nodiscard]] bool same_as(Pay const& other) const;
};

[[nodiscard]] std::optional<Pay> read_pay(Settings const& settings, json::value const* charthop);
// From a canonical money and interval; nullopt when there is no usable amount.
[[nodiscard]] std::optional<Pay> canonical_pay(json::value const* money, std::string_view interval);
[[nodiscard]] json::value write_pay(Settings const& settings, Pay const& pay);

}  // namespace crosswalk::charthop
