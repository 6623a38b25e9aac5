#include "plugin_host/worker/session.hpp"

#include "plugin_host/descriptor.hpp"
#include "plugin_host/extension.hpp"
#include "plugin_host/remote_descriptor.hpp"

#include <algorithm>
#include <exception>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace crosswalk::plugin_host::worker {
namespace {

// Ends a frame's call, however its hook ends.
class Ending {
public:
    Ending(Calls& calls, cw_call const* call) noexcept : calls_(calls), call_(call) {}
    Ending(Ending const&) = delete;
    Ending& operator=(Ending const&) = delete;
    ~Ending() { calls_.end(call_); }

private:
    Calls& calls_;
    cw_call const* call_;
};

Fields failure(model::Error const& error) {
    Fields out;
    out.put(static_cast<std::int64_t>(error.code)).put(error.detail);
    return out;
}

}  // namespace

void Session::run() {
    Frame frame;
    while (receive(frame)) {
        take(std::move(frame));
    }
}

bool Session::receive(Frame& frame) {
    std::string header(frame_header_bytes, '\0');
    if (!channel_.receive(header.data(), header.size())) {
        return false;
    }
    auto const parsed = parse_frame_header(header);
    if (!parsed) {
        return false;
    }
    frame = Frame{parsed->type, parsed->call, std::string(parsed->bytes, '\0')};
    return channel_.receive(frame.fields.data(), frame.fields.size());
}

void Session::take(Frame frame) {
    if (frame.type == FrameType::response) {
        return calls_.respond(frame.call, std::move(frame.fields));
    }
    if (frame.type == FrameType::cancel) {
        cw_call* const call = calls_.cancel(frame.call);
        cw_connector* const connector = connector_.load();
        if (call != nullptr && connector != nullptr) {
            post([connector, call] { connector->cancel(connector, call); });
        }
        return;
    }
    // Shared: a function object must be copyable, and the bytes should not be.
    auto const kept = std::make_shared<Frame const>(std::move(frame));
    post([this, kept] { perform(*kept); });
}

void Session::post(std::function<void()> work) {
    bool more = false;
    {
        std::lock_guard const lock(mutex_);
        work_.push_back(std::move(work));
        more = work_.size() > idle_;
    }
    if (more) {
        // Detached: the process ends without waiting for a hook that hangs.
        std::thread([this] { serve(); }).detach();
    }
    posted_.notify_one();
}

void Session::serve() {
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        posted_.wait(lock, [this] { return !work_.empty(); });
        --idle_;
        std::function<void()> const work = std::move(work_.front());
        work_.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

void Session::perform(Frame const& frame) {
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
            return result(frame, Fields());
        case FrameType::destroy:
            if (cw_connector* const connector = connector_.exchange(nullptr); connector != nullptr) {
                connector->destroy(connector);
            }
            return result(frame, Fields());
        default:
            return run_hook(frame);
    }
}

void Session::result(Frame const& frame, Fields const& fields) {
    // The host orders calls by their results, which no thread here can see: the lock hands what this call wrote to the
    // thread of the next.
    { std::lock_guard const lock(mutex_); }
    calls_.send(FrameType::result, frame.call, fields.bytes());
}

void Session::open(Frame const& frame) {
    Reader in(frame.fields);
    std::int64_t const protocol = in.number();
    std::string const path(in.text());
    std::string const sha256(in.text());
    Fields out;
    out.put(wire_protocol);
    if (protocol == wire_protocol) {
        auto opened = open_library(path, sha256);
        if (!opened) {
            return result(frame,
                          Fields(out).put(static_cast<std::int64_t>(opened.error().code)).put(opened.error().detail));
        }
        library_ = std::move(*opened);
    }
    Fields description;
    description.put(library_.infos.empty() ? std::string_view() : std::string_view(library_.infos.front().toolchain));
    description.put(static_cast<std::int64_t>(library_.infos.size()));
    for (ConnectorInfo const& info : library_.infos) {
        put_connector(description, info);
    }
    result(frame, out.put(std::int64_t{0}).put(std::string_view()).put(description.bytes()));
}

void Session::create(Frame const& frame) {
    Reader in(frame.fields);
    std::string const id(in.text());
    proxy_ = std::make_unique<HostProxy>(calls_, in);
    auto const& infos = library_.infos;
    auto const found = std::find_if(infos.begin(), infos.end(), [&id](auto const& info) { return info.id == id; });
    if (found == infos.end()) {
        return result(frame, failure({model::ErrorCode::not_found, "There is no connector \"" + id + "\"."}));
    }
    cw_connector* made = nullptr;
    cw_status status = CW_ERR_INTERNAL;
    try {
        status = library_.table->create(id.c_str(), proxy_->table(), &made);
    } catch (...) {
        status = CW_ERR_INTERNAL;
    }
    if (status != CW_OK) {
        return result(
            frame, failure({model::ErrorCode::internal, "The connector \"" + id + "\" could not be created (status " +
                                                            std::to_string(status) + ")."}));
    }
    auto const index = static_cast<std::size_t>(found - infos.begin());
    if (auto const sound = check_instance(*found, library_.descriptors[index], made); !sound) {
        return result(frame, failure(sound.error()));
    }
    connector_.store(made);
    result(frame, Fields().put(std::int64_t{0}));
}

void Session::extension(Frame const& frame) {
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
    result(frame, Fields().put(std::int64_t{usable ? 1 : 0}));
}

void Session::run_hook(Frame const& frame) {
    Reader head(frame.fields);
    std::chrono::milliseconds const left(head.number());
    Reader in(head.text());
    Fields out;
    {
        Fields outputs;
        cw_call* const call = calls_.begin(frame.call, left);
        Ending const ending(calls_, call);
        try {
            cw_status const status = call_hook(frame.type, call, in, outputs);
            out.put(status).put(std::int64_t{0}).put(std::string_view()).append(outputs);
        } catch (std::exception const& error) {
            out.put(CW_ERR_INTERNAL).put(std::int64_t{1}).put(std::string_view(error.what()));
        } catch (...) {
            out.put(CW_ERR_INTERNAL).put(std::int64_t{1}).put(std::string_view("no exception class"));
        }
    }
    result(frame, out);
}

}  // namespace crosswalk::plugin_host::worker
