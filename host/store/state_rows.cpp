#include "store/state_rows.hpp"

#include "vault/gcm.hpp"

#include <vector>

namespace crosswalk::store {
namespace {

// No name has a line break.
std::string place_of_value(std::string_view connection, std::string_view key) {
    return std::string("kv.value\n").append(connection).append(1, '\n').append(key);
}

std::string place_of_cursor(std::string_view route) {
    return std::string("poll_cursor.value\n").append(route);
}

struct Plain {
    std::string first;  // connection, or route
    std::string second;
    std::string value;
};

}  // namespace

model::Result<std::string> seal_value(KeyRing const& ring, std::string_view connection, std::string_view key,
                                      std::string_view plain) {
    return vault::seal(*ring.general().key, place_of_value(connection, key), plain);
}

model::Result<std::string> open_value(KeyRing const& ring, std::string_view connection, std::string_view key,
                                      std::string_view sealed) {
    return vault::open(*ring.general().key, place_of_value(connection, key), sealed);
}

model::Result<std::string> seal_cursor(KeyRing const& ring, std::string_view route, std::string_view plain) {
    return vault::seal(*ring.general().key, place_of_cursor(route), plain);
}

model::Result<std::string> open_cursor(KeyRing const& ring, std::string_view route, std::string_view sealed) {
    return vault::open(*ring.general().key, place_of_cursor(route), sealed);
}

model::Result<void> encrypt_version_5(Sqlite& sqlite, KeyRing& ring) {
    auto done = ring.load(sqlite);
    std::vector<Plain> values;
    std::vector<Plain> cursors;
    if (done) {
        done = sqlite.each("SELECT connection, key, value FROM kv", [&](Row const& row) {
            values.push_back({row.text(0), row.text(1), row.text(2)});
        });
    }
    if (done) {
        done = sqlite.each("SELECT route, value FROM poll_cursor", [&](Row const& row) {
            cursors.push_back({row.text(0), {}, row.text(1)});
        });
    }
    for (std::size_t i = 0; done && i < values.size(); ++i) {
        auto const sealed = seal_value(ring, values[i].first, values[i].second, values[i].value);
        done = sealed ? sqlite.run("UPDATE kv SET value = ? WHERE connection = ? AND key = ?", Blob{*sealed},
                                   values[i].first, values[i].second)
                      : model::Result<void>(sealed.error());
    }
    for (std::size_t i = 0; done && i < cursors.size(); ++i) {
        auto const sealed = seal_cursor(ring, cursors[i].first, cursors[i].value);
        done = sealed ? sqlite.run("UPDATE poll_cursor SET value = ? WHERE route = ?", Blob{*sealed}, cursors[i].first)
                      : model::Result<void>(sealed.error());
    }
    return done;
}

}  // namespace crosswalk::store
