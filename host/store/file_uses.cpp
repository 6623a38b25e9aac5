#include "store/file_uses.hpp"

#include "store/database.hpp"

#include <string_view>
#include <unordered_set>

namespace crosswalk::store {
namespace {

constexpr std::size_t id_length = 64;

bool is_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Looks at each run of hex digits that is as long as an id, whatever member it stands in: one named too many is kept
// longer, one overlooked would be lost.
void collect(std::string_view text, std::unordered_set<std::string> const& wanted, std::set<std::string>& used) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_hex(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && is_hex(text[end])) {
            ++end;
        }
        if (end - at == id_length) {
            std::string id(text.substr(at, id_length));
            if (wanted.contains(id)) {
                used.insert(std::move(id));
            }
        }
        at = end;
    }
}

}  // namespace

model::Result<std::set<std::string>> files_in_use(Store& store, std::vector<std::string> const& ids) {
    std::set<std::string> used;
    if (ids.empty()) {
        return used;
    }
    std::unordered_set<std::string> const wanted(ids.begin(), ids.end());
    return store.database().read([&](Sqlite& sqlite) -> model::Result<std::set<std::string>> {
        auto const look = [&](Row const& row) { collect(row.view(0), wanted, used); };
        auto read = sqlite.each("SELECT record FROM delivery_data WHERE record IS NOT NULL", look);
        if (read) {
            read = sqlite.each("SELECT record FROM event WHERE record IS NOT NULL", look);
        }
        if (read) {
            read = sqlite.each("SELECT event FROM payload WHERE event IS NOT NULL", look);
        }
        return read ? model::Result<std::set<std::string>>(std::move(used))
                    : model::Result<std::set<std::string>>(read.error());
    });
}

}  // namespace crosswalk::store
