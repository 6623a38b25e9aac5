#include "sandbox/lever/state.hpp"

namespace crosswalk::sandbox::lever {

namespace json = boost::json;

bool Candidate::confidential() const {
    return text_of(opportunity, "confidentiality") == "confidential";
}

void Collection::add(json::object record) {
    std::string const id = id_of(record);
    if (auto* const known = find(id); known != nullptr) {
        *known = std::move(record);
        return;
    }
    index_.emplace(id, records_.size());
    records_.push_back(std::move(record));
}

json::object const* Collection::find(std::string_view id) const {
    auto const found = index_.find(std::string(id));
    return found == index_.end() ? nullptr : &records_[found->second];
}

json::object* Collection::find(std::string_view id) {
    auto const found = index_.find(std::string(id));
    return found == index_.end() ? nullptr : &records_[found->second];
}

Candidate& State::add(Candidate candidate) {
    candidate_index.emplace(candidate.id, candidates.size());
    return candidates.emplace_back(std::move(candidate));
}

Candidate* State::find_candidate(std::string_view id) {
    auto const found = candidate_index.find(std::string(id));
    return found == candidate_index.end() ? nullptr : &candidates[found->second];
}

std::string State::hired_reason() const {
    for (json::object const& reason : archive_reasons.all()) {
        if (text_of(reason, "type") == "hired") {
            return id_of(reason);
        }
    }
    return {};
}

void State::reset() {
    settings = Settings();
    credentials.clear();
    candidates.clear();
    candidate_index.clear();
    contacts = Collection();
    postings = Collection();
    users = Collection();
    stages = Collection();
    archive_reasons = Collection();
    requisitions = Collection();
    requisition_fields = Collection();
    consent = Consent();
    file_bytes = 0;
    hired = 0;
    seed(*this);
}

std::string text_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_string()) {
        return {};
    }
    return {found->get_string().c_str(), found->get_string().size()};
}

std::int64_t number_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

std::string id_of(json::object const& record) {
    return text_of(record, "id");
}

std::string id_of(Candidate const& candidate) {
    return candidate.id;
}

std::string id_of(File const& file) {
    return id_of(file.printed);
}

std::int64_t created_of(json::object const& record) {
    return number_of(record, "createdAt");
}

std::int64_t created_of(Candidate const& candidate) {
    return candidate.created_at;
}

std::int64_t created_of(File const& file) {
    return parse_number(text_of(file.printed, "uploadedAt")).value_or(0);
}

}  // namespace crosswalk::sandbox::lever
