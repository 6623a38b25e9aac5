// Secrets: values that cannot be printed, compared by accident or left in freed memory.
//
// Threads  a SecretSource is safe from any thread; a Secret is a value.
// Owner    the bytes are wiped when the last copy's owner is destroyed.
#pragma once

#include "model/error.hpp"

#include <string>
#include <string_view>

namespace crosswalk::model {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) noexcept : value_(std::move(value)) {}
    Secret(Secret const&) = default;
    Secret& operator=(Secret const&) = default;
    Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    Secret& operator=(Secret&& other) noexcept {
        wipe();
        value_ = std::move(other.value_);
        other.wipe();
        return *this;
    }
    ~Secret() { wipe(); }

    // The only way to the bytes; say at the call why they are needed. Valid until the Secret changes.
    [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
    // Is `given` this secret? Takes the same time wherever the two differ, so that it cannot be guessed byte by byte.
    [[nodiscard]] bool matches(std::string_view given) const noexcept {
        unsigned difference = given.size() == value_.size() ? 0U : 1U;
        for (std::size_t i = 0; i < given.size() && !value_.empty(); ++i) {
            auto const ours = static_cast<unsigned char>(value_[i % value_.size()]);
            difference |= static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^ ours);
        }
        return difference == 0;
    }

private:
    void wipe() noexcept {
        char volatile* bytes = value_.data();
        for (std::size_t i = 0; i < value_.size(); ++i) {
            bytes[i] = 0;
        }
        value_.clear();
    }
    std::string value_;
};

// Resolves references of the form "secret:<provider>/<name>".
class SecretSource {
public:
    virtual ~SecretSource() = default;
    // not_found: no such secret. permission_denied: it exists but others may read or change it.
    // invalid_argument: not a reference, or an unknown provider. The text names the reference, never the value.
    [[nodiscard]] virtual Result<Secret> resolve(std::string_view reference) const = 0;
};

}  // namespace crosswalk::model
