#include "torture/hooks.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <thread>

namespace crosswalk::torture {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int patience_s = 30;

}  // namespace

Hooks::Hooks(scenarios::World const& world) : port_(Poco::URI(world.hook_url()).getPort()), number_(0) {
    std::string const opportunity = world.candidate({{"name", "Many Example"}, {"email", "many@example.com"}});
    std::string const delivery = world.hire(opportunity).at(0);
    auto const shown = world.control("GET", "/lever/deliveries/" + delivery + "?wait_ms=5000").value();
    std::string const body = boost::json::serialize(shown.at("body"));
    std::string const id = scenarios::text(shown, "/body/id");
    std::size_t const at = body.find(id);
    if (id.size() != 36 || at == std::string::npos) {
        throw std::runtime_error("the sandbox's webhook has no id");
    }
    before_id_ = body.substr(0, at + 24);  // all of a UUID but its last twelve digits
    after_id_ = body.substr(at + id.size());
}

std::string Hooks::next_body() {
    char digits[13];
    // Spread, because ids that rise would be easier for the store than a vendor's are.
    std::snprintf(digits, sizeof digits, "%012llx",
                  static_cast<unsigned long long>(++number_ * 0x9E3779B97F4A7C15ULL >> 16));
    return before_id_ + digits + after_id_;
}

bool Hooks::post(Poco::Net::HTTPClientSession& session) {
    std::string const body = next_body();
    Poco::Net::HTTPRequest request("POST", "/hooks/lever", Poco::Net::HTTPMessage::HTTP_1_1);
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    Poco::NullOutputStream nowhere;
    Poco::StreamCopier::copyStream(session.receiveResponse(response), nowhere);
    return response.getStatus() == 200;
}

std::int64_t Hooks::send_many(std::int64_t count, int senders) {
    std::atomic<std::int64_t> left = count;
    std::atomic<std::int64_t> taken = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < senders; ++i) {
        threads.emplace_back([&] {
            auto session = std::make_unique<Poco::Net::HTTPClientSession>("127.0.0.1", port_);
            session->setKeepAlive(true);
            while (left.fetch_sub(1) > 0) {
                try {
                    taken += post(*session) ? 1 : 0;
                } catch (Poco::Exception const&) {
                    session->reset();
                }
            }
        });
    }
    threads.clear();
    return taken;
}

double Hooks::send_one_ms() {
    auto const began = Clock::now();
    try {
        Poco::Net::HTTPClientSession session("127.0.0.1", port_);
        session.setTimeout(Poco::Timespan(patience_s, 0));
        if (!post(session)) {
            return -1;
        }
    } catch (Poco::Exception const&) {
        return -1;
    }
    return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) {
        return 0;
    }
    std::ranges::sort(values);
    auto const at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    return values[at];
}

std::pair<double, double> median_bounds(std::vector<double> values) {
    std::ranges::sort(values);
    double const count = static_cast<double>(values.size());
    std::size_t outside = 0;
    double chance = 0;
    for (double of_this = std::pow(0.5, count); chance + of_this < 0.01; ++outside) {
        chance += of_this;
        of_this *= (count - static_cast<double>(outside)) / static_cast<double>(outside + 1);
    }
    if (outside == 0) {
        return {0, std::numeric_limits<double>::infinity()};
    }
    return {values[outside - 1], values[values.size() - outside]};
}

}  // namespace crosswalk::torture
