#include "config/document.hpp"

#include "config/values.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace crosswalk::config {
namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;
constexpr std::size_t levels_max = 16;
constexpr std::size_t nodes_max = 100'000;

// Thrown through the parser when there is no point in reading on; the problem is noted before.
struct GiveUp {};

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

// Builds the tree from the parser's events: only they show duplicate keys, anchors and tags.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(std::string const& file, Problems& problems) : file_(file), problems_(problems) {}

    [[nodiscard]] bool complete() const noexcept { return root_.has_value(); }
    [[nodiscard]] Node take() { return std::move(*root_); }

    void OnDocumentStart(YAML::Mark const& mark) override {
        if (root_) {
            problems_.add(at(mark), "a second document begins here; write one per file");
            throw GiveUp{};
        }
    }
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add(make(Node::Kind::null, mark));
    }
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override {
        problems_.add(at(mark), "aliases (*name) are not supported; write the value out");
        if (!open_.empty() && open_.back().key) {
            open_.back().key->keep = false;  // its value is not missing as well
        }
        add(make(Node::Kind::null, mark));
    }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (value.find("${") != std::string::npos) {
            problems_.add(at(mark), "'${' is not replaced by anything; write the value, or a secret reference");
        }
        if (std::any_of(value.begin(), value.end(), is_control)) {
            problems_.add(at(mark), "the text holds a control character; remove it");
        }
        Node node = make(Node::Kind::scalar, mark);
        node.plain = tag == "?";
        node.text = value;
        add(std::move(node));
    }
    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Node::Kind::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Node::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Key {
        std::string text;
        Position position;
        bool keep = true;  // false: the key is refused and its value dropped
    };
    struct Open {
        Node node;
        std::optional<Key> key = std::nullopt;               // of a map: the key whose value comes next
        std::map<std::string, int, std::less<>> lines = {};  // of a map: where each key stands
    };

    [[nodiscard]] Position at(YAML::Mark const& mark) const {
        return mark.is_null() ? Position{file_, 1, 1} : Position{file_, mark.line + 1, mark.column + 1};
    }
    [[nodiscard]] Node make(Node::Kind kind, YAML::Mark const& mark) {
        if (++nodes_ > nodes_max) {
            problems_.add(at(mark), "the file holds more than 100,000 values; split it");
            throw GiveUp{};
        }
        Node node;
        node.kind = kind;
        node.position = at(mark);
        return node;
    }
    void refuse_anchor(YAML::Mark const& mark, YAML::anchor_t anchor) {
        if (anchor != 0) {
            problems_.add(at(mark), "anchors (&name) are not supported; write the value where it is used");
        }
    }
    void refuse_tag(YAML::Mark const& mark, std::string const& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") {
            problems_.add(at(mark), "tags (!name) are not supported; quote the value to make it text");
        }
    }
    void open(Node::Kind kind, YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (open_.size() >= levels_max) {
            problems_.add(at(mark), "nested more than 16 levels deep");
            throw GiveUp{};
        }
        open_.push_back({make(kind, mark)});
    }
    void close() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(node));
    }
    void add(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == Node::Kind::list) {
            parent.node.elements.push_back(std::move(node));
        } else if (!parent.key) {
            parent.key = begin_member(parent, node);
        } else {
            Key const key = *std::exchange(parent.key, std::nullopt);
            if (node.kind != Node::Kind::scalar) {
                node.position = key.position;  // the parser's mark is that of whatever comes next
            }
            if (key.keep) {
                parent.node.members.push_back({key.text, key.position, std::move(node)});
            }
        }
    }
    [[nodiscard]] Key begin_member(Open& map, Node const& key) {
        Key begun{key.text, key.position, false};
        auto const [earlier, is_new] = map.lines.try_emplace(key.text, key.position.line);
        if (key.kind != Node::Kind::scalar) {
            problems_.add(key.position, "a key must be text");
        } else if (key.plain && key.text == "<<") {
            problems_.add(key.position, "merge keys (<<) are not supported; write the keys out");
        } else if (!is_new) {
            problems_.add(key.position,
                          "duplicate key '" + key.text + "'; it is already on line " + std::to_string(earlier->second));
        } else {
            begun.keep = true;
        }
        return begun;
    }

    std::string const& file_;
    Problems& problems_;
    std::vector<Open> open_;
    std::optional<Node> root_;
    std::size_t nodes_ = 0;
};

bool is_readable(std::string const& file, std::string_view text, Problems& problems) {
    Position const whole{file, 0, 0};
    if (text.size() > file_bytes_max) {
        problems.add(whole, "the file is larger than 1 MiB");
        return false;
    }
    if (!is_utf8(text)) {
        problems.add(whole, "the file is not UTF-8 text");
        return false;
    }
    auto const control = std::find_if(text.begin(), text.end(), is_control);
    if (control != text.end()) {
        // The parser takes some of them for the end of the file, so that the rest would be passed over in silence.
        auto const line = 1 + std::count(text.begin(), control, '\n');
        problems.add({file, static_cast<int>(line), 1}, "the line holds a control character; remove it");
        return false;
    }
    return true;
}

}  // namespace

Node const* Node::find(std::string_view key) const noexcept {
    auto const found =
        std::find_if(members.begin(), members.end(), [&](Member const& member) { return member.key == key; });
    return found == members.end() ? nullptr : &found->value;
}

std::optional<Node> parse_document(std::string const& file, std::string_view text, Problems& problems) {
    if (!is_readable(file, text, problems)) {
        return std::nullopt;
    }
    TreeBuilder builder(file, problems);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (YAML::Exception const& error) {
        Position const at =
            error.mark.is_null() ? Position{file, 0, 0} : Position{file, error.mark.line + 1, error.mark.column + 1};
        problems.add(at, "not valid YAML: " + error.msg);
        return std::nullopt;
    } catch (GiveUp const&) {
        return std::nullopt;
    }
    if (!builder.complete()) {
        problems.add({file, 0, 0}, "the file is empty");
        return std::nullopt;
    }
    return builder.take();
}

boost::json::value to_json(Node const& node) {
    switch (node.kind) {
        case Node::Kind::null:
            return nullptr;
        case Node::Kind::scalar:
            return node.plain ? plain_value(node.text) : boost::json::value(node.text);
        case Node::Kind::list: {
            boost::json::array list;
            for (Node const& element : node.elements) {
                list.push_back(to_json(element));
            }
            return list;
        }
        case Node::Kind::map:
            break;
    }
    boost::json::object object;
    for (Member const& member : node.members) {
        object[member.key] = to_json(member.value);
    }
    return object;
}

void collect_positions(Node const& node, std::string const& pointer, std::map<std::string, Position>& positions) {
    positions.try_emplace(pointer, node.position);
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        collect_positions(node.elements[i], pointer + '/' + std::to_string(i), positions);
    }
    for (Member const& member : node.members) {
        std::string const below = pointer + '/' + escape_segment(member.key);
        positions.try_emplace(below, member.position);
        collect_positions(member.value, below, positions);
    }
}

void collect_plain(Node const& node, std::string const& pointer, std::map<std::string, std::string>& plain) {
    if (node.kind == Node::Kind::scalar && node.plain) {
        plain.emplace(pointer, node.text);
    }
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        collect_plain(node.elements[i], pointer + '/' + std::to_string(i), plain);
    }
    for (Member const& member : node.members) {
        collect_plain(member.value, pointer + '/' + escape_segment(member.key), plain);
    }
}

}  // namespace crosswalk::config
