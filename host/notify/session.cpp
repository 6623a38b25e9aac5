#include "notify/session.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <sstream>
#include <utility>

namespace crosswalk::notify {
namespace {

constexpr std::size_t subject_bytes_max = 400;
// An encoded word has at most 75 characters (RFC 2047); this many bytes fit as base64.
constexpr std::size_t encoded_word_bytes_max = 42;

Poco::Timespan time_max(MailServer const& server) {
    return {std::chrono::microseconds(server.time_max).count()};
}

// Of `text`, the longest beginning of at most `bytes_max` that does not cut a character.
std::string_view whole_characters(std::string_view text, std::size_t bytes_max) {
    std::size_t end = std::min(bytes_max, text.size());
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return end == 0 ? text.substr(0, bytes_max) : text.substr(0, end);
}

std::string base64(std::string_view bytes) {
    std::ostringstream out;
    Poco::Base64Encoder encoder(out);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return out.str();
}

// One header line, whatever a name holds: control characters become spaces, all but ASCII becomes encoded words.
std::string header_text(std::string_view text) {
    std::string line(whole_characters(text, subject_bytes_max));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    bool const ascii =
        std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii && line.find("=?") == std::string::npos) {
        return line;
    }
    std::string out;
    for (std::string_view rest = line; !rest.empty();) {
        std::string_view const piece = whole_characters(rest, encoded_word_bytes_max);
        out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(piece) + "?=";
        rest.remove_prefix(piece.size());
    }
    return out;
}

// Every kind of line end becomes CR LF: servers refuse a lone LF, and Poco doubles a dot only after a CR LF.
std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' || text[i] == '\n') {
            out += "\r\n";
            i += text[i] == '\r' && text.substr(i + 1).starts_with('\n') ? 1U : 0U;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string sender(MailServer const& server) {
    if (!server.from.empty()) {
        return server.from;
    }
    return server.user.find('@') != std::string::npos ? server.user : "crosswalk@" + server.host;
}

}  // namespace

std::string compose(Mail const& mail, std::string const& from) {
    Poco::Net::MailMessage message;
    message.setSender(from);
    for (std::string const& address : mail.to) {
        message.addRecipient({Poco::Net::MailRecipient::PRIMARY_RECIPIENT, address});
    }
    message.setSubject(header_text(mail.subject));
    message.setContentType("text/plain; charset=UTF-8");
    message.setContent(with_crlf(mail.text), Poco::Net::MailMessage::ENCODING_QUOTED_PRINTABLE);
    std::ostringstream out;
    message.write(out);
    return out.str();
}

Poco::Net::StreamSocket connect(MailServer const& server) {
    Poco::Net::StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress(server.host, server.port), time_max(server));
    return socket;
}

// The socket shares its descriptor with the session's, also after STARTTLS; shutting that down disturbs no state that
// another thread uses.
CutOff::CutOff(Poco::Net::StreamSocket socket, std::chrono::milliseconds time_max)
    : watch_([socket = std::move(socket), time_max](std::stop_token const& over) mutable {
          std::mutex mutex;
          std::condition_variable_any changed;
          std::unique_lock lock(mutex);
          if (!changed.wait_for(lock, over, time_max, [&] { return over.stop_requested(); })) {
              try {
                  socket.shutdown();
              } catch (Poco::Exception const&) {
                  return;  // the server was faster
              }
          }
      }) {}

Session::Session(MailServer const& server, Poco::Net::StreamSocket const& connected)
    : SMTPClientSession(connected), server_(server) {
    setTimeout(time_max(server));
}

bool Session::introduce() {
    if (server_.starttls) {
        login();  // servers refuse STARTTLS before EHLO
        if (!start_tls()) {
            return false;
        }
    }
    if (server_.user.empty()) {
        login();
    } else {
        // Poco wants the password as a string.
        login(AUTH_LOGIN, server_.user, std::string(server_.password.reveal()));
    }
    return true;
}

// Poco's own startTLS knows the host's name, which the certificate must bear, only when it also connects.
bool Session::start_tls() {
    std::string response;
    if (!isPositiveCompletion(sendCommand("STARTTLS", response))) {
        return false;
    }
    Poco::Net::Context::Ptr const context =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", Poco::Net::Context::VERIFY_STRICT, 9, true);
    socket() = Poco::Net::SecureStreamSocket::attach(socket(), server_.host, context);
    return true;
}

std::vector<int> Session::send(Mail const& mail) {
    std::string const from = sender(server_);
    std::string response;
    if (int const status = sendCommand("MAIL FROM:<" + from + ">", response); !isPositiveCompletion(status)) {
        throw Poco::Net::SMTPException("sender refused", status);
    }
    std::vector<int> statuses;
    bool taken = false;
    for (std::string const& address : mail.to) {
        int const status = sendCommand("RCPT TO:<" + address + ">", response);
        taken = taken || isPositiveCompletion(status);
        statuses.push_back(isPositiveCompletion(status) ? 250 : status);
    }
    if (taken) {
        sendData();
        std::istringstream content(compose(mail, from));
        sendMessage(content);
    }
    return statuses;
}

void Session::quit() noexcept {
    try {
        close();
    } catch (...) {
        // The message was taken or refused before; the connection ends either way.
    }
}

}  // namespace crosswalk::notify
