#include "http/connection.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <charconv>
#include <thread>
#include <typeinfo>
#include <utility>

namespace crosswalk::http {
namespace {

constexpr std::chrono::milliseconds crowded_idle_time{1000};
constexpr std::chrono::milliseconds refusal_time{1000};
constexpr std::chrono::milliseconds place_wait_max{750};
constexpr std::chrono::milliseconds place_interval{20};
constexpr std::size_t drain_bytes_max = 4 * 1024 * 1024;
constexpr std::chrono::seconds complaint_interval{10};
constexpr char const* full_detail = "The server holds as many connections as it is allowed to. Try again in a second.";

// The Date header's value; made once a second and thread.
std::string const& http_date() {
    thread_local Poco::Timestamp::TimeVal second = 0;
    thread_local std::string text;
    Poco::Timestamp const now;
    if (auto const this_second = now.epochMicroseconds() / 1'000'000; this_second != second) {
        second = this_second;
        text = Poco::DateTimeFormatter::format(now, Poco::DateTimeFormat::HTTP_FORMAT);
    }
    return text;
}

void append_number(std::string& out, std::size_t number) {
    char digits[20];
    auto const [end, failure] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

bool is_safe(Response const& response) noexcept {
    return response.status >= 200 && response.status <= 599 && is_field_value(response.content_type) &&
           std::ranges::all_of(response.headers, [](auto const& header) {
               return is_token(header.first) && is_field_value(header.second);
           });
}

}  // namespace

Connections::Connections() = default;
Connections::~Connections() = default;

Connection& Connections::enter(std::unique_ptr<Connection> connection) {
    std::lock_guard const lock(mutex_);
    auto& entered = *connection;
    members_.emplace(&entered, std::move(connection));
    open_.store(members_.size(), std::memory_order_relaxed);
    return entered;
}

void Connections::leave(Connection& connection) noexcept {
    std::unique_ptr<Connection> leaving;  // closed without the lock
    std::lock_guard const lock(mutex_);
    auto const found = members_.find(&connection);
    leaving = std::move(found->second);
    members_.erase(found);
    open_.store(members_.size(), std::memory_order_relaxed);
    if (members_.empty()) {
        left_.notify_all();
    }
}

void Connections::stop(std::chrono::milliseconds grace) noexcept {
    // A connection says it is idle and then looks at stopping_; here it is the other way round, so one of us sees it.
    refuse_newcomers();
    std::unique_lock lock(mutex_);
    for (auto const& [member, owner] : members_) {
        if (member->phase() == Phase::idle) {
            member->cut();
        }
    }
    left_.wait_for(lock, grace, [this] { return members_.empty(); });
    for (auto const& [member, owner] : members_) {
        member->cut();
    }
}

bool Connections::make_place(std::chrono::milliseconds slow_after) noexcept {
    auto const slow_since = std::chrono::steady_clock::now() - slow_after;
    Connection* slowest = nullptr;
    Connection* idlest = nullptr;
    std::lock_guard const lock(mutex_);
    for (auto const& [member, owner] : members_) {
        auto const phase = member->phase();
        auto const since = member->since();
        bool const slow = (phase == Phase::receiving || phase == Phase::sending) && since <= slow_since;
        if (slow && (slowest == nullptr || since < slowest->since())) {
            slowest = member;
        } else if (phase == Phase::idle && (idlest == nullptr || since < idlest->since())) {
            idlest = member;
        }
    }
    Connection* const chosen = slowest != nullptr ? slowest : idlest;
    if (chosen != nullptr) {
        chosen->enter(Phase::leaving);
        chosen->cut();
    }
    return chosen != nullptr;
}

bool Connections::may_complain() noexcept {
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    auto last = complained_.load();
    return (last == 0 || now - std::chrono::steady_clock::duration(last) >= complaint_interval) &&
           complained_.compare_exchange_strong(last, now.count());
}

void Connection::cut() noexcept {
    try {
        channel_.socket().shutdown();
    } catch (std::exception const&) {
        return;  // it was cut already
    }
}

void Connection::enter(Phase phase) noexcept {
    since_.store(std::chrono::steady_clock::now());
    phase_.store(phase);
}

void Connection::give_up_in(std::chrono::milliseconds time) noexcept {
    channel_.socket().give_up_at(std::chrono::steady_clock::now() + time);
}

std::chrono::milliseconds Connection::idle_time() const noexcept {
    auto const crowded = parts_.connections.open() > parts_.options.connections_max / 4 * 3;
    return crowded ? std::min(parts_.options.keep_alive_time, crowded_idle_time) : parts_.options.keep_alive_time;
}

void Connection::run() {
    try {
        give_up_in(parts_.options.request_time_max);
        auto const ready =
            !parts_.connections.stopping() && (!parts_.tls || channel_.accept_tls(parts_.tls) == Transfer::done);
        auto const admitted = ready && (!surplus_ || await_place());
        if (ready && !admitted) {
            refuse_when_full();
        }
        while (admitted && serve_one() == Next::keep) {
        }
    } catch (std::exception const&) {
        parts_.logger.error("A connection ended for want of memory.", {{"listener", parts_.options.name}});
    }
    await_late_answer();
    parts_.connections.leave(*this);
}

// A crowd that came at once is slow only after a while; who comes behind it waits that long.
bool Connection::await_place() noexcept {
    enter(Phase::working);
    auto const end = std::chrono::steady_clock::now() + std::min(place_wait_max, parts_.options.slow_after * 3 / 2);
    while (!parts_.connections.stopping() && std::chrono::steady_clock::now() < end) {
        if (parts_.connections.open() <= parts_.options.connections_max ||
            parts_.connections.make_place(parts_.options.slow_after)) {
            return true;
        }
        std::this_thread::sleep_for(place_interval);
    }
    return false;
}

// The client gets an answer instead of a silent wait; it costs a reserve thread for a second at most.
void Connection::refuse_when_full() {
    give_up_in(refusal_time);
    static_cast<void>(RequestReader(channel_, {parts_.options.header_bytes_max, 0}).read_head());
    give_up_in(refusal_time);
    static_cast<void>(refuse({503, full_detail}));
}

bool Connection::await_first_byte() {
    if (!channel_.buffered().empty()) {
        return true;  // the client sent its next request without waiting
    }
    if (reply_->state.load() == LateReply::none) {
        enter(Phase::idle);
        if (parts_.connections.stopping()) {
            return false;
        }
        give_up_in(idle_time());
        return channel_.fill(true) == Transfer::done;
    }
    // The last answer may still be on its way. Only the socket is waited for: the Responder may be writing to it.
    give_up_in(idle_time());
    auto const waited = channel_.socket().wait(true, false);
    await_late_answer();
    return waited == Wait::ready && channel_.fill() == Transfer::done;
}

void Connection::await_late_answer() noexcept {
    for (int state = reply_->state.load(); state != LateReply::none; state = reply_->state.load()) {
        reply_->state.wait(state);
    }
}

void Connection::send_late() noexcept {
    compose(checked(std::move(reply_->response)), false, true);
    if (!channel_.send_at_once(out_)) {
        cut();
    }
    enter(Phase::idle);
    if (parts_.connections.stopping()) {
        cut();
    }
}

Connection::Next Connection::serve_one() {
    if (!await_first_byte()) {
        return Next::close;
    }
    enter(Phase::receiving);
    give_up_in(parts_.options.request_time_max);
    Request request;
    bool keep = true;
    if (auto const refusal = read_request(request, keep); refusal.status != 0) {
        return refuse(refusal);
    }
    bool const head_only = request.method == "HEAD";
    // With more of the client's in our hands this thread goes on reading, which a late answer must not disturb.
    reply_->answered_here = !keep || head_only || channel_.holds_more();
    enter(Phase::working);
    call_handler(request);
    if (reply_->state.load() != LateReply::kept && !reply_->answered_here) {
        return Next::keep;
    }
    while (reply_->state.load() == LateReply::pending) {
        reply_->state.wait(LateReply::pending);
    }
    Response const response = checked(std::move(reply_->response));
    reply_->state.store(LateReply::none);
    enter(Phase::sending);
    keep = keep && !parts_.connections.stopping();
    auto const allowance = std::chrono::seconds(response.body.size() / parts_.options.answer_bytes_per_second_min);
    give_up_in(parts_.options.request_time_max + allowance);
    return respond(response, head_only, keep) && keep ? Next::keep : Next::close;
}

Connection::Refusal Connection::refusal_of(Fault fault) noexcept {
    switch (fault) {
        case Fault::none:
        case Fault::sink:  // a request's body has none
            return {-1};   // the client is gone, or we are stopping
        case Fault::head:
            return {400, "The request line or a header line is not valid."};
        case Fault::head_bytes:
            return {431, "The request's header is too large."};
        case Fault::version:
            return {505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
        case Fault::length:
            return {400, "Where the request's body ends is not clear: Content-Length or Transfer-Encoding is wrong."};
        case Fault::coding:
            return {501, "The only transfer coding that is understood is chunked."};
        case Fault::chunk:
            return {400, "The request's chunked body is not valid."};
        case Fault::chunk_bytes:
        case Fault::body_bytes:
            return {413, "The request's body is too large."};
    }
    return {-1};
}

Connection::Refusal Connection::read_request(Request& request, bool& keep) {
    RequestReader reader(channel_, {parts_.options.header_bytes_max, parts_.options.body_bytes_max});
    if (auto const got = reader.read_head(); got != Transfer::done) {
        return got == Transfer::late ? Refusal{408, "The request did not arrive in time."} : refusal_of(reader.fault());
    }
    auto& head = reader.head();
    auto const hosts = std::ranges::count(head.headers, std::string("host"), [](auto const& h) { return h.first; });
    if (hosts > 1 || (hosts == 0 && head.minor > 0)) {
        return {400, "The request needs exactly one Host header."};
    }
    keep = reader.keep_alive();
    if (auto const refusal = read_body(reader); refusal.status != 0) {
        return refusal;
    }
    request.method = std::move(head.method);
    request.target = std::move(head.target);
    request.headers = std::move(head.headers);
    request.body = std::move(reader.body());
    request.peer = peer_;
    return {};
}

Connection::Refusal Connection::read_body(RequestReader& reader) {
    if (!reader.has_body()) {
        return {};
    }
    if (auto const expect = find_header(reader.head().headers, "expect"); expect && reader.head().minor > 0) {
        if (!is_same(*expect, "100-continue")) {
            return {417, "The only expectation that is understood is 100-continue."};
        }
        if (channel_.buffered().empty() && channel_.send("HTTP/1.1 100 Continue\r\n\r\n") != Transfer::done) {
            return {-1};
        }
    }
    switch (reader.read_body()) {
        case Transfer::done:
            return {};
        case Transfer::late:
            return {408, "The request's body did not arrive in time."};
        default:
            return refusal_of(reader.fault());
    }
}

void Connection::call_handler(Request const& request) noexcept {
    reply_->handled_by = std::this_thread::get_id();
    reply_->state.store(LateReply::pending);
    Answer const answer([reply = reply_](Response response) { reply->take(std::move(response)); });
    try {
        parts_.handler(request, answer);
    } catch (std::exception const& failure) {
        // Neither the text nor the target is logged: both may carry what a client sent. The Answer has answered 500.
        parts_.logger.error("Handling a request failed.",
                            {{"listener", parts_.options.name}, {"exception", typeid(failure).name()}});
    } catch (...) {
        parts_.logger.error("Handling a request failed.", {{"listener", parts_.options.name}});
    }
}

Response Connection::checked(Response response) const {
    if (is_safe(response)) {
        return response;
    }
    parts_.logger.error("A response is not valid HTTP.", {{"listener", parts_.options.name}});
    return unhandled();
}

Connection::Next Connection::refuse(Refusal const& refusal) {
    if (refusal.status > 0) {
        give_up_in(refusal_time);
        if (respond(problem(refusal.status, refusal.detail), false, false)) {
            drain();
        }
    }
    return Next::close;
}

bool Connection::respond(Response const& response, bool head_only, bool keep) {
    compose(response, head_only, keep);
    return channel_.send(out_) == Transfer::done;
}

void Connection::compose(Response const& response, bool head_only, bool keep) {
    auto const bodiless = response.status == 204 || response.status == 304;
    out_.clear();
    out_.append("HTTP/1.1 ");
    append_number(out_, static_cast<std::size_t>(response.status));
    out_.append(" ").append(
        Poco::Net::HTTPResponse::getReasonForStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status)));
    out_.append("\r\nDate: ").append(http_date());
    if (!bodiless) {
        out_.append("\r\nContent-Type: ").append(response.content_type).append("\r\nContent-Length: ");
        append_number(out_, response.body.size());
    }
    out_.append(keep ? "\r\nConnection: keep-alive" : "\r\nConnection: close");
    for (auto const& [name, value] : response.headers) {
        out_.append("\r\n").append(name).append(": ").append(value);
    }
    out_.append("\r\n\r\n");
    if (!head_only && !bodiless) {
        out_.append(response.body);
    }
}

// Closing with unread bytes resets the connection, and the client may never see our answer; so read on for a while.
void Connection::drain() {
    channel_.finish_sending();
    give_up_in(refusal_time);
    for (std::size_t bytes = channel_.buffered().size(); bytes < drain_bytes_max; bytes += channel_.buffered().size()) {
        channel_.consume(channel_.buffered().size());
        if (channel_.fill() != Transfer::done) {
            return;
        }
    }
}

}  // namespace crosswalk::http
