// One conversation with a mail server.
//
// Why      Poco's sessions connect without a time limit, and their sendMessage gives the whole mail up when one of
//          several addresses is refused: one stale address would keep everybody from being told.
// Errors   Poco's exceptions, caught by the Mailer; a refused address is not one.
// Threads  one.
#pragma once

#include "notify/mailer.hpp"

#include <Poco/Net/SMTPClientSession.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::notify {

// A connection without TLS yet. Poco's exceptions say why there is none.
[[nodiscard]] Poco::Net::StreamSocket connect(MailServer const& server);

// Shuts a connection down when its time is over, whatever it waits for then; outlives whoever uses the connection.
class CutOff {
public:
    CutOff(Poco::Net::StreamSocket socket, std::chrono::milliseconds time_max);

private:
    std::jthread watch_;
};

class Session : private Poco::Net::SMTPClientSession {
public:
    Session(MailServer const& server, Poco::Net::StreamSocket const& connected);

    // False: TLS is wanted and the server does not offer it; nothing secret was said.
    [[nodiscard]] bool introduce();
    // The server's status for each address, in order; 250 when it was taken. The message goes out if any was.
    [[nodiscard]] std::vector<int> send(Mail const& mail);
    // What the server says to the farewell no longer matters.
    void quit() noexcept;

private:
    [[nodiscard]] bool start_tls();
    MailServer const& server_;
};

// The whole message, headers and quoted-printable text, with lines that end in CR LF.
[[nodiscard]] std::string compose(Mail const& mail, std::string const& from);

}  // namespace crosswalk::notify
