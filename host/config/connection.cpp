#include "config/files.hpp"
#include "model/secret.hpp"

namespace crosswalk::config {
namespace {

bool is_url_key(std::string_view key) {
    return key == "url" || key.ends_with("_url");
}

// What can be said of settings without knowing their connector: addresses and the form of secret references.
void check_setting(Node const& node, bool is_url, Reading& reading) {
    if (node.kind == Node::Kind::scalar) {
        if (is_url && has_doubled_scheme(node.text)) {
            reading.problems.add(node.position, "the address begins with two schemes (https://https://…); remove one");
        }
        if (model::is_secret_reference(node.text)) {
            static_cast<void>(take_secret(node, reading));
        }
    }
    for (Node const& element : node.elements) {
        check_setting(element, is_url, reading);
    }
    for (Member const& member : node.members) {
        check_setting(member.value, is_url_key(member.key), reading);
    }
}

Sweep read_sweep(Section const& connection, Reading& reading) {
    Sweep sweep;
    Node const* const node = connection.find("sweep");
    if (node == nullptr) {
        return sweep;
    }
    Section const section(*node, {"enabled", "every", "look_back", "settle"}, reading);
    sweep.enabled = section.flag("enabled").value_or(sweep.enabled);
    sweep.every = section.duration("every", std::chrono::milliseconds(1)).value_or(sweep.every);
    sweep.look_back = section.duration("look_back", std::chrono::milliseconds(1)).value_or(sweep.look_back);
    sweep.settle = section.duration("settle", std::chrono::milliseconds(0)).value_or(sweep.settle);
    if (sweep.settle >= sweep.look_back) {
        reading.problems.add(node->position,
                             "'settle' is not shorter than 'look_back'; nothing lies between the two, so nothing "
                             "would ever be found missing");
    }
    return sweep;
}

}  // namespace

Connection read_connection(Node const& root, std::string const& name, Reading& reading) {
    Section const section(root,
                          {"connection", "connector", "settings", "path_key", "webhooks", "requests_per_second",
                           "deliveries_at_once", "sweep"},
                          reading);
    Connection connection;
    connection.name = name;
    connection.position = root.position;
    auto const written = section.needed_name("connection");
    if (written && *written != name) {
        reading.problems.add(
            section.find("connection")->position,
            "the connection is called '" + *written + "' and its file '" + name + "'; make them the same");
    }
    connection.connector = section.needed_text("connector").value_or("");
    connection.settings = boost::json::object{};
    if (Node const* const settings = section.find("settings")) {
        if (settings->kind != Node::Kind::map) {
            reading.problems.add(settings->position, "'settings' must be a map of keys and values");
        }
        check_setting(*settings, false, reading);
        connection.settings = to_json(*settings);
        collect_positions(*settings, "", connection.positions);
        collect_plain(*settings, "", connection.plain);
    }
    connection.path_key = section.secret("path_key").value_or("");
    connection.webhooks = section.choice("webhooks", {"automatic", "manual"}).value_or("");
    connection.requests_per_second = section.number("requests_per_second", 0, 10'000).value_or(0);
    connection.deliveries_at_once = static_cast<int>(section.integer("deliveries_at_once", 1, 32).value_or(0));
    connection.sweep = read_sweep(section, reading);
    if (Node const* const connector = root.find("connector")) {
        connection.connector_position = connector->position;
    }
    if (Node const* const path_key = root.find("path_key")) {
        connection.path_key_position = path_key->position;
    }
    if (Node const* const webhooks = root.find("webhooks")) {
        connection.webhooks_position = webhooks->position;
    }
    return connection;
}

}  // namespace crosswalk::config
