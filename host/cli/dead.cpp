// crosswalk dead causes | list | show | edit | replay | discard
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

// Letters of one call: a page that is answered well within the time that a command waits.
constexpr std::int64_t letters_per_call = 50;
constexpr std::size_t value_bytes_shown = 60;

struct Choice {
    std::vector<std::string> letters;
    std::string cause;
    std::string route;
    std::string connection;
    std::string since;
    std::string until;
    std::string before;  // list
    std::string after;   // replay, discard
    bool all = false;
    std::int64_t limit = 0;
    std::string reason;
    std::string from;
    std::string mapping;
    bool dry_run = false;
    bool force = false;
    std::vector<std::string> set;
    std::vector<std::string> set_json;
    std::vector<std::string> remove;
};

int causes(Choice const&, Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "GET", "/api/v1/dead/causes");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    auto const joined = [](json::array const& names) {
        std::string out;
        for (json::value const& name : names) {
            out += (out.empty() ? "" : ", ") + text(name, "");
        }
        return out;
    };
    std::vector<std::vector<std::string>> rows{{"COUNT", "CAUSE", "NEWEST", "OLDEST", "ROUTES", "CONNECTIONS"}};
    for (json::value const& cause : array_at(answer.body, "causes")) {
        rows.push_back({text(cause, "/count"), text(cause, "/cause"), text(cause, "/newest"), text(cause, "/oldest"),
                        joined(array_at(cause, "routes")), joined(array_at(cause, "connections"))});
    }
    print_table(around.out, rows);
    for (json::value const& cause : array_at(answer.body, "causes")) {
        around.out << '\n' << text(cause, "/cause") << ", the newest: " << text(cause, "/reason") << '\n';
    }
    return ok;
}

int list(Choice const& choice, Options const& options, Surroundings const& around) {
    std::string target = "/api/v1/dead?limit=" + std::to_string(choice.limit == 0 ? 50 : choice.limit);
    auto const add = [&](char const* name, std::string const& value) {
        if (!value.empty()) {
            target += std::string("&") + name + "=" + encoded(value);
        }
    };
    add("cause", choice.cause);
    add("route", choice.route);
    add("connection", choice.connection);
    add("since", choice.since);
    add("until", choice.until);
    add("before", choice.before);
    Answer const answer = ask(options, around, "GET", target);
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows{{"LETTER", "DIED", "KIND", "ROUTE", "TO", "WHO", "CAUSE"}};
    for (json::value const& letter : array_at(answer.body, "letters")) {
        rows.push_back({text(letter, "/letter"), text(letter, "/died_at"), text(letter, "/kind"),
                        text(letter, "/route"), text(letter, "/connection"), text(letter, "/title"),
                        text(letter, "/cause")});
    }
    print_table(around.out, rows);
    if (std::string const next = text(answer.body, "/next_before"); !next.empty()) {
        around.out << "There may be more: --before " << next << '\n';
    }
    return ok;
}

void print_problems(std::ostream& out, json::value const& holder, char const* member, char const* heading) {
    for (json::value const& problem : array_at(holder, member)) {
        out << "    " << heading << ' ' << text(problem, "/field") << ": " << text(problem, "/reason") << '\n';
    }
}

// Every field of the record; where the route's rules or a person gave it, where it came from.
void print_record(std::ostream& out, json::value const& holder) {
    json::object const* const object = holder.if_object();
    json::value const* const record = object == nullptr ? nullptr : object->if_contains("record");
    if (record == nullptr || !record->is_object()) {
        out << "    (no record: it is purged)\n";
        return;
    }
    std::vector<std::vector<std::string>> rows{{"    FIELD", "VALUE"}};
    for (auto const& [field, value] : record->get_object()) {
        rows.push_back({"    " + std::string(field), text(value, "")});
    }
    print_table(out, rows);
    for (json::value const& source : array_at(holder, "sources")) {
        out << "    " << text(source, "/field") << " from " << text(source, "/source") << '\n';
    }
}

int show(Choice const& choice, Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "GET", "/api/v1/dead/" + encoded(choice.letters.front()));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    json::value const& letter = answer.body;
    std::ostream& out = around.out;
    out << "Letter " << text(letter, "/letter") << " (" << text(letter, "/kind") << ") of event "
        << text(letter, "/event") << ": " << text(letter, "/state") << '\n';
    for (auto const& [heading, pointer] : {std::pair{"who", "/title"},
                                           {"route", "/route"},
                                           {"connection", "/connection"},
                                           {"action", "/action"},
                                           {"cause", "/cause"},
                                           {"why", "/reason"},
                                           {"had died of", "/died_of"},
                                           {"died", "/died_at"},
                                           {"runs again as event", "/replayed_as"}}) {
        if (std::string const value = text(letter, pointer); !value.empty()) {
            out << "  " << heading << ": " << value << '\n';
        }
    }
    if (text(letter, "/maybe_applied") == "true") {
        out << "  Its last attempt may have been applied; a replay looks it up first.\n";
    }
    json::error_code error;
    if (json::value const* const delivery = letter.find_pointer("/delivery", error)) {
        out << "\n  what was to be sent (" << text(*delivery, "/schema") << "):\n";
        print_record(out, *delivery);
        print_problems(out, *delivery, "fields", "the target said of");
        print_problems(out, *delivery, "warnings", "left out");
        out << "\n  attempts:\n";
        for (json::value const& attempt : array_at(*delivery, "attempts")) {
            std::string const reason = text(attempt, "/reason");
            std::string const request = text(attempt, "/remote_request");
            out << "    " << text(attempt, "/started_at") << ' ' << text(attempt, "/kind") << ' '
                << text(attempt, "/number") << ": " << text(attempt, "/outcome") << (reason.empty() ? "" : " — ")
                << reason << (request.empty() ? "" : " (request " + request + ")") << '\n';
        }
        if (array_at(*delivery, "attempts").empty()) {
            out << "    none: it was refused before anything was sent\n";
        }
    }
    out << "\n  what was received " << text(letter, "/raw/received_at") << " from " << text(letter, "/raw/connection")
        << ":\n    ";
    std::string const body = text(letter, "/raw/body");
    out << (body.empty() ? text(letter, "/raw/event") : body) << '\n';
    return ok;
}

// "/a=b" cut at the first '='; the whole is wrong without one.
bool add_assignment(std::string const& given, bool is_json, json::object& set, Surroundings const& around) {
    std::size_t const at = given.find('=');
    json::value value(at == std::string::npos ? std::string() : given.substr(at + 1));
    json::error_code error;
    if (is_json && at != std::string::npos) {
        value = json::parse(given.substr(at + 1), error);
    }
    if (at == std::string::npos || at == 0 || error) {
        around.err << "crosswalk: --set takes /field=text and --set-json /field=JSON.\n";
        return false;
    }
    set[given.substr(0, at)] = std::move(value);
    return true;
}

void print_changes(std::ostream& out, json::value const& preview) {
    auto const shown = [](json::value const& change, char const* member) {
        std::string value = text(change, member);
        if (value.size() > value_bytes_shown) {
            value = value.substr(0, value_bytes_shown) + "…";
        }
        return value.empty() ? std::string("(nothing)") : value;
    };
    for (json::value const& change : array_at(preview, "changes")) {
        out << "    " << text(change, "/field") << ": " << shown(change, "/before") << " → " << shown(change, "/after")
            << '\n';
    }
}

void print_preview(std::ostream& out, json::value const& preview) {
    out << "  " << text(preview, "/route") << " to " << text(preview, "/connection") << ' ' << text(preview, "/action");
    if (std::string const title = text(preview, "/title"); !title.empty()) {
        out << " for " << title;
    }
    bool const sends = text(preview, "/sends") == "true";
    out << (sends ? ":\n" : ": nothing is sent. " + text(preview, "/why") + "\n");
    if (text(preview, "/look_up_first") == "true") {
        out << "    It is looked up at the target first.\n";
    }
    print_problems(out, preview, "fields", "missing or wrong");
    print_problems(out, preview, "warnings", "left out");
    if (sends) {
        print_record(out, preview);
    }
    if (!array_at(preview, "changes").empty()) {
        out << "    against the stored record:\n";
        print_changes(out, preview);
    }
}

int edit(Choice const& choice, Options const& options, Surroundings const& around) {
    json::object set;
    for (std::string const& given : choice.set) {
        if (!add_assignment(given, false, set, around)) {
            return usage;
        }
    }
    for (std::string const& given : choice.set_json) {
        if (!add_assignment(given, true, set, around)) {
            return usage;
        }
    }
    json::object body{{"set", std::move(set)},
                      {"remove", json::array(choice.remove.begin(), choice.remove.end())},
                      {"dry_run", choice.dry_run}};
    std::string const& letter = choice.letters.front();
    Answer const answer =
        ask(options, around, "POST", "/api/v1/dead/" + encoded(letter) + "/edit", json::serialize(body));
    if (answer.exit != ok) {
        int const exit = fail(around, answer);
        print_problems(around.err, answer.body, "errors", "missing or wrong");
        return exit;
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    for (json::value const& preview : array_at(answer.body, "previews")) {
        print_preview(around.out, preview);
    }
    around.out << (choice.dry_run ? "Nothing was changed.\n"
                                  : "It is edited and still dead. `crosswalk dead replay " + letter + "` sends it.\n");
    return ok;
}

json::object selection_of(Choice const& choice) {
    json::object body;
    if (!choice.letters.empty()) {
        body["letters"] = json::array(choice.letters.begin(), choice.letters.end());
    }
    auto const add = [&](char const* name, std::string const& value) {
        if (!value.empty()) {
            body[name] = value;
        }
    };
    add("cause", choice.cause);
    add("route", choice.route);
    add("connection", choice.connection);
    add("since", choice.since);
    add("until", choice.until);
    if (choice.all) {
        body["all"] = true;
    }
    return body;
}

// Sends the call page by page, oldest letters first, until nothing is left or `limit` letters were worked on. The
// answers are one: the sums, and the results of all pages.
Answer page_through(std::string const& target, json::object body, Choice const& choice, Options const& options,
                    Surroundings const& around) {
    Answer all{ok, json::object{{"results", json::array()}}, {}};
    json::object& sum = all.body.get_object();
    std::string after = choice.after;
    std::int64_t room = choice.limit == 0 ? 500 : choice.limit;
    while (room > 0) {
        if (choice.letters.empty()) {
            body["limit"] = std::min(room, letters_per_call);
        }
        if (!after.empty()) {
            body["after"] = after;
        }
        Answer answer = ask(options, around, "POST", target, json::serialize(body));
        if (answer.exit != ok || !answer.body.is_object()) {
            all.exit = answer.exit == ok ? internal : answer.exit;
            all.problem = std::move(answer.problem);
            return all;
        }
        json::object const& page = answer.body.get_object();
        for (auto const& [name, value] : page) {
            if (value.is_int64() && name != "left") {
                json::value& count = sum[name];
                count = (count.is_int64() ? count.get_int64() : 0) + value.get_int64();
            } else if (name != "results") {
                sum[name] = value;
            }
        }
        for (json::value const& result : array_at(answer.body, "results")) {
            sum["results"].get_array().push_back(result);
            --room;
        }
        after = text(answer.body, "/next_after");
        if (after.empty()) {
            sum.erase("next_after");
            break;
        }
    }
    return all;
}

void print_results(std::ostream& out, json::value const& answer) {
    for (json::value const& result : array_at(answer, "results")) {
        std::string const word = text(result, "/result");
        std::string const reason = text(result, "/reason");
        out << text(result, "/letter") << ": " << (word == "would_replay" ? "would be replayed" : word);
        if (std::string const event = text(result, "/event"); !event.empty() && word == "replayed") {
            out << " as event " << event;
        }
        out << (reason.empty() ? "" : " — ") << reason << '\n';
        for (json::value const& preview : array_at(result, "previews")) {
            print_preview(out, preview);
        }
    }
    if (std::string const left = text(answer, "/left"); !left.empty() && left != "0") {
        out << left << " left: repeat the command, or go on with --after " << text(answer, "/next_after") << '\n';
    }
}

int finish(Answer const& answer, std::string const& summary, Options const& options, Surroundings const& around) {
    bool const some = !array_at(answer.body, "results").empty();
    if (options.json && (answer.exit == ok || some)) {
        around.out << json::serialize(answer.body) << '\n';
    } else if (some || answer.exit == ok) {
        print_results(around.out, answer.body);
        around.out << summary;
    }
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    return text(answer.body, "/refused") == "0" || text(answer.body, "/refused").empty() ? ok : problems_found;
}

std::string count_of(Answer const& answer, char const* pointer) {
    std::string const count = text(answer.body, pointer);
    return count.empty() ? "0" : count;
}

int replay(Choice const& choice, Options const& options, Surroundings const& around) {
    json::object body = selection_of(choice);
    if (!choice.from.empty()) {
        body["from"] = choice.from;
    }
    if (!choice.mapping.empty()) {
        body["mapping"] = choice.mapping;
    }
    body["dry_run"] = choice.dry_run;
    body["force"] = choice.force;
    Answer const answer = page_through("/api/v1/dead/replay", std::move(body), choice, options, around);
    std::string const summary = choice.dry_run
                                    ? count_of(answer, "/would_replay") + " would be replayed, " +
                                          count_of(answer, "/refused") + " not. Nothing was changed.\n"
                                    : count_of(answer, "/replayed") + " replayed, " + count_of(answer, "/already") +
                                          " on their way already, " + count_of(answer, "/refused") + " refused.\n";
    return finish(answer, summary, options, around);
}

int discard(Choice const& choice, Options const& options, Surroundings const& around) {
    json::object body = selection_of(choice);
    body["reason"] = choice.reason;
    Answer const answer = page_through("/api/v1/dead/discard", std::move(body), choice, options, around);
    return finish(answer,
                  count_of(answer, "/discarded") + " discarded, " + count_of(answer, "/refused") + " refused.\n",
                  options, around);
}

using Act = int (*)(Choice const&, Options const&, Surroundings const&);

CLI::App* add(CLI::App& dead, char const* name, char const* help, std::shared_ptr<Choice> const& choice,
              Options const& options, Surroundings const& around, Action& chosen, Act act) {
    CLI::App* const command = dead.add_subcommand(name, help);
    command->callback([&options, &around, &chosen, choice, act] {
        chosen = [&options, &around, choice, act] { return act(*choice, options, around); };
    });
    return command;
}

void add_filters(CLI::App& command, Choice& choice) {
    command.add_option("--cause", choice.cause, "A cause of `dead causes`, or its part before the colon");
    command.add_option("--route", choice.route, "Only of this route");
    command.add_option("--connection", choice.connection, "Only to this connection; of events: from it");
    command.add_option("--since", choice.since,
                       "That died at this time (UTC, 2026-11-22 or 2026-11-22T08:00Z) or later");
    command.add_option("--until", choice.until, "That died before this time");
}

void add_selection(CLI::App& command, Choice& choice) {
    command.add_option("letters", choice.letters, "Letters such as d23 or e17; or choose by the options");
    add_filters(command, choice);
    command.add_flag("--all", choice.all, "All dead letters");
    command.add_option("--limit", choice.limit, "At most so many, the oldest first; 500 unless told")
        ->check(CLI::Range(1, 10'000));
    command.add_option("--after", choice.after, "Only those after this letter, to go on");
}

}  // namespace

void add_dead(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const dead =
        parser.add_subcommand("dead", "Dead letters: what was given up; d23 is delivery 23, e17 event 17");
    dead->require_subcommand(1);
    auto const choice = std::make_shared<Choice>();
    add(*dead, "causes", "How many, by cause", choice, options, around, chosen, causes);
    CLI::App* const listing = add(*dead, "list", "Newest first", choice, options, around, chosen, list);
    add_filters(*listing, *choice);
    listing->add_option("--before", choice->before, "Only those before this letter, to page on");
    listing->add_option("--limit", choice->limit, "How many, at most 500")->check(CLI::Range(1, 500));
    CLI::App* const showing = add(*dead, "show", "One with its record, attempts and what was received", choice, options,
                                  around, chosen, show);
    showing->add_option("letter", choice->letters, "d23 or e17")->required()->expected(1);
    CLI::App* const editing = add(*dead, "edit", "Set or remove fields of its record, for this letter alone", choice,
                                  options, around, chosen, edit);
    editing->add_option("letter", choice->letters, "d23")->required()->expected(1);
    editing->add_option("--set", choice->set, "/field=text; the field as a JSON Pointer into the canonical record")
        ->allow_extra_args(false);
    editing->add_option("--set-json", choice->set_json, "/field=JSON, for numbers, lists and objects")
        ->allow_extra_args(false);
    editing->add_option("--remove", choice->remove, "/field")->allow_extra_args(false);
    editing->add_flag("--dry-run", choice->dry_run, "Show what would be sent; change nothing");
    CLI::App* const replaying = add(*dead, "replay", "Try again, one or many", choice, options, around, chosen, replay);
    add_selection(*replaying, *choice);
    replaying->add_option("--from", choice->from, "raw: what was received, parsed again; mapped: the stored event")
        ->check(CLI::IsMember({"raw", "mapped"}));
    replaying->add_option("--mapping", choice->mapping, "old: the stored record; new: by the present rules")
        ->check(CLI::IsMember({"old", "new"}));
    replaying->add_flag("--dry-run", choice->dry_run, "Show what would be sent; change nothing");
    replaying->add_flag("--force", choice->force,
                        "Also what ended well, or may have been applied and cannot be looked up: the target may get it "
                        "twice");
    CLI::App* const discarding =
        add(*dead, "discard", "Give up for good, one or many", choice, options, around, chosen, discard);
    add_selection(*discarding, *choice);
    discarding->add_option("--reason", choice->reason, "Why; it stays in the history")->required();
}

}  // namespace crosswalk::cli
