#include "http/exchange.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace crosswalk::http {
namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr int interim_responses_max = 10;
constexpr std::int64_t piece_bytes = 256 * 1024;

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

// Sends all of it. `trouble` is set when it cannot be read.
Transfer send_file(Channel& channel, FileSource& file, std::string& trouble) {
    std::vector<char> piece(static_cast<std::size_t>(std::min(file.size(), piece_bytes)));
    for (std::int64_t offset = 0; offset < file.size();) {
        std::span<char> const wanted(piece.data(),
                                     static_cast<std::size_t>(std::min(file.size() - offset, piece_bytes)));
        if (auto const read = file.read(offset, wanted); !read) {
            trouble = "The file to send cannot be read: " + read.error().detail;
            return Transfer::broken;
        }
        if (auto const sent = channel.send({wanted.data(), wanted.size()}); sent != Transfer::done) {
            return sent;
        }
        offset += static_cast<std::int64_t>(wanted.size());
    }
    return Transfer::done;
}

// Sends the whole message; `trouble` as send_file().
Transfer send_message(Channel& channel, Message const& message, std::string& trouble) {
    auto sent = channel.send(message.lead);
    if (sent == Transfer::done && message.file != nullptr) {
        sent = send_file(channel, *message.file, trouble);
    }
    return sent == Transfer::done && !message.tail.empty() ? channel.send(message.tail) : sent;
}

// Reads the body to where it belongs; `trouble` is set when the disk did not take it, `size` to that of a file.
Transfer read_body(ResponseReader& reader, Destination const& to, std::int64_t& size, std::string& trouble) {
    if (to.file == nullptr) {
        return reader.read_body();
    }
    if (reader.head().status >= 300) {
        return reader.read_body_into({}, to.body_bytes_max);
    }
    auto taken = to.file->begin();
    auto got = Transfer::broken;
    if (taken) {
        got = reader.read_body_into(
            [&](std::string_view bytes) {
                taken = to.file->add(bytes);
                size += static_cast<std::int64_t>(bytes.size());
                return taken.has_value();
            },
            static_cast<std::size_t>(to.file_bytes_max));
    }
    if (!taken) {
        trouble = "The disk did not take the answer: " + taken.error().detail;
    }
    return taken ? got : Transfer::broken;
}

}  // namespace

model::Result<Message> compose(ClientRequest const& request, Url const& url, std::string const& user_agent) {
    auto const invalid =
        model::Error{model::ErrorCode::invalid_argument, "The request's method or a header is not valid."};
    if (!is_token(request.method)) {
        return invalid;
    }
    Message message{{}, request.body_file, request.body_tail};
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
    auto const file_size = message.file == nullptr ? 0 : static_cast<std::uint64_t>(message.file->size());
    auto const length = request.body.size() + file_size + message.tail.size();
    if (length > 0 || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        lead.append("\r\nContent-Length: ").append(std::to_string(length));
    }
    lead.append("\r\n\r\n").append(request.body);
    return message;
}

Reply exchange(Channel& channel, Message const& message, Destination const& to) {
    Reply reply;
    std::int64_t file_size = 0;
    auto const sent = send_message(channel, message, reply.disk_trouble);
    // A server may refuse a request before it has read it, answer and close; that answer is still worth having.
    bool const cut_short = sent == Transfer::broken && reply.disk_trouble.empty() && channel.bytes_begun() > 0;
    if (sent != Transfer::done && !cut_short) {
        reply.how = sent;
        return reply;
    }
    // A Content-Length above the limit is refused with the head, before it is known which of the two limits holds.
    auto const largest = to.file == nullptr ? to.body_bytes_max
                                            : std::max(to.body_bytes_max, static_cast<std::size_t>(to.file_bytes_max));
    std::optional<ResponseReader> reader;
    reply.how = read_head(channel, {head_bytes_max, largest}, to.head_request, reader, reply.begun);
    if (reply.how == Transfer::done && cut_short && reader->head().status < 300) {
        reply.how = Transfer::broken;  // it cannot have succeeded on half a request
    }
    if (reply.how == Transfer::done) {
        reply.how = read_body(*reader, to, file_size, reply.disk_trouble);
    }
    if (reply.how != Transfer::done) {
        return reply;
    }
    reply.reusable = reader->keep_alive() && !cut_short && channel.buffered().empty();
    reply.response.status = reader->head().status;
    reply.response.headers = std::move(reader->head().headers);
    reply.response.body = std::move(reader->body());
    reply.response.file_size = file_size;
    return reply;
}

}  // namespace crosswalk::http
