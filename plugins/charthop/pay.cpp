#include "pay.hpp"

#include "rows.hpp"

#include <cmath>

namespace crosswalk::charthop {

using connector::find;
using connector::text_at;

namespace {

std::optional<double> number(std::string_view text) {
    json::error_code error;
    json::value const value = json::parse(text, error);
    if (error || !value.is_number()) {
        return std::nullopt;
    }
    return value.to_number<double>();
}

// The digits of a JSON number without the exponent that Boost.JSON writes for doubles.
std::string digits(json::value const& value) {
    if (value.is_string()) {
        return std::string(value.get_string());
    }
    if (!value.is_double()) {
        return value.is_number() ? json::serialize(value) : std::string();
    }
    double const amount = value.get_double();
    if (!std::isfinite(amount) || std::abs(amount) >= 1e15) {
        return {};
    }
    std::string text = std::to_string(amount);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text;
}

}  // namespace

bool Pay::same_as(Pay const& other) const {
    return number(amount) == number(other.amount) && currency == other.currency && interval == other.interval;
}

std::optional<Pay> read_pay(Settings const& settings, json::value const* charthop) {
    if (charthop == nullptr || !charthop->is_object()) {
        return std::nullopt;
    }
    Pay out;
    json::value const* money = charthop;
    out.interval = "year";
    if (json::value const* inner = find(*charthop, "/pay"); inner != nullptr) {
        money = inner;
        out.interval = settings.translate("interval_out", text_at(*charthop, "/interval"));
    }
    json::value const* amount = find(*money, "/amount");
    out.amount = amount == nullptr ? std::string() : digits(*amount);
    out.currency = text_at(*money, "/currency");
    if (!number(out.amount) || out.currency.empty() || out.interval.empty()) {
        return std::nullopt;
    }
    return out;
}

std::optional<Pay> canonical_pay(json::value const* money, std::string_view interval) {
    if (money == nullptr) {
        return std::nullopt;
    }
    Pay out{std::string(text_at(*money, "/amount")), std::string(text_at(*money, "/currency")),
            interval.empty() ? "year" : std::string(interval)};
    return number(out.amount) && !out.currency.empty() ? std::optional(std::move(out)) : std::nullopt;
}

json::value write_pay(Settings const& settings, Pay const& pay) {
    json::object money{{"amount", json::parse(pay.amount)}, {"currency", pay.currency}};
    if (pay.interval == "year") {
        return money;
    }
    return json::object{{"interval", json::string(settings.translate("interval_in", pay.interval))},
                        {"pay", std::move(money)}};
}

}  // namespace crosswalk::charthop
