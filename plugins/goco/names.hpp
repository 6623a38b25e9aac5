// Names as people compare them.
//
// Errors   Failure(CW_ERR_INVALID) when a text is not UTF-8.
// Threads  safe from any thread.
// Source   Unicode NFC and full case folding, by utf8proc.
#pragma once

#include <string>
#include <string_view>

namespace crosswalk::goco {

// NFC, trimmed, every run of white space inside made one space.
[[nodiscard]] std::string tidy(std::string_view text);

// What two equal names share: tidy(), full case folding ("Weiß" = "WEISS") and no invisible characters. The four
// letters I, i, İ and ı count as one: which of them is the capital of which depends on the language, and a name
// does not say its language.
[[nodiscard]] std::string fold(std::string_view text);

[[nodiscard]] bool same_name(std::string_view left, std::string_view right);

}  // namespace crosswalk::goco
