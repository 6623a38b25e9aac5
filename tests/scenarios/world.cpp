#include "scenarios/world.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Process.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <thread>

namespace crosswalk::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr char admin_token[] = "scenario-admin-token-4f1c09";
constexpr char webhook_token[] = "scenario-webhook-token-71be52";
constexpr std::size_t last_words_bytes = 6'000;

// A sanitized host is many times as slow, so its build multiplies what a test has patience for.
constexpr milliseconds longer(milliseconds patience) {
    return patience * TEST_PATIENCE;
}

// Below the ports that the system gives to outgoing connections: one of those would take a port while the host is down.
// Each process begins at another one, so that tests that run beside each other do not find the same port free.
std::uint16_t free_port() {
    constexpr unsigned first = 20'000;
    constexpr unsigned count = 12'000;
    constexpr unsigned of_a_process = 16;
    static unsigned next = static_cast<unsigned>(Poco::Process::id()) * of_a_process;
    for (;;) {
        auto const port = static_cast<std::uint16_t>(first + next++ % count);
        try {
            Poco::Net::ServerSocket probe;
            probe.bind(Poco::Net::SocketAddress("127.0.0.1", port), false);
            return port;
        } catch (Poco::Exception const&) {
            continue;
        }
    }
}

fs::path new_folder() {
    std::random_device random;
    fs::path const folder = fs::temp_directory_path() / ("crosswalk-scenario-" + std::to_string(random()));
    if (!fs::create_directory(folder)) {
        throw std::runtime_error("no temporary folder");
    }
    return folder;
}

Answer send(std::uint16_t port, std::string const& method, std::string const& path, std::string_view body,
            std::map<std::string, std::string> const& headers, milliseconds patience) {
    try {
        Poco::Net::HTTPClientSession session("127.0.0.1", port);
        session.setTimeout(Poco::Timespan(std::chrono::microseconds(longer(patience)).count()));
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        for (auto const& [name, value] : headers) {
            request.set(name, value);
        }
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        std::istream& stream = session.receiveResponse(response);
        Answer answer{response.getStatus(), {}};
        Poco::StreamCopier::copyToString(stream, answer.body);
        return answer;
    } catch (Poco::Exception const&) {
        return {};
    }
}

json::value const* find(json::value const& value, std::string_view pointer) {
    json::error_code error;
    return value.find_pointer(pointer, error);
}

}  // namespace

json::value Answer::value() const {
    json::error_code error;
    json::value parsed = json::parse(body, error);
    return error ? json::value() : parsed;
}

bool eventually(std::function<bool()> const& condition, milliseconds patience) {
    auto const end = std::chrono::steady_clock::now() + longer(patience);
    while (true) {
        // Asked once more after the end: this process may have stood still while what it waits for came about.
        bool const last = std::chrono::steady_clock::now() >= end;
        if (condition()) {
            return true;
        }
        if (last) {
            return false;
        }
        std::this_thread::sleep_for(milliseconds(10));
    }
}

std::string text(json::value const& value, std::string_view pointer) {
    auto const* const found = find(value, pointer);
    if (found == nullptr || found->is_null()) {
        return {};
    }
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

std::int64_t number(json::value const& value, std::string_view pointer) {
    auto const* const found = find(value, pointer);
    return found != nullptr && found->is_int64() ? found->get_int64() : -1;
}

json::array list(json::value const& value, std::string_view pointer) {
    auto const* const found = find(value, pointer);
    return found != nullptr && found->is_array() ? found->get_array() : json::array();
}

World::World() : World(DEMO_CONFIG) {
    edit("connections/lever.yaml", "http://127.0.0.1:8480", vendors_url());
    edit("connections/goco.yaml", "http://127.0.0.1:8480", vendors_url());
    set_secret("lever-api-key", "lever-sandbox-key");
    set_secret("goco-api-key", "goco-sandbox-key");
    set_secret("lever-hired-token", webhook_token);
}

World::World(fs::path const& example)
    : folder_(new_folder()), config_(folder_ / "config"), hooks_port_(free_port()), admin_port_(free_port()) {
    sandbox_ = std::make_unique<Process>(SANDBOX, std::vector<std::string>{"--port", "0", "--until-stdin-closes"});
    if (!eventually([this] { return sandbox_->output().ends_with('\n'); })) {
        throw std::runtime_error("The sandbox does not start: " + sandbox_->errors());
    }
    sandbox_port_ = static_cast<std::uint16_t>(number(json::parse(sandbox_->output()), "/port"));
    fs::copy(example, config_, fs::copy_options::recursive);
    edit("crosswalk.yaml", ":8470", ":" + std::to_string(hooks_port_));
    edit("crosswalk.yaml", ":8471", ":" + std::to_string(admin_port_));
    fs::create_directory(config_ / "secrets");
    fs::permissions(config_ / "secrets", fs::perms::owner_all);
    set_secret("admin-token", admin_token);
}

World::~World() {
    judge_books();
    if (host_) {
        host_->kill();
        host_->wait();
    }
    if (testing::Test::HasFailure()) {
        std::cerr << "---- the end of the host's log\n" << last_words() << "\n----\n";
    }
    host_.reset();
    sandbox_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

// A host that is not there any more is started once again over what it left behind.
void World::judge_books() {
    try {
        auto books = host_ ? conservation() : json::value();
        if (number(books, "/received") < 0 && fs::exists(config_ / "crosswalk.db")) {
            launch_host();
            (void)eventually([this] { return host_ready(); }, seconds(20));
            books = conservation();
        }
        if (number(books, "/received") >= 0 && number(books, "/difference") != 0) {
            ADD_FAILURE() << "Conservation does not hold after this scenario: " << json::serialize(books);
        }
    } catch (std::exception const& error) {
        ADD_FAILURE() << "Conservation could not be asked for after this scenario: " << error.what();
    }
}

std::string World::read(std::string const& file) const {
    std::ifstream in(config_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void World::write(std::string const& file, std::string_view content) const {
    fs::create_directories((config_ / file).parent_path());
    std::ofstream(config_ / file, std::ios::binary) << content;
}

void World::edit(std::string const& file, std::string_view from, std::string_view to) const {
    std::string content = read(file);
    std::size_t const at = content.find(from);
    if (at == std::string::npos) {
        throw std::runtime_error(file + " does not say " + std::string(from));
    }
    write(file, content.replace(at, from.size(), to));
}

void World::append(std::string const& file, std::string_view lines) const {
    write(file, read(file) + std::string(lines));
}

void World::set_secret(std::string const& name, std::string_view value) const {
    write("secrets/" + name, value);
    fs::permissions(config_ / "secrets" / name, fs::perms::owner_read | fs::perms::owner_write);
}

void World::hurry() const {
    append("connections/lever.yaml", "requests_per_second: 10000\n");
    append("connections/goco.yaml", "requests_per_second: 10000\n");
    append("routes/lever-hires-to-goco.yaml", "retry: { attempts_max: 1000, first: 100ms, longest: 500ms }\n");
    append("crosswalk.yaml", "breaker: { first: 100ms, longest: 500ms }\n");
    (void)control("POST", "/lever/settings", {{"rate_per_s", 0}});
}

void World::launch_host() {
    kill_host();
    host_ = std::make_unique<Process>(CROSSWALK, std::vector<std::string>{"--config", config_.string(), "run"},
                                      environment_);
}

void World::start_host() {
    launch_host();
    if (!eventually([this] { return host_ready(); }, seconds(60))) {
        throw std::runtime_error("The host does not start: " + last_words());
    }
}

void World::kill_host() {
    if (!host_) {
        return;
    }
    host_->kill();
    host_->wait();
    earlier_log_ = log();
    host_.reset();
}

int World::stop_host() {
    host_->terminate();
    auto const status = host_->wait_for(longer(seconds(60)));
    if (!status) {
        throw std::runtime_error("The host does not stop: " + last_words());
    }
    kill_host();
    return *status;
}

bool World::host_ready() const {
    return send(admin_port_, "GET", "/readyz", {}, {}, seconds(5)).status == 200;
}

std::string World::log() const {
    return host_ ? earlier_log_ + host_->output() + host_->errors() : earlier_log_;
}

std::string World::last_words() const {
    std::string const all = log();
    return all.size() <= last_words_bytes ? all : all.substr(all.size() - last_words_bytes);
}

Said World::crosswalk(std::vector<std::string> const& arguments) const {
    std::vector<std::string> all{"--config", config_.string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    Process command(CROSSWALK, all);
    auto const status = command.wait_for(longer(seconds(60)));
    return {status.value_or(-1), command.output(), command.errors()};
}

Answer World::control(std::string const& method, std::string const& path, json::object const& body,
                      milliseconds patience) const {
    std::string const sent = method == "POST" ? json::serialize(body) : std::string();
    Answer answer =
        send(sandbox_port_, method, "/control" + path, sent, {{"Content-Type", "application/json"}}, patience);
    if (answer.status < 200 || answer.status > 299) {
        throw std::runtime_error("The sandbox refused " + path + ": " + std::to_string(answer.status) + answer.body);
    }
    return answer;
}

Answer World::admin(std::string const& method, std::string const& path, std::string_view body) const {
    std::map<std::string, std::string> headers{{"Authorization", std::string("Bearer ") + admin_token}};
    if (!body.empty()) {
        headers["Content-Type"] = "application/json";
    }
    return send(admin_port_, method, path, body, headers, seconds(30));
}

Answer World::stranger(std::string const& method, std::string const& path) const {
    return send(admin_port_, method, path, {}, {}, seconds(30));
}

Answer World::hook(std::string_view body, std::string const& path) const {
    return send(hooks_port_, "POST", path, body,
                {{"Content-Type", "application/json"}, {"User-Agent", "Lever-Webhooks"}}, seconds(30));
}

std::string World::hook_url(std::string const& connection) const {
    return "http://127.0.0.1:" + std::to_string(hooks_port_) + "/hooks/" + connection;
}

std::string World::vendors_url() const {
    return "http://127.0.0.1:" + std::to_string(sandbox_port_);
}

void World::register_webhook(int tries) const {
    (void)control("POST", "/lever/webhooks",
                  {{"event", "candidateHired"}, {"url", hook_url()}, {"signature_token", webhook_token}});
    (void)control("POST", "/lever/webhooks/settings",
                  {{"tries", tries}, {"retry_gap_ms", 20}, {"retry_gap_max_ms", 200}, {"timeout_ms", 10'000}});
}

std::string World::candidate(json::object const& fields) const {
    return text(control("POST", "/lever/candidates", fields).value(), "/opportunity_id");
}

std::vector<std::string> World::hire(std::string const& opportunity) const {
    std::vector<std::string> deliveries;
    Answer const answer = control("POST", "/lever/candidates/" + opportunity + "/hire");
    for (json::value const& delivery : list(answer.value(), "/deliveries")) {
        deliveries.emplace_back(delivery.as_string());
    }
    return deliveries;
}

std::string World::hire_new(std::string const& name) const {
    std::string address;
    for (char const c : name) {
        address += c == ' ' ? '.' : c;
    }
    std::string opportunity = candidate({{"name", name}, {"email", address + "@example.com"}});
    hire(opportunity);
    return opportunity;
}

void World::fault(json::object const& order) const {
    (void)control("POST", "/faults", order);
}

void World::clear_faults() const {
    (void)control("DELETE", "/faults");
}

std::size_t World::employees(std::string_view first_name, std::string_view last_name) const {
    Poco::URI uri("/goco/employees");
    uri.addQueryParameter("first_name", std::string(first_name));
    uri.addQueryParameter("last_name", std::string(last_name));
    return list(control("GET", uri.toString()).value(), "/employees").size();
}

std::vector<std::string> World::notes(std::string const& opportunity) const {
    std::vector<std::string> found;
    Answer const answer = control("GET", "/lever/notes?opportunity=" + opportunity);
    for (json::value const& note : list(answer.value(), "/notes")) {
        found.push_back(text(note, "/value"));
    }
    return found;
}

bool World::has_note(std::string const& opportunity, std::string_view with) const {
    for (std::string const& note : notes(opportunity)) {
        if (note.find(with) != std::string::npos) {
            return true;
        }
    }
    return false;
}

json::value World::conservation() const {
    return admin("GET", "/api/v1/conservation").value();
}

json::value World::event(std::int64_t id) const {
    return admin("GET", "/api/v1/events/" + std::to_string(id)).value();
}

double World::metric(std::string const& name) const {
    std::string const all = "\n" + stranger("GET", "/metrics").body;
    std::size_t const at = all.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(all.substr(at + name.size() + 2));
}

json::array World::events() const {
    return list(admin("GET", "/api/v1/events?limit=500").value(), "/events");
}

std::string World::delivery_state(std::int64_t id) const {
    return text(event(id), "/routes/0/state");
}

std::string World::connection_state(std::string_view connection) const {
    for (json::value const& known : list(admin("GET", "/api/v1/connections").value(), "/connections")) {
        if (text(known, "/connection") == connection) {
            return text(known, "/state");
        }
    }
    return {};
}

}  // namespace crosswalk::scenarios
