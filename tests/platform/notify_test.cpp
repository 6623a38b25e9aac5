#include "platform/notify.hpp"

#include "temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace crosswalk::platform {
namespace {

// What systemd listens with; a name that begins with '@' is abstract.
class NoticeSocket {
public:
    explicit NoticeSocket(std::string const& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name.front() == '@') {
            address.sun_path[0] = '\0';
        }
        auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        bound_ = ::bind(socket_, reinterpret_cast<sockaddr const*>(&address), size) == 0;
    }
    NoticeSocket(NoticeSocket const&) = delete;
    NoticeSocket& operator=(NoticeSocket const&) = delete;
    ~NoticeSocket() { ::close(socket_); }

    [[nodiscard]] bool bound() const noexcept { return bound_; }
    // The notice that came, without waiting.
    [[nodiscard]] std::string notice() const {
        std::array<char, 64> bytes{};
        auto const count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        return count < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(count));
    }

private:
    int const socket_;
    bool bound_ = false;
};

TEST(Notify, TellsTheServiceManager) {
    TemporaryFolder const folder;
    std::string const path = (folder.path() / "notify").string();
    NoticeSocket const manager(path);
    ASSERT_TRUE(manager.bound());
    Variable const variable("NOTIFY_SOCKET", path);
    EXPECT_TRUE(notify_ready());
    EXPECT_EQ(manager.notice(), "READY=1");
    EXPECT_TRUE(notify_watchdog());
    EXPECT_EQ(manager.notice(), "WATCHDOG=1");
    EXPECT_TRUE(notify_stopping());
    EXPECT_EQ(manager.notice(), "STOPPING=1");
}

TEST(Notify, KnowsAbstractNames) {
    std::string const name = "@crosswalk-notify-test-" + std::to_string(::getpid());
    NoticeSocket const manager(name);
    ASSERT_TRUE(manager.bound());
    Variable const variable("NOTIFY_SOCKET", name);
    EXPECT_TRUE(notify_ready());
    EXPECT_EQ(manager.notice(), "READY=1");
}

TEST(Notify, IsSilentWithoutAServiceManager) {
    EXPECT_FALSE(notify_ready());
}

TEST(Notify, LosesNoticesThatNobodyTakes) {
    Variable const variable("NOTIFY_SOCKET", "/nowhere/at/all");
    EXPECT_FALSE(notify_ready());
}

TEST(Notify, RefusesNamesThatAreNone) {
    for (std::string const& name : {std::string("relative"), std::string("@"), std::string(200, '/')}) {
        Variable const variable("NOTIFY_SOCKET", name);
        EXPECT_FALSE(notify_ready()) << name;
    }
}

TEST(Watchdog, WaitsAsLongAsTheServiceManagerSays) {
    EXPECT_FALSE(watchdog_interval());
    Variable const variable("WATCHDOG_USEC", "30000000");
    EXPECT_EQ(watchdog_interval(), std::chrono::seconds(30));
}

TEST(Watchdog, IsOffWhenTheTimeIsNone) {
    for (std::string const text : {"", "0", "-5", "30s", "99999999999999999999"}) {
        Variable const variable("WATCHDOG_USEC", text);
        EXPECT_FALSE(watchdog_interval()) << text;
    }
}

}  // namespace
}  // namespace crosswalk::platform
