// Webhooks in Lever as desired state, through Lever's Webhooks API.
//
// Ours     a webhook that this connector made: its id is remembered under "webhook/<event>". One that carries our
//          address but is not remembered is ours if Lever lets it be deleted through the API; those made by a person it
//          does not.
// Secrets  the signature token is in the answer that makes a webhook and nowhere else. It is kept at
//          /webhooks/<event>/signature_token; a webhook whose token is not known is made again.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

// Failure(CW_ERR_UNSUPPORTED), in words for doing it by hand, when the rights do not suffice.
void subscribe(connector::Call& call, Api& api, std::string_view url, json::array const& triggers);

// Removes what subscribe() made; fine when it is gone already.
void unsubscribe(connector::Call& call, Api& api);

}  // namespace crosswalk::lever
