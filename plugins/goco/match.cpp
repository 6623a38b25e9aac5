#include "match.hpp"

#include "names.hpp"

namespace crosswalk::goco {
namespace {

constexpr std::int64_t list_age_max_ms = 10 * 60 * 1000;
constexpr std::size_t rows_max = 100'000;
constexpr std::size_t missing_max = 1000;

std::string name_field(std::string_view path) {
    return path == "departments" ? "department_name" : path == "locations" ? "location_name" : "job_title_name";
}

void add(Match& match, json::value const& id, std::string_view name) {
    if (match.kind == Match::Kind::found && match.id == id) {
        return;
    }
    if (match.kind == Match::Kind::none) {
        match = {Match::Kind::found, id, std::string(name)};
    } else {
        match.kind = Match::Kind::several;
    }
}

Match search_people(Api const& api, std::string_view by, std::string const& value,
                    std::function<bool(json::object const&)> const& is_it) {
    Match match;
    api.list("manager_search", {{"by", api.settings().wire(by)}, {"value", value}}, [&](json::object const& row) {
        json::value const* id = api.field(row, "id");
        if (!id_text(id).empty() && is_it(row)) {
            add(match, *id, {});
        }
        return true;
    });
    return match;
}

}  // namespace

Match Lists::search(Api const& api, List const& list, std::string const& name) {
    Match match;
    for (Row const& row : list.rows) {
        if (row.name == name) {
            add(match, row.id, row.name);
        }
    }
    if (match.kind == Match::Kind::none && !api.settings().match_case) {
        std::string const folded = fold(name);
        for (Row const& row : list.rows) {
            if (fold(row.name) == folded) {
                add(match, row.id, row.name);
            }
        }
    }
    return match;
}

std::shared_ptr<Lists::List const> Lists::refresh(Api const& api, std::string_view path) {
    auto list = std::make_shared<List>();
    list->read_at_ms = api.call().steady_ms();
    std::string const contract_name = name_field(path);
    api.list(path, {}, [&](json::object const& row) {
        json::value const* id = api.field(row, "id");
        std::string_view const name = api.text(row, contract_name);
        if (!name.empty() && !id_text(id).empty()) {
            list->rows.push_back({std::string(name), *id});
        }
        return list->rows.size() < rows_max;
    });
    std::scoped_lock const lock(mutex_);
    Entry& entry = entries_[std::string(path)];
    if (!entry.list || entry.list->read_at_ms <= list->read_at_ms) {
        entry.list = list;
        std::erase_if(entry.missing,
                      [&](std::string const& name) { return search(api, *list, name).kind != Match::Kind::none; });
    }
    return list;
}

void Lists::remember_missing(std::string_view path, std::string const& name) {
    std::scoped_lock const lock(mutex_);
    auto const entry = entries_.find(path);
    if (entry != entries_.end() && entry->second.missing.size() < missing_max) {
        entry->second.missing.insert(name);
    }
}

Match Lists::find(Api const& api, std::string_view path, std::string const& name) {
    std::shared_ptr<List const> cached;
    {
        std::scoped_lock const lock(mutex_);
        auto const entry = entries_.find(path);
        if (entry != entries_.end() && entry->second.list &&
            api.call().steady_ms() - entry->second.list->read_at_ms < list_age_max_ms) {
            if (entry->second.missing.contains(name)) {
                return {};
            }
            cached = entry->second.list;
        }
    }
    if (cached) {
        if (Match match = search(api, *cached, name); match.kind != Match::Kind::none) {
            return match;
        }
    }
    Match match = search(api, *refresh(api, path), name);
    if (match.kind == Match::Kind::none) {
        remember_missing(path, name);
    }
    return match;
}

Match find_manager(Api const& api, std::string const& email, std::string const& name) {
    if (!email.empty()) {
        Match match = search_people(api, "manager_email", email, [&](json::object const& row) {
            return same_name(api.text(row, "work_email"), email) || same_name(api.text(row, "personal_email"), email);
        });
        if (match.kind != Match::Kind::none) {
            return match;
        }
    }
    if (name.empty()) {
        return {};
    }
    return search_people(api, "manager_name", name, [&](json::object const& row) {
        return same_name(std::string(api.text(row, "first_name")) + " " + std::string(api.text(row, "last_name")),
                         name);
    });
}

}  // namespace crosswalk::goco
