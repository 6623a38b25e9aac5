#include "scenarios/mail_sink.hpp"

#include <Poco/Net/DialogSocket.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/NetException.h>

#include <sstream>

namespace crosswalk::scenarios {
namespace {

constexpr std::size_t lines_max = 10'000;

ReceivedMail parse(std::string const& raw, std::vector<std::string> recipients) {
    std::istringstream in(raw);
    Poco::Net::MailMessage message;
    message.read(in);
    return {std::move(recipients), Poco::Net::MailMessage::decodeWord(message.getSubject()), message.getContent()};
}

}  // namespace

MailSink::MailSink() : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), thread_([this] { run(); }) {}

MailSink::~MailSink() {
    stopping_ = true;
    thread_.join();
}

std::vector<ReceivedMail> MailSink::mails() const {
    std::lock_guard const lock(mutex_);
    return mails_;
}

void MailSink::run() {
    while (!stopping_) {
        if (!socket_.poll(Poco::Timespan(0, 50'000), Poco::Net::Socket::SELECT_READ)) {
            continue;
        }
        try {
            talk(socket_.acceptConnection());
        } catch (Poco::Exception const&) {
            // The client went away; what it said before counts.
        }
    }
}

void MailSink::talk(Poco::Net::StreamSocket const& client) {
    Poco::Net::DialogSocket dialog(client);
    dialog.setReceiveTimeout(Poco::Timespan(10, 0));
    dialog.sendMessage("220 ready");
    std::vector<std::string> recipients;
    std::string line;
    for (std::size_t lines = 0; lines < lines_max && dialog.receiveMessage(line); ++lines) {
        if (line.starts_with("RCPT TO:")) {
            recipients.push_back(line.substr(line.find('<')));
        } else if (line.starts_with("QUIT")) {
            dialog.sendMessage("221 bye");
            return;
        } else if (line.starts_with("DATA")) {
            dialog.sendMessage("354 go on");
            std::string raw;
            while (lines++ < lines_max && dialog.receiveMessage(line) && line != ".") {
                raw += line + "\r\n";
            }
            std::lock_guard const lock(mutex_);
            mails_.push_back(parse(raw, std::move(recipients)));
        }
        dialog.sendMessage("250 fine");
    }
}

}  // namespace crosswalk::scenarios
