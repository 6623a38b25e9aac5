#include "notify/mailer.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/SecureSMTPClientSession.h>
#include <Poco/Net/StringPartSource.h>
#include <boost/json.hpp>

#include <algorithm>

namespace crosswalk::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t addresses_max = 20;
constexpr std::size_t text_bytes_max = 64 * 1024;
constexpr std::size_t remembered_max = 1000;

model::AttemptReport report(model::Outcome outcome, std::string reason, model::ErrorCode code) {
    model::AttemptReport made{outcome, std::move(reason)};
    made.error_code = code;
    return made;
}

// A header must stay one line, whatever a name holds.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    return text;
}

void compose(Mail const& mail, MailServer const& server, Poco::Net::MailMessage& message) {
    message.setSender(server.from);
    for (std::string const& address : mail.to) {
        message.addRecipient({Poco::Net::MailRecipient::PRIMARY_RECIPIENT, one_line(address)});
    }
    message.setSubject(Poco::Net::MailMessage::encodeWord(one_line(mail.subject), "UTF-8"));
    message.setContentType("text/plain; charset=UTF-8");
    message.setContent(mail.text, Poco::Net::MailMessage::ENCODING_QUOTED_PRINTABLE);
}

void login(Poco::Net::SMTPClientSession& session, MailServer const& server) {
    if (server.user.empty()) {
        session.login();
        return;
    }
    session.login(Poco::Net::SMTPClientSession::AUTH_LOGIN, server.user, std::string(server.password.reveal()));
}

}  // namespace

model::Result<Mail> parse_mail(model::Record const& record) {
    json::error_code error;
    json::value const value = json::parse(record.json, error);
    model::Error const broken{model::ErrorCode::invalid_argument, "The notice is not a mail record."};
    if (error || !value.is_object()) {
        return broken;
    }
    Mail mail;
    for (auto const& [key, field] : value.get_object()) {
        if (key == "to" && field.is_array()) {
            for (json::value const& address : field.get_array()) {
                if (!address.is_string()) {
                    return broken;
                }
                mail.to.emplace_back(address.get_string());
            }
        } else if (field.is_string()) {
            std::string text(field.get_string());
            (key == "subject" ? mail.subject : key == "text" ? mail.text : mail.throttle) = std::move(text);
        }
    }
    if (mail.to.empty() || mail.to.size() > addresses_max || mail.text.size() > text_bytes_max) {
        return model::Error{model::ErrorCode::invalid_argument,
                            "A mail needs 1 to 20 addresses and at most 64 KiB of text."};
    }
    return mail;
}

Mailer::Mailer(std::optional<MailServer> server, std::chrono::minutes throttle, model::Clock const& clock,
               telemetry::Logger& logger)
    : server_(std::move(server)), throttle_(throttle), clock_(clock), logger_(logger) {}

model::AttemptReport Mailer::send(model::Record const& record) {
    auto const mail = parse_mail(record);
    if (!mail) {
        return report(model::Outcome::rejected, mail.error().detail, mail.error().code);
    }
    if (!server_) {
        return report(model::Outcome::skipped, "No mail server is configured (notify.email.smtp).",
                      model::ErrorCode::failed_precondition);
    }
    std::lock_guard const lock(mutex_);
    if (is_throttled(mail->throttle)) {
        return report(model::Outcome::skipped, "The same message was sent a short while ago.",
                      model::ErrorCode::rate_limited);
    }
    model::AttemptReport const sent = transmit(*mail);
    if (sent.outcome == model::Outcome::delivered) {
        remember(mail->throttle);
    }
    return sent;
}

bool Mailer::is_throttled(std::string const& key) {
    auto const found = sent_.find(key);
    if (found == sent_.end() || clock_.now() - found->second.at >= throttle_) {
        return false;
    }
    ++found->second.held_back;
    return true;
}

void Mailer::remember(std::string const& key) {
    std::erase_if(sent_, [&](auto const& entry) { return clock_.now() - entry.second.at >= throttle_; });
    if (sent_.size() < remembered_max) {
        sent_[key] = {clock_.now(), 0};
    }
}

model::AttemptReport Mailer::transmit(Mail const& mail) {
    try {
        Poco::Net::MailMessage message;
        compose(mail, *server_, message);
        Poco::Timespan const time_max(std::chrono::microseconds(server_->time_max).count());
        if (server_->starttls) {
            Poco::Net::SecureSMTPClientSession session(server_->host, server_->port);
            session.setTimeout(time_max);
            session.open();
            Poco::Net::Context::Ptr const context = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "",
                                                                           Poco::Net::Context::VERIFY_STRICT, 9, true);
            if (!session.startTLS(context)) {
                return report(model::Outcome::retry, "The mail server does not offer STARTTLS.",
                              model::ErrorCode::unavailable);
            }
            login(session, *server_);
            session.sendMessage(message);
            session.close();
        } else {
            Poco::Net::SMTPClientSession session(server_->host, server_->port);
            session.setTimeout(time_max);
            session.open();
            login(session, *server_);
            session.sendMessage(message);
            session.close();
        }
        return report(model::Outcome::delivered, {}, model::ErrorCode::internal);
    } catch (Poco::Net::SMTPException const& error) {
        bool const permanent = error.code() >= 500 && error.code() < 600;
        return report(permanent ? model::Outcome::rejected : model::Outcome::retry,
                      "The mail server refused the message (" + std::to_string(error.code()) + ").",
                      permanent ? model::ErrorCode::permission_denied : model::ErrorCode::unavailable);
    } catch (Poco::Exception const& error) {
        logger_.warn("The mail server could not be reached.", {{"error", error.className()}});
    } catch (std::exception const&) {
        logger_.warn("A mail could not be sent.", {{"error", "unexpected exception"}});
    }
    return report(model::Outcome::retry, "The mail server could not be reached.", model::ErrorCode::unavailable);
}

}  // namespace crosswalk::notify
