// People and groups, found by what other systems know them by: an e-mail address, a name.
//
// Threads  People and Groups belong to one hook call; PersonCache has its own lock.
// Limits   10,000 people are remembered, for 10 minutes.
#pragma once

#include "api.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::charthop {

struct Person {
    std::string id;
    std::string email;  // work before home
    std::string name;
};

class PersonCache {
public:
    [[nodiscard]] std::optional<Person> find(std::string const& key, std::int64_t now_ms);
    void keep(std::string const& key, Person person, std::int64_t now_ms);

private:
    std::mutex mutex_;
    std::map<std::string, Person> people_;  // guarded by mutex_
    std::int64_t began_ms_ = 0;             // guarded by mutex_
};

class People {
public:
    People(Api const& api, PersonCache& cache) noexcept : api_(&api), cache_(&cache) {}

    // Somebody with that address, in any state: former people and those who never had a job too. Asks ChartHop anew.
    [[nodiscard]] std::optional<Person> with_email(std::string_view email) const;
    // Whom the value of a person field means: an address, the id of a person, or the id of the job that one holds.
    [[nodiscard]] std::optional<Person> meant_by(std::string const& value) const;

private:
    [[nodiscard]] Person person_of(Row const& row) const;
    [[nodiscard]] std::string fields() const;
    Api const* api_;
    PersonCache* cache_;
};

// The id of a department, team or location of that name. Made, where create_groups says so; nullopt when there is none.
[[nodiscard]] std::optional<std::string> group_id(Api const& api, std::string const& type, std::string const& name);

}  // namespace crosswalk::charthop
