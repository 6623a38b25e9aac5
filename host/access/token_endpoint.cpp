#include "access/token_endpoint.hpp"

#include "http/url.hpp"
#include "vault/base64.hpp"

namespace crosswalk::access {
namespace {

using model::Error;
using model::ErrorCode;

constexpr std::chrono::seconds time_max{20};

// Overwrites what held a secret. `volatile`, because the string is about to end and nobody reads it again.
void wipe(std::string& text) noexcept {
    char volatile* const bytes = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) {
        bytes[i] = 0;
    }
}

// The form and the credentials of a request that ended, wiped.
class Wiped {
public:
    explicit Wiped(http::ClientRequest& request) noexcept : request_(request) {}
    Wiped(Wiped const&) = delete;
    Wiped& operator=(Wiped const&) = delete;
    ~Wiped() {
        wipe(request_.body);
        for (auto& [name, value] : request_.headers) {
            wipe(value);
        }
    }

private:
    http::ClientRequest& request_;
};

void add_field(std::string& body, std::string_view name, std::string_view value) {
    body += (body.empty() ? "" : "&") + form_encoded(name) + "=";
    std::string encoded = form_encoded(value);
    body += encoded;
    wipe(encoded);
}

}  // namespace

std::string form_encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        auto const byte = static_cast<unsigned char>(c);
        if (plain) {
            out.push_back(c);
        } else {
            out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return out;
}

model::Result<void> check_description(plugin_host::OAuthDescription const& description,
                                      http::EgressPolicy const& egress) {
    auto const refuse = [](std::string const& what) {
        return Error{ErrorCode::failed_precondition, "The connector describes its OAuth wrongly: " + what};
    };
    bool const consents = description.grant == "authorization_code";
    if (!consents && description.grant != "client_credentials") {
        return refuse("it knows neither the grant authorization_code nor client_credentials.");
    }
    if (description.client_id.empty() || description.client_secret.empty()) {
        return refuse("it names no client id or no client secret.");
    }
    if (description.client_auth != "body" && description.client_auth != "basic") {
        return refuse("client_auth is neither body nor basic.");
    }
    if (auto const allowed = egress.check(description.token_url); !allowed) {
        return refuse("token_url: " + allowed.error().detail);
    }
    if (consents) {
        auto const url = http::parse_url(description.authorize_url);
        if (!url || (!url->secure && !url->is_loopback())) {
            return refuse("authorize_url is no https:// address.");
        }
    }
    return {};
}

TokenEndpoint::TokenEndpoint(plugin_host::OAuthDescription description, http::EgressPolicy egress,
                             FindSecret find_secret, http::Client& client, model::Clock const& clock)
    : description_(std::move(description)),
      egress_(std::move(egress)),
      find_secret_(std::move(find_secret)),
      client_(client),
      clock_(clock) {}

model::Result<Tokens> TokenEndpoint::ask(Form form) const {
    auto const secret = find_secret_(description_.client_secret);
    if (!secret) {
        return Error{ErrorCode::failed_precondition, secret.error().detail};
    }
    http::ClientRequest request;
    Wiped const wiped(request);
    request.method = "POST";
    request.url = description_.token_url;
    request.deadline = clock_.steady_now() + time_max;
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    // Revealed here and below to put them into the request.
    for (auto const& [name, value] : form) {
        add_field(request.body, name, value.reveal());
    }
    for (auto const& [name, value] : description_.token_parameters) {
        add_field(request.body, name, value);
    }
    if (description_.client_auth == "basic") {
        std::string pair = form_encoded(description_.client_id) + ":" + form_encoded(secret->reveal());
        request.headers.emplace_back("Authorization", "Basic " + vault::base64(pair));
        wipe(pair);
    } else {
        add_field(request.body, "client_id", description_.client_id);
        add_field(request.body, "client_secret", secret->reveal());
    }
    auto answer = send(request);
    if (!answer) {
        return Error{ErrorCode::unavailable, "The vendor's token endpoint does not answer. " + answer.error().detail};
    }
    auto tokens = read_token_answer(answer->status, answer->body, clock_.now());
    wipe(answer->body);
    return tokens;
}

model::Result<http::ClientResponse> TokenEndpoint::send(http::ClientRequest request) const {
    Wiped const wiped(request);
    auto answer = client_.send(request);
    if (!answer || (answer->status != 301 && answer->status != 307 && answer->status != 308)) {
        return answer;
    }
    for (auto const& [name, value] : answer->headers) {
        if (name == "location" && egress_.check(value)) {
            request.url = value;
            return client_.send(request);
        }
    }
    return answer;
}

}  // namespace crosswalk::access
