#include "config/files.hpp"

#include <algorithm>

namespace crosswalk::config {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds one_ms{1};
constexpr milliseconds one_hour{3'600'000};

std::optional<TlsFiles> read_tls(Section const& listener, std::filesystem::path const& directory) {
    Node const* const node = listener.find("tls");
    if (node == nullptr) {
        return std::nullopt;
    }
    Section const section(*node, {"certificate", "key"}, listener.reading());
    auto const certificate = section.needed_text("certificate");
    auto const key = section.need("key") == nullptr ? std::nullopt : section.secret("key");
    if (!certificate || !key) {
        return std::nullopt;
    }
    return TlsFiles{resolved(directory, *certificate).string(), *key};
}

void read_address(Section const& listener, Listen& listen) {
    auto const written = listener.text("address");
    if (!written) {
        return;
    }
    if (auto const endpoint = parse_endpoint(*written)) {
        listen.address = endpoint->address;
        listen.port = endpoint->port;
    } else {
        listener.reading().problems.add(
            listener.find("address")->position,
            "'address' must be an address and a port, such as 127.0.0.1:8470 or [::1]:8470");
    }
}

void read_admin(Node const& node, Config& config, Reading& reading) {
    Section const section(node, {"address", "tls", "token"}, reading);
    std::size_t const problems_before = reading.problems.count();
    read_address(section, config.admin);
    config.admin.tls = read_tls(section, config.directory);
    config.admin_token = section.secret("token").value_or("");
    // Said only when each part is right by itself: a broken token is not a missing one.
    if (reading.problems.count() == problems_before && !is_loopback(config.admin.address) &&
        (config.admin_token.empty() || !config.admin.tls)) {
        reading.problems.add(section.find("address")->position,
                             "the admin listener is reachable from other machines and so needs both 'token' and "
                             "'tls'; add them or listen on 127.0.0.1");
    }
}

void read_listen(Node const& node, Config& config, Reading& reading) {
    Section const section(node, {"hooks", "admin"}, reading);
    if (Node const* const hooks = section.find("hooks")) {
        Section const listener(*hooks, {"address", "tls"}, reading);
        read_address(listener, config.hooks);
        config.hooks.tls = read_tls(listener, config.directory);
    }
    if (Node const* const admin = section.find("admin")) {
        read_admin(*admin, config, reading);
    }
}

void read_public_url(Section const& root, Config& config) {
    std::string url = root.text("public_url").value_or("");
    if (url.empty()) {
        return;
    }
    if (std::string const why = why_not_public_url(url); !why.empty()) {
        root.reading().problems.add(root.find("public_url")->position, why);
        return;
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    config.public_url = url;
}

void read_store(Section const& root, Config& config) {
    std::string path = "crosswalk.db";
    if (Node const* const node = root.find("store")) {
        Section const section(*node, {"engine", "path", "key"}, root.reading());
        static_cast<void>(section.choice("engine", {"sqlite"}));
        path = section.text("path").value_or(path);
        config.store_key = section.secret("key").value_or("");
    }
    config.store_path = resolved(config.directory, path);
}

void read_connector(Member const& member, Config& config, Reading& reading) {
    Section const section(member.value, {"enabled", "library", "sha256", "isolation"}, reading);
    Connector connector;
    connector.name = member.key;
    connector.position = member.position;
    connector.enabled = section.flag("enabled").value_or(true);
    connector.isolation = section.choice("isolation", {"in-process", "worker"}).value_or("in-process");
    if (auto const library = section.text("library")) {
        connector.library = resolved(config.directory, *library).string();
    }
    connector.sha256 = section.text("sha256").value_or("");
    bool const is_digest =
        connector.sha256.size() == 64 && connector.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!connector.sha256.empty() && !is_digest) {
        reading.problems.add(section.find("sha256")->position, "'sha256' must be 64 lower-case hexadecimal digits");
    }
    if (!is_name(member.key)) {
        reading.problems.add(member.position,
                             "a connector's name has lower-case letters, digits, '-', '_' and '.' only");
    }
    config.connectors.emplace(connector.name, std::move(connector));
}

void read_connectors(Section const& root, Config& config) {
    Node const* const node = root.find("connectors");
    if (node == nullptr) {
        return;
    }
    if (node->kind != Node::Kind::map) {
        root.reading().problems.add(node->position, "'connectors' must be a map such as lever: { enabled: true }");
        return;
    }
    for (Member const& member : node->members) {
        read_connector(member, config, root.reading());
    }
}

void read_smtp(Node const& node, Config& config, Reading& reading) {
    Section const section(node, {"host", "port", "user", "password", "from", "starttls"}, reading);
    Smtp smtp;
    auto const host = section.needed_text("host");
    smtp.host = host.value_or("");
    smtp.port = static_cast<std::uint16_t>(section.integer("port", 1, 65535).value_or(smtp.port));
    smtp.user = section.text("user").value_or("");
    smtp.password = section.secret("password").value_or("");
    smtp.from = section.text("from").value_or("");
    smtp.starttls = section.flag("starttls").value_or(true);
    if (!smtp.from.empty() && !is_email(smtp.from)) {
        reading.problems.add(section.find("from")->position, "'from' must be an e-mail address, without a name");
    }
    if (host && !smtp.starttls && !is_loopback(smtp.host)) {
        reading.problems.add(section.find("starttls")->position,
                             "mail without 'starttls' would cross the network unencrypted; this is allowed only to a "
                             "mail server on this machine (127.0.0.1, ::1, localhost)");
    }
    config.notify.smtp = std::move(smtp);
}

void read_notify(Section const& root, Config& config) {
    Node const* const node = root.find("notify");
    if (node == nullptr) {
        return;
    }
    Section const notify(*node, {"email"}, root.reading());
    Node const* const email = notify.find("email");
    if (email == nullptr) {
        return;
    }
    Section const section(*email, {"to", "smtp", "throttle"}, root.reading());
    config.notify.email_to = section.emails("to");
    if (Node const* const smtp = section.find("smtp")) {
        read_smtp(*smtp, config, root.reading());
    } else if (Node const* const to = section.find("to")) {
        root.reading().problems.add(to->position, "mail needs a server: add 'smtp' beside 'to'");
    }
    if (auto const throttle = section.duration("throttle", milliseconds(60'000))) {
        config.notify.throttle = std::chrono::duration_cast<std::chrono::minutes>(*throttle);
    }
}

void read_limits(Section const& root, Config& config) {
    Node const* const node = root.find("limits");
    if (node == nullptr) {
        return;
    }
    Section const section(*node,
                          {"body_bytes_max", "connections_max", "inbox_pending_max", "delivery_workers",
                           "deliveries_at_once", "polls_at_once", "hook_time_max", "drain_time_max", "dedupe_window",
                           "file_bytes_max", "files_total_bytes_max", "store_bytes_max"},
                          root.reading());
    auto const count = [&](std::string_view key, std::int64_t most, std::size_t otherwise) {
        auto const value = section.integer(key, 1, most);
        return value ? static_cast<std::size_t>(*value) : otherwise;
    };
    auto const hours = [&](std::string_view key, std::chrono::hours otherwise) {
        auto const value = section.duration(key, one_hour);
        return value ? std::chrono::duration_cast<std::chrono::hours>(*value) : otherwise;
    };
    Limits& limits = config.limits;
    limits.body_bytes_max = section.size("body_bytes_max", 1024).value_or(limits.body_bytes_max);
    limits.connections_max = count("connections_max", 100'000, limits.connections_max);
    limits.inbox_pending_max = count("inbox_pending_max", 100'000'000, limits.inbox_pending_max);
    limits.delivery_workers =
        static_cast<int>(section.integer("delivery_workers", 1, 256).value_or(limits.delivery_workers));
    limits.deliveries_at_once =
        static_cast<int>(section.integer("deliveries_at_once", 1, 32).value_or(limits.deliveries_at_once));
    limits.polls_at_once = static_cast<int>(section.integer("polls_at_once", 1, 64).value_or(limits.polls_at_once));
    limits.hook_time_max = section.duration("hook_time_max", one_ms).value_or(limits.hook_time_max);
    limits.drain_time_max = section.duration("drain_time_max", milliseconds(0)).value_or(limits.drain_time_max);
    limits.dedupe_window = hours("dedupe_window", limits.dedupe_window);
    limits.file_bytes_max = section.size("file_bytes_max", 1024).value_or(limits.file_bytes_max);
    limits.files_total_bytes_max =
        section.size("files_total_bytes_max", 1024 * 1024).value_or(limits.files_total_bytes_max);
    limits.store_bytes_max = section.size("store_bytes_max", 1024 * 1024).value_or(limits.store_bytes_max);
}

void read_breaker(Section const& root, Config& config) {
    Node const* const node = root.find("breaker");
    if (node == nullptr) {
        return;
    }
    Section const section(*node, {"failures", "first", "longest"}, root.reading());
    Breaker& breaker = config.breaker;
    breaker.failures = static_cast<int>(section.integer("failures", 1, 1000).value_or(breaker.failures));
    breaker.first = section.duration("first", one_ms).value_or(breaker.first);
    breaker.longest = section.duration("longest", one_ms).value_or(std::max(breaker.longest, breaker.first));
    if (breaker.longest < breaker.first) {
        root.reading().problems.add(node->position,
                                    "'longest' is shorter than 'first'; the pause between two probes of a target that "
                                    "is down grows from 'first' to 'longest'");
    }
}

// After the limits: history must outlast the dedupe window.
void read_retention(Section const& root, Config& config) {
    Node const* const node = root.find("retention");
    if (node == nullptr) {
        return;
    }
    Section const section(*node, {"payloads", "dead_letters", "history", "files"}, root.reading());
    auto const hours = [&](std::string_view key, std::chrono::hours& into) {
        if (auto const value = section.duration(key, one_hour)) {
            into = std::chrono::duration_cast<std::chrono::hours>(*value);
        }
    };
    Retention& kept = config.retention;
    hours("payloads", kept.payloads);
    hours("dead_letters", kept.dead_letters);
    hours("history", kept.history);
    hours("files", kept.files);
    if (kept.history < std::max({kept.payloads, kept.dead_letters, config.limits.dedupe_window})) {
        Node const* const history = section.find("history");
        root.reading().problems.add((history == nullptr ? node : history)->position,
                                    "retention.history must be at least as long as retention.payloads, "
                                    "retention.dead_letters and limits.dedupe_window");
    }
}

}  // namespace

std::filesystem::path resolved(std::filesystem::path const& directory, std::string const& path) {
    return (directory / std::filesystem::path(path)).lexically_normal();
}

void read_workspace(Node const& root, std::filesystem::path const& directory, Config& config, Reading& reading) {
    config.directory = directory;
    Section const section(root,
                          {"version", "listen", "public_url", "store", "connectors_dir", "connectors", "notify", "log",
                           "ca_file", "limits", "breaker", "retention"},
                          reading);
    if (section.need("version") != nullptr) {
        static_cast<void>(section.integer("version", 1, 1));
    }
    if (Node const* const listen = section.find("listen")) {
        read_listen(*listen, config, reading);
    }
    read_public_url(section, config);
    read_store(section, config);
    if (auto const path = section.text("connectors_dir")) {
        config.connectors_dir = resolved(directory, *path);
    }
    if (auto const path = section.text("ca_file")) {
        config.ca_file = resolved(directory, *path).string();
    }
    read_connectors(section, config);
    read_notify(section, config);
    if (Node const* const log = section.find("log")) {
        Section const logging(*log, {"level"}, reading);
        config.log_level = logging.choice("level", {"debug", "info", "warn", "error"}).value_or(config.log_level);
    }
    read_limits(section, config);
    read_breaker(section, config);
    read_retention(section, config);
}

}  // namespace crosswalk::config
