// Reads the record in which a connector says how the host gets its tokens.
//
// Errors   internal, in words for the connector's author: a member is missing or wrong, the token URL's host is not on
//          the egress list, the client secret is not declared. The host sends that secret to that URL, so neither is
//          taken on trust.
// Threads  plain functions.
// Source   the comment at cw_oauth in connector.h.
#pragma once

#include "http/client.hpp"
#include "plugin_host/connector.hpp"

namespace crosswalk::plugin_host {

[[nodiscard]] model::Result<OAuthDescription> parse_oauth(ConnectorInfo const& info, http::EgressPolicy const& egress,
                                                          model::Record const& record);

}  // namespace crosswalk::plugin_host
