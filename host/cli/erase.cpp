// crosswalk erase
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <iostream>
#include <memory>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

struct Arguments {
    std::string person;
    bool yes = false;
};

// Without a terminal there is nobody to ask: the end of the input is a no.
bool is_sure(Surroundings const& around) {
    around.out << "What the host keeps about this person can never be read again, and what is still to be sent is\n"
                  "discarded. Type yes to go on: "
               << std::flush;
    std::string answer;
    return std::getline(std::cin, answer) && answer == "yes";
}

int erase(Arguments const& arguments, Options const& options, Surroundings const& around) {
    if (!arguments.yes && !is_sure(around)) {
        around.err << "Nothing was erased; --yes erases without asking.\n";
        return usage;
    }
    Answer const answer = ask(options, around, "POST", "/api/v1/persons/erase",
                              json::serialize(json::object{{"person", arguments.person}}));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    bool const proven = text(answer.body, "/proven") == "true";
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return proven ? ok : problems_found;
    }
    if (text(answer.body, "/events") == "0" && text(answer.body, "/unread_discarded") == "0") {
        around.out << "Nothing is kept about such a person.\n";
    } else {
        print_table(around.out, {{"ERASED", "COUNT"},
                                 {"events", text(answer.body, "/events")},
                                 {"deliveries", text(answer.body, "/deliveries")},
                                 {"of these still to be sent", text(answer.body, "/discarded")},
                                 {"raw requests", text(answer.body, "/payloads")},
                                 {"events nobody had read yet", text(answer.body, "/unread_discarded")},
                                 {"links", text(answer.body, "/links")},
                                 {"attachments", text(answer.body, "/files")}});
    }
    around.out << (proven ? "Proven: " : "NOT PROVEN: ") << text(answer.body, "/bytes_searched")
               << " bytes of the store were searched for what is left of the keys.\n";
    return proven ? ok : problems_found;
}

}  // namespace

void add_erase(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const command =
        parser.add_subcommand("erase", "Make all that is kept about a person unreadable for good");
    auto const arguments = std::make_shared<Arguments>();
    command->add_option("--person", arguments->person, "E-mail address, or connection/kind/id of a record")->required();
    command->add_flag("--yes", arguments->yes, "Do not ask");
    command->callback([&options, &around, &chosen, arguments] {
        chosen = [&options, &around, arguments] { return erase(*arguments, options, around); };
    });
}

}  // namespace crosswalk::cli
