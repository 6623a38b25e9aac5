#include "rows.hpp"

#include "values.hpp"

namespace crosswalk::greenhouse {

using connector::Call;

namespace {

constexpr std::size_t ids_at_once = 50;  // as many as one question of Harvest takes

}  // namespace

Rows rows_of(Call& call, Api& api, std::string const& path, std::set<std::string> const& ids) {
    Rows rows;
    std::string query;
    std::size_t count = 0;
    auto const ask = [&] {
        Read const answer = api.read(call, path, "per_page=" + std::to_string(ids_at_once) + "&ids=" + query);
        if (answer.kind == Read::Kind::forbidden) {
            call.warn(path.substr(1), "The credential lacks " + api.permission(path.substr(1)) + ".");
        }
        if (json::array const* list = answer.data.if_array(); list != nullptr) {
            for (json::value const& row : *list) {
                rows[id_at(row, "/id")] = row;
            }
        }
        query.clear();
    };
    for (std::string const& id : ids) {
        query += (query.empty() ? "" : ",") + id;
        if (++count % ids_at_once == 0) {
            ask();
        }
    }
    if (!query.empty()) {
        ask();
    }
    return rows;
}

json::value row(Rows const& rows, std::string const& id) {
    auto const found = rows.find(id);
    return found == rows.end() ? json::value(nullptr) : found->second;
}

std::set<std::string> ids_in(json::array const& list, std::string_view pointer) {
    std::set<std::string> ids;
    for (json::value const& one : list) {
        if (std::string id = id_at(one, pointer); !id.empty()) {
            ids.insert(std::move(id));
        }
    }
    return ids;
}

json::value application_row(Call& call, Api& api, std::string const& id) {
    Read const answer = api.need(call, "/applications", "ids=" + id, "applications");
    if (json::array const* list = answer.data.if_array(); list != nullptr) {
        for (json::value const& one : *list) {
            if (id_at(one, "/id") == id) {
                return one;
            }
        }
    }
    return nullptr;
}

}  // namespace crosswalk::greenhouse
