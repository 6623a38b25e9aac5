// A Poco server on loopback that leaves no connection behind, so that stopping it races with nothing.
#pragma once

#include <Poco/Net/HTTPServerParams.h>

namespace crosswalk::plugin_host {

[[nodiscard]] inline Poco::Net::HTTPServerParams* one_request_a_connection() {
    auto* params = new Poco::Net::HTTPServerParams;  // the server owns it by reference count
    params->setKeepAlive(false);
    return params;
}

}  // namespace crosswalk::plugin_host
