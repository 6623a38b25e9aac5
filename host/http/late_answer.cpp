#include "http/late_answer.hpp"

#include "http/connection.hpp"

#include <utility>

namespace crosswalk::http {

Response unhandled() {
    return problem(500, "The request could not be handled; the server's log says more.");
}

struct Answer::Open {
    explicit Open(Give how) : give(std::move(how)) {}
    Open(Open const&) = delete;
    Open& operator=(Open const&) = delete;
    ~Open() {
        if (!given.exchange(true)) {
            give(unhandled());
        }
    }

    Give const give;
    std::atomic<bool> given = false;
};

Answer::Answer(Give give) : open_(std::make_shared<Open>(std::move(give))) {}

void Answer::operator()(Response response) const noexcept {
    if (!open_->given.exchange(true)) {
        open_->give(std::move(response));
    }
}

void LateReply::take(Response given) noexcept {
    response = std::move(given);
    if (answered_here || std::this_thread::get_id() == handled_by) {
        state.store(kept);
        state.notify_one();
    } else {
        state.store(late);
        responder.send_soon(shared_from_this());
    }
}

Responder::~Responder() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Responder::start() {
    thread_ = std::thread([this] { run(); });
}

void Responder::send_soon(std::shared_ptr<LateReply> reply) {
    bool first = false;
    {
        std::lock_guard const lock(mutex_);
        first = waiting_.empty();
        waiting_.push_back(std::move(reply));
    }
    if (first) {
        changed_.notify_one();
    }
}

void Responder::run() {
    std::vector<std::shared_ptr<LateReply>> replies;
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        replies.swap(waiting_);
        lock.unlock();
        for (auto const& reply : replies) {
            reply->connection.send_late();
            // From here on the connection may be gone.
            reply->state.store(LateReply::none);
            reply->state.notify_one();
        }
        replies.clear();
        lock.lock();
    }
}

}  // namespace crosswalk::http
