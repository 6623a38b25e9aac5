// E-mail to people: what failed and how to fix it, over SMTP, throttled.
//
// Shape    a crosswalk.mail/1 record in ({"to":[…],"subject":…,"text":…,"throttle":…}), an attempt report out.
//          delivered; skipped: the same message went out within the throttle time, so this one is only counted;
//          retry: the mail server cannot be reached or asks to wait; rejected: it refuses the message.
// Limits   20 addresses a mail, 64 KiB of text, 1,000 remembered throttle keys.
// Threads  safe from any thread; one mail is sent at a time.
// Source   Poco SMTPClientSession; STARTTLS with a verified certificate unless the configuration says loopback.
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
    std::string from = {};
    bool starttls = true;
    std::chrono::milliseconds time_max{15'000};
};

struct Mail {
    std::vector<std::string> to;
    std::string subject;
    std::string text;
    std::string throttle;  // mails with the same key count as the same message
};
// invalid_argument: not a mail record, or over a limit.
[[nodiscard]] model::Result<Mail> parse_mail(model::Record const& record);

class Mailer {
public:
    // Without a server every mail is skipped with a reason that says how to set one up.
    Mailer(std::optional<MailServer> server, std::chrono::minutes throttle, model::Clock const& clock,
           telemetry::Logger& logger);

    [[nodiscard]] model::AttemptReport send(model::Record const& record);

private:
    struct Sent {
        model::TimePoint at;
        std::size_t held_back = 0;
    };
    [[nodiscard]] bool is_throttled(std::string const& key);
    void remember(std::string const& key);
    [[nodiscard]] model::AttemptReport transmit(Mail const& mail);

    std::optional<MailServer> const server_;
    std::chrono::minutes const throttle_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    std::mutex mutex_;  // guards what follows
    std::map<std::string, Sent> sent_;
};

}  // namespace crosswalk::notify
