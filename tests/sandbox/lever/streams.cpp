#include "sandbox/lever/streams.hpp"

#include "sandbox/lever/candidates.hpp"

#include <algorithm>
#include <cassert>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::size_t number_digits = 6;

std::string padded(std::int64_t number) {
    std::string digits = std::to_string(number);
    return digits.size() < number_digits ? std::string(number_digits - digits.size(), '0') + digits : digits;
}

std::string mail_name(std::string const& prefix) {
    std::string local;
    for (char const c : lower(prefix)) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        local += plain ? c : '-';
    }
    return local;
}

}  // namespace

std::optional<std::string> Streams::start(StreamOrder order) {
    auto stream = std::make_shared<Stream>();
    stream->order = std::move(order);
    stream->id = state_.ids.uuid();
    std::lock_guard const lock(mutex_);
    if (streams_.size() == streams_max) {
        return std::nullopt;
    }
    streams_.push_back(stream);
    for (std::int64_t i = 0; i < stream->order.concurrency; ++i) {
        // The thread is joined before streams_ lets go of the stream.
        stream->threads.emplace_back([this, borrowed = stream.get()] { run(*borrowed); });
    }
    return stream->id;
}

std::optional<json::object> Streams::show(std::string const& id, std::chrono::milliseconds patience,
                                          bool with_opportunities) {
    std::shared_ptr<Stream> stream;
    {
        std::lock_guard const lock(mutex_);
        auto const found =
            std::find_if(streams_.begin(), streams_.end(), [&](auto const& known) { return known->id == id; });
        if (found == streams_.end()) {
            return std::nullopt;
        }
        stream = *found;
    }
    std::unique_lock lock(stream->mutex);
    auto const done = [&] { return stream->received + stream->failed >= stream->order.count; };
    stream->changed.wait_for(lock, patience, [&] { return done() || stream->stopping.raised(); });
    json::object printed{{"id", stream->id},         {"count", stream->order.count},
                         {"hired", stream->hired},   {"received", stream->received},
                         {"failed", stream->failed}, {"done", done()}};
    if (with_opportunities) {
        printed["opportunities"] = json::value_from(stream->opportunities);
    }
    return printed;
}

void Streams::clear() {
    std::vector<std::shared_ptr<Stream>> ended;
    {
        std::lock_guard const lock(mutex_);
        ended.swap(streams_);
    }
    for (auto const& stream : ended) {
        stream->stopping.raise();
    }
    for (auto const& stream : ended) {
        for (std::thread& thread : stream->threads) {
            thread.join();
        }
        std::lock_guard const lock(stream->mutex);
        stream->changed.notify_all();
    }
}

void Streams::run(Stream& stream) {
    WebhookClient client;
    while (!stream.stopping.raised() && stream.next.fetch_add(1) < stream.order.count) {
        announce_next(stream, client);
        if (stream.order.gap.count() > 0 && stream.stopping.wait_for(stream.order.gap)) {
            return;
        }
    }
}

void Streams::announce_next(Stream& stream, WebhookClient& client) {
    std::string const number = padded(people_.fetch_add(1) + 1);
    json::object wanted = stream.order.candidate;
    wanted["name"] = stream.order.name_prefix + " N" + number;
    wanted["email"] = mail_name(stream.order.name_prefix) + ".n" + number + "@example.com";
    std::vector<std::string> deliveries;
    {
        std::lock_guard const lock(state_.mutex);
        auto const created = create_candidate(state_, wanted);
        assert(created.candidate != nullptr);  // the order was checked with the same fields
        auto announcement = announce(*created.candidate);
        if (stream.order.event == "candidateHired") {
            announcement = archive(state_, *created.candidate, state_.hired_reason(), 0);
        } else {
            announcement.ids["applicationId"] = created.candidate->application->at("id");
        }
        deliveries = hooks_.open(stream.order.event, announcement.ids, announcement.origin, created.candidate->id,
                                 stream.order.policy);
        std::lock_guard const stream_lock(stream.mutex);
        ++stream.hired;
        stream.opportunities.push_back(created.candidate->id);
    }
    bool received = true;
    for (std::string const& delivery : deliveries) {
        SendState sent = SendState::failed;
        if (!stream.stopping.raised()) {
            sent = hooks_.sender().pursue(delivery, client, stream.stopping);
        }
        received = received && sent == SendState::received;
    }
    std::lock_guard const lock(stream.mutex);
    ++(received ? stream.received : stream.failed);
    stream.changed.notify_all();
}

}  // namespace crosswalk::sandbox::lever
