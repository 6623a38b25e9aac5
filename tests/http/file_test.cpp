// Bodies that are files: streamed in both directions, whole or not at all.
#include "http/certificates.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/wire.hpp"
#include "platform/process.hpp"

#include <Poco/Net/NetException.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <limits>
#include <optional>
#include <span>
#include <sstream>
#include <thread>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;
using testing::EndsWith;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr std::size_t mebi = 1024 * 1024;
constexpr std::size_t large = 40 * mebi;
constexpr std::size_t memory_margin = 12 * mebi;

// A file on disk, read and written with nothing between.
class PlainSource final : public FileSource {
public:
    explicit PlainSource(fs::path const& path)
        : in_(path, std::ios::binary), size_(static_cast<std::int64_t>(fs::file_size(path))) {}
    [[nodiscard]] std::int64_t size() const noexcept override { return size_; }
    [[nodiscard]] model::Result<void> read(std::int64_t offset, std::span<char> out) override {
        reads.push_back(offset);
        if (offset >= broken_from) {
            return model::Error{ErrorCode::corruption, "It was changed."};
        }
        in_.seekg(offset);
        in_.read(out.data(), static_cast<std::streamsize>(out.size()));
        return {};
    }
    std::vector<std::int64_t> reads;
    std::int64_t broken_from = std::numeric_limits<std::int64_t>::max();

private:
    std::ifstream in_;
    std::int64_t const size_;
};

class PlainSink final : public FileSink {
public:
    explicit PlainSink(fs::path path) : path_(std::move(path)) {}
    [[nodiscard]] model::Result<void> begin() override {
        ++begun;
        out_.close();
        out_.open(path_, std::ios::binary | std::ios::trunc);
        return out_ ? model::Result<void>() : model::Result<void>(refused());
    }
    [[nodiscard]] model::Result<void> add(std::string_view bytes) override {
        out_ << bytes << std::flush;
        return out_ && !full ? model::Result<void>() : model::Result<void>(refused());
    }
    int begun = 0;
    bool full = false;

private:
    static model::Error refused() { return {ErrorCode::unavailable, "It is full."}; }
    fs::path const path_;
    std::ofstream out_;
};

class FileBody : public testing::Test {
protected:
    FileBody() {
        static std::atomic<int> number{0};
        folder_ = fs::temp_directory_path() /
                  ("crosswalk_http_" + std::to_string(platform::process_id()) + "_" + std::to_string(++number));
        fs::create_directories(folder_);
        target_ = folder_ / "fetched";
        sink_.emplace(target_);
    }
    ~FileBody() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    [[nodiscard]] ClientRequest request(std::uint16_t port, std::string method = "GET") const {
        ClientRequest result;
        result.method = std::move(method);
        result.url = "http://127.0.0.1:" + std::to_string(port) + "/file";
        result.deadline = clock_.steady_now() + 30s;
        return result;
    }
    [[nodiscard]] ClientRequest download(std::uint16_t port) {
        auto result = request(port);
        result.to_file = &*sink_;
        return result;
    }
    [[nodiscard]] FileSource* file(std::string_view bytes) {
        fs::path const path = folder_ / "sent";
        std::ofstream(path, std::ios::binary) << bytes;
        source_.emplace(path);
        return &*source_;
    }
    [[nodiscard]] static std::string read(fs::path const& path) {
        std::ostringstream out;
        out << std::ifstream(path, std::ios::binary).rdbuf();
        return out.str();
    }
    // A text in which every piece is another, so that a lost or doubled piece shows.
    [[nodiscard]] static std::string numbered(std::size_t bytes) {
        std::string out;
        out.reserve(bytes + 16);
        while (out.size() < bytes) {
            out += std::to_string(out.size()) + ",";
        }
        out.resize(bytes);
        return out;
    }

    fs::path folder_;
    fs::path target_;
    std::optional<PlainSource> source_;
    std::optional<PlainSink> sink_;
    std::ostringstream log_;
    model::SystemClock clock_;
    telemetry::Logger logger_{log_, clock_};
    Client client_{{.body_bytes_max = mebi}, clock_, logger_};
};

std::string ok_head(std::size_t length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

TEST_F(FileBody, IsSentBetweenBodyAndTailWithOneLength) {  // C.18
    std::string seen;
    RawServer server([&](auto& peer, int) {
        seen = read_request(peer);
        write_all(peer, ok_head(0));
    });
    auto post = request(server.port(), "POST");
    post.body = "first|";
    post.body_file = file("the file");
    post.body_tail = "|last";
    auto const response = client_.send(post);
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_THAT(seen, HasSubstr("\r\nContent-Length: 19\r\n"));
    EXPECT_THAT(seen, EndsWith("\r\n\r\nfirst|the file|last"));
}

TEST_F(FileBody, MayBeEmpty) {
    std::string seen;
    RawServer server([&](auto& peer, int) {
        seen = read_request(peer);
        write_all(peer, ok_head(0));
    });
    auto post = request(server.port(), "POST");
    post.body_file = file("");
    ASSERT_TRUE(client_.send(post));
    EXPECT_THAT(seen, HasSubstr("\r\nContent-Length: 0\r\n"));
    auto const response = client_.send(download(server.port()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->file_size, 0);
    EXPECT_EQ(sink_->begun, 1);
}

// Reads a whole request with a body of that size, because closing before would cut the answer off; false when the
// client left.
template <class Peer, class OnPiece>
bool read_large_request(Peer& peer, std::uint64_t body_size, OnPiece const& on_piece) {
    std::vector<char> piece(64 * 1024);
    std::string head;
    std::uint64_t received = 0;
    for (std::uint64_t whole = body_size; received < whole;) {
        auto const size = peer.receiveBytes(piece.data(), static_cast<int>(piece.size()));
        if (size <= 0) {
            return false;
        }
        if (whole == body_size) {
            head.append(piece.data(), static_cast<std::size_t>(size));
            auto const end = head.find("\r\n\r\n");
            whole += end == std::string::npos ? 0 : end + 4;
        }
        received += static_cast<std::uint64_t>(size);
        on_piece();
    }
    return true;
}

TEST_F(FileBody, WaitsForAServerThatIsNotReadingYet) {
    RawServer server([&](auto& peer, int) {
        std::this_thread::sleep_for(300ms);  // by then the socket has no room for one byte more
        if (read_large_request(peer, large, [] {})) {
            write_all(peer, ok_head(0));
        }
    });
    auto post = request(server.port(), "POST");
    post.body_file = file(std::string(large, 'u'));
    auto const sent = client_.send(post);
    ASSERT_TRUE(sent) << sent.error().detail;
    EXPECT_EQ(sent->status, 200);
}

TEST_F(FileBody, GoesOutWithoutBeingHeldInMemory) {
    std::uint64_t resident = 0;
    RawServer server([&](auto& peer, int) {
        if (read_large_request(peer, large, [&] { resident = std::max(resident, platform::resident_bytes()); })) {
            write_all(peer, ok_head(0));
        }
    });
    auto post = request(server.port(), "POST");
    post.body_file = file(std::string(large, 'u'));
    auto const before = platform::resident_bytes();
    auto const sent = client_.send(post);
    ASSERT_TRUE(sent) << sent.error().detail;
    EXPECT_LT(resident, before + memory_margin);
}

TEST_F(FileBody, ComesInWithoutBeingHeldInMemory) {
    std::atomic<std::uint64_t> resident = 0;
    RawServer server([&](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, ok_head(large));
        std::string const piece(mebi, 'd');
        for (std::size_t sent = 0; sent < large; sent += piece.size()) {
            write_all(peer, piece);
            resident = std::max(resident.load(), platform::resident_bytes());
        }
    });
    auto const before = platform::resident_bytes();
    auto const response = client_.send(download(server.port()));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(response->file_size, static_cast<std::int64_t>(large));
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(fs::file_size(target_), large);
    EXPECT_LT(resident.load(), before + memory_margin);
}

TEST_F(FileBody, ArrivesWholeInChunksAndUpToTheEndOfAConnection) {
    auto const bytes = numbered(700'000);
    RawServer chunked([&](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\naae60\r\n" + bytes + "\r\n0\r\n\r\n");
    });
    ASSERT_TRUE(client_.send(download(chunked.port())));
    EXPECT_TRUE(read(target_) == bytes);
    RawServer ended([&](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, "HTTP/1.1 200 OK\r\n\r\n" + bytes);
    });
    ASSERT_TRUE(client_.send(download(ended.port())));
    EXPECT_TRUE(read(target_) == bytes);
}

TEST_F(FileBody, OfAnErrorOrARedirectStaysInTheResponse) {
    for (char const* status : {"404 Not Found", "302 Found", "500 Oops"}) {
        RawServer server([&](auto& peer, int) {
            static_cast<void>(read_request(peer));
            write_all(peer, std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 5\r\n\r\nwords");
        });
        auto const response = client_.send(download(server.port()));
        ASSERT_TRUE(response) << status;
        EXPECT_EQ(response->body, "words");
        EXPECT_EQ(response->file_size, 0);
        EXPECT_EQ(sink_->begun, 0) << status;
    }
}

TEST_F(FileBody, OfAnErrorIsHeldToTheLimitOfBodies) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, "HTTP/1.1 500 Oops\r\nContent-Length: 2000000\r\n\r\n" + std::string(2'000'000, 'x'));
    });
    EXPECT_EQ(client_.send(download(server.port())).error().code, ErrorCode::too_large);
}

TEST_F(FileBody, IsNotFetchedWhenTheConnectionIsCutInTheMiddle) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, ok_head(large) + std::string(3 * mebi, 'x'));
    });
    auto const cut = client_.send(download(server.port()));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::unavailable);
}

TEST_F(FileBody, AboveItsLimitIsTooLargeAnnouncedOrNot) {
    std::string const head = "HTTP/1.1 200 OK\r\n";
    for (auto const& answer :
         {ok_head(2 * mebi) + std::string(2 * mebi, 'x'), ok_head(101) + std::string(101, 'x'),
          head + "\r\n" + std::string(101, 'x'),
          head + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n"}) {
        RawServer server([&](auto& peer, int) {
            static_cast<void>(read_request(peer));
            write_all(peer, answer);
        });
        auto get = download(server.port());
        get.file_bytes_max = 100;
        auto const refused = client_.send(get);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    }
}

TEST_F(FileBody, OfExactlyItsLimitIsTaken) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, ok_head(100) + std::string(100, 'x'));
    });
    auto get = download(server.port());
    get.file_bytes_max = 100;
    EXPECT_EQ(client_.send(get).value().file_size, 100);
}

TEST_F(FileBody, FromASlowServerEndsAtTheDeadlineOfTheWhole) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, ok_head(100'000));
        for (int i = 0; i < 100'000; ++i) {
            write_all(peer, "x");
            std::this_thread::sleep_for(5ms);  // the pace of the server
        }
    });
    auto get = download(server.port());
    get.deadline = clock_.steady_now() + 300ms;
    EXPECT_EQ(client_.send(get).error().code, ErrorCode::deadline_exceeded);
}

TEST_F(FileBody, ToAServerThatDoesNotReadEndsAtTheDeadline) {
    std::mutex held;
    std::unique_lock hold(held);
    RawServer server([&](auto&, int) { std::lock_guard const wait(held); });
    auto post = request(server.port(), "POST");
    post.body_file = file(std::string(large, 'x'));
    post.deadline = clock_.steady_now() + 300ms;
    auto const late = client_.send(post);
    hold.unlock();
    EXPECT_EQ(late.error().code, ErrorCode::deadline_exceeded);
}

TEST_F(FileBody, ThatCannotBeReadToItsEndIsNoRequest) {
    std::promise<bool> whole;
    RawServer server([&](auto& peer, int) {
        bool arrived = false;
        try {
            arrived = read_large_request(peer, large, [] {});
        } catch (Poco::Net::NetException const&) {
            // The client may leave with a reset as well as with an end; a connection that stays open is neither.
        }
        whole.set_value(arrived);
    });
    auto post = request(server.port(), "POST");
    post.body_file = file(std::string(large, 'u'));
    source_->broken_from = 10 * static_cast<std::int64_t>(mebi);
    auto const broken = client_.send(post);
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, ErrorCode::unavailable);
    EXPECT_THAT(broken.error().detail, HasSubstr("It was changed."));
    auto seen = whole.get_future();
    ASSERT_EQ(seen.wait_for(60s), std::future_status::ready) << "the client left its connection open";
    EXPECT_FALSE(seen.get()) << "the server took it for a whole request";
}

TEST_F(FileBody, ThatTheDiskDoesNotTakeIsInternalForAPostThatWasAnswered) {
    RawServer server([](auto& peer, int) {
        static_cast<void>(read_request(peer));
        write_all(peer, ok_head(2) + "ok");
    });
    auto post = request(server.port(), "POST");
    PlainSink nowhere(folder_ / "no such folder" / "file");
    post.to_file = &nowhere;
    EXPECT_EQ(client_.send(post).error().code, ErrorCode::internal);
    auto get = download(server.port());
    sink_->full = true;
    auto const refused = client_.send(get);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_THAT(refused.error().detail, HasSubstr("disk"));
}

TEST_F(FileBody, StartsOverOnAStaleConnection) {
    std::vector<std::string> seen;
    RawServer server([&](auto& peer, int number) {
        for (auto bytes = read_request(peer); !bytes.empty(); bytes = read_request(peer)) {
            seen.push_back(std::move(bytes));
            if (number == 1 && seen.size() == 2) {
                return;  // the kept connection is cut when the request has arrived
            }
            write_all(peer, ok_head(3) + "new");
        }
    });
    ASSERT_TRUE(client_.send(request(server.port())));
    auto put = request(server.port(), "PUT");
    put.idempotent = true;
    put.body = "<";
    put.body_file = file(numbered(300'000));
    put.body_tail = ">";
    put.to_file = &*sink_;
    auto const response = client_.send(put);
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(server.connections(), 2);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_TRUE(seen[1] == seen[2]);
    EXPECT_EQ(read(target_), "new");
}

TEST_F(FileBody, LeavesTheConnectionReadyForTheNextRequest) {
    std::vector<std::string> seen;
    RawServer server([&](auto& peer, int) {
        for (auto bytes = read_request(peer); !bytes.empty(); bytes = read_request(peer)) {
            seen.push_back(std::move(bytes));
            write_all(peer, ok_head(3) + "new");
        }
    });
    auto put = download(server.port());
    put.method = "PUT";
    put.body_file = file(numbered(300'000));
    ASSERT_TRUE(client_.send(put));
    ASSERT_TRUE(client_.send(put));
    EXPECT_EQ(server.connections(), 1);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_TRUE(seen.front() == seen.back());
}

TEST_F(FileBody, TravelsOverTls) {
    TestAuthority authority;
    auto const issued = authority.issue("DNS:localhost");
    ServerOptions options{.body_bytes_max = 12 * mebi};
    options.tls = Tls{issued.certificate, issued.key};
    Server server(
        std::move(options),
        [](Request const& received) {
            return Response{200, "text/plain", received.body};
        },
        logger_);
    ASSERT_TRUE(server.start());
    Client client({.ca_file = authority.ca_file()}, clock_, logger_);
    auto const bytes = numbered(10 * mebi);
    auto post = request(0, "POST");
    post.url = "https://localhost:" + std::to_string(server.port()) + "/";
    post.body = "<";
    post.body_file = file(bytes);
    post.body_tail = ">";
    post.to_file = &*sink_;
    auto const response = client.send(post);
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(response->file_size, static_cast<std::int64_t>(bytes.size()) + 2);
    EXPECT_TRUE(read(target_) == "<" + bytes + ">");
}

}  // namespace
}  // namespace crosswalk::http
