#include "map/mapper.hpp"

#include "map/overrides.hpp"
#include "map/transform.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace crosswalk::map {
namespace {

constexpr std::string_view extra = "extra";

bool is_empty(boost::json::value const& value) noexcept {
    switch (value.kind()) {
        case boost::json::kind::null:
            return true;
        case boost::json::kind::string:
            return is_blank(value.get_string());
        case boost::json::kind::array:
            return value.get_array().empty();
        case boost::json::kind::object:
            return value.get_object().empty();
        default:
            return false;
    }
}

// Looks no deeper than `levels`, so that it is safe on any record.
bool is_deeper(boost::json::object const& object, std::size_t levels) noexcept;
bool is_deeper(boost::json::value const& value, std::size_t levels) noexcept {
    if (auto const* object = value.if_object()) {
        return is_deeper(*object, levels);
    }
    if (auto const* array = value.if_array()) {
        return levels == 0 || std::any_of(array->begin(), array->end(), [&](boost::json::value const& element) {
                   return is_deeper(element, levels - 1);
               });
    }
    return false;
}
bool is_deeper(boost::json::object const& object, std::size_t levels) noexcept {
    return levels == 0 || std::any_of(object.begin(), object.end(), [&](boost::json::key_value_pair const& member) {
               return is_deeper(member.value(), levels - 1);
           });
}

// About as many bytes as its JSON text has. The record's depth has been checked before.
std::size_t weight(boost::json::value const& value) noexcept {
    std::size_t bytes = 8;
    if (auto const* text = value.if_string()) {
        bytes += text->size();
    } else if (auto const* array = value.if_array()) {
        for (boost::json::value const& element : *array) {
            bytes += weight(element);
        }
    } else if (auto const* object = value.if_object()) {
        for (boost::json::key_value_pair const& member : *object) {
            bytes += member.key().size() + weight(member.value());
        }
    }
    return bytes;
}

std::optional<boost::json::value> parse(std::string_view text) {
    boost::json::error_code error;
    boost::json::value value = boost::json::parse(text, error);
    return error ? std::nullopt : std::optional<boost::json::value>(std::move(value));
}

// A plain name is one step; "/address/city" is a pointer.
std::optional<Pointer> parse_field(std::string_view field) {
    if (field.starts_with('/')) {
        return parse_pointer(field);
    }
    return field.empty() ? std::nullopt : std::optional<Pointer>(Pointer{std::string(field)});
}

// Where a field lives in a record of this schema: what the schema does not know is under /extra.
Pointer place(Pointer target, std::string_view schema) {
    std::vector<std::string> const& known = canonical_fields(schema);
    if (!std::binary_search(known.begin(), known.end(), target.front())) {
        target.emplace(target.begin(), extra);
    }
    return target;
}

std::string describe(model::FieldRule const& rule) {
    std::string text;
    if (rule.constant) {
        text = "constant";
    }
    for (std::string const& pointer : rule.constant ? std::vector<std::string>{} : rule.from) {
        text += text.empty() ? "" : (rule.join ? ", " : " else ");
        text += pointer;
    }
    if (rule.join) {
        text += " joined by " + boost::json::serialize(boost::json::string_view(*rule.join));
    }
    for (std::size_t i = 0; i < rule.transforms.size(); ++i) {
        text += i == 0 ? " as " : ", ";
        text += name(rule.transforms[i]);
    }
    if (!rule.table.empty()) {
        text += " through table " + rule.table;
    }
    return text;
}

}  // namespace

struct Mapper::Evaluation {
    boost::json::value value;          // null: nothing so far
    std::vector<std::string> reasons;  // why a value was lost, as the beginning of a sentence
    std::string refusal;               // not empty: the record must not be sent
    void lose(std::string reason) {
        value = nullptr;
        reasons.push_back(std::move(reason));
    }
};

Mapper::Mapper(model::Mapping mapping, Tables const& tables) {
    rules_.reserve(mapping.rules.size());
    for (model::FieldRule const& rule : mapping.rules) {
        rules_.push_back(prepare(rule));
        auto const table = tables.find(rule.table);
        if (!rule.table.empty() && table != tables.end()) {
            tables_.insert(*table);
        }
    }
    for (std::string& field : mapping.required) {
        auto target = parse_field(field);
        required_.push_back({std::move(field), std::move(target)});
    }
}

Mapper::Rule Mapper::prepare(model::FieldRule const& rule) {
    Rule out;
    out.field = rule.field;
    out.target = parse_field(rule.field);
    for (std::string const& pointer : rule.from) {
        out.from.push_back(parse_pointer(pointer));
    }
    out.join = rule.join;
    out.is_constant = rule.constant.has_value();
    out.constant = rule.constant ? parse(*rule.constant) : std::nullopt;
    out.transforms = rule.transforms;
    out.table = rule.table;
    out.otherwise = rule.otherwise;
    out.fallback = rule.fallback ? parse(*rule.fallback).value_or(nullptr) : boost::json::value(nullptr);
    out.source = describe(rule);
    return out;
}

void Mapper::pick(Rule const& rule, boost::json::object const& canonical, Evaluation& at) {
    if (rule.is_constant) {
        if (rule.constant) {
            at.value = *rule.constant;
        } else {
            at.lose("The constant is not JSON");
        }
        return;
    }
    if (rule.join) {
        join(rule, canonical, at);
        return;
    }
    for (auto const& pointer : rule.from) {
        boost::json::value const* const found = pointer ? find(canonical, *pointer) : nullptr;
        if (found == nullptr || is_empty(*found)) {
            continue;
        }
        if (weight(*found) > value_bytes_max) {
            at.lose("The value is larger than the 1 MiB that a rule may write");
        } else {
            at.value = *found;
        }
        return;
    }
}

void Mapper::join(Rule const& rule, boost::json::object const& canonical, Evaluation& at) {
    std::string joined;
    bool first = true;
    for (auto const& pointer : rule.from) {
        boost::json::value const* const found = pointer ? find(canonical, *pointer) : nullptr;
        if (found == nullptr || is_empty(*found)) {
            continue;
        }
        if (found->is_structured()) {
            at.reasons.emplace_back("A list or an object cannot be joined as text");
            continue;
        }
        // A string may be huge: weigh it before it is copied.
        if (joined.size() + weight(*found) + rule.join->size() > value_bytes_max) {
            at.lose("The joined text is larger than the 1 MiB that a rule may write");
            return;
        }
        joined += first ? std::string{} : *rule.join;
        joined += text_of(*found).value_or(std::string{});
        first = false;
    }
    if (!is_blank(joined)) {
        at.value = joined;
    }
}

void Mapper::transform(Rule const& rule, Evaluation& at) {
    for (model::Transform const transform : rule.transforms) {
        if (at.value.is_null()) {
            return;
        }
        if (auto text = transformed(transform, at.value)) {
            at.value = *text;
        } else {
            at.lose("The transform '" + std::string(name(transform)) + "' makes nothing of this value");
        }
    }
}

void Mapper::look_up(Rule const& rule, Evaluation& at) const {
    if (rule.table.empty() || at.value.is_null()) {
        return;
    }
    auto const table = tables_.find(rule.table);
    std::optional<std::string> const text = text_of(at.value);
    if (table != tables_.end() && text) {
        if (auto const row = table->second.find(*text); row != table->second.end()) {
            at.value = row->second;
            return;
        }
    }
    std::string const lack = "The value table '" + rule.table + "' has no row for this value";
    switch (rule.otherwise) {
        case model::Otherwise::keep:
            return;
        case model::Otherwise::fail:
            at.value = nullptr;
            at.refusal = lack + ". Add the row, or correct the value at the source.";
            return;
        case model::Otherwise::omit:
            at.lose(lack);
            return;
    }
}

void Mapper::run(Rule const& rule, std::string_view schema, boost::json::object const& canonical, Mapped& out) const {
    // The last rule for a field decides, so what an earlier one said of it no longer holds.
    std::erase_if(out.lineage, [&](Lineage const& line) { return line.field == rule.field; });
    if (!rule.target) {
        out.warnings.push_back({rule.field, "The name is neither a field nor a JSON Pointer, so nothing was written."});
        return;
    }
    Evaluation at;
    pick(rule, canonical, at);
    transform(rule, at);
    look_up(rule, at);

    Pointer const target = place(*rule.target, schema);
    if (!at.refusal.empty()) {
        take_away(out.record, target);
        out.problems.push_back({rule.field, std::move(at.refusal)});
        return;
    }
    std::string source = rule.source;
    char const* consequence = "";
    if (is_empty(at.value)) {
        bool const has_default = !is_empty(rule.fallback);
        at.value = rule.fallback;
        source = "default";
        consequence = has_default ? ", so the default was used." : ", so the field was left out.";
    } else {
        consequence = ", so that part was left out.";
    }
    for (std::string const& reason : at.reasons) {
        out.warnings.push_back({rule.field, reason + consequence});
    }
    if (is_empty(at.value)) {
        take_away(out.record, target);
    } else if (weight(at.value) > value_bytes_max) {
        take_away(out.record, target);
        out.warnings.push_back({rule.field, "The value is larger than 1 MiB, so the field was left out."});
    } else if (put(out.record, target, std::move(at.value))) {
        out.lineage.push_back({rule.field, std::move(source)});
    } else {
        out.warnings.push_back({rule.field,
                                "The record has text or a list where this field would need an object, so nothing was "
                                "written. Name the outer field instead."});
    }
}

void Mapper::check_required(std::string_view schema, Mapped& out) const {
    for (Required const& required : required_) {
        bool const reported = std::any_of(out.problems.begin(), out.problems.end(),
                                          [&](auto const& problem) { return problem.field == required.field; });
        boost::json::value const* const found =
            required.target ? find(out.record, place(*required.target, schema)) : nullptr;
        if (!reported && (found == nullptr || is_empty(*found))) {
            out.problems.push_back({required.field,
                                    "It is required but empty. Fill it in in the source system, or give it another "
                                    "source or a default in the route."});
        }
    }
}

Mapped Mapper::apply(std::string_view schema, boost::json::object const& canonical,
                     std::vector<Override> const& overrides) const {
    Mapped out;
    if (is_deeper(canonical, record_depth_max)) {
        out.problems.push_back({"", "The record is nested more than 64 levels deep and cannot be mapped."});
        return out;
    }
    out.record = canonical;
    for (Rule const& rule : rules_) {
        run(rule, schema, canonical, out);
    }
    put_overrides(schema, overrides, out);
    check_required(schema, out);
    return out;
}

}  // namespace crosswalk::map
