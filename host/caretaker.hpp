// What a host does by itself while it runs: forgets what is past its age, and tells the service manager that it lives.
//
// Threads  one, which sleeps between its duties. start and stop from one thread; stop joins.
// Errors   a duty that fails is logged by whoever it belongs to and comes round again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace crosswalk {

class Caretaker {
public:
    struct Duty {
        std::chrono::steady_clock::duration every;
        std::function<void()> act;
    };

    explicit Caretaker(std::vector<Duty> duties);
    Caretaker(Caretaker const&) = delete;
    Caretaker& operator=(Caretaker const&) = delete;
    ~Caretaker();

    void start();
    void stop() noexcept;

private:
    void run();

    std::vector<Duty> const duties_;
    std::mutex mutex_;  // guards stopping_
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace crosswalk
