#include "http/exchange.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::http {
namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr int interim_responses_max = 10;

constexpr std::array own_headers{"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade",
                                 "te",   "trailer",        "keep-alive"};

bool same_name(std::string_view a, std::string_view b) noexcept {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_own(std::string_view name) noexcept {
    return std::ranges::any_of(own_headers, [&](char const* own) { return same_name(name, own); });
}

// The final response's head; 1xx before it are dropped.
Transfer read_head(Channel& channel, ResponseHead& head, bool& begun) {
    for (int count = 0; count <= interim_responses_max; ++count) {
        std::size_t head_bytes = 0;
        auto const got = await_head(channel, head_bytes_max, head_bytes);
        begun = begun || !channel.buffered().empty();
        if (got != Transfer::done) {
            return got;
        }
        head = {};
        if (!parse_response(channel.buffered().substr(0, head_bytes), head) || head.status == 101) {
            return Transfer::malformed;
        }
        channel.consume(head_bytes);
        if (head.status >= 200) {
            return Transfer::done;
        }
    }
    return Transfer::malformed;
}

Transfer read_body(Channel& channel, ResponseHead const& head, std::size_t bytes_max, std::string& body,
                   bool& delimited) {
    auto const framing = framing_of(head.headers, head.minor);
    switch (framing.kind) {
        case Framing::Kind::sized:
            return framing.size > bytes_max ? Transfer::too_large : read_sized(channel, framing.size, body);
        case Framing::Kind::chunked:
            return read_chunked(channel, bytes_max, body);
        case Framing::Kind::unstated:
            delimited = false;
            return read_until_close(channel, bytes_max, body);
        case Framing::Kind::ambiguous:
        case Framing::Kind::unsupported:
            break;
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
            named = named || same_name(name, "user-agent");
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
    ResponseHead head;
    reply.how = read_head(channel, head, reply.begun);
    if (reply.how == Transfer::done && cut_short && head.status < 300) {
        reply.how = Transfer::broken;  // it cannot have succeeded on half a request
    }
    if (reply.how != Transfer::done) {
        return reply;
    }
    bool delimited = true;
    if (!head_request && head.status != 204 && head.status != 304) {
        reply.how = read_body(channel, head, body_bytes_max, reply.response.body, delimited);
    }
    reply.reusable = delimited && !cut_short && channel.buffered().empty() &&
                     (head.minor > 0 ? !has_token(head.headers, "connection", "close")
                                     : has_token(head.headers, "connection", "keep-alive"));
    reply.response.status = head.status;
    reply.response.headers = std::move(head.headers);
    return reply;
}

}  // namespace crosswalk::http
