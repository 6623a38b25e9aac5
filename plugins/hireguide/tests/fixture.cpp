#include "fixture.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace crosswalk::hireguide_test {

std::string sample(std::string_view name) {
    std::ifstream in(HIREGUIDE_SAMPLES + std::string(name) + ".json", std::ios::binary);
    if (!in) {
        throw std::runtime_error("no sample " + std::string(name));
    }
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

json::value sample_json(std::string_view name) {
    return json::parse(sample(name));
}

std::string address(std::string_view path) {
    return std::string(base) + std::string(path);
}

json::object with(json::object object, json::object const& more) {
    for (auto const& [key, value] : more) {
        object[key] = value;
    }
    return object;
}

json::object position_settings(json::object const& more) {
    return with({{"position", "pos_21"},
                 {"role", "Support Engineer"},
                 {"job", job},
                 {"import_job_details", true},
                 {"import_applicant_details", true}},
                more);
}

json::object settings(json::object const& more) {
    return with({{"base_url", base},
                 {"api_token", "secret:env/token"},
                 {"webhook_secret", "secret:env/secret"},
                 {"workspace_id", "ws_1"},
                 {"positions", {{"support", position_settings()}}}},
                more);
}

json::object application(json::object const& more) {
    return with(json::parse(R"json({
        "kind": "application", "status": "active", "updated_at": "2026-11-21T21:10:00Z",
        "ref": {"system": "lever", "kind": "application", "id": "250d8f03-738a-4bba-a671-8a3d73477145"},
        "candidate": {"system": "lever", "kind": "candidate", "id": "c1"},
        "posting": {"system": "lever", "kind": "posting", "id": "730e37db-93d3-4acf-b9de-7cfc397cef1d"},
        "person": {"first_name": "Nora", "last_name": "Okafor", "emails": [{"value": "nora.okafor@example.net"}]},
        "stage": {"name": "On-site interview"}, "job_title": "Support Engineer (Remote)"
    })json")
                    .as_object(),
                more);
}

json::object posting(json::object const& more) {
    return with(json::parse(R"json({
        "kind": "posting", "title": "Support Engineer (Remote)", "description": "Helps customers.",
        "ref": {"system": "lever", "kind": "posting", "id": "730e37db-93d3-4acf-b9de-7cfc397cef1d"},
        "location": {"name": "Remote"}, "department": {"name": "Support"}, "status": "published"
    })json")
                    .as_object(),
                more);
}

Inbound signed_callback(std::string const& body, std::int64_t at_ms, std::string_view secret) {
    std::string const timestamp = std::to_string(at_ms / 1000);
    std::string const text = timestamp + "." + body;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data(), &size);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4U];
        hex += "0123456789abcdef"[digest[i] & 15U];
    }
    json::error_code error;
    json::value const value = json::parse(body, error);
    std::string id;
    if (!error && value.is_object() && value.get_object().contains("id") && value.at("id").is_string()) {
        id = value.at("id").as_string();
    }
    return {.headers = {{"content-type", "application/json"},
                        {"x-integration-event-id", id},
                        {"x-integration-timestamp", timestamp},
                        {"x-integration-signature", "v1=" + hex}},
            .body = body};
}

World::World(json::object const& more_settings)
    : host(json::serialize(settings(more_settings)), "hireguide"),
      hireguide(prepared(host).create(cw_connector_entry_v0, "hireguide")) {}

FakeHost& World::prepared(FakeHost& host) {
    host.secret("/api_token", "canary-token");
    host.secret("/webhook_secret", webhook_secret);
    host.secret("/previous_webhook_secret", "whsec_before");
    host.set_now(now_ms);
    host.on("PUT", address("/v1/positions/pos_21/sync-status")).reply(200, R"({"data": {}})");
    return host;
}

CallResult World::push(std::string_view action, json::object const& canonical, std::string_view key,
                       std::uint32_t attempt) {
    cw_action const* const* known = cw_connector_entry_v0()->describe(0)->actions;
    while (*known != nullptr && action != (*known)->name) {
        ++known;
    }
    if (*known == nullptr) {
        throw std::runtime_error("no such action");
    }
    CallResult const mapped =
        hireguide.map(CW_MAP_OUT, (*known)->canonical, json::serialize(canonical), (*known)->schema);
    if (mapped.status != CW_OK || mapped.records.size() != 1) {
        return mapped;
    }
    return hireguide.push(action, key, json::serialize(mapped.records.front().data), attempt);
}

void World::positions(json::array rows) {
    host.on("GET", address("/v1/positions?"))
        .clear()
        .reply(200, json::serialize(json::object{{"data", std::move(rows)}, {"meta", {{"next_cursor", nullptr}}}}));
}

void World::linked_position() {
    host.link({"hireguide", "position", "pos_21"}, {"lever", "posting", posting_id});
}

void World::linked_candidate() {
    host.link({"hireguide", "candidate", "cand_88"}, {"lever", "application", opportunity_id});
}

std::vector<json::value> World::sent(std::string_view method, std::string_view path) const {
    std::vector<json::value> out;
    for (SentRequest const& request : host.requests(method, address(path))) {
        out.push_back(request.body.empty() ? json::value() : request.json());
    }
    return out;
}

}  // namespace crosswalk::hireguide_test
