// A connector whose worker process is watched: when it ends, calls fail at once and a new worker is started later.
//
// Shape    a supervising thread starts workers and waits for their end; calls run on their callers' threads.
// Errors   without a worker: unavailable (a push is retried, a look-up says nothing). After too many crashes:
//          failed_precondition with words that name the connector; a push then pauses its connection and is kept.
// Threads  safe from any thread. All workers of a connector are started by the supervising thread, which ends last.
// Owner    a running worker is shared with the calls in it, because a new one may replace it meanwhile.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/restart_policy.hpp"
#include "plugin_host/worker_link.hpp"
#include "telemetry/log.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace crosswalk::plugin_host {

// A worker and the instance in it.
struct RunningWorker {
    std::unique_ptr<WorkerLink> link;
    std::unique_ptr<Connector> instance;  // goes first
};

class Supervised final : public Connector {
public:
    using StartWorker = std::function<model::Result<std::unique_ptr<WorkerLink>>()>;
    using StartInstance = std::function<model::Result<std::unique_ptr<Connector>>(WorkerLink&)>;
    struct Parts {
        ConnectorInfo const& info;  // the library's
        std::string connection;
        StartWorker start_worker;
        StartInstance start_instance;
        RestartLimits restart;
        model::Clock const& clock;
        telemetry::Logger& logger;
    };
    // Starts the first worker; when that fails there is no connector.
    [[nodiscard]] static model::Result<std::unique_ptr<Connector>> start(Parts parts);
    explicit Supervised(Parts parts);
    Supervised(Supervised const&) = delete;
    Supervised& operator=(Supervised const&) = delete;
    ~Supervised() override;

    [[nodiscard]] ConnectorInfo const& info() const noexcept override { return parts_.info; }
    [[nodiscard]] model::Result<WebhookVerdict> verify_webhook(HttpRequestView const& request,
                                                               std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<ParseResult> parse_webhook(HttpRequestView const& request,
                                                           std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<PollResult> poll(PollRequest const& request,
                                                 std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<MapResult> map_in(model::Record const& record, std::string const& to_schema,
                                                  std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<MapResult> map_out(model::Record const& record, std::string const& to_schema,
                                                   std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::AttemptReport push(std::string const& action, std::string const& idempotency_key, int attempt,
                                            model::Record const& record, std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::AttemptReport look_up(std::string const& action, std::string const& idempotency_key,
                                               int attempt, model::Record const& record,
                                               std::chrono::milliseconds time_max) override;
    [[nodiscard]] bool can_look_up() const noexcept override { return can_look_up_; }
    [[nodiscard]] model::Result<ProbeReport> probe(std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<std::optional<OAuthDescription>> oauth(std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<ProbeReport> subscribe(std::string const& url, std::vector<std::string> const& events,
                                                       std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<void> unsubscribe(std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<std::vector<model::Record>> find(std::string const& schema,
                                                                 boost::json::object const& query,
                                                                 std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<PollResult> sweep(SweepRequest const& request,
                                                  std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<ParseResult> fetch_swept(model::Event const& listed,
                                                         std::chrono::milliseconds time_max) override;
    [[nodiscard]] model::Result<ProbeReport> diagnose(std::string const& url, std::vector<std::string> const& events,
                                                      std::chrono::milliseconds time_max) override;
    void cancel() noexcept override;

private:
    using Running = std::shared_ptr<RunningWorker>;
    [[nodiscard]] model::Result<Running> running();

    void supervise();
    [[nodiscard]] model::Result<Running> launch();
    // False: no worker will ever run again.
    [[nodiscard]] bool restart();
    [[nodiscard]] bool wait_before_restart(std::chrono::milliseconds delay);
    void note_crash(std::string const& how, std::optional<std::chrono::milliseconds> delay);

    // Constant once start() returned.
    Parts const parts_;
    bool can_look_up_ = false;

    // The supervising thread's.
    RestartPolicy policy_;
    bool start_crashed_ = false;

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    Running current_;
    WorkerLink* starting_ = nullptr;  // absent unless a start is under way
    std::optional<model::Result<void>> first_start_;
    std::string last_end_;
    bool ended_ = false;  // the current worker
    bool quarantined_ = false;
    bool cancelled_ = false;
    bool closing_ = false;

    std::thread supervisor_;
};

}  // namespace crosswalk::plugin_host
