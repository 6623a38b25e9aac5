#include "http/channel.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <cstring>

namespace crosswalk::http {
namespace {

constexpr std::size_t first_buffer_bytes = 8 * 1024;
constexpr std::size_t send_piece_bytes = 256 * 1024;

Transfer outcome_of(Wait wait) noexcept {
    switch (wait) {
        case Wait::ready:
            return Transfer::done;
        case Wait::late:
            return Transfer::late;
        case Wait::cancelled:
            return Transfer::cancelled;
    }
    return Transfer::broken;
}

}  // namespace

// Poco reports by exceptions; from here on failures are values.
template <class Step>
Transfer Channel::attempt(Step&& step) noexcept {
    try {
        return step();
    } catch (Poco::TimeoutException const&) {
        return socket_->cancelled() ? Transfer::cancelled : Transfer::late;
    } catch (Poco::Exception const& failure) {
        trouble_ = failure.displayText();
    } catch (std::exception const& failure) {
        trouble_ = failure.what();
    }
    return socket_->cancelled() ? Transfer::cancelled : Transfer::broken;
}

Transfer Channel::accept_tls(Poco::Net::Context::Ptr const& context) noexcept {
    return attempt([&] {
        tls_ = new TlsSocket(socket_, context);
        tls_->accept();
        return Transfer::done;
    });
}

Transfer Channel::connect_tls(Poco::Net::Context::Ptr const& context, std::string const& host) noexcept {
    return attempt([&] {
        tls_ = new TlsSocket(socket_, context);
        tls_->connect_as(host);
        return Transfer::done;
    });
}

void Channel::make_room() {
    if (begin_ == end_) {
        begin_ = end_ = 0;
    }
    if (end_ < capacity_) {
        return;
    }
    if (begin_ > 0) {
        std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        return;
    }
    auto const larger = std::max(first_buffer_bytes, capacity_ * 2);
    auto data = std::make_unique_for_overwrite<char[]>(larger);
    std::copy_n(data_.get(), end_, data.get());
    data_ = std::move(data);
    capacity_ = larger;
}

Transfer Channel::fill(bool expect_wait) {
    make_room();
    auto* const target = data_.get() + end_;
    auto const room = static_cast<int>(capacity_ - end_);
    return attempt([&] {
        // A peer that always has one more byte ready never makes us wait; the deadline holds for it as well.
        if (auto const ended = socket_->ended(); ended != Wait::ready) {
            return outcome_of(ended);
        }
        int received = -1;
        if (tls_) {
            received = tls_->receiveBytes(target, room);
        } else {
            if (!expect_wait) {
                received = socket_->receive_now(target, room);
            }
            while (received < 0) {
                if (auto const waited = socket_->wait(true, false); waited != Wait::ready) {
                    return outcome_of(waited);
                }
                received = socket_->receive_now(target, room);
            }
        }
        if (received <= 0) {
            return received == 0 ? Transfer::closed : Transfer::broken;
        }
        end_ += static_cast<std::size_t>(received);
        return Transfer::done;
    });
}

Transfer Channel::send(std::string_view bytes) noexcept {
    return attempt([&] {
        while (!bytes.empty()) {
            auto const piece = static_cast<int>(std::min(bytes.size(), send_piece_bytes));
            int sent = 0;
            if (tls_) {
                bytes_begun_ += static_cast<std::uint64_t>(piece);  // what of a failed record left is unknown
                sent = tls_->sendBytes(bytes.data(), piece);
                if (sent <= 0) {
                    return Transfer::broken;
                }
            } else {
                sent = socket_->send_now(bytes.data(), piece);
                if (sent < 0) {
                    if (auto const waited = socket_->wait(false, true); waited != Wait::ready) {
                        return outcome_of(waited);
                    }
                    continue;
                }
                bytes_begun_ += static_cast<std::uint64_t>(sent);
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return Transfer::done;
    });
}

bool Channel::send_at_once(std::string_view bytes) noexcept {
    auto const size = static_cast<int>(bytes.size());
    return attempt([&] {
               // A socket with room takes a whole record, so that TLS does not wait either.
               bool const sent = tls_ ? socket_->writable() && tls_->sendBytes(bytes.data(), size) == size
                                      : socket_->send_now(bytes.data(), size) == size;
               return sent ? Transfer::done : Transfer::broken;
           }) == Transfer::done;
}

bool Channel::holds_more() noexcept {
    return begin_ != end_ || (tls_ && tls_->available() > 0);
}

void Channel::finish_sending() noexcept {
    // For TLS this ends the TCP side only; the alert that ends TLS goes out when the socket is destroyed.
    static_cast<void>(attempt([&] {
        socket_->shutdownSend();
        return Transfer::done;
    }));
}

}  // namespace crosswalk::http
