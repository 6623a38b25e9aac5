#include "store/reopening.hpp"

namespace crosswalk::store {

model::Error wrong_state(DeliveryId id, DeliveryState state, std::string_view wanted) {
    return model::Error{
        model::ErrorCode::failed_precondition,
        "Delivery " + std::to_string(id) + " is " + std::string(name(state)) + ", not " + std::string(wanted) + "."};
}

model::Result<bool> last_push_is_unknown(Sqlite& sqlite, DeliveryId id) {
    bool unknown = false;
    auto const read = sqlite.each(
        "SELECT ended_us IS NULL OR outcome = ? FROM effect WHERE delivery_id = ? ORDER BY sequence DESC LIMIT 1",
        [&](Row const& row) { unknown = row.number(0) != 0; }, model::Outcome::unknown, id);
    return read ? model::Result<bool>(unknown) : model::Result<bool>(read.error());
}

model::Result<void> check_reopen(DeliveryId id, Standing const& standing, bool force) {
    if (!is_final(standing.state)) {
        return wrong_state(id, standing.state, "dead");
    }
    if (standing.replayed_as != 0) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "Delivery " + std::to_string(id) + " runs again as event " +
                                std::to_string(standing.replayed_as) + ". Replay that one."};
    }
    bool const given_up = standing.state == DeliveryState::dead || standing.state == DeliveryState::discarded;
    if (given_up || force) {
        return {};
    }
    model::Error refusal = wrong_state(id, standing.state, "dead");
    refusal.detail +=
        " Force sends it again all the same: a target that neither finds the record it has nor honours idempotency "
        "keys then makes it twice.";
    return refusal;
}

model::Result<void> reopen(Sqlite& sqlite, DeliveryId id, Standing const& standing, bool force, model::TimePoint now) {
    auto const before = lane_head(sqlite, standing.connection, standing.subject);
    auto const unknown = force ? model::Result<bool>(false) : last_push_is_unknown(sqlite, id);
    if (!before || !unknown) {
        return before ? unknown.error() : before.error();
    }
    bool const first = before->id == 0 || (before->state == DeliveryState::pending && (*unknown || id < before->id));
    auto opened = sqlite.run(
        "UPDATE delivery SET state = ?, ready = ?, attempts = 0, look_ups = 0, due_us = ?, reason = '', cause = '',"
        " died_of = '' WHERE id = ?",
        *unknown ? DeliveryState::unknown : DeliveryState::pending, first, now, id);
    if (opened && first && before->id != 0) {
        opened = sqlite.run("UPDATE delivery SET ready = 0 WHERE id = ?", before->id);
    }
    return opened;
}

model::Result<void> discard_delivery(Sqlite& sqlite, DeliveryId id, std::string const& reason) {
    auto const standing = find_standing(sqlite, id);
    if (!standing) {
        return standing.error();
    }
    if (standing->state != DeliveryState::dead) {
        return wrong_state(id, standing->state, "dead");
    }
    return sqlite.run("UPDATE delivery SET state = ?, died_of = reason, reason = ? WHERE id = ?",
                      DeliveryState::discarded, reason, id);
}

}  // namespace crosswalk::store
