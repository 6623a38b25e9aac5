#include "search.hpp"

#include "names.hpp"

namespace crosswalk::goco {
namespace {

// More namesakes than this in one company are not people.
constexpr std::size_t namesakes_max = 100;

bool has_our_name(Api const& api, json::object const& row, std::string const& first, std::string const& last) {
    return fold(api.text(row, "first_name")) == first && fold(api.text(row, "last_name")) == last;
}

// With first_last_email a namesake with another address is another person. One without any address may be the same
// person, and creating somebody twice is the worse mistake.
bool may_be_same_person(Api const& api, json::object const& row, std::string_view email) {
    if (api.settings().duplicate_match == DuplicateMatch::off) {
        return false;
    }
    if (api.settings().duplicate_match == DuplicateMatch::first_last || email.empty()) {
        return true;
    }
    std::string_view const personal = api.text(row, "personal_email");
    std::string_view const work = api.text(row, "work_email");
    return (personal.empty() && work.empty()) || same_name(personal, email) || same_name(work, email);
}

// Rows of a list need not carry external_id; then only the person's own record tells.
Person complete(Api const& api, json::object const& row) {
    Person person{row};
    if (row.contains(api.settings().wire("external_id"))) {
        return person;
    }
    std::string const id = person.id(api);
    std::optional<Person> whole = id.empty() ? std::nullopt : read_back(api, id);
    return whole ? std::move(*whole) : person;
}

}  // namespace

std::optional<Person> read_back(Api const& api, std::string const& id) {
    std::optional<json::value> found = api.get_if_there("employee_get", {{"id", id}});
    return found ? std::optional(Person{std::move(found->get_object())}) : std::nullopt;
}

bool is_ours(Api const& api, Person const& person, std::string_view external_id) {
    return !external_id.empty() && api.text(person.row, "external_id") == external_id;
}

Found search_employee(Api const& api, json::object const& hire) {
    json::value const root(hire);
    std::string_view const external_id = connector::text_at(root, "/external_id");
    std::string const first = tidy(connector::text_at(root, "/first_name"));
    std::string const last = tidy(connector::text_at(root, "/last_name"));
    std::string_view const email = connector::text_at(root, "/personal_email");
    std::string const folded_first = fold(first);
    std::string const folded_last = fold(last);
    Found found;
    std::vector<json::object> namesakes;
    auto const consider = [&](json::object const& row) {
        if (is_ours(api, Person{row}, external_id)) {
            found.ours = Person{row};
            return false;
        }
        if (namesakes.size() < namesakes_max && has_our_name(api, row, folded_first, folded_last)) {
            namesakes.push_back(row);
        }
        return true;
    };
    if (api.settings().uses("employee_by_external_id")) {
        api.list("employee_by_external_id", {{"external_id", std::string(external_id)}}, consider);
        namesakes.clear();
    }
    if (!found.ours) {
        api.list("employee_search", {{"first_name", first}, {"last_name", last}}, consider);
    }
    for (json::object const& row : namesakes) {
        if (found.ours) {
            break;
        }
        Person person = complete(api, row);
        if (is_ours(api, person, external_id)) {
            found.ours = std::move(person);
        } else if (!found.namesake && may_be_same_person(api, person.row, email)) {
            found.namesake = std::move(person);
        }
    }
    return found;
}

}  // namespace crosswalk::goco
