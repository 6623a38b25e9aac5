#include "http/client.hpp"

#include "http/channel.hpp"
#include "http/exchange.hpp"
#include "http/message.hpp"
#include "http/resolver.hpp"
#include "http/session_pool.hpp"
#include "http/tls.hpp"
#include "http/url.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <charconv>
#include <mutex>

namespace crosswalk::http {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Safe methods may be repeated whatever the caller says.
bool is_idempotent(ClientRequest const& request) noexcept {
    return request.idempotent || request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
}

// Seconds or an HTTP date; nothing for any other text.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string const& text, model::TimePoint now) {
    using std::chrono::milliseconds;
    constexpr std::chrono::hours longest(24 * 366);
    std::uint32_t seconds = 0;
    if (auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        end == text.data() + text.size() && !text.empty()) {
        return failure == std::errc{} ? std::min<milliseconds>(std::chrono::seconds(seconds), longest) : longest;
    }
    Poco::DateTime date;
    int zone = 0;
    // Poco reads a date out of almost any text; only one that it would write in the same way is meant.
    if (Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone) &&
        Poco::DateTimeFormatter::format(date, Poco::DateTimeFormat::HTTP_FORMAT) == text) {
        auto const at = model::from_unix_us(date.timestamp().epochMicroseconds());
        return std::clamp(std::chrono::ceil<milliseconds>(at - now), milliseconds(0), milliseconds(longest));
    }
    return std::nullopt;
}

model::Error failure(model::ErrorCode code, Url const& url, std::string const& what) {
    return {code, what + " (" + url.authority + ")"};
}

// What a failed exchange means to the caller. `left`: bytes of the request may have left this machine.
model::Error classify(Transfer how, bool left, bool idempotent, Url const& url, std::string const& trouble) {
    using enum model::ErrorCode;
    switch (how) {
        case Transfer::late:
            return failure(deadline_exceeded, url, "The answer did not come before the deadline.");
        case Transfer::cancelled:
            return failure(cancelled, url, "The request was cancelled.");
        case Transfer::too_large:
            return failure(too_large, url, "The answer is larger than allowed.");
        default:
            break;
    }
    std::string what = how == Transfer::malformed ? "The answer was not HTTP." : "The connection broke.";
    if (!trouble.empty()) {
        what += " " + trouble;
    }
    return failure(!left || idempotent ? unavailable : internal, url, what);
}

}  // namespace

class Client::Impl {
public:
    Impl(ClientOptions options, model::Clock const& clock, telemetry::Logger& logger)
        : options_(std::move(options)),
          clock_(clock),
          logger_(logger),
          pool_(options_.idle_sessions_per_host_max, options_.idle_time_max) {
        platform::ignore_broken_pipe_signal();
    }

    [[nodiscard]] model::Result<ClientResponse> send(ClientRequest const& request);
    void cancel_all() noexcept { all_cancelled_.store(true); }

private:
    [[nodiscard]] model::Result<std::unique_ptr<Channel>> connect(Url const& url, ClientRequest const& request,
                                                                  SteadyTime deadline);
    [[nodiscard]] model::Result<Poco::AutoPtr<PatientSocket>> connect_tcp(Url const& url, ClientRequest const& request,
                                                                          SteadyTime limit);
    [[nodiscard]] model::Result<Poco::Net::Context::Ptr> tls_context();

    ClientOptions const options_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    std::atomic<bool> all_cancelled_ = false;
    SessionPool pool_;
    Resolver resolver_;

    std::mutex tls_mutex_;  // guards what follows
    Poco::Net::Context::Ptr tls_;
};

// Read at the first https request: loading the system's store takes longer than starting the host should.
model::Result<Poco::Net::Context::Ptr> Client::Impl::tls_context() {
    std::lock_guard const lock(tls_mutex_);
    if (!tls_) {
        auto context = client_context(options_.ca_file);
        if (!context) {
            return context.error();
        }
        tls_ = *context;
    }
    return tls_;
}

model::Result<Poco::AutoPtr<PatientSocket>> Client::Impl::connect_tcp(Url const& url, ClientRequest const& request,
                                                                      SteadyTime limit) {
    Poco::AutoPtr<PatientSocket> socket = new PatientSocket;
    socket->obey(request.cancelled, &all_cancelled_);
    socket->give_up_at(limit);
    auto const addresses = resolver_.resolve(url.host, *socket);
    if (!addresses) {
        return addresses.error();
    }
    std::string trouble = "no answer in time";
    for (std::size_t i = 0; i < addresses->size(); ++i) {
        // Each address gets its share of the time that is left: a dead route must not use up that of a live one.
        auto const now = std::chrono::steady_clock::now();
        auto const share = (limit - now) / static_cast<std::int64_t>(addresses->size() - i);
        socket->give_up_at(now + share);
        try {
            auto const waited = socket->connect_to(Poco::Net::SocketAddress((*addresses)[i], url.port));
            if (waited == Wait::ready) {
                return socket;
            }
            if (waited == Wait::cancelled) {
                return failure(model::ErrorCode::cancelled, url, "The request was cancelled.");
            }
        } catch (Poco::Exception const& refusal) {
            trouble = refusal.displayText();
        }
        socket = new PatientSocket;
        socket->obey(request.cancelled, &all_cancelled_);
    }
    return failure(model::ErrorCode::unavailable, url, "Cannot connect: " + trouble + ".");
}

model::Result<std::unique_ptr<Channel>> Client::Impl::connect(Url const& url, ClientRequest const& request,
                                                              SteadyTime deadline) {
    auto const limit = std::min(deadline, std::chrono::steady_clock::now() + options_.connect_time_max);
    auto socket = connect_tcp(url, request, limit);
    if (!socket) {
        return socket.error();
    }
    (*socket)->give_up_at(limit);
    auto channel = std::make_unique<Channel>(*socket);
    if (!url.secure) {
        return channel;
    }
    auto const context = tls_context();
    if (!context) {
        return context.error();
    }
    switch (channel->connect_tls(*context, url.host)) {
        case Transfer::done:
            return channel;
        case Transfer::cancelled:
            return failure(model::ErrorCode::cancelled, url, "The request was cancelled.");
        case Transfer::late:
            return failure(model::ErrorCode::unavailable, url, "TLS was not agreed on in time.");
        default:
            return failure(model::ErrorCode::unavailable, url, "TLS failed: " + channel->trouble());
    }
}

model::Result<ClientResponse> Client::Impl::send(ClientRequest const& request) {
    auto const url = parse_url(request.url);
    if (!url) {
        return url.error();
    }
    auto const message = compose(request, *url, options_.user_agent);
    if (!message) {
        return message.error();
    }
    // The caller's clock may be a test's; the network's time is always this machine's.
    auto const left_time = request.deadline - clock_.steady_now();
    auto const deadline = std::chrono::steady_clock::now() + left_time;
    if (left_time <= left_time.zero()) {
        return failure(model::ErrorCode::deadline_exceeded, *url, "The deadline had passed before anything was sent.");
    }
    auto const idempotent = is_idempotent(request);
    auto const key = (url->secure ? "s " : "p ") + url->authority;
    Destination const to{request.method == "HEAD", options_.body_bytes_max, request.to_file, request.file_bytes_max};
    auto channel = pool_.take(key);
    for (bool kept = channel != nullptr;; kept = false) {
        if (!channel) {
            auto connected = connect(*url, request, deadline);
            if (!connected) {
                return connected.error();
            }
            channel = *std::move(connected);
        }
        channel->socket().obey(request.cancelled, &all_cancelled_);
        channel->socket().give_up_at(deadline);
        auto const before = channel->bytes_begun();
        auto reply = exchange(*channel, *message, to);
        if (reply.how == Transfer::done) {
            if (auto const after = find_header(reply.response.headers, "retry-after")) {
                reply.response.retry_after = parse_retry_after(std::string(*after), clock_.now());
            }
            if (reply.reusable) {
                channel->socket().obey(nullptr, nullptr);
                pool_.keep(key, std::move(channel));
            }
            return std::move(reply.response);
        }
        auto const left = channel->bytes_begun() > before;
        if (!reply.disk_trouble.empty()) {
            // A request without its end cannot have been applied; one whose answer was lost on our disk may have been.
            auto const applied = reply.begun && !idempotent;
            return failure(applied ? model::ErrorCode::internal : model::ErrorCode::unavailable, *url,
                           reply.disk_trouble);
        }
        auto const stale = kept && (reply.how == Transfer::closed || reply.how == Transfer::broken);
        if (!stale || (left && (!idempotent || reply.begun))) {
            return classify(reply.how, left, idempotent, *url, channel->trouble());
        }
        logger_.debug("A kept connection had gone stale; connecting anew.", {{"host", url->host}});
        channel.reset();
    }
}

Client::Client(ClientOptions options, model::Clock const& clock, telemetry::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(options), clock, logger)) {}

Client::~Client() = default;

model::Result<ClientResponse> Client::send(ClientRequest const& request) {
    return impl_->send(request);
}

void Client::cancel_all() noexcept {
    impl_->cancel_all();
}

}  // namespace crosswalk::http
