#include "fixture.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace crosswalk::goco_test {

std::string sample(std::string_view name) {
    std::ifstream in(std::string(GOCO_SAMPLES) + "/" + std::string(name) + ".json", std::ios::binary);
    if (!in) {
        throw std::runtime_error("no sample " + std::string(name));
    }
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string address(std::string_view path) {
    return std::string(base) + std::string(path);
}

std::string settings(json::object const& more) {
    json::object out{{"base_url", "https://goco.example.com/"}, {"company", "acme-demo"}, {"api_key", "secret:env/k"}};
    for (auto const& [key, value] : more) {
        out[key] = value;
    }
    return json::serialize(out);
}

std::string employee(json::object const& more) {
    json::object out{
        {"external_id", ours}, {"import_source", "Lever"}, {"first_name", "Nora"}, {"last_name", "Okafor"}};
    for (auto const& [key, value] : more) {
        out[key] = value;
    }
    return json::serialize(out);
}

json::object hire() {
    return json::parse(R"({
        "kind": "hire", "hired_at": "2026-11-21T21:39:00Z", "import_source": "Lever",
        "first_name": "Nora", "last_name": "Okafor",
        "personal_email": "nora.okafor@example.net", "personal_phone": "+1-555-010-0199",
        "department": {"name": "Engineering"}, "location": {"name": "Houston HQ"},
        "job_title": "Support Engineer", "employment_type": "full_time", "start_date": "2026-12-01",
        "manager": {"name": "Ada Boss", "email": "ada.boss@example.com"},
        "candidate": {"system": "lever", "kind": "candidate", "id": "c1"},
        "application": {"system": "lever", "kind": "opp", "id": "250d8f03-738a-4bba-a671-8a3d73477145"}
    })")
        .as_object();
}

json::object person(char const* id, char const* first, char const* last, json::object const& more) {
    json::object out{{"id", id}, {"first_name", first}, {"last_name", last}, {"external_id", nullptr}};
    for (auto const& [key, value] : more) {
        out[key] = value;
    }
    return out;
}
std::string one(json::object row) {
    return page({std::move(row)}, {{"limit", 100}, {"offset", 0}, {"total", 1}});
}

// Nobody is there and GoCo creates the employee of the sample.
void nobody_there(World& world) {
    world.search().reply(200, sample("employee_search_none"));
}
void create_works(World& world) {
    world.create().reply(201, sample("employee_create_response_201"));
}

std::string page(json::array rows, json::object meta) {
    return json::serialize(json::object{{"data", std::move(rows)}, {"meta", std::move(meta)}});
}

World::World(json::object const& more_settings)
    : host(settings(more_settings), "goco"), goco(prepared(host).create(cw_connector_entry_v0, "goco")) {}

support::FakeHost& World::prepared(support::FakeHost& host) {
    host.secret("/api_key", "canary-key");
    host.on("GET", address("/departments")).reply(200, sample("departments"));
    host.on("GET", address("/locations")).reply(200, sample("locations"));
    host.on("GET", address("/job_titles")).reply(200, sample("job_titles"));
    return host;
}

support::CallResult World::push(std::string const& record, std::uint32_t attempt) {
    return goco.push("create_employee", "delivery-1", record, attempt);
}

std::vector<support::SentRequest> World::creates() const {
    auto sent = host.requests("POST", address("/employees"));
    std::erase_if(sent, [](support::SentRequest const& request) { return request.url != address("/employees"); });
    return sent;
}

json::object World::created() const {
    auto const sent = creates();
    if (sent.size() != 1) {
        throw std::runtime_error("not exactly one create");
    }
    return sent.front().json().as_object();
}

}  // namespace crosswalk::goco_test
