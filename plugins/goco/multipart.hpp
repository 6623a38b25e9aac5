// A multipart/form-data body, and the base64 that files travel in.
//
// Source   RFC 7578 for the form, with names escaped as browsers do; RFC 4648 section 4 for base64.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::goco {

class Multipart {
public:
    void add_text(std::string_view name, std::string_view value);
    // A content type that could break the header is sent as application/octet-stream.
    void add_file(std::string_view name, std::string_view file_name, std::string_view content_type,
                  std::string_view content);

    // Both agree on a boundary that occurs in no part.
    [[nodiscard]] std::string content_type() const;
    [[nodiscard]] std::string bytes() const;

private:
    struct Part {
        std::string head;
        std::string content;
    };
    [[nodiscard]] std::string boundary() const;
    std::vector<Part> parts_;
};

// Strict: padding is required, white space is not allowed. Failure(CW_ERR_INVALID) otherwise.
[[nodiscard]] std::string decode_base64(std::string_view text);

}  // namespace crosswalk::goco
