// The cw_host of a worker: what needs no judgement is answered here, everything else is asked of the host.
//
// Shape    here: clocks, time left, the cancel flag, settings, SHA-256, buffers. Asked: all that takes a cw_call, so
//          that limits, phases, egress and secrets are judged by the host, which does not trust this process. What a
//          hook gives is deferred where the host will surely take it.
// Errors   cw_status, as connector.h says. A call used after its hook or on another thread never reaches the host.
// Threads  safe from any thread, as the table's functions are tagged.
// Owner    what was lent and not given back ends with the process; bytes are wiped when they are given back.
#pragma once

#include "platform/child_process.hpp"
#include "plugin_host/wire.hpp"
#include "plugin_host/worker/calls.hpp"
#include <crosswalk/connector.h>

#include <boost/json/value.hpp>

#include <array>
#include <atomic>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace crosswalk::plugin_host::worker {

class HostProxy {
public:
    // `create`: the fields of the frame that asks for an instance, after its id.
    HostProxy(Calls& calls, platform::Channel& control, Reader& create);
    HostProxy(HostProxy const&) = delete;
    HostProxy& operator=(HostProxy const&) = delete;

    [[nodiscard]] cw_host const* table() const noexcept { return &table_; }
    [[nodiscard]] Calls& calls() noexcept { return calls_; }
    [[nodiscard]] boost::json::value const& settings() const noexcept { return settings_; }
    [[nodiscard]] bool log_enabled(std::int32_t level) const noexcept;
    // Is there somebody behind one of host_extensions?
    [[nodiscard]] bool offers(std::string_view extension) const noexcept;
    void log(cw_call* call, std::int32_t level, std::string_view message, std::string_view fields_json);

    // The answer to a request of this thread's call; empty, with `status` set, when there is none.
    [[nodiscard]] std::string ask(cw_call* call, Fields const& request, cw_status& status);
    // The same for requests that answer with a status only.
    [[nodiscard]] cw_status ask_status(cw_call* call, Fields const& request);
    // The call of this thread; null, and logged once, when `call` is another or dead.
    [[nodiscard]] RunningCall* owned(cw_call const* call);

    void lend(std::string bytes, cw_buf* out);
    void lend_response(Reader& from, cw_http_response const** out);
    void give_back(void const* key) noexcept;

private:
    struct Lent {
        std::string bytes;
        std::string file;
        std::vector<std::string> texts;
        std::vector<cw_pair> pairs;
        cw_http_response response{};
    };
    [[nodiscard]] void* keep(std::unique_ptr<Lent> lent, void const* key);

    // Constant after construction.
    Calls& calls_;
    platform::Channel& control_;
    std::string host_name_;
    std::string connection_;
    boost::json::value settings_;
    std::array<bool, CW_LOG_ERROR + 1> log_levels_{};
    std::array<bool, std::size(host_extensions)> offered_{};
    cw_host table_{};

    std::atomic<bool> dead_logged_{false};
    std::atomic<bool> release_logged_{false};
    std::mutex control_mutex_;  // frames go out whole
    std::mutex mutex_;          // guards lent_
    std::unordered_map<void const*, std::unique_ptr<Lent>> lent_;
};

// The cw_host whose functions lead to `proxy`.
[[nodiscard]] cw_host make_proxy_table(HostProxy& proxy, char const* host_name, char const* connection) noexcept;

}  // namespace crosswalk::plugin_host::worker
