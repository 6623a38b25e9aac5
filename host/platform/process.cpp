#include "platform/process.hpp"

#ifdef _WIN32
#include <windows.h>
// Must follow windows.h.
#include <psapi.h>
#include <werapi.h>
#else
#include <algorithm>
#include <cstdio>
#include <memory>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#endif

namespace crosswalk::platform {

#ifdef _WIN32

std::int64_t process_id() noexcept {
    return static_cast<std::int64_t>(GetCurrentProcessId());
}

std::string system_name() {
    return "Windows";
}

std::uint64_t resident_bytes() noexcept {
    PROCESS_MEMORY_COUNTERS counters{};
    counters.cb = sizeof counters;
    return GetProcessMemoryInfo(GetCurrentProcess(), &counters, counters.cb) != 0 ? counters.WorkingSetSize : 0;
}

void restrict_new_files() noexcept {}

void forbid_core_dumps() noexcept {
    SetErrorMode(GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    // What administrators configured to be reported all the same comes without the heap.
    WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP);
}

std::uint64_t raise_open_files_limit(std::uint64_t) noexcept {
    return 0;
}

#else

std::int64_t process_id() noexcept {
    return ::getpid();
}

std::string system_name() {
    utsname name{};
    return ::uname(&name) == 0 ? std::string(name.sysname) + " " + name.release + " " + name.machine : "unknown";
}

void restrict_new_files() noexcept {
    ::umask(S_IRWXG | S_IRWXO);
}

void forbid_core_dumps() noexcept {
    rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    // A core_pattern that is a pipe is fed whatever that limit says; a process that is not dumpable is left alone.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

std::uint64_t resident_bytes() noexcept {
    struct CloseFile {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, CloseFile> const file(std::fopen("/proc/self/statm", "re"));
    unsigned long pages_total = 0;
    unsigned long pages_resident = 0;
    if (file == nullptr || std::fscanf(file.get(), "%lu %lu", &pages_total, &pages_resident) != 2) {
        return 0;
    }
    return static_cast<std::uint64_t>(pages_resident) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t raise_open_files_limit(std::uint64_t wanted) noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    if (limit.rlim_cur < wanted) {
        rlimit raised = limit;
        raised.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            limit = raised;
        }
    }
    return limit.rlim_cur;
}

#endif

}  // namespace crosswalk::platform
