#include "platform/paths.hpp"

#ifdef _WIN32
#include <string>
#include <windows.h>
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace crosswalk::platform {

#ifdef _WIN32

model::Result<std::filesystem::path> executable_directory() {
    constexpr std::size_t path_length_max = 32 * 1024;
    std::wstring text(path_length_max, L'\0');
    DWORD const length = GetModuleFileNameW(nullptr, text.data(), static_cast<DWORD>(text.size()));
    if (length == 0 || length == text.size()) {
        return model::Error{model::ErrorCode::internal, "the path of the executable cannot be found out"};
    }
    text.resize(length);
    return std::filesystem::path(text).parent_path();
}

bool is_owned_and_private(std::filesystem::path const& path) noexcept {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error);
}

#else

model::Result<std::filesystem::path> executable_directory() {
    std::error_code error;
    std::filesystem::path const path = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) {
        return model::Error{model::ErrorCode::internal,
                            "the path of the executable cannot be read from /proc/self/exe"};
    }
    return path.parent_path();
}

bool is_owned_and_private(std::filesystem::path const& path) noexcept {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_uid == ::geteuid() || status.st_uid == 0) && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

#endif

}  // namespace crosswalk::platform
