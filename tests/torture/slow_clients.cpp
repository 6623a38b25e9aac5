// L1: a thousand clients send a byte a second each, and come back when they are cut, while webhooks come in.
#include "torture/hooks.hpp"
#include "torture/row.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/StreamSocket.h>

#include <thread>

namespace crosswalk::torture {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int clients = 1000;

class Crowd {
public:
    explicit Crowd(std::uint16_t port) : port_(port), sockets_(clients), thread_([this] { run(); }) {}
    Crowd(Crowd const&) = delete;
    Crowd& operator=(Crowd const&) = delete;
    ~Crowd() { stopping_ = true; }

    [[nodiscard]] bool complete() const { return came_ >= clients; }
    // How often one of them connected.
    [[nodiscard]] std::int64_t came() const { return came_; }

private:
    void run() {
        while (!stopping_) {
            auto const next = Clock::now() + std::chrono::seconds(1);
            for (auto& socket : sockets_) {
                drip(socket);
            }
            std::this_thread::sleep_until(next);
        }
    }
    void drip(Poco::Net::StreamSocket& socket) {
        try {
            if (socket.impl()->initialized()) {
                socket.sendBytes("x", 1);
                return;
            }
        } catch (Poco::Exception const&) {
            // It was cut, so it comes back.
        }
        try {
            socket = Poco::Net::StreamSocket();
            socket.connect(Poco::Net::SocketAddress("127.0.0.1", port_), Poco::Timespan(5, 0));
            static constexpr std::string_view head = "POST /hooks/lever HTTP/1.1\r\nHost: h\r\nX-Slow: ";
            socket.sendBytes(head.data(), static_cast<int>(head.size()));
            ++came_;
        } catch (Poco::Exception const&) {
            socket = Poco::Net::StreamSocket();
        }
    }

    std::uint16_t const port_;
    std::vector<Poco::Net::StreamSocket> sockets_;  // the thread's
    std::atomic<std::int64_t> came_ = 0;
    std::atomic<bool> stopping_ = false;
    std::jthread thread_;
};

}  // namespace

void slow_clients(Order const& order, Report& report) {
    scenarios::World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    Hooks hooks(world);
    auto const began = Clock::now();
    Crowd crowd(hooks.port());
    report.expect(scenarios::eventually([&] { return crowd.complete(); }, std::chrono::seconds(60)),
                  "the thousand slow clients are connected");
    report.figure("s until all were connected", std::chrono::duration<double>(Clock::now() - began).count());
    auto const end = Clock::now() + std::chrono::seconds(order.is_short() ? 12 : 60);
    std::vector<double> took;
    std::int64_t unanswered = 0;
    while (Clock::now() < end) {
        double const ms = hooks.send_one_ms();
        ms < 0 ? ++unanswered : (took.push_back(ms), 0);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    report.expect(took.size() >= 100, "webhooks were sent");
    report.expect(unanswered == 0, std::to_string(unanswered) + " webhooks had no 2xx");
    report.expect(quantile(took, 0.99) < 1000, "webhooks are acknowledged under 1 s at p99");
    report.expect(scenarios::number(world.conservation(), "/difference") == 0, "conservation holds");
    report.figure("slow clients", static_cast<std::int64_t>(clients));
    report.figure("their connections", crowd.came());
    report.figure("webhooks", static_cast<std::int64_t>(took.size()));
    report.figure("ack p50 ms", quantile(took, 0.5));
    report.figure("p99 ms", quantile(took, 0.99));
    report.figure("worst ms", quantile(took, 1));
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
}

}  // namespace crosswalk::torture
