#include "sandbox/sandbox.hpp"

#include "sandbox/charthop/charthop.hpp"
#include "sandbox/goco/goco.hpp"
#include "sandbox/greenhouse/greenhouse.hpp"
#include "sandbox/hireguide/hireguide.hpp"
#include "sandbox/hrlogics/hrlogics.hpp"
#include "sandbox/lever/lever.hpp"

#include <algorithm>
#include <chrono>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

Request without_first_segments(Request request, std::ptrdiff_t count) {
    request.path.erase(request.path.begin(), request.path.begin() + count);
    return request;
}

std::string query_text(Request const& request) {
    std::string text;
    for (Pair const& pair : request.query) {
        text += (text.empty() ? "" : "&") + pair.name + "=" + pair.value;
    }
    return text;
}

// Half an object with a tail that no parser takes.
std::string broken(std::string const& body) {
    return body.substr(0, body.size() / 2) + "\"<";
}

Answer denied(Vendor const& vendor, Fault const& fault) {
    Answer answer = vendor.error(fault.status);
    if (fault.body) {
        answer.body = *fault.body;
    }
    if (fault.retry_after) {
        answer.headers.push_back({"Retry-After", *fault.retry_after});
    }
    return answer;
}

}  // namespace

Sandbox::Sandbox() {
    vendors_.push_back(std::make_unique<lever::Lever>());
    vendors_.push_back(std::make_unique<goco::Goco>());
    vendors_.push_back(std::make_unique<greenhouse::Greenhouse>());
    vendors_.push_back(std::make_unique<charthop::ChartHop>());
    vendors_.push_back(std::make_unique<hireguide::Hireguide>());
    vendors_.push_back(std::make_unique<hrlogics::Hrlogics>());
}

Sandbox::~Sandbox() {
    stop();
}

model::Result<std::uint16_t> Sandbox::start(Options const& options) {
    started_at_ms_ = now_ms();
    for (auto const& vendor : vendors_) {
        vendor->start();
    }
    auto const port =
        listener_.start(options.port, options.threads, [this](Request const& request) { return reply_to(request); });
    if (!port) {
        stop();
        return port;
    }
    port_ = *port;
    for (auto const& vendor : vendors_) {
        vendor->listening_on(port_);
    }
    return port;
}

void Sandbox::stop() {
    // Vendors first: their webhooks may be waiting for an answer that this process's own threads give.
    for (auto const& vendor : vendors_) {
        vendor->stop();
    }
    listener_.stop();
}

Answer Sandbox::control(std::string const& method, std::string const& path, std::string const& body) {
    auto const question = path.find('?');
    Request request{.method = method, .target = "/control" + path.substr(0, question), .body = body};
    auto segments = split_path(path.substr(0, question));
    auto query = split_query(question == std::string::npos ? "" : path.substr(question + 1));
    if (!segments || !query) {
        return control_refusal(400, "the request cannot be read");
    }
    segments->erase(segments->begin());
    request.path = std::move(*segments);
    request.query = std::move(*query);
    return control_answer(request);
}

Vendor* Sandbox::find_vendor(std::string_view name) noexcept {
    auto const found =
        std::find_if(vendors_.begin(), vendors_.end(), [&](auto const& vendor) { return vendor->name() == name; });
    return found == vendors_.end() ? nullptr : found->get();
}

Reply Sandbox::reply_to(Request const& request) {
    if (request.path.front() == "control") {
        return {.answer = control_answer(without_first_segments(request, 1))};
    }
    Vendor* const vendor = find_vendor(request.path.front());
    if (vendor == nullptr) {
        return {.answer = control_refusal(404, "no such vendor")};
    }
    Entry entry{.vendor = std::string(vendor->name()),
                .method = request.method,
                .path = request.target,
                .query = query_text(request),
                .user_agent = std::string(request.header("User-Agent")),
                .idempotency_key = std::string(request.header("Idempotency-Key")),
                .at_ms = now_ms()};
    auto const began = std::chrono::steady_clock::now();
    Reply reply = play(*vendor, request, entry);
    auto const took = std::chrono::steady_clock::now() - began;
    entry.status = reply.cut ? 0 : reply.answer.status;
    entry.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    journal_.add(std::move(entry));
    return reply;
}

Reply Sandbox::play(Vendor& vendor, Request const& request, Entry& entry) {
    auto const fault = faults_.draw(vendor.name(), request.method, request.target);
    if (!fault) {
        return {.answer = vendor.call(without_first_segments(request, 1))};
    }
    entry.fault = fault->id;
    if (fault->delay.count() > 0 && listener_.stopping().wait_for(fault->delay)) {
        return {.cut = true};
    }
    if (fault->kind == FaultKind::cut_before) {
        return {.cut = true};
    }
    if (fault->kind == FaultKind::status && !fault->applied) {
        return {.answer = denied(vendor, *fault)};
    }
    Reply reply{.answer = vendor.call(without_first_segments(request, 1))};
    switch (fault->kind) {
        case FaultKind::status:
            reply.answer = denied(vendor, *fault);
            break;
        case FaultKind::cut_after:
            reply.cut = true;
            break;
        case FaultKind::wrong_json:
            reply.answer.body = broken(reply.answer.body);
            break;
        case FaultKind::empty_body:
            reply.answer.body.clear();
            break;
        case FaultKind::drip:
            reply.drip_bytes = static_cast<std::size_t>(fault->drip_bytes);
            reply.drip_gap = fault->drip_gap;
            break;
        case FaultKind::cut_before:
        case FaultKind::delay:
            break;
    }
    return reply;
}

Answer Sandbox::control_answer(Request const& request) {
    if (request.path.empty()) {
        return control_refusal(404, "no such control call");
    }
    std::string const& first = request.path.front();
    if (Vendor* const vendor = find_vendor(first); vendor != nullptr) {
        return vendor->control(without_first_segments(request, 1));
    }
    if (first == "faults") {
        return control_faults(request);
    }
    std::string const call = request.method + " " + first;
    if (request.path.size() > 1) {
        return control_refusal(404, "no such control call");
    }
    if (call == "POST reset") {
        for (auto const& vendor : vendors_) {
            vendor->reset();
        }
        faults_.clear();
        journal_.clear();
        return json_answer(200, {{"reset", true}});
    }
    if (call == "GET requests") {
        return journal_.list(request);
    }
    if (call == "GET metrics") {
        return metrics();
    }
    return control_refusal(404, "no such control call");
}

Answer Sandbox::control_faults(Request const& request) {
    bool const whole = request.path.size() == 1;
    if (whole && request.method == "GET") {
        return json_answer(200, {{"faults", faults_.list()}});
    }
    if (whole && request.method == "DELETE") {
        faults_.clear();
        return {.status = 204};
    }
    if (request.path.size() == 2 && request.method == "DELETE") {
        return faults_.remove(request.path[1]) ? Answer{.status = 204} : control_refusal(404, "no such fault");
    }
    if (!whole || request.method != "POST") {
        return control_refusal(404, "no such control call");
    }
    auto const ordered = request.json_object();
    return ordered ? faults_.order(*ordered) : control_refusal(400, "the body must be a JSON object");
}

Answer Sandbox::metrics() {
    json::object printed{{"uptime_ms", now_ms() - started_at_ms_}, {"requests", journal_.counts()}};
    for (auto const& vendor : vendors_) {
        auto const name = vendor->name();
        printed[json::string_view(name.data(), name.size())] = vendor->metrics();
    }
    printed["faults"] = faults_.list();
    return json_answer(200, printed);
}

}  // namespace crosswalk::sandbox
