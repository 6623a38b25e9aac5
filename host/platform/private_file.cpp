#include "platform/private_file.hpp"

#include "platform/paths.hpp"

#ifdef _WIN32
#include <fstream>
#else
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace crosswalk::platform {
namespace {

using model::Error;
using model::ErrorCode;

Error failed(ErrorCode code, char const* detail) {
    return Error{code, detail};
}

}  // namespace

#ifdef _WIN32

model::Result<std::string> read_private_file(std::filesystem::path const& path, std::size_t bytes_max, Access access) {
    if (!std::filesystem::exists(path)) {
        return failed(ErrorCode::not_found, "there is no such file");
    }
    if (access == Access::owner_only && !is_owned_and_private(path)) {
        return failed(ErrorCode::permission_denied, "it is not a regular file");
    }
    std::ifstream stream(path, std::ios::binary);
    std::string bytes(bytes_max + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    if (!stream.eof() || bytes.size() > bytes_max) {
        return failed(ErrorCode::too_large, "the file is too large or cannot be read");
    }
    return bytes;
}

#else

namespace {

// Closes what it was given.
class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int const number_;
};

Error open_failure(int error) {
    if (error == ENOENT || error == ENOTDIR) {
        return failed(ErrorCode::not_found, "there is no such file");
    }
    if (error == EACCES || error == EPERM) {
        return failed(ErrorCode::permission_denied, "we may not read the file; chown it to the user we run as");
    }
    return failed(ErrorCode::unavailable, "the file cannot be opened");
}

model::Result<void> check_access(struct stat const& status, Access access) {
    if (!S_ISREG(status.st_mode)) {
        return failed(ErrorCode::permission_denied, "it is not a regular file");
    }
    if (access == Access::any) {
        return {};
    }
    if (status.st_uid != ::geteuid() && status.st_uid != 0) {
        return failed(ErrorCode::permission_denied, "the file belongs to another user; chown it to the user we run as");
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return failed(ErrorCode::permission_denied, "group or others may open the file; chmod 600 it");
    }
    return {};
}

}  // namespace

model::Result<std::string> read_private_file(std::filesystem::path const& path, std::size_t bytes_max, Access access) {
    // Without O_NONBLOCK a named pipe at the path would hold us until somebody writes to it.
    Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number() < 0) {
        return open_failure(errno);
    }
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) {
        return failed(ErrorCode::unavailable, "the file cannot be examined");
    }
    if (auto const allowed = check_access(status, access); !allowed) {
        return allowed.error();
    }
    // One allocation that never grows, so that no copy of the bytes is left behind in freed memory.
    std::string bytes(bytes_max + 1, '\0');
    std::size_t length = 0;
    while (length < bytes.size()) {
        auto const count = ::read(file.number(), bytes.data() + length, bytes.size() - length);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return failed(ErrorCode::unavailable, "the file cannot be read");
        }
        if (count == 0) {
            break;
        }
        length += static_cast<std::size_t>(count);
    }
    if (length > bytes_max) {
        return failed(ErrorCode::too_large, "the file is larger than a secret may be (64 KiB)");
    }
    bytes.resize(length);
    return bytes;
}

#endif

}  // namespace crosswalk::platform
