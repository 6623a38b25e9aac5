#include "directory.hpp"

#include <algorithm>

namespace crosswalk::charthop {
namespace {

constexpr std::int64_t remembered_ms = 10 * 60 * 1000;
constexpr std::size_t people_max = 10'000;

bool has_email(Api const& api, Row const& row, std::string const& wanted) {
    Settings const& settings = api.settings();
    auto const is_it = [&](std::string_view code) { return !code.empty() && folded(row.text(code)) == wanted; };
    json::array const& aliases = settings.contract.at("email_aliases").get_array();
    return is_it(settings.person_field("home_email")) || is_it(settings.person_field("work_email")) ||
           std::any_of(aliases.begin(), aliases.end(),
                       [&](json::value const& code) { return is_it(std::string_view(code.get_string())); });
}

}  // namespace

std::optional<Person> PersonCache::find(std::string const& key, std::int64_t now_ms) {
    std::lock_guard const lock(mutex_);
    if (now_ms - began_ms_ > remembered_ms || people_.size() >= people_max) {
        people_.clear();
        began_ms_ = now_ms;
    }
    auto const found = people_.find(key);
    return found == people_.end() ? std::nullopt : std::optional(found->second);
}

void PersonCache::keep(std::string const& key, Person person, std::int64_t now_ms) {
    std::lock_guard const lock(mutex_);
    began_ms_ = people_.empty() ? now_ms : began_ms_;
    people_.insert_or_assign(key, std::move(person));
}

std::string People::fields() const {
    std::string out = "id,name";
    for (char const* name : {"home_email", "work_email"}) {
        if (std::string_view const code = api_->settings().person_field(name); !code.empty()) {
            out.append(",").append(code);
        }
    }
    return out;
}

Person People::person_of(Row const& row) const {
    Settings const& settings = api_->settings();
    std::string email = row.text(settings.person_field("work_email"));
    if (email.empty()) {
        email = row.text(settings.person_field("home_email"));
    }
    return {row.id("personId"), std::move(email), row.text("name")};
}

std::optional<Person> People::with_email(std::string_view email) const {
    std::string const wanted = folded(email);
    if (wanted.empty()) {
        return std::nullopt;
    }
    std::optional<Person> found;
    for (char const* name : {"home_email", "work_email"}) {
        std::string_view const code = api_->settings().person_field(name);
        if (code.empty()) {
            continue;
        }
        // Without includeAll ChartHop hides former people and people who were never in a job.
        api_->each("v2", "person",
                   {{"includeAll", "true"},
                    {"q", api_->settings().query("person_by_email", wanted, code)},
                    {"fields", fields()}},
                   [&](Row const& row) {
                       // The filter is not exact by contract.
                       if (has_email(*api_, row, wanted)) {
                           found = person_of(row);
                       }
                       return !found.has_value();
                   });
        if (found) {
            return found;
        }
    }
    return std::nullopt;
}

std::optional<Person> People::meant_by(std::string const& value) const {
    if (value.empty()) {
        return std::nullopt;
    }
    if (value.find('@') != std::string::npos) {
        return Person{{}, value, {}};
    }
    if (std::optional<Person> const known = cache_->find(value, api_->call().unix_ms())) {
        return known;
    }
    std::string const path = "person/" + connector::url_encode(value);
    std::optional<Row> row = api_->get("v2", path, {{"fields", fields()}});
    if (!row) {
        std::optional<Row> const job =
            api_->get("v2", "job/" + connector::url_encode(value), {{"fields", "jobId,personId"}});
        std::string const holder = job ? job->text(api_->settings().job_field("holder")) : std::string();
        if (!holder.empty()) {
            row = api_->get("v2", "person/" + connector::url_encode(holder), {{"fields", fields()}});
        }
    }
    if (!row) {
        return std::nullopt;
    }
    Person person = person_of(*row);
    cache_->keep(value, person, api_->call().unix_ms());
    return person;
}

std::optional<std::string> group_id(Api const& api, std::string const& type, std::string const& name) {
    std::string id;
    api.each("v2", "group/" + type, {{"search", name}}, [&](Row const& row) {
        if (folded(row.text("name")) == folded(name)) {
            id = row.id("groupId");
        }
        return id.empty();
    });
    if (!id.empty()) {
        return id;
    }
    if (!api.settings().create_groups) {
        return std::nullopt;
    }
    Written const made = api.write("POST", "v2", "group/" + type, {{"name", name}});
    std::string made_id = made.row.id("groupId");
    if (made.kind != Written::Kind::done || made_id.empty()) {
        // The next attempt looks for it by name before it makes another.
        throw Failure(CW_ERR_TRANSIENT, "ChartHop did not say whether it made a group.");
    }
    return made_id;
}

}  // namespace crosswalk::charthop
