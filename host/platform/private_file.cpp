#include "platform/private_file.hpp"

#include "platform/durable.hpp"
#include "platform/paths.hpp"

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <fstream>
#include <sddl.h>
#include <windows.h>
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

namespace {

// Full access for the owner alone, nothing inherited from the folder.
HANDLE create_for_owner(std::filesystem::path const& path) {
    SECURITY_ATTRIBUTES attributes{sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
    if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;;FA;;;OW)", SDDL_REVISION_1,
                                                               &attributes.lpSecurityDescriptor, nullptr) == 0) {
        return INVALID_HANDLE_VALUE;
    }
    HANDLE const file =
        ::CreateFileW(path.c_str(), GENERIC_WRITE, 0, &attributes, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
    DWORD const error = ::GetLastError();
    ::LocalFree(attributes.lpSecurityDescriptor);
    ::SetLastError(error);
    return file;
}

}  // namespace

model::Result<void> write_private_file(std::filesystem::path const& path, std::string_view bytes) {
    HANDLE const file = create_for_owner(path);
    if (file == INVALID_HANDLE_VALUE) {
        return ::GetLastError() == ERROR_FILE_EXISTS ? failed(ErrorCode::already_exists, "there is such a file already")
                                                     : failed(ErrorCode::unavailable, "the file cannot be made");
    }
    DWORD written = 0;
    bool const done = ::WriteFile(file, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) != 0 &&
                      written == bytes.size() && ::FlushFileBuffers(file) != 0;
    ::CloseHandle(file);
    if (!done) {
        ::DeleteFileW(path.c_str());
        return failed(ErrorCode::unavailable, "the file cannot be written");
    }
    return {};
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

namespace {

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0;
}

}  // namespace

model::Result<void> write_private_file(std::filesystem::path const& path, std::string_view bytes) {
    Descriptor const file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.number() < 0) {
        return errno == EEXIST ? failed(ErrorCode::already_exists, "there is such a file already")
                               : failed(ErrorCode::unavailable, "the file cannot be made");
    }
    auto const folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    if (!write_all(file.number(), bytes) || !sync_folder(folder)) {
        ::unlink(path.c_str());
        return failed(ErrorCode::unavailable, "the file cannot be written");
    }
    return {};
}

#endif

}  // namespace crosswalk::platform
