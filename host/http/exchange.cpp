#include "http/exchange.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <array>
#include <optional>

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

}  // namespace

model::Result<std::string> compose(ClientRequest const& request, Url const& url, std::string const& user_agent) {
    auto const invalid =
        model::Error{model::ErrorCode::invalid_argument, "The request's method or a header is not valid."};
    if (!is_token(request.method)) {
        return invalid;
    }
    std::string message;
    message.reserve(512 + request.body.size());
    message.append(request.method).append(" ").append(url.target).append(" HTTP/1.1\r\nHost: ").append(url.authority);
    bool named = false;
    for (auto const& [name, value] : request.headers) {
        if (!is_token(name) || !is_field_value(value)) {
            return invalid;
        }
        if (!is_own(name)) {
            named = named || is_same(name, "user-agent");
            message.append("\r\n").append(name).append(": ").append(value);
        }
    }
    if (!named) {
        message.append("\r\nUser-Agent: ").append(user_agent);
    }
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        message.append("\r\nContent-Length: ").append(std::to_string(request.body.size()));
    }
    message.append("\r\n\r\n").append(request.body);
    return message;
}

Reply exchange(Channel& channel, std::string const& message, bool head_request, std::size_t body_bytes_max) {
    Reply reply;
    auto const sent = channel.send(message);
    // A server may refuse a request before it has read it, answer and close; that answer is still worth having.
    bool const cut_short = sent == Transfer::broken && channel.bytes_begun() > 0;
    if (sent != Transfer::done && !cut_short) {
        reply.how = sent;
        return reply;
    }
    std::optional<ResponseReader> reader;
    reply.how = read_head(channel, {head_bytes_max, body_bytes_max}, head_request, reader, reply.begun);
    if (reply.how == Transfer::done && cut_short && reader->head().status < 300) {
        reply.how = Transfer::broken;  // it cannot have succeeded on half a request
    }
    if (reply.how == Transfer::done) {
        reply.how = reader->read_body();
    }
    if (reply.how != Transfer::done) {
        return reply;
    }
    reply.reusable = reader->keep_alive() && !cut_short && channel.buffered().empty();
    reply.response.status = reader->head().status;
    reply.response.headers = std::move(reader->head().headers);
    reply.response.body = std::move(reader->body());
    return reply;
}

}  // namespace crosswalk::http
