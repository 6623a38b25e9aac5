// A disk with a cache, as the system has one: what was written can be read at once, and is safe only after a sync.
//
// Shape    SQLite's own file layer, with a second image of each file that holds what is really on the platter. A sync
//          that fails forgets like Linux does: the pages count as clean afterwards although they were never stored, so
//          that the next sync succeeds and stores nothing of them.
// Story    die(): from here on nothing reaches the files, as after SIGKILL. When the store is gone, either
//          start_again() (the cache survived) or lose_power() (only the platter did), then open it again.
// Threads  safe from any thread; installing it makes it the default for connections opened afterwards.
#pragma once

#include <string_view>

namespace crosswalk::store {

class ForgetfulDisk {
public:
    ForgetfulDisk();
    ForgetfulDisk(ForgetfulDisk const&) = delete;
    ForgetfulDisk& operator=(ForgetfulDisk const&) = delete;
    ~ForgetfulDisk();

    // The next sync of each file whose name ends so fails, and forgets.
    void fail_next_sync(std::string_view name_end);
    // The system tried to store in the background what is in its cache and failed: forgotten, and told at the next
    // sync.
    void forget_now(std::string_view name_end);
    // How often a sync of such a file failed.
    [[nodiscard]] int failures(std::string_view name_end) const;

    void die();
    void start_again();
    void lose_power();
};

}  // namespace crosswalk::store
