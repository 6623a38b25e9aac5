#include "plugin_host/wire.hpp"

#include <openssl/crypto.h>

namespace crosswalk::plugin_host {
namespace {

constexpr std::size_t length_bytes = 4;
// The length counts what follows it: the rest of the header and the fields.
constexpr std::size_t header_after_length = frame_header_bytes - length_bytes;

// Enough for the frame of an ordinary record.
constexpr std::size_t usual_bytes = 1024;

void write_number(char* to, std::uint64_t number, std::size_t bytes) noexcept {
    for (std::size_t i = 0; i < bytes; ++i) {
        to[i] = static_cast<char>((number >> (8U * i)) & 0xFFU);
    }
}

std::uint64_t number_of(std::string_view bytes) noexcept {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        number = (number << 8U) | static_cast<unsigned char>(bytes[i]);
    }
    return number;
}

bool is_known(std::uint64_t type) noexcept {
    return (type >= static_cast<std::uint64_t>(FrameType::open) &&
            type <= static_cast<std::uint64_t>(FrameType::lane)) ||
           (type >= static_cast<std::uint64_t>(FrameType::result) &&
            type <= static_cast<std::uint64_t>(FrameType::log));
}

}  // namespace

Fields::Fields() {
    bytes_.reserve(usual_bytes);
    bytes_.resize(frame_header_bytes);
}

Fields& Fields::put(std::string_view bytes) {
    // A field beyond 4 GiB cannot be told; its frame is refused for its size in any case.
    char length[length_bytes];
    write_number(length, bytes.size() & 0xFFFFFFFFU, sizeof length);
    bytes_.append(length, sizeof length).append(bytes);
    return *this;
}

Fields& Fields::put(std::int64_t number) {
    char field[length_bytes + sizeof number];
    write_number(field, sizeof number, length_bytes);
    write_number(field + length_bytes, static_cast<std::uint64_t>(number), sizeof number);
    bytes_.append(field, sizeof field);
    return *this;
}

Fields& Fields::append(Fields const& more) {
    bytes_ += more.bytes();
    return *this;
}

std::string_view Fields::bytes() const noexcept {
    return std::string_view(bytes_).substr(frame_header_bytes);
}

std::optional<std::string_view> Fields::frame(FrameType type, std::uint64_t call) {
    if (bytes_.size() > frame_bytes_max) {
        return std::nullopt;
    }
    char* const header = bytes_.data();
    write_number(header, bytes_.size() - length_bytes, length_bytes);
    write_number(header + length_bytes, static_cast<std::uint64_t>(type), 2);
    write_number(header + length_bytes + 2, 0, 2);
    write_number(header + length_bytes + 4, call, sizeof call);
    return bytes_;
}

void Fields::wipe() noexcept {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::string_view Reader::text() noexcept {
    if (!good_ || rest_.empty()) {
        return {};
    }
    if (rest_.size() < length_bytes) {
        good_ = false;
        return {};
    }
    std::uint64_t const size = number_of(rest_.substr(0, length_bytes));
    rest_.remove_prefix(length_bytes);
    if (size > rest_.size()) {
        good_ = false;
        return {};
    }
    std::string_view const field = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return field;
}

std::int64_t Reader::number() noexcept {
    std::string_view const field = text();
    if (field.empty()) {
        return 0;
    }
    if (field.size() != sizeof(std::int64_t)) {
        good_ = false;
        return 0;
    }
    return static_cast<std::int64_t>(number_of(field));
}

std::size_t Reader::count(std::size_t most) noexcept {
    std::int64_t const wanted = number();
    if (wanted < 0 || static_cast<std::uint64_t>(wanted) > most) {
        good_ = false;
        return 0;
    }
    return static_cast<std::size_t>(wanted);
}

std::optional<FrameHeader> parse_frame_header(std::string_view sixteen_bytes) noexcept {
    if (sixteen_bytes.size() != frame_header_bytes) {
        return std::nullopt;
    }
    std::uint64_t const length = number_of(sixteen_bytes.substr(0, length_bytes));
    std::uint64_t const type = number_of(sixteen_bytes.substr(4, 2));
    bool const sized = length >= header_after_length && length <= frame_bytes_max - length_bytes;
    if (!sized || !is_known(type)) {
        return std::nullopt;
    }
    return FrameHeader{static_cast<std::uint32_t>(length - header_after_length), static_cast<FrameType>(type),
                       number_of(sixteen_bytes.substr(8, 8))};
}

}  // namespace crosswalk::plugin_host
