#include "config/section.hpp"

#include "model/secret.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace crosswalk::config {
namespace {

std::string in_quotes(std::string_view key) {
    return "'" + std::string(key) + "'";
}

std::string number_text(double value) {
    std::array<char, 32> text{};
    auto const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

}  // namespace

std::optional<std::string> plain_text(Node const& node, std::string_view wanted, Reading& reading) {
    if (node.kind != Node::Kind::scalar) {
        reading.problems.add(node.position, "must be " + std::string(wanted));
        return std::nullopt;
    }
    if (model::is_secret_reference(node.text)) {
        reading.problems.add(node.position, "a secret reference is not allowed here; this value is not a secret");
        return std::nullopt;
    }
    return node.text;
}

bool take_secret(Node const& node, Reading& reading) {
    if (node.kind != Node::Kind::scalar) {
        reading.problems.add(node.position, "must be a secret reference of the form \"secret:<provider>/<name>\"");
        return false;
    }
    auto const reference = model::parse_secret_reference(node.text);
    if (!reference) {
        reading.problems.add(node.position, reference.error().detail);
        return false;
    }
    reading.secrets.push_back({node.text, node.position});
    return true;
}

Section::Section(Node const& node, std::vector<std::string> known, Reading& reading) : node_(node), reading_(reading) {
    if (node.kind != Node::Kind::map) {
        reading_.problems.add(node.position, "must be a map of keys and values" + suggestion({}, known));
        return;
    }
    for (Member const& member : node.members) {
        if (std::find(known.begin(), known.end(), member.key) == known.end()) {
            reading_.problems.add(member.position,
                                  "unknown key " + in_quotes(member.key) + suggestion(member.key, known));
        }
    }
}

Node const* Section::find(std::string_view key) const {
    Node const* const node = node_.find(key);
    if (node != nullptr && node->kind == Node::Kind::null) {
        reading_.problems.add(node->position, in_quotes(key) + " has no value; write one or remove the key");
        return nullptr;
    }
    return node;
}

Node const* Section::need(std::string_view key) const {
    if (node_.kind == Node::Kind::map && node_.find(key) == nullptr) {
        reading_.problems.add(node_.position, "the key " + in_quotes(key) + " is missing");
    }
    return find(key);
}

Node const* Section::scalar(std::string_view key, std::string_view wanted) const {
    Node const* const node = find(key);
    if (node == nullptr || !plain_text(*node, in_quotes(key) + ": " + std::string(wanted), reading_)) {
        return nullptr;
    }
    return node;
}

std::optional<std::string> Section::text(std::string_view key) const {
    Node const* const node = scalar(key, "text");
    return node == nullptr ? std::nullopt : std::optional(node->text);
}

std::optional<std::string> Section::needed_text(std::string_view key) const {
    auto found = need(key) == nullptr ? std::nullopt : text(key);
    if (found && found->empty()) {
        reading_.problems.add(find(key)->position, in_quotes(key) + " is empty");
        return std::nullopt;
    }
    return found;
}

std::optional<std::string> Section::needed_name(std::string_view key) const {
    auto found = needed_text(key);
    if (found && !is_name(*found)) {
        reading_.problems.add(find(key)->position,
                              in_quotes(key) +
                                  " must be a name: lower-case letters, digits, '-', '_' and '.', beginning "
                                  "with a letter or digit, at most 64");
        return std::nullopt;
    }
    return found;
}

std::optional<std::string> Section::choice(std::string_view key, std::vector<std::string> const& known) const {
    auto found = text(key);
    if (found && std::find(known.begin(), known.end(), *found) == known.end()) {
        reading_.problems.add(find(key)->position, "unknown value " + in_quotes(*found) + " for " + in_quotes(key) +
                                                       suggestion(*found, known));
        return std::nullopt;
    }
    return found;
}

std::optional<bool> Section::flag(std::string_view key) const {
    Node const* const node = scalar(key, "true or false");
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->plain || (node->text != "true" && node->text != "false")) {
        reading_.problems.add(node->position, in_quotes(key) + " must be true or false, without quotes");
        return std::nullopt;
    }
    return node->text == "true";
}

std::optional<std::int64_t> Section::integer(std::string_view key, std::int64_t least, std::int64_t most) const {
    Node const* const node = scalar(key, "a whole number");
    if (node == nullptr) {
        return std::nullopt;
    }
    auto const value = node->plain ? parse_integer(node->text) : std::nullopt;
    if (!value || *value < least || *value > most) {
        reading_.problems.add(node->position, in_quotes(key) + " must be a whole number from " + std::to_string(least) +
                                                  " to " + std::to_string(most) + ", without quotes");
        return std::nullopt;
    }
    return value;
}

std::optional<double> Section::number(std::string_view key, double least, double most) const {
    Node const* const node = scalar(key, "a number");
    if (node == nullptr) {
        return std::nullopt;
    }
    auto const value = node->plain ? parse_number(node->text) : std::nullopt;
    if (!value || *value < least || *value > most) {
        reading_.problems.add(node->position, in_quotes(key) + " must be a number from " + number_text(least) + " to " +
                                                  number_text(most) + ", without quotes");
        return std::nullopt;
    }
    return value;
}

std::optional<std::chrono::milliseconds> Section::duration(std::string_view key,
                                                           std::chrono::milliseconds least) const {
    Node const* const node = scalar(key, "a time such as 30s");
    if (node == nullptr) {
        return std::nullopt;
    }
    auto const value = parse_duration(node->text);
    if (!value || *value < least) {
        reading_.problems.add(node->position, in_quotes(key) +
                                                  " must be a time such as 500ms, 30s, 5m, 2h or 7d, at least " +
                                                  std::to_string(least.count()) + "ms");
        return std::nullopt;
    }
    return value;
}

std::optional<std::size_t> Section::size(std::string_view key, std::size_t least) const {
    Node const* const node = scalar(key, "a size such as 1MiB");
    if (node == nullptr) {
        return std::nullopt;
    }
    auto const value = parse_size(node->text);
    if (!value || *value < least) {
        reading_.problems.add(
            node->position,
            in_quotes(key) + " must be a size such as 4096, 64KiB or 1MiB, at least " + std::to_string(least));
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> Section::secret(std::string_view key) const {
    Node const* const node = find(key);
    return node != nullptr && take_secret(*node, reading_) ? std::optional(node->text) : std::nullopt;
}

std::vector<Node const*> Section::entries(std::string_view key, bool single) const {
    Node const* const node = find(key);
    std::vector<Node const*> found;
    if (node == nullptr) {
        return found;
    }
    if (single && node->kind == Node::Kind::scalar) {
        found.push_back(node);
        return found;
    }
    if (node->kind != Node::Kind::list) {
        reading_.problems.add(node->position, in_quotes(key) + " must be a list");
        return found;
    }
    if (node->elements.empty()) {
        reading_.problems.add(node->position, in_quotes(key) + " is an empty list; fill it or remove the key");
    }
    for (Node const& element : node->elements) {
        found.push_back(&element);
    }
    return found;
}

std::vector<std::string> Section::emails(std::string_view key) const {
    std::vector<std::string> found;
    for (Node const* const entry : entries(key)) {
        auto const address = plain_text(*entry, "an e-mail address", reading_);
        if (address && !is_email(*address)) {
            reading_.problems.add(entry->position, "not an e-mail address; write one per entry, without a name");
        } else if (address) {
            found.push_back(*address);
        }
    }
    return found;
}

}  // namespace crosswalk::config
