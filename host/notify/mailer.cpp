#include "notify/mailer.hpp"

#include "notify/session.hpp"

#include <Poco/Net/NetException.h>
#include <boost/json.hpp>

#include <algorithm>

namespace crosswalk::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t addresses_max = 20;
constexpr std::size_t text_bytes_max = 64 * 1024;
constexpr std::size_t remembered_max = 1000;
constexpr std::size_t address_bytes_max = 254;  // RFC 5321

model::AttemptReport report(model::Outcome outcome, std::string reason, model::ErrorCode code) {
    model::AttemptReport made{outcome, std::move(reason)};
    made.error_code = code;
    return made;
}

// What stands in an SMTP command must not be able to end it or to add a parameter.
bool is_address(std::string_view text) {
    return !text.empty() && text.size() <= address_bytes_max && std::all_of(text.begin(), text.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F && c != '<' && c != '>' && c != ',';
    });
}

bool read_addresses(json::array const& list, std::vector<std::string>& to) {
    for (json::value const& address : list) {
        if (to.size() > addresses_max || !address.is_string() || !is_address(address.get_string())) {
            return false;
        }
        to.emplace_back(address.get_string());
    }
    return true;
}

// What the server's statuses for the addresses mean for the mail as a whole.
model::AttemptReport judge(std::vector<int> const& statuses) {
    model::AttemptReport sent = report(model::Outcome::delivered, {}, model::ErrorCode::internal);
    bool permanent = true;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        if (statuses[i] == 250) {
            continue;
        }
        permanent = permanent && statuses[i] >= 500;
        sent.warnings.push_back(
            {"to/" + std::to_string(i), "The mail server refused this address (" + std::to_string(statuses[i]) + ")."});
    }
    if (sent.warnings.size() < statuses.size()) {
        return sent;
    }
    return permanent ? report(model::Outcome::rejected, "The mail server refused every address.",
                              model::ErrorCode::invalid_argument)
                     : report(model::Outcome::retry, "The mail server takes none of the addresses for now.",
                              model::ErrorCode::unavailable);
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
        if (key == "to") {
            if (!field.is_array() || !read_addresses(field.get_array(), mail.to)) {
                return broken;
            }
            continue;
        }
        std::string* const member = key == "subject"    ? &mail.subject
                                    : key == "text"     ? &mail.text
                                    : key == "throttle" ? &mail.throttle
                                                        : nullptr;
        if (member != nullptr) {
            if (!field.is_string()) {
                return broken;
            }
            *member = std::string(field.get_string());
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
    if (!claim(mail->throttle)) {
        return report(model::Outcome::skipped, "The same message was sent a short while ago.",
                      model::ErrorCode::rate_limited);
    }
    model::AttemptReport sent = transmit(*mail);
    if (sent.outcome != model::Outcome::delivered) {
        give_back(mail->throttle);
    }
    return sent;
}

bool Mailer::claim(std::string const& key) {
    if (key.empty()) {
        return true;
    }
    auto const now = clock_.steady_now();
    std::lock_guard const lock(mutex_);
    std::erase_if(claimed_, [&](auto const& entry) { return now - entry.second >= throttle_; });
    if (claimed_.contains(key)) {
        return false;
    }
    // A full memory throttles nothing new: rather a mail too many than none.
    if (claimed_.size() < remembered_max) {
        claimed_.emplace(key, now);
    }
    return true;
}

void Mailer::give_back(std::string const& key) {
    std::lock_guard const lock(mutex_);
    claimed_.erase(key);
}

model::AttemptReport Mailer::transmit(Mail const& mail) {
    try {
        Poco::Net::StreamSocket const socket = connect(*server_);
        CutOff const cut_off(socket, server_->session_max);
        Session session(*server_, socket);
        if (!session.introduce()) {
            return report(model::Outcome::retry, "The mail server does not offer STARTTLS.",
                          model::ErrorCode::unavailable);
        }
        model::AttemptReport sent = judge(session.send(mail));
        session.quit();
        return sent;
    } catch (Poco::Net::SMTPException const& error) {
        // The server's own words may repeat an address, so only its number is told.
        bool const permanent = error.code() >= 500 && error.code() < 600;
        return report(permanent ? model::Outcome::rejected : model::Outcome::retry,
                      "The mail server refused the message or the login (" + std::to_string(error.code()) + ").",
                      permanent ? model::ErrorCode::permission_denied : model::ErrorCode::unavailable);
    } catch (Poco::Exception const& error) {
        logger_.warn("The mail server could not be reached.", {{"error", error.className()}});
    } catch (std::exception const&) {
        logger_.warn("A mail could not be sent.", {{"error", "unexpected exception"}});
    }
    return report(model::Outcome::retry, "The mail server could not be reached.", model::ErrorCode::unavailable);
}

}  // namespace crosswalk::notify
