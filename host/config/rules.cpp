#include "config/files.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace crosswalk::config {
namespace {

constexpr std::size_t rules_max = 500;

template <class T>
struct Word {
    std::string_view text;
    T value;
};
constexpr std::array<Word<model::Transform>, 5> transforms{{{"trim", model::Transform::trim},
                                                            {"lower", model::Transform::lower},
                                                            {"upper", model::Transform::upper},
                                                            {"digits", model::Transform::digits},
                                                            {"date", model::Transform::date}}};
constexpr std::array<Word<model::Otherwise>, 3> otherwises{
    {{"omit", model::Otherwise::omit}, {"keep", model::Otherwise::keep}, {"fail", model::Otherwise::fail}}};

template <class T, std::size_t N>
T const* find_word(std::array<Word<T>, N> const& words, std::string_view text) {
    auto const found = std::find_if(words.begin(), words.end(), [&](Word<T> const& word) { return word.text == text; });
    return found == words.end() ? nullptr : &found->value;
}

template <class T, std::size_t N>
std::vector<std::string> texts(std::array<Word<T>, N> const& words) {
    std::vector<std::string> all;
    for (Word<T> const& word : words) {
        all.emplace_back(word.text);
    }
    return all;
}

std::vector<std::string> read_sources(Section const& section) {
    std::vector<std::string> sources;
    for (Node const* const entry : section.entries("from", true)) {
        auto const pointer = plain_text(*entry, "a JSON Pointer such as /first_name", section.reading());
        if (!pointer) {
            continue;
        }
        if (std::string const why = why_not_pointer(*pointer); !why.empty()) {
            section.reading().problems.add(entry->position, why);
        } else {
            sources.push_back(*pointer);
        }
    }
    return sources;
}

std::vector<model::Transform> read_transforms(Section const& section) {
    std::vector<model::Transform> chain;
    for (Node const* const entry : section.entries("transform", true)) {
        auto const word = plain_text(*entry, "the name of a transform", section.reading());
        if (!word) {
            continue;
        }
        if (model::Transform const* const transform = find_word(transforms, *word)) {
            chain.push_back(*transform);
        } else {
            section.reading().problems.add(entry->position,
                                           "unknown transform '" + *word + "'" + suggestion(*word, texts(transforms)));
        }
    }
    return chain;
}

// Any value, as JSON text; numbers and booleans are what is written without quotes and can be nothing else.
std::optional<std::string> read_json(Section const& section, std::string_view key) {
    Node const* const node = section.find(key);
    return node == nullptr ? std::nullopt : std::optional(boost::json::serialize(to_json(*node)));
}

void check_combination(Node const& node, model::FieldRule const& rule, Reading& reading) {
    bool const has_from = node.find("from") != nullptr;
    if (has_from && rule.constant) {
        reading.problems.add(
            node.find("constant")->position,
            "'constant' and 'from' exclude each other; use 'default' for a value when 'from' finds none");
    }
    if (!has_from && !rule.constant) {
        reading.problems.add(node.position, "the rule for '" + rule.field + "' needs 'from' or 'constant'");
    }
    if (rule.join && !has_from) {
        reading.problems.add(node.find("join")->position, "'join' needs 'from'");
    }
    if (node.find("otherwise") != nullptr && node.find("table") == nullptr) {
        reading.problems.add(node.find("otherwise")->position, "'otherwise' needs 'table'");
    }
}

model::FieldRule read_rule(Member const& member, Reading& reading) {
    Section const section(member.value, {"from", "join", "constant", "transform", "table", "otherwise", "default"},
                          reading);
    model::FieldRule rule;
    rule.field = member.key;
    // Only a place inside a field needs a pointer: /address/city.
    if (member.key.empty() || (member.key.starts_with('/') && member.key.find('/', 1) == std::string::npos)) {
        reading.problems.add(member.position, "a rule names a field, not a pointer: write first_name, not /first_name");
    }
    if (member.value.kind != Node::Kind::map) {
        return rule;
    }
    rule.from = read_sources(section);
    rule.join = section.text("join");
    rule.constant = read_json(section, "constant");
    rule.transforms = read_transforms(section);
    rule.table = section.text("table").value_or("");
    if (auto const word = section.choice("otherwise", texts(otherwises))) {
        rule.otherwise = *find_word(otherwises, *word);
    }
    rule.fallback = read_json(section, "default");
    check_combination(member.value, rule, reading);
    return rule;
}

}  // namespace

std::vector<model::FieldRule> read_rules(Node const& map, Reading& reading) {
    std::vector<model::FieldRule> rules;
    if (map.kind != Node::Kind::map) {
        reading.problems.add(map.position, "'map' must be a map from fields to rules");
        return rules;
    }
    if (map.members.size() > rules_max) {
        reading.problems.add(map.position, "more than 500 rules in one route");
        return rules;
    }
    for (Member const& member : map.members) {
        rules.push_back(read_rule(member, reading));
    }
    return rules;
}

}  // namespace crosswalk::config
