// What becomes of inbox items: events, deliveries and the items' new state, in one transaction.
//
// All that can be made ready on the caller's thread is: hashes, a key for a person whom nobody knew, and everything
// encrypted under it. The writer thread, for which all commits wait, looks up whether the person is known; only then it
// encrypts again, under their key.
#include "store/codec.hpp"
#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/event_rows.hpp"
#include "store/inbox.hpp"
#include "store/item_rows.hpp"
#include "store/openings.hpp"
#include "store/payload_rows.hpp"

namespace crosswalk::store {
namespace {

constexpr std::size_t deliveries_per_item_max = 10'000;
constexpr std::string_view came_before = "The same event came before; its deliveries are made already.";

// One event of an item, ready to be written.
struct ReadyEvent {
    DispatchedEvent const* event = nullptr;
    HashedHandles handles = {};
    SealingKey key = {};
    std::optional<NewKey> made = {};  // the key, unless it is one that the store has
    SealedEvent sealed = {};
    std::vector<SealedDelivery> deliveries = {};
    std::string payload = {};  // of the first event: the payload's own key under this one
};
struct ReadyItem {
    Dispatch const* dispatch = nullptr;
    std::vector<ReadyEvent> events = {};
};

// Encrypts all of the event under `ready.key`. Deliveries keep the numbers that they have.
model::Result<void> seal(KeyRing const& ring, DeliveryIds& ids, Dispatch const& dispatch, std::int32_t ordinal,
                         ReadyEvent& ready) {
    auto sealed = seal_event(ready.key, dispatch.id, ordinal, ready.event->event);
    if (!sealed) {
        return sealed.error();
    }
    ready.sealed = std::move(*sealed);
    ready.deliveries.resize(ready.event->deliveries.size());
    for (std::size_t i = 0; i < ready.deliveries.size(); ++i) {
        SealedDelivery& made = ready.deliveries[i];
        auto anew = seal_delivery(ring, ready.key, made.id == 0 ? ids.next() : made.id, ready.event->deliveries[i]);
        if (!anew) {
            return anew.error();
        }
        made = std::move(*anew);
    }
    if (ordinal == 0 && dispatch.item != nullptr && dispatch.item->payload_key) {
        auto wrapped =
            wrap(ready.key, {dispatch.item->connection, dispatch.item->received_at}, *dispatch.item->payload_key);
        if (!wrapped) {
            return wrapped.error();
        }
        ready.payload = std::move(*wrapped);
    }
    return {};
}

model::Result<ReadyItem> make_ready(Database& database, Dispatch const& dispatch) {
    ReadyItem item{&dispatch};
    std::size_t total = dispatch.events.size();
    for (DispatchedEvent const& event : dispatch.events) {
        total += event.deliveries.size();
    }
    if (total > deliveries_per_item_max) {
        return model::Error{model::ErrorCode::too_large, "One event may start at most 10000 deliveries."};
    }
    for (DispatchedEvent const& event : dispatch.events) {
        ReadyEvent ready{&event, hashed(database.ring(), handles_of(event.event.record))};
        if (ready.handles.owner == Owner::nobody) {
            ready.key = database.ring().general();
        } else {
            auto made = database.ring().make(kind_for(ready.handles.owner));
            if (!made) {
                return made.error();
            }
            ready.made = std::move(*made);
            ready.key = ready.made->key;
        }
        auto const ordinal = static_cast<std::int32_t>(item.events.size());
        if (auto const sealed = seal(database.ring(), database.delivery_ids(), dispatch, ordinal, ready); !sealed) {
            return sealed.error();
        }
        item.events.push_back(std::move(ready));
    }
    return item;
}

model::Result<std::vector<ReadyItem>> make_ready(Database& database, std::vector<Dispatch> const& items) {
    std::vector<ReadyItem> ready;
    ready.reserve(items.size());
    for (Dispatch const& item : items) {
        auto made = make_ready(database, item);
        if (!made) {
            return made.error();
        }
        ready.push_back(std::move(*made));
    }
    return ready;
}

class DispatchWork {
public:
    DispatchWork(Database& database, std::vector<ReadyItem> items, LeaseAtOnce const& at_once)
        : database_(database), items_(std::move(items)), at_once_(at_once), ending_(database) {}

    [[nodiscard]] model::Result<void> run(Batch& batch) {
        now_ = database_.now();
        ending_.begin();
        openings_.emplace(database_.switches(), at_once_);
        for (ReadyItem& item : items_) {
            if (auto const written = write(batch, item); !written) {
                return written;
            }
        }
        return {};
    }
    void committed() {
        ending_.committed();
        openings_->tell();
    }

private:
    // Nothing happens to an item that is no longer pending.
    [[nodiscard]] model::Result<void> write(Batch& batch, ReadyItem& item) {
        InboxId const id = item.dispatch->id;
        auto const row = find_item(batch.sqlite, id);
        if (!row || row->state != InboxState::pending) {
            return row ? model::Result<void>() : model::Result<void>(row.error());
        }
        ending_.ended();
        std::int64_t promised = 0;
        bool wanted = false;
        for (std::size_t i = 0; i < item.events.size(); ++i) {
            auto const added = write(batch, *item.dispatch, static_cast<std::int32_t>(i), item.events[i]);
            if (!added) {
                return added.error();
            }
            promised += *added;
            wanted = wanted || !item.events[i].deliveries.empty();
        }
        // From now on its deliveries are counted in its place.
        batch.promised -= promised > 0 ? 1 : 0;
        auto const state = promised > 0 ? InboxState::dispatched : InboxState::filtered;
        std::string_view const why = promised > 0 ? std::string_view()
                                     : wanted     ? came_before
                                                  : std::string_view(item.dispatch->why);
        return item.events.empty() ? end(batch.sqlite, id, state, why)
                                   : hand_over(batch, id, *row, item.events.front(), state, why);
    }

    // How many deliveries of routes are new.
    [[nodiscard]] model::Result<std::int64_t> write(Batch& batch, Dispatch const& dispatch, std::int32_t ordinal,
                                                    ReadyEvent& event) {
        if (auto const owned = settle_owner(batch, dispatch, ordinal, event); !owned) {
            return owned.error();
        }
        if (auto const kept = insert_event(batch.sqlite, event.key.id, dispatch.id, ordinal, event.event->event,
                                           event.sealed);
            !kept) {
            return kept.error();
        }
        std::int64_t promised = 0;
        for (std::size_t i = 0; i < event.deliveries.size(); ++i) {
            NewDelivery const& delivery = event.event->deliveries[i];
            auto const added = insert_delivery(batch, event.key.id, {dispatch.id, ordinal}, delivery,
                                               event.deliveries[i], now_, &*openings_);
            if (!added) {
                return added.error();
            }
            promised += *added && delivery.kind == DeliveryKind::delivery ? 1 : 0;
        }
        return promised;
    }

    // Keeps the key that was made, or goes over to the one that the person has.
    [[nodiscard]] model::Result<void> settle_owner(Batch& batch, Dispatch const& dispatch, std::int32_t ordinal,
                                                   ReadyEvent& event) {
        if (event.handles.owner == Owner::nobody) {
            return {};
        }
        auto const owned = owner_of(batch.sqlite, batch.indexes.handles, event.handles);
        if (!owned) {
            return owned.error();
        }
        if (owned->key == 0 && event.key.id == event.made->key.id) {
            auto const kept = batch.ring.keep(batch.sqlite, *event.made);
            return kept ? add_handles(batch.sqlite, batch.indexes.handles, event.handles, *owned, event.key.id) : kept;
        }
        auto known = owned->key != 0 ? batch.ring.find(batch.sqlite, owned->key)
                                     : batch.ring.add(batch.sqlite, kind_for(event.handles.owner));
        if (!known) {
            return known.error();
        }
        event.key = std::move(*known);
        auto const sealed = seal(batch.ring, batch.delivery_ids, dispatch, ordinal, event);
        return sealed ? add_handles(batch.sqlite, batch.indexes.handles, event.handles, *owned, event.key.id) : sealed;
    }

    [[nodiscard]] static model::Result<void> end(Sqlite& sqlite, InboxId id, InboxState state, std::string_view why) {
        return sqlite.run("UPDATE inbox SET state = ?, reason = ? WHERE id = ?", state, shortened(why), id);
    }
    // The payload goes to the person that its first event is about.
    [[nodiscard]] static model::Result<void> hand_over(Batch& batch, InboxId id, ItemRow const& row,
                                                       ReadyEvent const& first, InboxState state,
                                                       std::string_view why) {
        std::string wrapped = first.payload;
        if (wrapped.empty()) {
            auto anew = rewrap(batch.sqlite, batch.ring, row.key, row.place, row.wrapped, first.key, row.place);
            if (!anew) {
                return anew.error();
            }
            wrapped = std::move(*anew);
        }
        return batch.sqlite.run("UPDATE inbox SET state = ?, reason = ?, key = ?, wrapped = ? WHERE id = ?", state,
                                shortened(why), first.key.id, Blob{wrapped}, id);
    }

    Database& database_;
    std::vector<ReadyItem> items_;
    LeaseAtOnce const& at_once_;
    Ending ending_;
    std::optional<Openings> openings_;
    model::TimePoint now_;
};

}  // namespace

model::Result<void> Inbox::dispatch(InboxId id, std::vector<DispatchedEvent> events, std::string why) {
    std::vector<Dispatch> one;
    one.push_back({id, std::move(events), std::move(why)});
    return dispatch(one);
}

model::Result<void> Inbox::dispatch(std::vector<Dispatch> const& items, LeaseAtOnce const& at_once) {
    auto ready = make_ready(store_.database(), items);
    if (!ready) {
        return ready.error();
    }
    DispatchWork work(store_.database(), std::move(*ready), at_once);
    return store_.database().write(
        Write{[&work](Batch& batch) { return work.run(batch); }, [&work] { work.committed(); }, {}, false});
}

void Inbox::dispatch(std::vector<Dispatch> const& items, LeaseAtOnce const& at_once,
                     std::function<void(model::Result<void> const&)> done) {
    auto ready = make_ready(store_.database(), items);
    if (!ready) {
        return done(ready.error());
    }
    // Shared by the parts of the write, which are copied with it.
    auto const work = std::make_shared<DispatchWork>(store_.database(), std::move(*ready), at_once);
    auto const queued = store_.database().write_late(
        Write{[work](Batch& batch) { return work->run(batch); }, [work] { work->committed(); }, {}, false, done});
    if (!queued) {
        done(queued);
    }
}

}  // namespace crosswalk::store
