// HTTP/1.1 messages on a Channel: heads and bodies, read strictly.
//
// Why      two parties that read one message in two ways is how requests are smuggled. Boost.Beast's parser reads the
//          messages; what it would let pass although a test of ours forbids it is refused in message.cpp, each with
//          its reason. docs/adr/0007-http.md tells why it is Beast.
// Limits   every reader has them for the whole head and for the body; nothing is kept above them.
// Threads  one thread uses a reader.
// Owner    a reader borrows its channel and serves one message.
// Source   RFC 9112 sections 2 to 7.
#pragma once

#include "http/channel.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::http {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

// The first header of that name; nothing when there is none.
[[nodiscard]] std::optional<std::string_view> find_header(Headers const& headers, std::string_view name) noexcept;
// Letters are compared without case.
[[nodiscard]] bool is_same(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool is_token(std::string_view text) noexcept;
// No control characters but tab: safe to write into a head.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

struct RequestHead {
    std::string method;
    std::string target;
    int minor = 1;  // of HTTP/1
    Headers headers;
};

struct ResponseHead {
    int status = 0;
    int minor = 1;
    Headers headers;
};

// What is wrong with a message.
enum class Fault : unsigned char {
    none,
    head,         // a start line or a header line that is none
    head_bytes,   // the head is larger than allowed
    version,      // neither HTTP/1.1 nor HTTP/1.0
    length,       // where the body ends is not clear
    coding,       // a transfer coding other than chunked
    chunk,        // a chunk or a trailer that is none
    chunk_bytes,  // a chunk's line or the trailers are larger than 8 KiB
    body_bytes,   // the body is larger than allowed
    sink,         // whoever takes the body could not
};

struct ReadLimits {
    std::size_t head_bytes_max = 0;
    std::size_t body_bytes_max = 0;
};

// Takes a body piece by piece; false when it cannot.
using BodySink = std::function<bool(std::string_view)>;

// Reads one message: its head and, when the caller wants it, its body.
template <class Head>
class Reader {
public:
    // `bodiless`: no body follows whatever the head says, as after HEAD.
    Reader(Channel& channel, ReadLimits limits, bool bodiless = false);
    Reader(Reader const&) = delete;
    Reader& operator=(Reader const&) = delete;
    ~Reader();

    // malformed or too_large: fault() says in what. A Content-Length above the limit is refused here.
    [[nodiscard]] Transfer read_head();
    // After read_head(). `closed` means the far end left before the end; fault() as above.
    [[nodiscard]] Transfer read_body();
    // The same, into `sink` and not into body(); `bytes_max` instead of the limit that the reader was made with.
    [[nodiscard]] Transfer read_body_into(BodySink sink, std::size_t bytes_max);

    // Did anything of the message arrive?
    [[nodiscard]] bool begun() const noexcept;
    [[nodiscard]] Fault fault() const noexcept;
    // After read_head(): the body is still to be read.
    [[nodiscard]] bool has_body() const noexcept;
    // After read_head(): may the connection carry another message after this one?
    [[nodiscard]] bool keep_alive() const;

    [[nodiscard]] Head& head() noexcept;
    [[nodiscard]] std::string& body() noexcept;

private:
    class Parser;

    [[nodiscard]] Transfer pass_over_empty_lines(std::size_t& bytes_left);

    Channel& channel_;
    ReadLimits const limits_;
    std::unique_ptr<Parser> parser_;
};

using RequestReader = Reader<RequestHead>;
using ResponseReader = Reader<ResponseHead>;
extern template class Reader<RequestHead>;
extern template class Reader<ResponseHead>;

}  // namespace crosswalk::http
