#include "access/callback.hpp"

namespace crosswalk::access {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

http::Response page(int status, std::string_view title, std::string_view words) {
    std::string body =
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Crosswalk: " + escaped(title) +
        "</title>\n<style>body{font:18px/1.5 system-ui,sans-serif;max-width:38em;margin:4em auto;padding:0 1em}"
        "</style></head>\n<body>\n<h1>" +
        escaped(title) + "</h1>\n<p>" + escaped(words) + "</p>\n</body>\n</html>\n";
    return {status,
            "text/html; charset=utf-8",
            std::move(body),
            {{"Cache-Control", "no-store"},
             {"Content-Security-Policy",
              "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"},
             {"Referrer-Policy", "no-referrer"},
             {"X-Content-Type-Options", "nosniff"}}};
}

}  // namespace

http::Response answer_callback(Desk& desk, http::Request const& request) {
    if (request.method != "GET") {
        http::Response response = page(405, "Not understood", "This address is opened with GET.");
        response.headers.emplace_back("Allow", "GET");
        return response;
    }
    auto const connection = desk.finish(
        {request.query("state").value_or(""), request.query("code").value_or(""), request.query("error").value_or("")});
    if (connection) {
        return page(200, "Connected",
                    "Crosswalk may now use the connection \"" + *connection + "\". You can close this page.");
    }
    switch (connection.error().code) {
        case model::ErrorCode::not_found:
        case model::ErrorCode::deadline_exceeded:
        case model::ErrorCode::unauthenticated:
        case model::ErrorCode::failed_precondition:
            return page(400, "Not connected", connection.error().detail);
        default:
            return page(502, "Not connected", connection.error().detail + " Begin again.");
    }
}

}  // namespace crosswalk::access
