#include "plugin_host/worker/session.hpp"

#include "plugin_host/descriptor.hpp"
#include "plugin_host/extension.hpp"
#include "plugin_host/remote_descriptor.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace crosswalk::plugin_host::worker {
namespace {

Fields failure(model::Error const& error) {
    Fields out;
    out.put(static_cast<std::int64_t>(error.code)).put(error.detail);
    return out;
}

}  // namespace

void Session::run() {
    std::string header(frame_header_bytes, '\0');
    std::unique_ptr<platform::Channel> passed;
    while (control_.receive(header.data(), header.size(), passed)) {
        auto const frame = parse_frame_header(header);
        bool const known = frame && frame->bytes == 0;
        if (known && frame->type == FrameType::cancel) {
            cancel(frame->call);
        } else if (known && frame->type == FrameType::lane && passed != nullptr) {
            // Detached: the process ends without waiting for a hook that hangs.
            std::thread([this, lane = std::move(passed)]() mutable { serve(std::move(lane)); }).detach();
        } else {
            return;
        }
    }
}

void Session::cancel(std::uint64_t number) {
    cw_call* const call = calls_.cancel(number);
    std::lock_guard const lock(mutex_);
    cw_connector* const connector = connector_.load();
    if (call == nullptr || connector == nullptr) {
        return;
    }
    std::thread([this, connector, call] {
        connector->cancel(connector, call);
        std::lock_guard const done(mutex_);
        --telling_;
        told_.notify_all();
    }).detach();
    ++telling_;
}

void Session::destroy() {
    std::unique_lock lock(mutex_);
    cw_connector* const connector = connector_.exchange(nullptr);
    // The call that was cancelled may be over, and the connector in its cancel still. One that never returns from there
    // is ended by the host, whose patience with this frame is short.
    told_.wait(lock, [this] { return telling_ == 0; });
    lock.unlock();
    if (connector != nullptr) {
        connector->destroy(connector);
    }
}

void Session::serve(std::unique_ptr<platform::Channel> channel) {
    Lane lane(std::move(channel));
    Frame frame;
    auto const forever = std::chrono::steady_clock::time_point::max();
    while (lane.hear(frame, forever) == Lane::Heard::frame) {
        // The host orders calls by their results, which no thread here can see: the lock hands what the calls before
        // this one wrote to its thread.
        { std::lock_guard const lock(mutex_); }
        Fields result = perform(lane, frame);
        { std::lock_guard const lock(mutex_); }
        // The host always reads; one that does not within a day is no host any more.
        auto const until = std::chrono::steady_clock::now() + std::chrono::hours(24);
        if (!lane.send(FrameType::result, frame.call, result, until)) {
            break;
        }
    }
    platform::end_now(EXIT_FAILURE);
}

Fields Session::perform(Lane& lane, Frame const& frame) {
    switch (frame.type) {
        case FrameType::open:
            return open(frame);
        case FrameType::create:
            return create(frame);
        case FrameType::extension:
            return extension(frame);
        case FrameType::deactivate:
            if (cw_connector* const connector = connector_.load(); connector != nullptr) {
                connector->deactivate(connector);
            }
            return {};
        case FrameType::destroy:
            destroy();
            return {};
        default:
            return run_hook(lane, frame);
    }
}

Fields Session::open(Frame const& frame) {
    Reader in(frame.fields);
    std::int64_t const protocol = in.number();
    std::string const path(in.text());
    std::string const sha256(in.text());
    Fields out;
    out.put(wire_protocol);
    if (protocol == wire_protocol) {
        auto opened = open_library(path, sha256);
        if (!opened) {
            return out.put(static_cast<std::int64_t>(opened.error().code)).put(opened.error().detail);
        }
        library_ = std::move(*opened);
    }
    Fields description;
    description.put(library_.infos.empty() ? std::string_view() : std::string_view(library_.infos.front().toolchain));
    description.put(static_cast<std::int64_t>(library_.infos.size()));
    for (ConnectorInfo const& info : library_.infos) {
        put_connector(description, info);
    }
    return out.put(std::int64_t{0}).put(std::string_view()).put(description.bytes());
}

Fields Session::create(Frame const& frame) {
    Reader in(frame.fields);
    std::string const id(in.text());
    proxy_ = std::make_unique<HostProxy>(calls_, control_, in);
    auto const& infos = library_.infos;
    auto const found = std::find_if(infos.begin(), infos.end(), [&id](auto const& info) { return info.id == id; });
    if (found == infos.end()) {
        return failure({model::ErrorCode::not_found, "There is no connector \"" + id + "\"."});
    }
    cw_connector* made = nullptr;
    cw_status status = CW_ERR_INTERNAL;
    try {
        status = library_.table->create(id.c_str(), proxy_->table(), &made);
    } catch (...) {
        status = CW_ERR_INTERNAL;
    }
    if (status != CW_OK) {
        return failure({model::ErrorCode::internal,
                        "The connector \"" + id + "\" could not be created (status " + std::to_string(status) + ")."});
    }
    auto const index = static_cast<std::size_t>(found - infos.begin());
    if (auto const sound = check_instance(*found, library_.descriptors[index], made); !sound) {
        return failure(sound.error());
    }
    connector_.store(made);
    return Fields().put(std::int64_t{0});
}

Fields Session::extension(Frame const& frame) {
    std::string const id(Reader(frame.fields).text());
    cw_connector* const connector = connector_.load();
    void const* const table = connector == nullptr ? nullptr : connector->get_extension(connector, id.c_str());
    auto const take = [table](auto& to) {
        using Table = std::remove_const_t<std::remove_pointer_t<decltype(to.load())>>;
        to.store(usable_extension<Table>(table));
        return to.load() != nullptr;
    };
    bool const usable = id == CW_EXT_PUSH_LOOKUP     ? take(look_up_)
                        : id == CW_EXT_PROBE         ? take(probe_)
                        : id == CW_EXT_OAUTH         ? take(oauth_)
                        : id == CW_EXT_SUBSCRIPTIONS ? take(subscriptions_)
                        : id == CW_EXT_FIND          ? take(find_)
                        : id == CW_EXT_SWEEP         ? take(sweep_)
                                                     : false;
    return Fields().put(std::int64_t{usable ? 1 : 0});
}

Fields Session::run_hook(Lane& lane, Frame const& frame) {
    Reader in(frame.fields);
    std::chrono::milliseconds const left(in.number());
    RunningCall call(calls_, lane, frame.type, frame.call, left);
    if (cw_connector* const connector = connector_.load(); call.came_cancelled() && connector != nullptr) {
        connector->cancel(connector, call.handle());
    }
    Fields out;
    try {
        Fields outputs;
        cw_status const status = call_hook(frame.type, call.handle(), in, outputs);
        out.put(status).put(std::int64_t{0}).put(std::string_view()).put(call.deferred().bytes()).append(outputs);
    } catch (std::exception const& error) {
        out.put(CW_ERR_INTERNAL).put(std::int64_t{1}).put(std::string_view(error.what())).put(call.deferred().bytes());
    } catch (...) {
        out.put(CW_ERR_INTERNAL).put(std::int64_t{1}).put("no exception class").put(call.deferred().bytes());
    }
    return out;
}

}  // namespace crosswalk::plugin_host::worker
