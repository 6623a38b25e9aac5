#include "config/files.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::config {
namespace {

using std::chrono::milliseconds;

struct End {
    std::string connection;
    std::string what;
};

// `to: { connection, action }`.
End read_end(Section const& route, std::string_view key, std::string_view what) {
    Node const* const node = route.need(key);
    if (node == nullptr) {
        return {};
    }
    Section const section(*node, {"connection", std::string(what)}, route.reading());
    return {section.needed_text("connection").value_or(""), section.needed_text(what).value_or("")};
}

// `from: { connection, event }` and, where the events are asked for, how and when.
void read_from(Section const& route, Route& read) {
    Node const* const node = route.need("from");
    if (node == nullptr) {
        return;
    }
    Section const section(*node, {"connection", "event", "select", "schedule", "full_every", "run_on"},
                          route.reading());
    read.route.from_connection = section.needed_text("connection").value_or("");
    read.route.from_event = section.needed_text("event").value_or("");
    if (node->kind == Node::Kind::map) {
        read_polling(section, read);
    }
}

std::vector<std::string> read_required(Section const& route) {
    std::vector<std::string> required;
    for (Node const* const entry : route.entries("require")) {
        auto const name = plain_text(*entry, "the name of a field", route.reading());
        if (!name) {
            continue;
        }
        std::string const why = name->starts_with('/') ? why_not_pointer(*name) : "";
        if (name->empty() || !why.empty()) {
            route.reading().problems.add(entry->position, why.empty() ? "the name of a field is empty" : why);
        } else if (std::find(required.begin(), required.end(), *name) != required.end()) {
            route.reading().problems.add(entry->position, "'" + *name + "' is required twice; remove one");
        } else {
            required.push_back(*name);
        }
    }
    return required;
}

std::vector<model::FeedbackOn> read_feedback_on(Section const& section) {
    static std::vector<std::string> const known{"delivered", "skipped", "failed"};
    std::vector<model::FeedbackOn> on;
    if (section.need("on") == nullptr) {
        return on;
    }
    for (Node const* const entry : section.entries("on", true)) {
        auto const word = plain_text(*entry, "one of delivered, skipped, failed", section.reading());
        if (!word) {
            continue;
        }
        auto const found = std::find(known.begin(), known.end(), *word);
        auto const value = static_cast<model::FeedbackOn>(found - known.begin());
        if (found == known.end()) {
            section.reading().problems.add(entry->position,
                                           "unknown outcome '" + *word + "'" + suggestion(*word, known));
        } else if (std::find(on.begin(), on.end(), value) != on.end()) {
            section.reading().problems.add(entry->position, "'" + *word + "' is named twice; remove one");
        } else {
            on.push_back(value);
        }
    }
    return on;
}

std::vector<model::Feedback> read_feedback(Section const& route) {
    std::vector<model::Feedback> all;
    for (Node const* const entry : route.entries("feedback")) {
        Section const section(*entry, {"on", "to"}, route.reading());
        model::Feedback feedback;
        feedback.on = read_feedback_on(section);
        End to = read_end(section, "to", "action");
        feedback.connection = std::move(to.connection);
        feedback.action = std::move(to.what);
        all.push_back(std::move(feedback));
    }
    return all;
}

model::RetryPolicy read_retry(Section const& route) {
    model::RetryPolicy retry;
    Node const* const node = route.find("retry");
    if (node == nullptr) {
        return retry;
    }
    Section const section(*node, {"attempts_max", "first", "longest", "outage_max"}, route.reading());
    retry.attempts_max = static_cast<int>(section.integer("attempts_max", 1, 1000).value_or(retry.attempts_max));
    retry.first = section.duration("first", milliseconds(1)).value_or(retry.first);
    retry.longest = section.duration("longest", milliseconds(1)).value_or(std::max(retry.longest, retry.first));
    retry.outage_max = section.duration("outage_max", milliseconds(0)).value_or(retry.outage_max);
    if (retry.longest < retry.first) {
        route.reading().problems.add(node->position,
                                     "'longest' is shorter than 'first'; the pause between two "
                                     "attempts grows from 'first' to 'longest'");
    }
    return retry;
}

std::vector<std::string> read_notify_emails(Section const& route) {
    Node const* const node = route.find("notify");
    if (node == nullptr) {
        return {};
    }
    Section const notify(*node, {"email"}, route.reading());
    Node const* const email = notify.need("email");
    if (email == nullptr) {
        return {};
    }
    Section const section(*email, {"to"}, route.reading());
    return section.need("to") == nullptr ? std::vector<std::string>{} : section.emails("to");
}

}  // namespace

Route read_route(Node const& root, std::string const& name, Reading& reading) {
    Section const section(
        root,
        {"route", "title", "support", "enabled", "when", "from", "to", "require", "map", "feedback", "retry", "notify"},
        reading);
    Route read;
    model::Route& route = read.route;
    route.name = name;
    auto const written = section.needed_name("route");
    if (written && *written != name) {
        reading.problems.add(section.find("route")->position,
                             "the route is called '" + *written + "' and its file '" + name + "'; make them the same");
    }
    route.title = section.text("title").value_or("");
    route.support = section.text("support").value_or("");
    route.enabled = section.flag("enabled").value_or(true);
    route.when = read_switches(section);
    read_from(section, read);
    End to = read_end(section, "to", "action");
    route.to_connection = std::move(to.connection);
    route.to_action = std::move(to.what);
    route.mapping.required = read_required(section);
    if (Node const* const map = section.find("map")) {
        route.mapping.rules = read_rules(*map, reading);
    }
    route.feedback = read_feedback(section);
    route.retry = read_retry(section);
    route.notify_emails = read_notify_emails(section);
    collect_positions(root, "", read.positions);
    return read;
}

}  // namespace crosswalk::config
