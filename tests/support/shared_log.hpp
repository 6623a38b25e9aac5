// A log's sink that a test reads while other threads write to it.
//
// Threads  text() is safe from any thread; the stream belongs to the Logger that writes to it.
#pragma once

#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>

namespace crosswalk::support {

class SharedLog {
public:
    [[nodiscard]] std::ostream& stream() noexcept { return stream_; }
    [[nodiscard]] std::string text() const { return lines_.text(); }

private:
    class Lines final : public std::streambuf {
    public:
        [[nodiscard]] std::string text() const {
            std::lock_guard const lock(mutex_);
            return text_;
        }

    private:
        std::streamsize xsputn(char const* bytes, std::streamsize size) override {
            std::lock_guard const lock(mutex_);
            text_.append(bytes, static_cast<std::size_t>(size));
            return size;
        }
        int_type overflow(int_type byte) override {
            if (!traits_type::eq_int_type(byte, traits_type::eof())) {
                std::lock_guard const lock(mutex_);
                text_ += traits_type::to_char_type(byte);
            }
            return traits_type::not_eof(byte);
        }

        mutable std::mutex mutex_;  // guards text_
        std::string text_;
    };

    Lines lines_;
    std::ostream stream_{&lines_};
};

}  // namespace crosswalk::support
