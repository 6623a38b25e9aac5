// Our callback at HRLogics: registered with a secret that both sides know, and removed again.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::hrlogics {

// Registers `url`. The secret is that of the settings; without one it is made here and kept by the host.
void register_callback(connector::Call& call, Api const& api, std::string_view url);

// Removes what register_callback made, and forgets the secret that it made.
void remove_callback(connector::Call& call, Api const& api);

}  // namespace crosswalk::hrlogics
