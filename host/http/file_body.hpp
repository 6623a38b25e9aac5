// Bodies too large for memory: sent from a source and fetched into a sink, a piece at a time.
//
// Threads  one send() at a time uses a source or a sink.
// Owner    whoever made the request; both outlive the send().
#pragma once

#include "model/error.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace crosswalk::http {

class FileSource {
public:
    virtual ~FileSource() = default;
    [[nodiscard]] virtual std::int64_t size() const noexcept = 0;  // does not change
    // All of `out`, from that offset; both within size(). A repeated request reads from the beginning again.
    [[nodiscard]] virtual model::Result<void> read(std::int64_t offset, std::span<char> out) = 0;
};

class FileSink {
public:
    virtual ~FileSink() = default;
    // Before the first piece of a 2xx. What an earlier attempt added does not count any more.
    [[nodiscard]] virtual model::Result<void> begin() = 0;
    [[nodiscard]] virtual model::Result<void> add(std::string_view bytes) = 0;
};

}  // namespace crosswalk::http
