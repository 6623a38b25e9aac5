// crosswalk links list | remove
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

struct Arguments {
    std::string connection;
    std::string kind;
    std::string id;
    std::string other;
};

std::string address(Arguments const& arguments) {
    return "/api/v1/connections/" + encoded(arguments.connection) + "/links";
}

int list(Arguments const& arguments, Options const& options, Surroundings const& around) {
    std::string const query = arguments.kind.empty() ? "" : "?kind=" + encoded(arguments.kind);
    Answer const answer = ask(options, around, "GET", address(arguments) + query);
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows{{"KIND", "ID", "OTHER", "MADE"}};
    for (json::value const& link : array_at(answer.body, "links")) {
        rows.push_back(
            {text(link, "/kind"), text(link, "/id"),
             text(link, "/other_connection") + "/" + text(link, "/other_kind") + "/" + text(link, "/other_id"),
             text(link, "/made_at")});
    }
    print_table(around.out, rows);
    around.out << text(answer.body, "/count") << " in all.\n";
    return ok;
}

// "connection/kind/id", as the list prints it; an id may hold slashes. Empty parts are the host's to refuse.
json::object split(std::string const& other) {
    std::size_t const first = other.find('/');
    std::size_t const second = first == std::string::npos ? first : other.find('/', first + 1);
    if (second == std::string::npos) {
        return {};
    }
    return {{"other_connection", other.substr(0, first)},
            {"other_kind", other.substr(first + 1, second - first - 1)},
            {"other_id", other.substr(second + 1)}};
}

int remove(Arguments const& arguments, Options const& options, Surroundings const& around) {
    json::object body = split(arguments.other);
    if (body.empty()) {
        around.err << "--other is written as connection/kind/id, as `links list` prints it.\n";
        return usage;
    }
    body["kind"] = arguments.kind;
    body["id"] = arguments.id;
    Answer const answer = ask(options, around, "POST", address(arguments) + "/remove", json::serialize(body));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    around.out << (options.json ? json::serialize(answer.body) : "The link is removed.") << '\n';
    return ok;
}

}  // namespace

void add_links(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const links = parser.add_subcommand("links", "Links: which record is the same in another connection");
    links->require_subcommand(1);
    auto const arguments = std::make_shared<Arguments>();
    auto const run = [&options, &around, &chosen,
                      arguments](int (*what)(Arguments const&, Options const&, Surroundings const&)) {
        return [&options, &around, &chosen, arguments, what] {
            chosen = [&options, &around, arguments, what] { return what(*arguments, options, around); };
        };
    };
    CLI::App* const listing = links->add_subcommand("list", "The links of one connection's records, at most 1000");
    listing->add_option("--connection", arguments->connection, "Name of the connection")->required();
    listing->add_option("--kind", arguments->kind, "Only records of this kind, such as candidate or posting");
    listing->callback(run(list));
    CLI::App* const removal = links->add_subcommand("remove", "Forget a link that is wrong; no record is changed");
    removal->add_option("--connection", arguments->connection, "Name of the connection")->required();
    removal->add_option("--kind", arguments->kind, "Kind of its record")->required();
    removal->add_option("--id", arguments->id, "Id of its record")->required();
    removal->add_option("--other", arguments->other, "The other record, as connection/kind/id")->required();
    removal->callback(run(remove));
}

}  // namespace crosswalk::cli
