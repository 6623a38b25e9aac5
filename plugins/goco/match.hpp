// Names to GoCo's ids: departments, locations, job titles and managers.
//
// Shape    lists are cached for 10 minutes. A name that a cached list lacks refreshes it once; if it is still missing,
//          that is remembered until the list expires, so that a wrong name costs one extra read and not one per hire.
// Errors   those of Api. "No such name" is a value.
// Threads  Lists is safe from any thread; its lock is never held during a request.
#pragma once

#include "api.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace crosswalk::goco {

struct Match {
    enum class Kind : unsigned char { found, none, several };
    Kind kind = Kind::none;
    json::value id = nullptr;
    std::string name = {};  // as GoCo spells it
};

class Lists {
public:
    // `path` is departments, locations or job_titles. Exact equality first; without /match_case also fold()ed.
    [[nodiscard]] Match find(Api const& api, std::string_view path, std::string const& name);

private:
    struct Row {
        std::string name;
        json::value id;
    };
    struct List {
        std::int64_t read_at_ms = 0;
        std::vector<Row> rows;
    };
    struct Entry {
        std::shared_ptr<List const> list;  // shared: a reader keeps the list that another thread replaces
        std::set<std::string, std::less<>> missing;
    };

    [[nodiscard]] static Match search(Api const& api, List const& list, std::string const& name);
    [[nodiscard]] std::shared_ptr<List const> refresh(Api const& api, std::string_view path);
    void remember_missing(std::string_view path, std::string const& name);

    std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;  // guarded by mutex_
};

// The person with that e-mail address, else the one with that name.
[[nodiscard]] Match find_manager(Api const& api, std::string const& email, std::string const& name);

}  // namespace crosswalk::goco
