// Which deliveries of a dispatch may be leased with the commit that makes them.
//
// Shape    made for one transaction. A delivery may go when nothing stands before it: its lane is free, nothing else
//          holds its target key, its exit is not held, nothing is ready at its connection that would have its turn
//          first, and the dispatcher's allowance has room.
// Threads  the writer thread only.
#pragma once

#include "store/outbox.hpp"
#include "store/sqlite.hpp"
#include "store/switches.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::store {

class Openings {
public:
    // Both outlive it.
    Openings(Switches const& switches, LeaseAtOnce const& at_once) noexcept : switches_(switches), at_once_(at_once) {}

    // Takes one of what is allowed when it says yes. `target_key` is hashed; the delivery's lane is free.
    [[nodiscard]] model::Result<bool> may_go(Sqlite& sqlite, NewDelivery const& delivery,
                                             std::string const& target_key);
    void leased(Delivery delivery) { leased_.push_back(std::move(delivery)); }
    // After the commit.
    void tell();

private:
    struct Exit {
        bool open = false;  // nothing is ready at its connection
        Allowance allowance = {};
    };
    [[nodiscard]] model::Result<Exit*> exit_of(Sqlite& sqlite, NewDelivery const& delivery);

    Switches const& switches_;
    LeaseAtOnce const& at_once_;
    std::map<std::pair<std::string, std::string>, Exit> exits_;  // by connection and route
    std::map<std::string, std::size_t> used_;                    // of what a connection's routes share
    std::vector<Delivery> leased_;
    bool more_ = false;
};

}  // namespace crosswalk::store
