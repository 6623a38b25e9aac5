#include "cli/admin_client.hpp"

#include "http/client.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds answer_time_max{30};
constexpr std::size_t column_width_max = 60;

int exit_of_status(int status) {
    switch (status) {
        case 401:
        case 403:
            return permission;
        case 429:
        case 503:
            return try_again;
        default:
            return status >= 500 ? internal : data;
    }
}

// Counts what a terminal shows, not bytes: names hold more than ASCII.
std::size_t width(std::string_view value) {
    return static_cast<std::size_t>(std::count_if(
        value.begin(), value.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string base_url(config::Config const& config) {
    std::string host = config.admin.address;
    if (host == "0.0.0.0") {
        host = "127.0.0.1";
    } else if (host.find(':') != std::string::npos) {
        host = "[" + (host == "::" ? "::1" : host) + "]";
    }
    return std::string(config.admin.tls ? "https://" : "http://") + host + ":" + std::to_string(config.admin.port);
}

}  // namespace

std::optional<config::Config> load_config(Options const& options, Surroundings const& around) {
    config::Loaded loaded = config::load(options.config_dir);
    for (config::Problem const& problem : loaded.problems) {
        around.err << config::to_string(problem) << '\n';
    }
    return std::move(loaded.config);
}

namespace {

Answer send(Options const& options, Surroundings const& around, std::string const& method, std::string const& target,
            std::string const& body, bool json_wanted) {
    auto const config = load_config(options, around);
    if (!config) {
        return {configuration, nullptr, "The configuration in " + options.config_dir.string() + " has problems."};
    }
    http::ClientRequest request;
    request.method = method;
    request.url = base_url(*config) + target;
    request.body = body;
    request.idempotent = method == "GET";
    request.deadline = around.clock.steady_now() + answer_time_max;
    request.headers.emplace_back("Accept", "application/json");
    if (!body.empty()) {
        request.headers.emplace_back("Content-Type", "application/json");
    }
    if (!config->admin_token.empty()) {
        auto const token = around.secrets(*config)->resolve(config->admin_token);
        if (!token) {
            return {permission, nullptr, "The admin token could not be read: " + token.error().detail};
        }
        request.headers.emplace_back("Authorization", "Bearer " + std::string(token->reveal()));
    }
    http::ClientOptions client_options;
    client_options.user_agent = "crosswalk-cli/" + around.version;
    client_options.ca_file = config->ca_file;
    http::Client client(client_options, around.clock, around.logger);
    auto const response = client.send(request);
    if (!response) {
        return {
            unavailable, nullptr,
            "No host answers at " + base_url(*config) + ". Is `crosswalk run` up? (" + response.error().detail + ")"};
    }
    if (!json_wanted && response->status < 300) {
        return {ok, json::value(response->body), {}};
    }
    json::error_code error;
    Answer answer{ok, json::parse(response->body, error), {}};
    bool const refused = response->status >= 300;
    if (refused || error) {
        answer.exit = refused ? exit_of_status(response->status) : internal;
        answer.problem = error ? std::string() : text(answer.body, "/detail");
    }
    if (answer.exit != ok && answer.problem.empty()) {
        answer.problem = "The host answered with status " + std::to_string(response->status) +
                         (error ? " and no JSON. Is it a Crosswalk admin listener?" : ".");
    }
    return answer;
}

}  // namespace

Answer ask(Options const& options, Surroundings const& around, std::string const& method, std::string const& target,
           std::string const& body) {
    return send(options, around, method, target, body, true);
}

Answer fetch_text(Options const& options, Surroundings const& around, std::string const& target) {
    return send(options, around, "GET", target, {}, false);
}

int fail(Surroundings const& around, Answer const& answer) {
    around.err << "crosswalk: " << answer.problem << '\n';
    return answer.exit;
}

std::string text(json::value const& value, std::string_view pointer) {
    json::error_code error;
    json::value const* const found = value.find_pointer(pointer, error);
    if (error || found == nullptr || found->is_null()) {
        return {};
    }
    std::string words = found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
    std::replace_if(
        words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return words;
}

json::array const& array_at(json::value const& value, std::string_view member) {
    static json::array const none;
    auto const* const object = value.if_object();
    auto const* const found = object == nullptr ? nullptr : object->if_contains(member);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string encoded(std::string_view value) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char const c : value) {
        auto const byte = static_cast<unsigned char>(c);
        if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
            byte == '-' || byte == '_' || byte == '.') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

void print_table(std::ostream& out, std::vector<std::vector<std::string>> const& rows) {
    std::vector<std::size_t> widths;
    for (auto const& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::min(column_width_max, std::max(widths[i], width(row[i])));
        }
    }
    for (auto const& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out << row[i];
            if (i + 1 < row.size()) {
                std::size_t const used = width(row[i]);
                out << std::string(used < widths[i] ? widths[i] - used + 2 : 2, ' ');
            }
        }
        out << '\n';
    }
    if (rows.size() <= 1) {
        out << "(nothing)\n";
    }
}

}  // namespace crosswalk::cli
