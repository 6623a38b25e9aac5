// A mail server on loopback that keeps what it is given.
//
// Shape    one dialogue at a time; every sender and recipient is welcome.
// Threads  mails() is safe from any thread.
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::scenarios {

struct ReceivedMail {
    std::vector<std::string> recipients;
    std::string subject;
    std::string text;
};

class MailSink {
public:
    MailSink();
    MailSink(MailSink const&) = delete;
    MailSink& operator=(MailSink const&) = delete;
    ~MailSink();

    [[nodiscard]] std::uint16_t port() const { return socket_.address().port(); }
    [[nodiscard]] std::vector<ReceivedMail> mails() const;

private:
    void run();
    void talk(Poco::Net::StreamSocket const& client);

    Poco::Net::ServerSocket socket_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::vector<ReceivedMail> mails_;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace crosswalk::scenarios
