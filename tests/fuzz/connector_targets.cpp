// Every connector as it ships, loaded from its library, on a host in memory.
//
// Input    parts. The first is what the vendor's webhook brings: its body. When its first line is "push <action>",
//          "poll <event>", "find <schema>", "probe" or "headers", the rest is the canonical record, the cursor, the
//          query, nothing, or lines "name: value" before an empty line and the body. Each further part is one answer of
//          the vendor's API, given in turn and then from the first again: a body, after a head "HTTP <status>" with
//          lines "name: value" and an empty line where it is not 200.
// Promises no hook ends CW_ERR_INTERNAL, which is what an exception becomes that nobody expected; a webhook that nobody
//          signed is not accepted where the vendor signs; every event has an id and a type; map in takes every record
//          that parse and poll emit.
#include "fuzz/targets.hpp"
#include "plugin_host/opened_library.hpp"
#include "support/fake_host.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <functional>
#include <map>

namespace crosswalk::fuzz {
namespace {

namespace json = boost::json;
using support::CallResult;
using support::FakeHost;
using support::Headers;
using support::Inbound;
using support::Instance;

constexpr std::int64_t now_ms = 1795297265012;
constexpr std::int64_t answer_takes_ms = 50;  // so that a loop over pages meets the call's deadline
constexpr std::size_t answers_max = 16;
constexpr char secret[] = "a secret that no sample was signed with";

struct Profile {
    char const* id;
    char const* settings;
    std::vector<char const*> secrets;  // JSON Pointers
    // Makes the vendor's own signature; null: the vendor signs nothing.
    void (*sign)(Inbound&);
};

// Six libraries name their entry alike, so the one in use stands here.
cw_library const* library = nullptr;

std::string hmac(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret, sizeof secret - 1, reinterpret_cast<unsigned char const*>(text.data()), text.size(),
         digest.data(), &size);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4U];
        hex += "0123456789abcdef"[digest[i] & 15U];
    }
    return hex;
}

void put_header(Inbound& request, std::string const& name, std::string value) {
    std::erase_if(request.headers, [&](auto const& header) { return header.first == name; });
    request.headers.emplace_back(name, std::move(value));
}

void sign_lever(Inbound& request) {
    json::error_code error;
    json::value body = json::parse(request.body, error);
    if (error || !body.is_object()) {
        return;
    }
    json::object& fields = body.get_object();
    if (json::value const* at = fields.if_contains("triggeredAt"); at == nullptr || !at->is_int64()) {
        fields["triggeredAt"] = now_ms;
    }
    if (json::value const* token = fields.if_contains("token"); token == nullptr || !token->is_string()) {
        fields["token"] = "token";
    }
    std::string const token(fields.at("token").get_string());
    fields["signature"] = hmac(token + std::to_string(fields.at("triggeredAt").get_int64()));
    request.body = json::serialize(body);
}
void sign_greenhouse(Inbound& request) {
    put_header(request, "signature", "sha256 " + hmac(request.body));
}
void sign_callback(Inbound& request) {
    std::string const seconds = std::to_string(now_ms / 1000);
    json::error_code error;
    json::value const body = json::parse(request.body, error);
    json::value const* const id = error ? nullptr : body.find_pointer("/id", error);
    put_header(request, "x-integration-event-id",
               id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string("event-1"));
    put_header(request, "x-integration-timestamp", seconds);
    put_header(request, "x-integration-signature", "v1=" + hmac(seconds + "." + request.body));
}

// Lines "name: value" up to an empty one.
void read_head(std::string_view& text, Headers& to) {
    for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
        std::size_t const colon = line.find(": ");
        if (colon == std::string_view::npos) {
            continue;
        }
        std::string name(line.substr(0, colon));
        std::string value(line.substr(colon + 2));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        // The host gives a connector the seconds of a Retry-After as a number.
        bool const digits = !value.empty() && value.size() < 7 && value.find_first_not_of("0123456789") == value.npos;
        if (name != "retry-after" || digits) {
            to.emplace_back(std::move(name), std::move(value));
        }
    }
}

// What the vendor's API says, in turn.
class Vendor {
public:
    Vendor(FakeHost& host, std::vector<std::string_view> answers) : answers_(std::move(answers)) {
        answers_.resize(std::min(answers_.size(), answers_max));
        for (char const* const method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
            host.on(method, "http").reply_with([this](support::SentRequest const&) { return next(); });
        }
    }

private:
    [[nodiscard]] support::Answer next() {
        support::Answer answer;
        answer.takes_ms = answer_takes_ms;
        if (answers_.empty()) {
            answer.status = 404;
            return answer;
        }
        std::string_view text = answers_[at_++ % answers_.size()];
        if (text.starts_with("HTTP ")) {
            std::string_view const line = take_line(text);
            std::from_chars(line.data() + 5, line.data() + line.size(), answer.status);
            answer.status = std::clamp(answer.status, 100, 599);
            read_head(text, answer.headers);
        }
        answer.body = text;
        return answer;
    }

    std::vector<std::string_view> answers_;
    std::size_t at_ = 0;
};

void expected(CallResult const& result, char const* hook) {
    require(result.status != CW_ERR_INTERNAL, std::string(hook) + " met what it did not expect: " + result.message);
}

// What a connector emitted is what its map in must understand.
void map_in(Instance& instance, support::CapturedRecord const& record, std::string_view type) {
    for (cw_trigger const* const* at = instance.table()->desc->triggers; at != nullptr && *at != nullptr; ++at) {
        if (type == (*at)->event && (*at)->canonical != nullptr) {
            CallResult const mapped =
                instance.map(CW_MAP_IN, record.schema, json::serialize(record.data), (*at)->canonical, record.key);
            expected(mapped, "map in");
        }
    }
}
void check_events(Instance& instance, CallResult const& result) {
    if (result.status != CW_OK) {
        return;
    }
    for (support::CapturedEvent const& event : result.events) {
        require(!event.id.empty() && !event.type.empty(), "an event has an id and a type");
        map_in(instance, event.record, event.type);
    }
}

void webhook(Profile const& profile, Instance& instance, Inbound request) {
    if (instance.table()->webhook_verify == nullptr) {
        return;  // a connector without webhooks
    }
    CallResult const raw = instance.verify(request);
    expected(raw, "verify");
    require(profile.sign == nullptr || raw.status != CW_OK || raw.disposition != CW_WEBHOOK_ACCEPT,
            "a webhook without the vendor's signature is not accepted");
    if (profile.sign != nullptr) {
        profile.sign(request);
        CallResult const genuine = instance.verify(request);
        expected(genuine, "verify");
        if (genuine.status != CW_OK || genuine.disposition != CW_WEBHOOK_ACCEPT) {
            return;
        }
    } else if (raw.status != CW_OK) {
        return;
    }
    CallResult const parsed = instance.parse(request);
    expected(parsed, "parse");
    check_events(instance, parsed);
}

void push(Instance& instance, std::string_view action, std::string_view record) {
    for (cw_action const* const* at = instance.table()->desc->actions; at != nullptr && *at != nullptr; ++at) {
        if (action != (*at)->name) {
            continue;
        }
        CallResult const mapped = instance.map(CW_MAP_OUT, (*at)->canonical, record, (*at)->schema);
        expected(mapped, "map out");
        for (support::CapturedRecord const& made : mapped.records) {
            std::string const text = json::serialize(made.data);
            expected(instance.push(action, "delivery-1", text, 1), "push");
            expected(instance.look_up(action, "delivery-1", text, 2), "look up");
        }
        // A record of the outbox may have been written by an older version, so push takes any.
        expected(instance.push(action, "delivery-2", record, 1), "push");
    }
}

void poll(Instance& instance, std::string_view event, std::string_view cursor) {
    std::string_view const select = take_line(cursor);
    if (instance.table()->poll == nullptr) {
        return;  // a connector that is never asked
    }
    CallResult const turn = instance.poll(
        {std::string(event), std::string(cursor), select.empty() ? "{}" : std::string(select), "run-1", false});
    expected(turn, "poll");
    check_events(instance, turn);
}

cw_library const* library_of(std::string const& id) {
    static std::map<std::string, cw_library const*> opened;
    cw_library const*& table = opened[id];
    if (table == nullptr) {
        auto const library_file = plugin_host::open_library(CONNECTORS + id + "/" + id + SUFFIX, "");
        require(library_file.has_value(), library_file ? "" : library_file.error().detail);
        table = library_file->table;
    }
    return table;
}

void run(Profile const& profile, std::string_view input) {
    library = library_of(profile.id);
    std::vector<std::string_view> parts = parts_of(input);
    FakeHost host(profile.settings, profile.id);
    for (char const* const pointer : profile.secrets) {
        host.secret(pointer, secret);
    }
    host.set_now(now_ms);
    Vendor vendor(host, {parts.begin() + 1, parts.end()});
    Instance instance = host.create([] { return library; }, profile.id);
    std::string_view rest = parts.front();
    std::string_view const line = take_line(rest);
    std::string_view const word = line.substr(0, line.find(' '));
    std::string_view const name = line.substr(std::min(word.size() + 1, line.size()));
    if (word == "push") {
        push(instance, name, rest);
    } else if (word == "poll") {
        poll(instance, name, rest);
    } else if (word == "find") {
        expected(instance.find(name, rest), "find");
    } else if (word == "probe") {
        expected(instance.probe(), "probe");
    } else if (word == "headers") {
        Inbound request;
        read_head(rest, request.headers);
        request.body = rest;
        webhook(profile, instance, std::move(request));
    } else {
        webhook(profile, instance, {.body = std::string(parts.front())});
    }
}

}  // namespace

void run_charthop(std::string_view input) {
    static Profile const profile{
        "charthop",
        R"({"org": "acme", "api_token": "secret:env/k", "app_user_id": "588f7ee98f138b19220041ff",
            "requisitions": {"source_of_truth": "charthop", "sync_on_change": true}})",
        {"/api_token"},
        nullptr};
    run(profile, input);
}
void run_goco(std::string_view input) {
    static Profile const profile{
        "goco",
        R"({"base_url": "https://goco.example.com/", "company": "acme-demo", "api_key": "secret:env/k"})",
        {"/api_key"},
        nullptr};
    run(profile, input);
}
void run_greenhouse(std::string_view input) {
    static Profile const profile{
        "greenhouse",
        R"({"auth": {"client_id": "client-1", "client_secret": "secret:env/k", "user_id": 92120},
            "webhook": {"secret_key": "secret:env/k"}, "user_email": "admin@example.com",
            "documents": {"base_url": "https://files.example.com"}})",
        {"/auth/client_secret", "/webhook/secret_key"},
        sign_greenhouse};
    run(profile, input);
}
void run_hireguide(std::string_view input) {
    static Profile const profile{
        "hireguide",
        R"({"base_url": "https://hireguide.example.com", "api_token": "secret:env/k", "webhook_secret": "secret:env/k",
            "workspace_id": "ws_1", "positions": {"support": {"position": "pos_21", "role": "Support Engineer",
            "job": "lever:posting:730e37db-93d3-4acf-b9de-7cfc397cef1d", "import_job_details": true,
            "import_applicant_details": true}}})",
        {"/api_token", "/webhook_secret"},
        sign_callback};
    run(profile, input);
}
void run_hrlogics(std::string_view input) {
    static Profile const profile{
        "hrlogics",
        R"({"base_url": "https://api.hrlogics.example/", "auth": {"type": "bearer", "api_token": "secret:env/k"},
            "webhook_secret": "secret:env/k"})",
        {"/auth/api_token", "/webhook_secret"},
        sign_callback};
    run(profile, input);
}
void run_lever(std::string_view input) {
    static Profile const profile{
        "lever",
        R"({"auth": {"type": "api_key", "api_key": "secret:env/k"},
            "webhooks": {"candidateHired": {"signature_token": "secret:env/k"},
                         "applicationCreated": {"signature_token": "secret:env/k"},
                         "candidateStageChange": {"signature_token": "secret:env/k"}}})",
        {"/auth/api_key", "/webhooks/candidateHired/signature_token", "/webhooks/applicationCreated/signature_token",
         "/webhooks/candidateStageChange/signature_token"},
        sign_lever};
    run(profile, input);
}

}  // namespace crosswalk::fuzz
