// Sends webhooks the way vendors do: at least once, again with growing gaps until a 2xx, and with a log of every try.
//
// Shape      open() writes a delivery into the log; schedule() lets the sender's own threads send it, pursue() sends it
//            on the caller's thread. The same body goes out at every try. The gap after the first failed try is
//            `gap`, and doubles up to `gap_max`, unless the policy lists its `gaps`. Only 2xx counts as received, or
//            only 200; 3xx is a failure.
// Limits     the newest `deliveries_max` deliveries and the newest `attempts_kept` tries of each are kept.
// Units      milliseconds.
// Threads    safe from any thread; `workers` threads of its own between start and stop.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/stop_signal.hpp"
#include "sandbox/webhook_client.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace crosswalk::sandbox {

struct RetryPolicy {
    int tries = 5;
    std::chrono::milliseconds gap{1000};
    std::chrono::milliseconds gap_max{60'000};
    std::chrono::milliseconds timeout{10'000};
    std::vector<std::chrono::milliseconds> gaps = {};  // after the first try, the second, …; the last one for ever
    bool only_200 = false;                             // any other 2xx is a failure
};

struct Outgoing {
    std::string webhook;  // the registration it goes to
    std::string event;
    std::string url;
    std::string subject;  // what it is about; for finding it in the log
    std::string body;
    std::vector<Pair> headers;
    std::string fresh_header = {};  // this header gets a new random value at every try; empty: none does
};

enum class SendState { pending, received, failed };

class WebhookSender {
public:
    static constexpr std::size_t deliveries_max = 50'000;
    static constexpr std::size_t attempts_kept = 50;
    static constexpr int workers = 8;

    ~WebhookSender() { stop(); }

    void start();
    void stop();

    // Forgets every delivery; those under way end without a trace.
    void clear();

    // Returns the delivery's id.
    [[nodiscard]] std::string open(Outgoing outgoing, RetryPolicy const& policy);
    void schedule(std::string const& id);

    // Tries on this thread until received, out of tries, cleared, or `stopping` is raised.
    SendState pursue(std::string const& id, WebhookClient& client, StopSignal& stopping);

    // What a delivery carried; nothing when it is not known.
    [[nodiscard]] std::optional<Outgoing> find(std::string const& id);

    // One delivery with its tries, after it is no longer pending or `patience` has passed.
    [[nodiscard]] std::optional<boost::json::object> show(std::string const& id, std::chrono::milliseconds patience);

    // Newest last. Empty filters fit everything.
    [[nodiscard]] boost::json::array list(std::string const& event, std::string const& subject,
                                          std::string const& state, std::size_t last);

    // {"pending": n, "received": n, "failed": n, "tries": n}
    [[nodiscard]] boost::json::object counts();

private:
    using Time = std::chrono::steady_clock::time_point;

    struct Attempt {
        std::int64_t at_ms = 0;
        std::int64_t duration_ms = 0;
        PostOutcome outcome;
    };

    struct Delivery {
        Outgoing outgoing;
        RetryPolicy policy;
        SendState state = SendState::pending;
        int tries = 0;
        std::deque<Attempt> attempts = {};
    };

    void work();
    // One try; the gap to the next one, or nothing when there is none.
    std::optional<std::chrono::milliseconds> try_once(std::string const& id, WebhookClient& client);
    std::optional<std::chrono::milliseconds> record(std::string const& id, Attempt attempt);
    static boost::json::object print(std::string const& id, Delivery const& delivery);
    static bool is_received(int status, RetryPolicy const& policy) noexcept;

    Ids ids_;  // has its own locking
    std::mutex mutex_;
    std::condition_variable changed_;
    bool running_ = false;                                  // guarded by mutex_
    std::uint64_t tries_ = 0;                               // guarded by mutex_
    std::unordered_map<std::string, Delivery> deliveries_;  // guarded by mutex_
    std::deque<std::string> order_;                         // guarded by mutex_; oldest first
    std::multimap<Time, std::string> due_;                  // guarded by mutex_
    std::vector<std::thread> threads_;                      // start and stop only
};

}  // namespace crosswalk::sandbox
