#include "store/file_uses.hpp"

#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/payload_rows.hpp"

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
    KeyRing& ring = store.database().ring();
    return store.database().read([&](Sqlite& sqlite) -> model::Result<std::set<std::string>> {
        std::optional<model::Error> damage;
        auto const look = [&](model::Result<std::optional<std::string>> const& record) {
            if (!record) {
                damage = record.error();
            } else if (*record) {
                collect(**record, wanted, used);
            }
            return !damage;
        };
        auto read = sqlite.each(
            "SELECT delivery_id, key, record FROM delivery_data WHERE record IS NOT NULL", [&](Row const& row) {
                return look(open_delivery_record(sqlite, ring, row.integer(1), row.integer(0), row.view(2)));
            });
        if (read && !damage) {
            read = sqlite.each(
                "SELECT inbox_id, ordinal, key, record FROM event WHERE record IS NOT NULL", [&](Row const& row) {
                    return look(
                        open_event_record(sqlite, ring, row.integer(2), row.integer(0), row.number(1), row.view(3)));
                });
        }
        if (read && !damage) {
            read = sqlite.each(
                "SELECT i.key, i.connection, i.received_us, i.wrapped, p.sealed FROM payload p"
                " JOIN inbox i ON i.id = p.inbox_id",
                [&](Row const& row) {
                    return look(open_payload(sqlite, ring, row.integer(0), {row.text(1), row.time(2)}, row.view(3),
                                             row.view(4)));
                });
        }
        if (!read || damage) {
            return read ? std::move(*damage) : read.error();
        }
        return std::move(used);
    });
}

}  // namespace crosswalk::store
