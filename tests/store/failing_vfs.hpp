// A disk that fails when told to: SQLite's own file layer with its writes and syncs in our hands.
//
// Installing it makes it the default for connections opened afterwards. Threads  safe from any thread.
#pragma once

#include <cstdint>

namespace crosswalk::store {

class FailingDisk {
public:
    FailingDisk();
    FailingDisk(FailingDisk const&) = delete;
    FailingDisk& operator=(FailingDisk const&) = delete;
    ~FailingDisk();

    // After `calls` more writes and syncs every further one fails with `status`, a SQLite result code. The write that
    // fails first still puts half of its bytes on the disk, as a power cut may.
    void fail_after(int calls, int status);
    // As fail_after, but only that one call fails, as a disk may that lost what it was given and goes on.
    void fail_once_after(int calls, int status);
    // After `files` more were opened every further one is refused.
    void refuse_to_open_after(int files);
    // All files together may grow by so many bytes; what is cut off comes back. SQLITE_FULL above it.
    void leave_room(std::int64_t bytes);
    [[nodiscard]] std::int64_t room() const;
    void heal();
    // True when something has failed since fail_after or refuse_to_open_after.
    [[nodiscard]] bool failed() const;
};

}  // namespace crosswalk::store
