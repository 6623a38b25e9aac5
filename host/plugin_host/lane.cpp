#include "plugin_host/lane.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

constexpr std::size_t buffer_bytes = 16 * 1024;

}  // namespace

Lane::Lane(std::unique_ptr<platform::Channel> channel) : channel_(std::move(channel)), buffer_(buffer_bytes, '\0') {}

bool Lane::send(FrameType type, std::uint64_t call, Fields& fields, std::chrono::steady_clock::time_point until) {
    auto const bytes = fields.frame(type, call);
    return bytes && channel_->send(*bytes, until);
}

std::optional<Lane::Heard> Lane::fill(std::size_t wanted, std::chrono::steady_clock::time_point until) {
    while (filled_ < wanted) {
        // As much as there is: usually the whole frame at once, and what should not be there yet is noticed.
        auto const got = channel_->receive_some(buffer_.data() + filled_, buffer_.size() - filled_, until);
        if (!got || *got == 0) {
            return got ? Heard::ended : Heard::nothing_yet;
        }
        filled_ += *got;
    }
    return std::nullopt;
}

Lane::Heard Lane::hear(Frame& to, std::chrono::steady_clock::time_point until) {
    if (auto const without = fill(frame_header_bytes, until)) {
        return *without;
    }
    auto const header = parse_frame_header(std::string_view(buffer_).substr(0, frame_header_bytes));
    if (!header) {
        return Heard::broken;
    }
    std::size_t const whole = frame_header_bytes + header->bytes;
    buffer_.resize(std::max(whole, buffer_bytes));
    if (auto const without = fill(whole, until)) {
        return *without;
    }
    if (filled_ != whole) {
        return Heard::broken;
    }
    to.type = header->type;
    to.call = header->call;
    to.fields.assign(buffer_, frame_header_bytes, header->bytes);
    OPENSSL_cleanse(buffer_.data(), whole);
    filled_ = 0;
    if (buffer_.size() > buffer_bytes) {
        buffer_.resize(buffer_bytes);
        buffer_.shrink_to_fit();
    }
    return Heard::frame;
}

}  // namespace crosswalk::plugin_host
