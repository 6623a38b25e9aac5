#include "sandbox/hireguide/pdf.hpp"

#include <array>
#include <cstddef>
#include <cstdio>

namespace crosswalk::sandbox::hireguide {
namespace {

std::string literal(std::string const& line) {
    std::string out = "(";
    for (char const c : line) {
        if (c == '(' || c == ')' || c == '\\') {
            out += '\\';
        }
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out + ")";
}

std::string ten_digits(std::size_t number) {
    std::array<char, 32> text{};
    int const size = std::snprintf(text.data(), text.size(), "%010zu", number);
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string make_pdf(std::vector<std::string> const& lines) {
    std::string page = "BT /F1 12 Tf 14 TL 50 780 Td\n";
    for (std::string const& line : lines) {
        page += literal(line) + " Tj T*\n";
    }
    page += "ET\n";
    std::vector<std::string> const objects{
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        "<</Length " + std::to_string(page.size()) + ">>stream\n" + page + "endstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"};
    std::string pdf = "%PDF-1.4\n";
    std::string table = "0000000000 65535 f \n";
    for (std::size_t i = 0; i < objects.size(); ++i) {
        table += ten_digits(pdf.size()) + " 00000 n \n";
        pdf += std::to_string(i + 1) + " 0 obj" + objects[i] + "endobj\n";
    }
    std::size_t const at = pdf.size();
    std::string const count = std::to_string(objects.size() + 1);
    return pdf + "xref\n0 " + count + "\n" + table + "trailer<</Size " + count + "/Root 1 0 R>>\nstartxref\n" +
           std::to_string(at) + "\n%%EOF\n";
}

}  // namespace crosswalk::sandbox::hireguide
