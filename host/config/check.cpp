#include "config/config.hpp"
#include "config/problems.hpp"
#include "config/route_check.hpp"
#include "config/settings_schema.hpp"
#include "config/switches.hpp"
#include "config/values.hpp"
#include "model/secret.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace crosswalk::config {
namespace {

namespace json = boost::json;

std::vector<std::string_view> segments(std::string_view pointer) {
    std::vector<std::string_view> found;
    while (!pointer.empty()) {
        std::size_t const end = std::min(pointer.find('/', 1), pointer.size());
        found.push_back(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
    }
    return found;
}

bool matches(std::string_view pointer, std::string_view pattern) {
    auto const a = segments(pointer);
    auto const b = segments(pattern);
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(),
                      [](std::string_view x, std::string_view y) { return y == "*" || x == y; });
}

bool is_secret_place(ConnectorFacts const& facts, std::string_view pointer) {
    return std::any_of(facts.secrets.begin(), facts.secrets.end(),
                       [&](std::string const& pattern) { return matches(pointer, pattern); });
}

std::string joined(std::vector<std::string> const& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return text;
}

// The same value with the keys of every object sorted, so that its text depends on nothing else: it names a cursor.
json::value in_key_order(json::value const& value) {
    if (value.is_array()) {
        json::array sorted;
        std::transform(value.get_array().begin(), value.get_array().end(), std::back_inserter(sorted), in_key_order);
        return sorted;
    }
    if (!value.is_object()) {
        return value;
    }
    std::map<std::string, json::value> members;
    for (auto const& member : value.get_object()) {
        members.emplace(member.key(), in_key_order(member.value()));
    }
    json::object sorted;
    for (auto const& [key, inner] : members) {
        sorted.emplace(key, inner);
    }
    return sorted;
}

// Settings of one connection against its connector's description.
class SettingsCheck {
public:
    SettingsCheck(Connection const& connection, ConnectorFacts const& facts, Problems& problems)
        : connection_(connection), facts_(facts), problems_(problems) {}

    void run() {
        auto const schema = parsed_schema(facts_.settings_schema);
        if (!schema) {
            problems_.add(connection_.connector_position,
                          "the connector '" + facts_.id + "' describes its settings with a schema that is not valid");
            return;
        }
        json::value settings = connection_.settings;
        retype(settings, *schema, connection_.plain);
        auto const is_secret = [this](std::string_view pointer) { return is_secret_place(facts_, pointer); };
        for (Mismatch const& mismatch : mismatches(settings, *schema, is_secret)) {
            problems_.add(position(mismatch.pointer), mismatch.message);
        }
        check_secrets(settings, "");
    }

private:
    // Where the pointer is written; something that is not written stands where its nearest parent does.
    [[nodiscard]] Position position(std::string pointer) const {
        for (;;) {
            auto const found = connection_.positions.find(pointer);
            if (found != connection_.positions.end()) {
                return found->second;
            }
            if (pointer.empty()) {
                return connection_.position;
            }
            pointer.erase(pointer.rfind('/'));
        }
    }

    void check_secrets(json::value const& value, std::string const& pointer) {
        bool const is_reference = value.is_string() && model::is_secret_reference(value.get_string());
        if (is_secret_place(facts_, pointer)) {
            if (!is_reference) {
                problems_.add(position(pointer),
                              "'" + pointer.substr(pointer.rfind('/') + 1) +
                                  "' must be a secret reference, such as \"secret:credential/<name>\" "
                                  "or \"secret:file/<name>\"; the value that stands there is not shown");
            }
            return;
        }
        if (is_reference) {
            std::string const where = facts_.secrets.empty() ? "the connector '" + facts_.id + "' takes none"
                                                             : "in settings of '" + facts_.id + "' secrets stand at " +
                                                                   joined(facts_.secrets);
            problems_.add(position(pointer), "a secret reference is not allowed here; " + where);
        }
        if (value.is_object()) {
            for (auto const& member : value.get_object()) {
                check_secrets(member.value(), pointer + '/' + escape_segment(member.key()));
            }
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.get_array().size(); ++i) {
                check_secrets(value.get_array()[i], pointer + '/' + std::to_string(i));
            }
        }
    }

    Connection const& connection_;
    ConnectorFacts const& facts_;
    Problems& problems_;
};

}  // namespace

std::vector<Problem> check(Config const& config, std::vector<ConnectorFacts> const& facts,
                           std::function<std::vector<std::string>()> const& zones) {
    Problems problems;
    bool const zoned = std::any_of(config.routes.begin(), config.routes.end(), [](auto const& entry) {
        auto const& schedule = entry.second.route.schedule;
        return schedule && !schedule->zone.empty();
    });
    auto const known = zoned && zones ? zones() : std::vector<std::string>();
    for (auto const& [name, connection] : config.connections) {
        if (ConnectorFacts const* const typed = facts_of(facts, connection.connector)) {
            SettingsCheck(connection, *typed, problems).run();
        }
    }
    for (auto const& [name, route] : config.routes) {
        check_route(config, facts, known, route, problems);
    }
    return problems.take();
}

void apply_schema_types(Config& config, std::vector<ConnectorFacts> const& facts) {
    for (auto& [name, connection] : config.connections) {
        ConnectorFacts const* const known = facts_of(facts, connection.connector);
        auto const schema = known == nullptr ? std::nullopt : parsed_schema(known->settings_schema);
        if (schema) {
            retype(connection.settings, *schema, connection.plain);
        }
    }
    for (auto& [name, route] : config.routes) {
        model::Route& plain = route.route;
        retype_selection(config, facts, route);
        plain.select = json::serialize(in_key_order(route.select));
        plain.off_because = why_off(config, facts, plain.when);
        if (plain.schedule) {
            plain.schedule->off_because = why_off(config, facts, plain.schedule->when);
        }
    }
}

std::vector<Problem> missing_secrets(Config const& config, model::SecretSource const& secrets) {
    Problems problems;
    for (SecretUse const& use : config.secrets) {
        auto const secret = secrets.resolve(use.reference);
        if (!secret) {
            problems.add(use.position, secret.error().detail);
        }
    }
    return problems.take();
}

}  // namespace crosswalk::config
