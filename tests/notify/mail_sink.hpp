// A mail server on a free loopback port that says what a test tells it to and keeps what it was sent.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::notify {

class MailSink {
public:
    // The whole answer to a command, or to the message itself ("."); empty: the usual one.
    using Answer = std::function<std::string(std::string const& command)>;
    explicit MailSink(Answer answer = {}) : answer_(std::move(answer)) {
        listener_.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
        listener_.listen();
        thread_ = std::jthread([this](std::stop_token const& stop) { run(stop); });
    }
    MailSink(MailSink const&) = delete;
    MailSink& operator=(MailSink const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return listener_.address().port(); }
    // Every command line, in order, without its end; "connect" for each connection.
    [[nodiscard]] std::vector<std::string> commands() const {
        std::lock_guard const lock(mutex_);
        return commands_;
    }
    // Every message that was taken, as it was on the wire, without the final dot.
    [[nodiscard]] std::vector<std::string> messages() const {
        std::lock_guard const lock(mutex_);
        return messages_;
    }

private:
    void run(std::stop_token const& stop) {
        while (!stop.stop_requested()) {
            if (listener_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) {
                Poco::Net::StreamSocket peer = listener_.acceptConnection();
                try {
                    attend(peer, stop);
                } catch (Poco::Exception const&) {
                    // The client cut the connection; the next one may come.
                }
            }
        }
    }

    void attend(Poco::Net::StreamSocket& peer, std::stop_token const& stop) {
        std::string buffer;
        say(peer, reply_to("connect", "220 mail.example.com ESMTP"));
        while (auto const line = read_until(peer, stop, buffer, "\r\n")) {
            std::string const reply = reply_to(*line, usual(*line));
            say(peer, reply);
            if (reply.starts_with("354")) {
                auto message = read_until(peer, stop, buffer, "\r\n.\r\n");
                if (!message) {
                    return;
                }
                std::string const verdict = reply_to(".", "250 taken");
                if (verdict.starts_with("250")) {
                    std::lock_guard const lock(mutex_);
                    messages_.push_back(*message + "\r\n");
                }
                say(peer, verdict);
            }
            if (reply.starts_with("221") || reply.starts_with("421")) {
                return;
            }
        }
    }

    static std::string usual(std::string const& line) {
        return line == "DATA"                 ? "354 go on"
               : line == "QUIT"               ? "221 bye"
               : line.starts_with("EHLO")     ? "250-mail.example.com\r\n250 AUTH LOGIN"
               : line.starts_with("AUTH")     ? "334 VXNlcm5hbWU6"
               : line == "c2VuZGVy"           ? "334 UGFzc3dvcmQ6"  // "sender", the user of the tests
               : line.starts_with("STARTTLS") ? "502 no such command"
                                              : "250 fine";
    }

    std::string reply_to(std::string const& command, std::string usual_reply) {
        {
            std::lock_guard const lock(mutex_);
            commands_.push_back(command);
        }
        std::string told = answer_ ? answer_(command) : std::string();
        return told.empty() ? std::move(usual_reply) : told;
    }

    static void say(Poco::Net::StreamSocket& peer, std::string const& reply) {
        std::string const line = reply + "\r\n";
        peer.sendBytes(line.data(), static_cast<int>(line.size()));
    }

    static std::optional<std::string> read_until(Poco::Net::StreamSocket& peer, std::stop_token const& stop,
                                                 std::string& buffer, std::string const& end) {
        for (auto at = buffer.find(end); at == std::string::npos; at = buffer.find(end)) {
            if (stop.stop_requested()) {
                return std::nullopt;
            }
            if (!peer.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) {
                continue;
            }
            char bytes[4096];
            int const count = peer.receiveBytes(bytes, sizeof bytes);
            if (count <= 0) {
                return std::nullopt;
            }
            buffer.append(bytes, static_cast<std::size_t>(count));
        }
        auto const at = buffer.find(end);
        std::string text = buffer.substr(0, at);
        buffer.erase(0, at + end.size());
        return text;
    }

    Answer const answer_;
    Poco::Net::ServerSocket listener_;
    mutable std::mutex mutex_;  // guards what follows
    std::vector<std::string> commands_;
    std::vector<std::string> messages_;
    std::jthread thread_;
};

}  // namespace crosswalk::notify
