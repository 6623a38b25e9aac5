#include "fields.hpp"
#include "lever_data.hpp"
#include "requisitions/requisition.hpp"
#include "values.hpp"

#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Record;
using connector::text_at;

namespace {

// Lever's manager and owner, with the address that other systems know them by.
void put_user(Call const& call, json::value const& record, std::string_view field, std::string_view to,
              json::object& out) {
    std::string const id(id_of(find(record, field)));
    if (id.empty()) {
        return;
    }
    json::object person{{"ref", ref_to(call, "user", id)}};
    for (std::string_view const detail : {"name", "email"}) {
        if (std::string_view const text = text_at(record, "/users/" + id + "/" + std::string(detail)); !text.empty()) {
            person[detail] = text;
        }
    }
    out[to] = json::array{std::move(person)};
}

// "unlimited" stands for no number, in the total and, some say, in the count of hires.
void put_headcount(json::value const& record, json::object& out) {
    json::value const* total = find(record, "/requisition/headcountTotal");
    if (auto const number = integer_of(total); number && *number >= 0) {
        out["headcount"] = *number;
    } else if (total != nullptr && total->is_string()) {
        json::value& custom = out["custom"];
        (custom.is_object() ? custom.get_object() : custom.emplace_object())["headcount"] = total->get_string();
    }
}

void put_pay(json::value const& record, json::object& out) {
    static constexpr std::array<std::string_view, 5> units = {"year", "month", "week", "day", "hour"};
    std::string_view const currency = text_at(record, "/requisition/compensationBand/currency");
    if (currency.size() != 3) {
        return;
    }
    json::object pay;
    for (std::string_view const bound : {"min", "max"}) {
        json::value const* amount = find(record, "/requisition/compensationBand/" + std::string(bound));
        if (amount != nullptr && (amount->is_int64() || amount->is_uint64())) {
            pay[bound] = {{"amount", as_text(*amount)}, {"currency", currency}};
        }
    }
    std::string_view const interval = text_at(record, "/requisition/compensationBand/interval");
    for (std::string_view const unit : units) {
        if (!pay.empty() && interval.starts_with("per-" + std::string(unit))) {
            pay["interval"] = unit;
        }
    }
    if (!pay.empty()) {
        out["pay"] = std::move(pay);
    }
}

void put_postings(Call const& call, json::value const& record, json::object& out) {
    json::array postings;
    // The answer of a change prints the ids under the name that they are written with.
    for (std::string_view const field : {"/requisition/postings", "/requisition/postingIds"}) {
        json::value const* list = find(record, field);
        if (list == nullptr || !list->is_array() || !postings.empty()) {
            continue;
        }
        for (json::value const& posting : list->get_array()) {
            if (std::string_view const id = id_of(&posting); is_id(id)) {
                postings.push_back(ref_to(call, "posting", id));
            }
        }
    }
    if (!postings.empty()) {
        out["postings"] = std::move(postings);
    }
}

}  // namespace

Record map_requisition(Call& call, json::object object) {
    static json::value const table = json::parse(requisition_json);
    json::value const record(std::move(object));
    std::string const id(text_at(record, "/requisition/id"));
    if (id.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Lever requisition.", {{"requisition", "has no id"}});
    }
    json::object out{{"kind", "requisition"}, {"ref", ref_to(call, "requisition", id)}, {"status", "other"}};
    fill(call, table, record, out);
    if (std::string_view const secrecy = text_at(record, "/requisition/confidentiality"); !secrecy.empty()) {
        out["confidential"] = secrecy == "confidential";
    }
    put_user(call, record, "/requisition/hiringManager", "hiring_managers", out);
    put_user(call, record, "/requisition/owner", "recruiters", out);
    put_headcount(record, out);
    put_pay(record, out);
    put_postings(call, record, out);
    json::value const* custom = find(record, "/requisition/customFields");
    if (custom != nullptr && custom->is_object() && !custom->get_object().empty()) {
        json::value& place = out["custom"];
        put_custom(custom->get_object(), place.is_object() ? place.get_object() : place.emplace_object());
    }
    return {std::string(canonical_requisition), id, std::move(out)};
}

Record map_metrics(Call& call, json::object object) {
    json::value const record(std::move(object));
    std::string const id(text_at(record, "/id"));
    auto const as_of = integer_of(find(record, "/as_of"));
    auto const time = as_of ? utc_time(*as_of) : std::nullopt;
    if (id.empty() || !time) {
        throw Failure(CW_ERR_INVALID, "The record holds no counts of a Lever requisition.", {{"id", "is required"}});
    }
    json::object out{{"kind", "requisition_metrics"},
                     {"ref", ref_to(call, "requisition_metrics", id)},
                     {"requisition", ref_to(call, "requisition", id)},
                     {"as_of", *time}};
    for (std::string_view const field : {"code", "candidates", "active", "hired", "archived", "stages"}) {
        if (json::value const* value = find(record, "/" + std::string(field)); value != nullptr) {
            out[field] = *value;
        }
    }
    return {std::string(canonical_metrics), id, std::move(out)};
}

}  // namespace crosswalk::lever
