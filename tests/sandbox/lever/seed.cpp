#include "sandbox/lever/seed_data.hpp"
#include "sandbox/lever/state.hpp"

#include <array>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

struct SeedUser {
    std::string_view id;
    std::string_view name;
    std::string_view username;
};

// Everybody whom the sample records name by id. The direct manager is also GoCo's emp_77.
constexpr std::array<SeedUser, 13> users{{{"74297e17-dfef-4cd9-8545-f59a0672ac3a", "Casey Bright", "casey.bright"},
                                          {"8a792fa3-b31f-4587-bd7a-09e02b181c68", "Requisition Owner", "owner3"},
                                          {"8276427b-2ab8-4df9-8794-59a208fc0915", "Requisition Creator", "creator2"},
                                          {"df0adaa6-172c-4cd6-8520-49b203660fe1", "Owner Example", "owner"},
                                          {"ecdb6670-d9f3-4b87-8267-1cde26d1bc42", "Follower Example", "follower"},
                                          {"ec1cb1bb-8b58-4834-bc6e-b2af06296e4a", "Posting Example", "posting"},
                                          {"7eb948ab-d41f-441e-a175-a9551f586f4a", "Hiring Example", "hiring"},
                                          {"aa290857-ef5a-4696-8b85-62e8d495dc4b", "Second Hiring", "hiring2"},
                                          {"ac92b6db-6e40-4b08-ae7b-236ba24f0a82", "Direct Manager", "manager"},
                                          {"315b702b-27ec-49ac-89f6-449148fe5764", "Offer Creator", "creator"},
                                          {"08dc4719-1081-48a5-b7a3-26471b580be1", "Former Owner", "owner2"},
                                          {"044140c7-86b4-42cb-9faf-7b93121c25d1", "Former Hiring", "hiring3"},
                                          {"1da88e6b-c49f-4945-a9fc-c1ce2d36c031", "Head Example", "head"}}};

json::object object_in(std::string_view sample) {
    return json::parse({sample.data(), sample.size()}).at("data").as_object();
}

json::array array_in(std::string_view sample) {
    return json::parse({sample.data(), sample.size()}).at("data").as_array();
}

void add_all(Collection& collection, std::string_view sample) {
    for (auto const& record : array_in(sample)) {
        collection.add(record.as_object());
    }
}

void seed_users(State& state) {
    add_all(state.users, seed_data::users_list);
    for (SeedUser const& user : users) {
        std::string const username(user.username);
        state.users.add({{"id", json::string_view(user.id.data(), user.id.size())},
                         {"name", json::string_view(user.name.data(), user.name.size())},
                         {"username", username},
                         {"email", username + "@example.com"},
                         {"createdAt", 1407357447018},
                         {"deactivatedAt", nullptr},
                         {"externalDirectoryId", nullptr},
                         {"accessRole", "team member"},
                         {"photo", nullptr},
                         {"linkedContactIds", json::array()},
                         {"jobTitle", nullptr},
                         {"managerId", nullptr}});
    }
}

// The hired candidate of the sample webhooks, its application and signed offer.
void seed_candidate(State& state) {
    json::object opportunity = object_in(seed_data::opportunity_hired_expanded);
    Candidate candidate{.id = id_of(opportunity),
                        .contact = text_of(opportunity, "contact"),
                        .created_at = created_of(opportunity),
                        .opportunity = {}};
    json::object const& archived = opportunity.at("archived").as_object();
    candidate.archived = Archived{number_of(archived, "archivedAt"), text_of(archived, "reason")};
    candidate.archive_shape = ArchiveShape::both;
    candidate.application = opportunity.at("applications").as_array().at(0).as_object();
    opportunity["applications"] = json::array{candidate.application->at("id")};
    for (auto const& offer : array_in(seed_data::offers_list_signed)) {
        candidate.offers.push_back(offer.as_object());
    }
    for (char const* const field : {"archived", "archivedAt", "archiveReason"}) {
        opportunity.erase(field);
    }
    state.contacts.add({{"id", candidate.contact},
                        {"name", opportunity.at("name")},
                        {"headline", opportunity.at("headline")},
                        {"isAnonymized", false},
                        {"location", {{"name", opportunity.at("location")}}},
                        {"emails", opportunity.at("emails")},
                        {"phones", opportunity.at("phones")}});
    candidate.opportunity = std::move(opportunity);
    state.add(std::move(candidate));
}

}  // namespace

void seed(State& state) {
    state.credentials.emplace("lever-sandbox-key", Credential{});
    state.credentials.emplace("lever-sandbox-key-plain", Credential{.confidential = false, .rights = {}});
    state.credentials.emplace("lever-sandbox-token", Credential{.bearer = true, .rights = {}});
    seed_users(state);
    add_all(state.stages, seed_data::stages_list);
    state.stages.add({{"id", "00922a60-7c15-422b-b086-f62000824fd7"}, {"text", "Offer accepted"}});
    add_all(state.archive_reasons, seed_data::archive_reasons_list);
    state.postings.add(object_in(seed_data::posting));
    state.requisitions.add(object_in(seed_data::requisition));
    add_all(state.requisition_fields, seed_data::requisition_fields_list);
    // The sample requisition uses it, the sample list of fields leaves it out.
    state.requisition_fields.add(
        {{"id", "target_hire_date"}, {"text", "Target hire date"}, {"type", "date"}, {"isRequired", false}});
    state.contacts.add(object_in(seed_data::contact));
    seed_candidate(state);
}

}  // namespace crosswalk::sandbox::lever
