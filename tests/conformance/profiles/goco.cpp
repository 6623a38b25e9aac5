#include "conformance/profile.hpp"

namespace crosswalk::conformance {
namespace {

json::object hire(Sandbox&) {
    std::string const number = fresh_number();
    return {{"kind", "hire"},
            {"ref", {{"system", "source"}, {"kind", "application"}, {"id", "app-" + number}}},
            {"first_name", "Ada" + number},
            {"last_name", "Test"},
            {"personal_email", "ada" + number + "@example.com"},
            {"personal_phone", "+1 555 0100"},
            {"job_title", "Support Engineer"},
            {"employment_type", "full_time"},
            {"start_date", "2026-12-07"},
            {"hired_at", "2026-11-21T10:00:00Z"},
            {"candidate", {{"system", "source"}, {"kind", "candidate"}, {"id", "cand-" + number}}},
            {"application", {{"system", "source"}, {"kind", "application"}, {"id", "app-" + number}}},
            {"import_source", "Lever"}};
}

std::int64_t employees(Sandbox& at, json::object const& record) {
    return count(at, "/goco/employees", [&](json::value const& employee) {
        return employee.at("first_name") == record.at("first_name") &&
               employee.at("last_name") == record.at("last_name");
    });
}

}  // namespace

Profile goco() {
    Profile profile;
    profile.connector = "goco";
    profile.vendor = "goco";
    profile.settings = [](std::string const& address) -> json::object {
        return {{"base_url", address + "/goco"},
                {"allow_insecure", true},
                {"company", "acme-demo"},
                {"api_key", "secret:test/key"}};
    };
    profile.secrets = {{"key", "goco-sandbox-key"}};
    profile.pushes.push_back({"create_employee",
                              hire,
                              employees,
                              "POST",
                              "/goco/companies/*/employees",
                              {"first_name", "last_name", "job_title"},
                              {"start_date"},
                              {"personal_phone", "job_title", "employment_type", "start_date", "import_source"}});
    return profile;
}

}  // namespace crosswalk::conformance
