#include "sandbox/greenhouse/state.hpp"

#include "sandbox/greenhouse/signature.hpp"
#include "sandbox/greenhouse/times.hpp"

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::int64_t first_fresh_id = 50'000'000;  // above every id of the samples but that of the sample note

// As file names stand in a path: letters, digits and -._~ as they are.
std::string encode(std::string_view text) {
    std::string encoded;
    for (char const letter : text) {
        bool const plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') ||
                           std::string_view("-._~").find(letter) != std::string_view::npos;
        auto const byte = static_cast<unsigned char>(letter);
        if (plain) {
            encoded += letter;
        } else {
            encoded += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 0xf]};
        }
    }
    return encoded;
}

}  // namespace

std::int64_t State::add(Records& records, Record record) {
    std::string const now = iso(now_ms());
    std::int64_t id = number_of(record.v3, "id");
    if (id == 0) {
        id = next_id++;
        json::object with_id{{"id", id}};
        with_id.insert(record.v3.begin(), record.v3.end());
        record.v3 = std::move(with_id);
    }
    record.v3.emplace("created_at", now);
    record.v3.emplace("updated_at", now);
    records.insert_or_assign(id, std::move(record));
    return id;
}

std::string State::link_to(std::int64_t attachment) const {
    auto const* const record = find(attachments, attachment);
    std::string const id = std::to_string(attachment);
    std::string const expires = std::to_string(now_ms() + settings.attachment_ttl_ms);
    return "http://127.0.0.1:" + std::to_string(port) + "/greenhouse/files/" + id + "/" +
           encode(record == nullptr ? "" : text_of(record->v3, "filename")) + "?Expires=" + expires +
           "&Signature=" + hmac_hex(link_secret, id + "." + expires);
}

void State::reset() {
    settings = Settings();
    credentials.clear();
    anonymous_window = RateWindow();
    token_window = RateWindow();
    tokens.clear();
    cursors.clear();
    cursor_order.clear();
    for (Records* const records : {&users, &departments, &offices, &jobs, &openings, &candidates, &applications,
                                   &offers, &attachments, &notes, &custom_fields, &custom_field_options}) {
        records->clear();
    }
    documents.clear();
    document_bytes = 0;
    link_secret = ids.hex(32);
    next_id = first_fresh_id;
    hired = 0;
    seed(*this);
}

Record const* find(Records const& records, std::int64_t id) {
    auto const found = records.find(id);
    return found == records.end() ? nullptr : &found->second;
}

Record* find(Records& records, std::int64_t id) {
    auto const found = records.find(id);
    return found == records.end() ? nullptr : &found->second;
}

Record const* current_offer(State const& state, std::int64_t application) {
    Record const* current = nullptr;
    for (auto const& [id, offer] : state.offers) {
        if (number_of(offer.v3, "application_id") == application &&
            (current == nullptr || number_of(offer.v3, "version") > number_of(current->v3, "version"))) {
            current = &offer;
        }
    }
    return current;
}

Record* current_offer(State& state, std::int64_t application) {
    auto const* const offer = current_offer(std::as_const(state), application);
    return offer == nullptr ? nullptr : find(state.offers, number_of(offer->v3, "id"));
}

json::value value_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    return found == nullptr ? json::value() : *found;
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

bool flag_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    return found != nullptr && found->is_bool() && found->get_bool();
}

}  // namespace crosswalk::sandbox::greenhouse
