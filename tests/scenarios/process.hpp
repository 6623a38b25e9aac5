// A program that a scenario starts, with everything that it prints.
//
// Shape    runs from construction until it ends by itself, is killed, or the object goes: nothing outlives a test.
// Errors   the constructor throws when there is no such program.
// Threads  one reader per stream; output() and errors() are safe from any thread, the rest from one.
#pragma once

#include <Poco/Pipe.h>
#include <Poco/Process.h>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::scenarios {

class Process {
public:
    using Environment = std::map<std::string, std::string>;

    // `environment` is added to this process's own.
    Process(std::string const& program, std::vector<std::string> const& arguments, Environment const& environment = {});
    Process(Process const&) = delete;
    Process& operator=(Process const&) = delete;
    ~Process();

    // SIGKILL: no destructor, no flush.
    void kill() noexcept;
    // SIGTERM, as a service manager sends it.
    void terminate() const;
    // SIGSTOP and SIGCONT: as a machine that stands still for a while.
    void pause() const;
    void resume() const;
    // The exit status once it has ended; 256 and the signal's number when one ended it.
    int wait();
    // The same if it ends within that time.
    [[nodiscard]] std::optional<int> wait_for(std::chrono::milliseconds patience);

    [[nodiscard]] int id() const noexcept { return static_cast<int>(handle_.id()); }
    [[nodiscard]] std::string output() const { return output_.text(); }
    [[nodiscard]] std::string errors() const { return errors_.text(); }

private:
    class Stream {
    public:
        explicit Stream(Poco::Pipe pipe) : pipe_(pipe), reader_([this] { read(); }) {}
        Stream(Stream const&) = delete;
        Stream& operator=(Stream const&) = delete;
        ~Stream() { join(); }
        // After the process has ended: its last words are in text().
        void join();
        [[nodiscard]] std::string text() const;

    private:
        void read();

        Poco::Pipe pipe_;
        mutable std::mutex mutex_;
        std::string text_;  // guarded by mutex_
        std::thread reader_;
    };

    void signal(char const* name) const;

    Poco::Pipe in_pipe_;  // open as long as the test lives
    Poco::Pipe out_pipe_;
    Poco::Pipe err_pipe_;
    Poco::ProcessHandle handle_;
    std::optional<int> status_;
    Stream output_;
    Stream errors_;
};

}  // namespace crosswalk::scenarios
