#include "config/config.hpp"
#include "config/problems.hpp"
#include "config/settings_schema.hpp"
#include "config/values.hpp"
#include "model/secret.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace crosswalk::config {
namespace {

namespace json = boost::json;

constexpr std::string_view note_schema = "crosswalk.note/1";

ConnectorFacts const* facts_of(std::vector<ConnectorFacts> const& facts, std::string_view connector) {
    auto const found =
        std::find_if(facts.begin(), facts.end(), [&](ConnectorFacts const& one) { return one.id == connector; });
    return found == facts.end() ? nullptr : &*found;
}

std::optional<json::value> parsed_schema(ConnectorFacts const& facts) {
    if (facts.settings_schema.empty()) {
        return json::object{};
    }
    json::error_code error;
    json::value schema = json::parse(facts.settings_schema, error);
    return error || !schema.is_object() ? std::nullopt : std::optional(std::move(schema));
}

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

// Settings of one connection against its connector's description.
class SettingsCheck {
public:
    SettingsCheck(Connection const& connection, ConnectorFacts const& facts, Problems& problems)
        : connection_(connection), facts_(facts), problems_(problems) {}

    void run() {
        auto const schema = parsed_schema(facts_);
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

// Events and actions of one route against the connectors at its ends.
class RouteCheck {
public:
    RouteCheck(Config const& config, std::vector<ConnectorFacts> const& facts, Route const& route, Problems& problems)
        : config_(config), facts_(facts), route_(route), problems_(problems) {}

    void run() {
        model::Route const& route = route_.route;
        auto const* const trigger = find_trigger(route.from_connection, route.from_event);
        auto const* const action = find_action(route.to_connection, route.to_action, "/to");
        if (trigger != nullptr && action != nullptr && trigger->canonical != action->canonical) {
            problems_.add(position("/to/action"), "the event '" + trigger->event + "' gives " + trigger->canonical +
                                                      " and the action '" + action->name + "' takes " +
                                                      action->canonical + "; choose an action that takes " +
                                                      trigger->canonical);
        }
        for (std::size_t i = 0; i < route.feedback.size(); ++i) {
            check_feedback(route.feedback[i], "/feedback/" + std::to_string(i) + "/to");
        }
    }

private:
    [[nodiscard]] Position position(std::string const& pointer) const {
        auto const found = route_.positions.find(pointer);
        return found == route_.positions.end() ? Position{"routes/" + route_.route.name, 0, 0} : found->second;
    }

    [[nodiscard]] ConnectorFacts const* at(std::string const& connection) const {
        auto const found = config_.connections.find(connection);
        return found == config_.connections.end() ? nullptr : facts_of(facts_, found->second.connector);
    }

    [[nodiscard]] ConnectorFacts::Trigger const* find_trigger(std::string const& connection, std::string const& event) {
        ConnectorFacts const* const facts = at(connection);
        if (facts == nullptr) {
            return nullptr;
        }
        std::vector<std::string> known;
        for (ConnectorFacts::Trigger const& trigger : facts->triggers) {
            if (trigger.event == event) {
                return &trigger;
            }
            known.push_back(trigger.event);
        }
        problems_.add(position("/from/event"),
                      "unknown event '" + event + "' of connector '" + facts->id + "'" + suggestion(event, known));
        return nullptr;
    }

    [[nodiscard]] ConnectorFacts::Action const* find_action(std::string const& connection, std::string const& name,
                                                            std::string const& pointer) {
        ConnectorFacts const* const facts = at(connection);
        if (facts == nullptr) {
            return nullptr;
        }
        std::vector<std::string> known;
        for (ConnectorFacts::Action const& action : facts->actions) {
            if (action.name == name) {
                return &action;
            }
            known.push_back(action.name);
        }
        problems_.add(position(pointer + "/action"),
                      "unknown action '" + name + "' of connector '" + facts->id + "'" + suggestion(name, known));
        return nullptr;
    }

    void check_feedback(model::Feedback const& feedback, std::string const& pointer) {
        auto const* const action = find_action(feedback.connection, feedback.action, pointer);
        if (action != nullptr && action->canonical != note_schema) {
            problems_.add(position(pointer + "/action"), "feedback is a " + std::string(note_schema) +
                                                             " and the action '" + action->name + "' takes " +
                                                             action->canonical + "; choose an action that takes notes");
        }
    }

    Config const& config_;
    std::vector<ConnectorFacts> const& facts_;
    Route const& route_;
    Problems& problems_;
};

}  // namespace

std::vector<Problem> check(Config const& config, std::vector<ConnectorFacts> const& facts) {
    Problems problems;
    for (auto const& [name, connection] : config.connections) {
        if (ConnectorFacts const* const known = facts_of(facts, connection.connector)) {
            SettingsCheck(connection, *known, problems).run();
        }
    }
    for (auto const& [name, route] : config.routes) {
        RouteCheck(config, facts, route, problems).run();
    }
    return problems.take();
}

void apply_schema_types(Config& config, std::vector<ConnectorFacts> const& facts) {
    for (auto& [name, connection] : config.connections) {
        ConnectorFacts const* const known = facts_of(facts, connection.connector);
        auto const schema = known == nullptr ? std::nullopt : parsed_schema(*known);
        if (schema) {
            retype(connection.settings, *schema, connection.plain);
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
