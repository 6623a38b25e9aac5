#include "fields.hpp"
#include "requisitions/requisition.hpp"
#include "values.hpp"

#include <array>
#include <charconv>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Record;
using connector::text_at;

namespace {

void put_text(json::value const& record, std::string_view pointer, std::string_view to, json::object& fields) {
    if (std::string text = folded(text_at(record, pointer)); !text.empty()) {
        fields[to] = std::move(text);
    }
}

// "70000.00" is 70000; nothing for what is no decimal number.
std::optional<json::value> number_in(std::string_view text) {
    std::size_t const point = text.find('.');
    bool const whole = point == std::string_view::npos || text.find_first_not_of('0', point + 1) == text.npos;
    std::string_view const digits = whole ? text.substr(0, point) : text;
    std::int64_t integer = 0;
    double fraction = 0;
    char const* const end = digits.data() + digits.size();
    auto const read =
        whole ? std::from_chars(digits.data(), end, integer) : std::from_chars(digits.data(), end, fraction);
    if (digits.empty() || read.ec != std::errc{} || read.ptr != end) {
        return std::nullopt;
    }
    return whole ? json::value(integer) : json::value(fraction);
}

// The unit of the interval stays for the push, which knows what Lever holds already.
void put_pay(Call& call, json::value const& record, json::object& fields) {
    json::object band;
    for (std::string_view const bound : {"min", "max"}) {
        std::string const place = "/pay/" + std::string(bound);
        std::string_view const amount = text_at(record, place + "/amount");
        if (amount.empty()) {
            continue;
        }
        auto const number = number_in(amount);
        if (!number) {
            call.warn("pay", "An amount is no decimal number; the pay was left out.");
            return;
        }
        band[bound] = *number;
        band["currency"] = text_at(record, place + "/currency");
    }
    if (!band.empty()) {
        std::string_view const unit = text_at(record, "/pay/interval");
        band["interval"] = unit.empty() ? "year" : unit;
        fields["compensationBand"] = std::move(band);
    }
}

void put_fields(Call& call, json::value const& record, json::object& fields) {
    put_text(record, "/name", "name", fields);
    put_text(record, "/team/name", "team", fields);
    put_text(record, "/locations/0/name", "location", fields);
    put_text(record, "/description", "internalNotes", fields);
    if (json::value const* count = find(record, "/headcount"); count != nullptr && count->is_int64()) {
        fields["headcountTotal"] = *count;
    }
    std::string_view const type = text_at(record, "/employment_type");
    if (std::string_view const word = word_of("employment_type_out", type); !word.empty()) {
        fields["employmentStatus"] = word;
    } else if (!type.empty()) {
        call.warn("employment_type", "Lever has no such employment status; it was left out.");
    }
    put_pay(call, record, fields);
}

// What a route adds: Lever's own fields under their names, everything else is a custom field.
void put_extra(json::value const& record, json::object& fields, json::object& custom) {
    static constexpr std::array<std::string_view, 3> plain = {"backfill", "internalNotes", "headcountTotal"};
    if (json::value const* own = find(record, "/custom"); own != nullptr && own->is_object()) {
        custom = own->get_object();
    }
    json::value const* extra = find(record, "/extra");
    if (extra == nullptr || !extra->is_object()) {
        return;
    }
    for (auto const& entry : extra->get_object()) {
        bool const known = std::find(plain.begin(), plain.end(), std::string_view(entry.key())) != plain.end();
        (known ? fields : custom)[entry.key()] = entry.value();
    }
}

}  // namespace

Record map_requisition_out(Call& call, json::object object) {
    json::value const record(std::move(object));
    json::value const* ref = find(record, "/ref");
    if (ref == nullptr || text_at(record, "/ref/id").empty() || folded(text_at(record, "/name")).empty()) {
        throw Failure(CW_ERR_INVALID, "The requisition lacks its name or its ref.", {{"name", "is required"}});
    }
    json::object fields;
    json::object custom;
    put_fields(call, record, fields);
    put_extra(record, fields, custom);
    json::object out{{"theirs", *ref}, {"fields", std::move(fields)}, {"custom", std::move(custom)}};
    put_text(record, "/code", "code", out);
    put_text(record, "/status", "status", out);
    put_text(record, "/department/name", "department", out);
    put_text(record, "/hiring_managers/0/email", "hiring_manager", out);
    put_text(record, "/recruiters/0/email", "owner", out);
    std::string key = "requisition:";
    // Two sources that share a code mean one requisition.
    json::value const* code = out.if_contains("code");
    key += code != nullptr ? std::string(code->get_string())
                           : std::string(text_at(*ref, "/system")) + "/" + std::string(text_at(*ref, "/id"));
    return {std::string(requisition_update_schema), std::move(key), std::move(out)};
}

}  // namespace crosswalk::lever
