#include "simulation/inside.hpp"

#include <iostream>
#include <utility>

namespace crosswalk::simulation {
namespace {

using std::chrono::milliseconds;

// Nobody reads what these hosts log, but what they log is composed as always.
std::ostream& nowhere() {
    static std::ostream stream(nullptr);
    return stream;
}

std::map<std::string, map::Mapper> mappers_of(Setting const& setting) {
    std::map<std::string, map::Mapper> mappers;
    for (model::Route const& route : setting.routes) {
        mappers.emplace(route.name, map::Mapper(route.mapping, {}));
    }
    return mappers;
}

PipelineOptions pipeline_options() {
    PipelineOptions options;
    options.store_pause = milliseconds(0);
    return options;
}

deliver::DispatcherOptions dispatcher_options(Setting const& setting) {
    deliver::DispatcherOptions options;
    options.attempts.look_ups_max = setting.look_ups_max;
    options.store_pause = milliseconds(0);
    return options;
}

schedule::Letters letters() {
    auto const none = [](model::Route const&, store::Run const&, std::string const&) {
        return std::vector<store::NewDelivery>();
    };
    return {none, none};
}

}  // namespace

store::StoreOptions store_options(Setting const& setting) {
    store::StoreOptions options;
    options.path = store_path;
    options.key = model::Secret(std::string(64, '5'));
    options.checkpoint_pages = setting.checkpoint_pages;
    options.wal_pages_brake = setting.wal_pages_brake;
    options.recent_hashes_max = setting.recent_hashes_max;
    options.readers = 1;
    options.own_threads = false;
    return options;
}

model::Result<std::unique_ptr<Inside>> Inside::open(Setting const& setting, Outside const& outside) {
    auto logger = std::make_unique<telemetry::Logger>(nowhere(), outside.clock, telemetry::Level::error);
    auto store = store::Store::open(store_options(setting), outside.clock, *logger);
    if (!store) {
        return store.error();
    }
    return std::unique_ptr<Inside>(new Inside(setting, outside, std::move(logger), std::move(*store)));
}

Inside::Inside(Setting const& setting, Outside const& outside, std::unique_ptr<telemetry::Logger> logger,
               std::unique_ptr<store::Store> store)
    : logger_(std::move(logger)),
      store_(std::move(store)),
      inbox(*store_),
      outbox(*store_),
      history(*store_),
      state(*store_),
      runs(*store_),
      router(setting.routes),
      mappers_(mappers_of(setting)),
      follow_ups_([this](std::string_view name) { return router.find(name); }, outside.connector, setting.emails,
                  *logger_),
      webhooks_(
          {{"ats", outside.connector("ats")}}, {},
          [this](std::string_view connection, std::string_view event) { return gate(connection, event); },
          [](std::string const&) {}, inbox, state, outside.clock, *logger_, metrics_),
      around{{},    outside.connector, letters(), [](std::string const&) {}, inbox, outbox, runs,
             state, outside.clock,     *logger_},
      pipeline(
          pipeline_options(), {"ats", "board"}, router,
          [this](std::string const& route) -> map::Mapper const& { return mappers_.at(route); }, outside.connector,
          follow_ups_, [] {}, inbox, outbox, state, outside.clock, *logger_, metrics_, {}, outside.at_once),
      dispatcher(
          dispatcher_options(setting), [this](std::string_view name) { return router.find(name); }, outside.connector,
          follow_ups_, outside.send_notice, outside.jitter, outbox, history, state, outside.clock, *logger_, metrics_) {
}

ingest::Gate Inside::gate(std::string_view connection, std::string_view event_type) {
    auto const wanting = router.match(connection, event_type);
    for (model::Route const* route : wanting) {
        auto const mode = state.route_mode(route->name);
        if (!mode || !*mode || **mode != store::RouteMode::stopped) {
            return ingest::Gate::open;
        }
    }
    return wanting.empty() ? ingest::Gate::unwanted : ingest::Gate::stopped;
}

http::Response Inside::receive(std::string const& body) {
    // Without threads the store has said what became of it when handle() returns; no answer is what a vendor takes for
    // one that got lost.
    http::Response answer{0, {}, {}, {}};
    webhooks_.handle({"POST", "/hooks/ats", {{"content-type", "application/json"}}, body, "127.0.0.1"},
                     http::Answer([&answer](http::Response given) { answer = std::move(given); }));
    return answer;
}

void Inside::give_up() {
    dispatcher.stop(milliseconds(0));
    pipeline.stop();
}

}  // namespace crosswalk::simulation
