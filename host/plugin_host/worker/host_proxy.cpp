#include "plugin_host/worker/host_proxy.hpp"

#include "plugin_host/call.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <new>
#include <utility>

namespace crosswalk::plugin_host::worker {

HostProxy::HostProxy(Calls& calls, platform::Channel& control, Reader& create) : calls_(calls), control_(control) {
    host_name_ = create.text();
    connection_ = create.text();
    boost::json::error_code error;
    std::string_view const text = create.text();
    settings_ = boost::json::parse({text.data(), text.size()}, error);
    for (std::int32_t level = CW_LOG_DEBUG; level <= CW_LOG_ERROR; ++level) {
        log_levels_[static_cast<std::size_t>(level)] = create.number() != 0;
    }
    for (bool& offered : offered_) {
        offered = create.number() != 0;
    }
    table_ = make_proxy_table(*this, host_name_.c_str(), connection_.c_str());
}

bool HostProxy::log_enabled(std::int32_t level) const noexcept {
    bool const known = level >= CW_LOG_DEBUG && level <= CW_LOG_ERROR;
    return log_levels_[static_cast<std::size_t>(known ? level : CW_LOG_INFO)];
}

bool HostProxy::offers(std::string_view extension) const noexcept {
    for (std::size_t i = 0; i < offered_.size(); ++i) {
        if (extension == host_extensions[i]) {
            return offered_[i];
        }
    }
    return false;
}

void HostProxy::log(cw_call* call, std::int32_t level, std::string_view message, std::string_view fields_json) {
    if (!log_enabled(level)) {
        return;
    }
    constexpr std::size_t message_bytes_max = 4 * 1024;
    constexpr std::size_t fields_bytes_max = 64 * 1024;
    RunningCall* const in_call = RunningCall::owned(call);
    Fields line;
    if (in_call != nullptr) {
        line.put(static_cast<std::int64_t>(Ask::log));
    }
    line.put(level).put(message.substr(0, message_bytes_max));
    line.put(fields_json.size() <= fields_bytes_max ? fields_json : std::string_view());
    if (in_call != nullptr) {
        // Answered like any other request, so that a flood of lines waits for its reader.
        (void)in_call->ask(line);
        return;
    }
    std::lock_guard const lock(control_mutex_);
    // The host always reads; one that does not within a day is no host any more.
    if (!control_.send(*line.frame(FrameType::log, 0), std::chrono::steady_clock::now() + std::chrono::hours(24))) {
        platform::end_now(EXIT_FAILURE);
    }
}

RunningCall* HostProxy::owned(cw_call const* call) {
    RunningCall* const found = RunningCall::owned(call);
    if (found == nullptr && !dead_logged_.exchange(true)) {
        log(nullptr, CW_LOG_ERROR, "A connector used a call after its hook or on another thread.", {});
    }
    return found;
}

std::string HostProxy::ask(cw_call* call, Fields const& request, cw_status& status) {
    status = CW_ERR_INTERNAL;
    RunningCall* const at = owned(call);
    if (at == nullptr) {
        return {};
    }
    std::optional<std::string> answer = at->ask(request);
    if (!answer) {
        status = CW_ERR_TOO_LARGE;
        return {};
    }
    status = static_cast<cw_status>(Reader(*answer).number());
    return std::move(*answer);
}

cw_status HostProxy::ask_status(cw_call* call, Fields const& request) {
    cw_status status = CW_ERR_INTERNAL;
    (void)ask(call, request, status);
    return status;
}

void* HostProxy::keep(std::unique_ptr<Lent> lent, void const* key) {
    std::lock_guard const lock(mutex_);
    if (lent_.size() >= lent_max) {
        throw std::bad_alloc();  // CW_ERR_NO_MEMORY to the connector, as in the host
    }
    return lent_.insert_or_assign(key, std::move(lent)).first->second.get();
}

void HostProxy::lend(std::string bytes, cw_buf* out) {
    auto lent = std::make_unique<Lent>();
    lent->bytes = std::move(bytes);
    std::string_view const view = lent->bytes;
    void const* const key = lent.get();
    void* const owner = keep(std::move(lent), key);
    *out = cw_buf{view.data(), view.size(), owner};
}

void HostProxy::lend_response(Reader& from, cw_http_response const** out) {
    auto lent = std::make_unique<Lent>();
    cw_http_response& raw = lent->response;
    raw.struct_size = sizeof raw;
    raw.status = static_cast<std::int32_t>(from.number());
    raw.retry_after_ms = from.number();
    lent->bytes = from.text();
    raw.body = borrow(lent->bytes);
    auto const headers = static_cast<std::size_t>(std::max<std::int64_t>(from.number(), 0));
    for (std::size_t i = 0; i < 2 * headers && from.good(); ++i) {
        lent->texts.emplace_back(from.text());
    }
    for (std::size_t i = 0; i + 1 < lent->texts.size(); i += 2) {
        std::string const& header = lent->texts[i];
        std::string const& value = lent->texts[i + 1];
        lent->pairs.push_back({borrow(header), borrow(value)});
    }
    lent->file = from.text();
    raw.body_file = borrow(lent->file);
    raw.body_file_size = from.number();
    raw.headers = lent->pairs.data();
    raw.header_count = lent->pairs.size();
    raw.owner = lent.get();
    void const* const key = &raw;
    (void)keep(std::move(lent), key);
    *out = static_cast<cw_http_response const*>(key);
}

void HostProxy::give_back(void const* key) noexcept {
    std::unique_ptr<Lent> freed_without_the_lock;
    {
        std::lock_guard const lock(mutex_);
        if (auto const at = lent_.find(key); at != lent_.end()) {
            freed_without_the_lock = std::move(at->second);
            lent_.erase(at);
        }
    }
    if (freed_without_the_lock != nullptr) {
        OPENSSL_cleanse(freed_without_the_lock->bytes.data(), freed_without_the_lock->bytes.size());
    } else if (!release_logged_.exchange(true)) {
        log(nullptr, CW_LOG_ERROR, "A connector gave something back twice, or something that the host never lent.", {});
    }
}

}  // namespace crosswalk::plugin_host::worker
