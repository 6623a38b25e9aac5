#include "sandbox/lever/candidates.hpp"

#include "sandbox/fields.hpp"
#include "sandbox/lever/hooks.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::string_view sample_posting = "f2f01e16-27f8-4711-a728-7d49499795a0";
constexpr std::string_view sample_owner = "df0adaa6-172c-4cd6-8520-49b203660fe1";
constexpr std::string_view sample_stage = "f48aad6f-91f7-4e87-b3f3-5e7a9207e54b";
constexpr std::string_view offer_creator = "315b702b-27ec-49ac-89f6-449148fe5764";
constexpr std::array<std::string_view, 8> offer_states{"draft",         "approval-sent", "approved", "sent",
                                                       "sent-manually", "opened",        "denied",   "signed"};

// The control side's fields, read and checked, before anything is made of them.
struct Wish {
    std::string name;
    std::vector<std::string> emails;
    json::array phones;
    std::string headline;
    std::string location;
    std::optional<std::string> opportunity_location;
    std::string posting;
    std::vector<json::object> offers;
    std::string owner;
    std::string stage;
    std::vector<std::string> tags;
    std::vector<std::string> sources;
    std::string origin;
    std::string application_type;
    std::optional<std::string> requisition_code;
    ArchiveShape archive_shape = ArchiveShape::flat;
    bool confidential = false;
    std::int64_t created_at = 0;
};

template <typename List>
bool contains(List const& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::string owned(std::string_view view) {
    return std::string(view);
}

// {"status", "created_at", "creator"} are the offer's own; every other member becomes one of its fields by identifier.
std::string read_offer(State& state, json::object const& wanted, std::vector<json::object>& offers) {
    json::object offer{{"id", state.ids.uuid()},          {"createdAt", now_ms()},   {"status", "signed"},
                       {"creator", owned(offer_creator)}, {"fields", json::array()}, {"sentDocument", nullptr},
                       {"signedDocument", nullptr}};
    for (auto const& member : wanted) {
        if (member.key() == "status") {
            if (!member.value().is_string() || !contains(offer_states, member.value().get_string().c_str())) {
                return "offer status is not one of Lever's";
            }
            offer["status"] = member.value();
        } else if (member.key() == "created_at") {
            offer["createdAt"] = member.value();
        } else if (member.key() == "creator") {
            offer["creator"] = member.value();
        } else {
            std::string text(member.key().data(), member.key().size());
            std::replace(text.begin(), text.end(), '_', ' ');
            offer["fields"].as_array().push_back(
                json::object{{"text", text}, {"identifier", member.key()}, {"value", member.value()}});
        }
    }
    offers.push_back(std::move(offer));
    return {};
}

std::string read_offers(State& state, Fields& fields, Wish& wish) {
    if (auto const* const offer = fields.object("offer"); offer != nullptr) {
        if (auto complaint = read_offer(state, *offer, wish.offers); !complaint.empty()) {
            return complaint;
        }
    }
    auto const* const offers = fields.array("offers");
    for (json::value const& offer : offers == nullptr ? json::array() : *offers) {
        auto complaint = offer.is_object() ? read_offer(state, offer.get_object(), wish.offers)
                                           : std::string("offers must hold objects");
        if (!complaint.empty()) {
            return complaint;
        }
    }
    return {};
}

std::string read_posting(State& state, json::value const* posting, Wish& wish) {
    if (posting == nullptr) {
        wish.posting = owned(sample_posting);
        return {};
    }
    if (posting->is_object()) {
        auto created = create_posting(state, posting->get_object());
        wish.posting = created.id;
        return created.complaint;
    }
    wish.posting = posting->is_string() ? std::string(posting->get_string().c_str()) : std::string();
    return state.postings.find(wish.posting) == nullptr ? "posting names no posting" : "";
}

void read_contact_points(Fields& fields, Wish& wish) {
    wish.emails = fields.texts("emails").value_or(std::vector<std::string>());
    if (auto const email = fields.text("email")) {
        wish.emails.insert(wish.emails.begin(), *email);
    }
    if (auto const* const phones = fields.array("phones"); phones != nullptr) {
        wish.phones = *phones;
    }
    if (auto const phone = fields.text("phone")) {
        wish.phones.push_back(json::object{{"type", "mobile"}, {"value", *phone}});
    }
}

std::string read_archive_shape(Fields& fields, Wish& wish) {
    std::string const shape = fields.text("archive_shape").value_or("flat");
    wish.archive_shape = shape == "both"     ? ArchiveShape::both
                         : shape == "nested" ? ArchiveShape::nested
                                             : ArchiveShape::flat;
    return shape == "both" || shape == "nested" || shape == "flat" ? "" : "archive_shape must be flat, nested or both";
}

// Answers the first complaint.
std::string read(State& state, json::object const& wanted, Wish& wish) {
    Fields fields(wanted);
    wish.name = fields.text("name").value_or("");
    read_contact_points(fields, wish);
    wish.headline = fields.text("headline").value_or("");
    wish.location = fields.text("location").value_or("");
    wish.opportunity_location = fields.text("opportunity_location");
    wish.owner = fields.text("owner").value_or(owned(sample_owner));
    wish.stage = fields.text("stage").value_or(owned(sample_stage));
    wish.tags = fields.texts("tags").value_or(std::vector<std::string>());
    wish.sources = fields.texts("sources").value_or(std::vector<std::string>());
    wish.origin = fields.text("origin").value_or("applied");
    wish.application_type = fields.text("application_type").value_or("posting");
    wish.requisition_code = fields.text("requisition_code");
    wish.confidential = fields.flag("confidential").value_or(false);
    wish.created_at = fields.integer("created_at").value_or(now_ms());
    std::string complaint = read_archive_shape(fields, wish);
    complaint = complaint.empty() ? read_offers(state, fields, wish) : complaint;
    auto const* const posting = fields.any("posting");
    complaint = complaint.empty() ? fields.complaint() : complaint;
    if (!complaint.empty()) {
        return complaint;
    }
    static constexpr std::array<std::string_view, 4> types{"posting", "user", "referral", "none"};
    if (!contains(types, wish.application_type) || !contains(origins, wish.origin)) {
        return "application_type must be posting, user, referral or none; origin one of Lever's six";
    }
    if (wish.name.empty()) {
        return "name is required";
    }
    // Last, because it may add a posting to the state.
    return read_posting(state, posting, wish);
}

json::object make_application(State& state, Wish const& wish, std::string const& opportunity) {
    json::object application{{"id", state.ids.uuid()},
                             {"opportunityId", opportunity},
                             {"candidateId", opportunity},
                             {"createdAt", wish.created_at},
                             {"type", wish.application_type},
                             {"posting", wish.posting},
                             {"postingOwner", nullptr},
                             {"postingHiringManager", nullptr},
                             {"user", nullptr},
                             {"name", wish.name},
                             {"email", wish.emails.empty() ? json::value(nullptr) : json::value(wish.emails.front())},
                             {"phone", wish.phones.empty() ? json::value(nullptr) : wish.phones.at(0)},
                             {"company", nullptr},
                             {"links", nullptr},
                             {"comments", nullptr},
                             {"resume", nullptr},
                             {"customQuestions", json::array()}};
    auto const* const posting = state.postings.find(wish.posting);
    application["postingOwner"] = posting->at("owner");
    application["postingHiringManager"] = posting->at("hiringManager");
    if (wish.requisition_code) {
        auto const& all = state.requisitions.all();
        auto const known = std::find_if(all.begin(), all.end(), [&](json::object const& one) {
            return text_of(one, "requisitionCode") == *wish.requisition_code;
        });
        application["requisitionForHire"] = {{"id", known == all.end() ? state.ids.uuid() : id_of(*known)},
                                             {"requisitionCode", *wish.requisition_code},
                                             {"hiringManagerOnHire", posting->at("hiringManager")}};
    }
    if (wish.application_type == "user") {
        // An application that a user made carries nothing of the person.
        for (char const* const field : {"name", "email", "phone"}) {
            application[field] = nullptr;
        }
        application["user"] = wish.owner;
    }
    return application;
}

json::object make_opportunity(Wish const& wish, Candidate const& candidate) {
    json::array applications;
    if (candidate.application) {
        applications.push_back(candidate.application->at("id"));
    }
    json::object opportunity{
        {"id", candidate.id},
        {"name", wish.name},
        {"headline", wish.headline},
        {"contact", candidate.contact},
        {"emails", json::value_from(wish.emails)},
        {"phones", wish.phones},
        {"confidentiality", wish.confidential ? "confidential" : "non-confidential"},
        {"location", wish.location},
        {"links", json::array()},
        {"createdAt", wish.created_at},
        {"updatedAt", wish.created_at},
        {"lastInteractionAt", wish.created_at},
        {"lastAdvancedAt", wish.created_at},
        {"snoozedUntil", nullptr},
        {"stage", wish.stage},
        {"stageChanges", json::array()},
        {"owner", wish.owner},
        {"tags", json::value_from(wish.tags)},
        {"sources", json::value_from(wish.sources)},
        {"origin", wish.origin},
        {"sourcedBy", nullptr},
        {"applications", std::move(applications)},
        {"resume", nullptr},
        {"followers", json::array{wish.owner}},
        {"urls",
         {{"list", "https://hire.lever.co/candidates"}, {"show", "https://hire.lever.co/candidates/" + candidate.id}}},
        {"dataProtection", nullptr},
        {"isAnonymized", false}};
    if (wish.opportunity_location) {
        opportunity["opportunityLocation"] = *wish.opportunity_location;
    }
    return opportunity;
}

}  // namespace

Created create_candidate(State& state, json::object const& wanted) {
    Wish wish;
    if (auto complaint = read(state, wanted, wish); !complaint.empty()) {
        return {.complaint = complaint};
    }
    Candidate candidate{.id = state.ids.uuid(),
                        .contact = state.ids.uuid(),
                        .created_at = wish.created_at,
                        .opportunity = {},
                        .offers = {wish.offers.begin(), wish.offers.end()},
                        .archive_shape = wish.archive_shape};
    if (wish.application_type != "none") {
        candidate.application = make_application(state, wish, candidate.id);
    }
    candidate.opportunity = make_opportunity(wish, candidate);
    state.contacts.add({{"id", candidate.contact},
                        {"name", wish.name},
                        {"headline", wish.headline},
                        {"isAnonymized", false},
                        {"location", {{"name", wish.location}}},
                        {"emails", json::value_from(wish.emails)},
                        {"phones", wish.phones}});
    return {.candidate = &state.add(std::move(candidate))};
}

std::string check_shared_fields(State& state, json::object& shared) {
    json::object probe = shared;
    probe["name"] = "Probe";
    Wish wish;
    auto complaint = read(state, probe, wish);
    shared["posting"] = wish.posting;
    return complaint;
}

CreatedPosting create_posting(State& state, json::object const& wanted) {
    Fields fields(wanted);
    json::object posting = *state.postings.find(sample_posting);
    std::string const id = state.ids.uuid();
    posting["id"] = id;
    posting["createdAt"] = now_ms();
    posting["updatedAt"] = now_ms();
    posting["text"] = fields.text("text").value_or("Support Engineer");
    posting["state"] = fields.text("state").value_or("published");
    posting["confidentiality"] = fields.flag("confidential").value_or(false) ? "confidential" : "non-confidential";
    if (auto const* const categories = fields.object("categories"); categories != nullptr) {
        posting["categories"] = *categories;
    }
    if (auto const channels = fields.texts("distribution_channels")) {
        posting["distributionChannels"] = json::value_from(*channels);
    }
    if (auto const tags = fields.texts("tags")) {
        posting["tags"] = json::value_from(*tags);
    }
    if (auto const manager = fields.text("hiring_manager")) {
        posting["hiringManager"] = *manager;
    }
    if (auto complaint = fields.complaint(); !complaint.empty()) {
        return {.complaint = "posting: " + complaint};
    }
    state.postings.add(std::move(posting));
    return {.id = id};
}

Announcement announce(Candidate const& candidate) {
    return {.ids = {{"candidateId", candidate.id}, {"contactId", candidate.contact}, {"opportunityId", candidate.id}},
            .origin = text_of(candidate.opportunity, "origin")};
}

Announcement archive(State& state, Candidate& candidate, std::string const& reason, std::int64_t stale_reads) {
    candidate.archived = Archived{now_ms(), reason};
    candidate.stale_reads = stale_reads;
    candidate.opportunity["updatedAt"] = candidate.archived->archived_at;
    state.hired += reason == state.hired_reason() ? 1 : 0;
    return announce(candidate);
}

Announcement unarchive(Candidate& candidate) {
    candidate.archived.reset();
    candidate.stale_reads = 0;
    candidate.opportunity["updatedAt"] = now_ms();
    return announce(candidate);
}

void anonymise(State& state, Candidate& candidate) {
    auto const strip = [](json::object& record) {
        record["name"] = nullptr;
        record["headline"] = nullptr;
        record["emails"] = json::array();
        record["phones"] = json::array();
        record["isAnonymized"] = true;
    };
    strip(candidate.opportunity);
    candidate.opportunity["location"] = nullptr;
    if (auto* const contact = state.contacts.find(candidate.contact); contact != nullptr) {
        strip(*contact);
        (*contact)["location"] = nullptr;
    }
    if (candidate.application) {
        for (char const* const field : {"name", "email", "phone"}) {
            (*candidate.application)[field] = nullptr;
        }
    }
}

}  // namespace crosswalk::sandbox::lever
