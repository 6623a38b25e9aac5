#include "store/openings.hpp"

#include "store/ready_rows.hpp"

namespace crosswalk::store {

model::Result<Openings::Exit*> Openings::exit_of(Sqlite& sqlite, NewDelivery const& delivery) {
    auto const [found, is_new] = exits_.try_emplace({delivery.connection, delivery.route});
    Exit& exit = found->second;
    if (is_new && !switches_.holds(delivery.connection, delivery.route)) {
        auto const waiting = has_ready_row(sqlite, delivery.connection);
        if (!waiting) {
            exits_.erase(found);
            return waiting.error();
        }
        exit.open = !*waiting;
        exit.allowance = at_once_.allowance(delivery.connection, delivery.route);
    }
    return &exit;
}

model::Result<bool> Openings::may_go(Sqlite& sqlite, NewDelivery const& delivery, std::string const& target_key) {
    bool const had_more = std::exchange(more_, true);  // unless this one goes
    if (!at_once_.allowance) {
        return false;
    }
    auto const exit = exit_of(sqlite, delivery);
    if (!exit || !(*exit)->open) {
        return exit ? model::Result<bool>(false) : model::Result<bool>(exit.error());
    }
    auto const busy = target_is_busy(sqlite, {0, {}, DeliveryState::pending, delivery.connection, {}, target_key});
    if (!busy || *busy) {
        return busy ? model::Result<bool>(false) : busy;
    }
    Allowance& allowance = (*exit)->allowance;
    std::size_t& used = used_[delivery.connection];
    if (used < allowance.shared) {
        ++used;
    } else if (!std::exchange(allowance.own, false)) {
        return false;
    }
    more_ = had_more;
    return true;
}

void Openings::tell() {
    if (at_once_.take && (more_ || !leased_.empty())) {
        at_once_.take(std::move(leased_), more_);
    }
}

}  // namespace crosswalk::store
