// E-mail to people: what failed and how to fix it, over SMTP, throttled.
//
// Shape    a crosswalk.mail/1 record in ({"to":[…],"subject":…,"text":…,"throttle":…}), an attempt report out.
//          delivered: at least one address was taken, the others are warnings. skipped: the same message went out
//          within the throttle time. retry: the mail server cannot be reached or asks to wait. rejected: it refuses the
//          message, every address or the login.
// Limits   20 addresses a mail, 64 KiB of text, 1,000 remembered throttle keys; a subject is cut at 400 bytes. 15 s for
//          each answer of the server, 60 s for the whole conversation.
// Threads  safe from any thread; no lock is held while the server is talked to.
// Privacy  reports and logs hold no address, no credential and nothing of what a mail or the server says.
// Source   RFC 5321 through Poco's SMTPClientSession; STARTTLS with a verified certificate unless the configuration
//          says loopback.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "model/record.hpp"
#include "model/secret.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::notify {

struct MailServer {
    std::string host;
    std::uint16_t port = 587;
    std::string user = {};  // empty: no login
    model::Secret password = {};
    std::string from = {};  // an address without a name; empty: the user if it is one, else crosswalk@<host>
    bool starttls = true;
    std::chrono::milliseconds time_max{15'000};     // for connecting and for each answer
    std::chrono::milliseconds session_max{60'000};  // for all of them together: a byte a second is an answer too
};

struct Mail {
    std::vector<std::string> to;
    std::string subject;
    std::string text;
    std::string throttle;  // mails with the same key count as the same message; empty: never throttled
};
// invalid_argument: not a mail record, over a limit, or an address that could change an SMTP command.
[[nodiscard]] model::Result<Mail> parse_mail(model::Record const& record);

class Mailer {
public:
    // Without a server every mail is skipped with a reason that says how to set one up.
    Mailer(std::optional<MailServer> server, std::chrono::minutes throttle, model::Clock const& clock,
           telemetry::Logger& logger);

    [[nodiscard]] model::AttemptReport send(model::Record const& record);

private:
    // False when a mail of that key went out, or is on its way, within the throttle time.
    [[nodiscard]] bool claim(std::string const& key);
    void give_back(std::string const& key);
    [[nodiscard]] model::AttemptReport transmit(Mail const& mail);

    std::optional<MailServer> const server_;
    std::chrono::minutes const throttle_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    std::mutex mutex_;  // guards what follows
    std::map<std::string, std::chrono::steady_clock::time_point> claimed_;
};

}  // namespace crosswalk::notify
