#include "sandbox/greenhouse/custom_fields.hpp"
#include "sandbox/greenhouse/seed_data.hpp"
#include "sandbox/greenhouse/state.hpp"

#include <array>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

struct SeedUser {
    std::int64_t id;
    char const* first_name;
    char const* last_name;
    char const* email;
    char const* second_email;  // empty: none
    bool deactivated = false;
    bool service = false;
};

// Beside the Site Admin of the samples: the people of the sample webhook, one who has left, and the user that stands
// behind a token that names nobody.
constexpr std::array<SeedUser, 5> users{{{55, "Bob", "Johnson", "bob_johnson@example.com", "bob.second@example.com"},
                                         {56, "Robert", "Approver", "bob_johnson_approver1@example.com", ""},
                                         {158104, "Robert", "Johnson", "bob_johnson1@example.com", ""},
                                         {158105, "Former", "Colleague", "former@example.com", "", true},
                                         {158999, "Harvest", "Service", "service@example.com", "", false, true}}};

void add_all(State& state, Records& records, std::string_view sample) {
    json::value const parsed = json::parse({sample.data(), sample.size()});
    for (json::value const& record : parsed.as_array()) {
        state.add(records, {.v3 = record.as_object()});
    }
}

void seed_users(State& state) {
    add_all(state, state.users, seed_data::users_list);
    json::object const pattern = state.users.begin()->second.v3;
    for (SeedUser const& user : users) {
        json::object printed = pattern;
        json::array emails{user.email};
        if (*user.second_email != '\0') {
            emails.emplace_back(user.second_email);
        }
        printed["id"] = user.id;
        printed["first_name"] = user.first_name;
        printed["last_name"] = user.last_name;
        printed["name"] = std::string(user.first_name) + " " + user.last_name;
        printed["primary_email"] = user.email;
        printed["emails"] = std::move(emails);
        printed["deactivated"] = user.deactivated;
        printed["site_admin"] = false;
        printed["employee_id"] = nullptr;
        state.add(state.users, {.v3 = std::move(printed), .beside = {{"service", user.service}}});
    }
}

void seed_organisation(State& state) {
    state.add(state.departments,
              {.v3 = {{"id", 7}, {"name", "Technology"}, {"parent_id", nullptr}, {"external_id", "ex-dept-1"}}});
    state.add(state.offices, {.v3 = {{"id", 13},
                                     {"name", "New York City"},
                                     {"location", "New York, NY"},
                                     {"parent_id", nullptr},
                                     {"external_id", "ex-office-1"}}});
    state.add(state.offices, {.v3 = {{"id", 14},
                                     {"name", "St. Louis"},
                                     {"location", nullptr},
                                     {"parent_id", nullptr},
                                     {"external_id", nullptr}}});
    add_all(state, state.jobs, seed_data::jobs_list);
    json::object second_job = state.jobs.begin()->second.v3;
    second_job["id"] = 323754;
    second_job["name"] = "Designer";
    state.add(state.jobs, {.v3 = std::move(second_job)});
    add_all(state, state.openings, seed_data::openings_list);
}

void seed_custom_fields(State& state) {
    std::vector<std::string> const employment_types{"Full-time", "Part-time", "Contractor", "Intern"};
    add_all(state, state.custom_fields, seed_data::custom_fields_list_offer);
    std::int64_t order = 0;
    for (std::string const& option : employment_types) {
        state.add(state.custom_field_options, {.v3 = {{"id", 900 + order},
                                                      {"custom_field_id", 123457},
                                                      {"name", option},
                                                      {"sort_order", order},
                                                      {"external_id", nullptr}}});
        ++order;
    }
    auto const define = [&](std::int64_t id, char const* of, char const* name, char const* type, char const* key,
                            std::vector<std::string> const& options) {
        define_custom_field(
            state, {{"id", id}, {"field_type", of}, {"name", name}, {"value_type", type}, {"name_key", key}}, options);
    };
    define(123458, "offer", "Salary", "currency", "salary", {});
    define(123459, "candidate", "Desired Salary", "short_text", "desired_salary", {});
    define(123460, "job", "Employment Type", "single_select", "employment_type", employment_types);
    define(123461, "job", "SalaryRange", "currency_range", "salary_range", {});
}

// The samples name three applications and print only the first one's candidate.
void seed_people(State& state) {
    add_all(state, state.candidates, seed_data::candidates_list);
    json::object const pattern = state.candidates.begin()->second.v3;
    for (std::int64_t const id : {35898000, 35898001}) {
        std::string const number = std::to_string(id);
        json::object printed = pattern;
        printed["id"] = id;
        printed["first_name"] = "Sample";
        printed["last_name"] = "Applicant" + number;
        printed["tags"] = json::array();
        printed["phone_numbers"] = json::array();
        printed["social_media_addresses"] = json::array();
        printed["email_addresses"] =
            json::array{json::object{{"value", "applicant" + number + "@example.com"}, {"type", "personal"}}};
        state.add(state.candidates, {.v3 = std::move(printed)});
    }
    add_all(state, state.applications, seed_data::applications_list);
    add_all(state, state.offers, seed_data::offers_list_current);
    add_all(state, state.attachments, seed_data::attachments_list);
    for (auto const& [id, attachment] : state.attachments) {
        Document document{.content = "%PDF-1.4 " + text_of(attachment.v3, "filename"),
                          .content_type = "application/pdf"};
        state.document_bytes += document.content.size();
        state.documents[id] = std::move(document);
    }
}

}  // namespace

void seed(State& state) {
    state.credentials.emplace("greenhouse-sandbox-key", Credential{});
    state.credentials.emplace("greenhouse-sandbox.client",
                              Credential{.client = true, .secret = "greenhouse-sandbox-secret"});
    seed_users(state);
    seed_custom_fields(state);
    seed_organisation(state);
    seed_people(state);
}

}  // namespace crosswalk::sandbox::greenhouse
