#include "people.hpp"

#include "fields.hpp"
#include "values.hpp"

#include <array>

namespace crosswalk::lever {

using connector::find;
using connector::text_at;

namespace {

constexpr std::size_t list_max = 20;

// The values at the pointers; one that is no list counts as a list of itself.
template <std::size_t N>
std::array<json::array, N> lists_at(json::value const& record, std::array<std::string_view, N> const& pointers) {
    std::array<json::array, N> lists;
    for (std::size_t i = 0; i < N; ++i) {
        if (json::value const* found = find(record, pointers[i]); found != nullptr) {
            lists[i] = found->is_array() ? found->get_array() : json::array{*found};
        }
    }
    return lists;
}

std::array<json::array, 3> phones_of(json::value const& record) {
    return lists_at<3>(record, {"/opportunity/phones", "/contact/phones", "/application/phone"});
}

// Empty for what does not ring.
std::string number_of(json::value const& phone) {
    json::value const* value = find(phone, "/value");
    return value == nullptr || text_at(phone, "/type") == "skype" ? std::string() : as_text(*value);
}

json::array emails_of(json::value const& record) {
    json::array out;
    for (json::array const& list :
         lists_at<3>(record, {"/opportunity/emails", "/contact/emails", "/application/email"})) {
        for (json::value const& email : list) {
            if (std::string text = as_text(email); !text.empty() && out.size() < list_max) {
                out.push_back(json::object{{"value", std::move(text)}, {"type", "personal"}});
            }
        }
        if (!out.empty()) {
            break;
        }
    }
    return out;
}

json::array canonical_phones(json::value const& record) {
    json::array out;
    for (json::array const& list : phones_of(record)) {
        for (json::value const& phone : list) {
            std::string number = number_of(phone);
            if (number.empty() || out.size() == list_max) {
                continue;
            }
            std::string_view const type = text_at(phone, "/type");
            bool const known = type == "home" || type == "work" || type == "mobile";
            out.push_back(json::object{{"value", std::move(number)}, {"type", known ? type : "other"}});
        }
        if (!out.empty()) {
            break;
        }
    }
    return out;
}

}  // namespace

std::string name_of(json::value const& record) {
    for (std::string_view const pointer : {"/opportunity/name", "/contact/name", "/application/name"}) {
        if (std::string name = folded(text_at(record, pointer)); !name.empty()) {
            return name;
        }
    }
    return {};
}

void put_name(NameSplit split, json::value const& record, json::object& out) {
    std::string const name = name_of(record);
    if (name.empty()) {
        return;
    }
    std::size_t const at = split == NameSplit::last_token ? name.rfind(' ') : name.find(' ');
    out["first_name"] = name.substr(0, at);
    if (at != std::string::npos) {
        out["last_name"] = name.substr(at + 1);
    }
}

std::string best_phone(json::value const& record) {
    std::string first;
    for (json::array const& list : phones_of(record)) {
        for (json::value const& phone : list) {
            std::string number = number_of(phone);
            if (!number.empty() && text_at(phone, "/type") == "mobile") {
                return number;
            }
            if (first.empty()) {
                first = std::move(number);
            }
        }
    }
    return first;
}

json::object person_of(NameSplit split, json::value const& record) {
    json::object person;
    put_name(split, record, person);
    if (std::string name = name_of(record); !name.empty()) {
        person["full_name"] = std::move(name);
    }
    if (json::array emails = emails_of(record); !emails.empty()) {
        person["emails"] = std::move(emails);
    }
    if (json::array phones = canonical_phones(record); !phones.empty()) {
        person["phones"] = std::move(phones);
    }
    return person;
}

connector::Event opportunity_event(std::string_view schema, json::object object) {
    json::value record(std::move(object));
    std::string const id(text_at(record, "/opportunity/id"));
    connector::Event event;
    event.subject = "opportunity:" + id;
    event.title = name_of(record);
    if (event.title.empty()) {
        event.title = event.subject;
    }
    event.record = {std::string(schema), id, std::move(record.get_object())};
    return event;
}

}  // namespace crosswalk::lever
