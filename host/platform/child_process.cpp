#include "platform/child_process.hpp"

#include "platform/process.hpp"

#ifndef _WIN32
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>
#else
#include <cstdlib>
#endif

namespace crosswalk::platform {

#ifdef _WIN32

namespace {

model::Error no_workers() {
    return model::Error{model::ErrorCode::unsupported,
                        "Worker processes are not available on Windows yet; use isolation: in-process."};
}

}  // namespace

Channel::~Channel() = default;
model::Result<std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>> Channel::pair() {
    return no_workers();
}
bool Channel::send(std::string_view, std::chrono::steady_clock::time_point) noexcept {
    return false;
}
bool Channel::send(std::string_view, Channel const&, std::chrono::steady_clock::time_point) noexcept {
    return false;
}
bool Channel::receive(char*, std::size_t) noexcept {
    return false;
}
bool Channel::receive(char*, std::size_t, std::unique_ptr<Channel>&) noexcept {
    return false;
}
std::optional<std::size_t> Channel::receive_some(char*, std::size_t, std::chrono::steady_clock::time_point) noexcept {
    return 0;
}
void Channel::shut_down() noexcept {}

model::Result<std::unique_ptr<ChildProcess>> ChildProcess::start(std::filesystem::path const&) {
    return no_workers();
}
ChildProcess::~ChildProcess() = default;
void ChildProcess::kill() noexcept {}
std::string ChildProcess::end(std::chrono::milliseconds) {
    return {};
}
bool ChildProcess::reap(bool) noexcept {
    return true;
}
std::unique_ptr<Channel> inherited_channel() {
    return std::make_unique<Channel>(-1);
}
void confine_child() noexcept {}

#else

namespace {

constexpr int child_descriptor = 3;
// The child's own descriptors must not be in the way while they are put into place.
constexpr int clear_of_standard = 10;
// How long one wait for bytes lasts at most. A wait with more time than this needs one system call and not two.
constexpr std::chrono::milliseconds wait_max{250};

model::Error failed(std::string const& what, int number) {
    return model::Error{model::ErrorCode::unavailable,
                        what + ": " + std::error_code(number, std::generic_category()).message()};
}

// Settings and secrets may be in our environment; a child gets only what a loader and a C library need.
std::vector<std::string> small_environment() {
    std::vector<std::string> out;
    for (char const* name : {"LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"}) {
        if (char const* value = std::getenv(name); value != nullptr) {
            out.push_back(std::string(name) + "=" + value);
        }
    }
    return out;
}

// What posix_spawn wants, freed whatever happens.
struct Plan {
    Plan() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    Plan(Plan const&) = delete;
    Plan& operator=(Plan const&) = delete;
    ~Plan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    [[nodiscard]] int fill(int descriptor) {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        int wrong = 0;
        // The host blocks SIGTERM and ignores SIGPIPE for itself only.
        wrong |= posix_spawnattr_setsigmask(&attributes, &none);
        wrong |= posix_spawnattr_setsigdefault(&attributes, &all);
        wrong |=
            posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
        wrong |= posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        wrong |= posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        wrong |= posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        wrong |= posix_spawn_file_actions_adddup2(&actions, descriptor, child_descriptor);
        // Also what some library opened without close-on-exec: sockets of other people's connections.
        wrong |= posix_spawn_file_actions_addclosefrom_np(&actions, child_descriptor + 1);
        return wrong;
    }
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

int milliseconds_until(std::chrono::steady_clock::time_point until) noexcept {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 24LL * 3600 * 1000));
}

// After a send that took nothing: false when the channel ended or the time is up.
bool may_go_on(ssize_t sent, int descriptor, std::chrono::steady_clock::time_point until) noexcept {
    if (sent < 0 && errno == EINTR) {
        return true;
    }
    if (sent == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
        return false;
    }
    pollfd entry{descriptor, POLLOUT, 0};
    int const ready = ::poll(&entry, 1, milliseconds_until(until));
    return ready > 0 || (ready < 0 && errno == EINTR);
}

}  // namespace

Channel::~Channel() {
    ::close(descriptor_);
}

model::Result<std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>> Channel::pair() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failed("A channel to a worker process could not be made", errno);
    }
    return std::pair(std::make_unique<Channel>(ends[0]), std::make_unique<Channel>(ends[1]));
}

bool Channel::send(std::string_view bytes, std::chrono::steady_clock::time_point until) noexcept {
    while (!bytes.empty()) {
        ssize_t const sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (!may_go_on(sent, descriptor_, until)) {
            return false;
        }
    }
    return true;
}

bool Channel::send(std::string_view bytes, Channel const& passed,
                   std::chrono::steady_clock::time_point until) noexcept {
    iovec first{const_cast<char*>(bytes.data()), 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
    msghdr message{};
    message.msg_iov = &first;
    message.msg_iovlen = 1;
    message.msg_control = room.data();
    message.msg_controllen = room.size();
    cmsghdr* const extra = CMSG_FIRSTHDR(&message);
    extra->cmsg_level = SOL_SOCKET;
    extra->cmsg_type = SCM_RIGHTS;
    extra->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(extra), &passed.descriptor_, sizeof(int));
    ssize_t sent = 0;
    while ((sent = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT)) != 1) {
        if (!may_go_on(sent, descriptor_, until)) {
            return false;
        }
    }
    return send(bytes.substr(1), until);
}

bool Channel::receive(char* to, std::size_t size) noexcept {
    while (size != 0) {
        ssize_t const got = ::recv(descriptor_, to, size, 0);
        if (got > 0) {
            to += got;
            size -= static_cast<std::size_t>(got);
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            return false;
        }
    }
    return true;
}

bool Channel::receive(char* to, std::size_t size, std::unique_ptr<Channel>& passed) noexcept {
    while (size != 0) {
        iovec rest{to, size};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
        msghdr message{};
        message.msg_iov = &rest;
        message.msg_iovlen = 1;
        message.msg_control = room.data();
        message.msg_controllen = room.size();
        ssize_t const got = ::recvmsg(descriptor_, &message, MSG_CMSG_CLOEXEC);
        if (got > 0) {
            cmsghdr const* const extra = CMSG_FIRSTHDR(&message);
            if (extra != nullptr && extra->cmsg_level == SOL_SOCKET && extra->cmsg_type == SCM_RIGHTS) {
                int descriptor = -1;
                std::memcpy(&descriptor, CMSG_DATA(extra), sizeof descriptor);
                passed = std::make_unique<Channel>(descriptor);
            }
            to += got;
            size -= static_cast<std::size_t>(got);
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            return false;
        }
    }
    return true;
}

std::optional<std::size_t> Channel::receive_some(char* to, std::size_t size,
                                                 std::chrono::steady_clock::time_point until) noexcept {
    while (true) {
        bool const soon = until - std::chrono::steady_clock::now() < wait_max;
        if (!soon && !timed_ && until != std::chrono::steady_clock::time_point::max()) {
            timeval const most{0, std::chrono::microseconds(wait_max).count()};
            ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
            timed_ = true;
        }
        if (soon) {
            pollfd entry{descriptor_, POLLIN, 0};
            if (::poll(&entry, 1, milliseconds_until(until)) == 0) {
                return std::nullopt;
            }
        }
        ssize_t const got = ::recv(descriptor_, to, size, soon ? MSG_DONTWAIT : 0);
        if (got >= 0) {
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR && errno != EAGAIN) {
            return 0;
        }
    }
}

void Channel::shut_down() noexcept {
    ::shutdown(descriptor_, SHUT_RDWR);
}

model::Result<std::unique_ptr<ChildProcess>> ChildProcess::start(std::filesystem::path const& executable) {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failed("A channel to a worker process could not be made", errno);
    }
    int const theirs = ::fcntl(ends[1], F_DUPFD_CLOEXEC, clear_of_standard);
    int const wrong = theirs < 0 ? errno : 0;
    ::close(ends[1]);
    if (theirs < 0) {
        ::close(ends[0]);
        return failed("A channel to a worker process could not be made", wrong);
    }
    Plan plan;
    std::vector<std::string> environment = small_environment();
    std::vector<char*> variables;
    for (std::string& variable : environment) {
        variables.push_back(variable.data());
    }
    variables.push_back(nullptr);
    std::string path = executable.string();
    char* arguments[] = {path.data(), nullptr};
    pid_t id = 0;
    int status = plan.fill(theirs);
    if (status == 0) {
        status = ::posix_spawn(&id, path.c_str(), &plan.actions, &plan.attributes, arguments, variables.data());
    }
    ::close(theirs);
    if (status != 0) {
        ::close(ends[0]);
        return failed("The worker program \"" + path + "\" could not be started", status);
    }
    return std::make_unique<ChildProcess>(id, ends[0]);
}

ChildProcess::~ChildProcess() {
    kill();
    std::lock_guard const lock(mutex_);
    (void)reap(true);
}

void ChildProcess::kill() noexcept {
    std::lock_guard const lock(mutex_);
    if (!reaped_) {
        ::kill(static_cast<pid_t>(id_), SIGKILL);
    }
}

// Call with mutex_ held.
bool ChildProcess::reap(bool wait) noexcept {
    while (!reaped_) {
        pid_t const got = ::waitpid(static_cast<pid_t>(id_), &status_, wait ? 0 : WNOHANG);
        if (got == 0) {
            return false;
        }
        reaped_ = got > 0 || errno != EINTR;
    }
    return true;
}

std::string ChildProcess::end(std::chrono::milliseconds patience) {
    // waitpid takes no timeout; looking every few milliseconds is enough for something that happens once.
    constexpr std::chrono::milliseconds pause{5};
    for (auto waited = std::chrono::milliseconds(0); waited < patience; waited += pause) {
        {
            std::lock_guard const lock(mutex_);
            if (reap(false)) {
                break;
            }
        }
        std::this_thread::sleep_for(pause);
    }
    kill();
    std::lock_guard const lock(mutex_);
    (void)reap(true);
    return WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_))
                                : "exit status " + std::to_string(WEXITSTATUS(status_));
}

std::unique_ptr<Channel> inherited_channel() {
    return std::make_unique<Channel>(child_descriptor);
}

void confine_child() noexcept {
    pid_t const parent = ::getppid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // The parent may have ended before the line above; then nobody would tell us.
    if (::getppid() != parent) {
        end_now(EXIT_FAILURE);
    }
    // Service managers and terminals signal the whole group; the host decides when its workers go.
    for (int const number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) {
        static_cast<void>(std::signal(number, SIG_IGN));
    }
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    forbid_core_dumps();
}

#endif

void end_now(int status) noexcept {
    std::_Exit(status);
}

}  // namespace crosswalk::platform
