#include "conformance/profile.hpp"
#include "sandbox/greenhouse/signature.hpp"

#include <gtest/gtest.h>

namespace crosswalk::conformance {
namespace {

constexpr char webhook_key[] = "conformance-greenhouse-key";

struct Made {
    std::string candidate;
    std::string application;
};

std::string digits(json::value const& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

Made candidate(Sandbox& at) {
    std::string const number = fresh_number();
    json::value const made =
        control(at, "POST", "/greenhouse/candidates",
                {{"first_name", "Ada"},
                 {"last_name", "Test" + number},
                 {"email", "ada" + number + "@example.com"},
                 {"offer", {{"starts_on", "2026-12-07"}, {"custom_fields", {{"job_title", "Nurse"}}}}}});
    return {digits(made.at("candidate_id")), digits(made.at("application_id"))};
}

json::object note(Sandbox& at) {
    Made const made = candidate(at);
    json::object const application{{"system", "greenhouse"}, {"kind", "application"}, {"id", made.application}};
    return {{"kind", "note"},
            {"ref", application},
            {"application", application},
            {"candidate", {{"system", "greenhouse"}, {"kind", "candidate"}, {"id", made.candidate}}},
            {"body", "Exported " + fresh_number()},
            {"dedup_key", "key-" + fresh_number()}};
}
std::int64_t notes(Sandbox& at, json::object const& record) {
    return count(at, "/greenhouse/notes?candidate=" + std::string(record.at("candidate").at("id").as_string()),
                 [](json::value const&) { return true; });
}

json::object file(Sandbox& at) {
    Made const made = candidate(at);
    json::object const application{{"system", "greenhouse"}, {"kind", "application"}, {"id", made.application}};
    return {{"kind", "attachment"},
            {"ref", application},
            {"owner", application},
            {"candidate", {{"system", "greenhouse"}, {"kind", "candidate"}, {"id", made.candidate}}},
            {"file_name", "notes-" + fresh_number() + ".pdf"},
            {"content_type", "application/pdf"},
            {"type", "interview_notes"}};
}
std::int64_t files(Sandbox& at, json::object const& record) {
    std::string const shown = json::serialize(
        control(at, "GET", "/greenhouse/candidates/" + std::string(record.at("candidate").at("id").as_string())));
    std::string const name = "\"filename\":\"" + std::string(record.at("file_name").as_string());
    std::int64_t found = 0;
    for (std::size_t from = shown.find(name); from != std::string::npos; from = shown.find(name, from + 1)) {
        ++found;
    }
    return found;
}

json::object applicants_of_one_job(Sandbox& at, int records) {
    json::value const job = control(at, "POST", "/greenhouse/jobs", {{"name", "Nurse"}});
    for (int i = 0; i < records; ++i) {
        (void)control(at, "POST", "/greenhouse/candidates",
                      {{"first_name", "Ada"}, {"last_name", "Test" + fresh_number()}, {"job", job.at("id")}});
    }
    return {{"job", job.at("id")}};
}
json::object one_job(Sandbox& at, int) {
    return {{"job", control(at, "POST", "/greenhouse/jobs", {{"name", "Nurse"}}).at("id")}};
}

Inbound sent(json::object body, json::object const& extra) {
    for (auto const& member : extra) {
        body[member.key()] = member.value();
    }
    std::string const text = sandbox::greenhouse::escape(json::serialize(body));
    return {text,
            {{"content-type", "application/json"},
             {"greenhouse-event-id", "event-" + fresh_number()},
             {"signature", sandbox::greenhouse::sign(webhook_key, text)}}};
}

// What Greenhouse itself makes of the hire; it is kept in the sandbox's list, because nobody listens where it goes.
Inbound hired(Sandbox& at, plugin_host::Links&, json::object const& extra) {
    Made const made = candidate(at);
    json::value const hook = control(
        at, "POST", "/greenhouse/webhooks",
        {{"event", "hire_candidate"}, {"url", "http://127.0.0.1:9/"}, {"secret_key", webhook_key}, {"ping", false}});
    json::value const hire = control(at, "POST", "/greenhouse/candidates/" + made.candidate + "/hire");
    json::value const delivery =
        control(at, "GET", "/greenhouse/deliveries/" + std::string(hire.at("deliveries").at(0).as_string()));
    (void)control(at, "DELETE", "/greenhouse/webhooks/" + digits(hook.at("id")));
    json::value const& body = delivery.at("body");
    return sent(body.is_string() ? json::parse(body.get_string()).as_object() : body.as_object(), extra);
}

std::vector<std::pair<std::string, std::function<void(Inbound&)>>> forgeries() {
    return {{"one byte more", [](Inbound& request) { request.body += ' '; }},
            {"one byte changed", [](Inbound& request) { request.body[request.body.find("hire_candidate")] = 'H'; }},
            {"no signature", [](Inbound& request) { request.headers.pop_back(); }},
            {"another scheme", [](Inbound& request) { request.headers.back().second.replace(0, 6, "sha512"); }},
            {"another key", [](Inbound& request) {
                 request.headers.back().second = sandbox::greenhouse::sign("another", request.body);
             }}};
}

}  // namespace

Profile greenhouse() {
    Profile profile;
    profile.connector = "greenhouse";
    profile.vendor = "greenhouse";
    profile.settings = [](std::string const& address) -> json::object {
        return {
            {"base_url", address + "/greenhouse"},
            {"token_url", address + "/greenhouse/token"},
            {"auth",
             {{"client_id", "greenhouse-sandbox.client"}, {"client_secret", "secret:test/client"}, {"user_id", 92120}}},
            {"webhook", {{"secret_key", "secret:test/webhook"}}},
            {"user_email", "gh.admin@example.com"}};
    };
    profile.secrets = {{"client", "greenhouse-sandbox-secret"}, {"webhook", webhook_key}};
    profile.prepare = [](Sandbox& at) {
        (void)control(at, "POST", "/greenhouse/settings", {{"v3_limit", 0}, {"token_limit", 0}});
    };
    profile.pushes.push_back({"add_note", note, notes, "POST", "/greenhouse/v3/notes", {"body"}, {}, {"dedup_key"}});
    profile.webhooks.push_back({"candidate.hired", hired, forgeries(), "/greenhouse/v3/**"});
    profile.pushes.push_back(
        {"attach_file", file, files, "POST", "/greenhouse/v3/attachments", {}, {}, {"type"}, "%PDF-1.4 conformance"});
    profile.polls.push_back({"application.changed", applicants_of_one_job, "/greenhouse/v3/applications", 600});
    profile.polls.push_back({"posting.changed", one_job, "/greenhouse/v3/jobs", 1});
    return profile;
}

}  // namespace crosswalk::conformance
