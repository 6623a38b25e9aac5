#include "deliver/feedback.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>

namespace crosswalk::deliver {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds map_time_max{5000};

bool wants(model::Feedback const& feedback, model::Outcome outcome) {
    auto const has = [&](model::FeedbackOn on) {
        return std::find(feedback.on.begin(), feedback.on.end(), on) != feedback.on.end();
    };
    switch (outcome) {
        case model::Outcome::delivered:
        case model::Outcome::unchanged:
            return has(model::FeedbackOn::delivered);
        case model::Outcome::duplicate:
        case model::Outcome::skipped:
            return has(model::FeedbackOn::skipped);
        default:
            return has(model::FeedbackOn::failed);
    }
}

void append_list(std::string& text, std::string_view heading, std::vector<model::FieldProblem> const& problems) {
    if (problems.empty()) {
        return;
    }
    text += '\n';
    text += heading;
    for (model::FieldProblem const& problem : problems) {
        text += "\n- " + problem.field + ": " + problem.reason;
    }
}

std::string headline(std::string_view target, model::AttemptReport const& report) {
    std::string const name(target);
    switch (report.outcome) {
        case model::Outcome::delivered:
            return "Exported to " + name + ".";
        case model::Outcome::unchanged:
            return "Already up to date in " + name + ".";
        case model::Outcome::duplicate:
            return "Not exported to " + name + ": already there (duplicate).";
        case model::Outcome::skipped:
            return "Not exported to " + name + ": skipped.";
        default:
            return "Export to " + name + " failed.";
    }
}

std::string_view advice(model::AttemptReport const& report) {
    if (!report.fields.empty()) {
        return "\nHow to fix it: correct the fields above, then replay the event or mark the candidate as hired again.";
    }
    return "\nHow to fix it: remove the cause named above, then replay the event.";
}

bool failed(model::Outcome outcome) {
    return outcome != model::Outcome::delivered && outcome != model::Outcome::unchanged &&
           outcome != model::Outcome::duplicate && outcome != model::Outcome::skipped;
}

// What was to be done and what became of it, for targets that want more than words.
json::object about_of(Subject const& about, model::Event const& event, model::AttemptReport const& report) {
    std::string_view const outcome = model::is_final(report.outcome) ? model::name(report.outcome) : "failed";
    json::object out{{"record", event.record.key}, {"action", about.action}, {"outcome", outcome}};
    if (!report.reason.empty()) {
        out["reason"] = report.reason;
    }
    if (!report.target_key.empty()) {
        out["target_key"] = report.target_key;
    }
    return out;
}

// Whom the note is left with. A file, a tag or a result names its owner; an application is its own.
void add_refs(json::object const& canonical, json::object& note) {
    for (char const* ref : {"candidate", "application"}) {
        if (json::value const* found = canonical.if_contains(ref)) {
            note[ref] = *found;
        }
    }
    json::value const* const kind = canonical.if_contains("kind");
    bool const is_application = kind != nullptr && *kind == "application";
    json::value const* const other = canonical.if_contains(is_application ? "ref" : "owner");
    if (other == nullptr || !other->is_object()) {
        return;
    }
    json::value const* const owner_kind = other->get_object().if_contains("kind");
    note.emplace(owner_kind != nullptr && *owner_kind == "candidate" ? "candidate" : "application", *other);
}

json::object note_record(Subject const& about, model::Event const& event, model::AttemptReport const& report,
                         std::string body, std::string const& dedup_key) {
    json::object note{{"kind", "note"}, {"body", std::move(body)}, {"type", "note"}, {"dedup_key", dedup_key}};
    note["about"] = about_of(about, event, report);
    json::error_code error;
    json::value const canonical = json::parse(event.record.json, error);
    if (!error && canonical.is_object()) {
        add_refs(canonical.get_object(), note);
    }
    return note;
}

// An e-mail as a delivery: it rides in the outbox like everything else that must not be forgotten.
store::NewDelivery mail(Subject const& about, std::string const& key_suffix, std::vector<std::string> const& addresses,
                        json::object content) {
    content["to"] = json::array(addresses.begin(), addresses.end());
    store::NewDelivery notice;
    notice.kind = store::DeliveryKind::notice;
    notice.route = about.route;
    notice.connection = notice_connection;
    notice.action = "email";
    notice.subject = about.subject;
    notice.idempotency_key = about.idempotency_key + key_suffix;
    notice.record = {"crosswalk.mail/1", {}, json::serialize(content)};
    notice.about = about.id;
    return notice;
}

}  // namespace

std::string note_text(model::Route const& route, std::string_view target, model::AttemptReport const& report) {
    std::string text = headline(target, report);
    if (!report.reason.empty() && report.outcome != model::Outcome::delivered) {
        text += "\nWhy: " + report.reason;
    }
    append_list(text, "Fields:", report.fields);
    append_list(text, "Left out:", report.warnings);
    if (!report.target_url.empty()) {
        text += "\nSee: " + report.target_url;
    }
    if (failed(report.outcome)) {
        text += advice(report);
    }
    text += "\nRoute: " + (route.title.empty() ? route.name : route.title);
    if (!route.support.empty()) {
        text += "\nHelp: " + route.support;
    }
    return text;
}

FollowUps::FollowUps(FindRoute routes, FindConnector connectors, std::vector<std::string> workspace_emails,
                     telemetry::Logger& logger)
    : routes_(std::move(routes)),
      connectors_(std::move(connectors)),
      workspace_emails_(std::move(workspace_emails)),
      logger_(logger) {}

std::vector<std::string> const& FollowUps::recipients(model::Route const& route) const {
    return route.notify_emails.empty() ? workspace_emails_ : route.notify_emails;
}

bool FollowUps::wanted(Subject const& about, model::AttemptReport const& report) const {
    model::Route const* const route = routes_(about.route);
    return route != nullptr && (failed(report.outcome) ||
                                std::any_of(route->feedback.begin(), route->feedback.end(),
                                            [&](auto const& feedback) { return wants(feedback, report.outcome); }));
}

std::vector<store::NewDelivery> FollowUps::compose(Subject const& about, model::Event const& event,
                                                   model::AttemptReport const& report) const {
    model::Route const* route = routes_(about.route);
    if (route == nullptr) {
        return {};
    }
    std::vector<store::NewDelivery> made = notes(about, *route, event, report);
    for (store::NewDelivery& notice : compose_notice(about, event.title, report)) {
        made.push_back(std::move(notice));
    }
    return made;
}

std::vector<store::NewDelivery> FollowUps::compose_notice(Subject const& about, std::string const& title,
                                                          model::AttemptReport const& report) const {
    model::Route const* route = routes_(about.route);
    if (route == nullptr || !failed(report.outcome) || recipients(*route).empty()) {
        return {};
    }
    std::string const name = route->title.empty() ? route->name : route->title;
    return {mail(about, "/email", recipients(*route),
                 {{"throttle", about.route + "\n" + report.reason},
                  {"subject", "Crosswalk: " + name + " failed"},
                  {"text", (title.empty() ? std::string() : "Who: " + title + "\n") + "Route: " + route->name + "\n" +
                               note_text(*route, about.connection, report) + "\n"}})};
}

std::vector<store::NewDelivery> FollowUps::notes(Subject const& about, model::Route const& route,
                                                 model::Event const& event, model::AttemptReport const& report) const {
    std::vector<store::NewDelivery> made;
    plugin_host::Connector* const target = connectors_(about.connection);
    std::string const target_name = target == nullptr ? about.connection : target->info().name;
    for (model::Feedback const& feedback : route.feedback) {
        if (!wants(feedback, report.outcome)) {
            continue;
        }
        store::NewDelivery note;
        note.kind = store::DeliveryKind::feedback;
        note.route = about.route;
        note.connection = feedback.connection;
        note.action = feedback.action;
        note.subject = event.subject;
        // One note per outcome: a delivery that failed, was replayed and succeeded tells both.
        note.idempotency_key =
            about.idempotency_key + "/" + feedback.action + "/" + std::string(model::name(report.outcome));
        note.about = about.id;
        std::string const body = json::serialize(
            note_record(about, event, report, note_text(route, target_name, report), note.idempotency_key));
        plugin_host::Connector* const source = connectors_(feedback.connection);
        std::string failure = "The connector of this connection is not loaded.";
        if (source != nullptr) {
            auto const& actions = source->info().actions;
            auto const action = std::find_if(actions.begin(), actions.end(),
                                             [&](auto const& known) { return known.name == feedback.action; });
            std::string const schema = action == actions.end() ? std::string() : action->schema;
            auto mapped = source->map_out({"crosswalk.note/1", {}, body}, schema, map_time_max);
            if (mapped && !mapped->records.empty()) {
                note.record = std::move(mapped->records.front());
                failure.clear();
            } else {
                failure = mapped ? mapped->reason : mapped.error().detail;
            }
        }
        if (!failure.empty()) {
            logger_.warn("A note could not be prepared.",
                         {{"route", about.route}, {"connection", feedback.connection}, {"detail", failure}});
            note.decided = model::AttemptReport{model::Outcome::rejected, failure};
        }
        made.push_back(std::move(note));
    }
    return made;
}

std::vector<store::NewDelivery> FollowUps::compose_run_failure(Subject const& about, std::string const& reason) const {
    model::Route const* route = routes_(about.route);
    if (route == nullptr || recipients(*route).empty()) {
        return {};
    }
    std::string const name = route->title.empty() ? route->name : route->title;
    return {mail(about, "/run-email", recipients(*route),
                 {{"throttle", about.route + "\nrun\n" + reason},
                  {"subject", "Crosswalk: " + name + " could not read " + about.connection},
                  {"text", "Route: " + route->name + "\nA run of this route failed: " + reason +
                               "\nWhat it had read before is kept. How to fix it: remove the cause, then run "
                               "`crosswalk routes run " +
                               route->name + "`; a scheduled route also tries again by itself.\n"}})};
}

std::vector<store::NewDelivery> FollowUps::compose_missing(Subject const& about, std::int64_t missing,
                                                           std::vector<model::FieldProblem> const& why) const {
    model::Route const* route = routes_(about.route);
    if (route == nullptr || recipients(*route).empty()) {
        return {};
    }
    std::string text = about.connection + " did not send " + std::to_string(missing) +
                       (missing == 1 ? " event" : " events") +
                       " that it should have sent. Crosswalk found and took what was missing, so nothing is lost, but "
                       "later than it should have been.";
    append_list(text, "What to look at:", why);
    return {mail(about, "/missing-email", recipients(*route),
                 {{"throttle", "missing\n" + about.connection},
                  {"subject", "Crosswalk: webhooks of " + about.connection + " do not arrive"},
                  {"text", text + "\nTo see more: `crosswalk connections check " + about.connection + "`.\n"}})};
}

std::vector<store::NewDelivery> FollowUps::compose_pause(Subject const& about, std::string const& reason) const {
    model::Route const* route = routes_(about.route);
    auto const& to_addresses = route == nullptr ? workspace_emails_ : recipients(*route);
    if (to_addresses.empty()) {
        return {};
    }
    return {
        mail(about, "/pause-email", to_addresses,
             {{"throttle", "pause\n" + about.connection},
              {"subject", "Crosswalk: connection " + about.connection + " needs new access"},
              {"text", "The connection " + about.connection + " is paused: " + reason +
                           "\nNothing is lost: its events are kept. Where the vendor asks a person for consent, run "
                           "`crosswalk connections authorize " +
                           about.connection +
                           "`. Otherwise put a new key in its place, then run `crosswalk connections resume " +
                           about.connection + "`.\n"}})};
}

}  // namespace crosswalk::deliver
