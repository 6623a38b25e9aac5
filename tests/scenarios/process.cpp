#include "scenarios/process.hpp"

#include <Poco/Exception.h>

#include <array>

namespace crosswalk::scenarios {

void Process::Stream::join() {
    if (reader_.joinable()) {
        reader_.join();
    }
}

std::string Process::Stream::text() const {
    std::lock_guard const lock(mutex_);
    return text_;
}

void Process::Stream::read() {
    std::array<char, 4096> buffer{};
    try {
        while (int const got = pipe_.readBytes(buffer.data(), static_cast<int>(buffer.size()))) {
            std::lock_guard const lock(mutex_);
            text_.append(buffer.data(), static_cast<std::size_t>(got));
        }
    } catch (Poco::Exception const&) {
        // The pipe broke with the process; what was said before stands.
    }
}

Process::Process(std::string const& program, std::vector<std::string> const& arguments, Environment const& environment)
    : handle_(Poco::Process::launch(program, arguments, &in_pipe_, &out_pipe_, &err_pipe_, environment)),
      output_(out_pipe_),
      errors_(err_pipe_) {}

Process::~Process() {
    kill();
    wait();
}

void Process::kill() noexcept {
    if (status_) {
        return;
    }
    try {
        if (int const status = handle_.tryWait(); status != -1) {
            status_ = status;
            return;
        }
        Poco::Process::kill(handle_.id());
    } catch (Poco::Exception const&) {
        // It ended a moment ago.
    }
}

// Poco knows two signals only, and its request to end is SIGINT where service managers send SIGTERM.
void Process::signal(char const* name) const {
    Process("kill", {name, std::to_string(handle_.id())}).wait();
}

void Process::terminate() const {
    signal("-TERM");
}

void Process::pause() const {
    signal("-STOP");
}

void Process::resume() const {
    signal("-CONT");
}

int Process::wait() {
    if (!status_) {
        status_ = handle_.wait();
    }
    output_.join();
    errors_.join();
    return *status_;
}

std::optional<int> Process::wait_for(std::chrono::milliseconds patience) {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!status_) {
        if (int const status = handle_.tryWait(); status != -1) {
            status_ = status;
        } else if (std::chrono::steady_clock::now() >= end) {
            return std::nullopt;
        } else {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    return wait();
}

}  // namespace crosswalk::scenarios
