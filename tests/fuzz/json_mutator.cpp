#include "fuzz/json_mutator.hpp"

#include "fuzz/targets.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace crosswalk::fuzz {
namespace {

namespace json = boost::json;

constexpr std::size_t values_max = 20'000;
constexpr std::size_t long_text = 3000;

// Where a JSON text stands in the input.
struct Place {
    std::size_t begin = 0;
    std::size_t size = 0;
};

class Mutator {
public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    [[nodiscard]] std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

    void change(json::value& root) {
        collect(root);
        json::value& chosen = *values_[below(values_.size())];
        switch (below(5)) {
            case 0:
                chosen = strange();
                break;
            case 1:
                chosen = json::value(*values_[below(values_.size())]);
                break;
            default:
                change_within(chosen);
        }
    }

private:
    void collect(json::value& value) {
        if (values_.size() >= values_max) {
            return;
        }
        values_.push_back(&value);
        if (json::object* const object = value.if_object()) {
            for (auto& member : *object) {
                collect(member.value());
            }
        } else if (json::array* const array = value.if_array()) {
            for (json::value& element : *array) {
                collect(element);
            }
        }
    }

    [[nodiscard]] json::value strange() {
        constexpr std::array texts{"",  "0",    "-1",        "~",
                                   "/", "null", "\xF0\x9F\x98\x80", "2026-11-22T08:00:00Z",
                                   "x", "true", "https://example.com/a?b=c", "a@example.com"};
        switch (below(10)) {
            case 0:
                return nullptr;
            case 1:
                return below(2) == 0;
            case 2:
                return std::numeric_limits<std::int64_t>::min();
            case 3:
                return std::numeric_limits<std::uint64_t>::max();
            case 4:
                return 1e300;
            case 5:
                return json::array();
            case 6:
                return json::object();
            case 7:
                return json::value(std::string(below(long_text), 'x'));
            default:
                return texts.at(below(texts.size()));
        }
    }

    void change_within(json::value& value) {
        if (json::object* const object = value.if_object()) {
            change_object(*object);
        } else if (json::array* const array = value.if_array()) {
            change_array(*array);
        } else if (json::string const* const text = value.if_string()) {
            value = changed_text({text->data(), text->size()});
        } else if (value.is_int64()) {
            value = changed_number(value.get_int64());
        } else {
            value = strange();
        }
    }

    void change_object(json::object& object) {
        if (object.empty() || below(3) == 0) {
            object[changed_text("name")] = strange();
            return;
        }
        auto const member = object.begin() + static_cast<std::ptrdiff_t>(below(object.size()));
        std::string const name(member->key());
        json::value const kept = member->value();
        object.erase(member);
        if (below(2) == 0) {
            object[changed_text(name)] = kept;
        }
    }

    void change_array(json::array& array) {
        if (array.empty()) {
            array.push_back(strange());
        } else if (below(2) == 0) {
            array.erase(array.begin() + static_cast<std::ptrdiff_t>(below(array.size())));
        } else {
            json::value const element = array[below(array.size())];
            array.insert(array.begin(), 1 + below(3), element);
        }
    }

    [[nodiscard]] std::string changed_text(std::string text) {
        auto const printable = [this] { return static_cast<char>(' ' + below('~' - ' ' + 1)); };
        switch (below(4)) {
            case 0:
                text.resize(below(text.size() + 1));
                break;
            case 1:
                text.insert(text.begin() + static_cast<std::ptrdiff_t>(below(text.size() + 1)), printable());
                break;
            case 2:
                text.append(text);
                break;
            default:
                if (!text.empty()) {
                    text[below(text.size())] = printable();
                }
        }
        return text;
    }

    [[nodiscard]] std::int64_t changed_number(std::int64_t number) {
        constexpr std::array<std::int64_t, 8> near{0, -1, 1, 7, 100, 999, 86'400'000, 4'294'967'296};
        switch (below(3)) {
            case 0:
                return near.at(below(near.size()));
            case 1:
                return number / 1000;
            default:
                return number ^ (std::int64_t{1} << below(63));
        }
    }

    std::minstd_rand random_;
    std::vector<json::value*> values_;
};

std::optional<json::value> parsed(std::string_view text) {
    json::error_code error;
    json::value value = json::parse({text.data(), text.size()}, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

std::vector<Place> places_in(std::string_view input) {
    std::vector<Place> places;
    for (std::string_view const part : parts_of(input)) {
        std::size_t const first = part.find_first_of("{[");
        std::size_t const last = part.find_last_of("}]");
        if (first != std::string_view::npos && last != std::string_view::npos && first < last) {
            places.push_back({static_cast<std::size_t>(part.data() - input.data()) + first, last + 1 - first});
        }
    }
    return places;
}

}  // namespace

std::optional<std::string> mutate_json(std::string_view input, unsigned seed) {
    std::vector<Place> const places = places_in(input);
    Mutator mutator(seed);
    std::size_t const first = mutator.below(places.size());
    for (std::size_t tried = 0; tried < places.size(); ++tried) {
        Place const place = places[(first + tried) % places.size()];
        if (std::optional<json::value> value = parsed(input.substr(place.begin, place.size))) {
            mutator.change(*value);
            std::string changed(input.substr(0, place.begin));
            changed += json::serialize(*value);
            return changed.append(input.substr(place.begin + place.size));
        }
    }
    return std::nullopt;
}

}  // namespace crosswalk::fuzz
