#include "platform/durable.hpp"

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace crosswalk::platform {
namespace {

model::Error not_written() {
    return {model::ErrorCode::unavailable, "The disk did not confirm a file."};
}

}  // namespace

#ifdef _WIN32

model::Result<void> sync_file(std::filesystem::path const& path) {
    HANDLE const file = ::CreateFileW(path.c_str(), GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                      OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        return not_written();
    }
    bool const done = ::FlushFileBuffers(file) != 0;
    ::CloseHandle(file);
    return done ? model::Result<void>() : model::Result<void>(not_written());
}

model::Result<void> sync_folder(std::filesystem::path const&) {
    return {};
}

#else

namespace {

model::Result<void> sync(std::filesystem::path const& path, int flags) {
    int const file = ::open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0) {
        return not_written();
    }
    bool const done = ::fsync(file) == 0;
    ::close(file);
    return done ? model::Result<void>() : model::Result<void>(not_written());
}

}  // namespace

model::Result<void> sync_file(std::filesystem::path const& path) {
    return sync(path, O_RDONLY);
}

model::Result<void> sync_folder(std::filesystem::path const& path) {
    return sync(path, O_RDONLY | O_DIRECTORY);
}

#endif

}  // namespace crosswalk::platform
