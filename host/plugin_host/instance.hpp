// One connector instance behind the C tables.
//
// Shape    start() creates, checks, initialises and activates; the destructor deactivates and destroys. try_init()
//          stops after init.
// Errors   start() fails with what init or activate said. A hook that throws across the boundary breaks the contract:
//          it is logged, and the call ends as internal or unknown.
// Threads  safe from any thread. Hooks run one at a time unless the connector claims CW_CAP_PARALLEL; all but
//          those that CW_CAP_PARALLEL names always do. No lock of the host is held while a hook runs, only the turn.
// Owner    callers see to it that no call runs when the instance is destroyed.
#pragma once

#include "plugin_host/call.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/host_services.hpp"
#include <crosswalk/connector.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace crosswalk::plugin_host {

class Instance final : public Connector {
public:
    // Makes the C side of an instance; *out stays NULL when it fails.
    using Create = std::function<cw_status(cw_host const*, cw_connector** out)>;

    [[nodiscard]] static model::Result<std::unique_ptr<Connector>> start(ConnectorInfo const& info,
                                                                         cw_descriptor const* descriptor,
                                                                         Services services, Create const& create);
    // Creates, initialises and destroys: what does the connector say to these settings?
    [[nodiscard]] static model::Result<void> try_init(ConnectorInfo const& info, cw_descriptor const* descriptor,
                                                      Services services, Create const& create);
    Instance(ConnectorInfo const& info, Services services, std::vector<std::string> egress);
    Instance(Instance const&) = delete;
    Instance& operator=(Instance const&) = delete;
    ~Instance() override;

    [[nodiscard]] ConnectorInfo const& info() const noexcept override { return info_; }
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
    [[nodiscard]] bool can_look_up() const noexcept override { return look_up_ != nullptr; }
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
    // Runs one hook as `call`. The status is one that connector.h knows; an Error means that the hook never ran.
    template <class Hook>
    [[nodiscard]] model::Result<cw_status> run(Call& call, std::chrono::milliseconds time_max, Hook&& hook);
    // The same for hooks that give data: a failed hook and a refused output are errors too.
    template <class Hook>
    [[nodiscard]] model::Result<void> run_for_data(Call& call, std::chrono::milliseconds time_max, Hook&& hook);
    template <class Work>
    [[nodiscard]] bool contained(Phase phase, Work&& work) noexcept;

    [[nodiscard]] static model::Result<std::unique_ptr<Instance>> make(ConnectorInfo const& info,
                                                                       cw_descriptor const* descriptor,
                                                                       Services services, Create const& create);
    [[nodiscard]] model::Result<void> init();
    [[nodiscard]] model::Result<void> activate();
    // Asks for the extensions; each must be there exactly when its capability bit is set.
    [[nodiscard]] model::Result<void> take_extensions();
    [[nodiscard]] bool has(std::uint32_t cap) const noexcept { return (info_.caps & cap) != 0; }
    [[nodiscard]] model::Error unsupported(std::string_view what) const;
    [[nodiscard]] model::Result<MapResult> map(std::int32_t direction, model::Record const& record,
                                               std::string const& to_schema, std::chrono::milliseconds time_max);

    // Constant once start() returned.
    ConnectorInfo const info_;
    cw_connector* connector_ = nullptr;
    bool active_ = false;
    cw_push_lookup const* look_up_ = nullptr;
    cw_probe const* probe_ = nullptr;
    cw_oauth const* oauth_ = nullptr;
    cw_subscriptions const* subscriptions_ = nullptr;
    cw_find const* find_ = nullptr;
    cw_sweep const* sweep_ = nullptr;

    // These lock for themselves.
    HostServices services_;
    Turn turn_;
};

}  // namespace crosswalk::plugin_host
