// A PDF of one page with lines of text, whole and readable, made in memory.
#pragma once

#include <string>
#include <vector>

namespace crosswalk::sandbox::hireguide {

// Characters outside of ASCII are printed as '?'.
[[nodiscard]] std::string make_pdf(std::vector<std::string> const& lines);

}  // namespace crosswalk::sandbox::hireguide
