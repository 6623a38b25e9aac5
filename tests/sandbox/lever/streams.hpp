// Streams of people with distinct names, made and announced at a set concurrency: as hires, or as new applications.
//
// Shape    each of `concurrency` threads takes the next number, makes the candidate, hires it where the stream is one
//          of hires, pursues its webhooks until received or out of tries, pauses `gap`, and goes on. A receiver that is
//          down therefore holds the stream up; it does not make it skip anybody. Names never repeat within a process:
//          "Stream N000042", stream.n000042@example.com.
// Limits   `streams_max` are remembered, `concurrency_max` threads each.
// Threads  safe from any thread; takes the state's lock, never while holding its own.
#pragma once

#include "sandbox/lever/hooks.hpp"
#include "sandbox/lever/state.hpp"
#include "sandbox/stop_signal.hpp"

#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::sandbox::lever {

struct StreamOrder {
    std::string event = "candidateHired";  // or applicationCreated
    std::int64_t count = 0;
    std::int64_t concurrency = 4;
    std::string name_prefix = "Stream";
    std::chrono::milliseconds gap{0};
    RetryPolicy policy = {};
    boost::json::object candidate = {};  // fields of a candidate that all of them share
};

class Streams {
public:
    static constexpr std::size_t streams_max = 512;
    static constexpr std::int64_t concurrency_max = 64;

    // Borrows both.
    Streams(State& state, Hooks& hooks) : state_(state), hooks_(hooks) {}
    ~Streams() { clear(); }

    // Returns the stream's id; nothing when too many are remembered.
    [[nodiscard]] std::optional<std::string> start(StreamOrder order);

    // {"id", "count", "hired" (announced), "received", "failed", "done", "opportunities"?}; waits for the end up to
    // `patience`.
    [[nodiscard]] std::optional<boost::json::object> show(std::string const& id, std::chrono::milliseconds patience,
                                                          bool with_opportunities);

    // Ends and forgets every stream, and joins their threads.
    void clear();

private:
    struct Stream {
        StreamOrder order;
        std::string id;
        std::atomic<std::int64_t> next{0};
        std::mutex mutex;
        std::condition_variable changed;
        std::int64_t hired = 0;                  // guarded by mutex; people who were made and announced
        std::int64_t received = 0;               // guarded by mutex; people all of whose webhooks were received
        std::int64_t failed = 0;                 // guarded by mutex
        std::vector<std::string> opportunities;  // guarded by mutex
        StopSignal stopping;                     // has its own locking
        std::vector<std::thread> threads;        // constant once started
    };

    void run(Stream& stream);
    void announce_next(Stream& stream, WebhookClient& client);

    State& state_;
    Hooks& hooks_;
    std::atomic<std::int64_t> people_{0};  // over all streams, so that no name comes twice
    std::mutex mutex_;
    std::vector<std::shared_ptr<Stream>> streams_;  // guarded by mutex_; shared with those who wait in show()
};

}  // namespace crosswalk::sandbox::lever
