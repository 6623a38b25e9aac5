// Secrets: values that cannot be printed, compared by accident or left in freed memory.
//
// Threads  a SecretSource is safe from any thread; a Secret is a value.
// Owner    every copy wipes its own bytes, also those that a move or a new value leaves behind.
#pragma once

#include "model/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::model {

class Secret {
public:
    Secret() = default;
    // Takes the bytes and wipes what the move leaves in `value`; a copy that the caller keeps is the caller's to wipe.
    explicit Secret(std::string value) noexcept : value_(std::move(value)) { wipe(value); }
    Secret(Secret const&) = default;
    Secret& operator=(Secret const& other) {
        Secret copy(other);
        return *this = std::move(copy);
    }
    Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe(value_);
            value_ = std::move(other.value_);
            wipe(other.value_);
        }
        return *this;
    }
    ~Secret() { wipe(value_); }

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
    // A moved-from short string still holds its bytes, so the whole capacity is overwritten, not just the size.
    static void wipe(std::string& text) noexcept {
        text.resize(text.capacity());
        char volatile* bytes = text.data();
        for (std::size_t i = 0; i < text.size(); ++i) {
            bytes[i] = 0;
        }
        text.clear();
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

// A reference taken apart: "secret:file/smtp" → file, smtp.
struct SecretReference {
    std::string provider;
    std::string name;  // relative, no segment is empty, "." or ".."
};

// "credential", "file", "env": the words that may stand before the slash.
[[nodiscard]] std::vector<std::string> const& secret_providers();

// Does the text claim to be a reference? True for anything that begins with "secret:".
[[nodiscard]] bool is_secret_reference(std::string_view text) noexcept;

// invalid_argument: not of that form, an unknown provider (the nearest known one is named) or a name that leaves its
// folder. The text repeats nothing of what does not begin with "secret:": it could be the secret itself.
[[nodiscard]] Result<SecretReference> parse_secret_reference(std::string_view text);

}  // namespace crosswalk::model
