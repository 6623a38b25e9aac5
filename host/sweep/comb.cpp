#include "sweep/comb.hpp"

#include <utility>

namespace crosswalk::sweep {
namespace {

// Clocks differ: a webhook may be older here than what it tells of is there.
constexpr std::chrono::hours skew{1};

}  // namespace

model::Result<Combed> comb(plugin_host::Connector& connector, std::string const& connection,
                           plugin_host::SweepRequest const& request, DeliveryKeys const& keys,
                           store::Arrivals& arrivals, std::chrono::milliseconds time_max) {
    auto page = connector.sweep(request, time_max);
    if (!page) {
        return page.error();
    }
    if (page->more && (!page->cursor || *page->cursor == request.cursor)) {
        return model::Error{model::ErrorCode::internal, "The connector's list goes on but does not say where."};
    }
    std::vector<store::Sought> sought;
    for (model::Event const& event : page->events) {
        sought.push_back({event.id, keys(event)});
    }
    auto const came = arrivals.came(connection, model::from_unix_us(request.from_unix_ms * 1000) - skew, sought);
    if (!came) {
        return came.error();
    }
    Combed combed;
    combed.listed = page->events.size();
    combed.cursor = page->cursor.value_or("");
    combed.more = page->more;
    for (std::size_t i = 0; i < page->events.size(); ++i) {
        if (!(*came)[i]) {
            combed.missing.push_back(std::move(page->events[i]));
        }
    }
    return combed;
}

model::Result<std::size_t> take(std::string const& connection, std::vector<model::Event> missing, store::Inbox& inbox) {
    std::size_t taken = 0;
    for (model::Event& event : missing) {
        store::Accepted item;
        item.connection = connection;
        item.event_type = event.type;
        item.dedupe_key = event.id;
        item.event = std::move(event);
        item.swept = true;
        auto const verdict = inbox.accept(std::move(item));
        if (!verdict) {
            return verdict.error();
        }
        taken += verdict->duplicate ? 0U : 1U;
    }
    return taken;
}

}  // namespace crosswalk::sweep
