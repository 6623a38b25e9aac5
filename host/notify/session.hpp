// One conversation with a mail server.
//
// Why      Poco's sessions connect without a time limit, and their sendMessage gives the whole mail up when one of
//          several addresses is refused: one stale address would keep everybody from being told.
// Errors   Poco's exceptions, caught by the Mailer; a refused address is not one.
// Threads  one.
#pragma once

#include "notify/mailer.hpp"

#include <Poco/Net/SMTPClientSession.h>

#include <string>
#include <vector>

namespace crosswalk::notify {

class Session : private Poco::Net::SMTPClientSession {
public:
    explicit Session(MailServer const& server);

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
