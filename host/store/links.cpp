#include "store/links.hpp"

#include "store/database.hpp"

#include <algorithm>
#include <tuple>

namespace crosswalk::store {
namespace {

constexpr std::size_t part_bytes_max = 512;

bool is_whole(LinkEnd const& end) noexcept {
    auto const fits = [](std::string const& part) { return !part.empty() && part.size() <= part_bytes_max; };
    return fits(end.system) && fits(end.kind) && fits(end.id);
}

model::Result<void> check(LinkEnd const& ours, LinkEnd const& theirs) {
    if (!is_whole(ours) || !is_whole(theirs)) {
        return model::Error{model::ErrorCode::invalid_argument,
                            "A linked record is named by system, kind and id, each of at most 512 bytes."};
    }
    if (ours == theirs) {
        return model::Error{model::ErrorCode::invalid_argument, "A record is not linked with itself."};
    }
    return {};
}

// Every link is one row, whichever side made it: the lesser end first.
bool in_order(LinkEnd const& a, LinkEnd const& b) noexcept {
    return std::tie(a.system, a.kind, a.id) < std::tie(b.system, b.kind, b.id);
}

// Links of `theirs` with records of that system and kind, from both sides.
model::Result<void> forget_earlier(Sqlite& sqlite, LinkEnd const& ours, LinkEnd const& theirs) {
    auto const first = sqlite.run(
        "DELETE FROM link WHERE system = ?1 AND kind = ?2 AND id = ?3 AND other_system = ?4 AND other_kind = ?5"
        " AND other_id <> ?6",
        theirs.system, theirs.kind, theirs.id, ours.system, ours.kind, ours.id);
    if (!first) {
        return first;
    }
    return sqlite.run(
        "DELETE FROM link WHERE other_system = ?1 AND other_kind = ?2 AND other_id = ?3 AND system = ?4 AND kind = ?5"
        " AND id <> ?6",
        theirs.system, theirs.kind, theirs.id, ours.system, ours.kind, ours.id);
}

}  // namespace

model::Result<void> Links::put(LinkEnd const& ours, LinkEnd const& theirs) {
    if (auto const checked = check(ours, theirs); !checked) {
        return checked;
    }
    Database& database = store_.database();
    auto const now = database.now();
    return database.write([&](Batch& batch) -> model::Result<void> {
        if (auto const forgotten = forget_earlier(batch.sqlite, ours, theirs); !forgotten) {
            return forgotten;
        }
        auto const& [a, b] = in_order(ours, theirs) ? std::tie(ours, theirs) : std::tie(theirs, ours);
        return batch.sqlite.run("INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?, ?, ?, ?)", a.system, a.kind, a.id,
                                b.system, b.kind, b.id, now);
    });
}

model::Result<std::vector<LinkEnd>> Links::find(LinkEnd const& of) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::vector<LinkEnd>> {
        std::vector<LinkEnd> found;
        auto const read = sqlite.each(
            "SELECT other_system, other_kind, other_id, made_us FROM link WHERE system = ?1 AND kind = ?2 AND id = ?3"
            " UNION ALL SELECT system, kind, id, made_us FROM link"
            " WHERE other_system = ?1 AND other_kind = ?2 AND other_id = ?3 ORDER BY 4 DESC, 1, 2, 3 LIMIT ?4",
            [&](Row const& row) {
                found.push_back({row.text(0), row.text(1), row.text(2)});
            },
            of.system, of.kind, of.id, found_max);
        return read ? model::Result<std::vector<LinkEnd>>(std::move(found))
                    : model::Result<std::vector<LinkEnd>>(read.error());
    });
}

model::Result<void> Links::remove(LinkEnd const& ours, LinkEnd const& theirs) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        auto const& [a, b] = in_order(ours, theirs) ? std::tie(ours, theirs) : std::tie(theirs, ours);
        auto const removed = batch.sqlite.run(
            "DELETE FROM link WHERE system = ? AND kind = ? AND id = ? AND other_system = ? AND other_kind = ?"
            " AND other_id = ?",
            a.system, a.kind, a.id, b.system, b.kind, b.id);
        if (removed && batch.sqlite.changes() == 0) {
            return model::Error{model::ErrorCode::not_found, "These two records are not linked."};
        }
        return removed;
    });
}

model::Result<std::vector<Link>> Links::list(std::string const& system, std::string const& kind, std::size_t limit) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::vector<Link>> {
        std::vector<Link> found;
        auto const read = sqlite.each(
            "SELECT kind, id, other_system, other_kind, other_id, made_us FROM link"
            " WHERE system = ?1 AND (?2 = '' OR kind = ?2)"
            " UNION ALL SELECT other_kind, other_id, system, kind, id, made_us FROM link"
            " WHERE other_system = ?1 AND (?2 = '' OR other_kind = ?2) ORDER BY 1, 2, 3, 4, 5 LIMIT ?3",
            [&](Row const& row) {
                found.push_back(
                    {{system, row.text(0), row.text(1)}, {row.text(2), row.text(3), row.text(4)}, row.time(5)});
            },
            system, kind, std::min(limit, listed_max));
        return read ? model::Result<std::vector<Link>>(std::move(found))
                    : model::Result<std::vector<Link>>(read.error());
    });
}

model::Result<std::int64_t> Links::count(std::string const& system, std::string const& kind) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::int64_t> {
        std::int64_t count = 0;
        auto const read = sqlite.each(
            "SELECT (SELECT count(*) FROM link WHERE system = ?1 AND (?2 = '' OR kind = ?2))"
            " + (SELECT count(*) FROM link WHERE other_system = ?1 AND (?2 = '' OR other_kind = ?2))",
            [&](Row const& row) { count = row.integer(0); }, system, kind);
        return read ? model::Result<std::int64_t>(count) : model::Result<std::int64_t>(read.error());
    });
}

}  // namespace crosswalk::store
