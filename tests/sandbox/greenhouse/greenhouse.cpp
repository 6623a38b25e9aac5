#include "sandbox/greenhouse/greenhouse.hpp"

#include "sandbox/endpoints.hpp"
#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/controls.hpp"
#include "sandbox/greenhouse/errors.hpp"

namespace crosswalk::sandbox::greenhouse {

namespace json = boost::json;

bool is_permitted(Credential const& credential, std::string const& permission) {
    return !credential.permissions || credential.permissions->contains(permission);
}

std::string address_of(State const& state, Request const& request) {
    std::string const host(request.header("Host"));
    return "http://" + (host.empty() ? "127.0.0.1:" + std::to_string(state.port) : host) + request.target;
}

Greenhouse::Greenhouse() {
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Greenhouse::~Greenhouse() {
    stop();
}

void Greenhouse::start() {
    hooks_.sender().start();
}

void Greenhouse::listening_on(std::uint16_t port) {
    std::lock_guard const lock(state_.mutex);
    state_.port = port;
}

void Greenhouse::stop() {
    hooks_.sender().stop();
}

void Greenhouse::reset() {
    hooks_.clear();
    std::lock_guard const lock(state_.mutex);
    state_.reset();
}

Answer Greenhouse::call(Request const& request) {
    std::span<std::string const> const path(request.path);
    std::string const first = path.empty() ? "" : path.front();
    std::lock_guard const lock(state_.mutex);
    if (first == "v1") {
        return call_v1(state_, request, path.subspan(1));
    }
    if (first == "v3") {
        return call_v3(state_, request, path.subspan(1));
    }
    if (first == "files") {
        return call_files(state_, request, path.subspan(1));
    }
    if (first == "token" && path.size() == 1) {
        return request_token(state_, request);
    }
    if (first == "auth" && path.size() == 2 && path.back() == "token") {
        return request_transition_token(state_, request);
    }
    return error_of_status(Api::v3, 404);
}

Answer Greenhouse::control(Request const& request) {
    auto found = find_endpoint<ControlCall>(controls(), request.method, request.path);
    if (found.endpoint == nullptr) {
        return control_refusal(found.path_known ? 405 : 404, "no such control call");
    }
    if (auto const unknown = unknown_parameter(*found.endpoint, request); !unknown.empty()) {
        return control_refusal(400, unknown + " is not a known query parameter");
    }
    json::object body;
    if (!request.body.empty()) {
        auto parsed = request.json_object();
        if (!parsed) {
            return control_refusal(400, "the body must be a JSON object");
        }
        body = std::move(*parsed);
    }
    return found.endpoint->answer(
        {.state = state_, .hooks = hooks_, .request = request, .body = body, .ids = std::move(found.arguments)});
}

Answer Greenhouse::error(int status) const {
    return error_of_status(Api::v3, status);
}

json::object Greenhouse::metrics() {
    json::object printed;
    {
        std::lock_guard const lock(state_.mutex);
        printed = {{"candidates", state_.candidates.size()},
                   {"hired", state_.hired},
                   {"notes", state_.notes.size()},
                   {"attachments", state_.attachments.size()},
                   {"tokens", state_.tokens.size()}};
    }
    printed["deliveries"] = hooks_.sender().counts();
    return printed;
}

}  // namespace crosswalk::sandbox::greenhouse
