#include "http/message.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace crosswalk::http {
namespace {

namespace beast = boost::beast;
using BeastError = beast::http::error;

// What Beast may leave in the buffer while it waits for the end of a chunk's line or of the trailers.
constexpr std::size_t chunk_lines_bytes_max = 8 * 1024;
// "0\r\n\r\n". Beast 1.81 asserts that it sees no less of a last chunk, so a client that stops within it would end us.
constexpr std::size_t last_chunk_bytes_min = 5;

std::string_view view(beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Beast joins a folded line to the one before. Others do not, and RFC 9112 section 5.2 lets us refuse it.
bool is_folded(std::string_view head) noexcept {
    auto const space = [](char c) { return c == ' ' || c == '\t'; };
    return std::ranges::adjacent_find(head, [&](char a, char b) { return a == '\n' && space(b); }) != head.end();
}

// Beast says bad_version of "HTTP/2.0" and of "HTTP/1.1 x" alike; only the first names another version.
bool names_another_version(std::string_view message) noexcept {
    auto const line = message.substr(0, message.find("\r\n"));
    auto const version = line.substr(line.rfind(' ') + 1);
    return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
           is_digit(version[7]) && version != "HTTP/1.1" && version != "HTTP/1.0";
}

Transfer transfer_of(Fault fault) noexcept {
    auto const too_large = fault == Fault::head_bytes || fault == Fault::chunk_bytes || fault == Fault::body_bytes;
    return too_large ? Transfer::too_large : Transfer::malformed;
}

}  // namespace

std::optional<std::string_view> find_header(Headers const& headers, std::string_view name) noexcept {
    auto const found =
        std::ranges::find(headers, name, [](auto const& header) { return std::string_view(header.first); });
    return found == headers.end() ? std::nullopt : std::optional(std::string_view(found->second));
}

bool is_same(std::string_view a, std::string_view b) noexcept {
    return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7f) || c == '\t';
    });
}

// Beast's parser with our containers and the checks that it leaves to others.
template <class Head>
class Reader<Head>::Parser final : public beast::http::basic_parser<std::is_same_v<Head, RequestHead>> {
public:
    Parser(ReadLimits limits, bool bodiless) : body_bytes_max_(limits.body_bytes_max) {
        constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
        this->header_limit(static_cast<std::uint32_t>(std::min(limits.head_bytes_max, most)));
        this->body_limit(limits.body_bytes_max);
        this->skip(bodiless);
        head.headers.reserve(16);
    }

    // Parses what is buffered, at most `bytes_max` of it; false when that was wrong and `fault` says in what.
    [[nodiscard]] bool advance(Channel& channel, std::size_t bytes_max, std::size_t& used, bool& wants_more) {
        auto const bytes = channel.buffered().substr(0, bytes_max);
        beast::error_code error;
        used = this->put(beast::net::const_buffer(bytes.data(), bytes.size()), error);
        wants_more = error == BeastError::need_more;
        if (!in_body_ && is_folded(bytes.substr(0, used))) {
            fault = Fault::head;
        } else if (error && !wants_more && fault == Fault::none) {
            fault = fault_of(error, bytes);
        }
        in_body_ = this->is_header_done();
        channel.consume(used);
        return fault == Fault::none;
    }

    void send_body_to(BodySink sink, std::size_t bytes_max) {
        sink_ = std::move(sink);
        body_bytes_max_ = bytes_max;
    }

    Head head;
    std::string body;
    Fault fault = Fault::none;

private:
    [[nodiscard]] Fault fault_of(beast::error_code const& error, std::string_view bytes) const {
        switch (static_cast<BeastError>(error.value())) {
            case BeastError::header_limit:
                return Fault::head_bytes;
            case BeastError::body_limit:
                return Fault::body_bytes;
            case BeastError::bad_version:
                return names_another_version(bytes) ? Fault::version : Fault::head;
            case BeastError::bad_content_length:
            case BeastError::multiple_content_length:
                return Fault::length;
            case BeastError::bad_transfer_encoding:  // a second one, or one beside Content-Length
                return find_header(head.headers, "transfer-encoding") ? Fault::coding : Fault::length;
            default:
                return in_body_ ? Fault::chunk : Fault::head;
        }
    }

    void refuse(Fault why, beast::error_code& error) {
        fault = why;
        error = BeastError::bad_value;
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                         beast::error_code& error) override {
        if constexpr (std::is_same_v<Head, RequestHead>) {
            // RFC 9112 section 3.2: a target is ASCII. Beast takes any byte above it.
            if (std::ranges::any_of(target, [](char c) { return static_cast<unsigned char>(c) > 0x7f; })) {
                return refuse(Fault::head, error);
            }
            head.method = view(method);
            head.target = view(target);
            head.minor = version % 10;
        }
    }

    void on_response_impl(int status, beast::string_view, int version, beast::error_code& error) override {
        if constexpr (std::is_same_v<Head, ResponseHead>) {
            if (status < 100 || status > 599) {  // Beast takes any three digits
                return refuse(Fault::head, error);
            }
            head.status = status;
            head.minor = version % 10;
        }
    }

    void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                       beast::error_code& error) override {
        if (in_body_) {
            return;  // trailers carry nothing that is needed here
        }
        auto& [kept_name, kept_value] = head.headers.emplace_back(view(name), view(value));
        std::ranges::transform(kept_name, kept_name.begin(), lower);
        if (field == beast::http::field::content_length && !std::ranges::all_of(value, is_digit)) {
            return refuse(Fault::length, error);  // Beast takes "3, 3"; a proxy before us may not
        }
        if (field == beast::http::field::transfer_encoding) {
            if (head.minor == 0) {  // HTTP/1.0 knows no codings, and its proxies pass them on unread
                return refuse(Fault::length, error);
            }
            if (!is_same(kept_value, "chunked")) {  // Beast leaves all codings but the last to its caller
                return refuse(Fault::coding, error);
            }
        }
    }

    void on_chunk_header_impl(std::uint64_t, beast::string_view extensions, beast::error_code& error) override {
        // Beast lets a quoted extension hold line feeds, which a lax proxy takes for the end of the line.
        if (!is_field_value(view(extensions))) {
            refuse(Fault::chunk, error);
        }
    }

    std::size_t take(std::string_view bytes, beast::error_code& error) {
        body_bytes_ += bytes.size();
        if (body_bytes_ > body_bytes_max_) {
            refuse(Fault::body_bytes, error);
        } else if (!sink_) {
            body.append(bytes);
        } else if (!sink_(bytes)) {
            refuse(Fault::sink, error);
        }
        return bytes.size();
    }
    std::size_t on_body_impl(beast::string_view bytes, beast::error_code& error) override {
        return take(view(bytes), error);
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, beast::error_code& error) override {
        return take(view(bytes), error);
    }
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
    void on_finish_impl(beast::error_code&) override {}

    bool in_body_ = false;
    BodySink sink_;  // empty: the body is kept
    std::uint64_t body_bytes_ = 0;
    std::uint64_t body_bytes_max_;
};

template <class Head>
Reader<Head>::Reader(Channel& channel, ReadLimits limits, bool bodiless)
    : channel_(channel), limits_(limits), parser_(std::make_unique<Parser>(limits, bodiless)) {}

template <class Head>
Reader<Head>::~Reader() = default;

// RFC 9112 section 2.2 asks this of servers; Beast takes such a line for a bad method. They count as part of the head.
template <class Head>
Transfer Reader<Head>::pass_over_empty_lines(std::size_t& bytes_left) {
    for (;;) {
        auto const bytes = channel_.buffered();
        if (bytes.starts_with("\r\n") && bytes_left > 2) {
            channel_.consume(2);
            bytes_left -= 2;
        } else if (bytes.empty() || bytes == "\r") {
            if (auto const got = channel_.fill(); got != Transfer::done) {
                return got;
            }
        } else {
            return Transfer::done;
        }
    }
}

template <class Head>
Transfer Reader<Head>::read_head() {
    auto bytes_left = limits_.head_bytes_max;
    if constexpr (std::is_same_v<Head, RequestHead>) {
        if (auto const got = pass_over_empty_lines(bytes_left); got != Transfer::done) {
            return got;
        }
    }
    for (;;) {
        // Beast's own limit starts anew after the start line; ours is for the whole head.
        std::size_t used = 0;
        bool wants_more = false;
        if (!parser_->advance(channel_, bytes_left, used, wants_more)) {
            return transfer_of(parser_->fault);
        }
        if (!wants_more) {
            return Transfer::done;
        }
        bytes_left -= used;
        if (channel_.buffered().size() >= bytes_left) {
            parser_->fault = Fault::head_bytes;
            return Transfer::too_large;
        }
        if (auto const got = channel_.fill(); got != Transfer::done) {
            return got;
        }
    }
}

template <class Head>
Transfer Reader<Head>::read_body() {
    auto const least = parser_->chunked() ? last_chunk_bytes_min : 1;
    parser_->eager(true);
    for (bool wants_more = false; !parser_->is_done();) {
        if (wants_more && channel_.buffered().size() > chunk_lines_bytes_max) {
            parser_->fault = Fault::chunk_bytes;
            return Transfer::too_large;
        }
        if (wants_more || channel_.buffered().size() < least) {
            auto const got = channel_.fill();
            if (got == Transfer::closed && parser_->need_eof()) {
                return Transfer::done;
            }
            if (got != Transfer::done) {
                return got;
            }
            wants_more = false;
            continue;
        }
        std::size_t used = 0;
        if (!parser_->advance(channel_, std::string_view::npos, used, wants_more)) {
            return transfer_of(parser_->fault);
        }
    }
    return Transfer::done;
}

template <class Head>
Transfer Reader<Head>::read_body_into(BodySink sink, std::size_t bytes_max) {
    parser_->send_body_to(std::move(sink), bytes_max);
    return read_body();
}

template <class Head>
bool Reader<Head>::begun() const noexcept {
    return parser_->got_some();
}

template <class Head>
Fault Reader<Head>::fault() const noexcept {
    return parser_->fault;
}

template <class Head>
bool Reader<Head>::has_body() const noexcept {
    return !parser_->is_done();
}

template <class Head>
bool Reader<Head>::keep_alive() const {
    return parser_->keep_alive();
}

template <class Head>
Head& Reader<Head>::head() noexcept {
    return parser_->head;
}

template <class Head>
std::string& Reader<Head>::body() noexcept {
    return parser_->body;
}

template class Reader<RequestHead>;
template class Reader<ResponseHead>;

}  // namespace crosswalk::http
