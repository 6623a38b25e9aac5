// One page of a sweep: what the vendor lists against what came.
//
// Shape    list a page, ask the store which of its events came, take the others into the inbox as if they had.
// Errors   the connector's and the store's. What was taken before an error stays taken; the same page again finds it.
// Threads  safe from any thread. Owner  borrows everything it is given.
#pragma once

#include "model/clock.hpp"
#include "model/record.hpp"
#include "plugin_host/connector.hpp"
#include "store/arrivals.hpp"
#include "store/inbox.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace crosswalk::sweep {

struct Combed {
    std::vector<model::Event> missing = {};  // as listed: the record may be only a pointer
    std::size_t listed = 0;
    std::string cursor = {};
    bool more = false;
};

// The keys of the deliveries that an event of this connection would start.
using DeliveryKeys = std::function<std::vector<std::string>(model::Event const& listed)>;

// Lists one page and says what of it never came.
[[nodiscard]] model::Result<Combed> comb(plugin_host::Connector& connector, std::string const& connection,
                                         plugin_host::SweepRequest const& request, DeliveryKeys const& keys,
                                         store::Arrivals& arrivals, std::chrono::milliseconds time_max);

// Takes them into the inbox; how many were new there. What another sweep took meanwhile is not taken twice.
[[nodiscard]] model::Result<std::size_t> take(std::string const& connection, std::vector<model::Event> missing,
                                              store::Inbox& inbox);

}  // namespace crosswalk::sweep
