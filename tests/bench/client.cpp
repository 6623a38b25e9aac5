// A client that wrk cannot be: it sends at moments fixed beforehand, however late the answers are, so that a stall is
// seen by every request that fell into it; and it holds connections that do nothing.
//
// crosswalk-bench-client pace <port> <requests per second> <seconds> <connections> <hires> <request bytes> <leave out>
//                             [<file>]
//     prints {"sent":N,"acknowledged":N,"refused":N,"failed":N,"p50_us":N,"p99_us":N,"p999_us":N}; latency counts from
//     the moment at which a request was due. The file gets a line for each acknowledged hire: its id, and when it was
//     due (microseconds since 1970). 0 requests per second: as fast as the connections go.
// crosswalk-bench-client hold <port> <connections>
//     prints {"held":N} once each has had one answer, and keeps them until its standard input ends.
#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <fstream>
#include <iostream>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t uuid_chars = 36;

Poco::Net::StreamSocket connect(unsigned short port) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
    socket.setNoDelay(true);
    socket.setReceiveTimeout(Poco::Timespan(60, 0));
    return socket;
}

// Sends the bytes and reads one answer with a Content-Length; its status, or 0 when the connection ended.
int exchange(Poco::Net::StreamSocket& socket, std::string const& request) {
    try {
        socket.sendBytes(request.data(), static_cast<int>(request.size()));
        std::string answer;
        char part[4096];
        std::size_t whole = std::string::npos;
        while (answer.size() < whole) {
            int const got = socket.receiveBytes(part, sizeof part);
            if (got <= 0) {
                return 0;
            }
            answer.append(part, static_cast<std::size_t>(got));
            std::size_t const head = answer.find("\r\n\r\n");
            if (whole == std::string::npos && head != std::string::npos) {
                std::string lower = answer.substr(0, head);
                std::transform(lower.begin(), lower.end(), lower.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
                std::size_t const length = lower.find("content-length:");
                whole = head + 4 + (length == std::string::npos ? 0 : std::stoul(lower.substr(length + 15)));
            }
        }
        return std::stoi(answer.substr(9, 3));
    } catch (Poco::Exception const&) {
        return 0;
    }
}

struct Pace {
    unsigned short port = 0;
    double per_second = 0;
    double seconds = 0;
    std::size_t connections = 0;
    std::vector<std::string> requests = {};
};

struct Seen {
    std::vector<double> took_us = {};
    std::vector<std::pair<std::string, Clock::time_point>> acknowledged = {};  // id, due
    std::size_t refused = 0;
    std::size_t failed = 0;
};

std::string id_of(std::string const& request) {
    std::size_t const at = request.find("\"opportunityId\":\"");
    return at == std::string::npos ? std::string() : request.substr(at + 17, uuid_chars);
}

void send_paced(Pace const& pace, Clock::time_point start, std::atomic<std::size_t>& next, Seen& seen) {
    auto socket = connect(pace.port);
    auto const end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(pace.seconds));
    while (true) {
        std::size_t const i = next++;
        auto const due = pace.per_second > 0
                             ? start + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(static_cast<double>(i) / pace.per_second))
                             : Clock::now();
        if (due >= end || i >= pace.requests.size()) {
            return;
        }
        std::this_thread::sleep_until(due);
        int const status = exchange(socket, pace.requests[i]);
        seen.took_us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - due).count());
        if (status == 0) {
            ++seen.failed;
            try {
                socket = connect(pace.port);
            } catch (Poco::Exception const&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        } else if (status / 100 == 2) {
            seen.acknowledged.emplace_back(id_of(pace.requests[i]), due);
        } else {
            ++seen.refused;
        }
    }
}

long quantile(std::vector<double> const& sorted, double part) {
    return sorted.empty()
               ? 0
               : static_cast<long>(sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * part)]);
}

int run_paced(Pace const& pace, char const* ids) {
    std::atomic<std::size_t> next{0};
    std::vector<Seen> each(pace.connections);
    std::vector<std::thread> threads;
    auto const start = Clock::now() + std::chrono::milliseconds(50);
    for (Seen& seen : each) {
        threads.emplace_back([&] { send_paced(pace, start, next, seen); });
    }
    Seen all;
    for (std::size_t i = 0; i < each.size(); ++i) {
        threads[i].join();
        all.took_us.insert(all.took_us.end(), each[i].took_us.begin(), each[i].took_us.end());
        all.acknowledged.insert(all.acknowledged.end(), each[i].acknowledged.begin(), each[i].acknowledged.end());
        all.refused += each[i].refused;
        all.failed += each[i].failed;
    }
    std::sort(all.took_us.begin(), all.took_us.end());
    if (ids != nullptr) {
        std::ofstream out(ids);
        auto const wall = std::chrono::system_clock::now();
        auto const now = Clock::now();
        for (auto const& [id, due] : all.acknowledged) {
            auto const at = wall.time_since_epoch() - (now - due);
            out << id << ' ' << std::chrono::duration_cast<std::chrono::microseconds>(at).count() << '\n';
        }
    }
    std::cout << "{\"sent\":" << all.took_us.size() << ",\"acknowledged\":" << all.acknowledged.size()
              << ",\"refused\":" << all.refused << ",\"failed\":" << all.failed
              << ",\"p50_us\":" << quantile(all.took_us, 0.5) << ",\"p99_us\":" << quantile(all.took_us, 0.99)
              << ",\"p999_us\":" << quantile(all.took_us, 0.999) << "}\n";
    return 0;
}

int run_held(unsigned short port, std::size_t count) {
    std::string const request = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    std::list<Poco::Net::StreamSocket> sockets;
    for (std::size_t i = 0; i < count; ++i) {
        sockets.push_back(connect(port));
        if (exchange(sockets.back(), request) == 0) {
            sockets.pop_back();
        }
    }
    std::cout << "{\"held\":" << sockets.size() << '}' << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
    return 0;
}

std::vector<std::string> read_requests(char const* path, std::size_t bytes, std::size_t leave_out, std::size_t most) {
    std::ifstream in(path, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(bytes * leave_out));
    std::vector<std::string> requests;
    std::string request(bytes, '\0');
    while (requests.size() < most && in.read(request.data(), static_cast<std::streamsize>(bytes))) {
        requests.push_back(request);
    }
    return requests;
}

}  // namespace

int main(int argc, char** argv) {
    std::string const what = argc > 1 ? argv[1] : "";
    try {
        if (what == "hold" && argc == 4) {
            return run_held(static_cast<unsigned short>(std::stoi(argv[2])), std::stoul(argv[3]));
        }
        if (what == "pace" && (argc == 9 || argc == 10)) {
            Pace pace{static_cast<unsigned short>(std::stoi(argv[2])), std::stod(argv[3]), std::stod(argv[4]),
                      std::stoul(argv[5])};
            auto const most =
                pace.per_second > 0 ? static_cast<std::size_t>(pace.per_second * pace.seconds) : 1'000'000;
            pace.requests = read_requests(argv[6], std::stoul(argv[7]), std::stoul(argv[8]), most);
            return run_paced(pace, argc == 10 ? argv[9] : nullptr);
        }
    } catch (std::exception const& error) {
        std::cerr << "crosswalk-bench-client: " << error.what() << '\n';
        return 70;
    }
    std::cerr
        << "usage: crosswalk-bench-client pace <port> <per second> <seconds> <connections> <hires> <request bytes> "
           "<leave out> [<ids>]\n       crosswalk-bench-client hold <port> <connections>\n";
    return 64;
}
