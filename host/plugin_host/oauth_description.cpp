#include "plugin_host/oauth_description.hpp"

#include "http/url.hpp"
#include "plugin_host/secret_vault.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::size_t entries_max = 100;

// Reads members one after another and remembers the first that is wrong.
class Reader {
public:
    explicit Reader(boost::json::object const& from) noexcept : from_(from) {}

    std::string text(std::string_view member, bool required) {
        boost::json::value const* const found = from_.if_contains(member);
        bool const absent = found == nullptr || (found->is_string() && found->get_string().empty());
        if (absent && required) {
            complain(std::string(member) + " is missing");
        } else if (!absent && !found->is_string()) {
            complain(std::string(member) + " is not text");
        } else if (!absent) {
            return std::string(found->get_string());
        }
        return {};
    }
    // An http(s) URL; whether plain http is fine is decided where it is asked.
    std::string url(std::string_view member, bool required) {
        std::string given = text(member, required);
        if (!given.empty() && !http::parse_url(given)) {
            complain(std::string(member) + " is no http or https URL");
        }
        return given;
    }
    std::vector<std::string> list(std::string_view member) {
        std::vector<std::string> out;
        if (boost::json::value const* const found = from_.if_contains(member)) {
            if (!found->is_array() || found->get_array().size() > entries_max) {
                complain(std::string(member) + " is no array of at most 100 texts");
                return out;
            }
            for (boost::json::value const& entry : found->get_array()) {
                out.emplace_back(entry.is_string() ? std::string_view(entry.get_string()) : std::string_view());
                if (out.back().empty()) {
                    complain(std::string(member) + " holds something that is not text");
                }
            }
        }
        return out;
    }
    std::vector<std::pair<std::string, std::string>> parameters(std::string_view member) {
        std::vector<std::pair<std::string, std::string>> out;
        if (boost::json::value const* const found = from_.if_contains(member)) {
            if (!found->is_object() || found->get_object().size() > entries_max) {
                complain(std::string(member) + " is no object of at most 100 texts");
                return out;
            }
            for (auto const& [name, value] : found->get_object()) {
                if (!value.is_string()) {
                    complain(std::string(member) + " holds something that is not text");
                    return out;
                }
                out.emplace_back(name, value.get_string());
            }
        }
        return out;
    }
    void complain(std::string what) {
        if (problem_.empty()) {
            problem_ = std::move(what);
        }
    }
    [[nodiscard]] std::string const& problem() const noexcept { return problem_; }

private:
    boost::json::object const& from_;
    std::string problem_;
};

}  // namespace

Result<OAuthDescription> parse_oauth(ConnectorInfo const& info, http::EgressPolicy const& egress,
                                     model::Record const& record) {
    auto const broken = [&info](std::string const& what) {
        return Error{ErrorCode::internal,
                     "The connector \"" + info.id + "\" describes its OAuth wrongly: " + what + "."};
    };
    if (record.schema != "crosswalk.oauth/1") {
        return broken("the record's schema is not crosswalk.oauth/1");
    }
    // What a connector emits was checked to be an object.
    boost::json::value const parsed = boost::json::parse(record.json);
    Reader reader(parsed.get_object());
    OAuthDescription out;
    out.grant = reader.text("grant", true);
    bool const by_consent = out.grant == "authorization_code";
    if (!by_consent && out.grant != "client_credentials") {
        reader.complain("grant is neither authorization_code nor client_credentials");
    }
    out.authorize_url = reader.url("authorize_url", by_consent);
    out.token_url = reader.url("token_url", true);
    out.client_id = reader.text("client_id", true);
    out.client_secret = reader.text("client_secret", true);
    out.client_auth = reader.text("client_auth", false);
    out.client_auth = out.client_auth.empty() ? "body" : out.client_auth;
    if (out.client_auth != "body" && out.client_auth != "basic") {
        reader.complain("client_auth is neither body nor basic");
    }
    out.scopes = reader.list("scopes");
    out.authorize_parameters = reader.parameters("authorize_parameters");
    out.token_parameters = reader.parameters("token_parameters");
    out.permissions = reader.list("permissions");
    bool const declared = std::any_of(info.secrets.begin(), info.secrets.end(), [&](std::string const& pattern) {
        return pointer_matches(pattern, out.client_secret);
    });
    if (!declared) {
        reader.complain("client_secret is not a pointer that the descriptor declares as a secret");
    }
    if (!reader.problem().empty()) {
        return broken(reader.problem());
    }
    if (auto const allowed = egress.check(out.token_url); !allowed) {
        return broken("token_url cannot be asked: " + allowed.error().detail);
    }
    return out;
}

}  // namespace crosswalk::plugin_host
