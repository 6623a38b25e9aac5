// Rules and records, both from outside.
#include "config/document.hpp"
#include "config/files.hpp"
#include "fuzz/targets.hpp"
#include "map/mapper.hpp"
#include "map/pointer.hpp"
#include "map/transform.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>

#include <array>

namespace crosswalk::fuzz {
namespace {

namespace json = boost::json;

std::optional<json::value> parsed(std::string_view text) {
    json::error_code error;
    json::parse_options options;
    options.max_depth = map::record_depth_max;
    json::value value = json::parse(text, error, {}, options);
    return error ? std::nullopt : std::optional(std::move(value));
}

}  // namespace

// Three parts: what stands under `map:` in a route, as YAML; the canonical record; what is required, a field a line.
void run_mapping(std::string_view input) {
    std::vector<std::string_view> parts = parts_of(input);
    parts.resize(3);
    config::Problems problems;
    std::vector<config::SecretUse> secrets;
    config::Reading reading{problems, secrets};
    auto const root = config::parse_document("routes/fuzz.yaml", parts[0], problems);
    auto const record = parsed(parts[1]);
    // What is no JSON object for the host's boundary never gets here.
    if (!root || !record || !plugin_host::is_json_object(parts[1])) {
        return;
    }
    model::Mapping mapping;
    mapping.rules = config::read_rules(*root, reading);
    while (!parts[2].empty() && mapping.required.size() < 32) {
        mapping.required.emplace_back(take_line(parts[2]));
    }
    map::Tables const tables{{"types", {{"part_time", "partner_time"}, {"", "none"}}}, {"empty", {}}};
    map::Mapper const mapper(mapping, tables);
    for (char const* const schema : {"crosswalk.hire/1", "crosswalk.unknown/1"}) {
        map::Mapped const first = mapper.apply(schema, record->get_object());
        require(first.lineage.size() <= mapping.rules.size(), "one rule writes one field");
        require(mapper.apply(schema, record->get_object()).record == first.record, "a mapping is pure");
        require(parsed(json::serialize(first.record)).has_value(), "a mapped record can be stored and read again");
    }
}

// First byte: a transform. The rest: a JSON Pointer up to a line end, then JSON, or text where it is none.
void run_pointer(std::string_view input) {
    constexpr std::array transforms{model::Transform::trim, model::Transform::lower, model::Transform::upper,
                                    model::Transform::digits, model::Transform::date};
    auto const transform = transforms.at(take_byte(input).value_or(0) % transforms.size());
    auto const pointer = map::parse_pointer(take_line(input));
    json::value value = parsed(input).value_or(json::value(input));
    auto const changed = map::transformed(transform, value);
    if (changed) {
        require(!map::is_blank(*changed), "a transform never leaves blank text");
        require(map::transformed(transform, json::value(*changed)) == changed, "a second time changes nothing");
    }
    // What is no JSON object for the host's boundary never gets here; 0E999 is none, because it is read as no number.
    if (!pointer || !value.is_object() || !plugin_host::is_json_object(input)) {
        return;
    }
    require(!pointer->empty() && pointer->size() <= map::pointer_tokens_max, "a pointer names one place");
    json::object& root = value.get_object();
    json::object const before = root;
    if (map::put(root, *pointer, "put here")) {
        json::value const* const found = map::find(root, *pointer);
        require(found != nullptr && *found == json::value("put here"), "what was put is found");
        map::take_away(root, *pointer);
        json::value const* const gone = map::find(root, *pointer);
        require(gone == nullptr || gone->is_null(), "what was taken away is gone");
    } else {
        require(root == before, "a put that fails changes nothing");
    }
}

}  // namespace crosswalk::fuzz
