// One map of a file, read key by key: whatever is wrong with a key is noted, and the caller gets nothing for it.
//
// Shape    the keys a section may have are named when it is made; all others are problems then and there.
// Owner    borrows the node and the Reading.
#pragma once

#include "config/document.hpp"
#include "config/values.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::config {

// What reading a file adds to.
struct Reading {
    Problems& problems;
    std::vector<SecretUse>& secrets;
};

class Section {
public:
    Section(Node const& node, std::vector<std::string> known, Reading& reading);

    // The value under a key; nullptr when it is not there. A key without a value is a problem and not there.
    [[nodiscard]] Node const* find(std::string_view key) const;
    // Notes that the section needs this key when it is not there.
    [[nodiscard]] Node const* need(std::string_view key) const;

    // Text, quoted or not; a secret reference is refused here.
    [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
    [[nodiscard]] std::optional<std::string> needed_text(std::string_view key) const;
    // A name: see is_name().
    [[nodiscard]] std::optional<std::string> needed_name(std::string_view key) const;
    [[nodiscard]] std::optional<std::string> choice(std::string_view key, std::vector<std::string> const& known) const;
    [[nodiscard]] std::optional<bool> flag(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                                      std::int64_t most) const;
    [[nodiscard]] std::optional<double> number(std::string_view key, double least, double most) const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(std::string_view key,
                                                                    std::chrono::milliseconds least) const;
    [[nodiscard]] std::optional<std::size_t> size(std::string_view key, std::size_t least) const;
    // A secret reference, which is remembered; a plain value is refused and not shown.
    [[nodiscard]] std::optional<std::string> secret(std::string_view key) const;
    // The entries of a list; a single text where `single` allows it. Nothing of a list with a wrong entry is lost but
    // that entry.
    [[nodiscard]] std::vector<Node const*> entries(std::string_view key, bool single = false) const;
    // `email: { to: [...] }` and the like: each entry must be an e-mail address.
    [[nodiscard]] std::vector<std::string> emails(std::string_view key) const;

    [[nodiscard]] Position const& position() const noexcept { return node_.position; }
    [[nodiscard]] Reading& reading() const noexcept { return reading_; }

private:
    [[nodiscard]] Node const* scalar(std::string_view key, std::string_view wanted) const;

    Node const& node_;
    Reading& reading_;
};

// The text of a scalar that must not be a secret reference; nothing and a problem otherwise.
[[nodiscard]] std::optional<std::string> plain_text(Node const& node, std::string_view wanted, Reading& reading);
// Notes what is wrong with a value that must be a secret reference; true when it is right, and then it is remembered.
[[nodiscard]] bool take_secret(Node const& node, Reading& reading);

}  // namespace crosswalk::config
