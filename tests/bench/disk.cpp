// What the disk under a folder does: appends of 4 KiB, each flushed as SQLite flushes its log (fdatasync on Linux).
//
// crosswalk-bench-disk <folder>    prints {"p50_us":N,"p99_us":N}. SQLite's own file layer is used, so that this
// measures the very calls that a commit waits for.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr int page_bytes = 4096;
constexpr std::size_t flushes = 2000;

std::vector<double> append_and_flush(sqlite3_file& file) {
    std::vector<char> const page(page_bytes, 'x');
    std::vector<double> took_us;
    for (std::size_t i = 0; i < flushes; ++i) {
        auto const begin = std::chrono::steady_clock::now();
        if (file.pMethods->xWrite(&file, page.data(), page_bytes, static_cast<sqlite3_int64>(i) * page_bytes) !=
                SQLITE_OK ||
            file.pMethods->xSync(&file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) != SQLITE_OK) {
            return {};
        }
        took_us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
    }
    std::sort(took_us.begin(), took_us.end());
    return took_us;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || sqlite3_initialize() != SQLITE_OK) {
        std::cerr << "usage: crosswalk-bench-disk <folder>\n";
        return 64;
    }
    sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
    // SQLite keeps a pointer to the name and wants a second zero at its end.
    std::string const path = (std::filesystem::absolute(argv[1]) / "appended").string() + '\0';
    std::vector<char> memory(static_cast<std::size_t>(vfs->szOsFile));
    auto& file = *reinterpret_cast<sqlite3_file*>(memory.data());
    int const how = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
    if (vfs->xOpen(vfs, path.c_str(), &file, how, nullptr) != SQLITE_OK) {
        std::cerr << "crosswalk-bench-disk: cannot create a file in " << argv[1] << '\n';
        return 70;
    }
    auto const took_us = append_and_flush(file);
    file.pMethods->xClose(&file);
    std::filesystem::remove(path.c_str());
    if (took_us.empty()) {
        std::cerr << "crosswalk-bench-disk: the disk refuses to write\n";
        return 70;
    }
    std::cout << "{\"p50_us\":" << static_cast<long>(took_us[flushes / 2])
              << ",\"p99_us\":" << static_cast<long>(took_us[flushes * 99 / 100]) << "}\n";
    return 0;
}
