#include "http/exchange.hpp"

#include "http/body_file.hpp"
#include "http/message.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <system_error>

namespace crosswalk::http {
namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr int interim_responses_max = 10;

constexpr std::array own_headers{"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade",
                                 "te",   "trailer",        "keep-alive"};

bool is_own(std::string_view name) noexcept {
    return std::ranges::any_of(own_headers, [&](char const* own) { return is_same(name, own); });
}

// Reads up to the final response's head into `reader`; 1xx before it are dropped.
Transfer read_head(Channel& channel, ReadLimits limits, bool head_request, std::optional<ResponseReader>& reader,
                   bool& begun) {
    for (int count = 0; count <= interim_responses_max; ++count) {
        reader.emplace(channel, limits, head_request);
        auto const got = reader->read_head();
        begun = begun || reader->begun();
        if (got != Transfer::done) {
            return got;
        }
        if (reader->head().status >= 200) {
            return Transfer::done;
        }
        if (reader->head().status == 101) {
            return Transfer::malformed;
        }
    }
    return Transfer::malformed;
}

// Sends the whole message; `trouble` as send_file().
Transfer send_message(Channel& channel, Message const& message, std::string& trouble) {
    auto sent = channel.send(message.lead);
    if (sent == Transfer::done && !message.file.empty()) {
        sent = send_file(channel, message.file, message.file_size, trouble);
    }
    return sent == Transfer::done && !message.tail.empty() ? channel.send(message.tail) : sent;
}

// Reads the body to where it belongs; `trouble` is set when the disk did not take it.
Transfer read_body(ResponseReader& reader, Destination const& to, Download& download, std::string& trouble) {
    if (to.file.empty()) {
        return reader.read_body();
    }
    if (reader.head().status >= 300) {
        return reader.read_body_into({}, to.body_bytes_max);
    }
    auto got = Transfer::broken;
    bool taken = download.open(to.file);
    if (taken) {
        got = reader.read_body_into([&](std::string_view bytes) { return download.add(bytes); },
                                    static_cast<std::size_t>(to.file_bytes_max));
        taken = reader.fault() != Fault::sink && (got != Transfer::done || download.finish());
    }
    if (!taken) {
        trouble = "The disk did not take the answer.";
    }
    return taken ? got : Transfer::broken;
}

model::Result<std::int64_t> size_of(std::filesystem::path const& file) {
    std::error_code error;
    auto const size = std::filesystem::file_size(file, error);
    if (error || size > static_cast<std::uintmax_t>(std::numeric_limits<std::int64_t>::max())) {
        return model::Error{model::ErrorCode::invalid_argument, "The file to send cannot be read."};
    }
    return static_cast<std::int64_t>(size);
}

}  // namespace

model::Result<Message> compose(ClientRequest const& request, Url const& url, std::string const& user_agent) {
    auto const invalid =
        model::Error{model::ErrorCode::invalid_argument, "The request's method or a header is not valid."};
    if (!is_token(request.method)) {
        return invalid;
    }
    Message message{{}, request.body_file, 0, request.body_tail};
    if (!message.file.empty()) {
        auto const size = size_of(message.file);
        if (!size) {
            return size.error();
        }
        message.file_size = *size;
    }
    std::string& lead = message.lead;
    lead.reserve(512 + request.body.size());
    lead.append(request.method).append(" ").append(url.target).append(" HTTP/1.1\r\nHost: ").append(url.authority);
    bool named = false;
    for (auto const& [name, value] : request.headers) {
        if (!is_token(name) || !is_field_value(value)) {
            return invalid;
        }
        if (!is_own(name)) {
            named = named || is_same(name, "user-agent");
            lead.append("\r\n").append(name).append(": ").append(value);
        }
    }
    if (!named) {
        lead.append("\r\nUser-Agent: ").append(user_agent);
    }
    auto const length = request.body.size() + static_cast<std::uint64_t>(message.file_size) + message.tail.size();
    if (length > 0 || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        lead.append("\r\nContent-Length: ").append(std::to_string(length));
    }
    lead.append("\r\n\r\n").append(request.body);
    return message;
}

Reply exchange(Channel& channel, Message const& message, Destination const& to) {
    Reply reply;
    Download download;
    auto const sent = send_message(channel, message, reply.disk_trouble);
    // A server may refuse a request before it has read it, answer and close; that answer is still worth having.
    bool const cut_short = sent == Transfer::broken && reply.disk_trouble.empty() && channel.bytes_begun() > 0;
    if (sent != Transfer::done && !cut_short) {
        reply.how = sent;
        return reply;
    }
    // A Content-Length above the limit is refused with the head, before it is known which of the two limits holds.
    auto const largest =
        to.file.empty() ? to.body_bytes_max : std::max(to.body_bytes_max, static_cast<std::size_t>(to.file_bytes_max));
    std::optional<ResponseReader> reader;
    reply.how = read_head(channel, {head_bytes_max, largest}, to.head_request, reader, reply.begun);
    if (reply.how == Transfer::done && cut_short && reader->head().status < 300) {
        reply.how = Transfer::broken;  // it cannot have succeeded on half a request
    }
    if (reply.how == Transfer::done) {
        reply.how = read_body(*reader, to, download, reply.disk_trouble);
    }
    if (reply.how != Transfer::done) {
        return reply;
    }
    reply.reusable = reader->keep_alive() && !cut_short && channel.buffered().empty();
    reply.response.status = reader->head().status;
    reply.response.headers = std::move(reader->head().headers);
    reply.response.body = std::move(reader->body());
    reply.response.file_size = download.size();
    return reply;
}

}  // namespace crosswalk::http
