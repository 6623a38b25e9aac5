// Links: which record of one connection is the same thing as which record of another.
//
// Shape    a pair of references; kept once and found from both sides.
// Limits   100 links of one record are found, 1000 are listed.
// Errors   as Store; invalid_argument: a part of a reference is empty or above 512 bytes, or both are the same record.
// Threads  safe from any thread; reads see what is committed. Owner  borrows the Store.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace crosswalk::store {

struct LinkEnd {
    std::string system;  // the connection
    std::string kind;
    std::string id;
    bool operator==(LinkEnd const&) const = default;
};

struct Link {
    LinkEnd ours;
    LinkEnd theirs;
    model::TimePoint made;
};

class Links {
public:
    static constexpr std::size_t found_max = 100;
    static constexpr std::size_t listed_max = 1000;

    explicit Links(Store& store) noexcept : store_(store) {}

    // An earlier link of `theirs` with a record of the system and kind of `ours` is replaced: one thing is one record
    // there. The same link again changes nothing.
    [[nodiscard]] model::Result<void> put(LinkEnd const& ours, LinkEnd const& theirs);
    // What is linked with `of`, the newest first; nothing is not an error.
    [[nodiscard]] model::Result<std::vector<LinkEnd>> find(LinkEnd const& of);
    // Either order of the two. not_found.
    [[nodiscard]] model::Result<void> remove(LinkEnd const& ours, LinkEnd const& theirs);

    // Of one connection, `ours` being its record; every kind when `kind` is empty; in order of kinds and ids.
    [[nodiscard]] model::Result<std::vector<Link>> list(std::string const& system, std::string const& kind,
                                                        std::size_t limit);
    // How many there are of that, whatever the limit.
    [[nodiscard]] model::Result<std::int64_t> count(std::string const& system, std::string const& kind);

private:
    Store& store_;
};

}  // namespace crosswalk::store
