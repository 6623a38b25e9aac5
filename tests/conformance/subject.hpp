// One connector, its own library as it ships, set up against a sandbox vendor in this process.
//
// Shape    the host's HTTP client and plugin host are the real ones; state and files are kept in memory and in a
//          folder of this object.
// Owner    the sandbox ends with the Subject.
#pragma once

#include "conformance/profile.hpp"
#include "http/client.hpp"
#include "model/clock.hpp"
#include "plugin_host/connector.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <sstream>
#include <string>

namespace crosswalk::conformance {

inline constexpr std::chrono::milliseconds usual_time{8000};

// The clocks of this machine, ahead of them by what a test does not want to wait for.
class HurriedClock final : public model::Clock {
public:
    [[nodiscard]] model::TimePoint now() const noexcept override { return system_.now() + ahead(); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const noexcept override {
        return system_.steady_now() + ahead();
    }
    void hurry(std::chrono::seconds by) noexcept { seconds_ += by.count(); }

private:
    [[nodiscard]] std::chrono::seconds ahead() const noexcept { return std::chrono::seconds(seconds_.load()); }
    model::SystemClock system_;
    std::atomic<std::int64_t> seconds_{0};
};

class Subject {
public:
    explicit Subject(Profile const& profile);
    ~Subject();
    Subject(Subject const&) = delete;
    Subject& operator=(Subject const&) = delete;

    [[nodiscard]] Sandbox& sandbox() noexcept { return sandbox_; }
    [[nodiscard]] plugin_host::Connector& connector() noexcept { return *connector_; }
    [[nodiscard]] plugin_host::Links& links() noexcept;
    // Another instance, as after a restart of the host: it remembers what was stored, and no Retry-After.
    void restart();

    void fault(json::object const& ordered);
    void no_more_faults();
    // Until `done`, at most for ten seconds; says whether.
    [[nodiscard]] static bool wait_for(std::function<bool()> const& done);

    // The record with its file put where the host keeps files.
    [[nodiscard]] json::object with_file(Push const& push, json::object record);
    // The canonical record as the target's own mapping gives it.
    [[nodiscard]] model::Result<model::Record> mapped(Push const& push, json::object const& canonical);
    [[nodiscard]] model::AttemptReport push(Push const& push, json::object const& canonical, std::string const& key,
                                            int attempt = 1, std::chrono::milliseconds time_max = usual_time);
    // As the host does it: an unknown outcome is looked up, what was not applied is tried again, eight times at most,
    // each two minutes after the one before.
    [[nodiscard]] model::AttemptReport deliver(Push const& push, json::object const& canonical, std::string const& key,
                                               int first_attempt = 1);

private:
    class Kept;
    Profile const& profile_;
    Sandbox sandbox_;
    std::ostringstream log_;
    HurriedClock clock_;
    telemetry::Logger logger_;
    http::Client http_;
    std::unique_ptr<Kept> kept_;
    std::string address_;
    std::unique_ptr<plugin_host::Connector> connector_;  // last, so that it goes first
};

}  // namespace crosswalk::conformance
