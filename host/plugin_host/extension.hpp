// Is a connector's extension whole? Asked by the host, and by a worker for it.
//
// Threads  plain functions; the tables are static.
#pragma once

#include <crosswalk/connector.h>

namespace crosswalk::plugin_host {

[[nodiscard]] inline bool is_whole(cw_push_lookup const& table) noexcept {
    return table.struct_size >= sizeof table && table.look_up != nullptr;
}
[[nodiscard]] inline bool is_whole(cw_probe const& table) noexcept {
    return table.struct_size >= sizeof table && table.probe != nullptr;
}
[[nodiscard]] inline bool is_whole(cw_oauth const& table) noexcept {
    return table.struct_size >= sizeof table && table.describe != nullptr;
}
[[nodiscard]] inline bool is_whole(cw_subscriptions const& table) noexcept {
    return table.struct_size >= sizeof table && table.ensure != nullptr && table.remove != nullptr;
}
[[nodiscard]] inline bool is_whole(cw_find const& table) noexcept {
    return table.struct_size >= sizeof table && table.find != nullptr;
}

[[nodiscard]] inline bool is_whole(cw_sweep const& table) noexcept {
    return table.struct_size >= sizeof table && table.list != nullptr && table.fetch != nullptr &&
           table.diagnose != nullptr;
}

// The table behind what get_extension gave; nullptr for none and for one that is cut short or has a NULL.
template <class Table>
[[nodiscard]] Table const* usable_extension(void const* given) noexcept {
    auto const* const table = static_cast<Table const*>(given);
    return table != nullptr && is_whole(*table) ? table : nullptr;
}

}  // namespace crosswalk::plugin_host
