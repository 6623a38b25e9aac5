#include "config/route_check.hpp"

#include "config/files.hpp"
#include "config/settings_schema.hpp"
#include "config/switches.hpp"
#include "model/nearest.hpp"

#include <algorithm>

namespace crosswalk::config {
namespace {

constexpr std::string_view note_schema = "crosswalk.note/1";

// Events and actions of one route against the connectors at its ends.
class RouteCheck {
public:
    RouteCheck(Config const& config, std::vector<ConnectorFacts> const& facts, std::vector<std::string> const& zones,
               Route const& route, Problems& problems)
        : config_(config), facts_(facts), zones_(zones), route_(route), problems_(problems) {}

    void run() {
        model::Route const& route = route_.route;
        auto const* const trigger = find_trigger(route.from_connection, route.from_event, "/from/event");
        auto const* const action = find_action(route.to_connection, route.to_action, "/to");
        if (trigger != nullptr && trigger->signal) {
            problems_.add(position("/from/event"), "'" + trigger->event +
                                                       "' is a signal: it carries no record and only starts runs; name "
                                                       "it under 'run_on' of a route that asks for its events");
        } else if (trigger != nullptr && action != nullptr && trigger->canonical != action->canonical) {
            problems_.add(position("/to/action"), "the event '" + trigger->event + "' gives " + trigger->canonical +
                                                      " and the action '" + action->name + "' takes " +
                                                      action->canonical + "; choose an action that takes " +
                                                      trigger->canonical);
        }
        for (std::size_t i = 0; i < route.feedback.size(); ++i) {
            check_feedback(route.feedback[i], "/feedback/" + std::to_string(i) + "/to");
        }
        if (trigger != nullptr) {
            check_polling(*trigger);
        }
        check_zone();
        check_signals();
        check_switches(route.when, "/when");
        if (route.schedule) {
            check_switches(route.schedule->when, "/from/schedule/when");
        }
    }

private:
    // Where the pointer is written; something that is not written stands where its nearest parent does.
    [[nodiscard]] Position position(std::string pointer) const {
        for (;;) {
            auto const found = route_.positions.find(pointer);
            if (found != route_.positions.end()) {
                return found->second;
            }
            if (pointer.empty()) {
                return {"routes/" + route_.route.name, 0, 0};
            }
            pointer.erase(pointer.rfind('/'));
        }
    }

    [[nodiscard]] ConnectorFacts::Trigger const* find_trigger(std::string const& connection, std::string const& event,
                                                              std::string const& pointer) {
        ConnectorFacts const* const facts = facts_behind(config_, facts_, connection);
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
        problems_.add(position(pointer),
                      "unknown event '" + event + "' of connector '" + facts->id + "'" + suggestion(event, known));
        return nullptr;
    }

    [[nodiscard]] ConnectorFacts::Action const* find_action(std::string const& connection, std::string const& name,
                                                            std::string const& pointer) {
        ConnectorFacts const* const facts = facts_behind(config_, facts_, connection);
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

    // What only a trigger that is asked for takes, and whether the selection is one that it offers.
    void check_polling(ConnectorFacts::Trigger const& trigger) {
        if (!trigger.polled) {
            for (char const* const key : {"select", "schedule", "full_every", "run_on"}) {
                std::string const pointer = std::string("/from/") + key;
                if (route_.positions.contains(pointer)) {
                    problems_.add(position(pointer), "'" + std::string(key) +
                                                         "' needs an event that is asked for, and '" + trigger.event +
                                                         "' is sent by the vendor; remove the key");
                }
            }
            return;
        }
        if (trigger.select_schema.empty()) {
            if (!route_.select.get_object().empty()) {
                problems_.add(position("/from/select"),
                              "the event '" + trigger.event + "' takes no selection; remove the key");
            }
            return;
        }
        auto const schema = parsed_schema(trigger.select_schema);
        if (!schema) {
            problems_.add(position("/from/event"),
                          "the event '" + trigger.event + "' describes its selection with a schema that is not valid");
            return;
        }
        boost::json::value select = route_.select;
        retype(select, *schema, route_.select_plain);
        for (Mismatch const& mismatch : mismatches(
                 select, *schema, [](std::string_view) { return false; }, "select")) {
            problems_.add(position("/from/select" + mismatch.pointer), mismatch.message);
        }
    }

    void check_zone() {
        if (!route_.route.schedule || route_.route.schedule->zone.empty() || zones_.empty()) {
            return;
        }
        std::string const& zone = route_.route.schedule->zone;
        if (std::find(zones_.begin(), zones_.end(), zone) == zones_.end()) {
            std::string const near = model::nearest(zone, zones_);
            problems_.add(position("/from/schedule/zone"),
                          "unknown time zone '" + zone + "'" +
                              (near.empty() ? "; write one such as Europe/Berlin" : "; did you mean '" + near + "'?"));
        }
    }

    void check_signals() {
        for (std::size_t i = 0; i < route_.route.run_on.size(); ++i) {
            model::Signal const& signal = route_.route.run_on[i];
            std::string const pointer = entry_pointer(route_, "/from/run_on", i) + "/event";
            auto const* const trigger = find_trigger(signal.connection, signal.event, pointer);
            if (trigger != nullptr && !trigger->signal) {
                problems_.add(position(pointer),
                              "'" + signal.event +
                                  "' is no signal: it carries a record, so it can be a route's 'from' "
                                  "but starts no runs");
            }
        }
    }

    void check_switches(std::vector<model::Switch> const& switches, std::string const& pointer) {
        for (std::size_t i = 0; i < switches.size(); ++i) {
            if (std::string const why = why_not_switch(config_, facts_, switches[i]); !why.empty()) {
                problems_.add(position(entry_pointer(route_, pointer, i) + "/setting"), why);
            }
        }
    }

    Config const& config_;
    std::vector<ConnectorFacts> const& facts_;
    std::vector<std::string> const& zones_;
    Route const& route_;
    Problems& problems_;
};

}  // namespace

void check_route(Config const& config, std::vector<ConnectorFacts> const& facts, std::vector<std::string> const& zones,
                 Route const& route, Problems& problems) {
    RouteCheck(config, facts, zones, route, problems).run();
}

void retype_selection(Config const& config, std::vector<ConnectorFacts> const& facts, Route& route) {
    ConnectorFacts const* const known = facts_behind(config, facts, route.route.from_connection);
    if (known == nullptr) {
        return;
    }
    for (ConnectorFacts::Trigger const& trigger : known->triggers) {
        auto const schema = parsed_schema(trigger.select_schema);
        if (trigger.event == route.route.from_event && schema) {
            retype(route.select, *schema, route.select_plain);
        }
    }
}

}  // namespace crosswalk::config
